from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from gaoyuan.workspace import Workspace

PLAN = """
title: {zh: 集群计划, en: cluster plan}
targets:
  - id: output
    zh: 集群总产值
    kind: money
    baseline: {year: 2021, value: 400亿元}
    value: 600亿元
    due: 2026-12-31
    observed: {source: 统计局, series: {2021: 400亿元, 2022: 430亿元, 2023: 475亿元, 2024: 500亿元}}
  - {id: clusters, zh: 集群数, kind: count, value: 1, due: 2099, workspace: {figure: clusters}}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    return tmp_path / "plan.yaml"


def test_a_plan_is_shown_against_today(gaoyuan, sample_workspace: Workspace, plan: Path):
    shown = gaoyuan("targets", sample_workspace.path, plan, "--as-of", "2025-06-30")
    assert shown.code == 0
    line = next(line for line in shown.out.splitlines() if line.startswith("集群总产值"))
    assert {"600", "2026-12-31", "50%", "不符合（未到期）"} <= set(line.split())
    assert "500 亿元（2024）" in line
    assert "不足 3 个" in shown.err


def test_json_has_the_forecast_and_what_the_workspace_counts(gaoyuan, sample_workspace: Workspace, plan: Path):
    shown = gaoyuan("targets", sample_workspace.path, plan, "--json")
    assert (shown.code, shown.err) == (0, "")
    output, clusters = shown.json["targets"]
    low, high = output["final"]["forecast"]["intervals"]["0.95"]
    assert low < output["final"]["forecast"]["value"] < high
    assert (clusters["state"], clusters["today"]["least"]) == ("met", sample_workspace.read("cluster").num_rows)
    assert clusters["today"]["run"]


def test_a_shipped_edition_is_a_plan(gaoyuan, sample_workspace: Workspace):
    shown = gaoyuan("targets", sample_workspace.path, "sd-3830", "--json", "--as-of", "2025-06-30")
    assert {one["state"] for one in shown.json["targets"]} == {"unknown"}
    assert {one["due"] for one in shown.json["targets"]} == {"2025-12-31"}


def test_files_hold_the_whole_progress(gaoyuan, sample_workspace: Workspace, plan: Path, tmp_path: Path):
    for name in ("t.json", "t.xlsx"):
        shown = gaoyuan("targets", sample_workspace.path, plan, "--out", tmp_path / name, "--quiet")
        assert (shown.code, shown.out, shown.err) == (0, "", "")
    data = json.loads((tmp_path / "t.json").read_text("utf-8"))
    book = openpyxl.load_workbook(tmp_path / "t.xlsx", read_only=True)
    rows = list(book["目标进度"].iter_rows(values_only=True, min_row=2))
    assert [row[0] for row in rows] == [one["id"] for one in data["targets"]] == ["output", "clusters"]
    assert [row[1] for row in book["历年数据"].iter_rows(values_only=True, min_row=2)] == [
        "2021",
        "2022",
        "2023",
        "2024",
    ]


def test_what_cannot_be_used_is_refused(gaoyuan, sample_workspace: Workspace, plan: Path, tmp_path: Path):
    (tmp_path / "bad.yaml").write_text("targets: []", encoding="utf-8")
    for arguments in (
        ["no-such-plan"],
        [tmp_path / "bad.yaml"],
        [plan, "--as-of", "x"],
        [plan, "--out", tmp_path / "t"],
    ):
        shown = gaoyuan("targets", sample_workspace.path, *arguments)
        assert shown.code == 2
        assert "改法 mend" in shown.err
