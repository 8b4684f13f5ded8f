"""Buying for members on credit: a limit for each, what is reserved by commitments, and who owes what.

A cluster company that buys for its members keeps one account of entries, which only grows; a balance is what they add
up to. A commitment reserves the most that it can cost; the clearing releases that and bills what it did cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from gaoyuan.exchange.pools.clearing import Clearing
from gaoyuan.exchange.pools.model import FEN, Member, Schedule
from gaoyuan.exchange.pools.rounding import from_fen
from gaoyuan.exchange.refusal import Refusal

__all__ = ["Balance", "Entry", "add_entry", "balances", "entries_of_clearing", "most_cost"]

EntryKind: TypeAlias = Literal["limit", "reserve", "release", "bill", "payment"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the account: what, whose, how much in yuan (for "limit", the new limit), and for what."""

    kind: EntryKind
    member: str
    amount: Decimal
    reference: str


@dataclass(frozen=True, slots=True)
class Balance:
    """A member's limit, what commitments reserve, and what it owes, in yuan; `owed` below zero is paid ahead."""

    limit: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    owed: Decimal = Decimal(0)

    @property
    def free(self) -> Decimal:
        """What may still be reserved."""
        return self.limit - self.reserved - self.owed

    def after(self, entry: Entry) -> Balance:
        """Give the balance after an entry."""
        if entry.kind == "limit":
            return Balance(entry.amount, self.reserved, self.owed)
        if entry.kind in ("reserve", "release"):
            sign = 1 if entry.kind == "reserve" else -1
            return Balance(self.limit, self.reserved + sign * entry.amount, self.owed)
        sign = 1 if entry.kind == "bill" else -1
        return Balance(self.limit, self.reserved, self.owed + sign * entry.amount)


def balances(entries: Iterable[Entry]) -> dict[str, Balance]:
    """Give the balance of every member of an account, by name."""
    found: dict[str, Balance] = {}
    for entry in entries:
        found[entry.member] = found.get(entry.member, Balance()).after(entry)
    return dict(sorted(found.items()))


def add_entry(entries: Sequence[Entry], entry: Entry) -> tuple[Entry, ...] | Refusal:
    """Give the account with one entry more.

    Refused are amounts that are negative or finer than a fen, what would exceed the limit, and a release of more than
    is reserved. A bill is never refused: the goods have been bought. A limit may fall below what is reserved, which
    stands: a refusal would tell the lender what members of open pools have committed.

    >>> account = add_entry((), Entry("limit", "甲", Decimal(1000), "董事会"))
    >>> print(add_entry(account, Entry("reserve", "甲", Decimal(1001), "集采1")))
    额度不足：剩余 1000 元 the credit line has 1000 yuan left
    """
    if not entry.amount.is_finite() or entry.amount < 0 or entry.amount % FEN:
        return Refusal("amount", "金额须为非负的整分", "the amount should be whole fen, not below zero")
    held = balances(entries).get(entry.member, Balance())
    if entry.kind == "reserve" and entry.amount > held.free:
        return Refusal("limit", f"额度不足：剩余 {held.free} 元", f"the credit line has {held.free} yuan left")
    if entry.kind == "release" and entry.amount > held.reserved:
        return Refusal("release", "释放额超过占用额", "more would be released than is reserved")
    if entry.kind == "limit" and entry.amount < held.owed:
        return Refusal("limit", "新额度低于已欠金额", "the new limit is below what is owed")
    return (*entries, entry)


def most_cost(member: Member, schedule: Schedule) -> Decimal:
    """Give the most that a commitment can cost when the pool clears, rounded up to the fen: all that it accepts, at the
    greatest price that the schedule lets anybody pay. The limit has no part in it: an account would tell a sealed one.

    >>> from gaoyuan.exchange.pools.model import Tier
    >>> schedule = Schedule((Tier(1, Decimal("8.005")), Tier(100, Decimal(7))))
    >>> most_cost(Member("甲", 60, Decimal(20), tolerance=5), schedule)
    Decimal('520.33')
    """
    price = schedule.all_in_price(max(schedule.in_packs(schedule.minimum, up=True), 1))
    if schedule.list_price is not None:
        listed = Fraction(schedule.list_price)
        price = listed if schedule.on_failure == "fall_back" else min(price, listed)
    fen = price * (member.quantity + member.tolerance) * 100
    return from_fen(-(-fen.numerator // fen.denominator))


def entries_of_clearing(clearing: Clearing, reference: str) -> tuple[Entry, ...]:
    """Give the entries that end a pool: every reservation is released, and every share billed.

    A pool that is extended stays reserved. With them, every member owes its bill and reserves nothing for the pool.
    """
    if clearing.outcome == "extended":
        return ()
    released = [
        Entry("release", member.name, most_cost(member, clearing.schedule), reference) for member in clearing.members
    ]
    billed = [Entry("bill", share.member.name, share.bill, reference) for share in clearing.shares]
    return (*released, *billed)
