"""A verdict as a workbook."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl

from gaoyuan.assess.verdicts.judging import judge
from gaoyuan.report.verdict_workbook import write_verdict_workbook


def test_the_workbook_has_numbers_as_numbers_and_text_as_text(tmp_path: Path):
    verdict = judge("cn-sme-cluster", {"area_km2": {"value": 120, "source": "=1+1"}}, "2025-06-01")
    write_verdict_workbook(verdict, tmp_path / "v.xlsx")
    book = openpyxl.load_workbook(tmp_path / "v.xlsx")
    area = next(row for row in book["条目 criteria"].iter_rows(values_only=True) if row[0] == "1.3")
    assert (area[4], area[7]) == (120, 100)
    assert str(area[3]).startswith("不符合")
    assert [row[6] for row in book["事实 facts"].iter_rows(min_row=2, values_only=True)] == ["=1+1"]
    assert book["事实 facts"]["G2"].data_type == "s"


def test_the_rule_can_be_read_back_from_its_sheet(tmp_path: Path):
    verdict = judge("cn-sme-cluster", {}, "2025-06-01")
    write_verdict_workbook(verdict, tmp_path / "v.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "v.xlsx")["规则快照 rule"]
    text = "\n".join(str(row[0]) for row in sheet.iter_rows(min_row=2, values_only=True))
    assert json.loads(text) == verdict.snapshot
