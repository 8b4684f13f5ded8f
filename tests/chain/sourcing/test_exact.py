from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.chain.sourcing.choices import choices_of, restricted, total_cost
from gaoyuan.chain.sourcing.exact import settle


def three_lines():
    """Two suppliers of one place each: the third line is not served."""
    return choices_of(
        np.array([0, 0, 1, 1, 2]),
        np.array([0, 1, 0, 1, 1]),
        np.array([1.0, 4.0, 2.0, 2.5, 3.0]),
        np.ones(5),
        np.array([10.0, 10.0, 5.0]),
        np.ones(3, dtype=np.int64),
        np.ones(2),
        np.zeros(2),
    )


def test_the_solver_finds_the_optimum_and_proves_it():
    choices = three_lines()
    nothing = np.full((3, 2), -1)
    settled = settle(choices, np.arange(3), nothing, 0.0, 10.0)
    assert settled.cost == pytest.approx(8.5)
    assert settled.lower_bound == pytest.approx(8.5)
    assert total_cost(choices, settled.taken) == pytest.approx(8.5)


def test_without_time_the_plan_that_was_given_comes_back():
    choices = three_lines()
    given = np.array([[0, -1], [3, -1], [-1, -1]])
    settled = settle(choices, np.arange(3), given, 0.0, 0.0)
    assert settled.cost <= 8.5
    assert settled.lower_bound <= 8.5


def test_lines_without_ways_cost_their_penalty():
    choices = restricted(three_lines(), np.zeros(0, dtype=np.int64))
    settled = settle(choices, np.arange(3), np.full((3, 2), -1), 0.0, 10.0)
    assert settled.cost == 25.0
    assert settled.lower_bound == pytest.approx(25.0)
