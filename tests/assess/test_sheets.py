from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl

from gaoyuan.assess.sheets import Sheet, write_sheets


def test_cells_keep_their_kinds_and_text_stays_text_up_to_what_a_cell_holds(tmp_path: Path):
    rows = [["=1+1", 2.5, dt.date(2025, 12, 31), False], ["长" * 40_000, float("nan"), None, None]]
    write_sheets(tmp_path / "s.xlsx", [Sheet("表", ("甲", "乙", "丙", "丁"), rows), Sheet("空", ("甲",), [])])
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    found = list(book["表"].iter_rows(values_only=True))
    assert found[1] == ("=1+1", 2.5, dt.datetime(2025, 12, 31), "否")
    assert book["表"]["A2"].data_type == "s"
    assert found[2] == ("长" * 32_767, None, None, None)
    assert list(book["空"].iter_rows(values_only=True)) == [("甲",)]
