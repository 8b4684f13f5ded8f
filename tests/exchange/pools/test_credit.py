"""Credit lines of members."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.pools import Member, Schedule, Tier, clear_pool
from gaoyuan.exchange.pools.credit import Entry, add_entry, balances, entries_of_clearing, most_cost
from gaoyuan.exchange.refusal import Refusal

Game = tuple[list[Member], Schedule]


def added(account: tuple[Entry, ...], *entries: Entry) -> tuple[Entry, ...]:
    for entry in entries:
        result = add_entry(account, entry)
        assert not isinstance(result, Refusal), result
        account = result
    return account


@given(st.integers(0, 10**9))
def test_after_a_pool_everyone_owes_its_bill_and_reserves_nothing(game: Callable[..., Game], seed: int) -> None:
    members, schedule = game(seed, packs=True)
    account: tuple[Entry, ...] = ()
    for member in members:
        line = Entry("limit", member.name, most_cost(member, schedule), "line")
        account = added(account, line, Entry("reserve", member.name, most_cost(member, schedule), "pool"))
        assert balances(account)[member.name].free == 0
    done = clear_pool(members, schedule)
    account = added(account, *entries_of_clearing(done, "pool"))
    held = balances(account)
    assert sum(balance.owed for balance in held.values()) == done.invoice
    for member in members:
        share = done.share_of(member.name)
        assert held[member.name].reserved == 0
        assert held[member.name].owed == (share.bill if share else 0)
        assert held[member.name].free >= 0


def test_a_payment_frees_the_line() -> None:
    account = added((), Entry("limit", "甲", Decimal(100), "line"), Entry("bill", "甲", Decimal(80), "pool"))
    assert balances(account)["甲"].free == 20
    account = added(account, Entry("payment", "甲", Decimal(100), "bank"))
    assert (balances(account)["甲"].owed, balances(account)["甲"].free) == (-20, 120)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry("reserve", "甲", Decimal("20.01"), "pool"), "limit"),
        (Entry("reserve", "乙", Decimal(1), "pool"), "limit"),
        (Entry("release", "甲", Decimal(31), "pool"), "release"),
        (Entry("limit", "甲", Decimal(49), "line"), "limit"),
        (Entry("payment", "甲", Decimal(-1), "bank"), "amount"),
        (Entry("payment", "甲", Decimal("0.001"), "bank"), "amount"),
        (Entry("payment", "甲", Decimal("NaN"), "bank"), "amount"),
    ],
)
def test_what_the_line_does_not_carry_is_refused(entry: Entry, code: str) -> None:
    account = added(
        (),
        Entry("limit", "甲", Decimal(100), "line"),
        Entry("reserve", "甲", Decimal(30), "pool"),
        Entry("bill", "甲", Decimal(50), "pool"),
    )
    refused = add_entry(account, entry)
    assert isinstance(refused, Refusal)
    assert refused.code == code


def test_what_a_commitment_reserves_does_not_depend_on_its_limit() -> None:
    schedule = Schedule((Tier(1, Decimal(10)), Tier(100, Decimal(8))), minimum=50, fixed_cost=Decimal(100))
    reserved = {most_cost(Member("甲", 60, Decimal(limit)), schedule) for limit in ("7", "9.5", "30")}
    assert reserved == {Decimal("720.00")}
    listed = Schedule((Tier(1, Decimal(10)),), list_price=Decimal(9))
    falling = Schedule((Tier(1, Decimal(10)),), list_price=Decimal(19), on_failure="fall_back")
    assert [most_cost(Member("甲", 1, Decimal(5)), one) for one in (listed, falling)] == [9, 19]
