from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.chain import systemic_risk, top_k
from gaoyuan.chain.shocks import SystemicRisk
from gaoyuan.errors import InputError


def risks(esri: list[float], bound: list[float]) -> SystemicRisk:
    at = np.array(esri)
    return SystemicRisk(at, at, at, np.ones(at.size, dtype=np.int64), np.array(bound))


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_exact_values_are_the_certain_ones_are_among_the_highest_and_only_rivals_can_join(
    seed: int,
) -> None:
    random = np.random.default_rng(seed)
    found = risks(random.random(12).tolist(), (random.random(12) * 0.1).tolist())
    top = top_k(found, 4)
    for _ in range(200):
        exact = found.esri + random.uniform(-1, 1, 12) * found.error_bound
        highest = set(np.argsort(-exact)[:4].tolist())
        assert set(top.certain.tolist()) <= highest
        assert highest <= set(top.scenarios.tolist()) | set(top.rivals.tolist())


def test_a_set_without_rivals_is_proven() -> None:
    assert top_k(risks([0.9, 0.5, 0.1], [0.01] * 3), 2).proven
    assert not top_k(risks([0.9, 0.5, 0.49], [0.01] * 3), 2).proven
    assert top_k(risks([0.9, 0.5], [0.01] * 2), 7).scenarios.tolist() == [0, 1]


def test_results_without_bounds_are_refused() -> None:
    published = systemic_risk([0, 1], [1, 2], [4.0, 4.0], [0, 1, 2], [[2] * 3] * 3)
    with pytest.raises(InputError, match="converged"):
        top_k(published, 1)
    with pytest.raises(InputError):
        top_k(risks([0.1], [0.0]), 0)
