from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from gaoyuan.assess.facts.importing import import_facts
from gaoyuan.assess.statistics.cluster_lists import ListRow
from gaoyuan.assess.statistics.cluster_records import Selection
from gaoyuan.assess.statistics.ranking import HEADINGS, rank_clusters
from gaoyuan.errors import InputError
from gaoyuan.workspace import Workspace, open_workspace

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
    at = HEADINGS.index("可能位次 possible")
    assert any("–" in str(row[at]) for row in ranked.rows())


def test_the_weights_are_those_that_were_given(ranked):
    assert ranked.ranking.record["weights"] == pytest.approx({"firms": 0.4, "output_yuan": 0.4, "area_km2": 0.2})
    assert ranked.ranking.record["weights_origin"] == "given"
    assert [one.kind for one in ranked.ranking.indicators] == ["benefit", "benefit", "cost"]


def test_without_weights_they_are_equal_and_the_products_own(sample_workspace: Workspace):
    found = rank_clusters(sample_workspace, ["firms", "little_giants"], as_of=DAY)
    assert found.ranking.record["weights_origin"] == "product default"
    assert found.values["little_giants"].max() == 3


def test_of_a_cluster_whose_members_are_not_known_nobody_knows_how_many_hold_a_title(sample_workspace: Workspace):
    found = rank_clusters(sample_workspace, ["firms", "little_giants"], as_of=DAY)
    members = set(sample_workspace.read("cluster_member", ["cluster_id"])["cluster_id"].to_pylist())
    others = [known for name, known in found.known.items() if name not in members and known["firms"].value != 0]
    assert others
    for known in others:
        assert np.isnan(known["little_giants"].value)
        assert known["little_giants"].low == 0
        assert known["little_giants"].high == known["firms"].value


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
    assert {sheet.title.split()[1] for sheet in ranked.sheets()} == {
        "ranking", "values", "errors", "weights", "record", "not-ranked", "left-out", "notes",
    }  # fmt: skip


def test_titles_that_may_hold_and_sources_that_disagree_leave_a_value_unknown(few_clusters: Workspace):
    found = rank_clusters(few_clusters, ["firms", "hightech_firms", "srdi_smes"], as_of="2025-06-30").values
    # The list does not say until when a firm of this one is a high-tech firm.
    assert found["hightech_firms"].isna()["370830-1811"]
    assert found.loc["370827-1523", "hightech_firms"] == 1


@pytest.fixture(scope="module")
def told(few_clusters: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Few clusters of which two differ by less than their sources do, with a rounded share. Read it only."""
    folder = tmp_path_factory.mktemp("told")
    workspace = open_workspace(shutil.copytree(few_clusters.path, folder / "workspace"))
    lines = [
        "370827-1523,green_level,,1,,甲",
        "370827-1523,revenue_yuan,2024,30亿元,,甲",
        "370827-1523,revenue_yuan,2024,36亿元,,乙",
        "370830-1811,revenue_yuan,2024,32亿元,,甲",
        "330108-3911,revenue_yuan,2024,9亿元,,甲",
        "370827-1523,sme_output_share,,0.71,,甲",
        "370830-1811,sme_output_share,,0.7,,甲",
        "330108-3911,sme_output_share,,0.65,,甲",
    ]
    (folder / "f.csv").write_text("标识,指标,年份,值,单位,来源\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (imported,) = import_facts(workspace, [folder / "f.csv"])
    assert imported.rejected == 0
    return workspace


def test_a_difference_within_what_sources_say_is_a_tie(told: Workspace):
    found = rank_clusters(told, ["revenue_yuan:1"], as_of="2025-06-30")
    assert [(one.subject, one.rank, one.tied) for one in found.places] == [
        ("370827-1523", 1, True),
        ("370830-1811", 1, True),
        ("330108-3911", 3, False),
    ]
    assert found.known["370827-1523"]["revenue_yuan"].error == "sources"
    # Uniform from 30 to 36 is above 32 in two of three samples.
    assert found.places[0].ahead == pytest.approx(2 / 3, abs=0.02)
    shown = {str(row[0]): row[2:4] for row in found.rows()}
    assert shown["370830-1811"] == [1, "并列 tie"]
    assert shown["330108-3911"] == [3, ""]


def test_it_is_said_of_how_many_values_an_error_is_known(told: Workspace):
    found = rank_clusters(told, ["revenue_yuan:0.4", "sme_output_share:0.4", "firms:0.2"], as_of="2025-06-30")
    (note,) = (one for one in found.findings if one.kind == "no_error")
    # The counts of the register have no error that anybody knows, and get none.
    assert "9 个数值中 6 个误差已知（来源不一 1，四舍五入 5），3 个误差未知、按精确值计" in note.zh
    assert "6 of 9 values (sources differ 1, rounding 5); 3 without count as exact" in note.en
    data = found.as_data()["clusters"]
    assert isinstance(data, list)
    juice = next(one for one in data if isinstance(one, dict) and one["cluster_id"] == "370827-1523")
    assert juice["errors"]["sme_output_share"] == {  # type: ignore[index]
        "value": 0.71,
        "low": pytest.approx(0.705),
        "high": pytest.approx(0.715),
        "error": "rounding",
    }


def test_rounding_ties_what_differs_by_one_of_the_last_digit_only_where_the_rounded_values_may_meet(told: Workspace):
    found = rank_clusters(told, ["sme_output_share:1"], as_of="2025-06-30")
    # 0.705 to 0.715 and 0.695 to 0.705 do not overlap: rounded to different figures they are told apart.
    assert [one.tied for one in found.places] == [False, False, False]


def test_a_sum_that_lacks_members_is_ranked_by_what_it_could_be(few_clusters: Workspace):
    found = rank_clusters(few_clusters, ["revenue_yuan:1"], as_of="2026-06-30")
    known = {name: (one["revenue_yuan"].low, one["revenue_yuan"].high) for name, one in found.known.items()}
    assert known["370827-1523"] == (1.1e10, 2.1e10)
    assert known["370830-1811"] == (1e9, 1.1e10)
    assert [one.subject for one in found.places] == ["370827-1523", "370830-1811", "330108-3911"]
    assert not any(one.tied for one in found.places)


def test_open_titles_tie_clusters_that_they_may_turn(few_clusters: Workspace):
    found = rank_clusters(few_clusters, ["hightech_firms:1"], as_of="2025-06-30")
    known = found.known["370830-1811"]["hightech_firms"]
    assert (known.low, known.high, known.error) == (0, 1, "titles")
    # The list's firm of 2025 may be one, or none: the order against a cluster that has one is told.
    assert found.places[0].subject == "370827-1523"


def test_weights_that_nobody_chose_are_said_to_make_ties(told: Workspace):
    found = rank_clusters(told, ["revenue_yuan", "firms"], as_of="2025-06-30")
    assert "权重与误差" in found.tie_rule[0]
    chosen = rank_clusters(told, ["revenue_yuan", "firms"], weights="equal", as_of="2025-06-30")
    assert "按所用权重" in chosen.tie_rule[0]


def test_the_same_seed_gives_the_same_ranking_with_its_ties(told: Workspace):
    first, again = (
        rank_clusters(told, ["revenue_yuan", "firms"], as_of="2025-06-30", seed=4).as_data() for _ in range(2)
    )
    assert json.dumps(first) == json.dumps(again)


def test_rows_of_a_list_that_are_not_ranked_are_named_and_counted(told: Workspace):
    listed = (
        ListRow(1, "370827-1523", "370827-1523"),
        ListRow(2, "370830-1811", "370830-1811"),
        ListRow(3, "x-1", "x-1"),
        ListRow(4, "shandong_specialty-001", "shandong_specialty-001"),
    )
    found = rank_clusters(told, ["revenue_yuan:1"], Selection.of(listed=listed), as_of="2025-06-30")
    assert [one.row.line for one in found.left_out] == [3]
    assert found.not_ranked == ("shandong_specialty-001", "x-1")
    said = " ".join(one.zh for one in found.findings)
    assert "名单中 1 行的集群在工作区中没有数据" in said
    assert "第 3 行 x-1" in said
    assert "2 个集群所选指标全部未知，未排名" in said
    data = found.as_data()
    assert data["not_ranked"] == ["shandong_specialty-001", "x-1"]
    sheets = {sheet.title.split()[1]: sheet.rows for sheet in found.sheets()}
    assert len(sheets["not-ranked"]) == 2
    assert [row[0] for row in sheets["left-out"]] == [3]


def test_rows_of_title_lists_whose_firm_was_not_found_are_said_where_titles_count(few_clusters: Workspace):
    found = rank_clusters(few_clusters, ["little_giants:1"], as_of="2025-06-30")
    assert any("1 行的企业未在登记数据中找到" in one.zh and "戊" in one.zh for one in found.findings)
    firms = rank_clusters(few_clusters, ["firms:1"], as_of="2025-06-30")
    assert not any("称号名单" in one.zh for one in firms.findings)
