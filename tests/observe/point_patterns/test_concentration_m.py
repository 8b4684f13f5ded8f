"""Marcon and Puech's M and its density m, against dbmss, and by their properties."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gaoyuan.observe import individual_m, m_case_control, m_density, m_function, silverman_bandwidth, surroundings

FEW = settings(max_examples=30, deadline=None)
RADII = np.array([0.0, 2.0, 5.5])
WORLDS = st.integers(2, 25).flatmap(
    lambda n: st.tuples(
        hnp.arrays(np.int64, (n, 2), elements=st.integers(0, 9)),
        hnp.arrays(np.int64, n, elements=st.integers(1, 9)),
        hnp.arrays(np.bool_, n),
        hnp.arrays(np.bool_, n),
    )
)


def _by_hand(points, weights, reference, neighbour, radii):
    distance = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(distance, np.inf)
    found = []
    for radius in radii:
        local = expected = 0.0
        for i in np.flatnonzero(reference):
            near = distance[i] <= radius
            if weights[near].sum() > 0:
                local += weights[near & neighbour].sum() / weights[near].sum()
                expected += (weights[neighbour].sum() - weights[i] * neighbour[i]) / (weights.sum() - weights[i])
        found.append(local / expected if expected > 0 else np.nan)
    return np.array(found)


@pytest.mark.parametrize(
    ("name", "reference", "neighbour", "weighted"),
    [
        ("M_VA_intra", "va", "va", True),
        ("M_QR_intra", "qr", "qr", True),
        ("M_QR_VA_inter", "qr", "va", True),
        ("M_VA_QR_inter", "va", "qr", True),
        ("M_QR_intra_unweighted", "qr", "qr", False),
    ],
)
def test_m_of_the_trees_is_that_of_dbmss(paracou, name, reference, neighbour, weighted):
    found = m_function(
        paracou.points,
        paracou.weights if weighted else None,
        getattr(paracou, reference),
        getattr(paracou, neighbour),
        paracou.reference["r"],
    )
    np.testing.assert_allclose(found, paracou.reference[name], rtol=1e-12, atol=1e-13)


def test_m_of_cases_against_controls_is_that_of_dbmss(paracou):
    found = m_case_control(paracou.points, paracou.weights, paracou.qr, paracou.va, paracou.reference["r"])
    np.testing.assert_allclose(found, paracou.reference["M_QR_casecontrol_VA"], rtol=1e-12, atol=1e-13)


def test_m_around_each_tree_is_that_of_dbmss(econ, paracou):
    path = econ / "dbmss" / "paracou16_M_VAmericana_individual_r0_10_30.csv"
    expected = pd.read_csv(path, index_col=0, skipinitialspace=True).to_numpy(dtype=float)
    found = individual_m(paracou.points, paracou.weights, paracou.va, paracou.va, [0.0, 10.0, 30.0])
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)


def test_the_other_copy_of_the_trees_holds_the_same(econ, paracou):
    copy = pd.read_csv(econ / "dbmss_paracou16.csv")
    assert (copy[["x", "y"]].to_numpy() == paracou.points).all()
    np.testing.assert_allclose(copy["PointWeight"], paracou.weights)
    assert ((copy["PointType"] == "Q. Rosea") == paracou.qr).all()


def test_m_at_a_distance_is_that_of_dbmss_but_for_the_grid_of_its_densities(paracou):
    """R before 4.4 evaluates kernels on a grid a 1,023rd too narrow; on that grid the values are the same."""
    radii, expected = paracou.reference["m_r"], paracou.reference["m_QR_intra"]
    points, weights, of = paracou.points, paracou.weights, paracou.qr
    np.testing.assert_allclose(m_density(points, weights, of, of, radii), expected, rtol=9e-4)
    width = silverman_bandwidth(points[of], 2.0 * radii[-1])
    local = everything = 0.0
    for i in np.flatnonzero(of):
        distance, other = np.hypot(*(points - points[i]).T), np.arange(len(points)) != i
        near, around = (_density_of_old_r(distance[who], weights[who], width, radii[-1]) for who in (of & other, other))
        local = local + near / around
        everything += (weights[of].sum() - weights[i]) / (weights.sum() - weights[i])
    grid = np.linspace(0.0, radii[-1], 512)
    np.testing.assert_allclose(np.interp(radii, grid, local / everything), expected, rtol=1e-12)


def _density_of_old_r(distances, weights, width, reach):
    """Smooth linearly binned distances on 512 steps with kernels on too narrow a grid."""
    steps, low = 512, -4.0 * width
    extent = reach + 8.0 * width
    place = (distances - low) / (extent / (steps - 1))
    at = np.floor(place).astype(int)
    inside = at < steps - 1
    bins = np.zeros(2 * steps)
    np.add.at(bins, at[inside], (weights * (1.0 - (place - at)))[inside])
    np.add.at(bins, at[inside] + 1, (weights * (place - at))[inside])
    edge = at == steps - 1
    bins[steps - 1] += (weights * (1.0 - (place - at)))[edge].sum()
    offsets = np.arange(2 * steps) * 2.0 * extent / (2 * steps - 1)
    offsets[steps + 1 :] = -offsets[1:steps][::-1]
    kernel = np.exp(-0.5 * (offsets / width) ** 2)
    smooth = np.fft.ifft(np.fft.fft(bins) * np.conj(np.fft.fft(kernel))).real[:steps]
    return np.interp(np.linspace(0.0, reach, steps), np.linspace(low, low + extent, steps), smooth)


def test_pairs_at_the_same_place_are_within_a_radius_of_zero():
    found = m_function([[0, 0], [0, 0], [5, 5]], None, [True, True, False], [True, True, False], [0.0])
    assert found.tolist() == [2.0]


def test_reference_firms_without_any_firm_near_are_left_out_of_both_sums():
    points = [[0, 0], [1, 0], [50, 50], [0, 1]]
    alone, without = [True, True, True, False], [True, True, False, False]
    found = m_function(points, None, alone, alone, [2.0])
    expected = ((1 / 2 + 1 / 2) / 2) / (2 / 3)
    assert found[0] == pytest.approx(expected)
    assert m_function(points, None, without, alone, [2.0])[0] == pytest.approx(expected)
    assert np.isnan(individual_m(points, None, alone, alone, [2.0])[2, 0])


def test_no_neighbours_anywhere_give_no_m():
    points = [[0, 0], [100, 0]]
    mask = [True, True]
    assert np.isnan(m_function(points, None, mask, mask, [1.0])).all()
    nobody = [False, False]
    for measure in (m_function, m_case_control, m_density):
        assert np.isnan(measure(points, None, nobody, nobody, [1.0])).all()
    assert individual_m(points, None, nobody, nobody, [1.0]).shape == (0, 1)
    nothing = np.zeros((0, 2))
    for measure in (m_function, m_case_control, m_density):
        assert np.isnan(measure(nothing, None, [], [], [1.0])).all()


def test_m_is_one_where_the_industry_is_all_firms(random):
    points, everyone = random.uniform(0.0, 10.0, (50, 2)), np.ones(50, dtype=bool)
    np.testing.assert_allclose(m_function(points, None, everyone, everyone, [1.0, 20.0]), 1.0)
    np.testing.assert_allclose(m_density(points, None, everyone, everyone, [1.0, 5.0]), 1.0)


def test_cached_surroundings_change_nothing_and_those_of_anything_else_are_refused(random):
    points, weights, of = random.uniform(0, 10, (60, 2)), random.uniform(1, 9, 60), random.random(60) < 0.3
    radii = [1.0, 3.0]
    around = surroundings(points, weights, radii)
    np.testing.assert_array_equal(
        m_function(points, weights, of, of, radii, around), m_function(points, weights, of, of, radii)
    )
    moved, heavier = points.copy(), weights.copy()
    moved[7] += 0.5
    heavier[7] += 0.5
    for measure in (m_function, individual_m):
        for other in (
            (points, weights, of, of, [1.0, 2.0]),
            (moved, weights, of, of, radii),
            (points, heavier, of, of, radii),
            (points, None, of, of, radii),
            (points[:-1], weights[:-1], of[:-1], of[:-1], radii),
        ):
            with pytest.raises(ValueError, match="other points, weights or radii"):
                measure(*other, around)


def test_cached_surroundings_without_a_reference_firm_are_refused(random):
    """Firms without surroundings would otherwise drop out of M as if nobody were near."""
    points, of = random.uniform(0, 10, (60, 2)), random.random(60) < 0.3
    around = surroundings(points, None, [1.0, 3.0], of)
    np.testing.assert_array_equal(
        m_function(points, None, of, ~of, [1.0, 3.0], around), m_function(points, None, of, ~of, [1.0, 3.0])
    )
    for measure in (m_function, individual_m):
        with pytest.raises(ValueError, match="leave out some of the reference firms"):
            measure(points, None, ~of, of, [1.0, 3.0], around)


def test_cached_surroundings_keep_what_they_are_of_when_the_arrays_change_later(random):
    points, weights, of = random.uniform(0, 10, (60, 2)), random.uniform(1, 9, 60), random.random(60) < 0.3
    for changed in (points, weights):
        around = surroundings(points, weights, [1.0])
        changed += 1.0
        with pytest.raises(ValueError, match="other points, weights or radii"):
            m_function(points, weights, of, of, [1.0], around)


def test_arguments_that_cannot_be_are_refused_in_words():
    points, mask = [[0, 0], [1, 1]], [True, False]
    for measure in (m_function, m_case_control, m_density, individual_m):
        with pytest.raises(ValueError, match="a mask has one entry for each point"):
            measure(points, None, [True], mask, [1.0])
        with pytest.raises(ValueError, match="weights are one number"):
            measure(points, [1.0, -1.0], mask, mask, [1.0])
        with pytest.raises(ValueError, match="radii are numbers"):
            measure(points, None, mask, mask, [])
    with pytest.raises(ValueError, match="a case or a control, not both"):
        m_case_control(points, None, mask, mask, [1.0])
    with pytest.raises(ValueError, match="largest radius is above 0"):
        m_density(points, None, mask, mask, [0.0])
    with pytest.raises(ValueError, match="a bandwidth is above 0"):
        m_density(points, None, mask, mask, [1.0], bandwidth=0.0)


def test_m_at_a_distance_tells_a_ring_from_a_disc():
    """Two groups 10 apart: m is high near 0 and near 10 and low between, where M only fades."""
    own = np.array([[x, 0.1 * y] for x in (0.0, 10.0) for y in range(10)])
    points = np.concatenate([own, [[x, y] for x in np.arange(0.0, 11.0) for y in (-1.0, 1.0, 3.0, -3.0)]])
    mask = np.arange(len(points)) < len(own)
    near, between, far = m_density(points, None, mask, mask, [0.5, 5.0, 10.0], bandwidth=0.5)
    assert between < 0.1 < 1.0 < far < near


@FEW
@given(WORLDS)
def test_m_is_what_its_formula_says(world):
    points, weights, reference, neighbour = world
    found = m_function(points, weights, reference, neighbour, RADII)
    np.testing.assert_allclose(found, _by_hand(points, weights, reference, neighbour, RADII), rtol=1e-10)


@FEW
@given(WORLDS, st.sampled_from([1e-3, 1e3]), st.randoms(use_true_random=False))
def test_m_depends_on_no_order_place_or_unit(world, factor, random):
    points, weights, reference, neighbour = world
    order = list(range(len(points)))
    random.shuffle(order)
    expected = m_function(points, weights, reference, neighbour, RADII)
    moved = m_function(points[order] + [100, -7], weights[order] * factor, reference[order], neighbour[order], RADII)
    np.testing.assert_allclose(moved, expected, rtol=1e-9)
    scaled = m_function(points * factor, weights, reference, neighbour, [0.0, 2.01 * factor, 5.51 * factor])
    np.testing.assert_allclose(scaled, m_function(points, weights, reference, neighbour, [0.0, 2.01, 5.51]), rtol=1e-9)
