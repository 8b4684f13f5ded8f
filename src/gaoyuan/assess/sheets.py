"""Tables as the sheets of a workbook: the one place that writes the cells of forms, registers and results."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

__all__ = ["Cell", "Sheet", "heading_style", "set_widths", "workbook", "write_rows", "write_sheets"]

_CELL_CHARACTERS = 32_767
_NARROWEST = 14
_WIDEST = 60

Cell: TypeAlias = "str | int | float | Decimal | bool | dt.date | None"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a result: its title, the headings, and rows of as many cells; None is unknown and stays empty."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@contextmanager
def workbook(file: Path) -> Iterator[xlsxwriter.Workbook]:
    """Write an .xlsx file in which text stays text: nothing that a register holds becomes a formula or a link."""
    with xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        yield book


def heading_style(book: xlsxwriter.Workbook) -> Format:
    """Give the style of a row of headings."""
    return book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4"})


def write_rows(
    sheet: Worksheet,
    rows: Iterable[Sequence[Cell]],
    styles: Mapping[int, Format] | None = None,
    *,
    day: Format | None = None,
) -> None:
    """Write rows from the first row of a sheet on; `styles` gives that of a row by its number (from 0), `day` of dates.

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
                sheet.write_string(at, column, cell[:_CELL_CHARACTERS], style)
            elif cell is not None and math.isfinite(cell):
                sheet.write_number(at, column, float(cell), style)


def set_widths(sheet: Worksheet, widths: Iterable[float]) -> None:
    """Set the widths of the columns from the first on, in characters."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)


def write_sheets(file: Path, sheets: Sequence[Sheet]) -> None:
    """Write tables into an .xlsx file, one sheet each, as `write_rows` does; columns are as wide as their text, up to a
    limit.
    """
    with workbook(file) as book:
        bold, day = heading_style(book), book.add_format({"num_format": "yyyy-mm-dd"})
        for one in sheets:
            sheet = book.add_worksheet(one.title)
            sheet.freeze_panes(1, 0)
            write_rows(sheet, [one.headings, *one.rows], {0: bold}, day=day)
            set_widths(sheet, (_width(name, [row[at] for row in one.rows]) for at, name in enumerate(one.headings)))


def _width(heading: str, cells: Sequence[Cell]) -> float:
    lengths = [len(cell) * 1.4 for cell in cells if isinstance(cell, str)]
    return min(max([_NARROWEST, len(heading) * 1.2, *lengths]), _WIDEST)
