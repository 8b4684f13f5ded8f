from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from gaoyuan.errors import FileUnreadable, InputError
from gaoyuan.registry.chain_files import import_io_table
from gaoyuan.workspace import Workspace

WriteCsv = Callable[..., Path]

OWN = (
    "代码,名称,01,02,FU1,EX,IM,GO",
    "01,农产品,20,45,20,25,10,100",
    "02,加工品,15,30,40,9,4,90",
    "VA1,增加值,65,15,,,,",
)


def outputs(workspace: Workspace, table: str) -> dict[str, float]:
    rows = workspace.read("io_table").to_pylist()
    return {row["from_code"]: row["value_yuan"] for row in rows if (row["table"], row["part"]) == (table, "output")}


def test_a_table_comes_in_yuan_with_a_record_and_a_second_time_changes_nothing(
    workspace: Workspace, write_csv: WriteCsv
):
    path = write_csv(*OWN, name="io.csv")
    (first,) = import_io_table(workspace, [path])
    assert (first.table, first.sectors, first.rows, first.rejected) == ("io", 2, 3, 0)
    assert first.output_yuan == 190e4
    assert "万元" in first.notes[0]
    assert outputs(workspace, "io") == {"01": 100e4, "02": 90e4}
    (record,) = workspace.read("import").to_pylist()
    assert (record["kind"], record["rows"], record["accepted"], record["rejected"]) == ("io", 3, 3, 0)
    version = workspace.version("io_table")
    (again,) = import_io_table(workspace, [path])
    assert again.unchanged
    assert workspace.version("io_table") == version


def test_a_table_of_the_same_name_is_replaced_and_others_stay(workspace: Workspace, write_csv: WriteCsv):
    import_io_table(workspace, [write_csv(*OWN, name="a.csv")], "甲'表", "亿元")
    import_io_table(workspace, [write_csv(*OWN, name="b.csv", end="\r\n")], "乙", "1000")
    newer = write_csv(*(line.replace("100", "110") for line in OWN), name="c.csv")
    (result,) = import_io_table(workspace, [newer], "甲'表", "亿元")
    assert result.updated == 4 + 2 * 4 + 2
    assert "do not sum" in "".join(result.notes)
    assert outputs(workspace, "甲'表") == {"01": 110e8, "02": 90e8}
    assert outputs(workspace, "乙") == {"01": 100e3, "02": 90e3}
    # The older file is no longer there, so that it can be brought back.
    (back,) = import_io_table(workspace, [write_csv(*OWN, name="a.csv")], "甲'表", "亿元")
    assert not back.unchanged
    assert outputs(workspace, "甲'表")["01"] == 100e8


def test_a_workbook_with_titles_above_is_read(workspace: Workspace, tmp_path: Path):
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "投入产出表（2020 年）")
        sheet.write(1, 0, "单位：万元")
        for row, line in enumerate(OWN, start=2):
            for column, cell in enumerate(line.split(",")):
                if cell.isdigit() and column > 0:
                    sheet.write_number(row, column, float(cell))
                else:
                    sheet.write_string(row, column, cell)
    (result,) = import_io_table(workspace, [path], unit="万元")
    assert result.notes == ()
    assert outputs(workspace, "表") == {"01": 100e4, "02": 90e4}


def test_a_table_with_negative_flows_comes_in_whole_and_says_that_it_cannot_be_measured(
    workspace: Workspace, write_csv: WriteCsv
):
    path = write_csv(OWN[0], OWN[1].replace("20,45", "-20,45"), *OWN[2:], name="io.csv")
    (result,) = import_io_table(workspace, [path], unit="万元")
    assert not result.measurable
    assert "01 农产品 → 01 农产品: -20" in str(result)
    assert outputs(workspace, "io") == {"01": 100e4, "02": 90e4}
    (again,) = import_io_table(workspace, [path], unit="万元")
    assert again.unchanged
    assert not again.measurable
    assert import_io_table(workspace, [write_csv(*OWN, name="b.csv")])[0].measurable


def test_a_dry_run_and_a_refused_file_write_nothing(workspace: Workspace, write_csv: WriteCsv):
    good, bad = write_csv(*OWN, name="a.csv"), write_csv(*OWN[:2], name="b.csv")
    import_io_table(workspace, [good], dry_run=True)
    with pytest.raises(InputError, match="not square"):
        import_io_table(workspace, [good, bad])
    with pytest.raises(InputError, match="one name for 2"):
        import_io_table(workspace, [good, bad], "x")
    with pytest.raises(InputError, match="unit '斤'"):
        import_io_table(workspace, [good], unit="斤")
    with pytest.raises(FileUnreadable):
        import_io_table(workspace, [write_csv("代码,01,GO", name="c.csv")])
    assert not workspace.has("io_table")


@pytest.mark.parametrize(
    ("name", "sectors", "unit"),
    [
        ("china_2020_153", 153, "万元"),
        ("china_2020_42", 42, "万元"),
        ("china_2015_42", 42, "万元"),
        ("china_2012_139", 139, "万元"),
        ("oecd2021_chn_2018_45", 45, "6616000"),
    ],
)
def test_published_tables_balance(workspace: Workspace, shared_data: Path, name: str, sectors: int, unit: str):
    path = shared_data / "chain" / "china_io" / f"{name}.csv"
    (result,) = import_io_table(workspace, [path], unit=unit)
    assert (result.sectors, result.notes) == (sectors, ())
    # Output of China was 160 to 270 million million yuan in these years; OECD's million dollars come to the same.
    assert 100e12 < result.output_yuan < 300e12
    assert 0.5 < result.flows_yuan / result.output_yuan < 0.7


def test_employment_by_sector_is_no_input_output_table(workspace: Workspace, shared_data: Path):
    path = shared_data / "chain" / "china_io" / "china_employment.csv"
    with pytest.raises(InputError):
        import_io_table(workspace, [path])
