"""Text files: values separated by commas, tabs, semicolons or bars, in UTF-8, GB18030 or UTF-16."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from gaoyuan.errors import FileUnreadable, MappingInvalid
from gaoyuan.registry.reading.encoding import Utf8Stream, detect_encoding, with_byte_order
from gaoyuan.registry.reading.settings import ReadSettings
from gaoyuan.registry.reading.source import (
    MAX_LINES_ABOVE_HEADER,
    NO_TEXT,
    HeaderScore,
    Ragged,
    RowBatch,
    distinct,
    header_position,
)

_BLOCK_BYTES = 1 << 24
_DELIMITERS = (",", "\t", ";", "|", "，", "；")
_STAND_IN = "\x1f"
"""Takes the place of a delimiter that is no single ASCII character, which the reader cannot take."""
_MOST_LINES_IN_A_CELL = 50


class DelimitedFile:
    """A text file of rows. Cells come as text; a row with too many or too few cells is reported, not guessed at; blank
    rows are passed over.
    """

    def __init__(self, path: Path, settings: ReadSettings, score: HeaderScore) -> None:
        self.path = path
        self._encoding = with_byte_order(path, settings.encoding) if settings.encoding else detect_encoding(path)
        self._quotes = settings.quotes
        lines = self._first_lines(settings.header_row or 1)
        self._delimiter = settings.delimiter or _detect_delimiter(lines, score)
        rows, ends = _records(lines, self._delimiter)
        position = settings.header_row - 1 if settings.header_row else header_position(rows, score)
        if position >= len(rows) or not any(cell.strip() for cell in rows[position]):
            raise FileUnreadable(
                "no header row was found",
                where=str(path),
                mend="The first row must name the columns; or say where they stand: header_row in the mapping.",
                zh="没有找到表头行",
                mend_zh="第一行须为列名；或在列映射中用 header_row 指明",
            )
        self.headings = distinct(rows[position])
        self._header_row = position + 1
        self._header_lines = ends[position]

    def batches(self) -> Iterator[RowBatch]:
        """Give the rows in order; raises FileUnreadable where quotation marks leave it unclear where rows end."""
        ragged: list[Ragged] = []
        skipped: list[int] = []
        unclosed: list[int] = []
        last = self._header_row

        def note(row: pyarrow.csv.InvalidRow) -> str:
            # The reader counts the first row it sees as 1. An error raised here would be lost in the reader.
            number = self._header_row + (row.number or 0)
            skipped.append(number)
            if row.text.count("\n") > _MOST_LINES_IN_A_CELL:
                unclosed.append(number)
            elif row.text.strip():
                ragged.append(self._ragged(number, row))
            return "skip"

        try:
            reader = self._open(note)
        except pa.ArrowInvalid as fault:
            raise self._unclosed(unclosed[0]) if unclosed else self._unreadable(fault, last) from None
        while True:
            try:
                batch = reader.read_next_batch()
            except StopIteration:
                break
            except pa.ArrowInvalid as fault:
                raise self._unclosed(unclosed[0]) if unclosed else self._unreadable(fault, last) from None
            if unclosed:
                raise self._unclosed(unclosed[0])
            rows = _row_numbers(last, batch.num_rows, skipped)
            last = int(rows[-1]) if rows.size else last
            skipped[:] = [number for number in skipped if number > last]
            batch = self._with_own_delimiter(batch)
            damaged = self._damaged(batch, rows)
            ragged.extend(damaged.values())
            keep = ~(np.isin(rows, list(damaged)) | _blank(batch))
            yield RowBatch(rows[keep], batch if keep.all() else batch.filter(pa.array(keep)), tuple(ragged))
            ragged.clear()
        if unclosed:
            raise self._unclosed(unclosed[0])
        if ragged:
            yield RowBatch(np.empty(0, np.int64), pa.RecordBatch.from_pylist([], schema=reader.schema), tuple(ragged))

    def _open(self, note: Callable[[pyarrow.csv.InvalidRow], str]) -> pyarrow.csv.CSVStreamingReader:
        stand_in = None if _is_plain(self._delimiter) else (self._delimiter, _STAND_IN)
        # The buffer fills whole blocks; the reader takes what it gets at once for a block, and a row must fit into it.
        stream = io.BufferedReader(Utf8Stream(self.path, self._encoding, self._header_lines, stand_in), _BLOCK_BYTES)
        return pyarrow.csv.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False, block_size=_BLOCK_BYTES, column_names=self.headings
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=_STAND_IN if stand_in else self._delimiter,
                quote_char='"' if self._quotes else False,
                newlines_in_values=self._quotes,
                ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(self.headings, pa.string()), strings_can_be_null=False
            ),
        )

    def _with_own_delimiter(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Put the delimiter back where it stands inside a quoted cell."""
        if _is_plain(self._delimiter):
            return batch
        columns = [pc.replace_substring(column, _STAND_IN, self._delimiter) for column in batch.columns]
        return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)

    def _first_lines(self, header_row: int) -> list[str]:
        try:
            with self.path.open(encoding=self._encoding, errors="replace", newline="") as file:
                lines = [line for line, _ in zip(file, range(header_row + MAX_LINES_ABOVE_HEADER), strict=False)]
        except (LookupError, UnicodeError):
            raise MappingInvalid(
                f"no encoding {self._encoding!r} is known",
                where=str(self.path),
                mend='Name one such as "utf-8" or "gb18030".',
            ) from None
        if lines:
            lines[0] = lines[0].removeprefix("\ufeff")
        return lines

    def _damaged(self, batch: pa.RecordBatch, rows: npt.NDArray[np.int64]) -> dict[int, Ragged]:
        damaged: dict[int, Ragged] = {}
        for column in batch.columns:
            lines = pc.count_substring(column, "\n")
            if (pc.max(lines).as_py() or 0) > _MOST_LINES_IN_A_CELL:
                raise self._unclosed(int(rows[pc.index(lines, pc.max(lines)).as_py()]))
            strange = pc.match_substring_regex(column, "\ufffd|\\x00")
            for position in np.flatnonzero(strange.to_numpy(zero_copy_only=False)):
                row = int(rows[position])
                text = self._delimiter.join(
                    cell.as_py() for cell in (values[int(position)] for values in batch.columns)
                )
                damaged[row] = Ragged(row, text, *NO_TEXT)
        return damaged

    def _ragged(self, number: int, row: pyarrow.csv.InvalidRow) -> Ragged:
        return Ragged(
            number,
            row.text.replace(_STAND_IN, self._delimiter),
            f"the row has {row.actual_columns} cells, the header has {row.expected_columns}",
            f"Put values that hold {self._delimiter!r} or a line break in quotation marks, or add the missing cells.",
        )

    def _unclosed(self, row: int) -> FileUnreadable:
        return FileUnreadable(
            f"a quotation mark is opened in or near row {row} and never closed, so rows cannot be told apart",
            where=str(self.path),
            mend=(
                'Remove or double the stray " there; or, where marks mean nothing in this file, '
                "set quotes = false in the mapping."
            ),
        )

    def _unreadable(self, fault: pa.ArrowInvalid, last: int) -> FileUnreadable:
        text = str(fault)
        if "Empty CSV" in text:
            return FileUnreadable(
                "the file has a header and no rows", where=str(self.path), zh="文件只有表头，没有数据行"
            )
        if "straddling" in text:
            return FileUnreadable(
                f"a row near row {last + 1} is longer than {_BLOCK_BYTES >> 20} MB",
                where=str(self.path),
                mend=(
                    'A quotation mark " may be opened there and never closed: remove or double it, or set '
                    "quotes = false in the mapping where marks mean nothing in this file."
                ),
            )
        return FileUnreadable(f"the file cannot be read as text with columns ({text[:200]})", where=str(self.path))


def _is_plain(delimiter: str) -> bool:
    return len(delimiter) == 1 and delimiter.isascii()


def _detect_delimiter(lines: list[str], score: HeaderScore) -> str:
    """Give the delimiter that makes the most known headings, among equals the one that makes the most cells."""

    def likely(delimiter: str) -> tuple[int, int]:
        rows, _ = _records(lines, delimiter)
        known = max(((score(row), len(row)) for row in rows), default=(0, 0))
        # Where no heading is known, punctuation inside cells must not pass for a delimiter.
        return known if known[0] or delimiter.isascii() else (0, 0)

    return max(_DELIMITERS, key=likely)


def _blank(batch: pa.RecordBatch) -> npt.NDArray[np.bool_]:
    """Tell which rows have nothing but blanks in any cell."""
    blank = np.ones(batch.num_rows, dtype=bool)
    for column in batch.columns:
        blank &= pc.less_equal(pc.binary_length(column), 2).to_numpy(zero_copy_only=False)
        if not blank.any():
            return blank
    for position in np.flatnonzero(blank).tolist():
        blank[position] = not any(column[position].as_py().strip() for column in batch.columns)
    return blank


def _records(lines: list[str], delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Split lines into records; gives them with the number of lines read up to the end of each."""
    if not _is_plain(delimiter):
        lines = [line.replace(delimiter, _STAND_IN) for line in lines]
    reader = csv.reader(lines, delimiter=delimiter if _is_plain(delimiter) else _STAND_IN)
    rows: list[list[str]] = []
    ends: list[int] = []
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error:
        # A cell too long to be a heading; what was read before it is enough to find the header.
        pass
    return rows, ends


def _row_numbers(last: int, count: int, skipped: list[int]) -> npt.NDArray[np.int64]:
    """Number `count` rows that follow row `last`, passing over the skipped ones."""
    gaps = np.array(sorted(number for number in skipped if number <= last + count + len(skipped)), dtype=np.int64)
    candidates = np.arange(last + 1, last + 1 + count + gaps.size, dtype=np.int64)
    return candidates[~np.isin(candidates, gaps)][:count]
