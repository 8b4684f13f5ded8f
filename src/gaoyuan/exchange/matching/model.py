"""What is matched: demands, offers, and matches with their reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from gaoyuan.errors import InputError

__all__ = ["Demand", "Match", "MatchingInvalid", "Neighbours", "Offer", "Part", "Reason", "neighbours_of"]

Part: TypeAlias = Literal["text", "size", "chain", "capacity", "price", "lead", "distance", "certificates", "record"]
Neighbours: TypeAlias = Mapping[str, Mapping[str, float]]
"""For each product those near it in the chain, with a closeness above 0 and at most 1."""


GREATEST = 10**12
"""How great an amount may be."""


class MatchingInvalid(InputError):
    """A demand or an offer whose numbers cannot be."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a firm seeks, in its own words. Everything but `firm` and `text` may be unknown.

    `quantity` is in `unit`; `max_price` in yuan a unit; `within_days` until delivery; `place` is longitude and latitude
    (WGS-84) and `within_km` the farthest that will do. `products` are nodes of the chain, `industry` a code of GB/T
    4754. Raises MatchingInvalid for numbers that cannot be.
    """

    firm: str
    text: str
    quantity: Decimal | None = None
    unit: str = ""
    max_price: Decimal | None = None
    within_days: int | None = None
    place: tuple[float, float] | None = None
    within_km: float | None = None
    certificates: frozenset[str] = frozenset()
    products: tuple[str, ...] = ()
    industry: str = ""

    def __post_init__(self) -> None:
        _check(self.firm, self.place, quantity=self.quantity, max_price=self.max_price, within_km=self.within_km)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a firm can supply, in its own words. Everything but `id`, `firm` and `text` may be unknown.

    `min_quantity` (起订量) and `capacity`, the most of an order, are in `unit`; `price` is in yuan a unit from there
    on; `reach_km` is how far it delivers; `delivered` counts similar orders delivered before. Raises MatchingInvalid
    for numbers that cannot be.
    """

    id: str
    firm: str
    text: str
    unit: str = ""
    min_quantity: Decimal | None = None
    capacity: Decimal | None = None
    price: Decimal | None = None
    lead_days: int | None = None
    place: tuple[float, float] | None = None
    certificates: frozenset[str] = frozenset()
    products: tuple[str, ...] = ()
    industry: str = ""
    delivered: int = 0
    reach_km: float | None = None

    def __post_init__(self) -> None:
        amounts = {"min_quantity": self.min_quantity, "capacity": self.capacity, "price": self.price}
        _check(self.id, self.place, **amounts, reach_km=self.reach_km)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an offer fits, as far as one part of it goes. `gain` is what it adds to the score, 0 where it is unknown."""

    part: Part
    zh: str
    en: str
    gain: float

    def __str__(self) -> str:
        return f"{self.zh} {self.en}"


@dataclass(frozen=True, slots=True)
class Match:
    """An offer that fits a demand, its score from 0 to 1, and the reasons, which sum to it, the strongest first."""

    offer: Offer
    score: float
    reasons: tuple[Reason, ...] = field(default=())


def neighbours_of(uses: Iterable[tuple[str, str]]) -> Neighbours:
    """Make the neighbourhood of a product graph from its pairs (input, what it goes into).

    A product itself counts 1; what it is made of and what is made of it, one step away, 0.5.

    >>> neighbours_of([("钢坯", "法兰"), ("法兰", "管道")])["法兰"]
    {'法兰': 1.0, '钢坯': 0.5, '管道': 0.5}
    """
    found: dict[str, dict[str, float]] = {}
    for source, product in uses:
        found.setdefault(product, {product: 1.0}).setdefault(source, 0.5)
        found.setdefault(source, {source: 1.0}).setdefault(product, 0.5)
    return found


def _check(where: str, place: tuple[float, float] | None, **amounts: Decimal | float | None) -> None:
    wrong = [name for name, amount in amounts.items() if amount is not None and not 0 < amount <= GREATEST]
    if place is not None and not (-180 <= place[0] <= 180 and -90 <= place[1] <= 90):
        wrong.append("place")
    if wrong:
        raise MatchingInvalid(
            f"{', '.join(wrong)} cannot be",
            where=where or None,
            mend="Give amounts above zero, and a place as longitude and latitude.",
            zh="数量、价格须大于零，位置须为经度、纬度",
            mend_zh="修正后再提交",
        )
