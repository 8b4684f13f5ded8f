"""What the pages of plans and trips show: stops with times and loads, ways saved, and a drawing of the routes."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import get_language

from gaoyuan.exchange.freight import Freight, Ways, faults_of_route, ways_of
from gaoyuan.exchange.process import process
from gaoyuan.portal.cases.forms import in_words
from gaoyuan.portal.freight.models import Load, Plan, Trip
from gaoyuan.portal.freight.service import need_words, place_words
from gaoyuan.portal.freight.stating import from_plain_route, stated

__all__ = ["Drawing", "Shown", "Stop", "drawing_of", "shown_trip", "shown_trips", "unassigned_of"]

_WIDE, _HIGH, _EDGE = 720, 420, 24
_COLOURS = ("#1b6ca8", "#b5541c", "#2e7d4f", "#7a3b8f", "#a8861b", "#ad2f45", "#3f7f86", "#5b5b5b")
_BOUND = {"accepted", "under_way", "delivered", "disputed", "completed", "unsettled"}


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop of a trip as the page shows it; `board_kg` is what is on board when the vehicle leaves."""

    number: int
    kind: str
    load: Load
    place: str
    contact: str
    arrives: dt.datetime
    begins: dt.datetime
    leaves: dt.datetime
    board_kg: int
    state: str
    needs: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A trip as a page shows it. `faults` is what the checker finds; nothing with a fault is shown as a plan."""

    trip: Trip
    starts: dt.datetime
    ends: dt.datetime
    stops: list[Stop]
    ways: Ways
    faults: list[str]
    colour: str

    @property
    def kilometres(self) -> float:
        """The whole way in km."""
        return self.ways.metres / 1000

    @property
    def empty_kilometres(self) -> float:
        """The empty way in km."""
        return self.ways.empty / 1000

    @property
    def pay_yuan(self) -> float:
        """What the trip pays."""
        return self.trip.pay_fen / 100


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing of routes: lines as points of SVG with a colour, and stops."""

    wide: int = _WIDE
    high: int = _HIGH
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    stops: list[tuple[float, float, str, str]] = field(default_factory=list)


def shown_trips(plan: Plan, trips: Iterable[Trip]) -> list[Shown]:
    """Give the trips of a plan as its planner sees them."""
    freight, _ = stated(plan.problem, plan)
    loads = _loads(plan.problem)
    return [
        _shown(plan, trip, freight, loads, _COLOURS[at % len(_COLOURS)], whole=True)
        for at, trip in enumerate(one for one in trips if one.visits)
    ]


def shown_trip(trip: Trip) -> Shown:
    """Give a trip as its carrier sees it: addresses and contacts of the loads that he has accepted."""
    freight, _ = stated(trip.plan.problem, trip.plan)
    return _shown(trip.plan, trip, freight, _loads(trip.plan.problem), _COLOURS[0], whole=False)


def unassigned_of(plan: Plan) -> list[dict[str, object]]:
    """Give the loads that a plan leaves behind and the reason, in the language of the page."""
    language = "en" if get_language() == "en" else "zh"
    loads = Load.unscoped.select_related("case", "organisation").in_bulk([int(one["load"]) for one in plan.unassigned])
    rows: list[dict[str, object]] = []
    for one in plan.unassigned:
        load = loads.get(int(one["load"]))
        if load is not None and load.trip is None and load.case.state == "posted":
            rows.append({"load": load, "why": one[language], "needs": need_words(load.needs)})
    return rows


def drawing_of(plan: Plan, shown: Sequence[Shown]) -> Drawing | None:
    """Draw routes on a plain plane; None where there is nothing to draw."""
    places = plan.problem.get("places", [])
    if not shown or not places:
        return None
    west, east = min(one[0] for one in places), max(one[0] for one in places)
    south, north = min(one[1] for one in places), max(one[1] for one in places)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = min((_WIDE - 2 * _EDGE) / max((east - west) * narrow, 1e-6), (_HIGH - 2 * _EDGE) / max(north - south, 1e-6))

    def at(place: int) -> tuple[float, float]:
        longitude, latitude = places[place]
        return round(_EDGE + (longitude - west) * narrow * scale, 1), round(_EDGE + (north - latitude) * scale, 1)

    freight, _ = stated(plan.problem, plan)
    drawing = Drawing()
    for one in shown:
        vehicle = freight.vehicle_of[str(one.trip.vehicle.pk)]
        route = [vehicle.start]
        for load, kind, *_times in one.trip.visits:
            held = freight.load_of[load]
            route.append(held.pickup.place if kind == "pickup" else held.delivery.place)
        if vehicle.end is not None:
            route.append(vehicle.end)
        points = [at(place) for place in route]
        drawing.lines.append((" ".join(f"{x},{y}" for x, y in points), one.colour, one.trip.vehicle.plate))
        drawing.stops.append((*points[0], one.colour, one.trip.vehicle.plate))
        drawing.stops.extend(
            (*point, one.colour, f"{stop.number} {stop.place}")
            for point, stop in zip(points[1:], one.stops, strict=False)
        )
    return drawing


def _shown(plan: Plan, trip: Trip, freight: Freight, loads: Mapping[str, Load], colour: str, *, whole: bool) -> Shown:
    route = from_plain_route(trip)
    states = process("freight").states
    stops: list[Stop] = []
    board = 0
    for number, visit in enumerate(route.visits, start=1):
        load = loads[visit.load]
        picks = visit.kind == "pickup"
        board += load.weight_kg if picks else -load.weight_kg
        told = whole or load.case.state in _BOUND
        place = place_words(load, "from" if picks else "to", whole=told)
        times = (plan.begins + dt.timedelta(seconds=one) for one in (visit.arrives, visit.begins, visit.ends))
        stops.append(
            Stop(
                number,
                visit.kind,
                load,
                place,
                load.contact if told else "",
                *times,
                board_kg=board,
                state=in_words(states[load.case.state]),
                needs=need_words(load.needs),
            )
        )
    return Shown(
        trip,
        plan.begins + dt.timedelta(seconds=trip.starts),
        plan.begins + dt.timedelta(seconds=trip.ends),
        stops,
        ways_of(route, freight),
        faults_of_route(route, freight),
        colour,
    )


def _loads(problem: Mapping[str, list[dict[str, str]]]) -> dict[str, Load]:
    keys = [int(one["key"]) for one in problem.get("loads", [])]
    found = Load.unscoped.filter(pk__in=keys).select_related("case", "organisation")
    return {str(one.pk): one for one in found}
