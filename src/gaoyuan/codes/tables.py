"""Reading the data files that lie beside this module."""

from __future__ import annotations

import csv
import gzip
import io
from functools import cache
from importlib.resources import files
from pathlib import Path

_DATA = files("gaoyuan.codes") / "data"


@cache
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    """Give the rows of a CSV file of the data folder (gzipped where the name ends in .gz), as text."""
    packed = data_file(name).read_bytes()
    text = (gzip.decompress(packed) if name.endswith(".gz") else packed).decode("utf-8")
    return tuple(csv.DictReader(io.StringIO(text, newline="")))


def data_file(name: str) -> Path:
    """Give the path of a file of the data folder."""
    return Path(str(_DATA / name))
