"""From the cells of a column to values in our units, with the cells that cannot be read marked.

Each parser takes an Arrow array of any type (n) and gives the values (n) and a mask (n) of faults; a cell that says
"unknown" in words becomes null and is no fault.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.registry.columns import nothing_words

Mask = npt.NDArray[np.bool_]

_EARLIEST = dt.date(1600, 1, 1)
_DATE = (
    r"^(?P<y>\d{4})(?:[-/.年](?P<m>\d{1,2})(?:[-/.月](?P<d>\d{1,2}))?[日月]?|(?P<m2>\d{2})(?P<d2>\d{2}))"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$"
)
_AMOUNT = (
    r"^(?P<number>[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)(?P<unit>亿|千万|百万|万|千)?"
    r"(?P<currency>元人民币|人民币元|人民币|元|CNY|RMB)?(?P<foreign>\D{1,8})?$"
)
_FACTORS = {"亿": 1e8, "千万": 1e7, "百万": 1e6, "万": 1e4, "千": 1e3}
_FOREIGN = (
    r"美元|港元|港币|欧元|日元|英镑|台币|韩元|澳元|加元|新加坡元|瑞士法郎|USD|HKD|EUR|JPY|GBP|TWD|KRW|AUD|CAD|SGD|CHF"
)


_YES = ("是", "关键", "必需", "必要", "有", "√", "y", "yes", "true", "1", "1.0", "t")
_NO = ("否", "非关键", "不必需", "非必要", "×", "n", "no", "false", "0", "0.0", "f")


@dataclass(frozen=True, slots=True)
class Parsed:
    """Values (n) and which cells could not be read (n)."""

    values: pa.Array
    faults: Mask


def as_text(cells: pa.Array) -> pa.Array:
    """Give cells as text without blanks around them; what says "unknown" in words becomes null.

    Text that a spreadsheet wrapped as a formula to keep its zeros (="0123") is unwrapped.

    >>> as_text(pa.array([' 甲 ', '无', None, '="012"'])).to_pylist()
    ['甲', None, None, '012']
    """
    text = _strings(cells)
    if _holds(text, '="'):
        text = pc.replace_substring_regex(text, r'^="(.*)"$', r"\1")
    text = pc.utf8_trim_whitespace(text)
    short = pc.less_equal(pc.binary_length(text), 12)
    if not pc.any(short).as_py():
        return text
    folded = pc.replace_substring_regex(pc.utf8_lower(text), r"\s+", "")
    return pc.if_else(
        pc.fill_null(pc.is_in(folded, value_set=pa.array(nothing_words(), folded.type)), False),
        pa.scalar(None, text.type),
        text,
    )


def as_amount(cells: pa.Array, factor: float = 1.0) -> Parsed:
    """Give amounts of money in yuan; `factor` is the unit of the heading, a unit in the cell (500万) takes its place.

    Amounts in a foreign currency are unknown in yuan: null, and no fault.

    >>> as_amount(pa.array(["1,234.5", "500万元", "3亿", "20万美元", "很多"]), 1e4).values.to_pylist()
    [12345000.0, 5000000.0, 300000000.0, None, None]
    """
    if is_number(cells):
        return _finite(pc.multiply(pc.cast(cells, pa.float64()), factor))
    text = _digits(cells)
    parts = pc.extract_regex(text, _AMOUNT)
    number = pc.cast(pc.struct_field(parts, "number"), pa.float64())
    unit = pc.struct_field(parts, "unit")
    foreign = pc.struct_field(parts, "foreign")
    in_cell = pa.array(
        [None if value == "" else _FACTORS.get(value) for value in unit.dictionary_encode().dictionary.to_pylist()],
        pa.float64(),
    )
    factors = pc.coalesce(in_cell.take(unit.dictionary_encode().indices), pa.scalar(factor))
    abroad = pc.fill_null(pc.match_substring_regex(text, _FOREIGN), False)
    strange = pc.and_(pc.fill_null(pc.greater(pc.binary_length(foreign), 0), False), pc.invert(abroad))
    amount = pc.multiply(number, factors)
    endless = pc.fill_null(pc.is_inf(amount), False)
    unread = pc.and_(pc.is_valid(text), pc.or_(pc.is_null(number), pc.or_(strange, endless)))
    nowhere = pc.or_(abroad, pc.or_(strange, endless))
    values = pc.if_else(nowhere, pa.scalar(None, pa.float64()), amount)
    return Parsed(values, _numpy(pc.and_(unread, pc.invert(abroad))))


def as_count(cells: pa.Array) -> Parsed:
    """Give whole numbers that are not negative, such as persons employed ("50人", "1,200").

    >>> as_count(pa.array(["50人", "1,200", "-3", "50-99"])).values.to_pylist()
    [50, 1200, None, None]
    """
    if is_number(cells):
        number = _known(pc.cast(cells, pa.float64()))
        given = number
    else:
        given = _digits(cells)
        number = _number(pc.replace_substring_regex(given, r"(人|名|个)$", ""))
    whole = pc.fill_null(
        pc.and_(pc.greater_equal(number, 0.0), pc.and_(pc.equal(pc.floor(number), number), pc.less(number, 1e9))), False
    )
    return Parsed(
        pc.cast(pc.if_else(whole, number, pa.scalar(None, pa.float64())), pa.int64()),
        _numpy(pc.and_(pc.is_valid(given), pc.invert(whole))),
    )


def as_number(cells: pa.Array, *, signed: bool = False) -> Parsed:
    """Give numbers of 0 or more, such as quantities and capacities ("1,200.5"); `signed` ones may be below 0.

    >>> as_number(pa.array(["1,200.5", "-3", "12台", None])).values.to_pylist()
    [1200.5, None, None, None]
    """
    if is_number(cells):
        given = _known(pc.cast(cells, pa.float64()))
        number = given
    else:
        given = _digits(cells)
        number = _number(given)
    fits = pc.fill_null(pc.and_(pc.or_(pc.greater_equal(number, 0.0), pa.scalar(signed)), pc.is_finite(number)), False)
    values = pc.if_else(fits, number, pa.scalar(None, pa.float64()))
    return Parsed(values, _numpy(pc.and_(pc.is_valid(given), pc.invert(fits))))


def as_share(cells: pa.Array, *, percent: bool = False) -> Parsed:
    """Give shares as fractions of 1; what ends in % is percent, and so is everything where the heading says it.

    A number above 1 that nothing marks as percent is a fault: 35 may be meant as 35 % or be a mistake.

    >>> as_share(pa.array(["35%", "0.35", "35", "1"])).values.to_pylist()
    [0.35, 0.35, None, 1.0]
    >>> as_share(pa.array(["35%", "35", "135"]), percent=True).values.to_pylist()
    [0.35, 0.35, None]
    """
    if is_number(cells):
        given = _known(pc.cast(cells, pa.float64()))
        share = pc.divide(given, 100.0) if percent else given
    else:
        given = _digits(cells)
        marked = pc.fill_null(pc.match_substring_regex(given, "[%％]$"), False)
        number = _number(pc.replace_substring_regex(given, "[%％]$", ""))
        share = pc.if_else(pc.or_(marked, pa.scalar(percent)), pc.divide(number, 100.0), number)
    fits = pc.fill_null(pc.and_(pc.greater_equal(share, 0.0), pc.less_equal(share, 1.0)), False)
    values = pc.if_else(fits, share, pa.scalar(None, pa.float64()))
    return Parsed(values, _numpy(pc.and_(pc.is_valid(given), pc.invert(fits))))


def as_flag(cells: pa.Array) -> Parsed:
    """Give yes and no as true and false.

    >>> as_flag(pa.array(["是", "关键", "no", "0", "也许", None])).values.to_pylist()
    [True, True, False, False, None, None]
    """
    if pa.types.is_boolean(cells.type):
        return Parsed(cells, np.zeros(len(cells), dtype=bool))
    text = pc.utf8_lower(as_text(cells))
    yes, no = (pc.is_in(text, value_set=pa.array(words, text.type)) for words in (_YES, _NO))
    values = pc.if_else(yes, pa.scalar(True), pc.if_else(no, pa.scalar(False), pa.scalar(None, pa.bool_())))
    return Parsed(values, _numpy(pc.and_(pc.is_valid(text), pc.invert(pc.or_(yes, no)))))


def as_degrees(cells: pa.Array) -> Parsed:
    """Give longitudes or latitudes in decimal degrees.

    >>> as_degrees(pa.array(["116.40", "116°24′"])).values.to_pylist()
    [116.4, None]
    """
    if is_number(cells):
        return _finite(pc.cast(cells, pa.float64()))
    text = pc.replace_substring_regex(_digits(cells), r"[°度]$", "")
    number = _number(text)
    return Parsed(number, _numpy(pc.and_(pc.is_valid(text), pc.is_null(number))))


def as_date(cells: pa.Array, today: dt.date) -> Parsed:
    """Give dates; year and month alone stand for their first day. A date before 1600 or after `today` is a fault.

    >>> as_date(pa.array(["2019年4月1日", "20190401", "2019/4", "2019-13-01"]), dt.date(2026, 1, 1)).values.to_pylist()
    [datetime.date(2019, 4, 1), datetime.date(2019, 4, 1), datetime.date(2019, 4, 1), None]
    """
    if pa.types.is_temporal(cells.type):
        dates = pc.cast(cells, pa.date32(), safe=False)
        return _in_time(dates, pc.is_valid(cells), today)
    text = pc.replace_substring_regex(pc.utf8_normalize(as_text(cells), "NFKC"), r"\s*([-/.年月日])\s*", r"\1")
    parts = pc.extract_regex(text, _DATE)

    def part(*names: str) -> npt.NDArray[np.int64]:
        found = pa.nulls(len(text), pa.int64())
        for name in names:
            digits = pc.struct_field(parts, name)
            found = pc.coalesce(
                found, pc.cast(pc.if_else(pc.equal(digits, ""), pa.scalar(None, digits.type), digits), pa.int64())
            )
        return pc.fill_null(found, 0).to_numpy(zero_copy_only=False)

    year, month, day = part("y"), part("m", "m2"), part("d", "d2")
    read = (year > 0) & (month > 0)
    day = np.where(read & (day == 0), 1, day)
    real = read & (month <= 12) & (day <= 31) & (day >= 1)
    months = (np.where(real, year, 1970) - 1970) * 12 + np.where(real, month, 1) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]")
    dates = first + (np.where(real, day, 1) - 1)
    real &= dates.astype("datetime64[M]") == months.astype("datetime64[M]")
    return _in_time(pa.array(dates, mask=~real), pc.is_valid(text), today)


def _in_time(dates: pa.Array, given: pa.Array, today: dt.date) -> Parsed:
    kept = pc.fill_null(
        pc.and_(pc.greater_equal(dates, pa.scalar(_EARLIEST)), pc.less_equal(dates, pa.scalar(today))), False
    )
    return Parsed(pc.if_else(kept, dates, pa.scalar(None, pa.date32())), _numpy(pc.and_(given, pc.invert(kept))))


def _known(numbers: pa.Array) -> pa.Array:
    # Programs write NaN into columns of floats where they know nothing.
    return pc.if_else(pc.is_nan(numbers), pa.scalar(None, numbers.type), numbers)


def _finite(values: pa.Array) -> Parsed:
    finite = pc.fill_null(pc.is_finite(values), False)
    infinite = pc.fill_null(pc.is_inf(values), False)
    return Parsed(pc.if_else(finite, values, pa.scalar(None, pa.float64())), _numpy(infinite))


def _number(text: pa.Array) -> pa.Array:
    plain = pc.match_substring_regex(text, r"^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$")
    return pc.cast(pc.if_else(plain, text, pa.scalar(None, text.type)), pa.float64())


def _digits(cells: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(pc.utf8_normalize(as_text(cells), "NFKC"), r"[,\s]", "")


def _strings(cells: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(cells.type):
        cells = pc.cast(cells, cells.type.value_type)
    return pc.cast(cells, pa.large_string())


def is_number(cells: pa.Array) -> bool:
    """Tell whether the cells are held as numbers, not as text."""
    return pa.types.is_integer(cells.type) or pa.types.is_floating(cells.type) or pa.types.is_decimal(cells.type)


def _holds(text: pa.Array, part: str) -> bool:
    return bool(pc.any(pc.match_substring(text, part)).as_py())


def _numpy(mask: pa.Array) -> Mask:
    return pc.fill_null(mask, False).to_numpy(zero_copy_only=False).astype(bool, copy=False)
