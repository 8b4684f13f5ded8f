"""Tables as the sheets of a workbook: the one place that writes the cells of forms, registers and results."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

__all__ = ["Cell", "Sheet", "heading_style", "set_widths", "text_width", "workbook", "write_rows", "write_sheets"]

_CELL_CHARACTERS = 32_767
_NARROWEST, _WIDEST = 12, 60
"""Columns are as wide as their longest text between these, in characters; beyond, the text is folded."""
_HEADING_LINES = 3
"""A heading is folded into so many lines where its column needs no more room."""

Cell: TypeAlias = "str | int | float | Decimal | bool | dt.date | None"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a result: its title, the headings, and rows of as many cells; None is unknown and stays empty. Notes
    stand below the rows, a line each, and run on over the columns beside.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()


@contextmanager
def workbook(file: Path) -> Iterator[xlsxwriter.Workbook]:
    """Write an .xlsx file in which text stays text: nothing that a register holds becomes a formula or a link. Cells
    begin at the top of their row, so that those beside a folded text stand at its first line.
    """
    settings = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": {"valign": "top"},
    }
    with xlsxwriter.Workbook(str(file), settings) as book:
        yield book


def heading_style(book: xlsxwriter.Workbook) -> Format:
    """Give the style of a row of headings."""
    return book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#E8EEF4"})


def write_rows(
    sheet: Worksheet,
    rows: Iterable[Sequence[Cell]],
    styles: Mapping[int, Format] | None = None,
    *,
    day: Format | None = None,
    folded: Format | None = None,
) -> None:
    """Write rows from the first row of a sheet on; `styles` gives that of a row by its number (from 0), `day` of dates,
    `folded` of text that is wider than a column becomes.

    Text stays text up to the 32,767 characters that a cell holds, numbers are numbers, unknown stays empty.
    """
    for at, row in enumerate(rows):
        style = (styles or {}).get(at)
        for column, cell in enumerate(row):
            if isinstance(cell, bool):
                sheet.write_string(at, column, "是" if cell else "否", style)
            elif isinstance(cell, dt.date):
                sheet.write_datetime(at, column, dt.datetime.combine(cell, dt.time()), style or day)
            elif isinstance(cell, str):
                wide = style or (folded if text_width(cell) > _WIDEST else None)
                sheet.write_string(at, column, cell[:_CELL_CHARACTERS], wide)
            elif cell is not None and math.isfinite(cell):
                sheet.write_number(at, column, float(cell), style)


def set_widths(sheet: Worksheet, widths: Iterable[float]) -> None:
    """Set the widths of the columns from the first on, in characters."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)


def write_sheets(file: Path, sheets: Sequence[Sheet]) -> None:
    """Write tables into an .xlsx file, one sheet each, as `write_rows` does; columns are as wide as their text up to a
    limit, beyond which it is folded. Headings are folded too, and notes set no width.
    """
    with workbook(file) as book:
        bold, day = heading_style(book), book.add_format({"num_format": "yyyy-mm-dd"})
        folded = book.add_format({"text_wrap": True})
        for one in sheets:
            sheet = book.add_worksheet(one.title)
            sheet.freeze_panes(1, 0)
            write_rows(sheet, [one.headings, *one.rows], {0: bold}, day=day, folded=folded)
            for at, note in enumerate(one.notes, start=1 + len(one.rows)):
                sheet.write_string(at, 0, note[:_CELL_CHARACTERS])
            set_widths(sheet, (_width(name, [row[at] for row in one.rows]) for at, name in enumerate(one.headings)))


def text_width(text: str) -> int:
    r"""Give the width of a text's longest line in characters; a Chinese one is as wide as two.

    >>> text_width("层级 level"), text_width("长\nlong")
    (10, 4)
    """
    return max(sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in line) for line in text.split("\n"))


def _width(heading: str, cells: Sequence[Cell]) -> float:
    lengths = [text_width(cell) for cell in cells if isinstance(cell, str)]
    words = [text_width(word) for word in heading.split(" ")]
    widest = max(_NARROWEST, *words, math.ceil(text_width(heading) / _HEADING_LINES), *lengths)
    # A column's width counts digits; capitals and Chinese characters are a little wider than one and two of them.
    return min(math.ceil(1.1 * widest) + 2, _WIDEST)
