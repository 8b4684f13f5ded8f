from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gaoyuan.assess.statistics.cluster_records import ClusterRecord, Holding, Records, Said, Selection
from gaoyuan.assess.statistics.ranking import _first, _said, rank_clusters
from gaoyuan.errors import InputError
from gaoyuan.workspace import Workspace

DAY = "2026-06-30"


@pytest.fixture(scope="module")
def ranked(sample_workspace: Workspace):
    return rank_clusters(sample_workspace, ["firms:0.4", "output_yuan:0.4", "area_km2:cost:0.2"], as_of=DAY)


def test_clusters_are_ranked_by_what_is_known_of_them(ranked, sample_workspace: Workspace):
    output = sample_workspace.read("fact").to_pandas()
    output = output[(output["metric"] == "output_yuan") & (output["year"] == 2025)].set_index("subject")["value"]
    found = ranked.values["output_yuan"].dropna()
    assert found.to_dict() == output.to_dict()
    whole = ranked.ranking.table[ranked.ranking.table["unknown"] == 0]
    assert set(whole.index) == set(found.index)
    assert whole["score"].notna().all()


def test_a_cluster_of_which_something_is_unknown_has_a_range(ranked):
    open_ones = ranked.ranking.table[ranked.ranking.table["unknown"] > 0]
    assert (open_ones["score_low"] < open_ones["score_high"]).all()
    assert any("–" in str(row[3]) for row in ranked.rows())


def test_the_weights_are_those_that_were_given(ranked):
    assert ranked.ranking.record["weights"] == pytest.approx({"firms": 0.4, "output_yuan": 0.4, "area_km2": 0.2})
    assert ranked.ranking.record["weights_origin"] == "given"
    assert [one.kind for one in ranked.ranking.indicators] == ["benefit", "benefit", "cost"]


def test_without_weights_they_are_equal_and_the_products_own(sample_workspace: Workspace):
    found = rank_clusters(sample_workspace, ["firms", "little_giants"], as_of=DAY)
    assert found.ranking.record["weights_origin"] == "product default"
    assert found.values["little_giants"].max() == 3


def test_a_metric_that_is_better_low_is_a_cost(sample_workspace: Workspace):
    found = rank_clusters(sample_workspace, ["firms", "area_km2"], as_of=DAY)
    assert [one.kind for one in found.ranking.indicators] == ["benefit", "cost"]


def test_pairwise_comparisons_give_weights(sample_workspace: Workspace, tmp_path: Path):
    file = tmp_path / "ahp.yaml"
    file.write_text("firms: {output_yuan: 3}\n", encoding="utf-8")
    found = rank_clusters(sample_workspace, ["firms", "output_yuan"], weights=str(file), as_of=DAY)
    assert found.ranking.record["weights"] == pytest.approx({"firms": 0.75, "output_yuan": 0.25})
    file.write_text("firms: {colour: 3}\n", encoding="utf-8")
    with pytest.raises(InputError, match="'colour' is no indicator"):
        rank_clusters(sample_workspace, ["firms", "output_yuan"], weights=str(file), as_of=DAY)


@pytest.mark.parametrize(
    "text",
    [
        "firms: {output_yuan: 0}",
        "firms: {output_yuan: -3}",
        "firms: {output_yuan: .nan}",
        "firms: {output_yuan: .inf}",
        "firms: {output_yuan: much}",
        "firms: {output_yuan: [3]}",
        "firms: 3",
        "[firms, output_yuan]",
        "? [firms]\n: 3",
        "firms: " + "[" * 100_000,
    ],
)
def test_comparisons_that_are_none_are_refused_with_the_file(sample_workspace: Workspace, tmp_path: Path, text: str):
    file = tmp_path / "ahp.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"ahp\.yaml") as fault:
        rank_clusters(sample_workspace, ["firms", "output_yuan"], weights=str(file), as_of=DAY)
    assert fault.value.mend


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([], "no indicator"),
        (["colour"], "no indicator 'colour'"),
        (["industry"], "in words"),
        (["firms:much"], "is no indicator"),
        (["firms:0.5", "area_km2"], "weights for some"),
    ],
)
def test_what_cannot_be_ranked_by_is_refused(sample_workspace: Workspace, asked: list[str], said: str):
    with pytest.raises(InputError, match=said) as fault:
        rank_clusters(sample_workspace, asked, as_of=DAY)
    assert fault.value.mend


def test_where_nothing_is_known_nothing_is_ranked(sample_workspace: Workspace):
    with pytest.raises(InputError, match="none of the indicators is known"):
        rank_clusters(sample_workspace, ["innovation_platforms"], Selection(region="370000"), as_of=DAY)


def test_the_data_is_json_and_the_sheets_hold_the_values(ranked):
    data = json.loads(json.dumps(ranked.as_data(), allow_nan=False))
    assert data["clusters"][0]["name"]
    assert {sheet.title.split()[1] for sheet in ranked.sheets()} == {"ranking", "values", "weights", "record"}


def test_titles_that_may_hold_and_sources_that_disagree_leave_a_value_unknown(few_clusters: Workspace):
    found = rank_clusters(few_clusters, ["firms", "hightech_firms", "srdi_smes"], as_of="2025-06-30").values
    # The list does not say until when a firm of this one is a high-tech firm.
    assert found["hightech_firms"].isna()["370830-1811"]
    assert found.loc["370827-1523", "hightech_firms"] == 1


def test_a_value_that_sources_disagree_on_is_unknown_also_where_the_table_has_one():
    facts = {"area_km2": (Said(120.0, None, "a", "r"), Said(50.0, 2025, "b", "r"))}
    record = ClusterRecord("c", "c", "370827", "", facts, {})
    records = Records((record,), {}, {}, {}, (), ())
    assert np.isnan(_first(_said(record, records, "area_km2", 2025), 80.0))
    agreed = replace(record, facts={"area_km2": facts["area_km2"][:1]})
    assert _first(_said(agreed, records, "area_km2", 2025), 80.0) == 120.0


def test_a_key_little_giant_counts_as_a_little_giant_once():
    record = ClusterRecord("c", "c", "370827", "", {}, {})
    held = {
        "e1": {"key_little_giant": Holding(True, "l", "r"), "little_giant": Holding(False, "l", "r")},
        "e2": {"little_giant": Holding(True, "l", "r")},
    }
    records = Records((record,), {"c": frozenset({"e1", "e2", "e3"})}, {}, held, ("little_giant",), ())
    assert _said(record, records, "little_giants", 2025) == 2
