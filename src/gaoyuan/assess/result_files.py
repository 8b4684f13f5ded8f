"""Results as files: JSON for programs, XLSX with one sheet a table for people."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import xlsxwriter

from gaoyuan.assess.rules.model import Json
from gaoyuan.errors import InputError, OutputUnknown

Cell: TypeAlias = "str | int | float | bool | dt.date | None"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a result: its title, the headings, and rows of as many cells; None is unknown and stays empty."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def plain(value: object) -> Json:
    """Give a result as plain data: data classes as objects, dates as ISO 8601, numbers that are not finite as null.

    >>> plain({"due": dt.date(2025, 12, 31), "most": float("inf")})
    {'due': '2025-12-31', 'most': None}
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {part.name: plain(getattr(value, part.name)) for part in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int) else str(value)


def write_result(file: Path, data: Json, sheets: Sequence[Sheet]) -> None:
    """Write a result into a file that ends in .json (the data) or .xlsx (the sheets); it appears whole or not at all.

    Raises OutputUnknown for another ending, InputError where the folder is missing or the file is one itself.
    """
    ending = file.suffix.lower()
    if ending not in (".json", ".xlsx"):
        raise OutputUnknown(
            f"the ending {file.suffix!r} names no format" if ending else "the file has no ending",
            where=str(file),
            mend="Name a file that ends in .json or .xlsx.",
        )
    if not file.absolute().parent.is_dir():
        raise InputError("there is no such folder", where=str(file.absolute().parent), mend="Make it, or name another.")
    if file.is_dir():
        raise InputError("this is a folder", where=str(file), mend="Name a file in it, or another one.")
    partial = file.with_name(f".{file.name}.partial")
    try:
        if ending == ".json":
            partial.write_text(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8")
        else:
            _write_book(partial, sheets)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def _write_book(file: Path, sheets: Sequence[Sheet]) -> None:
    # Text stays text: nothing that a file or a register holds may become a formula or a link.
    with xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for one in sheets:
            sheet = book.add_worksheet(one.title)
            sheet.freeze_panes(1, 0)
            for at, heading in enumerate(one.headings):
                words = any(isinstance(row[at], str) for row in one.rows)
                sheet.set_column(at, at, 24 if words else 14)
                sheet.write_string(0, at, heading, bold)
            for number, row in enumerate(one.rows, 1):
                for at, cell in enumerate(row):
                    if isinstance(cell, bool):
                        sheet.write_string(number, at, "是" if cell else "否")
                    elif isinstance(cell, dt.date):
                        sheet.write_datetime(number, at, dt.datetime.combine(cell, dt.time()), day)
                    elif isinstance(cell, str):
                        sheet.write_string(number, at, cell)
                    elif cell is not None and math.isfinite(cell):
                        sheet.write_number(number, at, cell)
