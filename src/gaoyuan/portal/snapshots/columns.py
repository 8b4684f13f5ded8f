"""Columns of tables as JSON holds them: short numbers, nothing that JSON has not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from gaoyuan.portal.snapshots.parts import Column, Plain

DIGITS = 6


def plain_columns(rows: pd.DataFrame, columns: list[str]) -> dict[str, Plain]:
    """Give some columns for JSON; numbers keep six significant digits, what is unknown or hidden is null there."""
    return {name: plain_column(rows[name]) for name in columns}


def grouped_columns(
    rows: pd.DataFrame, by: list[str], columns: list[str]
) -> Iterator[tuple[tuple[str, ...], dict[str, Plain]]]:
    """Give the columns of each run of rows that are equal in `by`; the rows are sorted by it. Each column is made plain
    once, for all groups together.

    >>> rows = pd.DataFrame({"region": ["1", "1", "2"], "firms": [4, 5, 6]})
    >>> [(key, columns["firms"].tolist()) for key, columns in grouped_columns(rows, ["region"], ["firms"])]
    [(('1',), [4, 5]), (('2',), [6])]
    """
    whole = {name: plain_column(rows[name]) for name in columns}
    for key, held in runs_of(rows, by):
        yield key, {name: column[held] for name, column in whole.items()}


def runs_of(rows: pd.DataFrame, by: list[str]) -> Iterator[tuple[tuple[str, ...], slice]]:
    """Give where each run of rows that are equal in `by` stands, with what it is equal in.

    >>> list(runs_of(pd.DataFrame({"region": ["1", "1", "2"]}), ["region"]))
    [(('1',), slice(0, 2, None)), (('2',), slice(2, 3, None))]
    """
    if rows.empty:
        return
    codes = [pd.factorize(rows[name])[0] for name in by]
    changed = np.flatnonzero(np.any([column[1:] != column[:-1] for column in codes], axis=0)) + 1
    keys = [rows[name].astype(str).to_numpy(dtype=object) for name in by]
    for start, end in pairwise([0, *changed.tolist(), len(rows)]):
        yield tuple(key[start] for key in keys), slice(start, end)


def plain_column(values: pd.Series) -> Column:
    """Give a column for JSON: whole numbers as such, others with six significant digits, NaN for what is unknown.

    >>> plain_column(pd.Series([1.5, 0.123456789, np.nan])), plain_column(pd.Series([4.0, None])), plain_column(
    ...     pd.Series(["a", None])
    ... )
    (array([1.5     , 0.123457,      nan]), [4, None], ['a', None])
    """
    if isinstance(values.dtype, pd.StringDtype):
        # Names repeat: each is made once.
        codes, names = pd.factorize(values)
        return np.array([*names, None], dtype=object)[codes].tolist()
    if values.dtype == object or pd.api.types.is_string_dtype(values):
        return [None if _missing(value) else _plain(value) for value in values.tolist()]
    if pd.api.types.is_integer_dtype(values) and not values.hasnans:
        return np.ascontiguousarray(values.to_numpy(dtype=np.int64))
    if pd.api.types.is_bool_dtype(values) and not values.hasnans:
        return values.tolist()
    numbers = _shortened(values.to_numpy(dtype=np.float64, na_value=np.nan))
    known = np.isfinite(numbers)
    whole = np.trunc(numbers[known])
    if np.array_equal(whole, numbers[known]) and np.all(np.abs(whole) < 2**53):
        if known.all():
            return whole.astype(np.int64)
        held = np.full(len(numbers), None, dtype=object)
        held[known] = whole.astype(np.int64)
        return held.tolist()
    return numbers


def _shortened(numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Round what is not whole to six significant digits; what is infinite becomes unknown."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(np.abs(numbers))))
        short = np.round(numbers * scale) / scale
    kept = np.where((numbers == np.trunc(numbers)) | ~np.isfinite(short), numbers, short)
    return np.where(np.isfinite(kept), kept, np.nan)


def plain_rows(rows: pd.DataFrame) -> Iterator[dict[str, Plain]]:
    """Give each row with values that JSON has.

    >>> list(plain_rows(pd.DataFrame({"name": ["a", None], "firms": [1.0, 2.5]})))
    [{'name': 'a', 'firms': 1.0}, {'name': None, 'firms': 2.5}]
    """
    columns: dict[str, list[Plain]] = {}
    for name in rows.columns:
        column = plain_column(rows[name])
        if isinstance(column, np.ndarray):
            column = [None if value != value else value for value in column.tolist()]
        columns[str(name)] = column
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(columns, values, strict=True))


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
