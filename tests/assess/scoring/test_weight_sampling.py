"""Samples of weights: uniform on what restrictions leave, against rejection sampling and known moments."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from gaoyuan.assess.scoring import Restrictions, sample_weights
from gaoyuan.errors import InputError

NAMES = ["a", "b", "c", "d"]
SAMPLES = 4000


@pytest.fixture(scope="module")
def simplex():
    """Many uniform weights, to keep those that a restriction allows."""
    return np.random.default_rng(99).dirichlet(np.ones(4), 400_000)


def sampled(restrictions=None, samples=SAMPLES, seed=1):
    return sample_weights(NAMES, samples, np.random.default_rng(seed), restrictions)


@pytest.mark.parametrize(
    "restrictions",
    [None, Restrictions(order=("c", "a", "d", "b")), Restrictions(order=("c", "a")),
     Restrictions(intervals={"a": (0.3, 0.6), "b": (0.0, 0.2)}),
     Restrictions(order=("d", "a"), intervals={"a": (0.2, 0.4)})],
)  # fmt: skip
def test_weights_sum_to_one_and_keep_the_restrictions(restrictions):
    weights = sampled(restrictions)
    assert weights.shape == (SAMPLES, 4)
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=0, atol=1e-12)
    held = restrictions or Restrictions()
    for more, less in zip(held.order, held.order[1:], strict=False):
        assert (weights[:, NAMES.index(more)] >= weights[:, NAMES.index(less)] - 1e-9).all()
    for name, (low, high) in {**dict.fromkeys(NAMES, (0.0, 1.0)), **held.intervals}.items():
        column = weights[:, NAMES.index(name)]
        assert low - 1e-9 <= column.min()
        assert column.max() <= high + 1e-9


def test_free_weights_have_the_moments_of_the_simplex():
    weights = sampled(samples=50_000)
    np.testing.assert_allclose(weights.mean(axis=0), 1 / 4, rtol=0, atol=0.003)
    np.testing.assert_allclose(weights.var(axis=0), 3 / 80, rtol=0.03)


def test_ordered_weights_have_the_rank_order_centroid_as_their_mean():
    weights = sampled(Restrictions(order=("c", "a", "d", "b")), samples=50_000)
    centroid = {"c": 25 / 48, "a": 13 / 48, "d": 7 / 48, "b": 3 / 48}
    np.testing.assert_allclose(weights.mean(axis=0), [centroid[name] for name in NAMES], rtol=0, atol=0.003)


@pytest.mark.parametrize(
    ("restrictions", "allowed"),
    [
        (Restrictions(order=("c", "a")), lambda w: w[:, 2] >= w[:, 0]),
        (
            Restrictions(intervals={"a": (0.3, 0.6), "b": (0.0, 0.2)}),
            lambda w: (w[:, 0] >= 0.3) & (w[:, 0] <= 0.6) & (w[:, 1] <= 0.2),
        ),
        (
            Restrictions(order=("d", "a"), intervals={"a": (0.1, 0.4)}),
            lambda w: (w[:, 3] >= w[:, 0]) & (w[:, 0] >= 0.1) & (w[:, 0] <= 0.4),
        ),
    ],
)
def test_restricted_weights_are_distributed_as_those_that_rejection_leaves(simplex, restrictions, allowed):
    kept, found = simplex[allowed(simplex)], sampled(restrictions)
    for column in range(4):
        distance = np.asarray(scipy.stats.ks_2samp(found[:, column], kept[:, column]).statistic)
        # 4,000 independent samples stay below 0.032 in 999 of 1,000 cases; neighbours in a chain are a little alike.
        assert distance < 0.045


def test_the_same_seed_gives_the_same_bytes():
    restrictions = Restrictions(intervals={"a": (0.3, 0.6)})
    assert sampled(restrictions).tobytes() == sampled(restrictions).tobytes()
    assert sampled(restrictions).tobytes() != sampled(restrictions, seed=2).tobytes()


def test_one_indicator_has_all_the_weight():
    for restrictions in (None, Restrictions(order=("a",)), Restrictions(intervals={"a": (0.0, 1.0)})):
        assert sample_weights(["a"], 3, np.random.default_rng(0), restrictions).tolist() == [[1.0]] * 3


@pytest.mark.parametrize(
    ("restrictions", "says"),
    [
        (Restrictions(order=("a", "z")), "'z' is restricted but no indicator"),
        (Restrictions(order=("a", "a")), "twice"),
        (Restrictions(intervals={"a": (0.5, 0.2)}), "a: 0.5 to 0.2 is no interval"),
        (Restrictions(intervals={"a": (0.5, 1.2)}), "no interval"),
        (Restrictions(intervals={"a": (0.6, 1.0), "b": (0.5, 1.0)}), "no weights"),
        (Restrictions(intervals=dict.fromkeys(NAMES, (0.0, 0.2))), "no weights"),
        (Restrictions(order=("a", "b"), intervals={"a": (0.0, 0.1), "b": (0.2, 0.5)}), "no weights"),
    ],
)
def test_restrictions_that_cannot_be_kept_are_refused(restrictions, says):
    with pytest.raises(InputError, match=says):
        sampled(restrictions)
