"""Clusters by density, against hdbscan and scikit-learn, and by their properties."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gaoyuan.observe import density_clusters, find_clusters

FEW = settings(max_examples=25, deadline=None)
POINTS = hnp.arrays(np.int64, st.tuples(st.integers(0, 40), st.just(2)), elements=st.integers(0, 30))


@pytest.fixture(scope="module")
def reference(econ):
    return pd.read_csv(econ / "hdbscan" / "hdbscan_600pts.csv")


def _agreement(one, other):
    """The adjusted Rand index of two labellings (Hubert & Arabie 1985)."""
    table = pd.crosstab(np.asarray(one), np.asarray(other)).to_numpy().astype(float)

    def pairs(counts):
        return (counts * (counts - 1.0) / 2.0).sum()

    both, left, right, all_pairs = pairs(table), pairs(table.sum(1)), pairs(table.sum(0)), pairs(table.sum())
    expected = left * right / all_pairs
    return (both - expected) / ((left + right) / 2.0 - expected)


@pytest.mark.parametrize("samples", [5, 6])
def test_labels_are_those_of_scikit_learn(reference, samples):
    """Where distances are equal the tree may be built in more than one way, which moves a point or two."""
    found = density_clusters(reference[["x", "y"]], 15, samples)
    expected = reference[f"sklearn_ms{samples}_label"].to_numpy()
    assert _agreement(found.label, expected) >= 0.99
    assert ((found.label == -1) != (expected == -1)).sum() <= 2


def test_labels_are_those_of_hdbscan(reference):
    """Hdbscan does not count a point as its own neighbour and takes an approximate spanning tree; with one more
    neighbour scikit-learn agrees with it to 0.96, and so must this. Shares depend on a cluster's densest point.
    """
    found = density_clusters(reference[["x", "y"]], 15, 6)
    labels, shares = reference["hdbscan_label"].to_numpy(), reference["hdbscan_prob"].to_numpy()
    assert round(_agreement(found.label, labels), 2) >= 0.96
    for cluster in range(3):
        both = (found.label == cluster) & (labels >= 0)
        assert np.corrcoef(found.membership[both], shares[both])[0, 1] > 0.96
    assert (found.membership[found.label < 0] == 0.0).all()


def test_points_at_one_place_are_a_cluster():
    points = np.concatenate([np.zeros((10, 2)), np.full((10, 2), 9.0), [[100.0, 0.0]]])
    found = density_clusters(points, 5, 3)
    assert found.label.tolist() == [0] * 10 + [1] * 10 + [-1]
    assert (found.membership[:20] == 1.0).all()


def test_too_few_points_have_no_clusters():
    for count in (0, 1, 4):
        found = density_clusters(np.zeros((count, 2)), 5, 3)
        assert found.label.tolist() == [-1] * count
        assert found.membership.tolist() == [0.0] * count


def test_arguments_that_cannot_be_are_refused_in_words():
    with pytest.raises(ValueError, match=r"shape \(n, 2\)"):
        density_clusters([1, 2, 3])
    with pytest.raises(ValueError, match="min_cluster_size is at least 2"):
        density_clusters([[0, 0]], min_cluster_size=1)


def test_density_finds_towns_where_there_are_no_clusters_and_the_test_finds_none():
    """Firms of an industry thrown on the firms of towns: nothing is clustered but all firms alike."""
    draw = np.random.default_rng(3)
    towns = draw.uniform(0.0, 60e3, (12, 2))
    places = towns[draw.integers(0, 12, 6_000)] + draw.normal(0.0, 1_200.0, (6_000, 2))
    industry = (draw.random(6_000) >= 0.1).astype(np.int32)
    by_density = density_clusters(places[industry == 0])
    assert (by_density.label >= 0).mean() > 0.5
    from gaoyuan.codes.boundaries import cells_of_points

    cells = cells_of_points(113.0 + places[:, 0] / 96_400.0, 29.5 + places[:, 1] / 110_900.0)
    nobody = np.empty(0, np.int32)
    tested, _ = find_clusters(industry, cells, nobody, nobody)
    assert tested is not None
    assert tested.industry.size == 0


@FEW
@given(POINTS, st.randoms(use_true_random=False))
def test_every_cluster_has_its_fewest_points_and_every_share_its_bounds(points, random):
    found = density_clusters(points, 4, 3)
    held = found.label[found.label >= 0]
    assert (np.bincount(held) >= 4).all()
    assert found.membership.min(initial=0.0) >= 0.0
    assert found.membership.max(initial=0.0) <= 1.0
    moved = density_clusters(points * 8 + [64, -32], 4, 3)
    np.testing.assert_array_equal(moved.label, found.label)
    np.testing.assert_allclose(moved.membership, found.membership)
