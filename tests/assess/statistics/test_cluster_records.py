from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

from gaoyuan.assess.statistics.cluster_lists import ListRow
from gaoyuan.assess.statistics.cluster_records import LostTitle, Selection, read_records
from gaoyuan.errors import NotFound, StepMissing
from gaoyuan.workspace import SCHEMAS, Workspace, create_workspace

DAY = dt.date(2025, 6, 30)


def test_the_register_is_added_up_over_the_members_and_says_where_it_lacks_some(few_clusters: Workspace):
    found = {one.id: one for one in read_records(few_clusters, Selection(), DAY).clusters}
    juice = found["370827-1523"].register
    assert (juice["employees"].value, juice["employees"].complete) == (150, False)
    assert (juice["revenue_yuan"].value, juice["revenue_yuan"].complete) == (1.1e10, False)
    # One member is unknown: at most as great as the greatest that is known of any.
    assert (juice["employees"].most, juice["revenue_yuan"].most) == (280, 2.1e10)
    assert found["330108-3911"].register["revenue_yuan"].most is None
    computers = found["330108-3911"].register
    assert (computers["employees"].value, computers["employees"].complete) == (10, True)
    assert found["shandong_specialty-001"].register == {}


def test_titles_of_the_day_are_certain_possible_or_gone(few_clusters: Workspace):
    records = read_records(few_clusters, Selection(), DAY)
    held = {(firm, title): one.certain for firm, titles in records.holdings.items() for title, one in titles.items()}
    assert held == {
        ("e1", "little_giant"): True,
        ("e1", "hightech_firm"): True,
        ("e3", "srdi_sme"): True,
        ("e3", "gazelle"): False,
        ("e4", "hightech_firm"): False,
    }
    later = read_records(few_clusters, Selection(), dt.date(2026, 7, 14)).holdings
    assert "little_giant" not in later.get("e1", {})
    assert later["e4"]["hightech_firm"].certain


def test_what_a_form_had_copied_from_the_workspace_is_not_a_fact_of_it(few_clusters: Workspace, tmp_path: Path):
    made = create_workspace(tmp_path / "w")
    with made.run("observe") as run:
        for name in ("cluster", "cluster_member", "recognised_cluster", "title"):
            made.write(name, few_clusters.read(name), run)
    told = [
        ("370827-1523", "firms", 99.0, "登记数据 register"),
        ("370827-1523", "employees", 7.0, "登记数据 register"),
        ("370827-1523", "little_giants", 8.0, "称号名单 titles: a.csv"),
        ("370827-1523", "output_yuan", 3e9, "登记数据 register"),
        ("370827-1523", "output_yuan", 4e9, "统计局"),
        ("shandong_specialty-001", "firms", 5.0, "登记数据 register"),
    ]
    columns = ("subject", "metric", "value", "source")
    rows = [
        {"subject_kind": "cluster", "row": at} | dict(zip(columns, row, strict=True)) for at, row in enumerate(told)
    ]
    with made.run("import") as run:
        made.write("fact", pa.Table.from_pylist(rows, schema=SCHEMAS["fact"].arrow), run)
    found = {one.id: one.facts for one in read_records(made, Selection(), DAY).clusters}
    # The register lacks the jobs of some members, so the copy says what nobody else does.
    kept = {name: [one.value for one in said] for name, said in found["370827-1523"].items()}
    assert kept == {"output_yuan": [4e9], "employees": [7.0]}
    assert found["shandong_specialty-001"]["firms"][0].value == 5.0


def test_every_row_of_a_list_is_selected_or_said_to_be_left_out_and_why(few_clusters: Workspace):
    rows = [
        ListRow(2, "鱼台果汁,370827-1523", "370827-1523"),
        ListRow(3, "甲,", ""),
        ListRow(4, "乙,x-1", "x-1"),
        ListRow(5, "滨江计算机,330108-3911", "330108-3911"),
        ListRow(7, "鱼台果汁,370827-1523", "370827-1523"),
    ]
    alone = read_records(few_clusters, Selection.of(listed=tuple(rows)), DAY)
    assert [one.id for one in alone.clusters] == ["330108-3911", "370827-1523", "x-1"]
    assert alone.strangers == ("x-1",)
    assert [(one.row.line, one.reason) for one in alone.left_out] == [(3, "no_id"), (4, "not_found"), (7, "repeated")]
    within = read_records(few_clusters, Selection.of(region="370000", listed=tuple(rows)), DAY)
    assert [one.id for one in within.clusters] == ["370827-1523"]
    reasons = [(one.row.line, one.reason) for one in within.left_out]
    assert reasons == [(3, "no_id"), (4, "not_found"), (5, "not_selected"), (7, "repeated")]


def test_without_a_list_no_row_is_left_out(few_clusters: Workspace):
    assert read_records(few_clusters, Selection(region="370000"), DAY).left_out == ()


def test_titles_whose_firm_was_not_found_are_kept_with_the_members_of_that_name(
    few_clusters: Workspace, tmp_path: Path
):
    records = read_records(few_clusters, Selection(), DAY)
    assert records.lost_titles == (LostTitle("little_giant", "戊", "工信厅名单", None),)
    assert records.namesakes == {}
    made = create_workspace(tmp_path / "w")
    members = few_clusters.read("cluster_member")
    names = pa.array(["甲", "戊", "丙", "丙", "丁", "戊 "], pa.string())
    codes = pa.array([None, None, None, None, None, "91370827MA3D0Q8F4X"], pa.string())
    for name, column in (("name", names), ("uscc", codes)):
        members = members.set_column(members.schema.get_field_index(name), name, column)
    with made.run("observe") as run:
        made.write("cluster", few_clusters.read("cluster"), run)
        made.write("recognised_cluster", few_clusters.read("recognised_cluster"), run)
        made.write("title", few_clusters.read("title"), run)
        made.write("cluster_member", members, run)
    found = read_records(made, Selection(), DAY).namesakes
    # The row of the list has no credit code, so that it may mean either.
    assert found == {
        "370827-1523": {"little_giant": frozenset({"e2"})},
        "330108-3911": {"little_giant": frozenset({"e5"})},
    }


def test_an_unknown_batch_and_a_workspace_without_clusters_are_refused(few_clusters: Workspace, tmp_path: Path):
    with pytest.raises(NotFound, match="no list or batch 'nation'") as fault:
        read_records(few_clusters, Selection(batch="nation"), DAY)
    assert "national 1" in (fault.value.mend or "")
    with pytest.raises(StepMissing):
        read_records(create_workspace(tmp_path / "empty"), Selection(), DAY)
