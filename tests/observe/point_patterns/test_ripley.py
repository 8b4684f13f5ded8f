"""Ripley's K, against dbmss and spatstat, and by its properties."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gaoyuan.observe import k_function
from gaoyuan.observe.point_patterns.ripley import Edge

FEW = settings(max_examples=30, deadline=None)
POINTS = hnp.arrays(np.int64, st.tuples(st.integers(2, 25), st.just(2)), elements=st.integers(0, 12))


@pytest.fixture(scope="module")
def radii(paracou):
    """The radii of the reference: spatstat counts pairs nearer than r, and at the last radius also those at r."""
    given_radii = paracou.reference["Kd_r"]
    return np.append(np.nextafter(given_radii[1:-1], 0.0), given_radii[-1])


def _pairs(points):
    distance = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(distance, np.inf)
    return distance


def test_the_window_of_the_trees_has_the_stated_area_and_number(paracou):
    stated = paracou.reference["window"]
    assert paracou.window.area == pytest.approx(stated["area"], rel=1e-12)
    assert paracou.window.bounds[0::2] == tuple(stated["xrange"])
    assert paracou.window.bounds[1::2] == tuple(stated["yrange"])
    assert len(paracou.points) == paracou.reference["n"]


@pytest.mark.parametrize(
    ("edge", "name", "tolerance"),
    [
        ("none", "K_all_none", 1e-13),
        # The corrections of spatstat are approximate: the isotropic one near corners, the translation one by pixels.
        ("isotropic", "K_all_isotropic", 1.3e-4),
        ("translation", "K_all_translate", 4.3e-3),
    ],
)
def test_k_of_the_trees_is_that_of_dbmss(paracou, radii, edge, name, tolerance):
    expected = paracou.reference[name]
    found = k_function(paracou.points, radii, paracou.window, edge)
    assert expected[0] == 0.0
    np.testing.assert_allclose(found, expected[1:], rtol=tolerance)


def test_k_with_border_correction_is_that_of_dbmss_where_its_steps_of_distance_are_followed(paracou):
    """Spatstat files the depths of points under the radii asked for, so that a point counts up to the radius above its
    depth, with the neighbours that are nearer than the border. Ours asks for points at least r from the border.
    """
    radii, expected = paracou.reference["Kd_r"], paracou.reference["K_all_border"]
    distance, area = _pairs(paracou.points), paracou.window.area
    depth = np.asarray(shapely.distance(shapely.points(paracou.points), paracou.window.boundary))
    ours = k_function(paracou.points, radii, paracou.window, "border")
    for step in range(1, radii.size):
        deep = depth >= radii[step]
        if deep.any():
            within = (distance[deep] <= radii[step]).sum() / deep.sum()
            assert ours[step] == pytest.approx(area / (len(paracou.points) - 1.0) * within, rel=1e-12)
        else:
            assert np.isnan(ours[step])
        filed = depth >= radii[step - 1]
        if np.isfinite(expected[step]):
            nearer = (distance[filed] < radii[step]) & (distance[filed] <= depth[filed][:, None])
            theirs = area / len(paracou.points) * nearer.sum() / filed.sum()
            assert theirs == pytest.approx(expected[step], rel=1e-5)


def test_isotropic_weights_are_one_over_the_share_of_the_circle_inside():
    """Circles are cut into many arcs, which need no geometry."""
    window = shapely.Polygon([(0, 0), (10, 0), (10, 6), (5, 6), (5, 10), (0, 10)])
    points, radius = np.array([[4.5, 5.5], [8.0, 5.0]]), 10.0
    angle = np.linspace(0.0, 2.0 * np.pi, 200_001)[:-1]
    distance = np.hypot(*(points[0] - points[1]))
    share = [
        shapely.contains_xy(window, x + distance * np.cos(angle), y + distance * np.sin(angle)).mean()
        for x, y in points
    ]
    expected = window.area / 2.0 * (1.0 / share[0] + 1.0 / share[1])
    assert k_function(points, [radius], window, "isotropic")[0] == pytest.approx(expected, rel=1e-4)


def test_translation_weights_are_the_area_over_the_overlap_of_the_moved_window():
    window = shapely.box(0.0, 0.0, 10.0, 5.0)
    found = k_function([[1.0, 1.0], [4.0, 3.0]], [10.0], window, "translation")[0]
    assert found == pytest.approx(50.0 / 2.0 * 2.0 * 50.0 / ((10.0 - 3.0) * (5.0 - 2.0)), rel=1e-12)


def test_corrections_take_out_what_the_edge_costs(random):
    """Without clustering K is π r²; without a correction the edge takes a fifth of it here."""
    radii, window = np.array([5.0, 10.0, 20.0]), shapely.box(0.0, 0.0, 100.0, 60.0)
    curves = {edge: [] for edge in get_args(Edge)}
    for _ in range(30):
        points = random.uniform([0.0, 0.0], [100.0, 60.0], (200, 2))
        for edge, found in curves.items():
            found.append(k_function(points, radii, window, edge) / (np.pi * radii**2))
    for edge, found in curves.items():
        mean, error = np.mean(found, axis=0), np.std(found, axis=0) / np.sqrt(len(found))
        if edge == "none":
            assert mean[-1] < 0.85
        else:
            assert (np.abs(mean - 1.0) < 4.0 * error).all()


def test_a_pair_at_exactly_r_is_within_r():
    points = [[0, 0], [3, 4]]
    assert k_function(points, [np.nextafter(5.0, 0.0), 5.0], 8.0).tolist() == [0.0, 8.0]
    assert k_function([[1, 1], [1, 1]], [0.0], 8.0).tolist() == [8.0]


def test_fewer_than_two_points_have_no_k():
    for edge in get_args(Edge):
        for points in (np.zeros((0, 2)), np.zeros((1, 2))):
            assert np.isnan(k_function(points, [1.0, 2.0], shapely.box(-1, -1, 1, 1), edge)).all()


def test_arguments_that_cannot_be_are_refused_in_words():
    points = [[0, 0], [1, 1]]
    with pytest.raises(ValueError, match=r"shape \(n, 2\)"):
        k_function([1, 2, 3], [1.0], 4.0)
    with pytest.raises(ValueError, match="points are finite"):
        k_function([[0, np.nan]], [1.0], 4.0)
    for radii in ([-1.0], [2.0, 1.0], [np.nan], [], [1.0, 1.0]):
        with pytest.raises(ValueError, match="radii are numbers of at least 0"):
            k_function(points, radii, 4.0)
    with pytest.raises(ValueError, match="area of the window is above 0"):
        k_function(points, [1.0], 0.0)
    with pytest.raises(ValueError, match="needs the window itself"):
        k_function(points, [1.0], 4.0, "isotropic")
    with pytest.raises(ValueError, match="edge is one of none, border"):
        k_function(points, [1.0], 4.0, "toroidal")  # pyright: ignore[reportArgumentType]


@FEW
@given(POINTS, st.lists(st.integers(0, 18), min_size=1, max_size=5, unique=True))
def test_k_counts_all_pairs_within_each_radius(points, radii):
    steps, count = np.sort(radii), points.shape[0]
    counted = [(_pairs(points) <= step).sum() for step in steps]
    np.testing.assert_allclose(k_function(points, steps, 100.0), 100.0 * np.array(counted) / (count * (count - 1.0)))


@FEW
@given(POINTS, st.sampled_from([1e-3, 1e3]), st.randoms(use_true_random=False))
def test_k_follows_the_unit_and_no_order_or_place_or_turn(points, factor, random):
    order = list(range(points.shape[0]))
    random.shuffle(order)
    turned = points[order][:, ::-1] * [1.0, -1.0] + [7.0, -3.0]
    radii = np.array([1.5, 4.2])
    expected = k_function(points, radii, 150.0)
    np.testing.assert_allclose(k_function(turned, radii, 150.0), expected)
    np.testing.assert_allclose(k_function(points * factor, radii * factor, 150.0 * factor**2), expected * factor**2)
