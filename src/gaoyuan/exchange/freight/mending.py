"""Taking loads out of a route that goes on without them."""

from __future__ import annotations

from collections.abc import Collection

from gaoyuan.exchange.freight.model import Freight
from gaoyuan.exchange.freight.plan import Route, Visit, stop_of

__all__ = ["without"]


def without(route: Route, loads: Collection[str], freight: Freight) -> Route | None:
    """Give a route without some of its loads; None where no load is left.

    The other stops keep their order and the times that were agreed on: nothing begins earlier, and nothing later where
    ways are no longer through a third place than straight. Where they are, `checking.faults_of_route` tells.
    """
    left = [visit for visit in route.visits if visit.load not in loads]
    if not left:
        return None
    vehicle, ways = freight.vehicle_of[route.vehicle], freight.travel
    visits: list[Visit] = []
    place, now, metres = vehicle.start, route.starts, 0
    for visit in left:
        stop = stop_of(freight, visit)
        metres += int(ways.metres[place, stop.place])
        arrives = now + int(ways.seconds[place, stop.place])
        begins = max(arrives, visit.begins)
        now, place = begins + stop.service, stop.place
        visits.append(Visit(visit.load, visit.kind, arrives, begins, now))
    if vehicle.end is not None:
        metres += int(ways.metres[place, vehicle.end])
        now += int(ways.seconds[place, vehicle.end])
    return Route(route.vehicle, route.starts, now, metres, tuple(visits))
