"""What a pooled order is made of: tier prices and rules fixed at the opening, and the members' sealed commitments."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeAlias

from gaoyuan.errors import InputError

__all__ = ["FEN", "Member", "OnFailure", "OnShortfall", "PoolInvalid", "Schedule", "Tier"]

OnFailure: TypeAlias = Literal["cancel", "extend", "fall_back"]
OnShortfall: TypeAlias = Literal["keep_price", "recompute"]

GREATEST, PLACES = 10**12, 6
"""How great an amount may be, and how many decimals a price may have."""
FEN = Decimal("0.01")
"""The smallest amount that is billed, in yuan."""


class PoolInvalid(InputError):
    """A schedule or a commitment that no pool can be cleared with."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A step of the price (阶梯价): from a volume on, all units cost `unit_price` yuan each."""

    volume: int
    unit_price: Decimal


def _priced(amount: Decimal) -> bool:
    """Whether an amount of money can be: finite, not negative, and of a size that can be reckoned with."""
    return amount.is_finite() and 0 <= amount <= GREATEST and amount == round(amount, PLACES)


@dataclass(frozen=True)
class Schedule:
    """What is fixed when a pool opens. Volumes are whole numbers of the pool's unit: choose a small one (kg for t).

    `tiers` rise in volume and never in price; the price of the first holds below it too. Under `minimum` (成团量)
    nothing is ordered, above `cap` (封顶量) nothing is taken. Suppliers deliver whole packs of `pack_size`.
    `fixed_cost` in yuan (freight of one delivery) is shared by volume. `list_price` is what a member pays alone
    elsewhere: nobody pays more. `on_failure` says what happens under the minimum: the pool is cancelled, extended once
    by `extension_days`, or falls back to the list price. `on_shortfall` says whether the price stays when less comes.

    Raises PoolInvalid where these contradict each other.
    """

    tiers: tuple[Tier, ...]
    minimum: int = 1
    cap: int | None = None
    pack_size: int = 1
    fixed_cost: Decimal = Decimal(0)
    list_price: Decimal | None = None
    on_failure: OnFailure = "cancel"
    extension_days: int = 0
    on_shortfall: OnShortfall = "keep_price"

    def __post_init__(self) -> None:
        for wrong, en, zh in (
            (not self.tiers, "there are no tier prices", "没有阶梯价"),
            (not all(map(_priced, self._amounts)), "an amount is below zero, too great or too fine", "金额有误"),
            (any(tier.unit_price <= 0 for tier in self.tiers), "a price is not above zero", "价格须大于零"),
            (any(tier.volume < 0 for tier in self.tiers), "a tier begins below zero", "阶梯量不能为负"),
            (any(a.volume >= b.volume for a, b in self._pairs), "the tiers do not rise in volume", "阶梯量须递增"),
            (any(a.unit_price < b.unit_price for a, b in self._pairs), "a tier price rises", "阶梯价不能随数量上升"),
            (self.minimum < 1, "the minimum is not above zero", "成团量须大于零"),
            (self.cap is not None and self.cap < self.minimum, "the cap is below the minimum", "封顶量小于成团量"),
            (self.pack_size < 1, "a pack holds nothing", "包装量须大于零"),
            (
                self.list_price is not None and self.list_price <= 0,
                "the list price is not above zero",
                "零售价须大于零",
            ),
            (self.on_failure == "fall_back" and self.list_price is None, "no list price to fall back to", "缺少零售价"),
            (self.on_failure == "extend" and self.extension_days < 1, "an extension has no days", "缺少延期天数"),
        ):
            if wrong:
                raise PoolInvalid(en, mend="Mend the schedule.", zh=zh, mend_zh="修正集采规则")

    @property
    def _amounts(self) -> tuple[Decimal, ...]:
        known = () if self.list_price is None else (self.list_price,)
        return (*(tier.unit_price for tier in self.tiers), self.fixed_cost, *known)

    @property
    def _pairs(self) -> tuple[tuple[Tier, Tier], ...]:
        return tuple(zip(self.tiers, self.tiers[1:], strict=False))

    @cached_property
    def prices(self) -> tuple[tuple[int, Fraction], ...]:
        """The tiers as exact numbers, dearest first; the first from volume 0 on."""
        exact = [(tier.volume, Fraction(tier.unit_price)) for tier in self.tiers]
        return ((0, exact[0][1]), *exact[1:])

    def unit_price(self, volume: int) -> Fraction:
        """Give the price of a unit at a volume, without the fixed cost.

        >>> schedule = Schedule((Tier(1, Decimal(10)), Tier(100, Decimal(9))))
        >>> schedule.unit_price(99), schedule.unit_price(100)
        (Fraction(10, 1), Fraction(9, 1))
        """
        return next(price for start, price in reversed(self.prices) if volume >= start)

    def cost(self, volume: int) -> Fraction:
        """Give what a volume above zero costs in all, the fixed cost too."""
        return self.unit_price(volume) * volume + Fraction(self.fixed_cost)

    def all_in_price(self, volume: int) -> Fraction:
        """Give the price of a unit at a volume, its part of the fixed cost included; it never rises with the volume."""
        return self.cost(volume) / volume

    def in_packs(self, volume: int, *, up: bool = False) -> int:
        """Give the volume of the whole packs in a volume, or with `up`, of those that hold it."""
        return -(-volume // self.pack_size) * self.pack_size if up else volume // self.pack_size * self.pack_size


@dataclass(frozen=True, slots=True)
class Member:
    """A commitment: `quantity` is wanted, up to `tolerance` more is accepted to fill packs and to reach a tier, and
    nothing is bought above `limit` yuan a unit, all costs included. The limit is sealed until the pool is cleared.

    Raises PoolInvalid for a quantity or a limit that is not above zero and for a tolerance below zero.
    """

    name: str
    quantity: int
    limit: Decimal
    tolerance: int = 0

    def __post_init__(self) -> None:
        for wrong, en, zh in (
            (not self.name.strip(), "a member has no name", "缺少企业名称"),
            (not 0 < self.quantity <= GREATEST, "the quantity is not above zero, or too great", "数量有误"),
            (not 0 <= self.tolerance <= GREATEST, "the tolerance is below zero, or too great", "可浮动量有误"),
            (not _priced(self.limit) or self.limit == 0, "the limit price is not above zero, or no price", "限价有误"),
        ):
            if wrong:
                where = self.name or None
                raise PoolInvalid(en, where=where, mend="Mend the commitment.", zh=zh, mend_zh="修正认购")
