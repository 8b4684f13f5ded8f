"""Footnotes that trace numbers to runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from gaoyuan.registry import import_titles
from gaoyuan.report.run_notes import NOWHERE, Number, Origin, RunNotes, RunRecord, read_runs
from gaoyuan.workspace import Workspace, create_workspace


def test_a_note_names_the_run_its_step_and_what_it_read(sample_workspace: Workspace):
    notes = read_runs(sample_workspace)
    run = next(run for run in notes.runs.values() if run.step == "observe")
    (note,) = notes.of(Origin(run.id, "cluster"))
    assert note.text.startswith(f"产业集群表 cluster；运行 {run.id}（编码、定位、测度与发现 observe）")
    assert "读取登记数据表 register 第 0 版" in note.text


def test_a_run_that_read_a_file_is_named_with_the_files_hash(sample_workspace: Workspace):
    notes = read_runs(sample_workspace)
    imported = sample_workspace.read("import").to_pylist()
    facts = next(row for row in imported if row["kind"] == "facts")
    (note,) = notes.of(Origin(facts["run"], source="县统计局"))
    assert note.text.startswith("来源：县统计局；事实表 fact；")
    assert f"sample-facts.csv（SHA-256 {facts['sha256'][:12]}）" in note.text


def test_a_list_of_titles_that_was_matched_without_a_register_names_the_file_alone(tmp_path: Path):
    workspace = create_workspace(tmp_path / "工作区")
    (tmp_path / "名单.csv").write_text("企业名称\n甲\n", encoding="utf-8")
    import_titles(workspace, [tmp_path / "名单.csv"], "gazelle")
    (run,) = workspace.runs()["run"].to_pylist()
    (note,) = read_runs(workspace).of(Origin(run))
    assert "，读取文件 名单.csv（SHA-256 " in note.text
    assert "register" not in note.text


@pytest.mark.parametrize("version", [None, -1])
def test_a_table_that_was_not_there_when_a_run_began_was_not_read(version: int | None):
    record = RunRecord("7", "import", "2026-01-01 00:00", {"register": version, "title": 3}, (), "gaoyuan 1")
    assert record.reads_zh() == "企业称号表 title 第 3 版"
    assert record.reads_en() == "version 3 of the table title"


def test_each_run_of_a_figure_has_its_own_note_and_equal_origins_are_one():
    notes = RunNotes()
    assert [note.text for note in notes.of(Origin("a|b"), Origin("b"))] == ["运行 a", "运行 b"]


def test_a_note_in_english_has_the_same_origins(sample_workspace: Workspace):
    notes = read_runs(sample_workspace)
    run = next(run for run in notes.runs.values() if run.step == "observe")
    origin = Origin(run.id, "cluster", "登记数据 register", "本报告计算", "computed by this report")
    (note,) = notes.of(origin, language="en")
    start = (
        f"Computed by this report; source: register; table cluster; run {run.id} (observe), which read version 0 of "
    )
    assert note.text.startswith(start)
    assert not any("一" <= letter <= "鿿" for letter in note.text)


def test_a_source_of_the_workspace_is_named_in_chinese():
    (note,) = RunNotes().of(Origin(source="称号名单 titles: a.csv（1 家未在登记数据中找到 not found）", run="7"))
    assert note.text == "来源：称号名单：a.csv（1 家未在登记数据中找到）；运行 7"


def test_what_is_unknown_or_from_nowhere_has_no_note():
    notes = RunNotes()
    assert notes.of(NOWHERE) == ()
    assert notes.of_numbers([Number(None, (Origin("7"),)), Number(1.0, (Origin("8"),))]) == notes.of(Origin("8"))
