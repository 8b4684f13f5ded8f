"""Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from gaoyuan.errors import FileUnreadable
from gaoyuan.registry.reading.source import NO_TEXT, Ragged, RowBatch, distinct

_ROWS = 200_000


class ParquetFile:
    """A Parquet file; columns keep their types, bytes and times of day become text, nested columns are passed over. Row
    1 is the first row of data. A row with bytes that are no UTF-8 is reported, not guessed at.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            schema = pyarrow.parquet.read_schema(path)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as fault:
            raise FileUnreadable(
                f"the Parquet file is damaged ({fault})", where=str(path), mend="Write it again, or fetch it again."
            ) from None
        self._plain = [position for position, field in enumerate(schema) if not pa.types.is_nested(field.type)]
        self._names = [schema.field(position).name for position in self._plain]
        self.headings = distinct(self._names)

    def batches(self) -> Iterator[RowBatch]:
        """Give the rows in order; raises FileUnreadable where the file is damaged inside."""
        # Columns are chosen by paths, in which a dot parts a nested column from its own columns.
        by_name = len(set(self._names)) == len(self._names) and not any("." in name for name in self._names)
        first = 1
        try:
            with pyarrow.parquet.ParquetFile(self.path) as file:
                for batch in file.iter_batches(_ROWS, columns=self._names if by_name else None):
                    columns = batch.columns if by_name else [batch.column(position) for position in self._plain]
                    yield self._checked(columns, np.arange(first, first + batch.num_rows, dtype=np.int64))
                    first += batch.num_rows
        except (pa.ArrowException, OSError) as fault:
            raise FileUnreadable(
                f"the Parquet file is damaged after row {first - 1} ({fault})",
                where=str(self.path),
                mend="Write it again, or fetch it again.",
            ) from None

    def _checked(self, columns: list[pa.Array], rows: npt.NDArray[np.int64]) -> RowBatch:
        damaged = np.zeros(rows.size, dtype=bool)
        readable: list[pa.Array] = []
        for column in columns:
            values, faults = _readable(column)
            readable.append(values)
            damaged |= faults
        cells = pa.RecordBatch.from_arrays(readable, names=self.headings)
        if not damaged.any():
            return RowBatch(rows, cells)
        reason, mend = NO_TEXT
        ragged = tuple(
            Ragged(int(rows[at]), "\t".join("" if cell is None else str(cell) for cell in row.values()), reason, mend)
            for at, row in zip(
                np.flatnonzero(damaged), cells.filter(pa.array(damaged)).cast(_as_text(cells)).to_pylist(), strict=True
            )
        )
        return RowBatch(rows[~damaged], cells.filter(pa.array(~damaged)), ragged)


def _readable(column: pa.Array) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """Give a column (n) in a type that can be parsed, and which cells (n) are bytes that are no text."""
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    kind = column.type
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        column = pc.cast(pc.cast(column, pa.int64()) if pa.types.is_duration(kind) else column, pa.large_string())
    is_bytes = (
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_binary_view(kind)
    )
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    no_faults = np.zeros(len(column), dtype=bool)
    try:
        if is_bytes:
            return pc.cast(column, pa.large_string()), no_faults
        if is_text:
            column.validate(full=True)
    except pa.ArrowInvalid:
        cells = pc.cast(column, pa.large_binary()).to_pylist()
        texts = [None if cell is None else cell.decode("utf-8", "replace") for cell in cells]
        faults = [text is not None and text.encode() != cell for text, cell in zip(texts, cells, strict=True)]
        return pa.array(texts, pa.large_string()), np.array(faults, dtype=bool)
    return column, no_faults


def _as_text(cells: pa.RecordBatch) -> pa.Schema:
    return pa.schema([pa.field(name, pa.large_string()) for name in cells.schema.names])
