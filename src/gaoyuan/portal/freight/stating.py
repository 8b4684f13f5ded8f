"""The problem of a plan as plain data, and the same in the terms of `exchange.freight`.

Plain data stay with the plan, so that it can be checked and shown as it was made, whatever its vehicles become.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from gaoyuan.exchange.freight import FREE, Dock, Freight, Load, Route, Slot, Stop, Vehicle, Visit, roads_between
from gaoyuan.portal.freight import models

__all__ = ["Problem", "as_plain_route", "from_plain_route", "problem_of", "stated"]

Problem: TypeAlias = dict[str, Any]
"""`loads` and `vehicles` by their numbers, `places` as longitude and latitude, `docks`; times in seconds."""


def problem_of(
    plan: models.Plan,
    loads: Sequence[models.Load],
    vehicles: Iterable[models.Vehicle],
    *,
    not_before: Mapping[str, dt.datetime],
) -> Problem:
    """Write down what is asked. `not_before` is when a vehicle can start at the earliest, where that is not at the
    plan's beginning.
    """
    places: dict[tuple[float, float], int] = {}

    def place(longitude: float, latitude: float) -> int:
        return places.setdefault((longitude, latitude), len(places))

    def seconds(when: dt.datetime) -> int:
        return max(0, int((when - plan.begins).total_seconds()))

    refused: dict[int, list[str]] = {}
    for one in models.Declined.unscoped.filter(load__in=[load.pk for load in loads]):
        refused.setdefault(one.organisation.pk, []).append(str(one.load.pk))
    plain_loads = [
        {
            "key": str(load.pk),
            "from": [place(load.from_longitude, load.from_latitude), seconds(load.from_early), seconds(load.from_late)],
            "to": [place(load.to_longitude, load.to_latitude), seconds(load.to_early), seconds(load.to_late)],
            "service": load.handling_minutes * 60,
            "amounts": [load.weight_kg, load.volume_dm3, load.pallets],
            "needs": sorted(load.needs),
            "pay": load.pay_fen,
        }
        for load in loads
    ]
    plain_vehicles = [
        {
            "key": str(one.pk),
            "place": place(one.longitude, one.latitude),
            "returns": one.returns,
            "capacity": [one.weight_kg, one.volume_dm3, one.pallets],
            "early": seconds(max(one.begins, not_before.get(str(one.pk), one.begins))),
            "late": seconds(one.ends),
            "fixed": one.fixed_fen,
            "per_kilometre": one.per_kilometre_fen,
            "per_hour": one.per_hour_fen,
            "longest": one.longest_metres,
            "has": sorted(one.has),
            "refuses": sorted(refused.get(one.organisation.pk, [])),
        }
        for one in vehicles
    ]
    houses = {one for load in loads for one in (load.from_warehouse, load.to_warehouse) if one}
    docks = [
        {
            "place": place(house.longitude, house.latitude),
            "slots": [
                [seconds(slot.begins), seconds(slot.ends) - 1, slot.vehicles]
                for slot in models.DockSlot.unscoped.filter(warehouse=house)
                if slot.ends > plan.begins
            ],
        }
        for house in sorted(houses, key=lambda one: str(one.pk))
    ]
    return {"places": [list(one) for one in places], "loads": plain_loads, "vehicles": plain_vehicles, "docks": docks}


def stated(problem: Problem, plan: models.Plan) -> tuple[Freight, list[Dock]]:
    """Give the whole that a problem asks for, and the docks of its warehouses; a plan not built yet has neither."""
    places = problem.get("places") or [[0.0, 0.0]]
    travel = roads_between(
        [one[0] for one in places],
        [one[1] for one in places],
        detour=plan.detour,
        kilometres_per_hour=plan.kilometres_per_hour,
    )
    loads = tuple(
        Load(
            one["key"],
            Stop(*one["from"], service=one["service"]),
            Stop(*one["to"], service=one["service"]),
            tuple(one["amounts"]),
            frozenset(one["needs"]),
            one["pay"],
        )
        for one in problem.get("loads", [])
    )
    vehicles = tuple(
        Vehicle(
            one["key"],
            one["place"],
            one["place"] if one["returns"] else None,
            tuple(one["capacity"]),
            one["early"],
            one["late"],
            one["fixed"],
            one["per_kilometre"],
            one["per_hour"],
            FREE if one["longest"] is None else one["longest"],
            frozenset(one["has"]),
            frozenset(one["refuses"]),
        )
        for one in problem.get("vehicles", [])
    )
    docks = [Dock(one["place"], tuple(Slot(*slot) for slot in one["slots"])) for one in problem.get("docks", [])]
    return Freight(loads, vehicles, travel), docks


def as_plain_route(route: Route) -> dict[str, Any]:
    """Give a route's fields as a trip keeps them."""
    visits = [[one.load, one.kind, one.arrives, one.begins, one.ends] for one in route.visits]
    return {"starts": route.starts, "ends": route.ends, "metres": route.metres, "visits": visits}


def from_plain_route(trip: models.Trip) -> Route:
    """Give a trip's route."""
    visits = tuple(Visit(*one) for one in trip.visits)
    return Route(str(trip.vehicle.pk), trip.starts, trip.ends, trip.metres, visits)
