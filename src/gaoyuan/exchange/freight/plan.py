"""What planning gives: routes with their times, and of each load that nobody carries why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from gaoyuan.exchange.freight.model import Freight, Stop

__all__ = ["Plan", "Reason", "Route", "Unassigned", "Visit", "cost_fen"]

Kind: TypeAlias = Literal["pickup", "delivery"]
Reason: TypeAlias = Literal["too_large", "equipment", "refused", "time", "distance", "no_vehicle", "no_slot", "pay"]


@dataclass(frozen=True, slots=True)
class Visit:
    """A load is picked up or delivered: when the vehicle arrives, begins to hand over, and is done, in seconds."""

    load: str
    kind: Kind
    arrives: int
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Route:
    """What a vehicle does from its start (seconds) to its end, empty ways included."""

    vehicle: str
    starts: int
    ends: int
    metres: int
    visits: tuple[Visit, ...]

    @property
    def loads(self) -> tuple[str, ...]:
        """The loads that are carried, in the order in which they are picked up."""
        return tuple(visit.load for visit in self.visits if visit.kind == "pickup")


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A load that no route carries, and why: a code for programs, words for people."""

    load: str
    reason: Reason
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Routes of the vehicles that are used, and the loads that stay behind."""

    routes: tuple[Route, ...]
    unassigned: tuple[Unassigned, ...]

    def route_of(self, load: str) -> Route | None:
        """Give the route that carries a load."""
        return next((route for route in self.routes if load in route.loads), None)


def cost_fen(route: Route, freight: Freight) -> float:
    """Give what a route costs: for using the vehicle, by kilometre, by hour."""
    vehicle = freight.vehicle_of[route.vehicle]
    by_way = vehicle.per_kilometre * route.metres / 1000
    return vehicle.fixed + by_way + vehicle.per_hour * (route.ends - route.starts) / 3600


def stop_of(freight: Freight, visit: Visit) -> Stop:
    """Give where and when a visit's goods are handed over."""
    load = freight.load_of[visit.load]
    return load.pickup if visit.kind == "pickup" else load.delivery
