"""Looking for a lie that pays: every coalition of a pool tries every misreport of its limits.

The search is the empirical side of the proof in `serving`: a deviation is profitable when no member of the coalition
loses and one gains, measured with its true limit (the strict notion of group-strategyproofness). Utility is the true
limit less the price, times the quantity wanted; units from the tolerance are worth their price.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

from gaoyuan.exchange.pools.model import Member, Schedule
from gaoyuan.exchange.pools.serving import serve

__all__ = ["Deviation", "misreports", "profitable_deviation"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A misreport that pays: the limits that were reported, and what each member then gains over the truth, in yuan."""

    limits: tuple[Decimal, ...]
    gains: tuple[Fraction, ...]


def misreports(members: Sequence[Member], schedule: Schedule) -> tuple[Decimal, ...]:
    """Give the limits worth reporting: below all prices, above all, and every price of a tier."""
    prices = [tier.unit_price for tier in schedule.tiers]
    highest = max([*prices, *(member.limit for member in members)]) * 2 + schedule.fixed_cost
    return (min(prices) / 2, *sorted(set(prices)), highest)


def profitable_deviation(
    members: Sequence[Member], schedule: Schedule, reports: Iterable[Decimal] | None = None
) -> Deviation | None:
    """Give a misreport of a coalition that pays, None where there is none: every vector of reports is tried.

    The coalition of a vector are those whose report is not their limit, and any who tell the truth and gain by it. The
    work grows as (reports + 1) to the power of members: up to six of them with two or three reports each.

    >>> from gaoyuan.exchange.pools.model import Tier
    >>> schedule = Schedule((Tier(1, Decimal(10)), Tier(100, Decimal(8))))
    >>> profitable_deviation([Member("甲", 60, Decimal(9)), Member("乙", 50, Decimal(8))], schedule) is None
    True
    """
    chosen = tuple(reports) if reports is not None else misreports(members, schedule)
    truth = _utilities(members, members, schedule)
    for limits in product(*((member.limit, *chosen) for member in members)):
        told = [replace(member, limit=limit) for member, limit in zip(members, limits, strict=True)]
        lying = [place for place, member in enumerate(members) if limits[place] != member.limit]
        if not lying:
            continue
        gains = [after - before for after, before in zip(_utilities(told, members, schedule), truth, strict=True)]
        if all(gains[place] >= 0 for place in lying) and any(gain > 0 for gain in gains):
            return Deviation(limits, tuple(gains))
    return None


def _utilities(told: Sequence[Member], members: Sequence[Member], schedule: Schedule) -> list[Fraction]:
    served = serve(told, schedule)
    inside = set(served.members)
    return [
        (Fraction(member.limit) - served.price) * member.quantity if place in inside else Fraction(0)
        for place, member in enumerate(members)
    ]
