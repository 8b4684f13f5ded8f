from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gaoyuan.workspace import Workspace

PASSES, ONE_SHORT = "370211-1522", "370285-2916"
NATIONAL = ("--rules", "cn-sme-cluster", "--as-of", "2026-06-30")
NUMBERS = ("--set", "sme_rd_growth_above=10%", "--set", "platform_adoption_at_least=0.2")
HEAVY = {"matplotlib", "typst", "docx", "numba", "h3ronpy", "pymcdm"}


def test_the_verdict_is_shown_with_reasons_and_plan(gaoyuan, sample_workspace: Workspace):
    shown = gaoyuan("assess", sample_workspace.path, *NATIONAL, *NUMBERS, "--subject", ONE_SHORT)
    assert (shown.code, shown.err) == (0, "")
    assert "结论 verdict: 不符合 unmet" in shown.out
    assert "差距与计划 gaps and plan" in shown.out
    quiet = gaoyuan("assess", sample_workspace.path, *NATIONAL, *NUMBERS, "--subject", ONE_SHORT, "--quiet")
    assert quiet.code == 0
    assert shown.out.startswith(quiet.out.rstrip("\n"))
    assert "差距与计划" not in quiet.out


def test_the_verdict_as_json_is_nothing_but_json(gaoyuan, sample_workspace: Workspace):
    shown = gaoyuan("assess", sample_workspace.path, *NATIONAL, *NUMBERS, "--subject", PASSES, "--json")
    assert (shown.code, shown.err) == (0, "")
    assert (shown.json["state"], shown.json["edition"], shown.json["subject"]) == ("met", "2022", PASSES)
    assert shown.json["name"] == "黄岛区瓶（罐）装饮用水集群"
    assert shown.json["settings"]["sme_rd_growth_above"] == 0.1
    assert shown.json["snapshot"]["id"] == "cn-sme-cluster"
    assert shown.json["diagnosis"]["rule"] == "cn-sme-cluster"


@pytest.mark.parametrize("ending", [".json", ".xlsx", ".html", ".docx", ".pdf"])
def test_the_verdict_is_written_in_every_kind_of_file(
    gaoyuan, sample_workspace: Workspace, tmp_path: Path, ending: str
):
    out = tmp_path / f"结论 一{ending}"
    shown = gaoyuan("assess", sample_workspace.path, *NATIONAL, "--subject", PASSES, "--out", out, "--quiet")
    if ending == ".pdf" and shown.code == 5:
        pytest.skip("no Chinese fonts on this machine")
    assert (shown.code, shown.out, shown.err) == (0, "", "")
    assert out.stat().st_size > 2000
    assert list(tmp_path.iterdir()) == [out]


def test_a_file_and_the_json_may_be_asked_for_together(gaoyuan, sample_workspace: Workspace, tmp_path: Path):
    out = tmp_path / "v.json"
    shown = gaoyuan("assess", sample_workspace.path, *NATIONAL, "--subject", PASSES, "--out", out, "--json")
    assert json.loads(out.read_text("utf-8")) == shown.json


def test_facts_of_a_file_are_judged_in_any_workspace(gaoyuan, sample_workspace: Workspace, tmp_path: Path):
    (tmp_path / "f.json").write_text('{"area_km2": 120, "sme_output_share": 0.69}', encoding="utf-8-sig")
    shown = gaoyuan("assess", sample_workspace.path, *NATIONAL, "--facts", tmp_path / "f.json", "--json")
    assert shown.json["criteria"]["1.5"]["state"] == "unmet"
    assert shown.json["criteria"]["1.4"]["state"] == "unknown"


def test_a_rule_of_ones_own_beside_the_workspace_or_in_it(gaoyuan, own_sample: Workspace, tmp_path: Path):
    rule = gaoyuan("rules", "cn-sme-cluster.2022", "--json").json
    (tmp_path / "县 规则.yaml").write_text(json.dumps({**rule, "id": "my-county"}), encoding="utf-8")
    asked = ("--as-of", "2026-06-30", "--subject", PASSES, "--json")
    assert gaoyuan("assess", own_sample.path, "--rules", tmp_path / "县 规则.yaml", *asked).json["rule"] == "my-county"
    (own_sample.path / "rules").mkdir()
    (tmp_path / "县 规则.yaml").rename(own_sample.path / "rules" / "县 规则.yaml")
    assert gaoyuan("assess", own_sample.path, "--rules", "my-county", *asked).json["rule"] == "my-county"
    (own_sample.path / "rules" / "坏.yaml").write_text("id: [\n", encoding="utf-8")
    shown = gaoyuan("assess", own_sample.path, "--rules", "my-county", *asked)
    assert (shown.code, shown.out) == (2, "")
    assert "坏.yaml" in json.loads(shown.err)["error"]["where"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "nothing to assess"),
        (("--subject", "370211-0000"), 2, "nothing is known"),
        (("--subject", PASSES, "--rules", "cn-sme-clusters"), 2, "Do you mean cn-sme-cluster"),
        (("--subject", PASSES, "--as-of", "2026-13-01"), 2, "is no date"),
        (("--subject", PASSES, "--set", "average_growth"), 2, "is no setting"),
        (("--subject", PASSES, "--set", "average_growth=linear"), 2, "cagr"),
        (("--subject", PASSES, "--out", "v.doc"), 2, "names no kind of report"),
        (("--subject", PASSES, "--out", "v"), 2, "no ending"),
        (("--subject", PASSES, "--out", "no such folder/v.json"), 2, "no such folder"),
        (("--facts", "none.json"), 2, "cannot be read"),
        (("--facts", "none.xlsx"), 2, "no such file"),
    ],
)
def test_what_cannot_be_done_ends_with_its_code_and_says_why(
    gaoyuan, sample_workspace: Workspace, tmp_path: Path, monkeypatch, arguments: tuple[str, ...], code: int, said: str
):
    monkeypatch.chdir(tmp_path)
    asked = arguments if "--rules" in arguments else ("--rules", "cn-sme-cluster", *arguments)
    shown = gaoyuan("assess", sample_workspace.path, *asked)
    assert (shown.code, shown.out) == (code, "")
    assert shown.err.startswith("错误 error: ")
    assert said in shown.err
    told = gaoyuan("assess", sample_workspace.path, *asked, "--json")
    assert (told.code, told.out) == (code, "")
    assert set(json.loads(told.err)["error"]) == {"what", "what_zh", "where", "mend", "mend_zh"}
    assert list(tmp_path.iterdir()) == []


def test_after_a_new_register_the_workspace_is_not_ready(gaoyuan, own_sample: Workspace, tmp_path: Path):
    rows = "企业名称,注册地址,成立日期\n黄岛新厂,山东省青岛市黄岛区1号,2020-01-01\n"
    (tmp_path / "r.csv").write_text(rows, encoding="utf-8")
    assert gaoyuan("import", own_sample.path, "enterprises", tmp_path / "r.csv", "--quiet").code == 0
    shown = gaoyuan("assess", own_sample.path, *NATIONAL, "--subject", PASSES)
    assert (shown.code, "gaoyuan observe" in shown.err) == (3, True)


@pytest.mark.parametrize(
    ("arguments", "more"),
    [
        (("--help",), {"pandas", "ibis", "scipy", "yaml", "rich"}),
        (("rules", "cn-sme-cluster"), {"pandas", "ibis", "scipy"}),
        (("assess", "WS", *NATIONAL, "--subject", PASSES), set()),
    ],
)
def test_what_is_not_needed_is_not_loaded(sample_workspace: Workspace, arguments: tuple[str, ...], more: set[str]):
    code = (
        "import sys\nfrom gaoyuan.cli.app import run\n"
        "try:\n    run()\nexcept SystemExit:\n    pass\n"
        f"print(sorted({HEAVY | more} & set(sys.modules)), file=sys.stderr)"
    )
    given = [str(sample_workspace.path) if one == "WS" else one for one in arguments]
    done = subprocess.run([sys.executable, "-c", code, *given], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"
