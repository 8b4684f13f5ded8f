"""Small tables that people fill in, XLSX or CSV, read as rows of cells; and rows written as such tables."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import python_calamine

from gaoyuan.assess.decimals import decimal_text
from gaoyuan.assess.sheets import heading_style, set_widths, workbook, write_rows
from gaoyuan.errors import FileUnreadable, OutputUnknown
from gaoyuan.registry.reading.encoding import detect_encoding
from gaoyuan.workspace.formulas import without_formula
from gaoyuan.workspace.whole_files import whole_file

__all__ = ["column_letters", "read_grid", "write_grid"]

_MOST_BYTES = 200 << 20
_MOST_SCORES = 1_000_000


def column_letters(index: int) -> str:
    """Give a column's letters as spreadsheet programs show them; the first is 0.

    >>> column_letters(0), column_letters(25), column_letters(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    index += 1
    while index:
        index, at = divmod(index - 1, 26)
        letters = chr(65 + at) + letters
    return letters


def read_grid(path: Path) -> list[list[str]]:
    """Read the first sheet of an XLSX workbook, or a CSV file (UTF-8 or GB18030), as rows of text from cell A1 on.

    Numbers come as canonical decimals. Raises FileUnreadable.
    """
    try:
        start = path.open("rb").read(8)
    except FileNotFoundError:
        raise FileUnreadable(
            "there is no such file", where=str(path), mend="Check the path.", zh="没有此文件", mend_zh="核对路径"
        ) from None
    except IsADirectoryError:
        raise FileUnreadable(
            "this is a folder", where=str(path), mend="Name a file.", zh="这是文件夹", mend_zh="写明文件"
        ) from None
    if start.startswith(b"PK"):
        return _workbook(path)
    if b"\x00" in start or start.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileUnreadable(
            "不是 XLSX 或 CSV this is neither XLSX nor CSV", where=str(path), mend="另存为 Save as XLSX."
        )
    content = path.read_bytes().decode(detect_encoding(path), errors="replace").removeprefix("\ufeff")
    if not content.strip():
        raise FileUnreadable("文件为空 the file is empty", where=str(path))
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(content, newline=""))]
    except csv.Error as fault:
        raise FileUnreadable(
            f"不是 CSV this is no CSV ({fault})", where=str(path), mend="另存为 Save as XLSX."
        ) from None


def write_grid(
    path: Path, rows: Sequence[Sequence[str]], widths: Sequence[int] = (), *, head: int = 0, replace: bool = False
) -> None:
    """Write rows of text to .xlsx or .csv (UTF-8 with byte-order mark); row `head` (from 0) is the headings'.

    The file appears whole or not at all; one that stands already, which somebody may have filled in, is refused unless
    `replace` is given. In CSV, cells that a spreadsheet program would run begin with an apostrophe. Raises
    OutputUnknown for another ending, InputError for a folder that is missing or a file that cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in (".csv", ".xlsx"):
        raise OutputUnknown(
            f"不识的文件类型 the ending {ending!r} names no format", where=str(path), mend="Use .xlsx or .csv."
        )
    with whole_file(path, replace=replace) as partial:
        if ending == ".csv":
            with partial.open("w", encoding="utf-8-sig", newline="") as stream:
                csv.writer(stream).writerows([without_formula(cell) for cell in row] for row in rows)
        else:
            _write_workbook(partial, rows, widths, head)


def _write_workbook(path: Path, rows: Sequence[Sequence[str]], widths: Sequence[int], head: int) -> None:
    with workbook(path) as book:
        sheet = book.add_worksheet()
        write_rows(sheet, rows, {head: heading_style(book)})
        set_widths(sheet, widths)
        sheet.freeze_panes(head + 1, 0)


def _workbook(path: Path) -> list[list[str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
                raise FileUnreadable("文件过大 the workbook is too big for a form", where=str(path))
        sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        if sheet.total_height * sheet.total_width > _MOST_SCORES:
            raise FileUnreadable("表格过大 the sheet is too big for a form", where=str(path))
        cells = sheet.to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, python_calamine.CalamineError, OSError) as fault:
        raise FileUnreadable(
            f"工作簿已损坏或有密码 the workbook is damaged or protected ({fault})",
            where=str(path),
            mend="另存后再试 Save it anew.",
        ) from None
    return [[_text(cell) for cell in row] for row in cells]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return decimal_text(Decimal(repr(cell))) if cell - cell == 0 else str(cell)
    if isinstance(cell, int):
        return str(cell)
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell).strip()
