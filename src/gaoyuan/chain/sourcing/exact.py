"""The rest of the gap, closed by the mixed-integer solver HiGHS: it is given what bound and plan have not settled.

Huangfu & Hall (2018), Parallelizing the dual revised simplex method, Mathematical Programming Computation 10.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array

from gaoyuan.chain.sourcing.choices import Choices
from gaoyuan.chain.sourcing.reading import Floats, Whole


@dataclass(frozen=True, slots=True)
class Settled:
    """What the solver found for a set of lines: their ways (chosen lines, 2), what they cost, and the lower bound of
    what any plan of these lines costs.
    """

    taken: Whole
    cost: float
    lower_bound: float


def settle(choices: Choices, lines: Whole, start: Whole, gap: float, seconds: float) -> Settled:
    """Solve the lines numbered `lines`, which share no supplier that matters with any other line.

    `start` (chosen lines, 2; -1 for none) is a plan to begin with and what is given back where nothing better is found;
    the search ends at the absolute `gap` in yuan or after `seconds`.
    """
    # Loaded only where it is needed: highspy cannot share a process with ortools, and most plans do without.
    import highspy

    chosen = np.full(choices.penalty.size, -1)
    chosen[lines] = np.arange(lines.size)
    ways = np.flatnonzero(chosen[choices.line] >= 0)
    suppliers, supplier = np.unique(choices.supplier[ways], return_inverse=True)
    line, count, n, m = chosen[choices.line[ways]], ways.size, lines.size, suppliers.size
    limited = np.isfinite(choices.capacity[suppliers])
    opening = choices.opening[suppliers]
    opens = np.flatnonzero(opening > 0)
    opened = np.full(m, -1)
    opened[opens] = count + n + np.arange(opens.size)
    linked = np.flatnonzero(opened[supplier] >= 0)
    split = np.flatnonzero(choices.wanted[lines[line]] == 2)
    pair, pair_of = np.unique(line[split] * m + supplier[split], return_inverse=True)
    # Columns: ways, lines not served, suppliers opened. Rows: each line once, capacities, a way only of an open
    # supplier, a split line from two different ones.
    links, pairs = n + m + np.arange(linked.size), n + m + linked.size + pair_of
    places = (
        (line, np.arange(count), 1.0),
        (np.arange(n), count + np.arange(n), choices.wanted[lines]),
        (n + supplier, np.arange(count), np.where(limited[supplier], choices.load[ways], 0.0)),
        (links, linked, 1.0),
        (links, opened[supplier[linked]], -1.0),
        (pairs, split, 1.0),
    )
    rows, columns, values = (
        np.concatenate([np.broadcast_to(place[which], place[0].shape) for place in places]) for which in range(3)
    )
    width, height = count + n + opens.size, n + m + linked.size + pair.size
    matrix = coo_array((values.astype(np.float64), (rows, columns)), shape=(height, width)).tocsc()
    matrix.eliminate_zeros()
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = width, height
    program.col_cost_ = np.concatenate([choices.cost[ways], choices.penalty[lines], opening[opens]])
    program.col_lower_, program.col_upper_ = np.zeros(width), np.ones(width)
    wanted = choices.wanted[lines].astype(float)
    program.row_lower_ = np.concatenate([wanted, np.full(height - n, -np.inf)])
    program.row_upper_ = np.concatenate([
        wanted, np.where(limited, choices.capacity[suppliers], np.inf), np.zeros(linked.size), np.ones(pair.size),
    ])  # fmt: skip
    program.a_matrix_.start_, program.a_matrix_.index_ = matrix.indptr, matrix.indices
    program.a_matrix_.value_ = matrix.data
    program.integrality_ = [highspy.HighsVarType.kInteger] * width
    begun = _as_columns(choices, start, ways, lines, opened, suppliers, width)
    solver = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("parallel", "off"),
        ("mip_abs_gap", gap),
        ("mip_rel_gap", 0.0),
        ("time_limit", max(seconds, 0.01)),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(program)
    if begun is not None:
        solution = highspy.HighsSolution()
        solution.col_value = begun.tolist()
        solver.setSolution(solution)
    solver.run()
    info = solver.getInfo()
    found = np.asarray(solver.getSolution().col_value)
    ours = _cost(choices, start, lines)
    bound = info.mip_dual_bound
    taken = _from_columns(found, ways, line, choices.wanted[lines]) if found.size == width else start
    cost = _cost(choices, taken, lines)
    if cost >= ours or not _keeps(choices, taken):
        taken, cost = start, ours
    return Settled(taken, cost, bound if np.isfinite(bound) else -np.inf)


def _as_columns(
    choices: Choices, start: Whole, ways: Whole, lines: Whole, opened: Whole, suppliers: Whole, width: int
) -> Floats | None:
    """Write a plan as a solution of the program; None where it takes a way that is not allowed."""
    held = start[start >= 0]
    places = np.searchsorted(ways, held)
    if (places >= ways.size).any() or (ways[np.minimum(places, ways.size - 1)] != held).any():
        return None
    solution = np.zeros(width)
    solution[places] = 1.0
    solution[ways.size : ways.size + lines.size] = start[:, 0] < 0
    used = opened[np.searchsorted(suppliers, np.unique(choices.supplier[held]))]
    solution[used[used >= 0]] = 1.0
    return solution


def _from_columns(found: Floats, ways: Whole, line: Whole, wanted: Whole) -> Whole:
    taken = np.full((wanted.size, 2), -1)
    for place in np.flatnonzero(found[: ways.size] > 0.5).tolist():
        slot = 0 if taken[line[place], 0] < 0 else 1
        taken[line[place], slot] = ways[place]
    taken[(taken >= 0).sum(axis=1) != wanted] = -1
    return taken


def _cost(choices: Choices, taken: Whole, lines: Whole) -> float:
    ways = taken[taken >= 0]
    opening = choices.opening[np.unique(choices.supplier[ways])].sum()
    return float(choices.cost[ways].sum() + choices.penalty[lines[taken[:, 0] < 0]].sum() + opening)


def _keeps(choices: Choices, taken: Whole) -> bool:
    """Tell whether a plan keeps the capacities exactly, not only to the solver's tolerance."""
    ways = taken[taken >= 0]
    used = np.bincount(choices.supplier[ways], choices.load[ways], choices.capacity.size)
    return bool((used <= choices.capacity).all())
