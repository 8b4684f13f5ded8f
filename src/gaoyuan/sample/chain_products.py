"""The products of the sample province's chains: what a locomotive is made of, level by level, and what is planted."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

LOCOMOTIVE = "L0"
MISSING_LINKS = ("B14", "B24", "B15")
"""Products of the chain that nobody in the province makes though the country does: the planted missing links."""
SINGLE_POINT = "B13"
"""The product that exactly one firm of the province makes: the planted single point of failure."""
IMPORTED = ("B04", "D02")
"""Products that nobody in the province makes because most of them are imported."""
WHOLE_PARTS = (SINGLE_POINT, *MISSING_LINKS, *(product for product in IMPORTED if product[0] == "B"))
"""Parts that a maker of locomotives buys whole, though they have inputs of their own."""
NO_OFFER, LATE_OFFERS, OUTSIDE_OFFERS = "no_offer", "late_offers", "outside_offers"
PLANTED_LINES = {NO_OFFER: "C19", LATE_OFFERS: "C11", OUTSIDE_OFFERS: "C13"}
"""The lines planted in the bill of materials, and of which product each is: one that nobody offers, one that nobody
delivers in time, and one that is offered from outside only though firms of the province make such products.
"""

_CHAIN, _OTHER_CHAIN = "轨道交通装备", "电气机械"
_LOCOMOTIVE_PRICE = 2.0e7
_DEFAULT_PRICE = 100.0
_DATA = files("gaoyuan.sample") / "data"


@dataclass(frozen=True, slots=True)
class ChainProduct:
    """A product: the class of GB/T 4754 that makes it, the share of its use that is imported, its other names, and
    about what a unit costs in yuan.
    """

    product: str
    name: str
    chain: str
    unit: str
    industry: str
    imported_share: float
    aliases: str
    price: float


@dataclass(frozen=True, slots=True)
class ChainUse:
    """An input of a product: the share of the product's cost, and the units in one unit of it."""

    product: str
    input: str
    share: float
    quantity: float
    essential: bool


@cache
def chain_uses() -> tuple[ChainUse, ...]:
    """Give what each product needs, in the order of the file."""
    return tuple(
        ChainUse(row["product"], row["input"], float(row["share"]), float(row["quantity"]), row["essential"] == "1")
        for row in _rows("locomotive_uses.csv")
    )


@cache
def chain_products() -> Mapping[str, ChainProduct]:
    """Give the products by code, every one before what it is made of.

    Those of another chain than the locomotive's stand last; they need nothing here, and are there so that firms of the
    industries of the missing links have said what they make.

    >>> products = chain_products()
    >>> next(iter(products)), products["B13"].name, products["N01"].chain
    ('L0', '功率模块', '电气机械')
    """
    rows = {row["product"]: row for row in _rows("locomotive_products.csv")}
    order = _users_first(list(rows))
    prices = _prices(order)
    return MappingProxyType(
        {
            code: ChainProduct(
                code,
                rows[code]["name"],
                _OTHER_CHAIN if code.startswith("N") else _CHAIN,
                rows[code]["unit"],
                rows[code]["industry"],
                float(rows[code]["imported_share"]),
                rows[code]["aliases"],
                prices[code],
            )
            for code in order
        }
    )


def inputs_of(product: str) -> list[ChainUse]:
    """Give what a product needs."""
    return [use for use in chain_uses() if use.product == product]


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((_DATA / name).read_text(encoding="utf-8").splitlines()))


def _users_first(codes: Sequence[str]) -> list[str]:
    """Sort products so that each stands after all that need it; by the file where that leaves it open."""
    open_users = dict.fromkeys(codes, 0)
    for use in chain_uses():
        open_users[use.input] += 1
    order = [code for code in codes if open_users[code] == 0 and not code.startswith("N")]
    for code in order:
        for use in inputs_of(code):
            open_users[use.input] -= 1
            if open_users[use.input] == 0:
                order.append(use.input)
    return [*order, *(code for code in codes if code.startswith("N"))]


def _prices(order: Sequence[str]) -> dict[str, float]:
    """Give the price of a unit of each product in yuan: its share of the cost of what needs it, the lowest of all."""
    found: dict[str, list[float]] = {}
    prices: dict[str, float] = {}
    for code in order:
        seen = found.get(code)
        prices[code] = min(seen) if seen else _LOCOMOTIVE_PRICE if code == LOCOMOTIVE else _DEFAULT_PRICE
        for use in inputs_of(code):
            found.setdefault(use.input, []).append(prices[code] * use.share / use.quantity)
    return prices
