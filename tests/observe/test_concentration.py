"""Ellison–Glaeser, coagglomeration and other measures of concentration, against REAT, EconGeo and Ellison and Glaeser's
own formulas, and by their properties.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaoyuan.observe import (
    cluster_index,
    coagglomeration,
    colocation_index,
    ellison_glaeser,
    gini,
    group_coagglomeration,
    hoover_index,
    krugman_concentration,
    locational_gini,
    specialisation_gini,
)
from gaoyuan.observe.concentration import coagglomeration_of_table, ellison_glaeser_of_table

FEW = settings(max_examples=30, deadline=None)
PLANTS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from("abcd"), st.sampled_from("wxyz")), min_size=1, max_size=25
)


@pytest.fixture(scope="module")
def fictitious(econ):
    """The 42 fictitious firms of Farhauer and Kröll."""
    return pd.read_csv(econ / "reat" / "FK2014_EGC.csv")


@pytest.fixture(scope="module")
def ellison_glaeser_1997(econ):
    return json.loads((econ / "eg1997" / "eg_coagglomeration_FK2014.json").read_text(encoding="utf-8"))["cases"]


def _value(table: pd.DataFrame, row: str, column: str) -> float:
    return float(table.to_numpy()[table.index.tolist().index(row), table.columns.tolist().index(column)])


def _columns(plants):
    size, industry, region = zip(*plants, strict=True)
    return list(size), list(industry), list(region)


def test_the_index_of_one_industry_is_the_one_printed_by_reat(reat):
    case = reat["eg_farhauer_kroell_2014"]
    regions = case.inputs["regions"]
    found = ellison_glaeser(case.inputs["e_ik"], ["it"] * len(regions), regions, case.inputs["e_j"])
    found = found.to_dict("index")["it"]
    assert found["gamma"] == pytest.approx(case.output["gamma"], rel=1e-12)
    assert found["gamma"] == pytest.approx(case.documented, abs=5e-9)
    assert found["raw_concentration"] == pytest.approx(case.output["G"], rel=1e-12)
    assert found["herfindahl"] == pytest.approx(case.output["H"], rel=1e-12)
    assert found["plants"] == case.output["K"]
    assert found["z"] == pytest.approx(case.output["z"], rel=1e-12)


def test_the_indices_of_all_industries_are_those_of_reat(reat, fictitious):
    found = ellison_glaeser(fictitious["emp_firm"], fictitious["industry"], fictitious["region"])
    names = {
        "Gamma i": "gamma",
        "G i": "raw_concentration",
        "HHI i": "herfindahl",
        "K i": "plants",
        "z Gi": "z",
    }
    for industry, expected in reat["eg_all_industries_FK2014"].output.items():
        for theirs, ours in names.items():
            assert _value(found, industry, ours) == pytest.approx(expected[theirs], rel=1e-12)


@pytest.mark.parametrize("case", [0, 1])
def test_agglomeration_and_coagglomeration_are_those_of_ellison_and_glaesers_formulas(
    ellison_glaeser_1997, fictitious, case
):
    expected = ellison_glaeser_1997[case]
    given_shares = {float(region): share for region, share in expected["region_shares"].items()}
    plants = (fictitious["emp_firm"], fictitious["industry"], fictitious["region"])
    shares = given_shares if expected["x"] == "x_from_emp_region" else None
    own = ellison_glaeser(*plants, shares)
    for name, column in (("gamma", "gamma"), ("G", "raw_concentration"), ("H", "herfindahl")):
        for industry, value in expected[name].items():
            assert _value(own, industry, column) == pytest.approx(value, rel=1e-12)
    together = coagglomeration(*plants, shares)
    for pair, value in expected["coagglomeration_pairs"].items():
        one, other = pair.split("|")
        assert _value(together, one, other) == pytest.approx(value, abs=1e-13)
    assert group_coagglomeration(*plants, shares) == pytest.approx(expected["coagglomeration_all"], rel=1e-12)
    if shares is None:
        sizes = fictitious.groupby("region")["emp_firm"].sum()
        for region, share in given_shares.items():
            assert sizes[region] / sizes.sum() == pytest.approx(share, rel=1e-12)


def test_coagglomeration_of_an_example_is_no_twelvefold_of_what_can_be(fictitious):
    """REAT gives 12.07 for these firms, from a misplaced bracket; no pair or group can reach 1/(1 - Σ x²) here."""
    plants = (fictitious["emp_firm"], fictitious["industry"], fictitious["region"])
    shares = (fictitious.groupby("region")["emp_region"].first() / 600_000.0).to_dict()
    assert group_coagglomeration(*plants, shares) == pytest.approx(0.0890366516703542, rel=1e-12)
    assert np.abs(coagglomeration(*plants, shares).to_numpy()).max() < 1.0 / (1.0 - sum(x**2 for x in shares.values()))


def test_coagglomeration_stays_near_one_where_two_industries_share_a_region_alone():
    firms = [1.0] * 8
    industry, region = list("aabbcccc"), list("xxxxwyzz")
    found = coagglomeration(firms, industry, region)
    assert _value(found, "a", "b") == pytest.approx(
        (0.5**2 + 2 * 0.125**2 + 0.25**2) / (1 - 0.5**2 - 2 * 0.125**2 - 0.25**2)
    )
    assert _value(found, "a", "c") < 0.0


def test_the_cluster_index_of_one_region_is_the_one_printed_by_reat(reat):
    case = reat["litzenberger_fk2014"]
    one = case.inputs
    found = cluster_index(
        [[one["e_ij"]], [one["e_i"] - one["e_ij"]]],
        [[one["b_ij"]], [one["b_i"] - one["b_ij"]]],
        [one["a_j"], one["a"] - one["a_j"]],
        [one["p_j"], one["p"] - one["p_j"]],
    )[0, 0]
    assert found == pytest.approx(case.output, rel=1e-13)
    assert found == pytest.approx(case.documented, abs=5e-6)


@pytest.mark.parametrize("copy", ["G_regions_industries.csv", "G.regions.industries.csv"])
def test_cluster_indices_of_german_regions_are_those_of_reat(econ, copy):
    rows = pd.read_csv(econ / "reat" / copy)
    expected = pd.read_csv(econ / "reat" / "litzenberger2_G_regions_industries.csv", index_col=0).T
    employees, firms = (
        rows.pivot_table(index="region_code", columns="ind_code", values=values)
        .reindex(index=expected.index, columns=expected.columns)
        .fillna(0.0)
        for values in ("emp_all", "firms")
    )
    regions = rows.groupby("region_code")[["area_sqkm", "pop"]].first().loc[expected.index]
    found = cluster_index(employees, firms, regions["area_sqkm"], regions["pop"])
    known = expected.notna().to_numpy()
    np.testing.assert_allclose(found[known], expected.to_numpy()[known], rtol=1e-11)
    # REAT has nothing for an industry of which a region has none; that is an index of zero.
    assert (found[~known] == 0.0).all()
    assert (employees.to_numpy()[~known] == 0.0).all()


def test_locational_gini_coefficients_are_those_of_econgeo(econgeo):
    case = econgeo["locational_gini_5x5"]
    np.testing.assert_allclose(locational_gini(case.inputs["mat"]), list(case.output.values()), rtol=0, atol=1e-14)


def test_gini_coefficients_are_those_of_econgeo(econgeo):
    case = econgeo["gini_vec"]
    assert gini(case.inputs["ind"]) == pytest.approx(case.output, abs=1e-14)
    rounded = econgeo["hoover_gini_vec"]
    assert gini(rounded.inputs["ind"], rounded.inputs["pop"]) == pytest.approx(rounded.output, abs=0.0005)


def test_gini_coefficients_of_several_industries_are_those_of_econgeo(econgeo):
    case = econgeo["hoover_gini_5x4"]
    found = [gini(column, case.inputs["pop"]) for column in case.inputs["mat"].T]
    expected = np.array([float(value) for value in case.output.values()])
    np.testing.assert_allclose(found, expected, rtol=0, atol=0.0005)


def test_hoovers_index_is_that_of_econgeo(econgeo):
    case = econgeo["hoover_index_vec"]
    assert 100.0 * hoover_index(case.inputs["ind"], case.inputs["pop"]) == pytest.approx(case.output, rel=1e-13)


def test_hoovers_index_of_several_industries_is_that_of_econgeo(econgeo):
    case = econgeo["hoover_index_5x4"]
    found = [100.0 * hoover_index(column, case.inputs["pop"]) for column in case.inputs["mat"].T]
    np.testing.assert_allclose(found, [float(value) for value in case.output.values()], rtol=0, atol=1e-12)


@pytest.mark.parametrize("case", ["gini_spec_fk2013", "gini_spec_freiburg2014", "gini_spec_goettingen2017"])
def test_gini_coefficients_of_specialisation_are_those_printed_by_reat(reat, case):
    found = specialisation_gini(reat[case].inputs["e_ij"], reat[case].inputs["e_i"])
    assert found == pytest.approx(reat[case].output, rel=1e-12)
    assert found == pytest.approx(reat[case].documented, abs=5e-8)


def test_inputs_of_the_gini_coefficient_of_freiburg_are_those_of_its_table(econ, reat):
    table = pd.read_csv(econ / "reat" / "Freiburg.csv")
    assert (table["e_Freiburg2014"] == reat["gini_spec_freiburg2014"].inputs["e_ij"]).all()
    assert (table["e_Germany2014"] == reat["gini_spec_freiburg2014"].inputs["e_i"]).all()


def test_colocation_is_that_of_reat(reat):
    case = reat["howard_cl"]
    found = colocation_index(
        case.inputs["industry"], case.inputs["region"], case.inputs["industry1"], case.inputs["industry2"]
    )
    assert found == pytest.approx(case.output, rel=1e-13)


def test_the_answer_has_a_row_for_each_industry_and_the_named_columns():
    found = ellison_glaeser([3, 2, 2, 1], ["b", "a", "a", "b"], ["x", "x", "y", "y"])
    assert found.index.tolist() == ["a", "b"]
    assert found.columns[:4].tolist() == ["gamma", "raw_concentration", "herfindahl", "plants"]
    square = coagglomeration([3, 2, 2, 1], ["b", "a", "a", "b"], ["x", "x", "y", "y"])
    assert square.index.tolist() == square.columns.tolist() == ["a", "b"]


def test_an_industry_with_one_plant_has_no_index_and_the_others_keep_theirs():
    found = ellison_glaeser([5, 3, 2, 4], ["a", "a", "a", "b"], ["x", "x", "y", "z"])
    assert np.isnan(_value(found, "b", "gamma"))
    assert _value(found, "b", "herfindahl") == 1.0
    assert np.isfinite(found.loc["a", ["gamma", "raw_concentration", "herfindahl"]].astype(float)).all()


def test_a_table_with_one_region_has_no_index():
    found = ellison_glaeser([5, 3, 2], ["a", "a", "b"], ["x", "x", "x"])
    assert np.isnan(found[["gamma", "z"]].to_numpy()).all()
    assert np.isnan(coagglomeration([5, 3, 2], ["a", "a", "b"], ["x", "x", "x"]).to_numpy()).all()
    assert np.isnan(group_coagglomeration([5, 3, 2], ["a", "a", "b"], ["x", "x", "x"]))


def test_an_industry_without_size_has_no_index_and_spoils_no_other():
    whole = ellison_glaeser([5, 3, 2, 1], ["a", "a", "b", "b"], ["x", "y", "x", "y"])
    holed = ellison_glaeser([5, 3, 2, 1, 0], ["a", "a", "b", "b", "c"], ["x", "y", "x", "y", "x"])
    assert np.isnan(_value(holed, "c", "gamma"))
    pd.testing.assert_frame_equal(holed.loc[["a", "b"]], whole)
    together = coagglomeration([5, 3, 2, 1, 0], ["a", "a", "b", "b", "c"], ["x", "y", "x", "y", "x"])
    assert np.isnan(together.loc["c"].to_numpy()).all()
    pd.testing.assert_frame_equal(
        together.loc[["a", "b"], ["a", "b"]],
        coagglomeration([5, 3, 2, 1], ["a", "a", "b", "b"], ["x", "y", "x", "y"]),
    )


def test_no_plants_give_an_empty_table():
    assert ellison_glaeser([], [], []).empty
    assert coagglomeration([], [], []).shape == (0, 0)


def test_regions_without_a_plant_count_as_much_as_those_with_a_plant_of_no_size():
    sizes = {"x": 50.0, "y": 30.0, "z": 20.0}
    plants = ([5, 3, 2, 1], ["a", "a", "b", "b"], ["x", "y", "x", "y"])
    with_empty = ([5, 3, 2, 1, 0, 0], ["a", "a", "b", "b", "a", "b"], ["x", "y", "x", "y", "z", "z"])
    left, right = (ellison_glaeser(*given, sizes).drop(columns="plants") for given in (plants, with_empty))
    pd.testing.assert_frame_equal(left, right)
    pd.testing.assert_frame_equal(coagglomeration(*plants, sizes), coagglomeration(*with_empty, sizes))
    assert group_coagglomeration(*plants, sizes) == pytest.approx(group_coagglomeration(*with_empty, sizes), rel=1e-12)


def test_plants_that_cannot_be_are_refused_in_words():
    with pytest.raises(ValueError, match="one entry for each plant"):
        ellison_glaeser([1, 2], ["a"], ["x", "y"])
    with pytest.raises(ValueError, match="sizes are numbers of at least 0"):
        ellison_glaeser([1, -2], ["a", "a"], ["x", "y"])
    with pytest.raises(ValueError, match="sizes are numbers of at least 0"):
        coagglomeration([1, np.nan], ["a", "a"], ["x", "y"])
    with pytest.raises(ValueError, match="leave out those where one is unknown"):
        ellison_glaeser([1, 2], ["a", None], ["x", "y"])
    with pytest.raises(ValueError, match="region_size lacks the region 'y'"):
        ellison_glaeser([1, 2], ["a", "a"], ["x", "y"], {"x": 1.0})
    with pytest.raises(ValueError, match="region_size holds numbers of at least 0"):
        ellison_glaeser([1, 2], ["a", "a"], ["x", "y"], {"x": 1.0, "y": -1.0})


def test_amounts_that_do_not_belong_together_are_refused_in_words():
    with pytest.raises(ValueError, match="one entry for each"):
        gini([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="one entry for each"):
        hoover_index([1, 2, 3], [5])
    with pytest.raises(ValueError, match="one entry for each"):
        specialisation_gini([1, 2, 3], [5])
    with pytest.raises(ValueError, match="one entry for each"):
        cluster_index([[1], [2]], [[1], [1]], [5], [1, 1])
    with pytest.raises(ValueError, match="employees and firms"):
        cluster_index([[1], [2]], [[1, 1]], [5, 5], [1, 1])
    with pytest.raises(ValueError, match="numbers of at least 0"):
        gini([1, -2])
    with pytest.raises(ValueError, match="numbers of at least 0"):
        hoover_index([1, np.nan], [1, 1])


def test_sums_give_the_same_indices_as_the_plants_themselves(random):
    size, industry, region = random.integers(1, 500, 400), random.integers(0, 9, 400), random.integers(0, 6, 400)
    cells = pd.DataFrame({"size": size, "industry": industry, "region": region})
    table = cells.pivot_table(index="region", columns="industry", values="size", aggfunc="sum", fill_value=0)
    squares = (cells["size"] ** 2).groupby(cells["industry"]).sum()
    own = ellison_glaeser(size, industry, region)
    for summed, column in zip(
        ellison_glaeser_of_table(table, squares), ["gamma", "raw_concentration", "herfindahl"], strict=True
    ):
        np.testing.assert_allclose(summed, own[column], rtol=1e-12)
    np.testing.assert_allclose(
        coagglomeration_of_table(table), coagglomeration(size, industry, region), rtol=0, atol=1e-13
    )


@pytest.mark.parametrize(
    ("size", "industry", "region", "defined"),
    [
        ([1e7, 1.0, 3.0, 2.0], "aabb", "xyxy", [True, True]),
        ([5.0, 4.0, 1e13, 1.0], "aabb", "xyzw", [True, False]),
        ([1e13, 1e13, 5.0, 4.0, 1e13], "aabbc", "xyxyz", [True, True, False]),
        ([5.0, 4.0, 1e13, 1.0, 1e13, 1e13], "aabbcc", "xyxyxy", [True, False, True]),
        ([1e13, 1e13, 1.0], "aab", "xxy", [False, False]),
        ([5.0, 4.0, 3.0], "aab", "xxx", [False, False]),
    ],
)
def test_sums_and_plants_are_undefined_at_the_same_places(size, industry, region, defined):
    """A region or a plant that holds all but a rounding error holds all, whichever way one asks."""
    firms = pd.DataFrame({"size": size, "industry": list(industry), "region": list(region)})
    table = firms.pivot_table(index="region", columns="industry", values="size", aggfunc="sum", fill_value=0)
    gamma, _, _ = ellison_glaeser_of_table(table, (firms["size"] ** 2).groupby(firms["industry"]).sum())
    own = ellison_glaeser(size, list(industry), list(region))
    together = coagglomeration(size, list(industry), list(region))
    assert np.isfinite(gamma).tolist() == np.isfinite(own["gamma"]).tolist() == defined
    np.testing.assert_allclose(own["gamma"], gamma, rtol=1e-9)
    np.testing.assert_allclose(together, coagglomeration_of_table(table), rtol=1e-9)


def test_an_industry_thrown_at_random_has_an_index_of_zero_on_average(random):
    size = random.lognormal(3.0, 1.0, 3_000)
    everything = {f"r{i}": share for i, share in enumerate(random.dirichlet(np.ones(20)))}
    shares = np.array(list(everything.values()))
    region = random.choice(list(everything), size.size, p=shares)
    industry = random.integers(0, 150, size.size)
    found = ellison_glaeser(size, industry, region, everything)
    assert abs(found["gamma"].mean()) < 4.0 * found["gamma"].std() / np.sqrt(len(found))
    assert found["z"].std() == pytest.approx(1.0, abs=0.35)


@FEW
@given(PLANTS, st.randoms(use_true_random=False))
def test_indices_do_not_depend_on_the_order_of_plants(plants, random):
    shuffled = list(plants)
    random.shuffle(shuffled)
    for measure in (ellison_glaeser, coagglomeration):
        pd.testing.assert_frame_equal(measure(*_columns(plants)), measure(*_columns(shuffled)), rtol=1e-9, atol=1e-12)


@FEW
@given(PLANTS, st.sampled_from([0.01, 7.0, 1e6]))
def test_indices_do_not_depend_on_the_unit_of_size(plants, factor):
    size, industry, region = _columns(plants)
    scaled = [value * factor for value in size]
    for measure in (ellison_glaeser, coagglomeration):
        pd.testing.assert_frame_equal(
            measure(size, industry, region), measure(scaled, industry, region), rtol=1e-9, atol=1e-9
        )


@FEW
@given(PLANTS)
def test_indices_do_not_depend_on_the_names_of_regions(plants):
    size, industry, region = _columns(plants)
    renamed = [{"w": 4, "x": 3, "y": 2, "z": 1}[name] for name in region]
    for measure in (ellison_glaeser, coagglomeration):
        pd.testing.assert_frame_equal(
            measure(size, industry, region), measure(size, industry, renamed), rtol=1e-9, atol=1e-12
        )


@FEW
@given(PLANTS)
def test_coagglomeration_is_symmetric_and_its_diagonal_is_raw_concentration_over_spread(plants):
    size, industry, region = _columns(plants)
    together = coagglomeration(size, industry, region)
    np.testing.assert_allclose(together, together.T, rtol=1e-9, atol=1e-12)
    totals = pd.Series(size).groupby(pd.Series(region)).sum()
    if totals.sum() > 0 and (totals > 0).sum() > 1:
        spread = 1.0 - ((totals / totals.sum()) ** 2).sum()
        raw = ellison_glaeser(size, industry, region)["raw_concentration"]
        np.testing.assert_allclose(np.diag(together), raw / spread, rtol=1e-9, atol=1e-12)


@FEW
@given(PLANTS)
def test_an_index_is_a_number_only_where_it_is_defined(plants):
    size, industry, region = _columns(plants)
    found = ellison_glaeser(size, industry, region)
    held = pd.DataFrame({"size": size, "industry": industry, "region": region}).query("size > 0")
    regions = held["region"].nunique()
    for name, row in found.iterrows():
        defined = (held["industry"] == name).sum() > 1 and regions > 1
        assert np.isfinite(row["gamma"]) == defined


@FEW
@given(st.lists(st.integers(0, 30), min_size=1, max_size=12))
def test_concentration_stays_within_its_bounds(values):
    coefficient = gini(values)
    assert np.isnan(coefficient) if sum(values) == 0 else -1e-12 <= coefficient <= 1.0
    index = hoover_index(values, [1] * len(values))
    assert np.isnan(index) if sum(values) == 0 else -1e-12 <= index <= 1.0
    table = np.array([values, [1] * len(values)]).T
    assert -1e-12 <= np.nan_to_num(locational_gini(table)).min() <= np.nan_to_num(locational_gini(table)).max() <= 0.5
    assert 0.0 <= np.nan_to_num(krugman_concentration(table)).max() <= 2.0
