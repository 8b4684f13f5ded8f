"""Themes on a whole register, derived again with pandas and Python's own regular expressions."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from gaoyuan.codes import division_name, industry_name
from gaoyuan.errors import ExpressionInvalid, StepMissing
from gaoyuan.observe import theme, theme_clusters
from gaoyuan.observe.themes import FEWEST_FIRMS
from gaoyuan.registry.expressions import compiled
from gaoyuan.sample.texts import products_of
from gaoyuan.workspace import Workspace, create_workspace
from gaoyuan.workspace.tables import THEME

EXPRESSIONS = ("轴承", "塑料|橡胶", "食品", "不存在的东西")


def derived(workspace: Workspace, expression: str) -> pd.DataFrame:
    """The counties with at least 30 firms: firms that speak of the theme, and what follows from their number."""
    register = workspace.read("register", ["enterprise_id", "name", "scope"]).to_pandas()
    firms = workspace.read("enterprise", ["enterprise_id", "county"]).to_pandas().merge(register, on="enterprise_id")
    firms = firms[firms["county"].notna()]
    pattern = re.compile(expression)
    in_name = firms["name"].map(lambda text: pattern.search(text) is not None)
    found = firms["scope"].map(lambda text: pattern.search(text) if isinstance(text, str) else None)
    first = found.map(
        lambda match: match is not None and not re.search("[、，,；;。：:]", match.string[: match.start()])
    )
    counted = pd.DataFrame(
        {
            "county": firms["county"],
            "all": 1,
            "firms": (in_name | found.notna()).astype(int),
            "in_name": in_name.astype(int),
            "first_in_scope": first.astype(int),
        }
    )
    counts = counted.groupby("county").sum()
    counts = counts[counts["all"] >= FEWEST_FIRMS]
    everything, speaking = counts["all"].sum(), counts["firms"].sum()
    counts["expected"] = counts["all"] * speaking / everything
    counts["p_value"] = scipy.stats.hypergeom.sf(counts["firms"] - 1, everything, speaking, counts["all"])
    ordered = counts["p_value"].sort_values(ascending=False)
    raised = (ordered * len(ordered) / np.arange(len(ordered), 0, -1)).cummin().clip(upper=1.0)
    return counts.assign(q_value=raised.reindex(counts.index))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_county_has_its_firms_and_their_excess(sample_workspace: Workspace, expression: str):
    rows = theme(sample_workspace, expression, top=0)
    own = derived(sample_workspace, expression)
    assert list(rows.columns) == THEME.arrow.names
    assert rows["county"].is_unique
    found = rows.set_index("county").sort_index()
    assert found.index.tolist() == own.index.tolist()
    for column in ("firms", "in_name", "first_in_scope"):
        assert found[column].tolist() == own[column].tolist()
    for column in ("expected", "p_value", "q_value"):
        np.testing.assert_allclose(found[column], own[column], rtol=1e-8, err_msg=column)
    quotient = own["firms"] / own["expected"].where(own["expected"] > 0)
    np.testing.assert_allclose(found["location_quotient"], quotient, rtol=1e-12)
    assert found["county_name"].tolist() == [division_name(code) for code in found.index]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_ranks_follow_the_evidence_and_the_strongest_stands_first(sample_workspace: Workspace, expression: str):
    rows = theme(sample_workspace, expression, top=0)
    assert rows["rank"].is_monotonic_increasing
    assert rows["evidence"].is_monotonic_decreasing
    assert rows["evidence"].ge(0).all()
    assert rows["rank"].tolist() == rows["evidence"].rank(ascending=False, method="min").astype(int).tolist()


def test_top_gives_so_many_and_0_all_with_at_least_30_firms(real_workspace: Workspace):
    everything = theme(real_workspace, "食品", top=0)
    firms = real_workspace.read("enterprise", ["county"]).to_pandas()["county"].value_counts()
    assert set(everything["county"]) == set(firms[firms >= FEWEST_FIRMS].index)
    assert len(everything) < len(firms)
    assert theme(real_workspace, "食品").equals(everything.head(20))
    assert theme(real_workspace, "食品", top=3).equals(everything.head(3))
    fewer = theme(real_workspace, "食品", top=0, fewest_firms=5_000)
    assert set(fewer["county"]) == set(firms[firms >= 5_000].index)


def test_planted_clusters_come_first_in_the_themes_of_their_products(sample_workspace: Workspace):
    truth = sample_workspace.read("sample_truth").to_pandas()
    for (county, industry), _ in truth.groupby(["county", "industry"]):
        rows = theme(sample_workspace, re.escape(products_of(industry_name(str(industry)))[0]), top=1)
        assert rows["county"].tolist() == [county]
        assert rows["q_value"].iloc[0] < 1e-6


def test_the_clusters_of_a_theme_are_those_whose_members_speak_of_it(sample_workspace: Workspace):
    clusters = sample_workspace.read("cluster", ["cluster_id", "industry"]).to_pandas().set_index("cluster_id")
    members = sample_workspace.read("cluster_member", ["cluster_id", "enterprise_id"]).to_pandas()
    texts = sample_workspace.read("register", ["enterprise_id", "name", "scope"]).to_pandas()
    both = members.merge(texts, on="enterprise_id")
    largest = members["cluster_id"].value_counts().index[0]
    words = re.escape(products_of(industry_name(str(clusters.loc[largest, "industry"])))[0])
    speaks = both["name"].str.contains(words) | both["scope"].fillna("").str.contains(words)
    counted = speaks.groupby(both["cluster_id"]).agg(["sum", "count"])
    expected = counted[counted["sum"] >= 0.5 * counted["count"]]
    found = theme_clusters(sample_workspace, words).set_index("cluster_id")
    assert largest in found.index
    assert set(found.index) == set(expected.index) < set(clusters.index)
    assert found["matching"].to_dict() == expected["sum"].to_dict()
    assert found["members"].to_dict() == expected["count"].to_dict()
    assert found["matching"].is_monotonic_decreasing
    assert theme_clusters(sample_workspace, "不存在的东西").empty
    with pytest.raises(ExpressionInvalid):
        theme_clusters(sample_workspace, "(")


def test_a_theme_that_no_firm_speaks_of_is_strong_nowhere(sample_workspace: Workspace):
    rows = theme(sample_workspace, "不存在的东西", top=0)
    assert (rows["firms"] == 0).all()
    assert (rows["evidence"] == 0).all()
    assert (rows["p_value"] == 1).all()
    assert rows["location_quotient"].isna().all()


def test_the_order_of_the_words_means_nothing(sample_workspace: Workspace):
    assert theme(sample_workspace, "塑料|橡胶|轴承").equals(theme(sample_workspace, "轴承|塑料|橡胶"))


def test_letters_and_signs_of_regular_expressions_are_understood(sample_workspace: Workspace):
    named = theme(sample_workspace, "轴承|塑料", top=0)
    assert theme(sample_workspace, "(?:轴|塑)(?:承|料)", top=0)["firms"].sum() >= named["firms"].sum()
    assert theme(sample_workspace, r"^\S{2,4}.*轴承", top=0)["firms"].sum() > 0


@pytest.mark.parametrize(
    "expression", ["(", "[", "*", "毛巾|(", "", "|", "毛巾|", "a*", "(?=毛巾)", "(?<!子)毛巾", r"(.)\1毛巾"]
)
def test_a_bad_expression_is_refused_with_what_to_write(sample_workspace: Workspace, expression: str):
    with pytest.raises(ExpressionInvalid) as refused:
        theme(sample_workspace, expression)
    assert refused.value.mend


@pytest.mark.parametrize("expression", ["'; DROP TABLE register; --", '"', "\\\\", "%", "𠮷"])
def test_an_expression_is_never_read_as_a_query(sample_workspace: Workspace, expression: str):
    rows = theme(sample_workspace, expression, top=0)
    pattern = compiled(expression)
    texts = sample_workspace.read("register", ["name", "scope"]).to_pylist()
    speaking = [row for row in texts if any(pattern.search(text) for text in row.values() if text)]
    assert rows["firms"].sum() == len(speaking)


def test_before_anything_was_observed_the_step_is_named(tmp_path: Path):
    with pytest.raises(StepMissing, match="gaoyuan"):
        theme(create_workspace(tmp_path / "w"), "毛巾")


def test_themes_of_real_clusters_rank_counties_of_the_register(real_workspace: Workspace, shared_data: Path):
    known = pd.read_csv(shared_data / "clusters" / "clusters_dev.csv", dtype=str)
    own = known[known["county_code"].str[:2].isin(["13", "36", "64"])]
    assert len(own) > 5
    in_front, plainly = [], []
    for row in own.itertuples():
        rows = theme(real_workspace, str(row.theme), top=0)
        ranks = rows.set_index("county")["rank"]
        assert row.county_code in ranks.index
        assert ranks.min() == 1
        assert ranks.max() <= len(ranks)
        assert rows["firms"].sum() > 0
        assert rows[["p_value", "q_value"]].gt(0).all().all()
        assert rows[["p_value", "q_value"]].le(1).all().all()
        in_front.append(ranks[str(row.county_code)] / len(ranks))
        plainly.append(rows.set_index("county")["p_value"].rank(method="min")[str(row.county_code)] / len(ranks))
    # Recognised clusters stand at the top of their theme, higher than by a plain count of the firms that match.
    assert np.mean(np.array(in_front) <= 0.05) >= 0.5
    assert np.mean(np.log(in_front)) < np.mean(np.log(plainly))
