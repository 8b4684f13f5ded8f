"""What can be wrong with a row, in the user's words, and how to mend it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gaoyuan.workspace import SCHEMAS

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of some rows of a batch: which rows (n), in which column of the file, what is wrong, how to mend it."""

    rows: Mask
    heading: str
    reason: str
    mend: str


class RejectedRows:
    """Collects the faults of a file as rows of the table `rejected`; a row with two faults gives two."""

    def __init__(self, file: str, file_name: str) -> None:
        self._file = file
        self._file_name = file_name
        self._lines: list[dict[str, str | int | None]] = []

    def add(self, numbers: npt.NDArray[np.int64], cells: pa.RecordBatch, faults: Iterable[Fault]) -> None:
        """Note the faults of a batch; `numbers` (n) are the rows' numbers in the file and `cells` (n) the rows as they
        stand there.
        """
        for fault in faults:
            at = np.flatnonzero(fault.rows)
            if at.size == 0:
                continue
            for position, record in zip(at, cells.take(pa.array(at)).to_pylist(), strict=True):
                value = record.get(fault.heading)
                self.add_line(int(numbers[position]), fault.heading, _shown(value), fault.reason, fault.mend, record)

    def add_line(
        self,
        row: int,
        heading: str,
        value: str | None,
        reason: str,
        mend: str,
        record: dict[str, object] | Sequence[str] | str,
    ) -> None:
        """Note one fault of one row."""
        whole = json.dumps(record, ensure_ascii=False, default=str)
        self._lines.append(
            {
                "file": self._file,
                "file_name": self._file_name,
                "row": row,
                "column": heading,
                "value": value,
                "reason": reason,
                "mend": mend,
                "record": whole,
            }
        )

    def rows(self) -> int:
        """Tell how many rows have a fault."""
        return len({line["row"] for line in self._lines})

    def reasons(self) -> dict[str, int]:
        """Give the number of faults by reason, the most frequent first."""
        counts: dict[str, int] = {}
        for line in self._lines:
            reason = str(line["reason"])
            counts[reason] = counts.get(reason, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: -item[1]))

    def table(self) -> pa.Table:
        """Give the faults as rows of the table `rejected`, in order of the file."""
        schema = SCHEMAS["rejected"].arrow
        plain = pa.schema([field for field in schema if field.name != "run"])
        return pa.Table.from_pylist(sorted(self._lines, key=lambda line: int(line["row"] or 0)), schema=plain)


def _shown(value: object) -> str | None:
    return None if value is None else str(value)[:500]
