"""Quality of a table, measured column by column on the data themselves, under the dimensions of GB/T 36344-2018.

| measured | dimension of GB/T 36344 |
|---|---|
| completeness: cells that hold something | 完整性 |
| validity: cells, of those that hold something, in the form that the column's name demands | 规范性 |
| uniqueness: different values among them; rows that repeat no other | 准确性 |
| timeliness: how old the newest day is, and which share is not older than a year | 时效性 |

Consistency between tables (一致性) and accessibility (可访问性) are not measured. Whether a value is true nothing here
can tell. A share that cannot be told is None, and counts in no sum.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.codes.credit_code import credit_code_faults, normalise_credit_codes
from gaoyuan.trust.canonical import Json

__all__ = ["DIMENSIONS", "ColumnQuality", "TableQuality", "measure_column", "measure_table", "rule_for"]

DIMENSIONS: dict[str, tuple[str, str, str]] = {
    "completeness": ("完整性", "completeness", "cells that hold something"),
    "validity": ("规范性", "conformity", "known cells in the form of their column"),
    "uniqueness": ("准确性（不重复）", "accuracy (no repetition)", "rows that repeat no other"),
    "timeliness": ("时效性", "timeliness", "days not older than a year"),
}
"""What is measured, with the dimension of GB/T 36344 that it belongs to."""
_FRESH_DAYS = 365
_EARLIEST = dt.date(1949, 10, 1)
_DAY = r"^(?P<y>[12][0-9]{3})-?(?P<m>0[1-9]|1[0-2]|[1-9])(?:-?(?P<d>[0-3]?[0-9]))?(?:\D.*)?$"


@dataclass(frozen=True, slots=True)
class ColumnQuality:
    """What was measured of a column: shares from 0 to 1, None where there is nothing to measure."""

    name: str
    type: str
    rule: str
    completeness: float | None
    validity: float | None
    uniqueness: float | None
    newest: str
    timeliness: float | None


@dataclass(frozen=True, slots=True)
class TableQuality:
    """What was measured of a table as of a day: rows, shares of the whole, and those of each column."""

    rows: int
    as_of: str
    completeness: float | None
    validity: float | None
    uniqueness: float | None
    timeliness: float | None
    columns: tuple[ColumnQuality, ...]

    def plain(self) -> dict[str, Json]:
        """Give it as JSON, shares with six decimals as text, so that its digest is the same everywhere."""

        def written(values: Mapping[str, object]) -> dict[str, Json]:
            return {
                name: f"{value:.6f}" if isinstance(value, float) else value  # pyright: ignore[reportReturnType]
                for name, value in values.items()
            }

        columns: list[Json] = [written(asdict(one)) for one in self.columns]
        return {**written({**asdict(self), "columns": None}), "columns": columns}


def rule_for(name: str, kind: pa.DataType) -> str:
    """Name the rule of form that a column has by its name and type, empty where there is none.

    >>> rule_for("credit_code", pa.string()), rule_for("统一社会信用代码", pa.string()), rule_for("memo", pa.string())
    ('credit_code', 'credit_code', 'text')
    """
    low = name.lower()
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return "day"
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        for ending, rule in (("longitude", "longitude"), ("经度", "longitude"), ("latitude", "latitude")):
            if low.endswith(ending):
                return rule
        return "latitude" if "纬度" in low else "number"
    if not pa.types.is_string(kind) and not pa.types.is_large_string(kind):
        return ""
    if low in ("division", "county", "prefecture"):
        return "division"
    for words, rule in (
        (("uscc", "credit_code", "信用代码"), "credit_code"),
        (("区划",), "division"),
        (("date", "日期", "月份"), "written_day"),
    ):
        if any(word in low for word in words):
            return rule
    return "text"


def measure_column(name: str, column: pa.ChunkedArray | pa.Array, as_of: dt.date) -> ColumnQuality:
    """Measure a column of n cells; blanks count as nothing.

    >>> found = measure_column("credit_code", pa.array(["914403001922038216", "12", " ", None]), dt.date(2026, 1, 1))
    >>> found.completeness, found.validity, found.uniqueness
    (0.5, 0.5, 1.0)
    """
    held = column if isinstance(column, pa.Array) else column.combine_chunks()
    if isinstance(held, pa.ChunkedArray):
        held = pa.concat_arrays(held.chunks) if held.num_chunks else pa.array([], held.type)
    rule = rule_for(name, held.type)
    known = _known(held)
    rows = len(held)
    found = len(known)
    valid = _valid(known, rule, as_of) if rule and found else None
    days = _days(known, rule) if rule in ("day", "written_day") and found else None
    past = days[days <= np.datetime64(as_of)] if days is not None else None
    newest = str(past.max()) if past is not None and past.size else ""
    fresh = None
    if days is not None and past is not None and days.size:
        fresh = float(np.count_nonzero(past >= np.datetime64(as_of - dt.timedelta(_FRESH_DAYS))) / days.size)
    countable = found and not pa.types.is_binary(held.type) and not pa.types.is_nested(held.type)
    return ColumnQuality(
        name,
        str(held.type),
        rule,
        found / rows if rows else None,
        valid,
        pc.count_distinct(known).as_py() / found if countable else None,
        newest,
        fresh,
    )


def measure_table(
    columns: Iterable[tuple[str, Callable[[], pa.ChunkedArray | pa.Array]]],
    rows: int,
    as_of: dt.date,
    different_rows: int | None = None,
    tell: Callable[[int], None] = lambda done: None,
) -> TableQuality:
    """Measure a table whose columns are fetched one after the other, so that one at a time is in memory.

    `different_rows` is how many rows differ from all others, None where that was not counted. Shares of the whole are
    means over cells: completeness over all, validity over those that have a rule, timeliness over columns of days.
    """
    found: list[ColumnQuality] = []
    for name, fetch in columns:
        found.append(measure_column(name, fetch(), as_of))
        tell(len(found))
    known = [(one.completeness or 0.0) * rows for one in found]
    judged = [(one.validity, weight) for one, weight in zip(found, known, strict=True) if one.validity is not None]
    fresh = [(one.timeliness, weight) for one, weight in zip(found, known, strict=True) if one.timeliness is not None]
    return TableQuality(
        rows,
        as_of.isoformat(),
        sum(known) / (rows * len(found)) if rows and found else None,
        _mean(judged),
        different_rows / rows if different_rows is not None and rows else None,
        _mean(fresh),
        tuple(found),
    )


def _mean(weighed: Sequence[tuple[float, float]]) -> float | None:
    whole = sum(weight for _share, weight in weighed)
    return sum(share * weight for share, weight in weighed) / whole if whole else None


def _known(held: pa.Array) -> pa.Array:
    """Give the cells that hold something: no null, no blank text, no number that is none."""
    known = held.drop_null()
    if pa.types.is_string(known.type) or pa.types.is_large_string(known.type):
        return known.filter(pc.not_equal(pc.utf8_trim_whitespace(known), ""))
    if pa.types.is_floating(known.type):
        return known.filter(pc.is_finite(known))
    return known


def _valid(known: pa.Array, rule: str, as_of: dt.date) -> float | None:
    found = len(known)
    good: int
    if rule == "credit_code":
        faults = credit_code_faults(normalise_credit_codes(pc.cast(known, pa.string())))
        good = int(np.count_nonzero(faults == 0))
    elif rule == "division":
        good = _matching(known, r"^[1-9][0-9]{5}([0-9]{3}|[0-9]{6})?$")
    elif rule in ("day", "written_day"):
        days = _days(known, rule)
        good = int(np.count_nonzero((days >= np.datetime64(_EARLIEST)) & (days <= np.datetime64(as_of))))
    elif rule in ("longitude", "latitude"):
        most = 180 if rule == "longitude" else 90
        good = pc.sum(pc.less_equal(pc.abs(pc.cast(known, pa.float64())), most)).as_py() or 0
    elif rule == "number":
        good = found
    else:
        # A mark of a lost letter, or a control mark, shows that the text was read in a wrong way.
        good = found - _matching(known, "[\ufffd\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]")
    return good / found


def _matching(known: pa.Array, pattern: str) -> int:
    return pc.sum(pc.match_substring_regex(known, pattern)).as_py() or 0


def _days(known: pa.Array, rule: str) -> np.ndarray:
    """Give the days of a column as NumPy days, those that cannot be read as not-a-time."""
    if rule == "day":
        return np.asarray(pc.cast(known, pa.timestamp("us")).to_numpy(zero_copy_only=False), "datetime64[D]")
    text = pc.utf8_trim_whitespace(known)
    text = pc.replace_substring_regex(text, "[年月/.]", "-")
    parts = pc.extract_regex(
        text, r"^(?P<y>[12][0-9]{3})-?(?P<m>0[1-9]|1[0-2]|[1-9])(?:-?(?P<d>[0-3]?[0-9]))?(?:\D.*)?$"
    )
    days = [_day(one) for one in parts.to_pylist()]
    return np.array(days, "datetime64[D]")


def _day(parts: Mapping[str, str] | None) -> np.datetime64:
    if parts is None:
        return np.datetime64("NaT", "D")
    try:
        return np.datetime64(dt.date(int(parts["y"]), int(parts["m"]), int(parts["d"] or 1)))
    except ValueError:
        return np.datetime64("NaT", "D")
