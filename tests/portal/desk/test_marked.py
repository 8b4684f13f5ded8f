from __future__ import annotations

import json

import openpyxl
import pytest

from gaoyuan.portal.desk.columns import names_of, score
from gaoyuan.portal.desk.marked import ADDED, RAW, bad_rows
from gaoyuan.portal.desk.models import Kind


def fault(row: int, column: str, reason: str, record: object, value: str = "") -> dict[str, object]:
    return {
        "row": row,
        "column": column,
        "value": value,
        "reason_zh": f"{reason}（中文）",
        "mend_zh": "改",
        "reason": reason,
        "mend": "mend it",
        "record": json.dumps(record, ensure_ascii=False),
    }


def test_a_row_with_two_faults_is_one_row_with_both_reasons():
    cells = {"名称": "甲厂", "员工": "很多"}
    first, second = bad_rows(
        [fault(3, "员工", "no number", cells), fault(3, "名称", "no name", cells), fault(9, "", "ragged", "a,b,c")]
    )
    assert (first.row, first.at_fault, first.cells) == (3, ["员工", "名称"], cells)
    assert first.reasons == ["no number（中文）\nno number", "no name（中文）\nno name"]
    assert first.mends == ["改\nmend it"]
    assert (second.row, second.cells, second.text) == (9, {}, "a,b,c")


@pytest.mark.parametrize("kind", Kind.values)
def test_what_the_workbook_adds_is_not_taken_for_a_column_of_any_kind_of_file(kind):
    assert score([*ADDED, RAW], kind) == 0
    assert names_of(kind)


def test_cells_at_fault_are_marked_and_nothing_becomes_a_formula(own_sample, tmp_path):
    from gaoyuan.portal.desk.marked import write_marked
    from gaoyuan.registry import import_enterprises
    from gaoyuan.registry.import_records import sha256_of

    register = tmp_path / "r.csv"
    register.write_text("企业名称,从业人员,备注\n甲厂,很多,=1+1\n乙厂,3,好\n丙厂,1,2,3\n", encoding="utf-8")
    import_enterprises(own_sample, [register])
    file = tmp_path / "marked.xlsx"
    headings = ["企业名称", "从业人员", "备注"]
    assert write_marked(own_sample, sha256_of(register), "enterprises", file, headings) == 2
    sheet = openpyxl.load_workbook(file).worksheets[0]
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == [*ADDED, *headings, RAW]
    first, second = ([cell.value for cell in row] for row in rows[1:])
    assert first[0] == 2
    assert "不是整数" in str(first[1])
    assert "no whole number" in str(first[1])
    assert first[3:6] == ["甲厂", "很多", "=1+1"]
    assert rows[1][5].data_type == "s"
    marked = [cell.fill.fgColor.rgb for cell in rows[1]]
    assert marked[4] == "FFFFE08A"
    assert marked[3] != "FFFFE08A"
    assert "丙厂" in str(second[6])
