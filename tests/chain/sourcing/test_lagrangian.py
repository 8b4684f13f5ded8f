from __future__ import annotations

import itertools

import numpy as np
import pytest

from gaoyuan.chain.sourcing.choices import choices_of, total_cost
from gaoyuan.chain.sourcing.lagrangian import (
    ascend,
    begin_ascent,
    bound_by_part,
    capacity_prices,
    forcing_costs,
)


def drawn(seed, lines=6, suppliers=3, opening=0.0, split=False):
    random = np.random.default_rng(seed)
    pairs = [(line, s) for line in range(lines) for s in range(suppliers) if random.random() < 0.8]
    line, supplier = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    return choices_of(
        line,
        supplier,
        random.uniform(1, 10, line.size),
        random.uniform(1, 5, line.size),
        random.uniform(5, 30, lines),
        random.integers(1, 3, lines) if split else np.ones(lines, dtype=np.int64),
        random.uniform(4, 9, suppliers),
        np.full(suppliers, opening),
    )


def least(choices, allowed=None):
    """Try every plan; the least cost."""
    options = []
    for line in range(choices.penalty.size):
        ways = range(choices.line_start[line], choices.line_start[line + 1])
        wanted = choices.wanted[line]
        options.append([(), *itertools.combinations(ways, wanted)])
    best = np.inf
    for plan in itertools.product(*options):
        taken = np.full((choices.penalty.size, 2), -1)
        for line, ways in enumerate(plan):
            taken[line, : len(ways)] = ways
        held = taken[taken >= 0]
        used = np.bincount(choices.supplier[held], choices.load[held], choices.capacity.size)
        if (used <= choices.capacity).all() and (allowed is None or allowed in held):
            best = min(best, total_cost(choices, taken))
    return best


@pytest.mark.parametrize("opening", [0.0, 6.0])
@pytest.mark.parametrize("split", [False, True])
def test_bounds_never_exceed_the_optimum_and_that_of_lines_bought_whole_is_the_sharper(opening, split):
    sharper = 0
    for seed in range(12):
        choices = drawn(seed, lines=5, opening=opening, split=split)
        best = least(choices)
        first, prices = capacity_prices(choices, best * 1.01, 200)
        assert first <= best + 1e-9
        ascent = begin_ascent(choices, prices)
        ascend(choices, ascent, best * 1.01, 300)
        assert ascent.bound <= best + 1e-9
        sharper += ascent.bound > first + 1e-6
        # The best u gives the best bound again, part by part or whole.
        zeros = np.zeros(5, dtype=np.int64)
        again = bound_by_part(choices, ascent.best_u, zeros, np.zeros(3, dtype=np.int64), 1)
        assert again[0] == pytest.approx(ascent.bound)
    # Where lines are split, either may be the sharper; the better of the two counts.
    assert split or sharper > 6


def test_a_bound_holds_at_any_earnings_whatever():
    random = np.random.default_rng(3)
    zeros = np.zeros(5, dtype=np.int64)
    for seed in range(12):
        choices = drawn(seed, lines=5)
        u = random.uniform(-5, 40, 5)
        assert bound_by_part(choices, u, zeros, np.zeros(3, dtype=np.int64), 1)[0] <= least(choices) + 1e-9


def test_no_plan_that_takes_a_way_costs_less_than_the_bound_and_its_rise():
    zeros = np.zeros(5, dtype=np.int64)
    for seed in range(6):
        choices = drawn(seed, lines=5, opening=2.0)
        _, prices = capacity_prices(choices, 100.0, 50)
        u = begin_ascent(choices, prices).u
        bound = bound_by_part(choices, u, zeros, np.zeros(3, dtype=np.int64), 1)[0]
        rise = forcing_costs(choices, u)
        for way in range(choices.line.size):
            assert bound + rise[way] <= least(choices, way) + 1e-9


def test_a_knapsack_of_hundreds_of_ways_is_bounded_and_not_searched_for_ever():
    random = np.random.default_rng(4)
    n = 3_000
    choices = choices_of(
        np.arange(n), np.zeros(n, dtype=np.int64), np.full(n, 1.0), random.uniform(1, 1.001, n), np.full(n, 2.0),
        np.ones(n, dtype=np.int64), np.array([n / 3]), np.zeros(1),
    )  # fmt: skip
    _, prices = capacity_prices(choices, 2.0 * n, 100)
    ascent = begin_ascent(choices, prices)
    ascend(choices, ascent, 2.0 * n, 20)
    # At most a third of the lines fit, each saves 1.
    assert ascent.bound <= 2.0 * n - int(n / 3 / 1.001) + 1
    assert ascent.bound >= 2.0 * n - n / 3 - 1
