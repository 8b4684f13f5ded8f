from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from gaoyuan.workspace import Workspace


def figures(shown) -> dict[str, dict]:
    return {one["id"]: one for one in shown.json["figures"]}


def test_the_figures_are_those_of_the_tables(gaoyuan, sample_workspace: Workspace):
    shown = gaoyuan("statistics", sample_workspace.path, "--json")
    clusters = sample_workspace.read("cluster").to_pandas()
    members = sample_workspace.read("cluster_member").to_pandas()
    found = figures(shown)
    assert (shown.code, shown.err) == (0, "")
    assert found["clusters"]["value"] == len(clusters)
    assert found["firms"]["least"] == clusters["firms"].sum()
    assert found["firms_distinct"]["least"] == members["enterprise_id"].nunique()
    assert found["revenue_yuan"]["least"] == pytest.approx(members["revenue_yuan"].sum())
    assert len(found["firms"]["unknown"]) == clusters["firms"].isna().sum()
    assert found["titled_share"]["over"] == members["enterprise_id"].nunique()
    titles = sample_workspace.read("title").to_pandas()
    assert 0 < found["titled_share"]["least"] * found["titled_share"]["over"] <= titles["enterprise_id"].nunique()


def test_a_region_or_a_list_chooses_the_clusters(gaoyuan, sample_workspace: Workspace, tmp_path: Path):
    clusters = sample_workspace.read("cluster").to_pandas()
    county = clusters["county"].dropna().iloc[0]
    shown = gaoyuan("statistics", sample_workspace.path, "--province", county, "--json")
    assert figures(shown)["clusters"]["value"] == (clusters["county"] == county).sum()
    two = clusters["cluster_id"].head(2).tolist()
    (tmp_path / "list.txt").write_text("\n".join([*two, "no-such-cluster"]), encoding="utf-8")
    shown = gaoyuan("statistics", sample_workspace.path, "--list", tmp_path / "list.txt", "--json")
    assert set(shown.json["clusters"]) == {*two, "no-such-cluster"}
    assert "no-such-cluster" in shown.json["findings"][0]["zh"]


def test_the_table_says_at_least_and_of_how_many_clusters(gaoyuan, sample_workspace: Workspace):
    shown = gaoyuan("statistics", sample_workspace.path, "--year", 1990)
    line = next(line for line in shown.out.splitlines() if line.startswith("企业数（登记数据，去重）"))
    clusters = sample_workspace.read("cluster").num_rows
    assert "至少" in line
    assert f"/{clusters}" in line
    assert "没有集群有 1990 年的数据" in shown.err
    assert gaoyuan("statistics", sample_workspace.path, "--year", 1990, "--quiet").err == ""


def test_files_hold_figures_and_contributions(gaoyuan, sample_workspace: Workspace, tmp_path: Path):
    shown = gaoyuan("statistics", sample_workspace.path, "--out", tmp_path / "s.json", "--quiet")
    assert (shown.code, shown.out) == (0, "")
    data = json.loads((tmp_path / "s.json").read_text("utf-8"))
    gaoyuan("statistics", sample_workspace.path, "--out", tmp_path / "s.xlsx", "--quiet")
    book = openpyxl.load_workbook(tmp_path / "s.xlsx", read_only=True)
    head, *rows = book["统计"].iter_rows(values_only=True)
    assert [row[0] for row in rows] == [one["id"] for one in data["figures"]]
    parts = [row for row in book["各集群贡献"].iter_rows(values_only=True, min_row=2) if row[0] == "firms_distinct"]
    firms = next(one for one in data["figures"] if one["id"] == "firms_distinct")
    assert sum(float(str(row[3])) for row in parts) - firms["repeated"] == firms["least"]
    assert str(head[0]).startswith("标识")


def test_what_cannot_be_used_is_refused(gaoyuan, sample_workspace: Workspace, tmp_path: Path):
    for arguments in (["--province", "山东"], ["--batch", "none"], ["--as-of", "soon"], ["--out", tmp_path / "s.pdf"]):
        shown = gaoyuan("statistics", sample_workspace.path, *arguments)
        assert shown.code == 2
        assert "改法 mend" in shown.err
