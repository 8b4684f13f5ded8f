"""Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from gaoyuan.errors import FileUnreadable
from gaoyuan.registry.reading.source import RowBatch, distinct

_ROWS = 200_000


class ParquetFile:
    """A Parquet file; columns keep their types, nested columns are passed over. Row 1 is the first row of data."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            schema = pyarrow.parquet.read_schema(path)
        except (pa.ArrowInvalid, OSError) as fault:
            raise FileUnreadable(
                f"the Parquet file is damaged ({fault})", where=str(path), mend="Write it again, or fetch it again."
            ) from None
        self._plain = [position for position, field in enumerate(schema) if not pa.types.is_nested(field.type)]
        self._names = [schema.field(position).name for position in self._plain]
        self.headings = distinct(self._names)

    def batches(self) -> Iterator[RowBatch]:
        """Give the rows in order; raises FileUnreadable where the file is damaged inside."""
        first = 1
        try:
            with pyarrow.parquet.ParquetFile(self.path) as file:
                for batch in file.iter_batches(_ROWS, columns=self._names):
                    cells = pa.RecordBatch.from_arrays(batch.columns, names=self.headings)
                    yield RowBatch(np.arange(first, first + batch.num_rows, dtype=np.int64), cells)
                    first += batch.num_rows
        except (pa.ArrowInvalid, OSError) as fault:
            raise FileUnreadable(
                f"the Parquet file is damaged after row {first - 1} ({fault})",
                where=str(self.path),
                mend="Write it again, or fetch it again.",
            ) from None
