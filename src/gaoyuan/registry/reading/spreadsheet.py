"""Spreadsheets: XLSX and XLS, one sheet, with title lines above the header and merged cells as offices make them."""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from gaoyuan.errors import FileUnreadable, MappingInvalid
from gaoyuan.registry.reading.settings import ReadSettings
from gaoyuan.registry.reading.source import HeaderScore, Ragged, RowBatch, distinct, header_position

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta

_ROWS = 50_000
_MOST_BYTES = 2 << 30
_SHOWN_ROWS = 40


class SpreadsheetFile:
    """A sheet of a workbook: the named one, else the one whose header has the most known headings. Formulas count by
    their stored results.
    """

    def __init__(self, path: Path, settings: ReadSettings, score: HeaderScore) -> None:
        self.path = path
        if zipfile.is_zipfile(path):
            refuse_bomb(path)
        try:
            workbook = CalamineWorkbook.from_path(str(path))
            names = workbook.sheet_names
            if settings.sheet is not None and settings.sheet not in names:
                raise MappingInvalid(
                    f"no sheet {settings.sheet!r}", where=str(path), mend=f"Sheets are: {', '.join(names)}."
                )
            sheets = {
                name: workbook.get_sheet_by_name(name) for name in ([settings.sheet] if settings.sheet else names)
            }
        except (CalamineError, ValueError, OSError, zipfile.BadZipFile) as fault:
            raise _damaged(path, fault) from None
        tops = {
            name: [[_text(cell) for cell in row] for row in islice(sheet.iter_rows(), _SHOWN_ROWS)]
            for name, sheet in sheets.items()
        }
        tops = {name: rows for name, rows in tops.items() if any(any(row) for row in rows)}
        if not tops:
            raise FileUnreadable("the workbook has no sheet with rows", where=str(path))
        best = max(tops, key=lambda name: max(score(row) for row in tops[name]))
        self._sheet = sheets[best]
        # The sheet's rows begin with its first used one, which need not be row 1.
        self._first_row = (self._sheet.start or (0, 0))[0] + 1
        self._header = (
            settings.header_row - self._first_row if settings.header_row else header_position(tops[best], score)
        )
        if not 0 <= self._header < len(tops[best]):
            raise FileUnreadable(
                f"no header in row {settings.header_row} of sheet {best!r}",
                where=str(path),
                mend="Correct header_row in the mapping.",
            )
        self.headings = distinct(tops[best][self._header])

    def batches(self) -> Iterator[RowBatch]:
        """Give the rows in order, cells as text; blank rows are passed over."""
        rows = islice(self._sheet.iter_rows(), self._header + 1, None)
        number = self._first_row + self._header
        while chunk := list(islice(rows, _ROWS)):
            texts = [[_text(cell) for cell in row] for row in chunk]
            yield self._batch([(number + offset, row) for offset, row in enumerate(texts, start=1) if any(row)])
            number += len(chunk)

    def _batch(self, numbered: list[tuple[int, list[str]]]) -> RowBatch:
        width = len(self.headings)
        overlong = tuple(
            Ragged(
                number,
                "\t".join(row),
                f"the row has cells to the right of the last heading (column {width})",
                "Give every column a heading, or clear those cells.",
            )
            for number, row in numbered
            if any(row[width:])
        )
        kept = [(number, row) for number, row in numbered if not any(row[width:])]
        columns = [
            pa.array([row[position] if position < len(row) else "" for _, row in kept], pa.string())
            for position in range(width)
        ]
        return RowBatch(
            np.array([number for number, _ in kept], dtype=np.int64),
            pa.RecordBatch.from_arrays(columns, names=self.headings),
            overlong,
        )


def refuse_bomb(path: Path, most_bytes: int = _MOST_BYTES) -> None:
    """Raise FileUnreadable where a zipped workbook unpacks to more than `most_bytes`, counted by unpacking and not by
    what it says of itself.
    """
    unpacked = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                with archive.open(entry) as member:
                    while chunk := member.read(1 << 20):
                        unpacked += len(chunk)
                        if unpacked > most_bytes:
                            raise FileUnreadable(
                                f"the workbook unpacks to more than {most_bytes >> 20} MB",
                                where=str(path),
                                mend="No register is like that; if this one is, save it as CSV.",
                            )
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as fault:
        raise _damaged(path, fault) from None


def _damaged(path: Path, fault: Exception) -> FileUnreadable:
    return FileUnreadable(
        f"the workbook is damaged or protected by a password ({fault})",
        where=str(path),
        mend="Open it in a spreadsheet program and save it again as XLSX or CSV.",
    )


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return str(cell)
