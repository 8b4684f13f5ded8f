from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from gaoyuan.chain.sourcing.sourced_bill import SourcedBill, source_bill
from gaoyuan.errors import InputError, OutputUnknown
from gaoyuan.report.sourcing_workbook import check_plan_path, plan_data, write_sourcing
from gaoyuan.workspace import Workspace, open_workspace


@pytest.fixture(scope="module")
def sourced(
    demonstrated: Workspace, small_bill: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> SourcedBill:
    """The small bill sourced where what is not local costs a fifth more, with its curve."""
    folder = tmp_path_factory.mktemp("sourcing")
    workspace = open_workspace(shutil.copytree(demonstrated.path, folder / "ws"))
    return source_bill(workspace, small_bill(folder / "bom.xlsx"), nonlocal_premium=0.2, premiums=(0.0, 0.6))


@pytest.fixture(scope="module")
def file(sourced: SourcedBill, tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("plan") / "plan.xlsx"
    write_sourcing(sourced, written)
    return written


@pytest.fixture(scope="module")
def book(file: Path) -> Workbook:
    return openpyxl.load_workbook(file)


def _rows(book: Workbook, title: str) -> list[dict[str, object]]:
    headings, *rows = book[title].iter_rows(values_only=True)
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def test_the_sheets_and_their_headings_are_chinese_with_english_beside(book: Workbook):
    assert book.sheetnames == [
        "汇总 summary",
        "采购方案 plan",
        "未供应 unserved",
        "供应商 suppliers",
        "本地化代价 curve",
    ]
    for sheet in book:
        headings = [str(cell.value) for cell in sheet[1]]
        assert len(set(headings)) == len(headings)
        for heading in headings:
            assert re.fullmatch(r"[一-鿿（）]+ [a-z_]+", heading), heading


def test_the_plan_has_a_row_for_every_line_and_says_why(book: Workbook):
    bolt, nut, pin = _rows(book, "采购方案 plan")
    assert (bolt["供应商 supplier"], bolt["供应商名称 name"], bolt["本地 local"]) == ("near", "甲厂", "是")
    assert bolt["金额（元） cost"] == pytest.approx(110.0)
    assert (nut["供应商 supplier"], nut["本地 local"], nut["非本地加价（元） premium"]) == ("far", "否", 10)
    assert "near 贵 25.00 元" in str(nut["说明 reasons"])
    assert "near dearer by 25.00 yuan" in str(nut["英文说明 reasons_english"])
    assert (pin["供应商 supplier"], pin["本地 local"], pin["单价（元） unit_price"]) == (None, None, None)
    assert (pin["需求量 need"], pin["采购量 quantity"]) == (5, 0)
    assert _rows(book, "未供应 unserved") == [pin]


def test_the_summary_adds_up(book: Workbook, sourced: SourcedBill):
    said = {str(row["项目 item"]).split()[-1]: row["内容 content"] for row in _rows(book, "汇总 summary")}
    assert (said["lines"], said["served"], said["suppliers"]) == (3, 2, 2)
    assert said["goal"] == "最低价 lowest price"
    parts = [said[f"{part}_cost"] for part in ("purchase", "premium", "penalty", "goal")]
    assert sum(float(str(part)) for part in parts) == pytest.approx(float(str(said["objective"])))
    assert said["run"] == sourced.run


def test_suppliers_have_what_is_bought_of_them_and_the_share_of_their_hours(book: Workbook):
    near, far = _rows(book, "供应商 suppliers")
    assert (near["物料行 lines"], near["占用工时 hours"], near["占用率 used"]) == (1, 10, 0.1)
    # Unknown capacity stays unknown.
    assert (far["物料行 lines"], far["可用工时 capacity_hours"], far["占用率 used"]) == (1, None, None)


def test_the_curve_is_there_where_it_was_asked_for(book: Workbook, sourced: SourcedBill, tmp_path: Path):
    rows = _rows(book, "本地化代价 curve")
    assert [(row["非本地加价率 premium"], row["本地份额 local_share"]) for row in rows] == [(0, 0), (0.6, 1)]
    plain = SourcedBill(sourced.bill, sourced.plan, (), sourced.local, sourced.known_suppliers, sourced.run)
    write_sourcing(plain, tmp_path / "plan.xlsx")
    assert "本地化代价 curve" not in openpyxl.load_workbook(tmp_path / "plan.xlsx").sheetnames


def test_names_that_would_run_stay_text(file: Path, book: Workbook):
    names = [row["名称 name"] for row in _rows(book, "采购方案 plan")]
    assert names == ["=1+1", "@SUM(A1)", "销"]
    assert _rows(book, "供应商 suppliers")[1]["名称 name"] == "=cmd|'/c calc'!A1"
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n"}
    with ZipFile(file) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 5
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


def test_a_plan_as_json_has_the_same_numbers(sourced: SourcedBill, tmp_path: Path):
    write_sourcing(sourced, tmp_path / "PLAN.JSON")
    held = json.loads((tmp_path / "PLAN.JSON").read_text(encoding="utf-8"))
    assert held == plan_data(sourced)
    assert held["premium_cost"] == 10.0
    assert held["goal_cost"] == 0.0
    assert [row["line"] for row in held["plan"]] == ["bolt", "nut", "pin"]
    assert [point["premium"] for point in held["curve"]] == [0.0, 0.6]


@pytest.mark.parametrize("name", ["plan.foo", "plan", "plan.xls", ".xlsx"])
def test_an_ending_that_names_no_format_of_plans_is_refused(sourced: SourcedBill, tmp_path: Path, name: str):
    with pytest.raises(OutputUnknown, match=r"Name a \.xlsx or \.json file"):
        write_sourcing(sourced, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(InputError):
        check_plan_path(tmp_path / "none" / "plan.xlsx")
