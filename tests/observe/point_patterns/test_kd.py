"""Duranton and Overman's K_d, against dbmss, and by its properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gaoyuan.observe import kd, silverman_bandwidth

FEW = settings(max_examples=30, deadline=None)
POINTS = hnp.arrays(np.int64, st.tuples(st.integers(2, 20), st.just(2)), elements=st.integers(0, 12))
REACH = 100.0


def _distances(points, others=None):
    distance = np.hypot(*(points[:, None, :] - (points if others is None else others)).transpose(2, 0, 1))
    return distance.ravel() if others is not None else distance[np.triu_indices(len(points), 1)]


def _density(distances, radii, width, weights=None):
    """K_d as its formula says, pair by pair."""
    held = np.ones(distances.size) if weights is None else weights
    reflected = distances <= 4.0 * width
    every = np.concatenate([distances, -distances[reflected]])
    shares = np.concatenate([held, held[reflected]]) / held.sum()
    kernels = np.exp(-0.5 * ((np.asarray(radii)[:, None] - every) / width) ** 2) / (width * np.sqrt(2.0 * np.pi))
    return kernels @ shares


def _grid_of_old_r(distances, weights, width, low, high, count):
    """Density as R before 4.4 gives it: linear binning, and kernels on a grid that is a little too narrow."""
    steps = 512 if count <= 512 else int(2 ** np.ceil(np.log2(count)))
    begin, extent = low - 4.0 * width, high - low + 8.0 * width
    place = (distances - begin) / (extent / (steps - 1))
    at = np.floor(place).astype(int)
    bins = np.zeros(2 * steps)
    for position, share in ((at, 1.0 - (place - at)), (at + 1, place - at)):
        held = (position >= 0) & (position < steps) & (at >= -1) & (at < steps)
        np.add.at(bins, position[held], (weights * share)[held])
    offsets = np.arange(2 * steps) * 2.0 * extent / (2 * steps - 1)
    offsets[steps + 1 :] = -offsets[1:steps][::-1]
    kernel = np.exp(-0.5 * (offsets / width) ** 2) / (width * np.sqrt(2.0 * np.pi))
    smooth = np.maximum(np.fft.ifft(np.fft.fft(bins) * np.conj(np.fft.fft(kernel))).real[:steps], 0.0)
    grid = np.linspace(low, high, count)
    return grid, np.interp(grid, np.linspace(begin, begin + extent, steps), smooth)


def _kd_of_old_r(distances, weights, width, radii):
    reflected = distances <= 4.0 * width
    every = np.concatenate([distances, -distances[reflected]])
    shares = np.concatenate([weights, weights[reflected]])
    shares = shares / shares.sum()
    count = int(min(max(512, distances.max() / radii[-1] * 128), 4096))
    grid, density = _grid_of_old_r(every, shares, width, 0.0, radii[-1], count)
    below, mirrored = _grid_of_old_r(every, shares, width, every.min() - 3.0 * width, 0.0, 512)
    return np.interp(radii, grid, density / (1.0 - mirrored.mean() * np.ptp(below)))


@pytest.mark.parametrize("name", ["Kd_QRosea", "Kd_VAmericana"])
def test_the_bandwidth_is_that_of_dbmss(paracou, name):
    points = paracou.points[paracou.qr if name == "Kd_QRosea" else paracou.va]
    distances = _distances(points)
    assert distances.size == paracou.reference[f"{name}_npairs"]
    assert np.median(distances) == pytest.approx(paracou.reference[f"{name}_median_distance"], rel=1e-13)
    assert silverman_bandwidth(points, 2.0 * REACH) == pytest.approx(paracou.reference[f"{name}_bw_nrd0"], rel=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", ["Kd_QRosea", "Kd_VAmericana"])
def test_kd_of_the_trees_is_that_of_dbmss_but_for_the_grid_of_its_densities(paracou, name, weighted):
    """R before 4.4 evaluates kernels on too narrow a grid; on that grid the values are the same to twelve digits."""
    of, radii = (paracou.qr if name == "Kd_QRosea" else paracou.va), paracou.reference["Kd_r"]
    points, weights = paracou.points[of], paracou.weights[of]
    expected = paracou.reference[f"{name}_weighted" if weighted else name]
    found = kd(points, radii, weights if weighted else None)
    np.testing.assert_allclose(found, expected, rtol=3e-3)
    width, distances = silverman_bandwidth(points, 2.0 * REACH), _distances(points)
    pairs = np.outer(weights, weights)[np.triu_indices(len(points), 1)] if weighted else np.ones(distances.size)
    np.testing.assert_allclose(_kd_of_old_r(distances, pairs, width, radii), expected, rtol=1e-12)
    exact = _density(distances, radii, width, pairs)
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-4 * exact.max())


def test_kd_between_two_kinds_of_trees_is_that_of_dbmss_but_for_the_grid(paracou):
    radii, expected = paracou.reference["Kd_r"], paracou.reference["Kd_QR_VA_bivariate"]
    points, others = paracou.points[paracou.qr], paracou.points[paracou.va]
    found = kd(points, radii, others=others)
    np.testing.assert_allclose(found, expected, rtol=3e-3)
    width, distances = silverman_bandwidth(points, 2.0 * REACH, others), _distances(points, others)
    np.testing.assert_allclose(_kd_of_old_r(distances, np.ones(distances.size), width, radii), expected, rtol=1e-12)
    exact = _density(distances, radii, width)
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-4 * exact.max())


def test_kd_of_all_trees_is_that_of_dbmss_but_for_the_grid(paracou):
    radii, expected = paracou.reference["Kd_r"], paracou.reference["Kd_allpoints"]
    np.testing.assert_allclose(kd(paracou.points, radii), expected, rtol=4e-3)
    width, distances = silverman_bandwidth(paracou.points, 2.0 * REACH), _distances(paracou.points)
    np.testing.assert_allclose(_kd_of_old_r(distances, np.ones(distances.size), width, radii), expected, rtol=1e-12)


def test_the_bandwidth_does_not_jump_where_a_register_crosses_ten_thousand_firms(random):
    """dbmss takes another rule from 10,000 firms on, and its bandwidth quadruples."""
    towns = random.uniform(0.0, 100e3, (30, 2))
    points = towns[random.integers(0, 30, 10_050)] + random.normal(0.0, 2e3, (10_050, 2))
    radii = [0.0, 5e3, 20e3]
    below, above = points[:9_950], points
    assert silverman_bandwidth(above, 40e3) == pytest.approx(silverman_bandwidth(below, 40e3), rel=0.02)
    np.testing.assert_allclose(kd(above, radii), kd(below, radii), rtol=0.05)


def test_the_bandwidth_is_the_same_where_distances_are_no_longer_sorted_but_counted(random):
    """From about 2,000 firms quartiles come from a fine histogram."""
    points = random.normal(0.0, 1e3, (2_100, 2))
    distances = _distances(points)
    distances = distances[distances <= 4e3]
    lower, upper = np.quantile(distances, [0.25, 0.75])
    expected = 0.9 * min(distances.std(ddof=1), (upper - lower) / 1.34) * distances.size**-0.2
    assert silverman_bandwidth(points, 4e3) == pytest.approx(expected, rel=1e-3)
    # With nearly all distances within a few metres a tail sets the standard deviation, so the quartiles decide.
    tight = np.concatenate([random.normal(0.0, 5.0, (2_050, 2)), random.uniform(-1e3, 1e3, (50, 2))])
    distances = _distances(tight)
    distances = distances[distances <= 4e3]
    lower, upper = np.quantile(distances, [0.25, 0.75])
    expected = 0.9 * min(distances.std(ddof=1), (upper - lower) / 1.34) * distances.size**-0.2
    assert silverman_bandwidth(tight, 4e3) == pytest.approx(expected, rel=0.02)


def test_a_bandwidth_smaller_than_a_bin_is_still_resolved(random):
    points = random.uniform(0.0, 50.0, (40, 2))
    distances, width = _distances(points), 0.004
    at = np.sort(distances)[[5, 200, 600]]
    found = kd(points, np.append(at, 100.0), bandwidth=width)
    np.testing.assert_allclose(found[:3], _density(distances, at, width), rtol=0, atol=2e-3 * found.max())


def test_the_density_integrates_to_the_share_of_pairs_within_reach(random):
    points, radii = random.uniform(0.0, 20.0, (50, 2)), np.linspace(0.0, 60.0, 3_001)
    assert np.trapezoid(kd(points, radii), radii) == pytest.approx(1.0, abs=1e-3)


def test_pairs_without_difference_or_weight_have_no_kd():
    assert np.isnan(kd(np.zeros((0, 2)), [1.0])).all()
    assert np.isnan(kd([[0, 0]], [1.0])).all()
    assert np.isnan(kd([[0, 0], [1, 0]], [1.0])).all()
    assert np.isfinite(kd([[0, 0], [1, 0]], [1.0], bandwidth=0.5)).all()
    assert np.isnan(kd([[3, 3], [3, 3], [3, 3]], [1.0])).all()
    assert np.isnan(kd([[0, 0], [1, 0], [0, 2]], [1.0], weights=[1.0, 0.0, 0.0])).all()
    assert np.isnan(kd([[0, 0], [1, 0]], [1.0], others=np.zeros((0, 2)))).all()
    assert np.isnan(kd([[0, 0], [900, 0], [0, 900]], [1.0])).all()


def test_arguments_that_cannot_be_are_refused_in_words():
    points = [[0, 0], [1, 1], [2, 0]]
    with pytest.raises(ValueError, match=r"shape \(n, 2\)"):
        kd([[1, 2, 3]], [1.0])
    with pytest.raises(ValueError, match="radii are numbers"):
        kd(points, [-1.0, 2.0])
    with pytest.raises(ValueError, match="largest radius is above 0"):
        kd(points, [0.0])
    with pytest.raises(ValueError, match="a bandwidth is above 0"):
        kd(points, [1.0], bandwidth=-1.0)
    with pytest.raises(ValueError, match="weights are one number"):
        kd(points, [1.0], weights=[1.0])
    with pytest.raises(ValueError, match="the weights of others need others"):
        kd(points, [1.0], other_weights=[1.0])
    with pytest.raises(ValueError, match="the limit of distances is above 0"):
        silverman_bandwidth(points, 0.0)


def test_weights_of_both_sides_count_between_two_industries(random):
    points, others = random.uniform(0, 10, (12, 2)), random.uniform(0, 10, (9, 2))
    own, theirs = random.integers(1, 9, 12).astype(float), random.integers(1, 9, 9).astype(float)
    radii, width, distances = [0.5, 3.0, 8.0], 0.7, _distances(points, others)
    for left, right in ((own, theirs), (own, None), (None, theirs)):
        pairs = np.outer(np.ones(12) if left is None else left, np.ones(9) if right is None else right).ravel()
        found = kd(points, radii, left, width, others, right)
        np.testing.assert_allclose(found, _density(distances, radii, width, pairs), rtol=2e-4)


@FEW
@given(POINTS, st.sampled_from([0.3, 1.0, 4.0]))
def test_kd_is_what_its_formula_says(points, width):
    radii = [0.0, 1.0, 7.5, 20.0]
    found, expected = kd(points, radii, bandwidth=width), _density(_distances(points), radii, width)
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-4 / width)


@FEW
@given(POINTS, st.sampled_from([1e-3, 1e3]), st.randoms(use_true_random=False))
def test_kd_follows_the_unit_and_no_order_or_place(points, factor, random):
    assume(len(np.unique(_distances(points))) > 2)
    order = list(range(len(points)))
    random.shuffle(order)
    radii = np.array([0.0, 2.0, 9.0])
    expected = kd(points, radii)
    np.testing.assert_allclose(kd(points[order] + [50, -9], radii), expected, rtol=1e-6)
    # Distances on the edge of a bin may fall to either side of it.
    np.testing.assert_allclose(kd(points * factor, radii * factor) * factor, expected, rtol=0.02, atol=1e-6)
