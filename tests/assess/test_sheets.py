from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl

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
