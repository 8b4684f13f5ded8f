"""Rank acceptability and its fellows, against exact probabilities and for every method; tiers of ties."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import norm

from gaoyuan.assess.scoring import Errors, Indicator, Method, Restrictions, read_facts, stability, tiers
from gaoyuan.errors import ComparisonRefused, InputError

EVERY = [Method("weighted sum"), Method("weighted sum", "max"), Method("topsis"), Method("topsis", "vector"),
         Method("vikor"), Method("promethee ii")]  # fmt: skip
FIELDS = ("acceptability", "central_weights", "confidence", "mean_rank", "rank_low", "rank_high", "winning")


def facts_of(values, standard=None, ranges=(None, None)):
    table = pd.DataFrame(np.asarray(values, dtype=float))
    table = table.set_axis([f"s{row:02d}" for row in range(len(table))], axis="index")
    table = table.set_axis([f"i{column}" for column in range(table.shape[1])], axis="columns")
    errors = Errors(standard=table.notna() * standard) if standard is not None else None
    return read_facts(table, [Indicator(str(name), "benefit", *ranges) for name in table.columns], errors=errors)


def test_two_indicators_have_the_acceptability_of_their_exact_geometry():
    # With weights (w, 1 - w): s00 scores w, s01 scores 1 - w, s02 scores 0.6.
    found = stability(facts_of([[1, 0], [0, 1], [0.6, 0.6]]), samples=40_000, seed=4)
    expected = [[0.4, 0.1, 0.5], [0.4, 0.1, 0.5], [0.2, 0.8, 0.0]]
    np.testing.assert_allclose(found.acceptability, expected, rtol=0, atol=0.01)
    np.testing.assert_allclose(found.central_weights, [[0.8, 0.2], [0.2, 0.8], [0.5, 0.5]], rtol=0, atol=0.01)
    assert found.confidence.tolist() == [1, 1, 1]
    np.testing.assert_allclose(found.winning, [[0.5, 0.5, 0.4], [0.5, 0.5, 0.4], [0.6, 0.6, 0.5]], rtol=0, atol=0.01)
    np.testing.assert_allclose(found.mean_rank, [2.1, 2.1, 1.8], rtol=0, atol=0.02)
    assert (found.rank_low.tolist(), found.rank_high.tolist()) == ([1, 1, 1], [3, 3, 2])


def test_normal_errors_give_the_probability_of_their_difference():
    found = stability(facts_of([[1.0], [1.2], [5.0]], standard=0.1), weights=np.ones(1), samples=40_000, seed=4)
    expected = norm.cdf(0.2 / (0.1 * np.sqrt(2)))
    assert found.winning[1, 0] == pytest.approx(expected, abs=0.005)
    assert found.acceptability[2].tolist() == [1, 0, 0]
    assert found.acceptability[1, 1] == pytest.approx(expected, abs=0.005)
    assert not found.weights_vary


def test_intervals_and_unknown_values_are_uniform_and_errors_stay_within_the_declared_range():
    table = pd.DataFrame({"x": [0.5, None, 0.1]}, index=["a", "b", "c"])
    share = Indicator("x", "benefit", 0.0, 1.0)
    interval = Errors(low=pd.DataFrame({"x": {"a": 0.4}}), high=pd.DataFrame({"x": {"a": 0.6}}))
    found = stability(read_facts(table, [share], errors=interval), weights=np.ones(1), samples=40_000, seed=1)
    assert found.winning[1, 0] == pytest.approx(0.5, abs=0.01)
    assert found.winning[1, 2] == pytest.approx(0.9, abs=0.01)
    wide = Errors(standard=pd.DataFrame({"x": {"a": 5.0, "c": 0.0}}))
    clipped = stability(read_facts(table.drop("b"), [share], errors=wide), weights=np.ones(1), samples=40_000, seed=1)
    assert clipped.winning[0, 1] == pytest.approx(norm.cdf(0.4 / 5.0), abs=0.01)


@pytest.mark.parametrize("method", EVERY, ids=lambda method: f"{method.name}, {method.normalisation_used}")
def test_every_method_gives_shares_that_sum_to_one_and_is_seeded(method):
    values = np.random.default_rng(2).uniform(1, 9, (6, 3))
    for facts in (facts_of(values), facts_of(values, standard=0.3, ranges=(0.0, None))):
        found, again, other = (stability(facts, method, samples=60, seed=seed) for seed in (7, 7, 8))
        np.testing.assert_allclose(found.acceptability.sum(axis=0), 1, rtol=0, atol=1e-9)
        np.testing.assert_allclose(found.acceptability.sum(axis=1), 1, rtol=0, atol=1e-9)
        np.testing.assert_allclose(found.winning + found.winning.T, 1, rtol=0, atol=1e-9)
        for name in FIELDS:
            assert getattr(found, name).tobytes() == getattr(again, name).tobytes(), name
        assert found.acceptability.tobytes() != other.acceptability.tobytes()


@pytest.mark.parametrize("method", EVERY, ids=lambda method: f"{method.name}, {method.normalisation_used}")
def test_a_dominating_alternative_is_always_first(method):
    values = np.random.default_rng(2).uniform(1, 9, (6, 3))
    values[3] = values.max(axis=0) + 1
    found = stability(facts_of(values), method, samples=60)
    assert found.acceptability[3].tolist() == [1, 0, 0, 0, 0, 0]
    assert found.confidence[3] == 1
    assert (found.rank_low[3], found.rank_high[3]) == (1, 1)
    assert np.isnan(np.delete(found.central_weights, 3, axis=0)).all()


def test_methods_sampled_one_by_one_and_at_once_agree():
    """With one indicator every method orders by it, so that all share the facts' samples and the answer."""
    facts = facts_of(np.arange(6)[:, None], standard=1.0)
    expected = stability(facts, samples=200, seed=3)
    for method in EVERY[2:]:
        found = stability(facts, method, samples=200, seed=3)
        np.testing.assert_allclose(found.acceptability, expected.acceptability, rtol=0, atol=1e-9)


@settings(max_examples=40)
@given(hnp.arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 3)), elements=st.integers(0, 3).map(float)))
def test_shares_sum_to_one_whatever_ties_there_are(values):
    found = stability(facts_of(values), samples=50)
    np.testing.assert_allclose(found.acceptability.sum(axis=0), 1, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.acceptability.sum(axis=1), 1, rtol=0, atol=1e-9)
    assert found.acceptability.min() >= 0
    for one, other in np.argwhere((values[:, None, :] == values[None, :, :]).all(axis=2)):
        assert found.winning[one, other] == 0.5
        np.testing.assert_allclose(found.acceptability[one], found.acceptability[other], rtol=0, atol=1e-12)


def test_an_order_of_importance_narrows_the_ranks():
    facts = facts_of([[1, 0], [0, 1], [0.6, 0.6]])
    found = stability(facts, restrictions=Restrictions(order=("i0", "i1")), samples=20_000)
    np.testing.assert_allclose(found.acceptability[:, 0], [0.8, 0.0, 0.2 / 1.0], rtol=0, atol=0.01)


def test_exact_facts_with_fixed_weights_are_certain():
    found = stability(facts_of([[1, 0], [0, 1], [0.6, 0.6]]), weights=np.array([0.7, 0.3]))
    assert found.samples == 1
    assert found.acceptability.tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]


def test_what_lies_in_chunks_is_counted_once():
    """Thirty thousand samples of 100 alternatives do not fit one chunk."""
    found = stability(facts_of(np.arange(100.0)[:, None], standard=0.1), samples=30_000, seed=1)
    assert found.confidence_samples == 30_000
    np.testing.assert_allclose(found.acceptability.sum(axis=1), 1, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.mean_rank, np.arange(100, 0, -1), rtol=0, atol=0.1)


def test_what_cannot_be_sampled_is_refused():
    facts = facts_of([[1, 0], [np.nan, 1], [0.6, 0.6]])
    with pytest.raises(InputError, match="0 samples"):
        stability(facts, samples=0)
    with pytest.raises(InputError, match="cannot be restricted"):
        stability(facts, weights=np.ones(2), restrictions=Restrictions(order=("i0",)))
    with pytest.raises(ComparisonRefused, match="vector normalisation"):
        stability(facts, Method("topsis", "vector"))
    with pytest.raises(InputError, match="2001 alternatives are too many"):
        stability(facts_of(np.arange(2001.0)[:, None]))
    with pytest.raises(InputError, match="fall below 0"):
        stability(facts_of([[0.1], [2.0]], standard=1.0), Method("weighted sum", "max"))


def test_tiers_hold_whom_their_leader_is_not_told_apart_from():
    # The first beats the third surely, but not the fourth, who is less exact; the second ties with both.
    winning = np.array(
        [[0.5, 0.6, 0.97, 0.9, 1.0], [0.4, 0.5, 0.9, 0.8, 1.0], [0.03, 0.1, 0.5, 0.6, 0.99], [0.1, 0.2, 0.4, 0.5, 0.9],
         [0.0, 0.0, 0.01, 0.1, 0.5]]
    )  # fmt: skip
    mean_rank = np.array([1.5, 1.9, 3.3, 3.4, 4.9])
    assert tiers(winning, mean_rank).tolist() == [1, 1, 2, 1, 3]
    order = np.array([3, 0, 4, 2, 1])
    assert tiers(winning[np.ix_(order, order)], mean_rank[order]).tolist() == [1, 1, 3, 2, 1]
    assert tiers(winning, mean_rank, 0.55).tolist() == [1, 2, 3, 4, 5]
    for level in (0.5, 1.1):
        with pytest.raises(InputError, match="level of ties"):
            tiers(winning, mean_rank, level)


def test_data_that_cannot_be_told_apart_are_one_tier():
    values = 10 + np.random.default_rng(5).normal(0, 0.01, (8, 3))
    found = stability(facts_of(values, standard=1.0), weights=np.full(3, 1 / 3), samples=2000)
    assert set(tiers(found.winning, found.mean_rank).tolist()) == {1}
    apart = stability(facts_of(values, standard=1e-5), weights=np.full(3, 1 / 3), samples=2000)
    assert tiers(apart.winning, apart.mean_rank).max() > 5
