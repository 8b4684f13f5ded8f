"""Spreadsheets: XLSX and XLS, one sheet, with title lines above the header and merged cells as offices make them."""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from gaoyuan.errors import FileUnreadable, MappingInvalid
from gaoyuan.registry.reading.grid_size import GridSize
from gaoyuan.registry.reading.settings import ReadSettings
from gaoyuan.registry.reading.source import HeaderScore, RowBatch, distinct, header_position

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta

_ROWS = 50_000
_MOST_BYTES = 2 << 30
_MOST_CELLS = 50_000_000
"""Of all sheets together: a sheet is held as a full grid, so what counts is its last row times its last column. A full
sheet of 1,048,576 rows may have 47 columns."""
_MOST_STRINGS = 20_000_000
_HIGHEST_RATIO = 100
"""Registers pack to a tenth or a twentieth of their size."""
_BIG_BYTES = 64 << 20
_NO_SHEETS = {"xl/calcchain.xml"}
"""Parts that name cells and are no sheets. A sheet may stand anywhere else."""
_SHOWN_ROWS = 40


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A loaded sheet, its rows at the top from row `first` on, and the most known headings that one of them has."""

    sheet: CalamineSheet
    first: int
    top: list[list[str]]
    known: int


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
                    f"no sheet {settings.sheet!r}",
                    where=str(path),
                    mend=f"Sheets are: {', '.join(names)}.",
                    zh=f"没有名为 {settings.sheet!r} 的工作表",
                    mend_zh=f"现有：{'、'.join(names)}",
                )
            best = self._best(workbook, [settings.sheet] if settings.sheet else names, settings, score)
        except (CalamineError, ValueError, OSError, zipfile.BadZipFile) as fault:
            raise _damaged(path, fault) from None
        if best is None:
            raise FileUnreadable(
                "the workbook has no sheet with rows", where=str(path), zh="工作簿中没有含数据行的工作表"
            )
        position = settings.header_row - 1 if settings.header_row else header_position(best.top, score)
        if position >= len(best.top) or not any(best.top[position]):
            raise FileUnreadable(
                f"no header in row {best.first + position + 1} of sheet {best.sheet.name!r}",
                where=str(path),
                mend="Correct header_row in the mapping.",
            )
        self._sheet = best.sheet
        self._header = best.first + position
        self.headings = distinct(best.top[position])

    @staticmethod
    def _best(
        workbook: CalamineWorkbook, names: Sequence[str], settings: ReadSettings, score: HeaderScore
    ) -> _Candidate | None:
        """Give the first of the sheets with the most known headings, None where none has rows. Sheets are loaded one
        after the other, and only the best so far is kept.
        """
        best: _Candidate | None = None
        for name in names:
            sheet = workbook.get_sheet_by_name(name)
            # Rows are given from row 1 on, also where the first used one stands further down.
            first = 0 if settings.header_row else (sheet.start or (0, 0))[0]
            shown = max(_SHOWN_ROWS, settings.header_row or 0)
            top = [[_text(cell) for cell in row] for row in islice(sheet.iter_rows(), first, first + shown)]
            if any(any(row) for row in top):
                known = max(score(row) for row in top)
                if best is None or known > best.known:
                    best = _Candidate(sheet, first, top, known)
        return best

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
                    zh="这是压缩包或文档，不是 XLSX 工作簿",
                    mend_zh="先解压，或把表格另存为 XLSX 或 CSV",
                )
            unpacked = cells = 0
            for entry in archive.infolist():
                if entry.file_size > _MOST_BYTES or _is_bomb(entry.file_size, entry.compress_size):
                    raise _too_big(path, f"unpacks to {entry.file_size >> 20} MB from {entry.compress_size >> 10} kB")
                size, held = _inspect(archive, entry, path)
                unpacked, cells = unpacked + size, cells + held
                if unpacked > _MOST_BYTES:
                    raise _too_big(path, f"unpacks to more than {_MOST_BYTES >> 20} MB")
                if cells > _MOST_CELLS:
                    raise _too_big(path, f"has sheets that reach over more than {_MOST_CELLS:,} cells together")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as fault:
        raise _damaged(path, fault) from None


def _inspect(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> tuple[int, int]:
    """Unpack a part of a workbook piece by piece; gives its size in bytes, and in cells where it is a sheet."""
    name = entry.filename.lower()
    is_strings = name == "xl/sharedstrings.xml"
    grid = None if is_strings or name in _NO_SHEETS else GridSize()
    size = strings = 0
    with archive.open(entry) as member:
        while chunk := member.read(1 << 20):
            size += len(chunk)
            if size > _MOST_BYTES or _is_bomb(size, entry.compress_size):
                raise _too_big(path, f"unpacks to more than {size >> 20} MB")
            if grid is not None:
                grid.add(chunk)
                if grid.cells > _MOST_CELLS:
                    raise _too_big(path, f"has a sheet that reaches to row {grid.rows}, column {grid.columns}")
            elif is_strings:
                strings += chunk.count(b"<si")
                if strings > _MOST_STRINGS:
                    raise _too_big(path, f"has more than {_MOST_STRINGS:,} texts")
    return size, grid.cells if grid is not None else 0


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > _BIG_BYTES and unpacked > _HIGHEST_RATIO * packed


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
        zh="工作簿已损坏或有密码",
        mend_zh="用电子表格软件打开，另存为 XLSX 或 CSV",
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
