"""Spreadsheets: XLSX and XLS, one sheet, with title lines above the header and merged cells as offices make them."""

from __future__ import annotations

import datetime as dt
import re
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
from gaoyuan.registry.reading.source import HeaderScore, RowBatch, distinct, header_position

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta

_ROWS = 50_000
_MOST_BYTES = 2 << 30
_MOST_CELLS = 50_000_000
"""Cells are held as a full grid, so what counts is the last row times the last column. A full sheet of 1,048,576 rows
may have 47 columns."""
_MOST_STRINGS = 20_000_000
_HIGHEST_RATIO = 100
"""Registers pack to a tenth or a twentieth of their size."""
_BIG_BYTES = 64 << 20
_ROW_OF_CELL = re.compile(rb"""\sr=["'][A-Z]{0,3}([0-9]{1,7})["']""")
_COLUMN_OF_CELL = re.compile(rb"""\sr=["']([A-Z]{1,3})[0-9]""")
_LONGEST_REFERENCE = 16
_SHOWN_ROWS = 40


class SpreadsheetFile:
    """A sheet of a workbook: the named one, else the one whose header has the most known headings. Formulas count by
    their stored results.
    """

    def __init__(self, path: Path, settings: ReadSettings, score: HeaderScore) -> None:
        self.path = path
        _refuse_what_cannot_be_held(path)
        try:
            # Opened by what it is: many sites call an XLSX file .xls.
            with path.open("rb") as file:
                workbook = CalamineWorkbook.from_filelike(file)
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
        # Rows are given from row 1 on, also where the first used one stands further down.
        first = {name: 0 if settings.header_row else (sheet.start or (0, 0))[0] for name, sheet in sheets.items()}
        shown = max(_SHOWN_ROWS, settings.header_row or 0)
        tops = {
            name: [[_text(cell) for cell in row] for row in islice(sheet.iter_rows(), first[name], first[name] + shown)]
            for name, sheet in sheets.items()
        }
        tops = {name: rows for name, rows in tops.items() if any(any(row) for row in rows)}
        if not tops:
            raise FileUnreadable("the workbook has no sheet with rows", where=str(path))
        best = max(tops, key=lambda name: max(score(row) for row in tops[name]))
        position = settings.header_row - 1 if settings.header_row else header_position(tops[best], score)
        if position >= len(tops[best]) or not any(tops[best][position]):
            raise FileUnreadable(
                f"no header in row {first[best] + position + 1} of sheet {best!r}",
                where=str(path),
                mend="Correct header_row in the mapping.",
            )
        self._sheet = sheets[best]
        self._header = first[best] + position
        self.headings = distinct(tops[best][position])

    def batches(self) -> Iterator[RowBatch]:
        """Give the rows in order, cells as text; blank rows are passed over."""
        rows = islice(self._sheet.iter_rows(), self._header + 1, None)
        number = self._header + 1
        while chunk := list(islice(rows, _ROWS)):
            texts = [[_text(cell) for cell in row] for row in chunk]
            yield self._batch([(number + offset, row) for offset, row in enumerate(texts, start=1) if any(row)])
            number += len(chunk)

    def _batch(self, numbered: list[tuple[int, list[str]]]) -> RowBatch:
        # All rows of a sheet are as wide as its widest one, so every cell has a heading, if only by its position.
        columns = [
            pa.array([row[position] for _, row in numbered], pa.string()) for position in range(len(self.headings))
        ]
        return RowBatch(
            np.array([number for number, _ in numbered], dtype=np.int64),
            pa.RecordBatch.from_arrays(columns, names=self.headings),
        )


def _refuse_what_cannot_be_held(path: Path) -> None:
    """Raise FileUnreadable where a zipped workbook is none, or would take more memory than any register does.

    Sizes are counted by unpacking, not by what the file says of itself.
    """
    try:
        with path.open("rb") as file:
            if not file.read(2).startswith(b"PK"):
                return
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" not in {entry.filename.lower() for entry in archive.infolist()}:
                raise FileUnreadable(
                    "this is a ZIP archive or a document, not an XLSX workbook",
                    where=str(path),
                    mend="Unpack it, or save the table as XLSX or CSV.",
                )
            unpacked = 0
            for entry in archive.infolist():
                if entry.file_size > _MOST_BYTES or _is_bomb(entry.file_size, entry.compress_size):
                    raise _too_big(path, f"unpacks to {entry.file_size >> 20} MB from {entry.compress_size >> 10} kB")
                unpacked += _inspect(archive, entry, path)
                if unpacked > _MOST_BYTES:
                    raise _too_big(path, f"unpacks to more than {_MOST_BYTES >> 20} MB")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as fault:
        raise _damaged(path, fault) from None


def _inspect(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> int:
    """Unpack a part of a workbook piece by piece; gives its size in bytes."""
    name = entry.filename.lower()
    is_sheet, is_strings = name.startswith("xl/worksheets/"), name == "xl/sharedstrings.xml"
    size = cells = strings = last_row = last_column = 0
    tail = b""
    with archive.open(entry) as member:
        while chunk := member.read(1 << 20):
            size += len(chunk)
            if size > _MOST_BYTES or _is_bomb(size, entry.compress_size):
                raise _too_big(path, f"unpacks to more than {size >> 20} MB")
            if is_sheet:
                text = tail + chunk
                cells += chunk.count(b"<c")
                last_row = max(last_row, *map(int, set(_ROW_OF_CELL.findall(text))), 0)
                last_column = max(last_column, *map(_column_number, set(_COLUMN_OF_CELL.findall(text))), 0)
                tail = chunk[-_LONGEST_REFERENCE:]
                if cells > _MOST_CELLS or last_row * last_column > _MOST_CELLS:
                    raise _too_big(path, f"has a sheet that reaches to row {last_row}, column {last_column}")
            elif is_strings:
                strings += chunk.count(b"<si")
                if strings > _MOST_STRINGS:
                    raise _too_big(path, f"has more than {_MOST_STRINGS:,} texts")
    return size


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > _BIG_BYTES and unpacked > _HIGHEST_RATIO * packed


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_big(path: Path, what: str) -> FileUnreadable:
    return FileUnreadable(
        f"the workbook {what}",
        where=str(path),
        mend="No register is like that. Delete what stands far from the table; if it really is so big, save it as CSV.",
    )


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
