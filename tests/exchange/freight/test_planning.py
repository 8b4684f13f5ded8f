"""Plans of freight: whatever is asked, every route can be driven, and what stays behind has its reason."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaoyuan.exchange.freight import (
    Effort,
    Freight,
    Load,
    Plan,
    Route,
    Stop,
    Travel,
    Vehicle,
    cost_fen,
    faults_of,
    plan_freight,
    refused,
    replan,
)

BRIEF = Effort(seconds=None, iterations=150)
HOUR = 3600


def on_a_line(*kilometres: float) -> Travel:
    """Places on a straight road at 60 km/h."""
    at = np.array(kilometres)
    metres = np.abs(at[:, None] - at) * 1000
    return Travel(metres.astype(np.int64), (metres * 0.06).astype(np.int64))


def load(key: str, start: int, end: int, amount: int = 1, **given) -> Load:
    return Load(key, Stop(start), Stop(end), (amount,), **given)


def reasons(plan: Plan) -> dict[str, str]:
    return {one.load: one.reason for one in plan.unassigned}


def test_a_vehicle_takes_a_load_back_instead_of_driving_home_empty() -> None:
    loads = (load("there", 0, 1), load("back", 1, 0))
    far, near = Vehicle("far", 1, 1, (1,)), Vehicle("near", 0, 0, (1,))
    plan = plan_freight(Freight(loads, (near,), on_a_line(0, 100)), BRIEF)
    assert [(visit.load, visit.kind) for visit in plan.routes[0].visits] == [
        ("there", "pickup"),
        ("there", "delivery"),
        ("back", "pickup"),
        ("back", "delivery"),
    ]
    assert plan.routes[0].metres == 200_000
    assert len(plan_freight(Freight(loads, (near, far), on_a_line(0, 100)), BRIEF).routes) == 1


def test_an_open_route_ends_where_its_last_load_does() -> None:
    freight = Freight((load("a", 0, 1),), (Vehicle("v", 0, None, (1,)),), on_a_line(0, 100))
    assert plan_freight(freight, BRIEF).routes[0].metres == 100_000


def test_every_load_that_stays_behind_has_its_reason() -> None:
    loads = (
        load("large", 0, 1, 9),
        load("cold", 0, 1, needs=frozenset({"冷藏"})),
        load("unwanted", 0, 1),
        Load("hurried", Stop(0), Stop(1, late=HOUR), (1,)),
        load("distant", 0, 2),
        load("cheap", 1, 0, pay=100),
        load("fine", 0, 1, pay=50_000),
    )
    vehicle = Vehicle("v", 0, 0, (5,), longest_metres=250_000, refuses=frozenset({"unwanted"}))
    freight = Freight(loads, (replace(vehicle, fixed=0), Vehicle("w", 1, 1, (0,))), on_a_line(0, 100, 200))
    alone = replace(freight, loads=tuple(one for one in loads if one.key == "cheap"))
    plan = plan_freight(freight, BRIEF)
    expected = {
        "large": "too_large",
        "cold": "equipment",
        "unwanted": "refused",
        "hurried": "time",
        "distant": "distance",
    }
    assert expected.items() <= reasons(plan).items()
    assert plan.route_of("fine") is not None
    # On the way back the cheap load costs nothing, alone it does not pay.
    assert plan.route_of("cheap") is not None
    assert reasons(plan_freight(alone, BRIEF)) == {"cheap": "pay"}
    assert all(one.zh and one.en for one in plan.unassigned)


def test_where_all_cannot_be_carried_those_that_must_be_go_first() -> None:
    one_each = tuple(
        Load(key, Stop(0, late=0), Stop(1), (1,), pay=pay) for key, pay in (("paid", 10**9), ("must", None))
    )
    freight = Freight(one_each, (Vehicle("v", 0, 0, (1,)),), on_a_line(0, 100))
    plan = plan_freight(freight, BRIEF)
    assert plan.route_of("must") is not None
    assert reasons(plan) == {"paid": "no_vehicle"}
    both = Freight(tuple(replace(one, pay=None) for one in one_each), freight.vehicles, freight.travel)
    assert len(plan_freight(both, BRIEF).unassigned) == 1


def test_a_refused_load_goes_to_another_vehicle_and_accepted_routes_stay() -> None:
    loads = tuple(load(key, start, 2) for key, start in (("a", 0), ("b", 0), ("c", 1)))
    vehicles = tuple(Vehicle(key, 0, 0, (1,), fixed=100) for key in ("v", "w", "x"))
    freight = Freight(loads, vehicles, on_a_line(0, 10, 30))
    plan = plan_freight(freight, BRIEF)
    holder = plan.route_of("c")
    assert holder is not None
    kept = [route for route in plan.routes if route.vehicle != holder.vehicle]
    again = replan(refused(freight, holder.vehicle, ["c"]), kept, BRIEF)
    moved = again.route_of("c")
    assert moved is not None
    assert moved.vehicle != holder.vehicle
    assert set(kept) <= set(again.routes)
    nobody = freight
    for vehicle in vehicles:
        nobody = refused(nobody, vehicle.key, ["c"])
    assert reasons(plan_freight(nobody, BRIEF)) == {"c": "refused"}


def test_nothing_to_carry_and_nobody_to_carry_are_plans_too() -> None:
    travel = on_a_line(0, 1)
    assert plan_freight(Freight((), (Vehicle("v", 0, 0, ()),), travel), BRIEF) == Plan((), ())
    assert reasons(plan_freight(Freight((load("a", 0, 1),), (), travel), BRIEF)) == {"a": "too_large"}


@st.composite
def freights(draw: st.DrawFn) -> Freight:
    places = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=6))
    at = np.array(places, dtype=float)
    metres = (np.hypot(*(at[:, None] - at).T) * 1000).astype(np.int64)
    where, when = st.integers(0, len(places) - 1), st.integers(0, 8)
    tags = st.frozensets(st.sampled_from(["冷藏", "尾板"]))

    def stop() -> Stop:
        early = draw(when)
        return Stop(draw(where), early * HOUR, (early + draw(when)) * HOUR, draw(st.integers(0, 1800)))

    loads = tuple(
        Load(
            f"l{at}", stop(), stop(), (draw(st.integers(0, 4)), 1), draw(tags), draw(st.none() | st.integers(0, 20_000))
        )
        for at in range(draw(st.integers(0, 6)))
    )
    vehicles = tuple(
        Vehicle(
            f"v{at}",
            draw(where),
            draw(st.none() | where),
            (draw(st.integers(0, 6)), draw(st.integers(1, 3))),
            draw(when) * HOUR,
            20 * HOUR,
            draw(st.integers(0, 5000)),
            draw(st.sampled_from([0, 100, 137])),
            draw(st.sampled_from([0, 2500])),
            draw(st.sampled_from([50_000, 2**40])),
            draw(tags),
            draw(st.frozensets(st.sampled_from(["l0", "l1", "l2"]))),
        )
        for at in range(draw(st.integers(0, 3)))
    )
    return Freight(loads, vehicles, Travel(metres, (metres * 0.06).astype(np.int64)))


@given(freights())
@settings(max_examples=60)
def test_any_plan_can_be_driven_and_forgets_no_load(freight: Freight) -> None:
    plan = plan_freight(freight, Effort(seconds=None, iterations=20))
    assert faults_of(plan, freight) == []
    assert {*(key for route in plan.routes for key in route.loads), *reasons(plan)} == set(freight.load_of)
    assert plan == plan_freight(freight, Effort(seconds=None, iterations=20))
    for route in plan.routes:
        assert cost_fen(route, freight) >= 0


def spoiled(plan: Plan) -> Iterator[Plan]:
    """Plans with one thing wrong in each."""
    route = plan.routes[0]
    first, *rest = route.visits
    for visits in (
        tuple(reversed(route.visits)),
        tuple(rest),
        (first, first, *rest),
        (replace(first, begins=first.begins - 10**6), *rest),
        (replace(first, ends=first.begins - 1), *rest),
        (*route.visits[:-1], replace(route.visits[-1], arrives=0, begins=0, ends=0)),
        (replace(first, load="nobody's"), *rest),
    ):
        yield Plan((replace(route, visits=visits),), plan.unassigned)
    for other in (
        replace(route, metres=route.metres - 1),
        replace(route, ends=route.ends - 1),
        replace(route, starts=-1),
        replace(route, vehicle="nobody's"),
        replace(route, vehicle="small"),
    ):
        yield Plan((other,), plan.unassigned)
    yield Plan((route, route), plan.unassigned)
    yield Plan((), ())


def test_the_check_finds_whatever_is_wrong_with_a_plan() -> None:
    loads = tuple(Load(key, Stop(0, service=60), Stop(1, service=60), (2,)) for key in ("a", "b"))
    vehicles = (Vehicle("v", 0, 0, (4,)), Vehicle("small", 0, 0, (3,), fixed=10**6))
    freight = Freight(loads, vehicles, on_a_line(0, 10))
    plan = plan_freight(freight, BRIEF)
    assert faults_of(plan, freight) == []
    for wrong in spoiled(plan):
        assert faults_of(wrong, freight) != []


def li_and_lim(file: Path) -> tuple[Freight, np.ndarray]:
    """An instance with whole thousandths, distances rounded up; and its exact distances."""
    head, *rows = [[float(number) for number in line.split()] for line in file.read_text().splitlines() if line.strip()]
    table = np.array(rows)
    exact = np.hypot(table[:, 1][:, None] - table[:, 1], table[:, 2][:, None] - table[:, 2])
    ways = np.ceil(exact * 1000 - 1e-7).astype(np.int64)
    stops = [Stop(at, *(int(1000 * row[column]) for column in (4, 5, 6))) for at, row in enumerate(table)]
    loads = tuple(
        Load(str(at), stops[at], stops[int(row[8])], (int(row[3]),))
        for at, row in enumerate(table)
        if at and row[7] == 0
    )
    vehicles = tuple(
        Vehicle(f"v{at}", 0, 0, (int(head[1]),), 0, stops[0].late, fixed=1_000_000) for at in range(int(head[0]))
    )
    return Freight(loads, vehicles, Travel(ways, ways)), exact


def travelled(route: Route, freight: Freight, exact: np.ndarray) -> float:
    places = [0]
    for visit in route.visits:
        asked = freight.load_of[visit.load]
        places.append((asked.pickup if visit.kind == "pickup" else asked.delivery).place)
    return float(exact[places, [*places[1:], 0]].sum())


@pytest.mark.parametrize("name", ["lc101", "lr101"])
def test_the_best_known_routes_of_published_instances_are_found(shared_data: Path, name: str) -> None:
    folder = shared_data / "reference" / "exchange" / "pdptw_li_lim"
    file = next(path for path in folder.rglob("*.txt") if path.stem.lower() == name)
    freight, exact = li_and_lim(file)
    plan = plan_freight(freight, Effort(seconds=None, iterations=600))
    with (folder / "li_lim_bks_verified.csv").open(encoding="utf-8") as table:
        best = next(row for row in csv.DictReader(table) if row["instance"] == name)
    assert faults_of(plan, freight) == []
    assert len(plan.routes) == int(best["solution_vehicles"])
    total = sum(travelled(route, freight, exact) for route in plan.routes)
    assert total <= 1.01 * float(best["solution_cost_recomputed"])
