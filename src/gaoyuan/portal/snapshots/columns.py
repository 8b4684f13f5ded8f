"""Columns of tables as plain lists for JSON: short numbers, nothing that JSON has not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gaoyuan.portal.snapshots.parts import Plain

DIGITS = 6


def plain_columns(rows: pd.DataFrame, columns: list[str]) -> dict[str, Plain]:
    """Give some columns as lists; numbers keep six significant digits, what is unknown or hidden is None."""
    return {name: plain_list(rows[name]) for name in columns}


def grouped_columns(
    rows: pd.DataFrame, by: list[str], columns: list[str]
) -> Iterator[tuple[tuple[str, ...], dict[str, Plain]]]:
    """Give the columns of each run of rows that are equal in `by`; the rows are sorted by it. Each column is made plain
    once, for all groups together.

    >>> rows = pd.DataFrame({"region": ["1", "1", "2"], "firms": [4, 5, 6]})
    >>> list(grouped_columns(rows, ["region"], ["firms"]))
    [(('1',), {'firms': [4, 5]}), (('2',), {'firms': [6]})]
    """
    if rows.empty:
        return
    whole = {name: plain_list(rows[name]) for name in columns}
    keys = rows[by].astype(str).to_numpy(dtype=object)
    starts = np.r_[0, np.flatnonzero((keys[1:] != keys[:-1]).any(axis=1)) + 1]
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(rows)], strict=True):
        yield tuple(keys[start]), {name: column[start:end] for name, column in whole.items()}


def plain_list(values: pd.Series) -> list[Plain]:
    """Give a column as a list.

    >>> plain_list(pd.Series([1.0, 0.123456789, np.nan]))
    [1, 0.123457, None]
    """
    if values.dtype == object or pd.api.types.is_string_dtype(values):
        return [None if _missing(value) else _plain(value) for value in values.tolist()]
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    finite = np.isfinite(numbers)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(np.abs(numbers))))
        short = np.where(numbers == np.trunc(numbers), numbers, np.round(numbers * scale) / scale)
    return [
        (int(number) if number.is_integer() else number) if known else None
        for number, known in zip(
            np.where(finite & np.isfinite(short), short, numbers).tolist(), finite.tolist(), strict=True
        )
    ]


def plain_row(row: dict[str, object]) -> dict[str, Plain]:
    """Give a row with values that JSON has."""
    return {name: None if _missing(value) else _plain(value) for name, value in row.items()}


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and not np.isfinite(value))


def _plain(value: object) -> Plain:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return _short(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def _short(number: float) -> float | int | None:
    if number != number or number in (float("inf"), float("-inf")):
        return None
    whole = int(number)
    return whole if whole == number and abs(number) < 1e15 else float(f"{number:.{DIGITS}g}")
