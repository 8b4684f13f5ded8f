from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

from gaoyuan.assess.statistics.cluster_records import (
    Selection,
    read_cluster_list,
    read_records,
)
from gaoyuan.errors import InputError, NotFound, StepMissing
from gaoyuan.workspace import SCHEMAS, Workspace, create_workspace

DAY = dt.date(2025, 6, 30)


def test_the_register_is_added_up_over_the_members_and_says_where_it_lacks_some(few_clusters: Workspace):
    found = {one.id: one for one in read_records(few_clusters, Selection(), DAY).clusters}
    juice = found["370827-1523"].register
    assert (juice["employees"].value, juice["employees"].complete) == (150, False)
    assert (juice["revenue_yuan"].value, juice["revenue_yuan"].complete) == (1.1e10, False)
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


def test_a_list_is_read_from_its_column_or_line_by_line(tmp_path: Path):
    file = tmp_path / "list.csv"
    file.write_text("\ufeff名称,集群标识 cluster_id\n甲, a-1 \n乙,b-2\n丙,\n乙,b-2\n", encoding="utf-8")
    assert read_cluster_list(file) == ("a-1", "b-2")
    file.write_text("a-1\n\nb-2\n", encoding="utf-8")
    assert read_cluster_list(file) == ("a-1", "b-2")
    file.write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="empty"):
        read_cluster_list(file)
    with pytest.raises(InputError, match="cannot be read"):
        read_cluster_list(tmp_path / "none.csv")


def test_an_unknown_batch_and_a_workspace_without_clusters_are_refused(few_clusters: Workspace, tmp_path: Path):
    with pytest.raises(NotFound, match="no list or batch 'nation'") as fault:
        read_records(few_clusters, Selection(batch="nation"), DAY)
    assert "national 1" in (fault.value.mend or "")
    with pytest.raises(StepMissing):
        read_records(create_workspace(tmp_path / "empty"), Selection(), DAY)
