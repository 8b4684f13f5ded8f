from __future__ import annotations

from gaoyuan.observe import explain
from gaoyuan.workspace import Workspace


def strongest(workspace: Workspace) -> str:
    return str(workspace.read("cluster").to_pandas()["cluster_id"].iloc[0])


def test_every_number_is_explained_with_run_and_files(gaoyuan, sample_workspace: Workspace):
    name = strongest(sample_workspace)
    shown = gaoyuan("explain", sample_workspace.path, name)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == f"{explain(sample_workspace, name)}\n"
    assert "运行 run" in shown.out
    assert "sample-enterprises.csv" in shown.out


def test_quiet_gives_the_figures_alone(gaoyuan, sample_workspace: Workspace):
    shown = gaoyuan("explain", sample_workspace.path, strongest(sample_workspace), "--quiet")
    assert "期望数 expected = " in shown.out
    assert "sample-enterprises.csv" not in shown.out


def test_as_json_every_figure_has_formula_inputs_and_what_was_computed_again(gaoyuan, sample_workspace: Workspace):
    name = strongest(sample_workspace)
    got = gaoyuan("explain", sample_workspace.path, name, "--json").json
    assert got["cluster_id"] == name
    figures = {figure["name"]: figure for figure in got["figures"]}
    assert figures["firms"]["recomputed"] == figures["firms"]["value"]
    assert all(figure["formula"] and figure["inputs"] for figure in figures.values())
    assert got["run"]["step"] == "observe"
    assert got["files"][0]["file_name"] == "sample-enterprises.csv"
