"""Tables of results as the sheets of a workbook."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import xlsxwriter

__all__ = ["Cell", "Sheet", "write_sheets"]

_CELL_CHARACTERS = 32_767
_NARROWEST = 14
_WIDEST = 60

Cell: TypeAlias = "str | int | float | bool | dt.date | None"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a result: its title, the headings, and rows of as many cells; None is unknown and stays empty."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def write_sheets(file: Path, sheets: Sequence[Sheet]) -> None:
    """Write tables into an .xlsx file, one sheet each; text stays text, numbers are numbers, unknown stays empty.

    Text goes to the 32,767 characters that a cell holds; columns are as wide as their text, up to a limit.
    """
    # Text stays text: nothing that a file or a register holds may become a formula or a link.
    with xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for one in sheets:
            sheet = book.add_worksheet(one.title)
            sheet.freeze_panes(1, 0)
            for at, heading in enumerate(one.headings):
                sheet.set_column(at, at, _width(heading, [row[at] for row in one.rows]))
                sheet.write_string(0, at, heading, bold)
            for number, row in enumerate(one.rows, 1):
                for at, cell in enumerate(row):
                    if isinstance(cell, bool):
                        sheet.write_string(number, at, "是" if cell else "否")
                    elif isinstance(cell, dt.date):
                        sheet.write_datetime(number, at, dt.datetime.combine(cell, dt.time()), day)
                    elif isinstance(cell, str):
                        sheet.write_string(number, at, cell[:_CELL_CHARACTERS])
                    elif cell is not None and math.isfinite(cell):
                        sheet.write_number(number, at, cell)


def _width(heading: str, cells: Sequence[Cell]) -> float:
    lengths = [len(cell) * 1.4 for cell in cells if isinstance(cell, str)]
    return min(max([_NARROWEST, len(heading) * 1.2, *lengths]), _WIDEST)
