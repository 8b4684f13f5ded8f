"""Checking a plan against what was asked, from its visits alone: it knows nothing of how the plan was made."""

from __future__ import annotations

from collections import Counter

from gaoyuan.exchange.freight.model import Freight
from gaoyuan.exchange.freight.plan import Plan, Route, stop_of

__all__ = ["faults_of", "faults_of_route"]


def faults_of(plan: Plan, freight: Freight) -> list[str]:
    """Say all that is wrong with a plan; nothing where every route can be driven as it stands and every load is either
    carried once or named as staying behind.
    """
    faults = [fault for route in plan.routes for fault in faults_of_route(route, freight)]
    carried = Counter(load for route in plan.routes for load in route.loads)
    used = Counter(route.vehicle for route in plan.routes)
    behind = Counter(one.load for one in plan.unassigned)
    faults += [f"vehicle {vehicle} has {times} routes" for vehicle, times in used.items() if times > 1]
    for load in freight.load_of:
        if carried[load] + behind[load] != 1:
            faults.append(f"load {load} is carried {carried[load]} times and stays behind {behind[load]} times")
    return faults


def faults_of_route(route: Route, freight: Freight) -> list[str]:
    """Say all that is wrong with a route: order, times, capacity, equipment, papers, refusals, distance."""
    vehicle = freight.vehicle_of.get(route.vehicle)
    if vehicle is None:
        return [f"no vehicle is called {route.vehicle}"]
    unknown = [visit.load for visit in route.visits if visit.load not in freight.load_of]
    if unknown:
        return [f"{route.vehicle}: no load is called {unknown[0]}"]
    faults: list[str] = []
    held: dict[str, tuple[int, ...]] = {}
    done: set[str] = set()
    place, now, metres = vehicle.start, route.starts, 0
    for visit in route.visits:
        stop, load = stop_of(freight, visit), freight.load_of[visit.load]
        metres += int(freight.travel.metres[place, stop.place])
        now += int(freight.travel.seconds[place, stop.place])
        place = stop.place
        if visit.arrives < now:
            faults.append(f"{visit.kind} of {visit.load}: arrives at {visit.arrives} s, possible from {now} s on")
        if visit.begins < visit.arrives or not stop.early <= visit.begins <= stop.late:
            faults.append(f"{visit.kind} of {visit.load}: begins at {visit.begins} s, allowed {stop.early}–{stop.late}")
        if visit.ends < visit.begins + stop.service:
            faults.append(f"{visit.kind} of {visit.load}: is done before handing over ends")
        now = visit.ends
        if visit.kind == "pickup":
            if visit.load in held or visit.load in done:
                faults.append(f"{visit.load} is picked up twice")
            if not vehicle.may_carry(load):
                faults.append(f"{route.vehicle} may not carry {visit.load}")
            held[visit.load] = load.amounts
            over = [
                sum(row) > room for row, room in zip(zip(*held.values(), strict=True), vehicle.capacity, strict=True)
            ]
            if any(over):
                faults.append(f"{route.vehicle} is too full after {visit.load}")
        elif held.pop(visit.load, None) is None:
            faults.append(f"{visit.load} is delivered without having been picked up")
        else:
            done.add(visit.load)
    faults += [f"{load} is never delivered" for load in held]
    if vehicle.end is not None:
        metres += int(freight.travel.metres[place, vehicle.end])
        now += int(freight.travel.seconds[place, vehicle.end])
    if route.ends < now or route.starts < vehicle.early or route.ends > vehicle.late:
        faults.append(
            f"{route.vehicle} drives from {route.starts} to {route.ends} s, allowed {vehicle.early}–{vehicle.late}"
        )
    if metres != route.metres or metres > vehicle.longest_metres:
        faults.append(f"{route.vehicle} drives {metres} m, stated {route.metres}, allowed {vehicle.longest_metres}")
    return faults
