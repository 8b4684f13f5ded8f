"""Counting pairs by distance, against counting them one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gaoyuan.observe.point_patterns.pairs import (
    checked_points,
    checked_radii,
    checked_weights,
    distance_histogram,
    sort_into_cells,
    weight_within,
)

FEW = settings(max_examples=40, deadline=None)
POINTS = hnp.arrays(np.float64, st.tuples(st.integers(1, 30), st.just(2)), elements=st.integers(-20, 20))


def _distance(points, others):
    return np.sqrt(((points[:, None, :] - others[None, :, :]) ** 2).sum(axis=2))


@FEW
@given(POINTS, POINTS, st.sampled_from([0.5, 3.0, 7.0, 80.0]))
def test_the_weight_within_each_radius_is_that_of_all_pairs(targets, sources, reach):
    radii = np.array([0.0, reach / 2.0, reach])
    weights = np.arange(1.0, targets.shape[0] + 1.0)
    cells = sort_into_cells(targets, reach)
    nobody = np.full(sources.shape[0], -1)
    found = weight_within(cells, weights[cells.order], sources, radii, nobody)
    within = _distance(sources, targets)[:, :, None] <= radii
    np.testing.assert_allclose(found, (within * weights[None, :, None]).sum(axis=1))


@FEW
@given(POINTS, POINTS, st.sampled_from([0.5, 3.0, 7.0, 80.0]), st.sampled_from([0.2, 2.0, 11.0, 500.0]))
def test_cells_of_any_reach_give_the_same_weights(targets, sources, reach, last):
    radii = np.array([last / 3.0, last])
    weights = np.arange(1.0, targets.shape[0] + 1.0)
    cells = sort_into_cells(targets, reach)
    found = weight_within(cells, weights[cells.order], sources, radii, np.full(sources.shape[0], -1))
    within = _distance(sources, targets)[:, :, None] <= radii
    np.testing.assert_allclose(found, (within * weights[None, :, None]).sum(axis=1))


@pytest.mark.parametrize("offset", [0.0, 4.0e6])
def test_pairs_at_exactly_a_radius_are_within_it_wherever_they_stand(offset):
    """Whole metres on a lattice, so that distances of 5, 13 and 25 are exact and many; each also a hair short of it."""
    points = np.array([[x, y] for x in range(40) for y in range(40)], dtype=float) + offset
    radii = np.array([0.0, 5.0, 13.0, 25.0])
    squares = ((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)
    for steps in (radii, np.nextafter(radii[1:], 0.0)):
        cells = sort_into_cells(points, float(steps[-1]))
        found = weight_within(cells, np.ones(len(points)), points, steps, np.arange(len(points)))
        # The square of the next smaller radius is below that of the whole number.
        assert found.tolist() == [[(row <= r * r).sum() - 1 for r in steps] for row in squares]


@pytest.mark.parametrize("radius", [0.0, 1e-200, 1e-150, 1.0, 1e9, 1e200])
def test_radii_and_distances_of_any_size_are_compared_rightly(radius):
    points = np.array([[0.0, 0.0], [0.0, 0.0], [1.0, 0.0], [0.0, 3e8]])
    cells = sort_into_cells(points, radius)
    found = weight_within(cells, np.ones(4), points, np.array([radius]), np.arange(4)).ravel()
    assert found.tolist() == ((_distance(points, points) <= radius).sum(axis=1) - 1).tolist()
    far = np.array([[1e30, 1e30], [-1e30, 0.0], [0.0, -1e30]])
    near = weight_within(cells, np.ones(4), far, np.array([radius]), np.full(3, -1)).ravel()
    assert near.tolist() == [4.0 * (radius > 2e30)] * 3


def test_many_uneven_radii_are_told_apart(random):
    points = random.uniform(0.0, 50.0, (400, 2))
    radii = np.concatenate([[0.0, 1e-9, 0.5, 0.5 + 1e-12], np.sort(random.uniform(1.0, 30.0, 300)), [30.0]])
    cells = sort_into_cells(points, 30.0)
    found = weight_within(cells, np.ones(400), points, radii, np.arange(400))
    np.testing.assert_array_equal(found, (_distance(points, points)[:, :, None] <= radii).sum(axis=1) - 1)


@FEW
@given(POINTS)
def test_a_point_is_not_its_own_neighbour_but_that_of_another_at_its_place(points):
    cells = sort_into_cells(points, 2.0)
    found = weight_within(cells, np.ones(len(points)), points, np.array([0.0, 2.0]), np.arange(len(points)))
    within = _distance(points, points)[:, :, None] <= [0.0, 2.0]
    np.testing.assert_allclose(found, within.sum(axis=1) - 1.0)


@FEW
@given(POINTS, st.booleans(), st.sampled_from([5.0, 13.0]))
def test_the_histogram_holds_each_pair_once(points, weighted, limit):
    weights = np.arange(1.0, len(points) + 1.0)
    histogram, moments = distance_histogram(points, weights if weighted else None, None, None, limit, 64)
    upper = np.triu_indices(len(points), 1)
    distance = _distance(points, points)[upper]
    held = np.outer(weights, weights)[upper] if weighted else np.ones(distance.size)
    near = distance <= limit
    expected = np.bincount(np.minimum((distance[near] * (64 / limit)).astype(int), 63), held[near], minlength=64)
    np.testing.assert_allclose(histogram, expected)
    np.testing.assert_allclose(moments, [(held * distance**power)[near].sum() for power in (0, 1, 2)])


@FEW
@given(POINTS, POINTS)
def test_the_histogram_between_two_sets_holds_all_their_pairs(points, others):
    own, theirs = np.arange(1.0, len(points) + 1.0), np.arange(2.0, len(others) + 2.0)
    histogram, moments = distance_histogram(points, own, others, theirs, 9.0, 32)
    distance, held = _distance(points, others).ravel(), np.outer(own, theirs).ravel()
    near = distance <= 9.0
    expected = np.bincount(np.minimum((distance[near] * (32 / 9.0)).astype(int), 31), held[near], minlength=32)
    np.testing.assert_allclose(histogram, expected)
    assert moments[0] == pytest.approx(held[near].sum())


def test_more_points_than_a_buffer_holds_are_all_counted(random):
    points = random.uniform(0.0, 1.0, (2_500, 2))
    histogram, _ = distance_histogram(points, None, None, None, 2.0, 8)
    assert histogram.sum() == 2_500 * 2_499 / 2
    cells = sort_into_cells(points, 2.0)
    found = weight_within(cells, np.ones(2_500), points, np.array([2.0]), np.arange(2_500))
    assert (found == 2_499).all()


def test_points_far_apart_need_no_more_cells_than_memory_holds():
    points = np.array([[0.0, 0.0], [1e9, 1e9], [1e9, 1e9 + 1.0]])
    cells = sort_into_cells(points, 1.0)
    assert cells.begins.size < 1 << 21
    assert weight_within(cells, np.ones(3), points, np.array([1.0]), np.arange(3)).ravel().tolist() == [0, 1, 1]


def test_the_order_of_chunks_does_not_change_the_sums(random):
    points, weights = random.uniform(0, 10, (300, 2)), random.random(300)
    runs = [distance_histogram(points, weights, None, None, 20.0, 100)[0] for _ in range(5)]
    assert all((run == runs[0]).all() for run in runs)


@pytest.mark.parametrize(
    ("check", "value", "words"),
    [
        (checked_points, [[1, 2, 3]], r"shape \(n, 2\)"),
        (checked_points, [[1, np.inf]], "points are finite"),
        (checked_radii, [2, 1], "each larger than the one before"),
        (checked_radii, [[1, 2]], "radii are numbers"),
        (lambda weights: checked_weights(weights, 2), [1], "weights are one number"),
        (lambda weights: checked_weights(weights, 2), [1, np.nan], "weights are one number"),
    ],
)
def test_arguments_that_cannot_be_are_refused_in_words(check, value, words):
    with pytest.raises(ValueError, match=words):
        check(value)
