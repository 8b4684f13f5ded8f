"""Needs the map page's bundle, which `make setup` builds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl

from gaoyuan.workspace import Workspace, open_workspace


def _printed(demonstrated: Workspace) -> dict[str, Any]:
    """What the demonstration printed as JSON; NaN and Infinity are not JSON."""

    def refuse(name: str) -> None:
        raise ValueError(f"{name} is not JSON")

    text = (demonstrated.path.parent / "demo.json").read_text(encoding="utf-8")
    return json.loads(text, parse_constant=refuse)


def test_the_demonstration_does_the_whole_job_and_says_how_much_of_the_truth_was_found(gaoyuan, tmp_path: Path):
    shown = gaoyuan("demo", tmp_path / "w", "--enterprises", 8_000)
    assert shown.code == 0, shown.err
    workspace = open_workspace(tmp_path / "w")
    assert [run["step"] for run in workspace.runs().to_pylist()] == [
        "source",
        "gaps",
        *["import"] * 4,
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
    assert "缺失环节 missing links 3/3" in shown.out
    assert "单点 single point of failure 1/1" in shown.out
    assert "植入行 planted lines 3/3" in shown.out
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
        "… chain",
    ):
        assert part in shown.err


def test_as_json_every_step_has_its_result(demonstrated: Workspace):
    got = _printed(demonstrated)
    assert set(got) == {"sample", "imported", "observed", "recovery", "titles", "verdicts", "page", "chain"}
    assert got["sample"]["enterprises"] == 8_000
    assert got["recovery"]["planted"] == got["recovery"]["found"] == 2
    assert got["page"]["file"] == str(demonstrated.path / "map.html")


def test_all_that_is_planted_in_the_chain_is_found_and_nothing_else_of_its_kind(demonstrated: Workspace):
    chain = _printed(demonstrated)["chain"]
    truth = demonstrated.read("sample_chain").to_pylist()
    links = {row["product"]: row["planted"] for row in truth if row["line"] is None}
    assert sorted(links.values()) == ["missing_link"] * 3 + ["single_point"]
    assert {link["product"]: link["planted"] for link in chain["links"] if link["found"]} == links
    assert all(link["rank"] <= chain["gaps"] for link in chain["links"])
    assert chain["others"] == []
    lines = {row["line"]: row["planted"] for row in truth if row["line"] is not None}
    assert sorted(lines.values()) == ["late_offers", "no_offer", "outside_offers"]
    assert {line["line"]: line["planted"] for line in chain["lines"] if line["found"]} == lines
    assert chain["bill_lines"] == 800
    assert 0.95 * 800 < chain["bill_served"] < 800
    assert 0 <= chain["bill_gap"] < 0.02
    assert 0 < chain["bill_local_share"] < 1


def test_the_demonstration_leaves_the_plan_and_the_atlas_in_the_workspace(demonstrated: Workspace):
    plan = openpyxl.load_workbook(demonstrated.path / "sourcing.xlsx", read_only=True)
    assert plan["采购方案 plan"]["A1"].value == "物料 line"
    assert "电力机车" in (demonstrated.path / "atlas.html").read_text(encoding="utf-8")


def test_a_demonstration_too_small_for_a_cluster_says_that_nothing_is_known(gaoyuan, tmp_path: Path):
    shown = gaoyuan("demo", tmp_path / "w", "--enterprises", 300)
    assert shown.code == 0, shown.err
    assert "planted clusters found: 0/0" in shown.out
    assert "F1 未知 unknown" in shown.out
    got = gaoyuan("demo", tmp_path / "w", "--enterprises", 300, "--quiet")
    assert (got.code, got.out, got.err) == (0, "", "")
