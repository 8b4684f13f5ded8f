"""A user's way through the verbs, each a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from gaoyuan.workspace import open_workspace


def test_from_an_empty_folder_to_a_map(program, tmp_path: Path):
    def run(*arguments: object):
        done = program(*arguments, folder=tmp_path)
        assert done.code == 0, done.err
        return done

    assert "工作区 workspace: w" in run("init", "w").out
    assert "6,000 家企业 firms" in run("sample", "w", "--enterprises", 6_000).out
    assert "导入 imported" in run("import", "w", "enterprises", "w/sample/sample-enterprises.csv").out
    observed = json.loads(run("observe", "w", "--json").out)
    assert observed["clusters"]["on_cells"] == 1
    assert "cluster_member" in run("tables", "w").out
    assert [row["step"] for row in json.loads(run("runs", "w", "--json").out)] == ["observe", "import", "sample"]

    run("export", "w", "cluster", "clusters.csv", "--quiet")
    clusters = pd.read_csv(tmp_path / "clusters.csv", dtype=str)
    strongest = clusters.iloc[0]
    assert strongest["name"] in run("explain", "w", strongest["cluster_id"]).out

    words = strongest["industry_name"].removesuffix("制造")
    run("theme", "w", words, "--top", 0, "--out", "theme.csv")
    themes = pd.read_csv(tmp_path / "theme.csv", dtype={"county": str})
    assert themes["county"].iloc[0] == strongest["county"]

    firms = open_workspace(tmp_path / "w").read("enterprise", ["county"]).to_pandas()["county"].value_counts()
    largest = firms.index[firms.index != strongest["county"]][0]
    compared = run("compare", "w", strongest["industry"][:2], strongest["county"], largest)
    assert strongest["county"] in compared.out

    run("map", "w", "map.html")
    assert (tmp_path / "map.html").stat().st_size > 100_000
    assert {path.name for path in tmp_path.iterdir()} == {"w", "clusters.csv", "theme.csv", "map.html"}


def test_the_demonstration_and_the_doctor_run_as_programs(program, tmp_path: Path):
    done = program("demo", "--enterprises", 4_000, folder=tmp_path)
    assert done.code == 0, done.err
    assert (tmp_path / "demo-workspace" / "map.html").is_file()
    assert "planted clusters found: 1/1" in done.out
    checked = program("doctor", "--json", folder=tmp_path)
    assert checked.code == 0, checked.out
