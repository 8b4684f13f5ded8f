"""Proximity, relatedness density and associations, against ecomplexity and EconGeo, and by their properties."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gaoyuan.observe import (
    association,
    co_occurrence,
    complexity_outlook,
    proximity,
    relatedness_density,
    specialised,
)
from gaoyuan.observe.relatedness import Association

FEW = settings(max_examples=30, deadline=None)
PRESENCE = hnp.arrays(np.int64, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=st.integers(0, 1))
METHODS: dict[str, Association] = {
    "prob": "probability",
    "association": "association",
    "cosine": "cosine",
    "Jaccard": "jaccard",
}


@pytest.fixture(scope="module")
def present(exports):
    return specialised(exports).astype(float)


@pytest.fixture(scope="module")
def cells(econ):
    return pd.read_csv(econ / "complexity" / "ecomplexity_cells.csv.gz")


def test_proximities_are_those_of_ecomplexity(econ, present):
    expected = pd.read_csv(econ / "complexity" / "ecomplexity_proximity.csv", index_col=0)
    np.testing.assert_allclose(proximity(present), expected, rtol=0, atol=1e-15)


def test_densities_are_those_of_ecomplexity(exports, present, cells):
    expected = cells.pivot_table(index="loc", columns="prod", values="density").loc[exports.index]
    np.testing.assert_allclose(relatedness_density(present, proximity(present)), expected, rtol=0, atol=1e-14)


def test_outlook_and_its_gains_are_those_of_ecomplexity(econ, exports, present, cells):
    """The peer takes the eigenvector before it is standardised, so the test does too."""
    diversity, ubiquity = present.sum(axis=1), present.sum(axis=0)
    scaled = present / np.sqrt(diversity)[:, None] / np.sqrt(ubiquity)
    products = np.linalg.svd(scaled)[2][1] / np.sqrt(ubiquity)
    regions = present @ products / diversity
    sign = np.sign(np.corrcoef(regions, diversity)[0, 1])
    outlook, gain = complexity_outlook(present, proximity(present), sign * products)
    expected = pd.read_csv(econ / "complexity" / "ecomplexity_eci_loc.csv", index_col="loc").loc[exports.index]
    np.testing.assert_allclose((outlook - outlook.mean()) / outlook.std(), expected["coi"], rtol=0, atol=1e-11)
    gains = cells.pivot_table(index="loc", columns="prod", values="cog").loc[exports.index]
    np.testing.assert_allclose(gain / regions.std(), gains, rtol=0, atol=1e-11)


def test_co_occurrences_are_those_of_econgeo(econgeo):
    case = econgeo["cooccurrence"]
    assert (co_occurrence(case.inputs["mat"].T) == case.output).all()


@pytest.mark.parametrize("method", METHODS)
def test_associations_are_those_of_econgeo(econgeo, method):
    case = econgeo[f"relatedness_{method}"]
    np.testing.assert_allclose(association(case.inputs["mat"], METHODS[method]), case.output, rtol=0, atol=1e-13)


def test_densities_are_those_that_econgeo_rounds_to_hundredths_of_a_percent(econgeo):
    case = econgeo["relatedness_density"]
    found = relatedness_density(case.inputs["mat"], case.inputs["relatedness"])
    assert np.abs(100.0 * found - case.output).max() <= 0.005 + 1e-9


@pytest.mark.parametrize(("case", "axis"), [("diversity", 1), ("ubiquity", 0)])
def test_diversity_and_ubiquity_are_those_of_econgeo(econgeo, case, axis):
    present = econgeo[case].inputs["mat"]
    expected = list(econgeo[case].output.values())
    assert (present.sum(axis=axis) == expected).all()
    # Both are in the diagonal that co-occurrence leaves out: an industry occurs with itself as often as it is anywhere.
    table = present if axis == 0 else present.T
    assert (np.diag(table.T @ table) == expected).all()
    assert (np.diag(co_occurrence(table)) == 0).all()


def test_proximity_is_co_presence_over_the_larger_ubiquity_with_a_diagonal_of_one():
    found = proximity([[1, 1, 0], [1, 1, 0], [1, 0, 0], [1, 0, 0]])
    assert found.tolist() == [[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 1.0]]


def test_density_never_exceeds_one_even_with_all_neighbours_present():
    """ecomplexity sums its nearest neighbours without weighing them and gives up to 3."""
    present = np.ones((4, 6))
    assert (relatedness_density(present, proximity(present)) == 1.0).all()


def test_an_industry_present_nowhere_spoils_no_other():
    present = np.array([[1, 1, 0], [1, 0, 1], [0, 1, 1]])
    holed = np.column_stack([present, np.zeros(3, dtype=int)])
    np.testing.assert_array_equal(proximity(holed)[:3, :3], proximity(present))
    np.testing.assert_array_equal(
        relatedness_density(holed, proximity(holed))[:, :3], relatedness_density(present, proximity(present))
    )


def test_an_industry_that_lacks_all_relations_spoils_no_outlook():
    present = np.array([[1, 1, 0], [1, 0, 1], [0, 1, 0]])
    near = proximity(present)
    apart = np.zeros((4, 4))
    apart[:3, :3] = near
    outlook, gain = complexity_outlook(np.column_stack([present, [0, 0, 0]]), apart, [1.0, -1.0, 0.5, np.nan])
    own_outlook, own_gain = complexity_outlook(present, near, [1.0, -1.0, 0.5])
    np.testing.assert_allclose(outlook, own_outlook)
    np.testing.assert_allclose(gain[:, :3], own_gain)
    assert np.isfinite(gain).all()


def test_tables_that_cannot_be_are_refused_in_words():
    with pytest.raises(ValueError, match="holds 0 and 1 only"):
        proximity([[1, 2]])
    with pytest.raises(ValueError, match="a square table of proximities"):
        relatedness_density([[1, 0]], [[1.0]])
    with pytest.raises(ValueError, match="proximities are numbers of at least 0"):
        relatedness_density([[1, 0]], [[1.0, np.nan], [0.0, 1.0]])
    with pytest.raises(ValueError, match="one complexity for each industry"):
        complexity_outlook([[1, 0]], [[1.0, 0.0], [0.0, 1.0]], [1.0])
    with pytest.raises(ValueError, match="a square table"):
        association([[1, 2]])
    with pytest.raises(ValueError, match="is one of"):
        association([[0, 2], [2, 0]], "nearness")  # pyright: ignore[reportArgumentType]


def test_no_regions_give_empty_densities():
    assert relatedness_density(np.zeros((0, 3)), np.eye(3)).shape == (0, 3)


@FEW
@given(PRESENCE)
def test_proximities_and_densities_are_symmetric_and_between_zero_and_one(present):
    near = proximity(present)
    assert (near == near.T).all()
    assert (np.diag(near) == 1.0).all()
    density = relatedness_density(present, near)
    for found in (near, density):
        assert found.min() >= 0.0
        assert found.max() <= 1.0


@FEW
@given(PRESENCE, st.randoms(use_true_random=False))
def test_densities_follow_their_rows_and_columns(present, random):
    rows, columns = list(range(present.shape[0])), list(range(present.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    moved = present[np.ix_(rows, columns)]
    np.testing.assert_allclose(
        relatedness_density(moved, proximity(moved)),
        relatedness_density(present, proximity(present))[np.ix_(rows, columns)],
        rtol=1e-12,
    )


@FEW
@given(PRESENCE, st.integers(2, 4))
def test_repeating_all_regions_changes_no_proximity_and_no_association(present, times):
    repeated = np.tile(present, (times, 1))
    np.testing.assert_allclose(proximity(repeated), proximity(present), rtol=1e-12)
    for method in METHODS.values():
        np.testing.assert_allclose(
            association(co_occurrence(repeated), method), association(co_occurrence(present), method), rtol=1e-9
        )
