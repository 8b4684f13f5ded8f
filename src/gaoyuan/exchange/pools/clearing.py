"""Clearing a pool: from sealed commitments to one price, who gets how much, and bills that sum to the invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from gaoyuan.exchange.pools.model import Member, PoolInvalid, Schedule
from gaoyuan.exchange.pools.rounding import from_fen, share_out, to_fen
from gaoyuan.exchange.pools.serving import Served, admitted, serve

__all__ = ["Clearing", "Left", "Outcome", "Share", "clear_pool"]

Outcome: TypeAlias = Literal["cleared", "cancelled", "extended", "fallen_back"]


@dataclass(frozen=True, slots=True)
class Share:
    """What a member gets and pays: `exact` is its part of the cost, `bill` that part in whole fen, both in yuan."""

    member: Member
    quantity: int
    exact: Fraction
    bill: Decimal


@dataclass(frozen=True, slots=True)
class Left:
    """A member who gets nothing, and why, in words that name no other member's limit or quantity."""

    member: Member
    reason: Literal["cap", "limit", "minimum", "pack"]
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Clearing:
    """How a pool ended. `price` is that of a unit, all costs included; `invoice` the supplier's, freight included; both
    in yuan, and 0 where nothing is bought in common. Bills sum to the invoice to the fen.
    """

    outcome: Outcome
    schedule: Schedule
    members: tuple[Member, ...]
    volume: int
    price: Fraction
    invoice: Decimal
    shares: tuple[Share, ...]
    left: tuple[Left, ...]
    extended: bool = False

    def share_of(self, name: str) -> Share | None:
        """Give the share of a member, None where it gets nothing."""
        return next((share for share in self.shares if share.member.name == name), None)


def clear_pool(members: Sequence[Member], schedule: Schedule, *, extended: bool = False) -> Clearing:
    """Clear a pool: one price for all at the tier that is reached, members whose limit is exceeded drop out.

    `members` stand in the order in which they committed, which decides only who fits under the cap, whose part of an
    unfilled pack is left out, and who gets a fen that cannot be shared. `extended` says that the pool has been extended
    before: it is not extended twice. The same input gives the same clearing. See `serving` for the mechanism and why
    a limit is best told truthfully; that holds for limits, not for quantities. An unfilled pack that the tolerance
    cannot fill shortens the latest commitments.

    Where the minimum is not reached, `outcome` is what the schedule says: "cancelled", "extended" (all stay committed),
    or "fallen_back": each whose limit allows buys for itself at the list price.

    Raises PoolInvalid where two members have one name.

    >>> from gaoyuan.exchange.pools.model import Tier
    >>> schedule = Schedule((Tier(1, Decimal(10)), Tier(100, Decimal(8))), minimum=50)
    >>> members = [Member("甲", 60, Decimal(9)), Member("乙", 50, Decimal("8.5")), Member("丙", 5, Decimal(7))]
    >>> done = clear_pool(members, schedule)
    >>> done.outcome, done.volume, [(share.member.name, str(share.bill)) for share in done.shares]
    ('cleared', 110, [('甲', '480.00'), ('乙', '400.00')])
    >>> done.left[0].zh
    '限价低于成交价'
    """
    if len({member.name for member in members}) < len(members):
        raise PoolInvalid(
            "a member has committed twice",
            mend="Add its commitments up.",
            zh="有企业重复认购",
            mend_zh="合并同一企业的认购",
        )
    served = serve(members, schedule)
    if served.members:
        return _cleared(tuple(members), schedule, served, extended)
    if schedule.on_failure == "fall_back":
        return _fallen_back(tuple(members), schedule, extended)
    again = schedule.on_failure == "extend" and not extended
    left = tuple(_left(member, "minimum") for member in members)
    return Clearing(
        "extended" if again else "cancelled",
        schedule,
        tuple(members),
        0,
        Fraction(0),
        from_fen(0),
        (),
        left,
        extended,
    )


def _cleared(members: tuple[Member, ...], schedule: Schedule, served: Served, extended: bool) -> Clearing:
    chosen = [members[place] for place in served.members]
    quantities = allocate(
        [member.quantity for member in chosen], [member.tolerance for member in chosen], served.volume
    )
    getting = [(member, quantity) for member, quantity in zip(chosen, quantities, strict=True) if quantity]
    invoice = to_fen(served.price * served.volume)
    bills = share_out(invoice, [quantity for _, quantity in getting])
    shares = tuple(
        Share(member, quantity, served.price * quantity, from_fen(fen))
        for (member, quantity), fen in zip(getting, bills, strict=True)
    )
    fits = set(admitted(members, schedule))
    unfilled = {member.name for member, quantity in zip(chosen, quantities, strict=True) if not quantity}
    left = [_left(member, "pack") for member in chosen if member.name in unfilled]
    for place, member in enumerate(members):
        if place not in served.members:
            left.append(_left(member, "limit" if place in fits else "cap"))
    return Clearing(
        "cleared", schedule, members, served.volume, served.price, from_fen(invoice), shares, tuple(left), extended
    )


def allocate(wanted: Sequence[int], tolerance: Sequence[int], volume: int) -> tuple[int, ...]:
    """Share a volume among members: what each wants, more from their tolerances in proportion, or less from the latest.

    >>> allocate([3, 4], [2, 4], 9), allocate([3, 4], [2, 4], 5)
    ((4, 5), (3, 2))
    """
    extra = volume - sum(wanted)
    if extra >= 0:
        more = share_out(extra, tolerance) if extra else (0,) * len(wanted)
        return tuple(want + add for want, add in zip(wanted, more, strict=True))
    given, room = [], volume
    for want in wanted:
        given.append(min(want, room))
        room -= given[-1]
    return tuple(given)


def _fallen_back(members: tuple[Member, ...], schedule: Schedule, extended: bool) -> Clearing:
    assert schedule.list_price is not None, "a schedule that falls back has a list price"
    price = Fraction(schedule.list_price)
    buyers = [member for member in members if member.limit >= schedule.list_price]
    shares = tuple(
        Share(member, member.quantity, price * member.quantity, from_fen(to_fen(price * member.quantity)))
        for member in buyers
    )
    left = tuple(_left(member, "limit") for member in members if member not in buyers)
    invoice = sum((share.bill for share in shares), from_fen(0))
    volume = sum(share.quantity for share in shares)
    return Clearing("fallen_back", schedule, members, volume, price, invoice, shares, left, extended)


_WORDS = {
    "cap": ("认购时封顶量已满", "the cap was reached before"),
    "limit": ("限价低于成交价", "the limit is below the price"),
    "minimum": ("未达到成团量", "the minimum was not reached"),
    "pack": ("末包未凑满，按认购先后减少", "the last pack could not be filled; the latest commitments are left out"),
}


def _left(member: Member, reason: Literal["cap", "limit", "minimum", "pack"]) -> Left:
    return Left(member, reason, *_WORDS[reason])
