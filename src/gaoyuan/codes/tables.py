"""Reading the data files that lie beside this module."""

from __future__ import annotations

import csv
import gzip
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

_DATA = files("gaoyuan.codes") / "data"


@cache
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    """Give the rows of a CSV file of the data folder (gzipped where the name ends in .gz), as text."""
    with as_file(_DATA / name) as path:
        opened = gzip.open(path, "rt", encoding="utf-8") if name.endswith(".gz") else Path(path).open(encoding="utf-8")
        with opened as lines:
            return tuple(csv.DictReader(lines))


def data_file(name: str) -> Path:
    """Give the path of a file of the data folder."""
    return Path(str(_DATA / name))
