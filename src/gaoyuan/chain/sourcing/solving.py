"""Finding a plan and proving how good it is: bound, plan, and where the gap asks for it the exact solver."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gaoyuan.chain.sourcing.choices import Choices, restricted, total_cost
from gaoyuan.chain.sourcing.exact import settle
from gaoyuan.chain.sourcing.lagrangian import (
    ascend,
    begin_ascent,
    bound_by_part,
    capacity_prices,
    forcing_costs,
)
from gaoyuan.chain.sourcing.local_search import build_plan, fill_in, improve, round_plan
from gaoyuan.chain.sourcing.reading import Floats, Whole

_FIRST, _ROUND, _ROUNDS = 100, 40, 25
_FIXINGS = 4
_BATCH = 400


@dataclass(frozen=True, slots=True)
class Solved:
    """The ways taken (lines, 2; -1 for none), what they cost, and the proven lower bound of any plan's cost."""

    taken: Whole
    cost: float
    lower_bound: float


def relative_gap(cost: float, lower_bound: float) -> float:
    """Give (cost - bound) / cost, 0 where they are equal.

    >>> relative_gap(100.0, 98.0)
    0.02
    """
    return 0.0 if cost <= lower_bound else (cost - lower_bound) / cost


def solve(choices: Choices, gap: float, seconds: float) -> Solved:
    """Find a plan whose cost is within `gap` (a fraction) of its lower bound, or the best that `seconds` allow."""
    until = time.monotonic() + seconds
    taken = np.full((choices.penalty.size, 2), -1)
    fill_in(choices, taken, np.zeros(choices.penalty.size))
    improve(choices, taken)
    best = Solved(taken, total_cost(choices, taken), 0.0)
    if best.cost == 0.0:
        return best
    bound, prices = capacity_prices(choices, best.cost, _FIRST)
    best = _better(best, taken, best.cost, bound)
    ascent = begin_ascent(choices, prices)
    for round_ in range(_ROUNDS):
        if _near(best, gap) or (round_ > 0 and time.monotonic() > until):
            return best
        ascend(choices, ascent, best.cost, _ROUND)
        for taken in (
            build_plan(choices, ascent.u, ascent.selected),
            round_plan(choices, ascent.u, ascent.share),
        ):
            best = _better(best, taken, total_cost(choices, taken), ascent.bound)
        if ascent.stalled:
            break
    if not _near(best, gap):
        best = _finish(choices, best, ascent.best_u, gap, until)
        taken = best.taken.copy()
        improve(choices, taken)
        best = _better(best, taken, total_cost(choices, taken), best.lower_bound)
    return best


def _finish(choices: Choices, best: Solved, u: Floats, gap: float, until: float) -> Solved:
    """Give what bound and plan have left open to the exact solver, independent part by part, the widest gap first."""
    reduced, taken = choices, best.taken
    ways = np.arange(choices.line.size)
    for _ in range(_FIXINGS):
        # Ways that no better plan of their part takes fall away; then parts may fall apart.
        u, parts, of_line, of_supplier = _parts(reduced, u)
        lower = bound_by_part(reduced, u, of_line, of_supplier, parts)
        cost = _cost_by_part(reduced, taken, of_line, of_supplier, parts)
        rise = forcing_costs(reduced, u)
        part = of_line[reduced.line]
        kept = rise <= (cost - lower)[part] + 1e-9 * (1.0 + np.abs(cost))[part]
        kept[taken[taken >= 0]] = True
        if kept.all():
            break
        taken = _renumbered(taken, np.cumsum(kept) - 1)
        ways = ways[kept]
        reduced = restricted(reduced, np.flatnonzero(kept))
    u, parts, of_line, of_supplier = _parts(reduced, u)
    cost = _cost_by_part(reduced, taken, of_line, of_supplier, parts)
    lower = np.minimum(bound_by_part(reduced, u, of_line, of_supplier, parts), cost)
    order = np.argsort(lower - cost, kind="stable")
    # Small parts are solved together, for each call costs something by itself.
    size = np.cumsum(np.bincount(of_line[reduced.line], minlength=parts)[order])
    for batch in np.split(order, np.flatnonzero(np.diff(size // _BATCH)) + 1):
        left = until - time.monotonic()
        if cost.sum() - lower.sum() <= gap * lower.sum() or left <= 0.0 or cost[batch[0]] <= lower[batch[0]]:
            break
        lines = np.flatnonzero(np.isin(of_line, batch))
        settled = settle(reduced, lines, taken[lines], 0.5 * gap * max(lower[batch].sum(), 0.0), left)
        taken[lines] = settled.taken
        # What was proven of the parts together stands with the first of them.
        bound = min(settled.cost, max(lower[batch].sum(), settled.lower_bound))
        cost[batch], lower[batch] = 0.0, 0.0
        cost[batch[0]], lower[batch[0]] = settled.cost, bound
    taken = _renumbered(taken, ways)
    return _better(best, taken, total_cost(choices, taken), float(lower.sum() - 1e-11 * np.abs(lower).sum()))


def _renumbered(taken: Whole, number: Whole) -> Whole:
    found = np.full_like(taken, -1)
    found[taken >= 0] = number[taken[taken >= 0]]
    return found


def _parts(choices: Choices, u: Floats) -> tuple[Floats, int, Whole, Whole]:
    """Number the parts that share no supplier whose use by one line matters to another (lines; suppliers).

    A line earns no more than its cheapest way from a supplier that does not matter, which only raises the bound: `u`
    is given back lowered to that.
    """
    n, m = choices.penalty.size, choices.capacity.size
    matters = np.isfinite(choices.capacity) | (choices.opening > 0)
    ways = np.flatnonzero(matters[choices.supplier])
    links = coo_array((np.ones(ways.size), (choices.line[ways], n + choices.supplier[ways])), shape=(n + m, n + m))
    parts, part = connected_components(links, directed=False)
    free = np.flatnonzero(~matters[choices.supplier] & (choices.wanted[choices.line] == 1))
    lowered = u.copy()
    np.minimum.at(lowered, choices.line[free], choices.cost[free])
    return lowered, parts, part[:n].astype(np.int64), part[n:].astype(np.int64)


def _cost_by_part(choices: Choices, taken: Whole, of_line: Whole, of_supplier: Whole, parts: int) -> Floats:
    lines, slots = np.nonzero(taken >= 0)
    ways = taken[lines, slots]
    open_ = np.unique(choices.supplier[ways])
    unserved = np.flatnonzero(taken[:, 0] < 0)
    spent = np.zeros(parts)
    np.add.at(spent, of_line[lines], choices.cost[ways])
    np.add.at(spent, of_line[unserved], choices.penalty[unserved])
    np.add.at(spent, of_supplier[open_], choices.opening[open_])
    return spent


def _better(best: Solved, taken: Whole, cost: float, bound: float) -> Solved:
    if cost >= best.cost:
        taken, cost = best.taken, best.cost
    return Solved(taken, cost, min(cost, max(best.lower_bound, bound)))


def _near(best: Solved, gap: float) -> bool:
    # Measured on the smaller of the two, so that the gap holds whichever of them it is divided by.
    return best.cost - best.lower_bound <= gap * abs(best.lower_bound)
