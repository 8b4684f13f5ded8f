"""Who is served."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.pools import Member, Schedule
from gaoyuan.exchange.pools.serving import admitted, pool_volume, serve

Game = tuple[list[Member], Schedule]


@given(st.integers(0, 10**9), st.booleans())
def test_the_served_are_the_largest_set_that_accepts_its_price(
    game: Callable[..., Game], seed: int, packs: bool
) -> None:
    members, schedule = game(seed, 5, packs=packs)
    fits = admitted(members, schedule)
    groups = chain.from_iterable(combinations(fits, size) for size in range(1, len(fits) + 1))
    accepting = [set(group) for group in groups if _accepts(members, schedule, group)]
    assert set(serve(members, schedule).members) == set().union(*accepting)


def _accepts(members: list[Member], schedule: Schedule, group: tuple[int, ...]) -> bool:
    wanted = sum(members[place].quantity for place in group)
    volume = pool_volume(wanted, sum(members[place].tolerance for place in group), schedule)
    if volume < schedule.minimum or volume == 0:
        return False
    price = schedule.all_in_price(volume)
    within = schedule.list_price is None or price <= Fraction(schedule.list_price)
    return within and all(price <= Fraction(members[place].limit) for place in group)
