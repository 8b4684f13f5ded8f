"""Sweeps of upstream losses and the bound that their residuals give."""

from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.chain.shocks.hitting import sweep_losses
from gaoyuan.chain.shocks.network import compile_network
from gaoyuan.chain.shocks.upstream import stopped_walk, walk_of


@pytest.mark.parametrize("tolerance", [1e-1, 1e-3, 1e-9])
def test_weighted_losses_are_off_by_no_more_than_their_residuals_allow(tolerance, small_network) -> None:
    for seed in range(30):
        walk = walk_of(compile_network(*small_network(seed)))
        states = walk.visits.size
        random = np.random.default_rng(seed)
        start = random.random((states, 5)) * (random.random((states, 5)) < 0.4)
        losses = np.empty_like(start)
        error, _, _ = sweep_losses(
            walk.begins,
            walk.follower,
            walk.chance,
            walk.visits,
            walk.duration,
            walk.slack,
            start,
            tolerance,
            losses,
            False,
        )
        for column in range(5):
            exact = stopped_walk(walk, start[:, column])
            assert abs(walk.weights @ (losses[:, column] - exact)) <= error[column] + 1e-10
            assert walk.weights @ np.abs(losses[:, column] - exact) <= error[column] + 1e-10
