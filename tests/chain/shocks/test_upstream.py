"""The walk behind upstream losses."""

from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.chain.shocks.network import compile_network
from gaoyuan.chain.shocks.upstream import stopped_walk, walk_of


def _walk(supplier, buyer, value, firms, revenue=None):
    return walk_of(compile_network(supplier, buyer, value, [0] * firms, [[0]], revenue=revenue, weights=[1.0] * firms))


def test_a_closed_group_is_one_state() -> None:
    # 0 → 1 ⇄ 2, 0 → 3, which sells nothing.
    walk = _walk([0, 1, 2, 0], [1, 2, 1, 3], [3.0, 1.0, 1.0, 1.0], 4)
    assert walk.state[1] == walk.state[2]
    assert walk.closed[walk.state[1]]
    assert not walk.closed[walk.state[[0, 3]]].any()
    assert walk.visits[walk.state[1]] == pytest.approx(0.5 + 0.25 * 0.75)


def test_who_sells_only_to_itself_is_a_closed_group_alone() -> None:
    walk = _walk([0, 1], [0, 0], [1.0, 1.0], 2)
    assert walk.closed[walk.state].tolist() == [True, False]
    assert walk.visits[walk.state[0]] == pytest.approx(1.0)


def test_revenue_from_outside_opens_a_loop() -> None:
    walk = _walk([0, 1], [1, 0], [1.0, 1.0], 2, revenue=[2.0, 2.0])
    assert not walk.closed.any()
    assert walk.visits == pytest.approx([1.0, 1.0])
    assert walk.duration == pytest.approx([2.0, 2.0])


def test_visits_and_durations_solve_their_equations(small_network) -> None:
    for seed in range(40):
        links = small_network(seed)
        network = compile_network(*links, revenue=links.table.sum(axis=1) * 1.2 + 0.01)
        walk = walk_of(network)
        shares = links.table / (links.table.sum(axis=1) * 1.2 + 0.01)[:, None]
        visits = np.linalg.solve(np.eye(network.output.size) - shares.T, network.weights)
        assert walk.visits[walk.state] == pytest.approx(visits, abs=1e-9)
        duration = np.linalg.solve(np.eye(network.output.size) - shares, np.ones(network.output.size))
        assert walk.duration[walk.state] == pytest.approx(duration, rel=1e-9)


def test_a_stopped_walk_solves_the_equation_of_partial_shocks(small_network) -> None:
    for seed in range(40):
        links = small_network(seed)
        revenue = links.table.sum(axis=1) * 1.2 + 0.01
        walk = walk_of(compile_network(*links, revenue=revenue))
        random = np.random.default_rng(seed)
        start = random.random(links.sector.size) * (random.random(links.sector.size) < 0.5)
        of_state = np.zeros(walk.visits.size)
        of_state[walk.state] = start
        losses = stopped_walk(walk, of_state)[walk.state]
        shares = links.table / revenue[:, None]
        assert losses == pytest.approx(np.maximum(start, shares @ losses), abs=1e-10)
