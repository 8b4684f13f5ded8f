"""Economic complexity, reflections and fitness, against ecomplexity, Datawheel, EconGeo and economiccomplexity."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gaoyuan.observe import economic_complexity, fitness, method_of_reflections, specialised

FEW = settings(max_examples=30, deadline=None)
PRESENCE = hnp.arrays(np.int64, st.tuples(st.integers(2, 7), st.integers(2, 7)), elements=st.integers(0, 1))


@pytest.fixture(scope="module")
def present(exports):
    return specialised(exports).astype(float)


@pytest.fixture(scope="module")
def nested(random_presence):
    return random_presence(60, 40)


@pytest.fixture(scope="module")
def random_presence():
    """Make a presence table in which diverse regions have rare industries too."""

    def make(regions: int, industries: int, seed: int = 1):
        draw = np.random.default_rng(seed)
        ability, difficulty = draw.uniform(0.1, 1.0, regions), draw.uniform(0.0, 0.9, industries)
        found = (draw.random((regions, industries)) < 1.0 / (1.0 + np.exp(8 * (difficulty - ability[:, None])))) * 1
        found[0], found[:, 0] = 1, 1
        return found

    return make


def test_complexity_of_countries_is_that_of_ecomplexity(econ, exports, present):
    expected = pd.read_csv(econ / "complexity" / "ecomplexity_eci_loc.csv", index_col="loc").loc[exports.index]
    assert (present.sum(axis=1) == expected["diversity"]).all()
    np.testing.assert_allclose(economic_complexity(present).eci, expected["eci"], rtol=0, atol=1e-12)


def test_complexity_of_products_is_that_of_ecomplexity(econ, exports, present):
    expected = pd.read_csv(econ / "complexity" / "ecomplexity_pci_prod.csv", index_col="prod").loc[exports.columns]
    assert (present.sum(axis=0) == expected["ubiquity"]).all()
    np.testing.assert_allclose(economic_complexity(present).pci, expected["pci"], rtol=0, atol=1e-12)


@pytest.mark.parametrize(("name", "steps"), [("eci", 18), ("pci", 19)])
def test_reflections_are_those_of_datawheel(econ, exports, present, name, steps):
    expected = pd.read_csv(econ / "complexity" / f"datawheel_{name}.csv", index_col=0).iloc[:, 0]
    labels = exports.index if name == "eci" else exports.columns
    found = method_of_reflections(present, steps)[0 if name == "eci" else 1]
    np.testing.assert_allclose((found - found.mean()) / found.std(ddof=1), expected.loc[labels], rtol=0, atol=1e-9)


def test_eighteen_reflections_have_not_reached_the_eigenvector(present):
    complexity = economic_complexity(present).eci
    few, more = (np.corrcoef(method_of_reflections(present, steps)[0], complexity)[0, 1] for steps in (18, 40))
    assert few < 0.996 < 0.9999 < more


@pytest.mark.parametrize("steps", [0, 1, 2])
@pytest.mark.parametrize(("case", "side"), [("MORc_HH2009", 0), ("MORt_HH2009", 1)])
def test_first_reflections_are_those_of_econgeo(econgeo, case, side, steps):
    given_case = econgeo[f"{case}_s{steps}"]
    found = method_of_reflections(given_case.inputs["mat"], steps)[side]
    np.testing.assert_allclose(found, list(given_case.output.values()), rtol=1e-13)


def test_twenty_reflections_rescaled_to_a_hundred_are_those_of_econgeo(econgeo):
    case = econgeo["MORc_HH2009_s20"]
    found = method_of_reflections(case.inputs["mat"], 20)[0]
    rescaled = 100.0 * (found - found.min()) / np.ptp(found)
    # The twentieth reflections differ in their fourth digit only, so eleven digits of them are left.
    np.testing.assert_allclose(rescaled, list(case.output.values()), rtol=0, atol=1e-9)


@pytest.mark.parametrize(("case", "side"), [("KCI_HH2009", "eci"), ("TCI_HH2009", "pci")])
def test_knowledge_complexity_is_that_of_econgeo_but_for_scale_and_sign(econgeo, case, side):
    found = getattr(economic_complexity(econgeo[case].inputs["mat"]), side)
    expected = econgeo[case].output
    own, theirs = ((values - values.mean()) / values.std() for values in (found, expected))
    sign = np.sign(own @ theirs)
    # EconGeo rounds the table of transitions to four decimals before it takes its eigenvector.
    np.testing.assert_allclose(sign * own, theirs, rtol=0, atol=3e-4)


def test_fitness_of_countries_and_quality_of_products_are_those_of_economiccomplexity(econ):
    """The peer counts the vector of ones as the first of its twenty iterations."""
    rows = pd.read_csv(econ / "complexity" / "world_trade_avg_1998_2000.csv.gz", dtype={"product": str})
    table = rows.pivot_table(index="country", columns="product", values="value", aggfunc="sum", fill_value=0.0)
    regions, industries = fitness(specialised(table), iterations=19)
    country = pd.read_csv(econ / "complexity" / "pacha_fitness_country.csv", index_col="id")["fitness"]
    product = pd.read_csv(econ / "complexity" / "pacha_fitness_product.csv", dtype={"id": str}).set_index("id")
    np.testing.assert_allclose(regions, country.loc[table.index], rtol=0, atol=1e-12)
    np.testing.assert_allclose(industries, product["quality"].loc[table.columns], rtol=0, atol=1e-12)


def test_one_empty_place_or_industry_leaves_all_others_their_complexity(nested):
    """ecomplexity gives NaN for all of them."""
    whole = economic_complexity(nested)
    holed = np.insert(np.insert(nested, 7, 0, axis=0), [3, 20], 0, axis=1)
    found = economic_complexity(holed)
    assert np.isnan(found.eci[7])
    assert np.isnan(found.pci[[3, 21]]).all()
    np.testing.assert_allclose(np.delete(found.eci, 7), whole.eci, rtol=0, atol=1e-12)
    np.testing.assert_allclose(np.delete(found.pci, [3, 21]), whole.pci, rtol=0, atol=1e-12)
    assert found.components == whole.components == 1


def test_separate_parts_are_counted():
    """ecomplexity gives NaN for them without a word; with two parts the index only tells one from the other."""
    blocks = np.kron(np.eye(2, dtype=int), np.ones((3, 4), dtype=int))
    found = economic_complexity(blocks)
    assert found.components == 2
    np.testing.assert_allclose(np.abs(found.eci), 1.0)
    assert len(set(np.sign(found.eci[:3]))) == len(set(np.sign(found.eci[3:]))) == 1
    assert found.eci[0] == -found.eci[3]
    assert economic_complexity(np.kron(np.eye(5, dtype=int), np.ones((2, 2), dtype=int))).components == 5


def test_the_answer_is_a_named_tuple_with_population_deviation_and_the_sign_of_diversity(nested):
    found = economic_complexity(nested)
    assert found._fields == ("eci", "pci", "components")
    assert found.eci.mean() == pytest.approx(0.0, abs=1e-12)
    assert found.eci.std() == pytest.approx(1.0, rel=1e-12)
    assert np.corrcoef(found.eci, nested.sum(axis=1))[0, 1] > 0


def test_complexity_of_a_region_is_the_mean_complexity_of_its_industries(nested):
    found = economic_complexity(nested)
    np.testing.assert_allclose(nested @ found.pci / nested.sum(axis=1), found.eci, rtol=0, atol=1e-12)


def test_large_and_small_tables_are_solved_alike(random_presence):
    """Above 64 regions and industries a sparse solver takes over."""
    present = random_presence(120, 90, seed=3)
    found = economic_complexity(present)
    diversity, ubiquity = present.sum(axis=1), present.sum(axis=0)
    values, vectors = np.linalg.eig((present / diversity[:, None]) @ (present / ubiquity).T)
    second = np.real(vectors[:, np.argsort(-np.real(values))[1]])
    second = (second - second.mean()) / second.std()
    second *= np.sign(np.corrcoef(second, diversity)[0, 1])
    np.testing.assert_allclose(found.eci, second, rtol=0, atol=1e-8)


def test_regions_that_are_all_alike_have_no_complexity():
    for alike in (np.ones((3, 4)), np.ones((1, 4)), np.zeros((2, 2)), np.zeros((0, 3))):
        found = economic_complexity(alike)
        assert np.isnan(found.eci).all()
        assert found.eci.shape == (alike.shape[0],)
        assert found.pci.shape == (alike.shape[1],)


def test_tables_that_are_no_presence_are_refused_in_words():
    for measure in (economic_complexity, lambda x: method_of_reflections(x, 2), fitness):
        with pytest.raises(ValueError, match="holds 0 and 1 only"):
            measure([[1, 2], [0, 1]])
        with pytest.raises(ValueError, match="numbers of at least 0"):
            measure([[1, np.nan], [0, 1]])


def test_fitness_of_what_is_empty_is_zero_and_its_quality_unknown():
    regions, industries = fitness([[1, 1, 0], [1, 0, 0], [0, 0, 0]])
    assert regions[2] == 0.0
    assert np.isnan(industries[2])
    assert regions[:2].mean() == pytest.approx(1.0)


@FEW
@given(PRESENCE, st.randoms(use_true_random=False))
def test_complexity_follows_its_rows_and_columns(present, random):
    found = economic_complexity(present)
    assume(found.components == 1)
    diversity, ubiquity = np.maximum(present.sum(axis=1), 1), np.maximum(present.sum(axis=0), 1)
    singular = np.linalg.svd(present / np.sqrt(diversity)[:, None] / np.sqrt(ubiquity), compute_uv=False)
    # Where the second and third values are equal, or diversity says nothing, the vector or its sign is arbitrary.
    assume(singular.size < 3 or singular[1] - singular[2] > 1e-3)
    assume(np.isfinite(found.eci).any())
    known = np.isfinite(found.eci)
    assume(abs(np.cov(found.eci[known], present.sum(axis=1)[known])[0, 1]) > 1e-3)
    rows, columns = list(range(present.shape[0])), list(range(present.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    moved = economic_complexity(present[np.ix_(rows, columns)])
    np.testing.assert_allclose(moved.eci, found.eci[rows], rtol=0, atol=1e-8)
    np.testing.assert_allclose(moved.pci, found.pci[columns], rtol=0, atol=1e-8)


@FEW
@given(PRESENCE)
def test_fitness_averages_to_one_over_what_is_held(present):
    regions, industries = fitness(present, 5)
    rows, columns = present.any(axis=1), present.any(axis=0)
    if rows.any():
        assert regions[rows].mean() == pytest.approx(1.0)
        assert industries[columns].mean() == pytest.approx(1.0)
    assert (regions[~rows] == 0.0).all()
    assert np.isnan(industries[~columns]).all()
