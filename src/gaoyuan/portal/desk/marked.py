"""The rows that an import has set aside, as a workbook to mend and send again: each row as it was given, the cells at
fault marked, the reason and how to mend it before them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gaoyuan.workspace.whole_files import whole_file

if TYPE_CHECKING:
    from gaoyuan.workspace import Workspace

ADDED = ("原行号 row in file", "原因 reason", "改法 how to mend")
"""The columns before those of the file. The importer knows none of them, so they may stay when it is sent again."""
RAW = "未能分列的原文 row as text"

_SHEET_ROWS = 1_000_000
_CELL_CHARACTERS = 32_000
_WHOLE_IN_EXCEL = 10**15


@dataclass(slots=True)
class BadRow:
    """A row that was set aside: its number in the file, its cells by heading (or its text, where it could not be taken
    apart), the headings at fault, the reasons and how to mend them.
    """

    row: int
    cells: dict[str, Any]
    text: str = ""
    at_fault: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    mends: list[str] = field(default_factory=list)


def write_marked(workspace: Workspace, sha256: str, kind: str, file: Path, headings: Sequence[str]) -> int:
    """Write the rejected rows of a file that was imported as a kind into a workbook; gives how many rows. Without any,
    no file is written.
    """
    if not workspace.has("rejected"):
        return 0
    held = workspace.table("rejected")
    own = held.filter((held.file == sha256[:16]) & (held.kind == kind)).order_by("row", "column")
    faults = (fault for batch in workspace.stream(own, 20_000) for fault in batch.to_pylist())
    rows = bad_rows(faults)
    first = next(rows, None)
    if first is None:
        return 0
    with whole_file(file) as partial:
        return _write(partial, headings, first, rows)


def bad_rows(faults: Iterable[dict[str, Any]]) -> Iterator[BadRow]:
    """Put the faults of the table `rejected`, in the order of rows, together row by row."""
    current: BadRow | None = None
    for fault in faults:
        if current is None or current.row != fault["row"]:
            if current is not None:
                yield current
            record = json.loads(fault["record"]) if fault["record"] else {}
            cells, text = (record, "") if isinstance(record, dict) else ({}, str(record))
            current = BadRow(fault["row"], cells, text or ("" if cells else fault["value"] or ""))
        if fault["column"]:
            current.at_fault.append(fault["column"])
        for said, zh, en in (
            (current.reasons, fault["reason_zh"], fault["reason"]),
            (current.mends, fault["mend_zh"], fault["mend"]),
        ):
            both = "\n".join(part for part in (zh, en) if part)
            # Who mends a file here has no command line.
            if both not in said and "gaoyuan " not in both:
                said.append(both)
    if current is not None:
        yield current


def _write(file: Path, headings: Sequence[str], first: BadRow, rest: Iterator[BadRow]) -> int:
    # Text stays text: nothing that a register holds may become a formula or a link in someone's Excel.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(str(file), options) as book:
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "bad": book.add_format(
                {"bg_color": "#FFE08A", "border": 1, "border_color": "#A3260F", "font_color": "#7A1B0A"}
            ),
            "bad head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#FFE08A"}),
            "said": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        sheet, at = None, 0
        row: BadRow | None = first
        while row is not None:
            if sheet is None or at > _SHEET_ROWS:
                sheet, at = _new_sheet(book, headings, looks), 1
            _write_row(sheet, at, row, headings, looks)
            at, count = at + 1, count + 1
            row = next(rest, None)
    return count


def _new_sheet(book: xlsxwriter.Workbook, headings: Sequence[str], looks: dict[str, Any]) -> Worksheet:
    number = len(book.worksheets()) + 1
    sheet = book.add_worksheet("未导入的行" if number == 1 else f"未导入的行 {number}")
    sheet.freeze_panes(1, len(ADDED))
    for at, heading in enumerate((*ADDED, *headings, RAW)):
        sheet.set_column(at, at, (10, 36, 36)[at] if at < len(ADDED) else 20)
        sheet.write_string(0, at, heading[:_CELL_CHARACTERS], looks["bad head"] if at < len(ADDED) else looks["head"])
    return sheet


def _write_row(sheet: Worksheet, at: int, row: BadRow, headings: Sequence[str], looks: dict[str, Any]) -> None:
    sheet.write_number(at, 0, row.row)
    sheet.write_string(at, 1, "\n".join(row.reasons)[:_CELL_CHARACTERS], looks["said"])
    sheet.write_string(at, 2, "\n".join(row.mends)[:_CELL_CHARACTERS], looks["said"])
    for place, heading in enumerate(headings, start=len(ADDED)):
        look = looks["bad"] if heading in row.at_fault else None
        _write_cell(sheet, at, place, row.cells.get(heading), look)
    if row.text:
        sheet.write_string(at, len(ADDED) + len(headings), row.text[:_CELL_CHARACTERS], looks["bad"])


def _write_cell(sheet: Worksheet, row: int, at: int, cell: object, look: Format | None) -> None:
    if cell is None or cell == "":
        if look is not None:
            sheet.write_blank(row, at, None, look)
    elif (
        isinstance(cell, int | float)
        and not isinstance(cell, bool)
        and math.isfinite(cell)
        and abs(cell) < _WHOLE_IN_EXCEL
    ):
        sheet.write_number(row, at, cell, look)
    else:
        sheet.write_string(row, at, str(cell)[:_CELL_CHARACTERS], look)
