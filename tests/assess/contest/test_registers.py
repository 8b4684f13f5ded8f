from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gaoyuan.assess.contest import SheetInvalid, read_entries, read_judges, write_entries_form, write_judges_form
from gaoyuan.errors import InputError


def test_the_forms_are_read_back_with_chinese_or_english_headings(tmp_path: Path):
    path = tmp_path / "judges.xlsx"
    write_judges_form(path)
    book = openpyxl.load_workbook(path)
    sheet: Any = book.worksheets[0]
    sheet.append(
        ["J1", "王评委", "某大学；某研究院", "530101", "equipment、materials", "advanced", "", "A1; A2", "", ""]
    )
    book.save(path)
    (judge,) = read_judges(path)
    assert judge["organisations"] == ("某大学", "某研究院")
    assert judge["groups"] == ("equipment", "materials")
    assert (judge["conflict_entrants"], judge["only"]) == (("A1", "A2"), ())
    plain = tmp_path / "judges.csv"
    plain.write_text("评委编号,name,小组赛小组\nJ1,王评委,equipment\n\n", encoding="gb18030")
    assert [(row["judge"], row["name"], row["groups"]) for row in read_judges(plain)] == [
        ("J1", "王评委", ("equipment",))
    ]


def test_the_form_of_entries_is_read_back(tmp_path: Path):
    path = tmp_path / "entries.csv"
    write_entries_form(path)
    with path.open("a", encoding="utf-8") as stream:
        stream.write("A1,轴承集群,equipment,轴承产业促进中心,530101;530102\n")
    (row,) = read_entries(path)
    assert row == {
        "entrant": "A1",
        "name": "轴承集群",
        "group": "equipment",
        "organisations": ("轴承产业促进中心",),
        "counties": ("530101", "530102"),
    }


def test_missing_columns_empty_cells_and_unknown_headings_are_named(tmp_path: Path):
    path = tmp_path / "entries.csv"
    path.write_text("参赛编号,运气\nA1,x\n,y\n", encoding="utf-8")
    with pytest.raises(SheetInvalid) as found:
        read_entries(path)
    shown = [str(fault) for fault in found.value.faults]
    assert "row 1 B列 column B: 列名不识或重复 unknown or second heading '运气'" in shown[0]
    assert "the column is missing: 参赛集群 name" in shown[1]
    assert any("row 3 A列 column A: 参赛编号 不能为空" in line for line in shown)


def test_a_form_for_a_folder_that_is_missing_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="no such folder"):
        write_entries_form(tmp_path / "none" / "entries.csv")
