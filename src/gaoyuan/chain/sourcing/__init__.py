"""Sourcing a bill of materials: who supplies each line, at what cost, how near to the best, and why not locally."""

from gaoyuan.chain.sourcing.bill_of_materials import BillLine, Explosion, explode
from gaoyuan.chain.sourcing.curve import CurvePoint, locality_curve
from gaoyuan.chain.sourcing.plan import Goal, Plan, Purchase, Reason, SecondSource
from gaoyuan.chain.sourcing.planning import compile_kernels, source

__all__ = [
    "BillLine",
    "CurvePoint",
    "Explosion",
    "Goal",
    "Plan",
    "Purchase",
    "Reason",
    "SecondSource",
    "compile_kernels",
    "explode",
    "locality_curve",
    "source",
]
