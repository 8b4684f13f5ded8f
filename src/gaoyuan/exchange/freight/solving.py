"""The translation into PyVRP's terms and back. PyVRP is an extra: it is imported when a plan is made.

W. Wouda, L. Lan and W. Kool, PyVRP: a high-performance VRP solver package, INFORMS Journal on Computing 36 (2024);
pickup and delivery as `Shipment`.
"""

from __future__ import annotations

import importlib
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gaoyuan.errors import ExtraMissing
from gaoyuan.exchange.freight.alone import alone_cost_fen
from gaoyuan.exchange.freight.effort import Effort
from gaoyuan.exchange.freight.model import Freight, Load, Vehicle
from gaoyuan.exchange.freight.plan import Route, Visit
from gaoyuan.exchange.freight.route_arrays import Asked
from gaoyuan.exchange.freight.ruin import ruin_and_recreate

if TYPE_CHECKING:
    import pyvrp

__all__ = ["solve"]

# Of a fen: what a metre at whole fen per kilometre and a second at whole fen per hour cost are whole numbers of these.
_SHARES = 18_000
# The solver weighs being late or too full by numbers of its own, so that a metre should cost about this much or less.
_COARSEST = 20
# Being late by a second or too full by a kilogram must be able to outweigh what any load pays.
_HEAVIEST = 1e7
# PyVRP looks for routes first, then ruin and recreate for fewer vehicles; PyVRP goes on from the better.
_FIRST, _RUIN = 0.35, 0.8


def solve(freight: Freight, loads: Sequence[Load], vehicles: Sequence[Vehicle], effort: Effort) -> list[Route]:
    """Give routes that carry as many of the loads as can be, those without `pay` first; then as cheaply as is found.

    All loads have to be of the kind that some vehicle could carry alone (`alone.obstacle`). Raises ExtraMissing without
    PyVRP.
    """
    try:
        importlib.import_module("pyvrp")
    except ImportError:
        raise ExtraMissing(
            "planning routes needs PyVRP",
            mend="Install it: pip install 'gaoyuan[routing]'",
            zh="规划路线需要 PyVRP",
            mend_zh="安装：pip install 'gaoyuan[routing]'",
        ) from None
    if not loads or not vehicles:
        return []
    began = effort.clock()
    problem = _Problem(freight, loads, vehicles, forced=all(load.pay is None for load in loads))
    asked = problem.asked()
    found = _search(problem, effort, began, _FIRST, None) if problem.forced else None
    if found is None:
        # Not all can or need be carried. From a plan that can be driven on, so that there always is one.
        problem = _Problem(freight, loads, vehicles, forced=False)
        put, _ = ruin_and_recreate(asked, lambda: 0.0, effort.seed, 0)
        found = _search(problem, effort, began, _FIRST, problem.solution(put)) or problem.one_load_each()
    # From nothing, for what PyVRP has found is hard to leave towards fewer vehicles.
    routes, _ = ruin_and_recreate(asked, effort.share(began, _RUIN), effort.seed, effort.rounds)
    found = problem.better(found, routes)
    return problem.routes(_search(problem, effort, began, 1.0, found) or found)


def _search(
    problem: _Problem, effort: Effort, began: float, share: float, first: pyvrp.Solution | None
) -> pyvrp.Solution | None:
    """Have PyVRP look for routes until a share of the effort is over; None where it finds none that can be driven."""
    import pyvrp

    if first is not None and not first.is_feasible():
        return None
    penalties = pyvrp.PenaltyParams() if problem.forced else pyvrp.PenaltyParams(max_penalty=_HEAVIEST)
    rules = pyvrp.SolveParams(penalty=penalties)
    until = effort.until(began, share)
    best = pyvrp.solve(problem.data, until, effort.seed, collect_stats=False, params=rules, initial_solution=first)
    return best.best if best.is_feasible() else first


class _Problem:
    """A whole of loads and vehicles in PyVRP's terms. Each end of a load is a location of its own, so that ways to it
    can be closed to some vehicles; alike vehicles are one type.
    """

    def __init__(self, freight: Freight, loads: Sequence[Load], vehicles: Sequence[Vehicle], forced: bool) -> None:
        self.freight, self.loads, self.forced = freight, loads, forced
        self.types: dict[Vehicle, list[str]] = defaultdict(list)
        for vehicle in vehicles:
            self.types[_kind_of(vehicle, loads)].append(vehicle.key)
        ends = {place for kind in self.types for place in (kind.start, kind.end)}
        self.depots = sorted(place for place in ends if place is not None)
        self.open = None in ends
        stops = [stop.place for load in loads for stop in (load.pickup, load.delivery)]
        self.places = np.array(self.depots + stops, dtype=np.int64)
        last = max([0, *(s.early + s.service for load in loads for s in (load.pickup, load.delivery))])
        last = max(last, max(kind.early for kind in self.types))
        rates = [rate for kind in self.types for rate in (kind.per_kilometre * 18, kind.per_hour * 5) if rate]
        # Whole numbers where they are small, else to a few per cent.
        self.unit = max(math.gcd(*rates), min(rates) / _COARSEST) if rates else 1.0
        costs = [alone_cost_fen(load, kind, freight) or 0.0 for load in loads for kind in self.types]
        self.dearest = max(costs) + 1
        # Nobody is longer on the way than by the longest way to each stop, one after another.
        self.horizon = (
            last
            + int((len(self.places) + 2) * freight.travel.seconds.max(initial=0))
            + sum(load.pickup.service + load.delivery.service for load in loads)
        )

    @cached_property
    def data(self) -> pyvrp.ProblemData:
        """Give PyVRP's data."""
        import pyvrp

        size = len(self.places) + self.open
        metres, seconds = self._between(self.freight.travel.metres), self._between(self.freight.travel.seconds)
        profiles: dict[frozenset[str], int] = {}
        closed_seconds: list[npt.NDArray[np.int64]] = []
        vehicle_types = []
        for kind, keys in self.types.items():
            profile = profiles.setdefault(kind.refuses, len(profiles))
            if profile == len(closed_seconds):
                closed_seconds.append(self._closed(seconds, kind.refuses))
            vehicle_types.append(self._vehicle_type(kind, len(keys), profile))
        distances = [metres] * len(closed_seconds)
        # PyVRP's types know only arrays of any number of dimensions as one of a whole number.
        return pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0) for _ in range(size)],
            clients=[],
            depots=[pyvrp.Depot(at) for at in [*range(len(self.depots)), *([size - 1] if self.open else [])]],
            vehicle_types=vehicle_types,
            distance_matrices=distances,  # pyright: ignore[reportArgumentType]
            duration_matrices=closed_seconds,  # pyright: ignore[reportArgumentType]
            shipments=[self._shipment(at, load) for at, load in enumerate(self.loads)],
        )

    def asked(self) -> Asked:
        """Give what is asked in the terms of ruin and recreate; loads without pay must go if they can."""
        stops = [stop for load in self.loads for stop in (load.pickup, load.delivery)]
        depots, after = [0] * len(self.depots), [0] * self.open
        kinds = list(self.types)
        last = len(self.places)
        must = sum(map(self._worth, self.loads)) + self.dearest * (len(self.loads) + 2)

        def whole(values: Sequence[object]) -> npt.NDArray[np.int64]:
            return np.array(values, dtype=np.int64)

        return Asked(
            first=len(self.depots),
            metres=np.ascontiguousarray(self._between(self.freight.travel.metres)),
            seconds=np.ascontiguousarray(self._between(self.freight.travel.seconds)),
            early=whole([*depots, *(stop.early for stop in stops), *after]),
            late=whole([*depots, *(stop.late for stop in stops), *after]),
            service=whole([*depots, *(stop.service for stop in stops), *after]),
            amounts=whole([load.amounts for load in self.loads]),
            prize=np.array([must if load.pay is None else self._worth(load) for load in self.loads], dtype=float),
            number=whole([len(keys) for keys in self.types.values()]),
            start=whole([self.depots.index(kind.start) for kind in kinds]),
            end=whole([last if kind.end is None else self.depots.index(kind.end) for kind in kinds]),
            capacity=whole([kind.capacity for kind in kinds]),
            begins=whole([kind.early for kind in kinds]),
            ends=whole([kind.late for kind in kinds]),
            longest=whole([kind.longest_metres for kind in kinds]),
            fixed=np.array([kind.fixed for kind in kinds], dtype=float),
            per_metre=np.array([kind.per_kilometre / 1000 for kind in kinds]),
            per_second=np.array([kind.per_hour / 3600 for kind in kinds]),
            allowed=np.array([[kind.may_carry(load) for load in self.loads] for kind in kinds], dtype=np.bool_),
        )

    def solution(self, routes: Sequence[tuple[int, Sequence[int]]]) -> pyvrp.Solution:
        """Give routes of ruin and recreate as PyVRP's solution."""
        import pyvrp

        ends = (pyvrp.ActivityType.PICKUP, pyvrp.ActivityType.DELIVERY)
        first = len(self.depots)
        return pyvrp.Solution(
            self.data,
            [
                pyvrp.Route(
                    self.data, [pyvrp.Activity(ends[(at - first) % 2], (at - first) // 2) for at in places], kind
                )
                for kind, places in routes
            ],
        )

    def better(self, found: pyvrp.Solution, routes: Sequence[tuple[int, Sequence[int]]]) -> pyvrp.Solution:
        """Give PyVRP's solution or the routes of ruin and recreate, whichever costs less."""
        import pyvrp

        other = self.solution(routes)
        costs = pyvrp.CostEvaluator([0.0] * self.data.num_load_dimensions, 0.0, 0.0)
        return other if other.is_feasible() and costs.cost(other) < costs.cost(found) else found

    def one_load_each(self) -> pyvrp.Solution:
        """Give a plan that can be driven: to each vehicle one load, those that must be carried first, then by pay."""
        import pyvrp

        left = {kind: len(keys) for kind, keys in self.types.items()}
        routes: list[pyvrp.Route] = []
        order = sorted(
            range(len(self.loads)), key=lambda at: -math.inf if (pay := self.loads[at].pay) is None else -pay
        )
        for at in order:
            costs = [
                (cost, number, kind)
                for number, kind in enumerate(self.types)
                if left[kind] and (cost := alone_cost_fen(self.loads[at], kind, self.freight)) is not None
            ]
            if costs:
                _, number, kind = min(costs, key=lambda one: one[:2])
                left[kind] -= 1
                ends = (pyvrp.ActivityType.PICKUP, pyvrp.ActivityType.DELIVERY)
                routes.append(pyvrp.Route(self.data, [pyvrp.Activity(end, at) for end in ends], number))
        return pyvrp.Solution(self.data, routes)

    def routes(self, solution: pyvrp.Solution) -> list[Route]:
        """Give a solution's routes in our terms, alike vehicles in their order."""
        left = {kind: list(keys) for kind, keys in self.types.items()}
        kinds = list(self.types)
        return [self._route(route, left[kinds[route.vehicle_type()]].pop(0)) for route in solution.routes()]

    def _route(self, route: pyvrp.Route, vehicle: str) -> Route:
        visits: list[Visit] = []
        schedule = route.schedule()
        for done in schedule:
            if done.is_depot():
                continue
            visits.append(
                Visit(
                    load=self.loads[done.idx].key,
                    kind="pickup" if done.is_pickup() else "delivery",
                    arrives=done.start_time - done.wait_duration,
                    begins=done.start_time,
                    ends=done.end_time,
                )
            )
        return Route(vehicle, route.start_time(), route.end_time(), route.distance(), tuple(visits))

    def _between(self, ways: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Give the ways between the places of the problem; to where open routes end it is no way at all."""
        size = len(self.places) + self.open
        found = np.zeros((size, size), dtype=np.int64)
        found[: len(self.places), : len(self.places)] = ways[np.ix_(self.places, self.places)]
        return found

    def _closed(self, seconds: npt.NDArray[np.int64], refused: frozenset[str]) -> npt.NDArray[np.int64]:
        """Give travel times in which no way to the ends of some loads can be driven in time."""
        if not refused:
            return seconds
        closed = seconds.copy()
        for at, load in enumerate(self.loads):
            if load.key in refused:
                ends = len(self.depots) + 2 * at
                closed[:, ends : ends + 2] = closed[ends : ends + 2, :] = 2 * self.horizon
        np.fill_diagonal(closed, 0)
        return closed

    def _vehicle_type(self, kind: Vehicle, available: int, profile: int) -> pyvrp.VehicleType:
        import pyvrp

        return pyvrp.VehicleType(
            num_available=available,
            capacity=list(kind.capacity),
            start_depot=self.depots.index(kind.start),
            end_depot=len(self.depots) if kind.end is None else self.depots.index(kind.end),
            fixed_cost=round(kind.fixed * _SHARES / self.unit),
            tw_early=kind.early,
            tw_late=min(kind.late, self.horizon),
            max_distance=kind.longest_metres,
            unit_distance_cost=round(kind.per_kilometre * _SHARES / 1000 / self.unit),
            unit_duration_cost=round(kind.per_hour * _SHARES / 3600 / self.unit),
            profile=profile,
        )

    def _shipment(self, at: int, load: Load) -> pyvrp.Shipment:
        import pyvrp

        first = len(self.depots) + 2 * at
        return pyvrp.Shipment(
            first,
            first + 1,
            pickup_tw_early=load.pickup.early,
            pickup_tw_late=min(load.pickup.late, self.horizon),
            pickup_service_duration=load.pickup.service,
            delivery_tw_early=load.delivery.early,
            delivery_tw_late=min(load.delivery.late, self.horizon),
            delivery_service_duration=load.delivery.service,
            amount=list(load.amounts),
            required=self.forced,
            prize=0 if self.forced else self._prize(load),
        )

    def _prize(self, load: Load) -> int:
        """Give what carrying a load is worth; one without pay is worth more than all others that are paid together."""
        worth = self._worth(load) if load.pay is not None else sum(map(self._worth, self.loads)) + self.dearest
        return round(worth * _SHARES / self.unit)

    def _worth(self, load: Load) -> float:
        """Give a load's pay in fen, up to twice the dearest way: more changes no plan but drowns the ways."""
        return min(load.pay or 0, 2 * self.dearest)


def _kind_of(vehicle: Vehicle, loads: Sequence[Load]) -> Vehicle:
    """Give a vehicle as its kind: without name, with all that any load needs, what it may not carry as refused."""
    closed = frozenset(load.key for load in loads if not vehicle.may_carry(load))
    return replace(vehicle, key="", has=frozenset().union(*(load.needs for load in loads)), refuses=closed)
