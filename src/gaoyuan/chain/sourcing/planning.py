"""Sourcing a bill of materials: three tables in, a plan with its proven bound out."""

from __future__ import annotations

import math
import time
from collections.abc import Hashable
from functools import cache

import numpy as np

from gaoyuan.chain.sourcing.choices import Choices, choices_of
from gaoyuan.chain.sourcing.lagrangian import ascend, begin_ascent, bound_by_part, capacity_prices, forcing_costs
from gaoyuan.chain.sourcing.local_search import build_plan, improve, room_left, round_plan
from gaoyuan.chain.sourcing.offer_costs import Priced, price_offers
from gaoyuan.chain.sourcing.plan import Goal, Plan, Purchase, SecondSource
from gaoyuan.chain.sourcing.problem import Problem, read_problem
from gaoyuan.chain.sourcing.reading import Floats, Given, Whole
from gaoyuan.chain.sourcing.reasons import reasons_of
from gaoyuan.chain.sourcing.solving import relative_gap, solve
from gaoyuan.errors import InputError

_GOALS: tuple[Goal, ...] = ("lowest price", "fewest suppliers", "most local")


def source(
    lines: Given,
    suppliers: Given,
    offers: Given,
    *,
    nonlocal_premium: float = 0.0,
    gap: float = 0.001,
    time_limit: float = 10.0,
    goal: Goal = "lowest price",
    supplier_cost: float | None = None,
    locality_weight: float = 10.0,
) -> Plan:
    """Choose a supplier for each line of a bill of materials, and prove how good the choice is.

    Each table is a pandas or Arrow table or a list of rows. `lines` has the columns `line`, `need` (units), `due_days`
    (missing: no date) and `unserved_penalty` (yuan), and may have `suppliers_wanted` (1, or 2: split in halves between
    two different suppliers), `critical` (name a stand-in) and `certificates_required`; `suppliers` has `supplier`,
    `capacity_hours` (missing: not known, taken as unlimited and told) and `local` (missing: not known, not local), and
    may have `certificates`; `offers` has `line`, `supplier`, `price_tiers` ([[min_quantity, unit_price], ...], all
    units at the price of the tier that the quantity reaches; none: no price, not usable), `moq` and `pack` (units),
    `lead_days` (missing: not known, not usable where the line has a date) and `hours_per_unit`, and may have
    `certificates`. Certificates are lists of names, or text divided by `;` or `,`; an offer counts with its supplier's.

    A line is bought whole. The quantity is the need rounded up to the minimum (of the offer and of its first tier) and
    to whole packs, or the least quantity in a higher tier where that is cheaper; it takes `hours_per_unit` a unit of
    the supplier's `capacity_hours`, which all lines share. A line that needs nothing is neither bought nor penalised.

    The plan minimises purchase cost + `nonlocal_premium` (a fraction) on what is not bought locally + the penalties of
    lines not served. The goal "fewest suppliers" adds `supplier_cost` (yuan) for each supplier used, by default the
    mean of the lines' cheapest offers; "most local" adds `locality_weight` times its cheapest offer for each line (or
    half) that is not bought locally, be it bought elsewhere or not served. The search ends within `gap` (a fraction) of
    the bound, or with what is found after `time_limit` seconds.

    Raises ColumnsMissing and InputError, with table, row and column, for what cannot be: a negative or missing number,
    a name that stands twice, an offer of an unknown line or supplier.

    >>> lines = [{"line": "bolt", "need": 95, "due_days": 10, "unserved_penalty": 900.0}]
    >>> suppliers = [{"supplier": "A", "capacity_hours": 50, "local": True}]
    >>> offers = [{"line": "bolt", "supplier": "A", "price_tiers": [[1, 2.0], [100, 1.8]], "moq": 1, "pack": 10,
    ...            "lead_days": 5, "hours_per_unit": 0.1}]
    >>> plan = source(lines, suppliers, offers)
    >>> plan.assignment, plan.quantity, plan.objective, plan.gap
    ({'bolt': 'A'}, {'bolt': 100.0}, 180.0, 0.0)
    """
    compile_kernels()
    began = time.monotonic()
    checked_number(nonlocal_premium, "nonlocal_premium")
    checked_number(gap, "gap")
    checked_number(time_limit, "time_limit")
    checked_number(locality_weight, "locality_weight")
    if supplier_cost is not None:
        checked_number(supplier_cost, "supplier_cost")
    if goal not in _GOALS:
        raise InputError(f"{goal!r} is no goal", where="goal", mend=f"Give one of {', '.join(_GOALS)}.")
    problem = read_problem(lines, suppliers, offers)
    priced = price_offers(problem)
    left = time_limit - (time.monotonic() - began)
    return plan_for(problem, priced, nonlocal_premium, gap, left, goal, supplier_cost, locality_weight)


@cache
def compile_kernels() -> None:
    """Compile or load every kernel once, so that it does not count in anybody's time limit."""
    one = np.ones(1)
    zero, none = np.zeros(1, dtype=np.int64), np.full((1, 2), -1)
    rows = [{"line": 0, "need": 1, "due_days": None, "unserved_penalty": 9}]
    sellers = [{"supplier": 0, "capacity_hours": 9, "local": True}]
    offer = {
        "line": 0,
        "supplier": 0,
        "price_tiers": [[1, 1]],
        "moq": 0,
        "pack": 1,
        "lead_days": 0,
        "hours_per_unit": 1,
    }
    price_offers(read_problem(rows, sellers, [offer]))
    choices = choices_of(zero, zero, one, one, one, zero + 1, 0.5 * one, one)
    _, prices = capacity_prices(choices, 1.0, 1)
    ascent = begin_ascent(choices, prices)
    ascend(choices, ascent, 1.0, 1)
    build_plan(choices, ascent.u, ascent.selected)
    round_plan(choices, ascent.u, ascent.share)
    forcing_costs(choices, ascent.u)
    bound_by_part(choices, ascent.u, zero, zero, 1)
    improve(choices, none)


def plan_for(
    problem: Problem,
    priced: Priced,
    premium: float,
    gap: float,
    seconds: float,
    goal: Goal = "lowest price",
    supplier_cost: float | None = None,
    locality_weight: float = 10.0,
) -> Plan:
    """Plan what is read and priced already; arguments as for `source`."""
    line, supplier = problem.line[priced.offer], problem.supplier[priced.offer]
    paid = priced.quantity * priced.price
    away = ~problem.local[supplier]
    cost = np.where(away, paid * (1.0 + premium), paid)
    # A line that needs nothing costs nothing, served or not.
    penalty = np.where(problem.need > 0, problem.penalty, 0.0)
    cheapest = np.full(len(problem.lines), np.inf)
    np.minimum.at(cheapest, line, paid)
    cheapest[np.isinf(cheapest)] = 0.0
    opening, astray = np.zeros(len(problem.suppliers)), np.zeros(len(problem.lines))
    if goal == "fewest suppliers":
        offered = cheapest[cheapest > 0]
        mean = float(offered.mean()) if offered.size else 0.0
        opening[:] = mean if supplier_cost is None else supplier_cost
    elif goal == "most local":
        astray = locality_weight * cheapest
    choices = choices_of(
        line,
        supplier,
        cost + np.where(away, astray[line], 0.0),
        priced.hours,
        penalty + astray * priced.wanted,
        priced.wanted,
        np.where(np.isnan(problem.capacity), np.inf, problem.capacity),
        opening,
    )
    solved = solve(choices, gap, seconds)
    taken = solved.taken.copy()
    if not opening.any():
        _prefer_local(problem, choices, taken)
    return _told(problem, priced, choices, taken, solved.lower_bound, premium, penalty, astray, goal)


def checked_number(value: float, name: str) -> None:
    """Refuse a setting that is no finite number of at least 0."""
    if not (isinstance(value, (int, float, np.number)) and math.isfinite(value) and value >= 0):
        raise InputError(
            f"{value!r} cannot be",
            where=name,
            mend="Give a finite number of at least 0.",
            zh=f"不能是 {value!r}",
            mend_zh="须为不小于 0 的有限的数",
        )


def _prefer_local(problem: Problem, choices: Choices, taken: Whole) -> None:
    """Buy locally, in place, what costs no more there and fits."""
    room, _ = room_left(choices, taken)
    local = problem.local[choices.supplier]
    lines, slots = np.nonzero(taken >= 0)
    least = np.full(len(problem.lines), np.inf)
    np.minimum.at(least, choices.line[local], choices.cost[local])
    tied = ~local[taken[lines, slots]] & (least[lines] <= choices.cost[taken[lines, slots]])
    for line, slot in zip(lines[tied].tolist(), slots[tied].tolist(), strict=True):
        held, other = taken[line, slot], taken[line, 1 - slot]
        for way in range(choices.line_start[line], choices.line_start[line + 1]):
            s = choices.supplier[way]
            doubled = other >= 0 and choices.supplier[other] == s
            if local[way] and not doubled and choices.cost[way] <= choices.cost[held] and choices.load[way] <= room[s]:
                room[choices.supplier[held]] += choices.load[held]
                room[s] -= choices.load[way]
                taken[line, slot] = way
                break


def _told(
    problem: Problem,
    priced: Priced,
    choices: Choices,
    taken: Whole,
    lower_bound: float,
    premium: float,
    penalty: Floats,
    astray: Floats,
    goal: Goal,
) -> Plan:
    paid = priced.quantity * priced.price
    # The cheaper supplier of a split line stands first.
    both = np.flatnonzero(taken[:, 1] >= 0)
    swap = both[paid[taken[both, 1]] < paid[taken[both, 0]]]
    taken[swap] = taken[swap][:, ::-1]
    lines, slots = np.nonzero(taken >= 0)
    ways = taken[lines, slots]
    suppliers = choices.supplier[ways]
    local = problem.local[suppliers]
    premiums = np.where(local, 0.0, paid[ways] * premium)
    unserved = taken[:, 0] < 0
    quantity = np.bincount(lines, priced.quantity[ways], len(problem.lines))
    named = [problem.suppliers[s] for s in suppliers.tolist()]
    purchases = tuple(
        map(
            Purchase,
            [problem.lines[at] for at in lines.tolist()],
            named,
            priced.quantity[ways].tolist(),
            priced.tier[ways].tolist(),
            priced.price[ways].tolist(),
            paid[ways].tolist(),
            premiums.tolist(),
            priced.hours[ways].tolist(),
            local.tolist(),
        )
    )
    assignment: dict[Hashable, Hashable | None] = dict.fromkeys(problem.lines)
    for purchase, slot in zip(purchases, slots.tolist(), strict=True):
        if slot == 0:
            assignment[purchase.line] = purchase.supplier
    purchase_cost, premium_cost = float(paid[ways].sum()), float(premiums.sum())
    penalty_cost = float(penalty[unserved].sum())
    strayed = astray[lines[~local]].sum() + (astray * priced.wanted)[unserved].sum()
    goal_cost = float(choices.opening[np.unique(suppliers)].sum() + strayed)
    objective = purchase_cost + premium_cost + penalty_cost + goal_cost
    bound = min(objective, lower_bound)
    stand_ins = _second_sources(problem, priced, choices, taken)
    return Plan(
        goal=goal,
        nonlocal_premium=float(premium),
        assignment=assignment,
        quantity=dict(zip(problem.lines, quantity.tolist(), strict=True)),
        purchases=purchases,
        second_sources=stand_ins,
        purchase_cost=purchase_cost,
        premium_cost=premium_cost,
        penalty_cost=penalty_cost,
        goal_cost=goal_cost,
        objective=objective,
        lower_bound=bound,
        gap=relative_gap(objective, bound),
        reasons=reasons_of(problem, priced, choices, taken, stand_ins),
    )


def _second_sources(problem: Problem, priced: Priced, choices: Choices, taken: Whole) -> dict[Hashable, SecondSource]:
    """Name the other half of split lines, and a stand-in for critical ones: the cheapest other supplier with room, or
    without where none has.
    """
    found: dict[Hashable, SecondSource] = {}
    room, _ = room_left(choices, taken)
    paid = priced.quantity * priced.price
    for line in np.flatnonzero((taken[:, 0] >= 0) & (problem.critical | (taken[:, 1] >= 0))).tolist():
        name, first, second = problem.lines[line], int(taken[line, 0]), int(taken[line, 1])
        if second >= 0:
            supplier = problem.suppliers[int(choices.supplier[second])]
            found[name] = SecondSource(supplier, bought=True, has_room=True, extra_cost=0.0)
            continue
        others = [
            (bool(choices.load[way] > room[choices.supplier[way]]), float(paid[way]), int(choices.supplier[way]))
            for way in range(choices.line_start[line], choices.line_start[line + 1])
            if choices.supplier[way] != choices.supplier[first]
        ]
        if others:
            full, price, supplier = min(others)
            extra = price - float(paid[first])
            found[name] = SecondSource(problem.suppliers[supplier], bought=False, has_room=not full, extra_cost=extra)
    return found
