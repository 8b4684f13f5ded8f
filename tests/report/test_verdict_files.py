"""A verdict as a file of each kind."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from gaoyuan.assess import Edition, editions
from gaoyuan.assess.diagnosis import diagnose
from gaoyuan.assess.verdicts.judging import judge
from gaoyuan.errors import InputError, OutputUnknown
from gaoyuan.report.verdict_files import check_verdict_path, write_verdict

FACTS = {"area_km2": 120, "sme_output_share": 0.65}
VERDICT = judge("cn-sme-cluster", FACTS, "2025-06-01", subject="130628-1771")


def test_json_holds_the_verdict_its_rule_and_the_diagnosis(tmp_path: Path):
    diagnosis = diagnose("cn-sme-cluster", FACTS, "2025-06-01")
    file = write_verdict(VERDICT, tmp_path / "v.json", diagnosis, "高阳县毛巾集群")
    data = json.loads(file.read_text(encoding="utf-8"))
    assert data["state"] == "unmet"
    assert data["name"] == "高阳县毛巾集群"
    assert data["criteria"]["1.5"]["threshold"] == 0.7
    assert data["snapshot"]["id"] == "cn-sme-cluster"
    assert data["diagnosis"]["rule"] == "cn-sme-cluster"


@pytest.mark.parametrize(
    ("ending", "begins"), [(".xlsx", b"PK"), (".html", b"<!doctype"), (".docx", b"PK"), (".pdf", b"%PDF")]
)
def test_each_ending_gives_its_kind_and_leaves_nothing_else(
    tmp_path: Path, chinese_fonts: None, ending: str, begins: bytes
):
    file = write_verdict(VERDICT, tmp_path / f"v{ending}", name="高阳县毛巾集群")
    assert file.read_bytes().startswith(begins)
    assert list(tmp_path.iterdir()) == [file]


def test_another_ending_and_a_missing_folder_are_refused(tmp_path: Path):
    with pytest.raises(OutputUnknown, match=r"\.json, \.xlsx"):
        check_verdict_path(tmp_path / "v.doc")
    with pytest.raises(OutputUnknown, match="no ending"):
        check_verdict_path(tmp_path / "verdict")
    with pytest.raises(InputError, match="no such folder"):
        write_verdict(VERDICT, tmp_path / "none" / "v.json")


def test_a_folder_in_the_files_place_is_said(tmp_path: Path):
    (tmp_path / "v.json").mkdir()
    with pytest.raises(InputError, match="folder"):
        write_verdict(VERDICT, tmp_path / "v.json")
    assert [file.name for file in tmp_path.iterdir()] == ["v.json"]


@pytest.mark.parametrize("ending", [".json", ".xlsx"])
def test_a_name_that_no_file_can_have_is_said(tmp_path: Path, ending: str):
    with pytest.raises(InputError, match="cannot be written"):
        write_verdict(VERDICT, tmp_path / ("名" * 100 + ending))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rule", editions(), ids=lambda rule: rule.key)
def test_of_every_rule_the_unknown_is_null_in_json_and_empty_in_the_workbook(tmp_path: Path, rule: Edition):
    verdict = judge(rule, {}, "2026-06-30")
    diagnosis = diagnose(rule, {}, "2026-06-30")
    text = write_verdict(verdict, tmp_path / "v.json", diagnosis).read_text(encoding="utf-8")
    data = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert list(data["criteria"]) == [criterion.id for criterion in rule.criteria]
    assert data["snapshot"] == rule.data
    write_verdict(verdict, tmp_path / "v.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "v.xlsx", read_only=True)["条目 criteria"]
    assert sum(1 for _ in sheet.iter_rows(min_row=2)) == sum(1 for _ in verdict.every())
