from __future__ import annotations

from pathlib import Path

from gaoyuan.workspace import Workspace, create_workspace


def test_runs_are_listed_the_newest_first(gaoyuan, sample_workspace: Workspace):
    shown = gaoyuan("runs", sample_workspace.path)
    assert (shown.code, shown.err) == (0, "")
    got = gaoyuan("runs", sample_workspace.path, "--json").json
    assert [run["step"] for run in got] == ["import", "import", "observe", "import", "sample"]
    positions = [shown.out.index(run["run"]) for run in got]
    assert positions == sorted(positions)


def test_as_json_a_run_has_what_it_read_and_wrote(gaoyuan, sample_workspace: Workspace):
    _, _, observed, imported, sampled = gaoyuan("runs", sample_workspace.path, "--json").json
    assert observed["inputs"] == {"register": 0}
    assert observed["outputs"]["enterprise"]["rows"] == sample_workspace.read("enterprise").num_rows
    assert len(imported["inputs"]["sample-enterprises.csv"]) == 64
    assert sampled["parameters"] == {"enterprises": 24_000, "seed": 1}
    assert observed["started"].startswith("20")


def test_a_new_workspace_has_none(gaoyuan, tmp_path: Path):
    workspace = create_workspace(tmp_path / "w")
    assert "nothing has run yet" in gaoyuan("runs", workspace.path).out
    assert gaoyuan("runs", workspace.path, "--quiet").out == ""
    assert gaoyuan("runs", workspace.path, "--json").json == []
