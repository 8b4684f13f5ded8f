"""Who is served at which price: the mechanism of a pool on exact numbers.

The Moulin mechanism (Moulin 1999, Incremental cost sharing: characterization by coalition strategy-proofness, Social
Choice and Welfare 16; Moulin and Shenker 2001, Strategyproof sharing of submodular costs, Economic Theory 18): begin
with all members, price at their volume, drop all whose limit is below it, repeat until nobody drops. Because the price
never rises when a member joins (it is cross-monotonic), the set that is left is the largest that can be served, the
order of dropping does not matter, and no coalition gains by misreporting limits. Members who are indifferent (their
limit is the price) are served.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gaoyuan.exchange.pools.model import Member, Schedule

__all__ = ["Served", "admitted", "pool_volume", "serve"]


@dataclass(frozen=True, slots=True)
class Served:
    """The members who are served (their places in the list), the volume that is ordered and the price of a unit, all
    costs included; and for each who is not, the price at which it dropped out, None where the volume was too small.
    """

    members: tuple[int, ...]
    volume: int
    price: Fraction
    dropped: dict[int, Fraction | None]


def admitted(members: Sequence[Member], schedule: Schedule) -> tuple[int, ...]:
    """Give the places of the members who fit under the cap, in the order in which they committed.

    It looks at quantities only: limits cannot change who is let in, which keeps them truthful.
    """
    if schedule.cap is None:
        return tuple(range(len(members)))
    kept, taken = [], 0
    for place, member in enumerate(members):
        if taken + member.quantity <= schedule.cap:
            kept.append(place)
            taken += member.quantity
    return tuple(kept)


def pool_volume(wanted: int, tolerated: int, schedule: Schedule) -> int:
    """Give the volume that is ordered where members want `wanted` and accept up to `tolerated` more.

    Whole packs: the last is filled from the tolerance where that is enough, else left out; none is filled by tolerance
    alone. Beyond that the tolerance is used to reach the minimum and the cheapest tier that it can reach. The volume
    never falls when a member joins.

    >>> from decimal import Decimal
    >>> from gaoyuan.exchange.pools.model import Tier
    >>> packs = Schedule((Tier(1, Decimal(10)),), pack_size=10)
    >>> pool_volume(23, 8, packs), pool_volume(23, 6, packs), pool_volume(20, 10, packs)
    (30, 20, 20)
    """
    most = wanted + tolerated if schedule.cap is None else min(wanted + tolerated, schedule.cap)
    within = schedule.in_packs(most)
    volume = min(within, schedule.in_packs(wanted, up=True))
    for start in (schedule.minimum, *(start for start, _ in schedule.prices)):
        needed = schedule.in_packs(start, up=True)
        if needed <= within:
            volume = max(volume, needed)
    return volume


def serve(members: Sequence[Member], schedule: Schedule) -> Served:
    """Serve the largest set of members who all accept the price at their volume; nobody where there is none."""
    ceiling = Fraction(schedule.list_price) if schedule.list_price is not None else None
    limits = [Fraction(member.limit) for member in members]
    if ceiling is not None:
        limits = [min(limit, ceiling) for limit in limits]
    left = list(admitted(members, schedule))
    dropped: dict[int, Fraction | None] = {}
    while left:
        wanted = sum(members[place].quantity for place in left)
        tolerated = sum(members[place].tolerance for place in left)
        volume = pool_volume(wanted, tolerated, schedule)
        if volume < schedule.minimum or volume == 0:
            break
        price = schedule.all_in_price(volume)
        kept = [place for place in left if limits[place] >= price]
        if len(kept) == len(left):
            return Served(tuple(left), volume, price, dropped)
        dropped |= {place: price for place in left if limits[place] < price}
        left = kept
    dropped |= dict.fromkeys(left)
    return Served((), 0, Fraction(0), dropped)
