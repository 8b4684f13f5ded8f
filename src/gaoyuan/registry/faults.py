"""What can be wrong with a row, in the user's words, and how to mend it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from gaoyuan.registry.fault_words import in_chinese
from gaoyuan.registry.reading import Ragged
from gaoyuan.workspace import SCHEMAS

Mask = npt.NDArray[np.bool_]

_SCHEMA = pa.schema([field for field in SCHEMAS["rejected"].arrow if field.name != "run"])
_AT_ONCE = 5_000
_KEPT_BYTES = 1 << 26
_SHOWN_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of some rows of a batch: which rows (n), in which column of the file, what is wrong, how to mend it."""

    rows: Mask
    heading: str
    reason: str
    mend: str


class RejectedRows:
    """Collects the faults of a file as rows of the table `rejected`, in a Parquet file at `path`, so that a file whose
    every row is bad needs no more memory than a good one. A row with two faults gives two.

    A context manager: the file can be read once it has been left.
    """

    def __init__(self, path: Path, file: str, file_name: str, kind: str = "enterprises") -> None:
        self.path = path
        self._kind = kind
        self._file = file
        self._file_name = file_name
        self._writer = pyarrow.parquet.ParquetWriter(path, _SCHEMA, compression="zstd", compression_level=1)
        self._waiting: list[pa.Table] = []
        self._reasons: Counter[str] = Counter()
        self._rows = 0

    def __enter__(self) -> RejectedRows:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flush()
        self._writer.close()

    def add(self, numbers: npt.NDArray[np.int64], cells: pa.RecordBatch, faults: Iterable[Fault]) -> None:
        """Note the faults of a batch; `numbers` (n) are the rows' numbers in the file and `cells` (n) the rows as they
        stand there. Each row comes in one batch only.
        """
        found = [fault for fault in faults if fault.rows.any()]
        if not found:
            return
        bad = np.flatnonzero(np.logical_or.reduce([fault.rows for fault in found]))
        for some in np.array_split(bad, -(-bad.size // _AT_ONCE)):
            taken = _plain(cells.take(pa.array(some)))
            records = pa.array([_json(record) for record in taken.to_pylist()], pa.string())
            for fault in found:
                at = np.flatnonzero(fault.rows[some])
                if at.size:
                    value = _shown(taken.column(fault.heading)) if fault.heading in taken.schema.names else None
                    self._note(
                        numbers[some[at]],
                        fault.heading,
                        None if value is None else value.take(pa.array(at)),
                        [fault.reason] * at.size,
                        [fault.mend] * at.size,
                        records.take(pa.array(at)),
                    )
        self._rows += int(bad.size)

    def add_ragged(self, rows: Iterable[Ragged]) -> None:
        """Note rows that could not be taken apart into cells."""
        ragged = list(rows)
        if ragged:
            self._note(
                np.array([row.row for row in ragged], dtype=np.int64),
                "",
                pa.array([row.text[:_SHOWN_CHARACTERS] for row in ragged], pa.string()),
                [row.reason for row in ragged],
                [row.mend for row in ragged],
                pa.array([_json(row.text) for row in ragged], pa.string()),
            )
            self._rows += len(ragged)

    def add_repeated(
        self,
        numbers: npt.NDArray[np.int64],
        firsts: npt.NDArray[np.int64],
        cells: pa.RecordBatch,
        heading: str,
        reason: str,
    ) -> None:
        """Note rows (n) as repetitions of the rows `firsts` (n) above them."""
        for at in range(0, len(numbers), _AT_ONCE):
            part = slice(at, at + _AT_ONCE)
            taken = _plain(cells.slice(at, _AT_ONCE))
            self._note(
                numbers[part],
                heading,
                _shown(taken.column(heading)),
                [reason] * taken.num_rows,
                [f"Compare with row {first}; keep the right one." for first in firsts[part].tolist()],
                pa.array([_json(record) for record in taken.to_pylist()], pa.string()),
            )
        self._rows += len(numbers)

    def rows(self) -> int:
        """Tell how many rows have a fault."""
        return self._rows

    def reasons(self) -> dict[str, int]:
        """Give the number of faults by reason, the most frequent first."""
        return dict(self._reasons.most_common())

    def _note(
        self,
        numbers: npt.NDArray[np.int64],
        heading: str,
        values: pa.Array | None,
        reasons: list[str],
        mends: list[str],
        records: pa.Array,
    ) -> None:
        count = len(reasons)
        self._reasons.update(reasons)
        columns = {
            "file": pa.repeat(pa.scalar(self._file), count),
            "file_name": pa.repeat(pa.scalar(self._file_name), count),
            "kind": pa.repeat(pa.scalar(self._kind), count),
            "row": pa.array(numbers, pa.int64()),
            "column": pa.repeat(pa.scalar(heading), count),
            "value": pa.nulls(count, pa.string()) if values is None else values,
            "reason_zh": pa.array([in_chinese(reason) for reason in reasons], pa.string()),
            "mend_zh": pa.array([in_chinese(mend) for mend in mends], pa.string()),
            "reason": pa.array(reasons, pa.string()),
            "mend": pa.array(mends, pa.string()),
            "record": records,
        }
        self._waiting.append(pa.Table.from_pydict(columns, schema=_SCHEMA))
        if sum(table.nbytes for table in self._waiting) > _KEPT_BYTES or len(self._waiting) > _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting))
            self._waiting.clear()


def _plain(cells: pa.RecordBatch) -> pa.RecordBatch:
    """Bring cells into types that JSON has: what it has not becomes text, no-numbers become null."""
    columns: list[pa.Array] = []
    for column in cells.columns:
        kind = column.type
        if pa.types.is_floating(kind):
            column = pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column)
            if not pc.all(pc.is_finite(column)).as_py():
                column = pc.cast(column, pa.string())
        elif not (pa.types.is_integer(kind) or pa.types.is_boolean(kind)):
            column = pc.cast(column, pa.string())
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=cells.schema.names)


def _shown(values: pa.Array) -> pa.Array:
    return pc.utf8_slice_codeunits(pc.cast(values, pa.string()), 0, _SHOWN_CHARACTERS)


def _json(record: dict[str, object] | str) -> str:
    return json.dumps(record, ensure_ascii=False, default=str)
