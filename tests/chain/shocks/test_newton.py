"""Networks near a critical supply, where pushing alone does not come to a proven end."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from gaoyuan.chain.shocks import cascade, systemic_risk

# Firm 0 sells to itself far more than to others.
SELF_TRADE = ([1, 1, 0, 1, 0], [1, 0, 0, 0, 1], [451.0, 404.0, 390.0, 904.0, 29.0], [0, 0], [[2]])
LOOPS = (
    [6, 2, 1, 6, 6, 2, 4, 3, 3, 4, 4, 6, 0, 5, 1, 1, 6, 3, 5, 3, 2],
    [5, 2, 6, 1, 5, 3, 5, 3, 6, 2, 5, 6, 1, 3, 3, 4, 0, 5, 1, 1, 4],
    [0.108453338559, 0.0114256729038, 0.0254929965408, 0.105467572671, 0.00912135619169, 0.558877364367, 92.5918626061,
     16.2028534868, 0.0091789358986, 0.136764988879, 4.66789919037, 4.34061526507, 0.213267419941, 1.25761301404,
     0.323432706538, 0.0074811527013, 19.9312078648, 1.11282610406, 0.0014476833621, 0.323062122109, 0.00319820180859],
    [0, 0, 0, 1, 0, 1, 1],
    [[2, 2], [1, 2]],
)  # fmt: skip
# Firm 0 buys 9/11 from itself, 1/11 from firm 2; with firm 2 failed, the two solutions of its loss fall together.
CRITICAL = (
    [0, 2, 3, 0, 1],
    [0, 0, 0, 3, 3],
    [9.0, 1.0, 1.0, 2.0, 5.0],
    [0, 0, 1, 2],
    [[1, 0, 0], [1, 0, 0], [0, 0, 0]],
)


def _inside(links, found, shocks, replaceability, slow_cascade) -> int:
    """Check against dense steps, which come from below and end where they hardly move; gives how many ended."""
    ended = 0
    for row, shock in enumerate(shocks):
        slow = slow_cascade(links, shock, replaceability=replaceability, most=5_000)
        exact = np.array([slow.esri, slow.down, slow.up])
        given = np.array([found.esri[row], found.esri_down[row], found.esri_up[row]])
        assert (exact <= given + found.error_bound[row] + 1e-9).all()
        if slow.steps < 5_000:
            assert (given <= exact + found.error_bound[row] + 1e-9).all()
            ended += 1
    return ended


def _links(small_network, given) -> Any:
    kind = type(small_network(0))
    return kind._make(np.asarray(part) for part in given)


@pytest.mark.parametrize("tolerance", [1e-3, 1e-6, 1e-9])
@pytest.mark.parametrize("given", [SELF_TRADE, LOOPS], ids=["self-trade", "loops"])
def test_near_a_critical_supply_the_error_is_within_the_tolerance(
    given, tolerance, small_network, slow_cascade
) -> None:
    links = _links(small_network, given)
    found = systemic_risk(*links, mode="converged", tolerance=tolerance)
    assert (found.error_bound <= tolerance).all()
    assert _inside(links, found, np.eye(links.sector.size), True, slow_cascade) > 0
    failed: Any = np.eye(links.sector.size)
    lost = cascade(*links, shocks=failed, mode="converged", tolerance=tolerance)
    assert (lost.error_bound <= tolerance).all()
    weight = links.table.sum(axis=1) / links.value.sum()
    assert (np.abs(lost.down @ weight - found.esri_down) <= lost.error_bound + found.error_bound).all()


def test_a_loss_near_a_critical_supply_is_the_least_solution() -> None:
    found = systemic_risk(*SELF_TRADE, mode="converged", tolerance=1e-6)
    assert found.esri_down[0] == pytest.approx(0.508472, abs=2e-6)


@pytest.mark.parametrize("replaceability", [True, False])
@pytest.mark.parametrize("tolerance", [1e-3, 1e-6])
def test_small_dense_networks_are_within_the_tolerance(replaceability, tolerance, small_network, slow_cascade) -> None:
    ended = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        firms, sectors = int(random.integers(2, 13)), int(random.integers(1, 4))
        count = int(random.integers(firms, firms * firms + 2))
        value = random.lognormal(0.0, 1.0, count) * 10.0 ** random.integers(-2, 3, count)
        needs = random.choice([1, 2], (sectors, sectors)) if seed % 2 else random.integers(0, 3, (sectors, sectors))
        ends = random.integers(0, firms, (2, count))
        links = _links(small_network, (ends[0], ends[1], value, random.integers(0, sectors, firms), needs))
        partly = random.random((3, firms)) * (random.random((3, firms)) < 0.4)
        for shocks in (np.eye(firms), partly):
            found = systemic_risk(
                *links, mode="converged", tolerance=tolerance, replaceability=replaceability, shocks=shocks
            )
            assert (found.error_bound <= tolerance).all(), seed
            if seed % 10 == 0:
                ended += _inside(links, found, shocks, replaceability, slow_cascade)
    assert ended > 0


def test_where_rounding_decides_on_the_loss_the_bound_is_wide_and_the_user_is_told() -> None:
    shocks = np.array([[0.0, 0.0, 1.0, 0.0]])
    with pytest.warns(RuntimeWarning, match="1 of 1 scenarios have an error_bound above"):
        found = systemic_risk(*CRITICAL, shocks=shocks, mode="converged", tolerance=1e-3)
    # 4/11 of firm 0 is lost at the one solution, and half of it at the next.
    share = np.array([11.0, 1.0]) / 18.0
    low, high = share @ [4 / 11, 1.0], share @ [0.5, 1.0]
    assert found.esri_down[0] - found.error_bound[0] <= low + 1e-6
    assert found.esri_down[0] + found.error_bound[0] >= high - 1e-6
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        near = systemic_risk(*CRITICAL, shocks=shocks * 0.99, mode="converged", tolerance=1e-3)
    assert near.esri_down[0] < low


def test_a_published_cascade_that_is_cut_off_is_told() -> None:
    # Firm 0 sells a ten-millionth to firm 1, the rest to itself: it loses everything, but very slowly.
    links = ([0, 0], [0, 1], [1 - 1e-7, 1e-7], [0, 0], [[0]])
    for work in (systemic_risk, cascade):
        with pytest.warns(RuntimeWarning, match="1 of 1 scenarios .* were cut off after 1,000,000 steps"):
            work(*links, shocks=[[0.0, 1.0]], tolerance=1e-8)
    exact = systemic_risk(*links, shocks=[[0.0, 1.0]], tolerance=1e-8, mode="converged")
    assert exact.esri_up == pytest.approx([1.0], abs=1e-8)
