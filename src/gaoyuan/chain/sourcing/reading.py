"""Reading the columns of a given table: from pandas, Arrow or rows, into arrays, each fault with its place."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from gaoyuan.errors import ColumnsMissing, InputError

Floats: TypeAlias = npt.NDArray[np.float64]
Whole: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]
Given: TypeAlias = pd.DataFrame | pa.Table | Sequence[Mapping[str, object]]
"""A table as it may be given: a pandas or Arrow table, or a list of rows."""


class Tiers(NamedTuple):
    """Price tiers of all offers: those of offer i stand at start[i]:start[i + 1], by rising quantity."""

    start: Whole
    quantity: Floats
    price: Floats


class Columns:
    """The columns of one given table; `name` is what faults call it."""

    def __init__(self, given: Given, name: str, required: Iterable[str]) -> None:
        self.name = name
        self._arrow: pa.Table | None = None
        if isinstance(given, pd.DataFrame):
            self._frame = given
        elif isinstance(given, pa.Table):
            self._arrow = given
            self._frame = pd.DataFrame(index=pd.RangeIndex(len(given)))
        else:
            self._frame = _framed(given, name)
        held = [str(column) for column in (self._frame.columns if self._arrow is None else self._arrow.column_names)]
        missing = [column for column in required if column not in held]
        # A list without rows has no columns either, and lacks nothing.
        if missing and (held or len(self._frame)):
            raise ColumnsMissing(
                f"the table has no column {', '.join(missing)}",
                where=name,
                mend=f"It has {', '.join(held) or 'no columns'}.",
            )
        self._held = frozenset(held)

    def __len__(self) -> int:
        return len(self._frame)

    def __contains__(self, column: str) -> bool:
        return column in self._held

    def fault(self, row: int, column: str, what: str, mend: str | None = None) -> InputError:
        """Give the error for a cell; rows count from 1."""
        return InputError(what, where=f"{self.name}, row {row + 1}, column {column}", mend=mend)

    def ids(self, column: str) -> list[Hashable]:
        """Give names as they were given. Raises InputError for an empty one."""
        if column not in self:
            return []
        cells = self._series(column)
        empty = np.flatnonzero(cells.isna().to_numpy())
        if empty.size:
            raise self.fault(int(empty[0]), column, "the name is missing")
        return cells.tolist()

    def unique_ids(self, column: str) -> list[Hashable]:
        """Give names of which each may stand only once."""
        found = self.ids(column)
        twice = np.flatnonzero(_index(found).duplicated())
        if twice.size:
            row = int(twice[0])
            raise self.fault(row, column, f"{found[row]!r} stands twice", "One row each.")
        return found

    def places(self, column: str, among: Sequence[Hashable], table: str) -> Whole:
        """Give where each name stands in another table. Raises InputError for one that does not."""
        found = self.ids(column)
        places = _index(among).get_indexer(_index(found)).astype(np.int64)
        unknown = np.flatnonzero(places < 0)
        if unknown.size:
            row = int(unknown[0])
            raise self.fault(row, column, f"{found[row]!r} is not in the table {table}")
        return places

    def numbers(
        self,
        column: str,
        *,
        least: float = 0.0,
        above: bool = False,
        missing: float | None = None,
        infinite: bool = False,
    ) -> Floats:
        """Give numbers of at least (or above) `least`. A missing one becomes `missing`, or is an error where that is
        None; `infinite` allows infinity.
        """
        if column not in self:
            return np.full(len(self), np.nan if missing is None else missing)
        cells = self._series(column)
        try:
            numbers = cells.to_numpy(dtype=np.float64, na_value=np.nan)
        except (TypeError, ValueError):
            numbers = self._one_by_one(cells, column)
        numbers = _own(numbers)
        gone = np.isnan(numbers)
        if missing is None and gone.any():
            raise self.fault(int(np.argmax(gone)), column, "the number is missing")
        low = (numbers <= least) if above else (numbers < least)
        bad = np.flatnonzero(low | (np.isinf(numbers) & (not infinite)))
        if bad.size:
            row = int(bad[0])
            bound = f"above {least:g}" if above else f"at least {least:g}"
            raise self.fault(row, column, f"{numbers[row]:g} cannot be", f"Give a finite number {bound}.")
        return np.where(gone, missing, numbers) if missing is not None and gone.any() else numbers

    def truths(self, column: str) -> tuple[Mask, Mask]:
        """Give which cells are true, and which say anything at all. A column that is not there says nothing."""
        if column not in self:
            return np.zeros(len(self), dtype=bool), np.zeros(len(self), dtype=bool)
        cells = self._series(column)
        if cells.dtype == np.bool_:
            return cells.to_numpy(), np.ones(len(self), dtype=bool)
        known = cells.notna().to_numpy()
        true = np.zeros(len(self), dtype=bool)
        for row in np.flatnonzero(known).tolist():
            cell = cells.iloc[row]
            if isinstance(cell, (bool, np.bool_)) or cell in (0, 1):
                true[row] = bool(cell)
            else:
                raise self.fault(row, column, f"{cell!r} is neither true nor false", "Write true or false.")
        return true, known

    def sets(self, column: str) -> list[frozenset[str]] | None:
        """Give sets of names: from lists, or from text that `;` or `,` divides; None where the column is not there."""
        if column not in self:
            return None
        cells = self._arrow[column].to_pylist() if self._arrow is not None else self._frame[column].tolist()
        return [self._names(cell, row, column) for row, cell in enumerate(cells)]

    def tiers(self, column: str) -> Tiers:
        """Give price tiers by rising quantity. A missing or empty cell has none.

        Raises InputError for a tier that is not a pair of numbers, for a negative quantity or price, and for two prices
        at one quantity.
        """
        count = len(self)
        if column not in self or count == 0:
            return Tiers(np.zeros(count + 1, dtype=np.int64), np.zeros(0), np.zeros(0))
        nested = self._nested(column)
        lengths = nested.value_lengths().fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
        start = np.concatenate([[0], np.cumsum(lengths)])
        quantity, price, broken = _pairs(nested.flatten())
        row_of = np.repeat(np.arange(count), lengths)
        bad = np.flatnonzero(broken | ~np.isfinite(quantity) | ~np.isfinite(price))
        if bad.size:
            what = "a price tier is a pair [min_quantity, unit_price] of two numbers"
            raise self.fault(int(row_of[bad[0]]), column, what)
        bad = np.flatnonzero((quantity < 0) | (price < 0))
        if bad.size:
            raise self.fault(int(row_of[bad[0]]), column, "a quantity or price of a tier is below 0")
        if ((np.diff(quantity) <= 0) & (np.diff(row_of) == 0)).any():
            order = np.lexsort((quantity, row_of))
            quantity, price = quantity[order], price[order]
            same = np.flatnonzero((np.diff(quantity) == 0) & (np.diff(row_of) == 0))
            if same.size:
                row = int(row_of[same[0]])
                raise self.fault(row, column, f"two tiers begin at {quantity[same[0]]:g}", "Give each quantity once.")
        return Tiers(start, _own(quantity), _own(price))

    def _series(self, column: str) -> pd.Series:
        return self._frame[column] if self._arrow is None else self._arrow[column].to_pandas()

    def _one_by_one(self, cells: pd.Series, column: str) -> Floats:
        numbers = np.full(len(cells), np.nan)
        for row, cell in enumerate(cells.tolist()):
            if cell is None or cell is pd.NA or cell is pd.NaT:
                continue
            try:
                numbers[row] = float(cell)
            except (TypeError, ValueError):
                raise self.fault(row, column, f"{cell!r} is not a number") from None
        return numbers

    def _names(self, cell: object, row: int, column: str) -> frozenset[str]:
        if isinstance(cell, str):
            return frozenset(name.strip() for name in cell.replace(";", ",").split(",") if name.strip())
        if isinstance(cell, (list, tuple, set, frozenset, np.ndarray)):
            return frozenset(str(name) for name in cell)
        if cell is None or pd.isna(cell):  # pyright: ignore[reportArgumentType, reportCallIssue]
            return frozenset()
        raise self.fault(row, column, f"{cell!r} is no list of names")

    def _nested(self, column: str) -> pa.ListArray:
        if self._arrow is not None:
            held = self._arrow[column].combine_chunks()
            held = held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held
            if pa.types.is_list(held.type) or pa.types.is_large_list(held.type):
                return held
            cells = held.to_pylist()
        else:
            cells = self._frame[column].tolist()
        kind = pa.list_(pa.list_(pa.float64()))
        try:
            return pa.array(cells, type=kind)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            return pa.array([self._plain(cell, row, column) for row, cell in enumerate(cells)], type=kind)

    def _plain(self, cell: object, row: int, column: str) -> list[list[float]] | None:
        """Give the tiers of one cell as lists, whatever holds them."""
        if cell is None or (isinstance(cell, float) and np.isnan(cell)):
            return None
        try:
            pairs = [
                [tier["min_quantity"], tier["unit_price"]] if isinstance(tier, Mapping) else list(tier)
                for tier in cell  # pyright: ignore[reportGeneralTypeIssues]
            ]
            return [[np.nan if number is None else float(number) for number in pair] for pair in pairs]
        except (KeyError, TypeError, ValueError):
            what = f"{cell!r} is no list of price tiers [min_quantity, unit_price]"
            raise self.fault(row, column, what) from None


def _own(numbers: Floats) -> Floats:
    """Make an array writable and contiguous: kernels are compiled once, for such arrays only."""
    return np.require(numbers, requirements=["C", "W"])


def _index(names: Sequence[Hashable]) -> pd.Index:
    """Index names one by one, tuples too."""
    held = np.fromiter(names, dtype=object, count=len(names))
    return pd.Index(held, dtype=object, tupleize_cols=False)


def _framed(rows: Sequence[Mapping[str, object]], name: str) -> pd.DataFrame:
    """Put rows into columns, each kept as it was given."""
    held = list(rows)
    if not all(isinstance(row, Mapping) for row in held):
        raise InputError(f"a {type(rows).__name__} of what are no rows", where=name, mend="Give a table or dicts.")
    columns = dict.fromkeys(key for row in held for key in row)
    return pd.DataFrame(
        {key: pd.Series([row.get(key) for row in held], dtype=object) for key in columns}, index=range(len(held))
    )


def _pairs(flat: pa.Array) -> tuple[Floats, Floats, Mask]:
    """Give the quantities and prices of tiers, and which of them are no pair."""
    if pa.types.is_struct(flat.type):
        quantity, price = (_floats(flat.field(field)) for field in ("min_quantity", "unit_price"))
        return quantity, price, np.zeros(len(flat), dtype=bool)
    lengths = flat.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    broken = lengths != 2
    if broken.any():
        return np.zeros(len(flat)), np.zeros(len(flat)), np.asarray(broken)
    values = _floats(flat.flatten())
    return values[0::2], values[1::2], np.asarray(broken)


def _floats(values: pa.Array) -> Floats:
    return values.cast(pa.float64()).to_numpy(zero_copy_only=False)
