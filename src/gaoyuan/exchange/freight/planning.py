"""Planning: routes for loads and vehicles, a reason for each load that stays behind, and a plan that mends itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from gaoyuan.exchange.freight.alone import alone_cost_fen, obstacle
from gaoyuan.exchange.freight.checking import faults_of
from gaoyuan.exchange.freight.effort import Effort
from gaoyuan.exchange.freight.model import Freight, Load
from gaoyuan.exchange.freight.plan import Plan, Route, Unassigned
from gaoyuan.exchange.freight.solving import solve

__all__ = ["plan_freight", "refused", "replan"]

_USUAL = Effort()


def plan_freight(freight: Freight, effort: Effort = _USUAL) -> Plan:
    """Give the cheapest routes that are found in so much effort, loads that need to be carried before all others.

    Vehicles that end where they started take loads on the way back too. A load that no vehicle could carry even alone
    stays behind with that reason; others because all vehicles are taken, or because it pays less than the way to it
    costs. Every route has been checked by `checking.faults_of`, which knows nothing of how it was made.
    """
    return replan(freight, (), effort)


def replan(freight: Freight, kept: Collection[Route], effort: Effort = _USUAL) -> Plan:
    """Plan again all but some routes, which their carriers have accepted and which stay as they are. A refusal stands
    in `Vehicle.refuses` (see `refused`): its load goes to another vehicle or stays behind with a reason.
    """
    settled = {load for route in kept for load in route.loads}
    taken = {route.vehicle for route in kept}
    open_loads = [load for load in freight.loads if load.key not in settled]
    free = [vehicle for vehicle in freight.vehicles if vehicle.key not in taken]
    stays = [found for load in open_loads if (found := obstacle(load, freight))]
    hopeless = {one.load for one in stays}
    # What only vehicles that are taken could carry is no matter for the others.
    candidates = [
        load
        for load in open_loads
        if load.key not in hopeless and any(alone_cost_fen(load, one, freight) is not None for one in free)
    ]
    routes = [*kept, *solve(freight, candidates, free, effort)]
    carried = {load for route in routes for load in route.loads}
    stays += [_why(load, freight, taken) for load in open_loads if load.key not in carried and load.key not in hopeless]
    plan = Plan(tuple(routes), tuple(stays))
    faults = faults_of(plan, freight)
    if faults:
        raise AssertionError(f"a plan that cannot be driven: {faults[0]}")
    return plan


def refused(freight: Freight, vehicle: str, loads: Collection[str]) -> Freight:
    """Give the whole after a vehicle's carrier has refused some loads; the vehicle is not offered them again."""
    vehicles = tuple(
        replace(one, refuses=one.refuses | frozenset(loads)) if one.key == vehicle else one for one in freight.vehicles
    )
    return Freight(freight.loads, vehicles, freight.travel)


def _why(load: Load, freight: Freight, taken: Collection[str]) -> Unassigned:
    """Say why a load that some vehicle could carry alone is carried by none."""
    costs = [cost for one in freight.vehicles if (cost := alone_cost_fen(load, one, freight)) is not None]
    if load.pay is not None and load.pay < min(costs):
        pays, costs_yuan = load.pay / 100, min(costs) / 100
        return Unassigned(
            load.key,
            "pay",
            f"运价 {pays:,.2f} 元不足以抵偿单独运送的费用 {costs_yuan:,.2f} 元，也没有顺路的车",
            f"it pays {pays:,.2f} yuan, carrying it alone costs {costs_yuan:,.2f}, and no route passes by cheaply",
        )
    able = [one.key for one in freight.vehicles if one.may_carry(load)]
    if all(key in taken for key in able):
        return Unassigned(
            load.key,
            "no_vehicle",
            "能运的车都已接受其他路线",
            "all vehicles that could carry it have accepted other routes",
        )
    return Unassigned(
        load.key,
        "no_vehicle",
        f"能运的 {len(able)} 辆车都已排满",
        f"all {len(able)} vehicles that could carry it are full",
    )
