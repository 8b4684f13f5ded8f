from __future__ import annotations

from pathlib import Path

import pytest

from gaoyuan import steps
from gaoyuan.workspace import Workspace


@pytest.fixture(scope="module")
def cluster(sample_workspace: Workspace) -> str:
    return str(sample_workspace.read("sample_verdict").to_pandas().sort_values("planted")["cluster_id"].iloc[0])


def test_the_report_is_written_and_its_file_named(gaoyuan, sample_workspace: Workspace, cluster: str, tmp_path: Path):
    file = tmp_path / "report.html"
    shown = gaoyuan("report", sample_workspace.path, cluster, "--year", 2025, "--out", file)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == f"已写入 written: {file}\n"
    page = file.read_text(encoding="utf-8")
    assert "年度发展报告" in page
    assert "English summary" in page


def test_as_json_and_quietly_with_a_day_a_rule_and_settings(
    gaoyuan, sample_workspace: Workspace, cluster: str, tmp_path: Path
):
    file = tmp_path / "report.html"
    asked = ("--as-of", "2026-03-31", "--rules", "cn-sme-cluster.2022", "--set", "platform_adoption_at_least=90%")
    given = ("report", sample_workspace.path, cluster, "--year", 2025, "--out", file, *asked)
    shown = gaoyuan(*given, "--json")
    assert shown.json["file"] == str(file)
    assert (shown.json["cluster_id"], shown.json["year"]) == (cluster, 2025)
    page = file.read_text(encoding="utf-8")
    assert "评估日 2026-03-31" in page
    assert "不符合的有：5 " in page
    assert gaoyuan(*given, "--quiet").out == ""


def test_the_step_by_the_same_name_writes_the_same(sample_workspace: Workspace, cluster: str, tmp_path: Path):
    file = steps.report(sample_workspace, cluster, 2025, tmp_path / "report.html")
    assert "年度发展报告" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("cluster_id", "year", "name", "said", "code"),
    [
        ("370000-0000", 2024, "report.html", "there is no cluster '370000-0000'", 2),
        ("370000-0000", 2024, "report.txt", "the ending '.txt' names no kind of report", 2),
        ("370000-0000", 2999, "report.html", "the year 2999 is not over yet", 2),
        ("370000-0000", 2024, "none/report.html", "there is no such folder", 2),
    ],
)
def test_wrong_input_gives_an_error_of_ours(
    gaoyuan, sample_workspace: Workspace, tmp_path: Path, cluster_id: str, year: int, name: str, said: str, code: int
):
    shown = gaoyuan("report", sample_workspace.path, cluster_id, "--year", year, "--out", tmp_path / name)
    assert shown.code == code
    assert said in shown.err
    assert "Traceback" not in shown.err
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_that_was_not_observed_is_said(gaoyuan, tmp_path: Path):
    assert gaoyuan("init", tmp_path / "empty").code == 0
    shown = gaoyuan("report", tmp_path / "empty", "370211-1522", "--year", 2024, "--out", tmp_path / "report.html")
    assert shown.code == 3
    assert "gaoyuan observe" in shown.err
