"""From the rows of a list of titles to rows of the table `title`: recognised, dated, checked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from gaoyuan.codes import Title, TitleReading, read_title
from gaoyuan.codes.enterprise_titles import last_day
from gaoyuan.registry.cell_checks import CellChecks
from gaoyuan.registry.columns import ColumnMap
from gaoyuan.registry.faults import Fault, Mask
from gaoyuan.registry.title_periods import Day, Validity, read_day, read_validity

_READ = pa.schema(
    [
        ("title", pa.string()),
        ("level", pa.string()),
        ("batch", pa.string()),
        ("granted", pa.date32()),
        ("granted_precision", pa.string()),
        ("valid_to", pa.date32()),
        ("valid_by", pa.string()),
    ]
)
_NO_TITLE = ("no title is given", "Fill it in, or name one for the whole file: --title little_giant.")
_UNKNOWN_TITLE = (
    "no title that is known, or one that may mean several",
    "Write it in full with its level, such as 省级专精特新中小企业; it may be left empty where --title names it.",
)
_OTHER_TITLE_MEND = "Import the rows of each title by themselves, or leave --title out."
_NO_DAY = ("no date, or one in the future", "Write dates as 2019-04-01.")
_NO_VALIDITY = (
    "no last day, and no period of validity",
    "Write 2026-06-30, 2023-07-01至2026-06-30 or 3年; leave unknown ones empty.",
)
_ENDS_EARLY = ("the title ends before it was granted", "Correct one of the two dates.")


@dataclass(slots=True)
class _Row:
    """What the cells of a row say, and the faults found in them."""

    title: Title | None = None
    batch: str | None = None
    granted: Day | None = None
    valid_to: dt.date | None = None
    valid_by: str | None = None


class TitleCleaner(CellChecks):
    """Cleans batches of one list: `clean` gives the columns of the table `title` for every row, and the faults. Rows
    with a fault are not for the table.

    `title` is the title of the whole file where there is one; a row may then name it or leave the cell empty: what
    cannot be read, such as a candidate or a revoked title, is not that title. What the cell of a title says of its
    batch and year counts where the list has no columns for them.
    """

    def __init__(self, columns: ColumnMap, title: Title | None, today: dt.date) -> None:
        super().__init__(columns)
        self._title = title
        self._today = today

    def clean(self, cells: pa.RecordBatch) -> tuple[pa.RecordBatch, list[Fault]]:
        """Clean a batch (n rows with the file's headings)."""
        faults: list[Fault] = []
        column = {
            "uscc": self.credit_codes(cells, faults),
            "name": self.names(cells, faults),
            "title_given": self.text(cells, "title_given", faults),
        }
        given, level, batch, granted, valid_to = (
            (column["title_given"] if name == "title_given" else self.text(cells, name, faults)).to_pylist()
            for name in ("title_given", "level", "batch", "granted", "valid_to")
        )
        bad: dict[tuple[str, tuple[str, str]], Mask] = {}

        def fault(row: int, target: str, said: tuple[str, str]) -> None:
            heading = self.columns.heading_of(target) or self.columns.heading_of("name") or ""
            bad.setdefault((heading, said), np.zeros(cells.num_rows, dtype=bool))[row] = True

        rows: list[_Row] = []
        for at in range(cells.num_rows):
            row = _Row(batch=batch[at])
            reading = self._read(row, given[at], level[at])
            if isinstance(reading, tuple):
                fault(at, "title_given", reading)
            elif reading is not None:
                row.batch = row.batch or reading.batch
                row.granted = Day(dt.date(reading.year, 1, 1), "year") if reading.year else None
            if granted[at] is not None:
                row.granted = read_day(granted[at])
            validity = Validity() if valid_to[at] is None else read_validity(valid_to[at])
            if validity is not None and validity.begins is not None and granted[at] is None:
                row.granted = validity.begins
            if (granted[at] is not None and row.granted is None) or (row.granted and row.granted.first > self._today):
                fault(at, "granted" if granted[at] is not None else "title_given", _NO_DAY)
            elif validity is None:
                fault(at, "valid_to", _NO_VALIDITY)
            else:
                _set_end(row, validity)
                if row.valid_to is not None and row.granted is not None and row.valid_to < row.granted.first:
                    fault(at, "valid_to", _ENDS_EARLY)
            rows.append(row)
        faults += [Fault(mask, heading, *said) for (heading, said), mask in bad.items()]
        read = pa.RecordBatch.from_pylist([_columns(row) for row in rows], schema=_READ)
        return pa.RecordBatch.from_pydict(column | {name: read.column(name) for name in _READ.names}), faults

    def _read(self, row: _Row, given: str | None, level: str | None) -> TitleReading | tuple[str, str] | None:
        """Set the title of a row; gives what its cell says, or what is wrong with it."""
        row.title = self._title
        if given is None:
            return _NO_TITLE if self._title is None else None
        reading = read_title(given if level is None else level + given)
        if reading is None:
            return _UNKNOWN_TITLE
        if self._title is not None and reading.title.id != self._title.id:
            named = f"{reading.title.zh} {reading.title.id}"
            return f"the row names {named}, not the title given for the whole file", _OTHER_TITLE_MEND
        row.title = reading.title
        return reading


def _set_end(row: _Row, validity: Validity) -> None:
    """Set the last day of a title: as given, else by the years given or usual.

    Years run from a day. Where only the month or the year of that day is known, they end at the latest when they run
    from its last one: the title is over after that day, and it may be earlier.
    """
    if validity.ends is not None:
        row.valid_to, row.valid_by = validity.ends, "given"
    elif row.granted is not None and row.title is not None:
        years = row.title.validity_years if validity.years is None else validity.years
        if years is not None:
            exact = validity.years is not None and row.granted.precision == "day"
            row.valid_to, row.valid_by = last_day(row.granted.last, years), "given" if exact else "rule"


def _columns(row: _Row) -> dict[str, object]:
    return {
        "title": row.title.id if row.title else None,
        "level": row.title.level if row.title else None,
        "batch": row.batch,
        "granted": row.granted.first if row.granted else None,
        "granted_precision": row.granted.precision if row.granted else None,
        "valid_to": row.valid_to,
        "valid_by": row.valid_by,
    }
