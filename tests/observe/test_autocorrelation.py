"""Moran's I, Geary's C and Getis and Ord's G, against PySAL, and by their properties."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gaoyuan.observe import geary, getis_ord, getis_ord_general, global_moran, local_moran

FEW = settings(max_examples=30, deadline=None)
VALUES = hnp.arrays(np.int64, 9, elements=st.integers(0, 20))


@pytest.fixture(scope="module")
def pysal(econ):
    return json.loads((econ / "pysal" / "pysal_reference.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def six_points(pysal):
    case = pysal["getis_ord_6pts"]
    return SimpleNamespace(**case, weights=_weights(case["neighbors"], [str(i) for i in range(6)]))


@pytest.fixture(scope="module")
def desmith(pysal):
    case = pysal["local_moran_desmith"]
    return SimpleNamespace(**case, weights=_weights(case["neighbors"], case["id_order"]))


@pytest.fixture(scope="module")
def lattice(pysal):
    case = pysal["lattice7_queen"]
    return SimpleNamespace(**case, values=np.array(case["z_row_major"]), weights=_queen(7))


def _weights(neighbours, labels):
    weights = np.zeros((len(labels), len(labels)))
    for place, others in neighbours.items():
        weights[labels.index(place), [labels.index(str(other)) for other in others]] = 1.0
    return weights


def _queen(side):
    row, column = np.divmod(np.arange(side * side), side)
    near = np.maximum(abs(row[:, None] - row), abs(column[:, None] - column)) == 1
    return near.astype(float)


def test_neighbours_of_the_six_points_are_those_within_the_threshold(six_points):
    points = np.array(six_points.points)
    distance = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    assert (six_points.weights == ((distance <= six_points.threshold) & (distance > 0))).all()


@pytest.mark.parametrize(
    ("name", "options"),
    [("G_B_Zs", {"star": False}), ("Gstar_B_Zs", {}), ("Gstar_R_Zs", {"standardised": True})],
)
def test_local_g_of_six_points_is_that_of_pysal(six_points, name, options):
    np.testing.assert_allclose(
        getis_ord(six_points.y, six_points.weights, **options), getattr(six_points, name), rtol=0, atol=1e-13
    )


@pytest.mark.parametrize(
    ("name", "options"), [("documented_G_B_Zs", {"star": False}), ("documented_Gstar_B_Zs", {"star": True})]
)
def test_local_g_of_six_points_is_the_one_printed_by_pysal(six_points, name, options):
    np.testing.assert_allclose(
        getis_ord(six_points.y, six_points.weights, **options), getattr(six_points, name), rtol=0, atol=6e-9
    )


def test_general_g_of_six_points_is_that_of_pysal(six_points):
    found = getis_ord_general(six_points.y, six_points.weights)
    assert found.statistic == pytest.approx(six_points.G_global, rel=1e-13)
    assert found.expected == pytest.approx(six_points.EG, rel=1e-13)
    assert found.variance == pytest.approx(six_points.VG, rel=1e-12)
    assert found.z == pytest.approx(six_points.z_norm, rel=1e-12)


def test_morans_i_of_ten_places_is_that_of_pysal(desmith):
    found = global_moran(desmith.y, desmith.weights)
    assert found.statistic == pytest.approx(desmith.moran_I, rel=1e-13)
    assert found.expected == pytest.approx(desmith.EI, rel=1e-13)
    assert found.variance_normal == pytest.approx(desmith.VI_norm, rel=1e-12)
    assert found.variance_randomised == pytest.approx(desmith.VI_rand, rel=1e-12)
    assert found.z_normal == pytest.approx(desmith.z_norm, rel=1e-12)


def test_local_moran_of_ten_places_is_that_of_pysal(desmith):
    statistic, quadrant = local_moran(desmith.y, desmith.weights)
    np.testing.assert_allclose(statistic, desmith.Is_row_standardised, rtol=0, atol=1e-13)
    assert quadrant.tolist() == desmith.q


def test_all_measures_of_a_lattice_are_those_of_pysal(lattice):
    statistic, quadrant = local_moran(lattice.values, lattice.weights)
    np.testing.assert_allclose(statistic, lattice.local_I, rtol=0, atol=1e-13)
    assert quadrant.tolist() == lattice.quadrant
    np.testing.assert_allclose(getis_ord(lattice.values, lattice.weights), lattice.Gstar_Z, rtol=0, atol=1e-13)
    found = global_moran(lattice.values, lattice.weights)
    assert found.statistic == pytest.approx(lattice.moran_I, rel=1e-12)
    assert found.z_normal == pytest.approx(lattice.moran_z_norm, rel=1e-12)
    assert found.z_randomised == pytest.approx(lattice.moran_z_rand, rel=1e-12)
    assert geary(lattice.values, lattice.weights) == pytest.approx(lattice.geary_C, rel=1e-12)


def test_permutations_of_the_values_have_the_mean_and_spread_that_randomisation_gives(random):
    values, weights = random.lognormal(0.0, 1.0, 49), _queen(7)
    expected = global_moran(values, weights)
    drawn = np.array([global_moran(random.permutation(values), weights).statistic for _ in range(2_000)])
    assert abs(drawn.mean() - expected.expected) < 4.0 * np.sqrt(expected.variance_randomised / drawn.size)
    assert drawn.var() == pytest.approx(expected.variance_randomised, rel=0.15)
    general = getis_ord_general(values, weights)
    drawn = np.array([getis_ord_general(random.permutation(values), weights).statistic for _ in range(2_000)])
    assert abs(drawn.mean() - general.expected) < 4.0 * np.sqrt(general.variance / drawn.size)
    assert drawn.var() == pytest.approx(general.variance, rel=0.15)


def test_a_place_without_neighbours_has_no_local_g_and_spoils_no_other():
    weights = np.zeros((5, 5))
    weights[:4, :4] = _queen(2)
    found = getis_ord([1, 2, 3, 4, 9], weights, star=False)
    assert np.isnan(found[4])
    assert np.isfinite(found[:4]).all()
    statistic, _ = local_moran([1, 2, 3, 4, 9], weights)
    assert statistic[4] == 0.0
    assert np.isfinite(global_moran([1, 2, 3, 4, 9], weights)[:4]).all()


def test_a_place_that_neighbours_all_others_has_no_local_g_star():
    found = getis_ord([1, 2, 3], [[0, 1, 1], [1, 0, 0], [1, 0, 0]])
    assert np.isnan(found[0])
    assert np.isfinite(found[1:]).all()


@pytest.mark.parametrize("measure", [global_moran, local_moran, geary, getis_ord, getis_ord_general])
def test_values_and_weights_that_cannot_be_are_refused_in_words(measure):
    with pytest.raises(ValueError, match="need a square table of weights"):
        measure([1, 2, 3], np.zeros((2, 2)))
    with pytest.raises(ValueError, match="no place is its own neighbour"):
        measure([1, 2], np.eye(2))
    with pytest.raises(ValueError, match="are finite"):
        measure([1, np.nan], _queen(2)[:2, :2])
    with pytest.raises(ValueError, match="all values are equal"):
        measure([2, 2], _queen(2)[:2, :2])
    with pytest.raises(ValueError, match="all values are equal"):
        measure([], np.zeros((0, 0)))


@pytest.mark.parametrize("measure", [global_moran, geary, getis_ord_general])
def test_weights_without_any_neighbours_are_refused_in_words(measure):
    with pytest.raises(ValueError, match="at least one pair of neighbours"):
        measure([1, 2], np.zeros((2, 2)))


def test_a_place_held_against_equal_values_has_no_local_g():
    values = [0.1, 0.7, 0.7, 0.7]
    found = getis_ord(values, _queen(2) - np.eye(4)[::-1], star=False)
    assert np.isnan(found[0])
    assert np.isfinite(found[1:]).all()


@FEW
@given(VALUES, st.sampled_from([0.001, 5.0, 1e5]), st.sampled_from([0.0, 3.0]))
def test_measures_do_not_depend_on_the_unit(values, factor, shift):
    assume(np.ptp(values) > 0)
    weights, other = _queen(3), values * factor + shift
    assert global_moran(other, weights).statistic == pytest.approx(global_moran(values, weights).statistic, abs=1e-9)
    assert geary(other, weights) == pytest.approx(geary(values, weights), rel=1e-9)
    np.testing.assert_allclose(local_moran(other, weights)[0], local_moran(values, weights)[0], rtol=0, atol=1e-8)
    np.testing.assert_allclose(getis_ord(other, weights), getis_ord(values, weights), rtol=0, atol=1e-8)


@FEW
@given(VALUES, st.permutations(range(9)))
def test_measures_follow_the_order_of_places(values, order):
    assume(np.ptp(values) > 0)
    weights = _queen(3)
    moved, moved_weights = values[order], weights[np.ix_(order, order)]
    np.testing.assert_allclose(getis_ord(moved, moved_weights), getis_ord(values, weights)[order], rtol=0, atol=1e-9)
    np.testing.assert_allclose(
        local_moran(moved, moved_weights)[0], local_moran(values, weights)[0][order], rtol=0, atol=1e-9
    )


@FEW
@given(VALUES)
def test_local_morans_average_to_the_global_one(values):
    assume(np.ptp(values) > 0)
    statistic, _ = local_moran(values, _queen(3))
    assert statistic.sum() / (values.size - 1) == pytest.approx(global_moran(values, _queen(3)).statistic, abs=1e-12)
