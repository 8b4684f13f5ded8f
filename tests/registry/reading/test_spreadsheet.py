from __future__ import annotations

import datetime as dt
import io
import random
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from gaoyuan.errors import FileUnreadable, MappingInvalid
from gaoyuan.registry.columns import count_known
from gaoyuan.registry.reading import ReadSettings
from gaoyuan.registry.reading.spreadsheet import SpreadsheetFile

HEADINGS = ["企业名称", "成立日期", "营业收入(万元)"]
SHEET = "xl/worksheets/sheet1.xml"
OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSE = b"</sheetData></worksheet>"


def workbook(path: Path, fill: Callable[[xlsxwriter.Workbook], object]) -> Path:
    made = xlsxwriter.Workbook(str(path))
    fill(made)
    made.close()
    return path


def firms(made: xlsxwriter.Workbook, at: int = 0) -> None:
    sheet = made.add_worksheet()
    sheet.write_row(at, 0, HEADINGS)
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    for i in range(3):
        sheet.write(at + 1 + i, 0, f"甲{i}厂")
        sheet.write_datetime(at + 1 + i, 1, dt.datetime(2019, 4, 1 + i), day)
        sheet.write(at + 1 + i, 2, 1.5 * i)


def read(path: Path, **options) -> dict[int, tuple[str, ...]]:
    source = SpreadsheetFile(path, ReadSettings(**options), count_known)
    return {
        number: tuple(row.values())
        for batch in source.batches()
        for number, row in zip(batch.rows.tolist(), batch.cells.to_pylist(), strict=True)
    }


def fault_in(path: Path) -> FileUnreadable | None:
    try:
        read(path)
    except FileUnreadable as fault:
        return fault
    return None


THREE = {2: ("甲0厂", "2019-04-01", "0"), 3: ("甲1厂", "2019-04-02", "1.5"), 4: ("甲2厂", "2019-04-03", "3")}


def test_dates_and_numbers_come_as_text_and_rows_with_the_numbers_that_the_program_shows(tmp_path: Path):
    assert read(workbook(tmp_path / "f.xlsx", firms)) == THREE


def test_merged_title_rows_above_the_header_are_passed_over(tmp_path: Path):
    def fill(made: xlsxwriter.Workbook) -> None:
        firms(made, at=2)
        made.worksheets()[0].merge_range(0, 0, 0, 2, "企业名录")
        made.worksheets()[0].merge_range(1, 1, 1, 2, "登记信息")

    assert read(workbook(tmp_path / "f.xlsx", fill)) == {number + 2: row for number, row in THREE.items()}


def test_the_sheet_with_the_most_known_headings_is_read_or_the_named_one(tmp_path: Path):
    def fill(made: xlsxwriter.Workbook) -> None:
        made.add_worksheet("说明").write(0, 0, "企业名称")
        firms(made)
        chart = made.add_chart({"type": "line"})
        assert chart is not None
        chart.add_series({"values": "=说明!$A$1:$A$2"})
        made.add_chartsheet("图").set_chart(chart)

    path = workbook(tmp_path / "f.xlsx", fill)
    assert read(path) == THREE
    assert SpreadsheetFile(path, ReadSettings(sheet="说明"), count_known).headings == ["企业名称"]
    with pytest.raises(MappingInvalid, match="no sheet '表9'"):
        read(path, sheet="表9")


def test_formulas_count_by_their_stored_results_and_rows_without_anything_are_passed_over(tmp_path: Path):
    def fill(made: xlsxwriter.Workbook) -> None:
        firms(made)
        sheet = made.worksheets()[0]
        sheet.write_formula(6, 0, '=CONCAT("乙","厂")', None, "乙厂")  # pyright: ignore[reportArgumentType]
        sheet.write_formula(6, 2, "=1+1", None, 2)
        sheet.write_boolean(7, 0, True)

    assert read(workbook(tmp_path / "f.xlsx", fill)) == THREE | {7: ("乙厂", "", "2"), 8: ("TRUE", "", "")}


def test_cells_beyond_the_last_heading_get_a_heading_by_their_position(tmp_path: Path):
    def fill(made: xlsxwriter.Workbook) -> None:
        firms(made)
        made.worksheets()[0].write(2, 4, "more")

    source = SpreadsheetFile(workbook(tmp_path / "f.xlsx", fill), ReadSettings(), count_known)
    assert source.headings == [*HEADINGS, "(column 4)", "(column 5)"]


def test_a_table_that_begins_further_down_and_right_keeps_its_row_numbers(tmp_path: Path):
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet()
        sheet.write_row(9, 3, HEADINGS)
        sheet.write_row(10, 3, ["甲", "2019-04-01", 5])

    path = workbook(tmp_path / "f.xlsx", fill)
    assert read(path) == {11: ("甲", "2019-04-01", "5")}
    assert read(path, header_row=10) == {11: ("甲", "2019-04-01", "5")}
    with pytest.raises(FileUnreadable, match="no header in row 2"):
        read(path, header_row=2)
    with pytest.raises(FileUnreadable, match="no header in row 99"):
        read(path, header_row=99)


def test_a_table_far_below_the_first_row_is_found(tmp_path: Path):
    assert read(workbook(tmp_path / "f.xlsx", lambda made: firms(made, at=99))) == {
        number + 99: row for number, row in THREE.items()
    }


def test_a_table_in_the_last_of_many_sheets_is_found_and_of_equal_ones_the_first(tmp_path: Path):
    def fill(made: xlsxwriter.Workbook) -> None:
        for number in range(5):
            made.add_worksheet().write_row(0, 0, ["说明", number])
        firms(made)
        made.add_worksheet().write_row(0, 0, HEADINGS)

    assert read(workbook(tmp_path / "f.xlsx", fill)) == THREE


def test_a_workbook_without_rows_is_refused(tmp_path: Path):
    with pytest.raises(FileUnreadable, match="no sheet with rows"):
        read(workbook(tmp_path / "f.xlsx", lambda made: made.add_worksheet()))


@pytest.mark.parametrize("sheet", [0, 1])
def test_one_cell_in_the_last_corner_of_a_sheet_is_refused_and_does_not_end_the_process(tmp_path: Path, sheet: int):
    def fill(made: xlsxwriter.Workbook) -> None:
        firms(made)
        made.add_worksheet()
        made.worksheets()[sheet].write(1_048_575, 16_383, "x")

    with pytest.raises(FileUnreadable, match="reaches to row 1048576, column 16384"):
        read(workbook(tmp_path / "f.xlsx", fill))


@pytest.mark.parametrize("name", ["xl/document.xml", "data.csv"])
def test_a_zip_archive_that_is_no_workbook_is_named_so(tmp_path: Path, name: str):
    with zipfile.ZipFile(tmp_path / "f.xlsx", "w") as archive:
        archive.writestr(name, "x")
    with pytest.raises(FileUnreadable, match="not an XLSX workbook"):
        read(tmp_path / "f.xlsx")


def with_part(source: Path, target: Path, name: str, start: bytes, unit: bytes, megabytes: int, end: bytes) -> Path:
    """Put a part made of one piece repeated in the place of a workbook's own."""
    piece = unit * ((1 << 20) // len(unit))
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        with new.open(name, "w", force_zip64=True) as part:
            part.write(start)
            for _ in range(megabytes):
                part.write(piece)
            part.write(end)
    return target


BOMBS = {
    "blanks in a sheet": (SHEET, OPEN, b" ", CLOSE),
    "cells without places": (SHEET, OPEN, b"<row><c><v>1</v></c></row>", CLOSE),
    "shared texts": ("xl/sharedStrings.xml", b"<sst>", b"<si><t>a</t></si>", b"</sst>"),
    "a part nobody asked for": ("xl/media/image1.png", b"", b"\0", b""),
}


SMALL_BOMBS = {
    # Each sheet alone would do.
    "many sheets": (100, b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1000000"><c r="J1000000"><v>1</v></c></row>'),
    "cells that name no place": (1, b"<row>" + b"<c><v>1</v></c>" * 5000 + b"</row>" + b"<row><c/></row>" * 50_000),
    "places written with blanks": (1, b'<row r = "1048576"><c r = "XFD1048576"><v>1</v></c></row>'),
    "a prefix before every tag": (1, b'<x:row r="1"/><x:row r="1000000"><x:c r="XFD1000000"/></x:row>'),
}


def with_sheets(path: Path, sheets: int, rows: bytes, folder: str = "worksheets") -> Path:
    """Write a workbook of the fewest parts whose sheets all hold the same rows."""
    numbers = range(1, sheets + 1)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    held = "".join(f'<sheet name="s{i}" sheetId="{i}" r:id="rId{i}"/>' for i in numbers)
    targets = "".join(
        f'<Relationship Id="rId{i}" Type="{links}/worksheet" Target="{folder}/{i}.xml"/>' for i in numbers
    )
    packages = "http://schemas.openxmlformats.org/package/2006/relationships"
    root = f'<Relationship Id="rId1" Type="{links}/officeDocument" Target="xl/workbook.xml"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{packages}">{root}</Relationships>')
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets>{held}</sheets></workbook>'
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{packages}">{targets}</Relationships>')
        for number in numbers:
            archive.writestr(f"xl/{folder}/{number}.xml", OPEN + rows + CLOSE)
    return path


@pytest.mark.parametrize("folder", ["worksheets", "elsewhere"])
@pytest.mark.parametrize("bomb", SMALL_BOMBS)
def test_sheets_of_few_bytes_that_unfold_to_many_cells_fail_before_they_take_memory(
    tmp_path: Path, bomb: str, folder: str
):
    path = with_sheets(tmp_path / "bomb.xlsx", *SMALL_BOMBS[bomb], folder)
    what, megabytes = what_opening_says(path)
    assert "reach" in what
    assert megabytes < 64


def test_sheets_whose_cells_name_no_place_are_read_where_they_are_small(tmp_path: Path):
    rows = b"".join(
        b"<row>" + b"".join(b'<c t="str"><v>' + cell.encode() + b"</v></c>" for cell in row) + b"</row>"
        for row in [HEADINGS, *THREE.values()]
    )
    assert read(with_sheets(tmp_path / "f.xlsx", 2, rows, "elsewhere")) == THREE


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_zip_bomb_fails_before_it_takes_memory(tmp_path: Path, bomb: str):
    name, start, unit, end = BOMBS[bomb]
    made = workbook(tmp_path / "plain.xlsx", firms)
    path = with_part(made, tmp_path / "bomb.xlsx", name, start, unit, 150, end)
    if bomb == "blanks in a sheet":
        lie_about_sizes(path)
    what, megabytes = what_opening_says(path)
    assert "unpacks to" in what or "damaged" in what
    assert megabytes < 64


def what_opening_says(path: Path) -> tuple[str, int]:
    """Open a file in a process of its own; gives what is wrong with it, and the megabytes that it took to know."""
    code = textwrap.dedent("""
        import resource, sys
        from pathlib import Path
        from gaoyuan.errors import FileUnreadable
        from gaoyuan.registry.columns import count_known
        from gaoyuan.registry.reading import ReadSettings, open_source
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            open_source(Path(sys.argv[1]), ReadSettings(), count_known)
        except FileUnreadable as fault:
            print(fault.what)
        print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
    """)
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    what, megabytes = done.stdout.splitlines()
    return what, int(megabytes)


def lie_about_sizes(path: Path) -> None:
    """Make the archive's directory say that every part unpacks to 1,000 bytes."""
    data = bytearray(path.read_bytes())
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
        at += 4
    path.write_bytes(data)


def test_a_workbook_cut_or_changed_anywhere_is_read_or_is_one_clear_error(tmp_path: Path):
    whole = workbook(tmp_path / "f.xlsx", firms).read_bytes()
    chance = random.Random(5)
    path = tmp_path / "spoiled.xlsx"
    refused = 0
    for trial in range(200):
        data = bytearray(whole)
        if trial % 2:
            data = data[: chance.randrange(2, len(data))]
        else:
            for _ in range(chance.choice([1, 4, 40])):
                data[chance.randrange(4, len(data))] = chance.randrange(256)
        path.write_bytes(data)
        if (fault := fault_in(path)) is not None:
            refused += 1
            assert fault.where == str(path)
            assert fault.mend or "no sheet" in fault.what
    assert refused > 100


def test_a_sheet_changed_inside_a_sound_archive_is_read_or_is_one_clear_error(tmp_path: Path):
    made = workbook(tmp_path / "f.xlsx", firms)
    with zipfile.ZipFile(made) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(6)
    for _ in range(300):
        name = chance.choice([SHEET, SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"])
        part = bytearray(parts[name])
        for _ in range(chance.choice([1, 3, 10])):
            at = chance.randrange(len(part))
            part[at : at + chance.choice([0, 1, 5])] = chance.choice([b"", b"9", b"<", b"&#0;", b"\xff", b"-1", b'"'])
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            for other, content in parts.items():
                archive.writestr(other, bytes(part) if other == name else content)
        path = tmp_path / "spoiled.xlsx"
        path.write_bytes(held.getvalue())
        if (fault := fault_in(path)) is not None:
            assert fault.where == str(path)
