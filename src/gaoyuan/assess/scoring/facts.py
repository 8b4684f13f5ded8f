"""What is ranked: a table of alternatives by indicators, with what is unknown and how exact the known values are.

An alternative is a cluster, a region or a firm; an indicator (指标) is better when greater (benefit, 效益型) or when
smaller (cost, 成本型). Unknown values stay unknown: they are neither zero nor an average but anything within the
indicator's known range.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from gaoyuan.errors import ComparisonRefused, InputError

Kind = Literal["benefit", "cost"]
Matrix = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]

FindingKind = Literal[
    "constant indicator", "unknown values", "errors unknown", "inconsistent judgements", "no conflict"
]


@dataclass(frozen=True)
class Finding:
    """Something that the reader of a ranking has to know: its kind, what it is about (names), and a sentence."""

    kind: FindingKind
    about: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Indicator:
    """An indicator: the column's name, its kind, and the range that its values can have, in the column's unit.

    `low` and `high` are the least and greatest possible value (0 and 1 for a share). Where they are given, the
    indicator is scaled by them and unknown values lie between them; where not, the least and greatest known value of
    the table take their place.

    Raises InputError for a kind that is none and for a range that is empty.

    >>> Indicator("share of titled firms", "benefit", 0.0, 1.0).kind
    'benefit'
    """

    name: str
    kind: Kind = "benefit"
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise InputError(
                f"{self.kind!r} is no kind of indicator",
                where=self.name,
                mend="Kinds are: benefit (more is better), cost.",
            )
        ends = [end for end in (self.low, self.high) if end is not None]
        if not np.isfinite(ends).all() or (len(ends) == 2 and ends[0] >= ends[1]):
            raise InputError(
                f"the range {self.low} to {self.high} is empty or not finite",
                where=self.name,
                mend="Give the least possible value as `low` and the greatest as `high`.",
            )


@dataclass(frozen=True, eq=False)
class Errors:
    """How exact the facts are: tables with the subject id as index and indicators as columns.

    `standard` has standard errors (标准误) in the indicator's unit: the true value is normal around the known one.
    `low` and `high` have the ends of intervals: the true value is uniform between them; they may also be given for a
    value that is unknown otherwise, in place of the indicator's known range. Cells, rows and columns that are missing
    mean that no error is known: the value then counts as exact, and the ranking says so.
    """

    standard: pd.DataFrame | None = None
    low: pd.DataFrame | None = None
    high: pd.DataFrame | None = None


@dataclass(frozen=True, eq=False)
class Facts:
    """The facts as arrays: n `subjects`, m `indicators`; `values` (n, m) with NaN for what is unknown.

    `standard` (n, m) is the standard error, 0 where exact. `cell_low` and `cell_high` (n, m) are the interval of each
    value: the value itself where it is known without one, the indicator's known range where it is unknown without one.
    `declared_low`, `declared_high` (m) are the declared ranges, infinite where there is none.
    """

    subjects: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    values: Matrix
    standard: Matrix
    cell_low: Matrix
    cell_high: Matrix
    declared_low: Vector
    declared_high: Vector
    findings: tuple[Finding, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the indicators."""
        return tuple(indicator.name for indicator in self.indicators)

    @property
    def signs(self) -> Vector:
        """The direction of each indicator (m): 1 for benefit, -1 for cost."""
        return np.array([1.0 if indicator.kind == "benefit" else -1.0 for indicator in self.indicators])

    @property
    def unknown(self) -> npt.NDArray[np.bool_]:
        """Which values are unknown (n, m)."""
        return np.isnan(self.values)

    @property
    def exact(self) -> bool:
        """Whether every value is known and without error."""
        return not bool(self.unknown.any() or (self.standard > 0).any() or (self.cell_low < self.cell_high).any())

    @property
    def sha256(self) -> str:
        """The hash of subjects, indicators, values and errors: rankings of the same facts have the same."""
        head = [self.subjects, [(i.name, i.kind, i.low, i.high) for i in self.indicators]]
        found = hashlib.sha256(json.dumps(head, ensure_ascii=False).encode())
        for part in (self.values, self.standard, self.cell_low, self.cell_high):
            # Unknown is one value, whatever the bits of its NaN; so is zero, whatever its sign.
            found.update(np.where(np.isnan(part), np.nan, part + 0.0).astype("<f8").tobytes())
        return found.hexdigest()

    def bounds(self, values: Matrix | None = None) -> tuple[Matrix, Matrix]:
        """Give the least and greatest matrix (…, n, m) that completions can have: unknown cells at their ends."""
        known = self.values if values is None else values
        return np.where(self.unknown, self.cell_low, known), np.where(self.unknown, self.cell_high, known)

    def reference(self, values: Matrix | None = None) -> tuple[Matrix, Matrix]:
        """Give the range by which indicators are scaled, (…, m) each: the declared one, else that of `bounds`.

        No completion of the unknown values leaves it, so that an unknown value of one alternative does not change how
        another is scaled.
        """
        low, high = self.bounds(values)
        return (
            np.where(np.isfinite(self.declared_low), self.declared_low, low.min(axis=-2)),
            np.where(np.isfinite(self.declared_high), self.declared_high, high.max(axis=-2)),
        )


def read_facts(
    table: pd.DataFrame,
    indicators: Sequence[Indicator],
    *,
    errors: Errors | None = None,
    subject: str | None = None,
) -> Facts:
    """Read a table of alternatives: subjects sorted by id, so that their order in the table changes nothing.

    `table` has one row an alternative; its index, or the column `subject`, is the subject id; missing values are
    unknown. Raises InputError for what is not there, twice there or no finite number, and for values outside of a
    declared range or of their own interval; ComparisonRefused where an unknown value has no range: nobody's value is
    known, or all known ones are alike, and neither the indicator nor the value has a declared range.

    >>> facts = read_facts(pd.DataFrame({"firms": [3, None, 9]}, index=["a", "b", "c"]), [Indicator("firms")])
    >>> facts.values[:, 0].tolist(), facts.cell_low[1].tolist(), facts.cell_high[1].tolist()
    ([3.0, nan, 9.0], [3.0], [9.0])
    """
    names = _checked_names(table, indicators)
    if subject is not None and subject not in table.columns:
        raise InputError(f"the table has no column {subject!r}", mend="Name the column that holds the subject id.")
    ids = pd.Index(table.index if subject is None else table[subject])
    if ids.hasnans:
        raise InputError("a row has no subject id", mend="Give every alternative its id.")
    held = table[names].set_axis(ids.astype(str), axis="index")
    if held.empty:
        raise InputError(
            "there is nothing to rank",
            mend="Give a table with a row for each alternative.",
            zh="没有可排名的对象",
            mend_zh="给出每个对象一行的表",
        )
    if held.index.has_duplicates:
        twice = str(held.index[held.index.duplicated()][0])
        raise InputError("the subject is there more than once", where=twice, mend="Keep one row for each alternative.")
    held = held.sort_index()
    values = _numbers(held, names, "table")
    given = errors or Errors()
    standard = _aligned(given.standard, held, names, "standard errors")
    low, high = _aligned(given.low, held, names, "low"), _aligned(given.high, held, names, "high")
    subjects = tuple(str(name) for name in held.index)
    _check(standard < 0, subjects, names, "the standard error is negative", "Standard errors are at least 0.")
    _check(np.isnan(low) != np.isnan(high), subjects, names, "the interval has one end only", "Give both ends.")
    _check((low > high) | (values < low) | (values > high), subjects, names,
           "the interval is empty or does not hold the value", "Give low ≤ value ≤ high.")  # fmt: skip
    ends = [(indicator.low, indicator.high) for indicator in indicators]
    declared_low = np.array([-np.inf if end[0] is None else end[0] for end in ends])
    declared_high = np.array([np.inf if end[1] is None else end[1] for end in ends])
    outside = np.fmin(values, low) < declared_low
    outside |= np.fmax(values, high) > declared_high
    _check(outside, subjects, names, "the value lies outside of the indicator's declared range",
           "Correct the value (a percentage for a share?) or declare a wider range.")  # fmt: skip
    cell_low, cell_high = _cells(values, low, high, declared_low, declared_high, names)
    findings = _findings(values, standard, low, names)
    return Facts(
        subjects, tuple(indicators), values, np.nan_to_num(standard), cell_low, cell_high, declared_low, declared_high,
        findings,
    )  # fmt: skip


def _checked_names(table: pd.DataFrame, indicators: Sequence[Indicator]) -> list[str]:
    names = [indicator.name for indicator in indicators]
    if not names:
        raise InputError(
            "no indicator was given",
            mend="Name at least one column as an indicator.",
            zh="没有给出指标",
            mend_zh="至少写明一列作为指标",
        )
    if len(set(names)) < len(names):
        raise InputError(
            "an indicator is named more than once",
            where=", ".join(names),
            mend="Name each once.",
            zh="指标重复",
            mend_zh="每个指标只写一次",
        )
    columns = [str(column) for column in table.columns]
    for name in names:
        if columns.count(name) != 1:
            raise InputError(
                f"the table has {columns.count(name)} columns {name!r}", mend=f"Columns are: {', '.join(columns)}."
            )
    return names


def _numbers(table: pd.DataFrame, names: list[str], what: str) -> Matrix:
    columns = []
    for name in names:
        column = table[name]
        numbers = pd.to_numeric(column, errors="coerce")
        strange = column.notna() & (numbers.isna() | np.isinf(numbers.astype(float)))
        if bool(strange.any()):
            where = str(strange.idxmax())
            raise InputError(
                f"'{column[where]}' is no finite number",
                where=f"{what}, {where}, {name}",
                mend="Give a number, or leave the cell empty where the value is unknown.",
            )
        columns.append(numbers.to_numpy(dtype=np.float64, na_value=np.nan))
    return np.stack(columns, axis=1)


def _aligned(part: pd.DataFrame | None, held: pd.DataFrame, names: list[str], what: str) -> Matrix:
    if part is None:
        return np.full(held.shape, np.nan)
    rows = part.set_axis(part.index.astype(str), axis="index")
    if rows.index.has_duplicates or rows.columns.has_duplicates:
        raise InputError("a subject or an indicator is there more than once", where=what, mend="Keep one of each.")
    return _numbers(rows.reindex(index=held.index, columns=names), names, what)


def _check(wrong: npt.NDArray[np.bool_], subjects: tuple[str, ...], names: list[str], what: str, mend: str) -> None:
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise InputError(what, where=f"{subjects[row]}, {names[column]}", mend=mend, zh="该值不能使用")


def _cells(
    values: Matrix, low: Matrix, high: Matrix, declared_low: Vector, declared_high: Vector, names: list[str]
) -> tuple[Matrix, Matrix]:
    unknown = np.isnan(values)
    least = np.where(np.isfinite(declared_low), declared_low, np.where(unknown, np.inf, values).min(axis=0))
    greatest = np.where(np.isfinite(declared_high), declared_high, np.where(unknown, -np.inf, values).max(axis=0))
    # With one known value the range is a point: the unknown ones would silently be taken to equal it.
    unbounded = (unknown & np.isnan(low)).any(axis=0) & (greatest <= least)
    if unbounded.any():
        raise ComparisonRefused(
            "values are unknown and too few are known to tell the range in which they lie",
            where=", ".join(name for name, wide in zip(names, unbounded, strict=True) if wide),
            mend="Declare the indicator's range (low and high), give the values, or leave the indicator out.",
            zh="有未知值，而已知值太少，无法判断其范围",
            mend_zh="声明指标的范围（low、high），补上数值，或去掉该指标",
        )
    cell_low = np.where(unknown, np.broadcast_to(least, values.shape), values)
    cell_high = np.where(unknown, np.broadcast_to(greatest, values.shape), values)
    return np.where(np.isnan(low), cell_low, low), np.where(np.isnan(high), cell_high, high)


def _findings(values: Matrix, standard: Matrix, low: Matrix, names: list[str]) -> tuple[Finding, ...]:
    unknown = np.isnan(values)
    found = []
    for name, gaps, column in zip(names, unknown.sum(axis=0), values.T, strict=True):
        if gaps:
            text = f"{name} is unknown for {gaps} of {len(values)}; their scores and ranks are intervals"
            found.append(Finding("unknown values", (name,), text))
        elif column.min() == column.max() and len(values) > 1:
            found.append(Finding("constant indicator", (name,), f"{name} is the same for all and tells none apart"))
    missing = ~unknown & np.isnan(standard) & np.isnan(low)
    if missing.any():
        about = tuple(name for name, gap in zip(names, missing.sum(axis=0), strict=True) if gap)
        text = f"no error is known of {int(missing.sum())} values; they count as exact in the stability"
        found.append(Finding("errors unknown", about, text))
    return tuple(found)
