"""Clearing a pool: one price, exact bills, explicit outcomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.pools import Clearing, Member, PoolInvalid, Schedule, Tier, clear_pool
from gaoyuan.exchange.pools.clearing import allocate

TWO_TIERS = (Tier(1, Decimal(10)), Tier(100, Decimal(8)))
Game = tuple[list[Member], Schedule]


def names(clearing: Clearing) -> list[str]:
    return [share.member.name for share in clearing.shares]


def test_a_member_who_drops_out_can_take_the_tier_with_it() -> None:
    members = [Member("甲", 60, Decimal(9)), Member("乙", 45, Decimal(7)), Member("丙", 10, Decimal(12))]
    done = clear_pool(members, Schedule(TWO_TIERS))
    assert (names(done), done.volume, done.price, done.invoice) == (["丙"], 10, 10, Decimal("100.00"))
    assert {left.member.name: left.reason for left in done.left} == {"甲": "limit", "乙": "limit"}


def test_who_is_indifferent_is_served() -> None:
    done = clear_pool([Member("甲", 60, Decimal(8)), Member("乙", 40, Decimal(8))], Schedule(TWO_TIERS))
    assert (names(done), done.price) == (["甲", "乙"], 8)


def test_nobody_pays_more_than_the_list_price() -> None:
    schedule = Schedule(TWO_TIERS, fixed_cost=Decimal(50), list_price=Decimal(11))
    assert clear_pool([Member("甲", 10, Decimal(99))], schedule).outcome == "cancelled"
    assert clear_pool([Member("甲", 50, Decimal(99))], schedule).price == 11


def test_a_fen_that_cannot_be_shared_goes_to_the_largest_remainder() -> None:
    members = [Member("甲", 1, Decimal(9)), Member("乙", 1, Decimal(9)), Member("丙", 1, Decimal(9))]
    done = clear_pool(members, Schedule((Tier(1, Decimal("0.005")),), fixed_cost=Decimal("0.025")))
    assert (done.invoice, [share.bill for share in done.shares]) == (
        Decimal("0.04"),
        [Decimal("0.02"), Decimal("0.01"), Decimal("0.01")],
    )


@pytest.mark.parametrize(
    ("rules", "outcome", "buyers"),
    [
        ({"on_failure": "cancel"}, "cancelled", []),
        ({"on_failure": "extend", "extension_days": 7}, "extended", []),
        ({"on_failure": "fall_back", "list_price": Decimal(11)}, "fallen_back", ["乙"]),
    ],
)
def test_what_happens_below_the_minimum_was_fixed_at_the_opening(
    rules: dict[str, object], outcome: str, buyers: list[str]
) -> None:
    members = [Member("甲", 20, Decimal("10.5")), Member("乙", 10, Decimal(11))]
    done = clear_pool(members, Schedule(TWO_TIERS, minimum=50, **rules))  # type: ignore[arg-type]
    assert (done.outcome, names(done)) == (outcome, buyers)
    assert {*names(done), *(left.member.name for left in done.left)} == {"甲", "乙"}


def test_a_pool_is_extended_only_once() -> None:
    schedule = Schedule(TWO_TIERS, minimum=50, on_failure="extend", extension_days=7)
    members = [Member("甲", 20, Decimal(20))]
    assert clear_pool(members, schedule).outcome == "extended"
    assert clear_pool(members, schedule, extended=True).outcome == "cancelled"


def test_the_cap_closes_the_pool_to_whoever_comes_after_whatever_their_limits_are() -> None:
    members = [Member("甲", 60, Decimal(1)), Member("乙", 50, Decimal(99)), Member("丙", 40, Decimal(99))]
    done = clear_pool(members, Schedule(TWO_TIERS, cap=100))
    assert names(done) == ["丙"]
    assert {left.member.name: left.reason for left in done.left} == {"甲": "limit", "乙": "cap"}


@pytest.mark.parametrize(
    ("wanted", "tolerance", "volume", "given_out"),
    [
        ([3, 3], [0, 0], 0, (0, 0)),
        ([5, 5], [0, 0], 10, (5, 5)),
        ([3, 3], [2, 2], 10, (5, 5)),
        ([3, 4], [5, 1], 10, (6, 4)),
        ([10, 4], [6, 0], 20, (16, 4)),
        ([10, 4], [5, 0], 10, (10, 0)),
        ([10, 0 + 1], [30, 30], 20, (15, 5)),
    ],
)
def test_packs_are_filled_from_the_tolerance_or_the_latest_goes_without(
    wanted: list[int], tolerance: list[int], volume: int, given_out: tuple[int, ...]
) -> None:
    members = [Member(f"厂{at}", want, Decimal(99), tolerance[at]) for at, want in enumerate(wanted)]
    done = clear_pool(members, Schedule((Tier(1, Decimal(1)),), pack_size=10))
    assert done.volume == volume
    got = [share.quantity if (share := done.share_of(member.name)) else 0 for member in members]
    assert sum(got) == volume
    assert tuple(got) == given_out


def test_tolerance_reaches_a_tier() -> None:
    members = [Member("甲", 60, Decimal(9), tolerance=30), Member("乙", 30, Decimal(9))]
    done = clear_pool(members, Schedule(TWO_TIERS))
    assert (done.volume, done.price, [share.quantity for share in done.shares]) == (100, 8, [70, 30])


def test_one_name_commits_once() -> None:
    with pytest.raises(PoolInvalid, match="committed twice"):
        clear_pool([Member("甲", 1, Decimal(1))] * 2, Schedule(TWO_TIERS))


@given(st.integers(0, 10**9), st.booleans())
def test_bills_sum_to_the_invoice_and_stay_within_limits(game: Callable[..., Game], seed: int, packs: bool) -> None:
    members, schedule = game(seed, packs=packs)
    done = clear_pool(members, schedule)
    assert sum((share.bill for share in done.shares), Decimal(0)) == done.invoice
    assert sum(share.quantity for share in done.shares) == done.volume
    assert sorted([*names(done), *(left.member.name for left in done.left)]) == sorted(one.name for one in members)
    for share in done.shares:
        assert share.exact <= Fraction(share.member.limit) * share.quantity
        assert abs(Fraction(share.bill) - share.exact) < Fraction(1, 100) + Fraction(1, 200)
        assert share.quantity <= share.member.quantity + share.member.tolerance
        if schedule.pack_size == 1:
            assert share.quantity >= share.member.quantity


@given(st.integers(0, 10**9))
def test_a_joiner_never_raises_the_price(game: Callable[..., Game], seed: int) -> None:
    members, schedule = game(seed, packs=True)
    fewer, all_of_them = clear_pool(members[:-1], schedule), clear_pool(members, schedule)
    if fewer.outcome == "cleared" and schedule.cap is None:
        assert all_of_them.outcome == "cleared"
        assert all_of_them.price <= fewer.price


@given(st.integers(0, 10**9))
def test_the_order_of_members_changes_neither_price_nor_who_is_served(game: Callable[..., Game], seed: int) -> None:
    members, schedule = game(seed)
    schedule = replace(schedule, cap=None)
    found = set()
    for order in list(permutations(members))[:24]:
        done = clear_pool(order, schedule)
        found.add((done.outcome, done.price, done.volume, frozenset(names(done))))
    assert len(found) == 1


def test_a_volume_is_shared_within_wants_and_tolerances() -> None:
    assert allocate([2, 2], [0, 3], 6) == (2, 4)
    with pytest.raises(ValueError, match="nobody has a weight"):
        allocate([2, 2], [0, 0], 5)
