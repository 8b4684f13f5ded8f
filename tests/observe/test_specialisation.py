"""Location quotients and indices of specialisation, against EconGeo, REAT and Datawheel, and by their properties."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gaoyuan.observe import (
    entropy,
    hachman,
    herfindahl,
    krugman_between,
    krugman_specialisation,
    location_quotient,
    location_quotient_interval,
    mean_location_quotient,
    specialisation_coefficient,
    specialised,
)

TABLES = hnp.arrays(np.int64, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.integers(0, 50))
FEW = settings(max_examples=30, deadline=None)
INDICES = {
    "lq_avg": mean_location_quotient,
    "herfindahl_5x5": herfindahl,
    "herfindahl_seed31": herfindahl,
    "krugman_5x5": krugman_specialisation,
    "krugman_seed31": krugman_specialisation,
    "spec_coeff_5x5": specialisation_coefficient,
    "hachman_5x5": hachman,
}


@pytest.mark.parametrize("case", ["lq_5x5", "lq_seed31"])
def test_location_quotients_are_those_of_econgeo(econgeo, case):
    np.testing.assert_allclose(location_quotient(econgeo[case].inputs["mat"]), econgeo[case].output, rtol=0, atol=1e-13)


def test_location_quotients_are_those_that_econgeo_rounds_to_two_decimals(econgeo):
    case = econgeo["rca_seed31"]
    assert np.abs(location_quotient(case.inputs["mat"]) - case.output).max() <= 0.005


def test_specialised_places_are_those_of_econgeo(econgeo):
    case = econgeo["lq_5x5_binary"]
    assert (specialised(case.inputs["mat"]) == case.output).all()


@pytest.mark.parametrize("case", INDICES)
def test_indices_of_specialisation_are_those_of_econgeo(econgeo, case):
    expected = list(econgeo[case].output.values())
    np.testing.assert_allclose(INDICES[case](econgeo[case].inputs["mat"]), expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize("case", ["entropy_5x5", "entropy_seed31"])
def test_entropies_are_those_that_econgeo_rounds_to_three_decimals(econgeo, case):
    expected = np.array(list(econgeo[case].output.values()))
    assert np.abs(entropy(econgeo[case].inputs["mat"]) - expected).max() <= 0.0005


def test_a_single_location_quotient_is_the_one_printed_by_reat(reat):
    case = reat["locq_fk2013"]
    own, region, industry, everything = (case.inputs[name] for name in ("e_ij", "e_j", "e_i", "e"))
    table = [[own, region - own], [industry - own, everything - region - industry + own]]
    quotient = location_quotient(table)[0, 0]
    assert quotient == pytest.approx(case.output, rel=1e-13)
    assert quotient == pytest.approx(case.documented, abs=5e-8)


def test_location_quotients_of_goettingen_are_those_of_reat(econ, reat):
    sectors = pd.read_csv(econ / "reat" / "Goettingen.csv")
    city, country = sectors["Goettingen2017"].to_numpy(), sectors["BRD2017"].to_numpy()
    # The totals in the first row are not the sums of the sectors, so each sector is held against the rest of the total.
    quotient = [
        location_quotient([[own, city[0] - own], [all_of_it - own, country[0] - city[0] - all_of_it + own]])[0, 0]
        for own, all_of_it in zip(city[1:], country[1:], strict=True)
    ]
    np.testing.assert_allclose(quotient, reat["locq_goettingen2017"].output, rtol=1e-12)


def test_krugmans_index_of_goettingen_is_the_one_printed_by_reat(reat):
    case = reat["krugman_spec_goettingen"]
    index = krugman_between(case.inputs["e_ij"], case.inputs["e_il"])
    assert index == pytest.approx(case.output, rel=1e-13)
    assert index == pytest.approx(case.documented, abs=5e-8)
    assert krugman_specialisation([case.inputs["e_ij"]], case.inputs["e_il"])[0] == pytest.approx(index, rel=1e-13)


@pytest.mark.parametrize(("case", "others"), [("krugman_spec2_fk2013", "e_il"), ("krugman_conc2_fk2013", "e_uj")])
def test_krugmans_index_against_the_mean_of_others_is_the_one_printed_by_reat(reat, case, others):
    index = krugman_between(reat[case].inputs["e_ij"], reat[case].inputs[others])
    assert index == pytest.approx(reat[case].output, rel=1e-13)
    assert index == pytest.approx(reat[case].documented, abs=5e-5)


def test_location_quotients_of_exports_have_the_distribution_that_datawheel_asserts(econ):
    rows = pd.read_csv(econ / "complexity" / "datawheel_fixture_exports.csv", encoding="utf-8-sig")
    table = rows.pivot_table(
        index="Exporter Country ID", columns="Section ID", values="Trade Value", aggfunc="sum", fill_value=0.0
    )
    quotients = pd.DataFrame(location_quotient(table), index=table.index, columns=table.columns)
    expected = json.loads((econ / "complexity" / "datawheel_rca_test_values.json").read_text(encoding="utf-8"))
    for section in (1, 9):
        described = quotients[section].describe()
        for name, value in expected[f"section_{section}"].items():
            assert described[name] == pytest.approx(value, abs=5e-7)


def test_location_quotients_and_presence_are_those_of_ecomplexity(econ, exports):
    cells = pd.read_csv(econ / "complexity" / "ecomplexity_cells.csv.gz")
    quotients = cells.pivot_table(index="loc", columns="prod", values="rca").loc[exports.index].to_numpy()
    np.testing.assert_allclose(location_quotient(exports), quotients, rtol=0, atol=1e-12)
    present = cells.pivot_table(index="loc", columns="prod", values="mcp").loc[exports.index].to_numpy()
    assert (specialised(exports) == present).all()
    values = cells.pivot_table(index="loc", columns="prod", values="val").loc[exports.index].to_numpy()
    assert (exports.to_numpy() == values).all()


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.391), (100, 81.364, 121.627)]
)
def test_the_interval_of_a_quotient_is_that_of_the_tables_of_poisson_counts(count, low, high):
    found = location_quotient_interval(count, 0.5)
    assert found[0] == pytest.approx(low / 0.5, abs=2e-3)
    assert found[1] == pytest.approx(high / 0.5, abs=2e-3)


@pytest.mark.parametrize("mean", [0.7, 3.0, 25.0])
def test_the_interval_of_a_quotient_covers_the_true_one_at_least_as_often_as_it_says(mean):
    counts = np.random.default_rng(5).poisson(mean, 20_000)
    low, high = location_quotient_interval(counts, 2.0)
    assert ((low <= mean / 2.0) & (mean / 2.0 <= high)).mean() >= 0.947


def test_a_quotient_without_expected_firms_has_no_interval_and_an_impossible_one_is_refused():
    low, high = location_quotient_interval([3, np.nan], [0.0, 2.0])
    assert np.isnan(low).all()
    assert np.isnan(high).all()
    with pytest.raises(ValueError, match="at least 0"):
        location_quotient_interval(-1, 2.0)
    with pytest.raises(ValueError, match="level of confidence"):
        location_quotient_interval(1, 2.0, level=1.0)


def test_an_empty_region_or_industry_has_no_quotient_and_spoils_no_other():
    whole = location_quotient([[2, 0, 3], [1, 1, 4]])
    holed = location_quotient([[2, 0, 0, 3], [0, 0, 0, 0], [1, 0, 1, 4]])
    assert np.isnan(holed[1]).all()
    assert np.isnan(holed[:, 1]).all()
    assert holed.shape == (3, 4)
    np.testing.assert_array_equal(holed[np.ix_([0, 2], [0, 2, 3])], whole)


def test_a_table_without_any_firm_has_no_quotients():
    assert np.isnan(location_quotient(np.zeros((2, 3)))).all()
    assert location_quotient(np.zeros((0, 3))).shape == (0, 3)


def test_an_empty_region_has_no_index_and_spoils_no_other():
    for index in (herfindahl, entropy, krugman_specialisation, mean_location_quotient, hachman):
        found = index([[2, 0, 3], [0, 0, 0], [1, 1, 4]])
        assert np.isnan(found[1])
        np.testing.assert_allclose(found[[0, 2]], index([[2, 0, 3], [1, 1, 4]]), rtol=1e-15)


@pytest.mark.parametrize("wrong", [[[1, -1]], [[1, np.nan]], [[np.inf, 1]], [1, 2], [[[1]]]])
def test_a_table_that_cannot_be_is_refused_in_words(wrong):
    for measure in (location_quotient, herfindahl, entropy, krugman_specialisation, specialised):
        with pytest.raises(ValueError, match="a table of regions and industries"):
            measure(wrong)


def test_a_mix_of_another_length_is_refused_in_words():
    with pytest.raises(ValueError, match="one entry for each place or industry: 2"):
        krugman_specialisation([[2, 0], [1, 1]], [1, 1, 1])
    with pytest.raises(ValueError, match="one entry for each place or industry: 2"):
        krugman_between([3], [[1, 1], [1, 3]])


@FEW
@given(TABLES, st.sampled_from([0.001, 3.0, 1e6]))
def test_quotients_do_not_depend_on_the_unit(table, factor):
    np.testing.assert_allclose(location_quotient(table * factor), location_quotient(table), rtol=1e-12)


@FEW
@given(TABLES, st.randoms(use_true_random=False))
def test_quotients_follow_their_rows_and_columns(table, random):
    rows, columns = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    np.testing.assert_allclose(
        location_quotient(table[np.ix_(rows, columns)]), location_quotient(table)[np.ix_(rows, columns)], rtol=1e-12
    )


@FEW
@given(TABLES)
def test_quotients_weighted_by_the_size_of_regions_average_to_one(table):
    quotients = location_quotient(table)
    held = table.sum(axis=0) > 0
    if held.any():
        weight = table.sum(axis=1) / table.sum()
        np.testing.assert_allclose(np.nansum(quotients[:, held] * weight[:, None], axis=0), 1.0, rtol=1e-12)


@FEW
@given(TABLES)
def test_indices_stay_within_their_bounds(table):
    industries = table.shape[1]
    bounds = {
        herfindahl: (1.0 / industries, 1.0),
        entropy: (0.0, np.log2(industries)),
        krugman_specialisation: (0.0, 2.0),
        specialisation_coefficient: (0.0, 1.0),
        mean_location_quotient: (1.0, np.inf),
        hachman: (0.0, 1.0),
    }
    empty = table.sum(axis=1) == 0
    for index, (least, most) in bounds.items():
        found = index(table)
        assert (np.isnan(found) == empty).all()
        assert (found[~empty] >= least - 1e-12).all()
        assert (found[~empty] <= most + 1e-12).all()
