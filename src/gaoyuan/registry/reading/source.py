"""What every kind of file is read into."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

HeaderScore = Callable[[Sequence[str]], int]
"""Tells of a row of cells how many of them are headings that mean something to us."""

MAX_LINES_ABOVE_HEADER = 30

NO_TEXT = (
    "the row holds bytes that are no text in the file's encoding",
    "Correct the characters shown as \ufffd, or name the encoding in the mapping.",
)
"""Reason and mend of a row with cells that cannot be decoded."""


@dataclass(frozen=True, slots=True)
class Ragged:
    """A row with more or fewer cells than the header, or with bytes that are no text."""

    row: int
    text: str
    reason: str
    mend: str


@dataclass(frozen=True, slots=True)
class RowBatch:
    """Some rows: their numbers in the file (n), and a record batch with the file's own headings."""

    rows: npt.NDArray[np.int64]
    cells: pa.RecordBatch
    ragged: tuple[Ragged, ...] = ()


class Source(Protocol):
    """A file that is open for reading: its headings, and its rows in batches; `batches` may be called again."""

    path: Path
    headings: list[str]

    def batches(self) -> Iterator[RowBatch]:
        """Give the rows in order."""
        ...


def distinct(headings: Sequence[str]) -> list[str]:
    """Give each heading a name of its own: blank ones by their position, repeated ones with a number.

    >>> distinct(["名称", "", "名称", "名称 (2)"])
    ['名称', '(column 2)', '名称 (3)', '名称 (2)']
    """
    plain = [heading.strip() or f"(column {position})" for position, heading in enumerate(headings, start=1)]
    held = set(plain)
    seen: dict[str, int] = {}
    names: list[str] = []
    for name in plain:
        number = seen.get(name, 0) + 1
        if number > 1:
            while f"{name} ({number})" in held:
                number += 1
            names.append(f"{name} ({number})")
            held.add(names[-1])
        else:
            names.append(name)
        seen[name] = number
    return names


def header_position(rows: Sequence[Sequence[str]], score: HeaderScore) -> int:
    """Give the position of the row that is most likely the header: the first with the most known headings, else the
    first with two cells.

    Title lines and merged cells above a header score lower than the header itself.
    """
    scores = [score(row) for row in rows[:MAX_LINES_ABOVE_HEADER]]
    if scores and max(scores) > 0:
        return scores.index(max(scores))
    return next((position for position, row in enumerate(rows) if sum(bool(cell.strip()) for cell in row) > 1), 0)
