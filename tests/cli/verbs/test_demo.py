"""Needs the map page's bundle, which `make setup` builds."""

from __future__ import annotations

from pathlib import Path

from gaoyuan.workspace import open_workspace


def test_the_demonstration_does_the_whole_job_and_says_how_much_of_the_truth_was_found(gaoyuan, tmp_path: Path):
    shown = gaoyuan("demo", tmp_path / "w", "--enterprises", 8_000)
    assert shown.code == 0, shown.err
    workspace = open_workspace(tmp_path / "w")
    assert [run["step"] for run in workspace.runs().to_pylist()] == [
        "titles",
        "import",
        "import",
        "observe",
        "import",
        "sample",
    ]
    assert (tmp_path / "w" / "map.html").is_file()
    assert "植入的集群找回 planted clusters found: 2/2" in shown.out
    assert "F1 " in shown.out
    assert "verdicts as planted: 2/2" in shown.out
    strongest = workspace.read("cluster").to_pandas()["cluster_id"].iloc[0]
    assert strongest in shown.out
    assert f"gaoyuan explain {tmp_path / 'w'} CLUSTER_ID" in shown.out
    for part in (
        "… sample",
        "… sample-enterprises.csv",
        "… code and locate",
        "… measure",
        "… detect",
        "… titles",
        "… assess",
        "… map",
    ):
        assert part in shown.err


def test_as_json_every_step_has_its_result(gaoyuan, tmp_path: Path):
    got = gaoyuan("demo", tmp_path / "w", "--enterprises", 8_000, "--json")
    assert (got.code, got.err) == (0, "")
    assert set(got.json) == {"sample", "imported", "observed", "recovery", "titles", "verdicts", "page"}
    assert got.json["sample"]["enterprises"] == 8_000
    assert got.json["recovery"]["planted"] == got.json["recovery"]["found"] == 2
    assert got.json["page"]["file"] == str(tmp_path / "w" / "map.html")


def test_a_demonstration_too_small_for_a_cluster_says_that_nothing_is_known(gaoyuan, tmp_path: Path):
    shown = gaoyuan("demo", tmp_path / "w", "--enterprises", 300)
    assert shown.code == 0, shown.err
    assert "planted clusters found: 0/0" in shown.out
    assert "F1 未知 unknown" in shown.out
    got = gaoyuan("demo", tmp_path / "w", "--enterprises", 300, "--quiet")
    assert (got.code, got.out, got.err) == (0, "", "")
