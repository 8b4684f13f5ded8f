from __future__ import annotations

from pathlib import Path

from gaoyuan.workspace import open_workspace


def test_a_workspace_is_made_and_the_next_step_named(gaoyuan, tmp_path: Path):
    shown = gaoyuan("init", tmp_path / "my county")
    assert (shown.code, shown.err) == (0, "")
    assert f"gaoyuan import {tmp_path / 'my county'} enterprises" in shown.out
    assert open_workspace(tmp_path / "my county").tables() == []


def test_a_workspace_that_is_there_is_left_as_it_is(gaoyuan, sample_workspace):
    before = sample_workspace.tables()
    assert gaoyuan("init", sample_workspace.path, "--quiet").out == ""
    shown = gaoyuan("init", sample_workspace.path, "--json")
    assert shown.json["workspace"] == str(sample_workspace.path)
    assert [table["name"] for table in shown.json["tables"]] == [table.name for table in before]
    assert sample_workspace.tables() == before


def test_a_folder_with_other_things_in_it_is_refused(gaoyuan, tmp_path: Path):
    (tmp_path / "letter.txt").write_text("dear")
    shown = gaoyuan("init", tmp_path)
    assert shown.code == 2
    assert "not empty" in shown.err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    assert gaoyuan("init", tmp_path / "letter.txt").code == 2
