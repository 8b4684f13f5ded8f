"""The price of locality: what buying more locally costs, as the premium on everything else rises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gaoyuan.chain.sourcing.offer_costs import price_offers
from gaoyuan.chain.sourcing.planning import checked_number, compile_kernels, plan_for
from gaoyuan.chain.sourcing.problem import read_problem
from gaoyuan.chain.sourcing.reading import Given


class CurvePoint(NamedTuple):
    """One plan of the curve: the `premium` that chose it, what it pays (`purchase_cost`, the premium not included, and
    `penalty_cost`, yuan), the share of the purchase cost that is local (None: nothing is bought), how many lines are
    local and how many not served, and the plan's `objective` (premium included), `lower_bound` and `gap`.
    """

    premium: float
    purchase_cost: float
    penalty_cost: float
    local_share: float | None
    local_lines: int
    unserved_lines: int
    objective: float
    lower_bound: float
    gap: float


def locality_curve(
    lines: Given,
    suppliers: Given,
    offers: Given,
    premiums: Sequence[float] = (0.0, 0.05, 0.1, 0.2, 0.5),
    *,
    gap: float = 0.001,
    time_limit: float = 10.0,
) -> tuple[CurvePoint, ...]:
    """Source the same lines once for each premium, in the given order; tables as for `source`, `time_limit` in seconds
    for each point.

    A premium above the highest price difference finds the most that can be bought locally. Between points within their
    gaps the curve need not be monotone.

    >>> lines = [{"line": "bolt", "need": 10, "due_days": None, "unserved_penalty": 90.0}]
    >>> suppliers = [{"supplier": "near", "capacity_hours": 9, "local": True},
    ...              {"supplier": "far", "capacity_hours": 9, "local": False}]
    >>> offers = [{"line": "bolt", "supplier": name, "price_tiers": [[1, price]], "moq": 1, "pack": 1, "lead_days": 5,
    ...            "hours_per_unit": 0.1} for name, price in (("near", 1.1), ("far", 1.0))]
    >>> [(point.premium, point.local_share) for point in locality_curve(lines, suppliers, offers, (0.0, 0.2))]
    [(0.0, 0.0), (0.2, 1.0)]
    """
    for premium in premiums:
        checked_number(premium, "premiums")
    compile_kernels()
    problem = read_problem(lines, suppliers, offers)
    priced = price_offers(problem)
    points = []
    for premium in premiums:
        plan = plan_for(problem, priced, premium, gap, time_limit)
        local = {purchase.line for purchase in plan.purchases if purchase.local}
        away = {purchase.line for purchase in plan.purchases if not purchase.local}
        points.append(
            CurvePoint(
                premium=float(premium),
                purchase_cost=plan.purchase_cost,
                penalty_cost=plan.penalty_cost,
                local_share=plan.local_share,
                local_lines=len(local - away),
                unserved_lines=sum(
                    supplier is None and plan.quantity[line] == 0 and plan.reasons[line][0].code != "nothing needed"
                    for line, supplier in plan.assignment.items()
                ),
                objective=plan.objective,
                lower_bound=plan.lower_bound,
                gap=plan.gap,
            )
        )
    return tuple(points)
