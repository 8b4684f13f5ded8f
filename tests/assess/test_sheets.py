from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from gaoyuan.assess.sheets import Sheet, heading_style, set_widths, workbook, write_rows, write_sheets


def test_cells_keep_their_kinds_and_text_stays_text_up_to_what_a_cell_holds(tmp_path: Path):
    rows = [["=1+1", 2.5, dt.date(2025, 12, 31), False], ["长" * 40_000, float("nan"), None, None]]
    write_sheets(tmp_path / "s.xlsx", [Sheet("表", ("甲", "乙", "丙", "丁"), rows), Sheet("空", ("甲",), [])])
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    found = list(book["表"].iter_rows(values_only=True))
    assert found[1] == ("=1+1", 2.5, dt.datetime(2025, 12, 31), "否")
    assert book["表"]["A2"].data_type == "s"
    assert found[2] == ("长" * 32_767, None, None, None)
    assert list(book["空"].iter_rows(values_only=True)) == [("甲",)]


def test_rows_are_written_from_the_top_with_the_style_of_each(tmp_path: Path):
    with workbook(tmp_path / "r.xlsx") as book:
        sheet = book.add_worksheet()
        write_rows(sheet, [["题", "x"], ["=1+1", Decimal("0.5")], [None, Decimal("NaN")]], {1: heading_style(book)})
        set_widths(sheet, [30, 9])
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0]
    assert list(sheet.iter_rows(values_only=True)) == [("题", "x"), ("=1+1", 0.5)]
    assert [sheet.cell(row, 1).font.b for row in (1, 2)] == [False, True]
    assert sheet["A2"].data_type == "s"


def _widths(file: Path, sheet: str) -> dict[str, float]:
    """The width of every column of a sheet; columns of one width stand in the file as one span."""
    spans = openpyxl.load_workbook(file)[sheet].column_dimensions.values()
    return {get_column_letter(at): span.width for span in spans for at in range(span.min or 1, (span.max or 0) + 1)}


def test_a_column_is_as_wide_as_its_text_where_a_chinese_character_counts_double(tmp_path: Path):
    rows = [["甲" * 20, "a" * 20, "短"]]
    write_sheets(tmp_path / "w.xlsx", [Sheet("表", ("甲", "乙", "丙"), rows)])
    widths = _widths(tmp_path / "w.xlsx", "表")
    assert widths["A"] == pytest.approx(46, abs=1)
    assert widths["B"] == pytest.approx(24, abs=1)
    assert widths["C"] == pytest.approx(16, abs=1)


def test_a_long_heading_is_folded_and_does_not_make_its_column_wide(tmp_path: Path):
    heading = "同行业未询企业数 firms of the industry not asked"
    write_sheets(tmp_path / "w.xlsx", [Sheet("表", (heading,), [[3]])])
    assert 18 <= _widths(tmp_path / "w.xlsx", "表")["A"] < 24
    assert openpyxl.load_workbook(tmp_path / "w.xlsx")["表"]["A1"].alignment.wrap_text


def test_a_text_wider_than_a_column_becomes_is_folded_and_its_row_begins_at_the_top(tmp_path: Path):
    write_sheets(tmp_path / "w.xlsx", [Sheet("表", ("甲", "乙"), [["长" * 80, "短"], ["x" * 60, None]])])
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx")["表"]
    assert _widths(tmp_path / "w.xlsx", "表")["A"] == pytest.approx(60, abs=1)
    assert [sheet[cell].alignment.wrap_text for cell in ("A2", "B2", "A3")] == [True, None, None]
    assert {sheet[cell].alignment.vertical for cell in ("A2", "B2")} == {"top"}


def test_notes_stand_below_the_rows_and_set_no_width(tmp_path: Path):
    notes = ["没有数据：" + "很长" * 40, "=1+1"]
    write_sheets(tmp_path / "w.xlsx", [Sheet("表", ("企业 firm", "数"), [["甲厂", 1]], notes)])
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx")["表"]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["甲厂", *notes]
    assert sheet["A4"].data_type == "s"
    assert _widths(tmp_path / "w.xlsx", "表")["A"] < 18
