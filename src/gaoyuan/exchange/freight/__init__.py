"""Freight (车货匹配): routes and return loads for loads and vehicles, with a reason for each load that stays behind."""

from gaoyuan.exchange.freight.alone import obstacle
from gaoyuan.exchange.freight.checking import faults_of, faults_of_route
from gaoyuan.exchange.freight.docks import Dock, Slot, crowded_slots, plan_with_docks
from gaoyuan.exchange.freight.effort import Effort
from gaoyuan.exchange.freight.mending import without
from gaoyuan.exchange.freight.model import FREE, Freight, FreightInvalid, Load, Stop, Travel, Vehicle, roads_between
from gaoyuan.exchange.freight.plan import Plan, Route, Unassigned, Visit, cost_fen
from gaoyuan.exchange.freight.planning import plan_freight, refused, replan
from gaoyuan.exchange.freight.settling import Ways, load_prices_fen, share_fen, ways_of

__all__ = [
    "FREE",
    "Dock",
    "Effort",
    "Freight",
    "FreightInvalid",
    "Load",
    "Plan",
    "Route",
    "Slot",
    "Stop",
    "Travel",
    "Unassigned",
    "Vehicle",
    "Visit",
    "Ways",
    "cost_fen",
    "crowded_slots",
    "faults_of",
    "faults_of_route",
    "load_prices_fen",
    "obstacle",
    "plan_freight",
    "plan_with_docks",
    "refused",
    "replan",
    "roads_between",
    "share_fen",
    "ways_of",
    "without",
]
