from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from gaoyuan.workspace import Workspace

PASSES = "370211-1522"
DAY = ("--as-of", "2026-06-30")


def test_the_form_is_written_and_what_comes_next_is_said(gaoyuan, sample_workspace: Workspace, tmp_path: Path):
    out = tmp_path / "填报 表.xlsx"
    shown = gaoyuan("facts", sample_workspace.path, PASSES, "--out", out, *DAY)
    assert (shown.code, shown.err) == (0, "")
    assert "已填 filled in 28, 待填 left to fill 0" in shown.out
    assert "gaoyuan import" in shown.out
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert "黄岛区瓶（罐）装饮用水集群 370211-1522" in str(sheet.cell(2, 1).value)


def test_the_form_of_another_rule_and_as_json(gaoyuan, sample_workspace: Workspace, tmp_path: Path):
    out = tmp_path / "f.xlsx"
    shown = gaoyuan(
        "facts", sample_workspace.path, PASSES, "--rules", "sd-three-hundreds", "--out", out, *DAY, "--json"
    )
    assert (shown.code, shown.err) == (0, "")
    assert (shown.json["file"], shown.json["filled"] > 0, shown.json["empty"] > 0) == (str(out), True, True)
    quiet = gaoyuan("facts", sample_workspace.path, PASSES, "--out", out, *DAY, "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


@pytest.mark.parametrize(
    ("subject", "out", "said"),
    [
        ("370211-0000", "f.xlsx", "nothing is known"),
        (PASSES, "f.csv", ".xlsx"),
        (PASSES, "none/f.xlsx", "no such folder"),
        ("91350100M000100Y43", "f.xlsx", "is a rule of a cluster"),
    ],
)
def test_a_form_that_cannot_be_made_ends_with_2(
    gaoyuan, sample_workspace: Workspace, tmp_path: Path, subject: str, out: str, said: str
):
    shown = gaoyuan("facts", sample_workspace.path, subject, "--out", tmp_path / out, *DAY)
    assert (shown.code, shown.out) == (2, "")
    assert said in shown.err
    assert list(tmp_path.iterdir()) == []
    told = gaoyuan("facts", sample_workspace.path, subject, "--out", tmp_path / out, *DAY, "--json")
    assert said in json.loads(told.err)["error"]["what"] + json.loads(told.err)["error"]["mend"]
