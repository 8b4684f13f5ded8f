from __future__ import annotations

from pathlib import Path

from gaoyuan.workspace import Workspace, create_workspace


def test_every_table_is_listed_with_what_a_row_is(gaoyuan, sample_workspace: Workspace):
    shown = gaoyuan("tables", sample_workspace.path)
    assert (shown.code, shown.err) == (0, "")
    for state in sample_workspace.tables():
        (line,) = [line for line in shown.out.splitlines() if line.split()[:1] == [state.name]]
        assert state.zh in line
        assert f"{state.rows:,}" in line


def test_as_json_with_versions_and_bytes(gaoyuan, sample_workspace: Workspace):
    got = gaoyuan("tables", sample_workspace.path, "--json").json
    assert [(row["name"], row["rows"], row["version"], row["bytes"]) for row in got] == [
        (state.name, state.rows, state.version, state.bytes) for state in sample_workspace.tables()
    ]


def test_a_new_workspace_has_none_and_says_what_to_do(gaoyuan, tmp_path: Path):
    workspace = create_workspace(tmp_path / "w")
    assert "gaoyuan import" in gaoyuan("tables", workspace.path).out
    assert gaoyuan("tables", workspace.path, "--quiet").out == ""
    assert gaoyuan("tables", workspace.path, "--json").json == []
