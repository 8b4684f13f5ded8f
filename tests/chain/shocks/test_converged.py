"""The least fixed point and its proven error, against dense steps that go on until nothing moves."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.chain.shocks import SystemicRisk, systemic_risk
from gaoyuan.errors import InputError

ROUNDING = 1e-9


def _three(found: SystemicRisk) -> np.ndarray:
    return np.array([found.esri, found.esri_down, found.esri_up])


def _shocks(seed: int, firms: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.random((4, firms)) * (random.random((4, firms)) < 0.4)


def _check(found: SystemicRisk, slow: list, tolerance: float) -> None:
    """Dense steps come from below and may stop short, so they may be lower, never higher, than the bounds allow."""
    exact = np.array([(one.esri, one.down, one.up) for one in slow]).T
    assert (found.error_bound <= tolerance).all()
    assert (np.abs(_three(found) - exact) <= found.error_bound + ROUNDING).all()


@pytest.mark.parametrize("replaceability", [True, False])
@pytest.mark.parametrize("tolerance", [1e-2, 1e-5])
@pytest.mark.parametrize("leaks", [True, False])
def test_the_exact_index_lies_within_the_proven_error(
    replaceability, tolerance, leaks, slow_cascade, small_network
) -> None:
    for seed in range(25):
        links = small_network(1_000 + seed)
        firms = links.sector.size
        # Without revenue from elsewhere walks may never end, and dense steps hardly converge.
        extra = np.random.default_rng(seed).random(firms) + 0.3
        options = {"revenue": links.table.sum(axis=1) * (1 + extra)} if leaks else {}
        for shocks in (None, _shocks(seed, firms)):
            found = systemic_risk(
                *links, mode="converged", tolerance=tolerance, replaceability=replaceability, shocks=shocks, **options
            )
            each = np.eye(firms) if shocks is None else shocks
            slow = [slow_cascade(links, one, replaceability=replaceability, most=20_000, **options) for one in each]
            if all(one.steps < 20_000 for one in slow):
                _check(found, slow, tolerance)


@pytest.mark.parametrize("tolerance", [1e-2, 1e-4])
def test_many_firms_at_once_are_within_the_proven_error(tolerance, slow_cascade, scale_free) -> None:
    links = scale_free(300, 25)
    found = systemic_risk(*links, mode="converged", tolerance=tolerance)
    tried = np.r_[np.argsort(-found.esri)[:12], 100:112]
    slow = [slow_cascade(links, np.eye(300)[firm], most=20_000) for firm in tried]
    exact = np.array([(one.esri, one.down, one.up) for one in slow]).T
    assert (found.error_bound <= tolerance).all()
    assert (np.abs(_three(found)[:, tried] - exact) <= found.error_bound[tried] + ROUNDING).all()


def test_what_is_proven_does_not_depend_on_how_scenarios_are_given(scale_free) -> None:
    links = scale_free(200, 10)
    alone = systemic_risk(*links, mode="converged", tolerance=1e-4)
    given_ = systemic_risk(*links, mode="converged", tolerance=1e-4, shocks=np.eye(200))
    nearly = systemic_risk(*links, mode="converged", tolerance=1e-4, shocks=np.eye(200) * (1 - 1e-12))
    for other in (given_, nearly):
        assert (np.abs(_three(alone) - _three(other)) <= alone.error_bound + other.error_bound + ROUNDING).all()


def test_the_published_index_stops_below_the_converged_one(scale_free) -> None:
    links = scale_free(300, 25)
    short = systemic_risk(*links, mode="published")
    found = systemic_risk(*links, mode="converged", tolerance=1e-4)
    assert (_three(short) <= _three(found) + found.error_bound).all()
    assert (found.esri - short.esri).max() > 1e-3


def test_walks_that_never_leave_a_closed_group_come_to_each_of_its_firms() -> None:
    # 0 → 1 ⇄ 2: whichever of the two fails, all three lose every buyer in the end.
    found = systemic_risk([0, 1, 2], [1, 2, 1], [5.0, 3.0, 2.0], [0, 0, 0], [[0]], mode="converged", tolerance=1e-9)
    assert found.esri_up == pytest.approx([0.5, 1.0, 1.0], abs=1e-8)


def test_a_closed_group_loses_the_largest_share_that_one_of_it_loses() -> None:
    shocks = [[0.0, 0.2, 0.6], [0.9, 0.2, 0.0]]
    found = systemic_risk(
        [0, 1, 2], [1, 2, 1], [5.0, 3.0, 2.0], [0, 0, 0], [[0]], mode="converged", tolerance=1e-9, shocks=shocks
    )
    assert found.esri_up == pytest.approx([0.6, 0.5 * 0.9 + 0.5 * 0.2], abs=1e-8)


def test_a_walk_that_hardly_ever_leaves_is_followed_to_its_end() -> None:
    # A ring that loses a millionth of each turn to firm 4, which sells nothing.
    supplier, buyer = [0, 1, 2, 3, 0], [1, 2, 3, 0, 4]
    value = [1.0, 1.0, 1.0, 1.0, 1e-6]
    found = systemic_risk(supplier, buyer, value, [0] * 5, [[0]], mode="converged", tolerance=1e-8)
    assert found.esri_up[:4] == pytest.approx([1.0] * 4, abs=1e-5)
    assert found.esri_up[4] == pytest.approx(1.0, abs=1e-8)
    assert (found.error_bound <= 1e-8).all()


@pytest.mark.parametrize("mode", ["published", "converged"])
@pytest.mark.parametrize("replaceability", [True, False])
def test_a_larger_shock_never_loses_less(mode, replaceability, small_network) -> None:
    @given(st.integers(0, 10_000), st.floats(0.0, 1.0), st.integers(0, 15))
    def holds(seed: int, more: float, firm: int) -> None:
        links = small_network(seed)
        firms = links.sector.size
        small = _shocks(seed, firms)
        large = small.copy()
        large[:, firm % firms] = np.maximum(large[:, firm % firms], more)
        # Published steps stop at different times for different shocks; here they go on to the end.
        options = {"mode": mode, "tolerance": 1e-9 if mode == "published" else 1e-4, "replaceability": replaceability}
        less, greater = (systemic_risk(*links, shocks=shocks, **options) for shocks in (small, large))
        off = 1e-4 if mode == "published" else less.error_bound + greater.error_bound
        assert (_three(greater) >= _three(less) - off).all()

    holds()


@pytest.mark.parametrize("mode", ["published", "converged"])
def test_neither_the_order_of_firms_nor_the_unit_of_money_matters(mode, small_network) -> None:
    @given(st.integers(0, 10_000), st.sampled_from([1e-12, 1e-4, 7.0, 1e10]))
    def holds(seed: int, unit: float) -> None:
        links = small_network(seed)
        firms = links.sector.size
        number = np.random.default_rng(seed).permutation(firms)
        sector = np.empty_like(links.sector)
        sector[number] = links.sector
        first = systemic_risk(*links, mode=mode, tolerance=1e-3)
        other = systemic_risk(
            number[links.supplier][::-1],
            number[links.buyer][::-1],
            links.value[::-1] * unit,
            sector,
            links.essential,
            mode=mode,
            tolerance=1e-3,
        )
        off = 1e-9 if mode == "published" else first.error_bound + other.error_bound[number]
        assert (np.abs(_three(first) - _three(other)[:, number]) <= off).all()

    holds()


def test_what_fails_alone_in_its_market_is_not_replaced_however_small_the_unit() -> None:
    for unit in (1e-15, 1e-9, 1.0, 1e9):
        found = systemic_risk(
            [0, 1], [1, 2], [0.5 * unit, 0.5 * unit], [0, 1, 2], [[2] * 3] * 3, mode="converged", tolerance=1e-6
        )
        assert found.esri_down == pytest.approx([1.0, 0.5, 0.0], abs=1e-6)


def test_links_given_twice_add_up_and_links_of_nothing_are_none() -> None:
    once = systemic_risk([0, 1], [1, 2], [4.0, 2.0], [0, 1, 1], [[1, 2], [2, 1]])
    twice = systemic_risk([0, 1, 0, 2], [1, 2, 1, 0], [1.0, 2.0, 3.0, 0.0], [0, 1, 1], [[1, 2], [2, 1]])
    assert _three(once) == pytest.approx(_three(twice), abs=1e-15)


@pytest.mark.parametrize("mode", ["published", "converged"])
def test_who_sells_only_to_itself_harms_nobody_else(mode) -> None:
    found = systemic_risk(
        [0, 1], [0, 2], [3.0, 1.0], [0, 1, 2], [[2] * 3] * 3, mode=mode, tolerance=1e-6, replaceability=False
    )
    assert found.esri == pytest.approx([0.75, 0.25, 0.25], abs=1e-6)


@pytest.mark.parametrize("mode", ["published", "converged"])
def test_a_firm_without_inputs_loses_only_what_its_buyers_lose(mode) -> None:
    found = systemic_risk([0, 1], [1, 2], [1.0, 1.0], [0, 1, 2], [[2] * 3] * 3, mode=mode, tolerance=1e-6)
    assert found.esri_down[2] == pytest.approx(0.0, abs=1e-6)
    assert found.esri_up[2] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("mode", ["published", "converged"])
def test_no_firms_and_no_scenarios_give_empty_answers(mode) -> None:
    none = systemic_risk([], [], [], [], [[2]], mode=mode)
    assert none.esri.shape == none.error_bound.shape == (0,)
    no_scenario = systemic_risk([0], [1], [1.0], [0, 0], [[2]], mode=mode, shocks=np.zeros((0, 2)))
    assert no_scenario.esri.shape == (0,)


@pytest.mark.parametrize("mode", ["published", "converged"])
def test_a_scenario_in_which_nothing_fails_loses_nothing(mode) -> None:
    found = systemic_risk([0], [1], [1.0], [0, 0], [[2]], mode=mode, shocks=[[0.0, 0.0]])
    assert found.esri == pytest.approx([0.0], abs=1e-2)


@pytest.mark.parametrize("mode", ["published", "converged"])
def test_firms_without_any_trade_count_by_their_weights(mode) -> None:
    found = systemic_risk([], [], [], [0, 0, 0], [[2]], mode=mode, weights=[1, 1, 2])
    assert found.esri == pytest.approx([0.25, 0.25, 0.5], abs=1e-2)


def test_a_firm_that_sells_more_than_its_revenue_has_no_bound() -> None:
    links = ([0, 1], [1, 0], [2.0, 2.0], [0, 0], [[1]])
    assert np.isfinite(systemic_risk(*links, revenue=[1.0, 3.0]).esri).all()
    with pytest.raises(InputError, match="firm 0 sells more than its revenue"):
        systemic_risk(*links, revenue=[1.0, 3.0], mode="converged")
    with pytest.raises(InputError, match="firm 1 buys more than its costs"):
        systemic_risk(*links, costs=[3.0, 1.0], mode="converged")


def test_finer_tolerances_agree_with_coarser_ones(scale_free) -> None:
    links = scale_free(300, 25)
    found = [systemic_risk(*links, mode="converged", tolerance=10.0**-digits) for digits in range(2, 7)]
    for coarse, fine in pairwise(found):
        assert (np.abs(_three(coarse) - _three(fine)) <= coarse.error_bound + fine.error_bound).all()
    assert (found[-1].error_bound <= 1e-6).all()
