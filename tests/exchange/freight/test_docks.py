"""Warehouses take vehicles only in slots, and only so many in each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaoyuan.exchange.freight import (
    Dock,
    Effort,
    Freight,
    FreightInvalid,
    Load,
    Slot,
    Stop,
    Travel,
    Vehicle,
    crowded_slots,
    faults_of,
    plan_freight,
    plan_with_docks,
)

BRIEF = Effort(seconds=None, iterations=60)
HOUR = 3600


def freight_of(stops: list[tuple[int, int]], vehicles: int, room: int = 1) -> Freight:
    """Loads from the warehouse at place 0 to place 1, an hour away, with the times in which they may be picked up."""
    ways = np.array([[0, HOUR], [HOUR, 0]], dtype=np.int64)
    loads = tuple(Load(f"l{at}", Stop(0, early, late), Stop(1), (1,)) for at, (early, late) in enumerate(stops))
    fleet = tuple(Vehicle(f"v{at}", 0, 0, (room,), late=100 * HOUR) for at in range(vehicles))
    return Freight(loads, fleet, Travel(ways * 10, ways))


def test_vehicles_that_would_come_at_once_are_spread_over_the_slots() -> None:
    freight = freight_of([(0, 3 * HOUR)] * 3, vehicles=3)
    docks = [Dock(0, tuple(Slot(at * HOUR, (at + 1) * HOUR - 1, 1) for at in range(3)))]
    assert crowded_slots(plan_freight(freight, BRIEF), freight, docks) != []
    plan = plan_with_docks(freight, docks, BRIEF)
    assert plan.unassigned == ()
    assert crowded_slots(plan, freight, docks) == []


def test_a_vehicle_that_picks_up_several_loads_takes_one_slot() -> None:
    freight = freight_of([(0, HOUR)] * 3, vehicles=1, room=3)
    plan = plan_with_docks(freight, [Dock(0, (Slot(0, HOUR, 1),))], BRIEF)
    assert plan.unassigned == ()


def test_a_load_that_no_slot_suits_stays_behind_and_is_told_so() -> None:
    freight = freight_of([(0, HOUR), (0, HOUR), (5 * HOUR, 6 * HOUR)], vehicles=3)
    plan = plan_with_docks(freight, [Dock(0, (Slot(0, 2 * HOUR, 1),))], BRIEF)
    assert [one.reason for one in plan.unassigned] == ["no_slot", "no_slot"]
    assert len(plan.routes) == 1


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), max_size=6),
    st.integers(0, 4),
    st.lists(st.integers(0, 2), max_size=5),
)
@settings(max_examples=40)
def test_no_slot_is_ever_too_full_and_no_load_forgotten(stops, vehicles, rooms) -> None:
    freight = freight_of([(early * HOUR, (early + more) * HOUR) for early, more in stops], vehicles, room=2)
    docks = [Dock(0, tuple(Slot(2 * at * HOUR, (2 * at + 1) * HOUR, room) for at, room in enumerate(rooms)))]
    plan = plan_with_docks(freight, docks, BRIEF)
    assert faults_of(plan, freight) == []
    assert crowded_slots(plan, freight, docks) == []


def test_slots_that_overlap_are_refused() -> None:
    with pytest.raises(FreightInvalid, match="overlap"):
        Dock(0, (Slot(0, 10, 1), Slot(10, 20, 1)))
    with pytest.raises(FreightInvalid, match="fewer than no"):
        Dock(0, (Slot(0, 10, -1),))
