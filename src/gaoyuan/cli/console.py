"""What the command line shows: results on standard output, progress on standard error."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

Progress = Callable[[str, int], None]
"""Called with the part that runs and how much of it is done."""

_SECONDS_BETWEEN_LINES = 10.0
_WIDTH_OF_FILES = 160
_SMALLEST_SHOWN = 1e-300


def print_json(value: object) -> None:
    """Print a value as JSON: data classes as objects, dates as ISO 8601, unknown numbers as null."""
    print(json.dumps(_plain(value), ensure_ascii=False, indent=2, allow_nan=False))


def print_table(
    headings: Sequence[str], rows: Sequence[Sequence[object]], title: str | None = None, *, unbroken: int = 0
) -> None:
    """Print a table; numbers stand to the right, and the first `unbroken` columns hold names that stay in one line."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_FILES, highlight=False)
    table = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for at, heading in enumerate(headings):
        numbers = all(isinstance(row[at], int | float | None) for row in rows)
        # Chinese above, the name below: a name is not broken off in its middle.
        table.add_column(
            Text(heading.replace(" ", "\n", 1)),
            justify="right" if numbers and rows else "left",
            overflow="fold",
            no_wrap=at < unbroken,
        )
    for row in rows:
        table.add_row(*(Text(shown(value)) for value in row))
    console.print(table)


def print_fields(fields: Sequence[tuple[str, object]]) -> None:
    """Print named values, one a line."""
    for name, value in fields:
        print(f"{name}  {shown(value)}")


def shown(value: object) -> str:
    """Give a value as people read it; nothing for unknown.

    >>> shown(1234567), shown(0.00001234), shown(12.3456), shown(None), shown(float("nan"))
    ('1,234,567', '1.23e-05', '12.35', '', '')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        if 0 < value < _SMALLEST_SHOWN:
            return f"< {_SMALLEST_SHOWN:.0e}"
        if value != 0 and (abs(value) < 0.001 or abs(value) >= 1e9):
            return f"{value:.3g}"
        return f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4g}"
    return str(value)


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """Show on standard error what runs and how far it is: a moving line on a terminal, else a line now and then."""
    if quiet:
        yield lambda part, done: None
    elif sys.stderr.isatty():
        with _moving() as show:
            yield show
    else:
        yield _Lines().show


@contextmanager
def waiting(part: str, quiet: bool) -> Iterator[None]:
    """Show on a terminal that something runs for a moment."""
    if quiet or not sys.stderr.isatty():
        yield
    else:
        with _moving() as show:
            show(part, 0)
            yield


@contextmanager
def _moving() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(part: str, done: int) -> None:
            if part not in tasks:
                for task in tasks.values():
                    bars.stop_task(task)
                tasks[part] = bars.add_task(part, total=None, count="")
            bars.update(tasks[part], count=f"{done:,}" if done else "")

        yield show


class _Lines:
    def __init__(self) -> None:
        self._part, self._last = "", time.monotonic()

    def show(self, part: str, done: int) -> None:
        now = time.monotonic()
        if part != self._part or now - self._last >= _SECONDS_BETWEEN_LINES:
            print(f"… {part}" + (f"  {done:,}" if done else ""), file=sys.stderr, flush=True)
            self._part, self._last = part, now


def _plain(value: Any) -> Any:  # noqa: ANN401 - anything that a result holds
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple) and (fields := getattr(value, "_fields", None)):
        return dict(zip(fields, map(_plain, value), strict=True))
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value
