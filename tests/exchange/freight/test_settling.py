"""What trips save and what loads pay: to the fen, no more than alone, never above a limit; loads that are taken out."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.freight import (
    Dock,
    Effort,
    Freight,
    Load,
    Slot,
    Stop,
    Travel,
    Vehicle,
    crowded_slots,
    faults_of_route,
    load_prices_fen,
    plan_freight,
    plan_with_docks,
    share_fen,
    ways_of,
    without,
)

BRIEF = Effort(seconds=None, iterations=150)
AT = np.array([0, 100, 200])
WAYS = np.abs(AT[:, None] - AT) * 1000
ROAD = Travel(WAYS.astype(np.int64), (WAYS * 0.06).astype(np.int64))


def there_and_back(pay: int | None = None) -> Freight:
    loads = (Load("there", Stop(0), Stop(1), (6,), pay=pay), Load("back", Stop(1), Stop(0), (6,)))
    return Freight(loads, (Vehicle("v", 0, 0, (10,), fixed=1000, per_kilometre=100),), ROAD)


def test_a_way_back_that_is_used_saves_the_empty_ways() -> None:
    freight = there_and_back()
    ways = ways_of(plan_freight(freight, BRIEF).routes[0], freight)
    assert (ways.metres, ways.empty, ways.alone, ways.alone_empty) == (200_000, 0, 400_000, 200_000)
    assert (ways + ways).metres == 400_000


def test_both_pay_half_of_the_trip_and_less_than_alone() -> None:
    freight = there_and_back()
    prices = load_prices_fen(plan_freight(freight, BRIEF).routes[0], freight)
    assert prices == {"there": 10_500, "back": 10_500}


def test_who_is_at_his_limit_pays_that_and_the_other_the_rest() -> None:
    freight = there_and_back(pay=4_000)
    prices = load_prices_fen(plan_freight(freight, BRIEF).routes[0], freight)
    assert prices == {"there": 4_000, "back": 17_000}


@given(
    st.integers(0, 10**7),
    st.lists(st.tuples(st.floats(1, 1e6), st.none() | st.integers(0, 10**6)), min_size=1, max_size=7),
)
def test_shares_add_up_to_the_fen_and_keep_to_the_limits_or_there_are_none(total: int, given_loads: list) -> None:
    weights, limits = [one[0] for one in given_loads], [one[1] for one in given_loads]
    shares = share_fen(total, weights, limits)
    enough = any(limit is None for limit in limits) or sum(limit or 0 for limit in limits) >= total
    assert (shares is not None) == enough
    if shares is not None:
        assert sum(shares) == total
        assert all(limit is None or 0 <= share <= limit for share, limit in zip(shares, limits, strict=True))


def test_a_route_goes_on_without_a_load_at_the_times_that_were_agreed() -> None:
    freight = there_and_back()
    route = plan_freight(freight, BRIEF).routes[0]
    left = without(route, {"there"}, freight)
    assert left is not None
    assert faults_of_route(left, freight) == []
    assert left.loads == ("back",)
    assert [one.begins for one in left.visits] == [one.begins for one in route.visits if one.load == "back"]
    assert without(route, {"there", "back"}, freight) is None


def test_what_is_planned_later_leaves_the_slots_of_kept_routes_to_them() -> None:
    loads = tuple(Load(key, Stop(0), Stop(1, late=40_000), (6,)) for key in "ab")
    vehicles = tuple(Vehicle(key, 0, 0, (10,)) for key in "vw")
    dock = Dock(1, (Slot(6_000, 8_000, 1), Slot(9_000, 11_000, 1)))
    first = Freight(loads[:1], vehicles, ROAD)
    kept = plan_with_docks(first, [dock], BRIEF).routes
    whole = Freight(loads, vehicles, ROAD)
    plan = plan_with_docks(whole, [dock], BRIEF, kept)
    assert kept[0] in plan.routes
    assert plan.unassigned == ()
    assert crowded_slots(plan, whole, [dock]) == []
    full = plan_with_docks(whole, [Dock(1, dock.slots[:1])], BRIEF, kept)
    assert [one.reason for one in full.unassigned] == ["no_slot"]
