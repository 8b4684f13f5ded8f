"""Stability of cost shares, tried on all groups."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.errors import InputError
from gaoyuan.exchange.pools import (
    Member,
    Schedule,
    Tier,
    blocking_group,
    clear_pool,
    group_cost,
    shapley_in_core,
    shapley_shares,
)

Game = tuple[list[Member], Schedule]


@given(st.integers(0, 10**9), st.booleans())
def test_an_equal_price_is_in_the_core(game: Callable[..., Game], seed: int, packs: bool) -> None:
    done = clear_pool(*game(seed, packs=packs))
    if done.outcome == "cleared":
        quantities = [share.quantity for share in done.shares]
        assert blocking_group(done.schedule, quantities, [share.exact for share in done.shares]) is None


def test_shapley_shares_that_a_group_would_block_are_not_offered() -> None:
    """The one of 5 and either of 1 reach the tier; alone the two pay more than the price of the tier."""
    schedule = Schedule((Tier(1, Decimal(10)), Tier(6, Decimal(5))))
    members = [Member(name, size, Decimal(99)) for name, size in (("甲", 1), ("乙", 1), ("丙", 5))]
    done = clear_pool(members, schedule)
    quantities = [share.quantity for share in done.shares]
    shares = shapley_shares(schedule, quantities)
    assert shares is not None
    assert sum(shares) == done.invoice
    assert blocking_group(schedule, quantities, shares) == (0, 2)
    assert shapley_in_core(done) is None


def test_shapley_shares_in_the_core_are_offered() -> None:
    done = clear_pool(
        [Member("甲", 10, Decimal(99)), Member("乙", 5, Decimal(99))],
        Schedule((Tier(1, Decimal(10)), Tier(10, Decimal(8)))),
    )
    assert shapley_in_core(done) == (75, 45)


@given(st.integers(0, 10**9))
def test_the_shapley_value_is_the_mean_over_all_orders_of_joining(game: Callable[..., Game], seed: int) -> None:
    members, schedule = game(seed, 4)
    quantities = [member.quantity for member in members]
    shares = shapley_shares(schedule, quantities)
    orders = list(permutations(range(len(members))))
    if shares is None:
        groups = (group for size in range(1, 5) for group in combinations(quantities, size))
        assert any(group_cost(schedule, sum(group)) is None for group in groups)
        return
    expected = [Fraction(0)] * len(members)
    for order in orders:
        volume, before = 0, Fraction(0)
        for place in order:
            volume += quantities[place]
            after = group_cost(schedule, volume)
            assert after is not None
            expected[place] += after - before
            before = after
    assert list(shares) == [total / len(orders) for total in expected]


def test_a_group_below_the_minimum_buys_at_the_list_price_or_not_at_all() -> None:
    tiers = (Tier(1, Decimal(10)), Tier(100, Decimal(8)))
    assert group_cost(Schedule(tiers, minimum=50), 20) is None
    assert group_cost(Schedule(tiers, minimum=50, list_price=Decimal(12)), 20) == 240
    assert group_cost(Schedule(tiers, pack_size=50), 60) == 800
    assert group_cost(Schedule(tiers), 0) == 0


def test_more_members_than_can_be_tried_are_refused() -> None:
    with pytest.raises(InputError, match="too many groups"):
        blocking_group(Schedule((Tier(1, Decimal(1)),)), [1] * 17, [Fraction(1)] * 17)
