"""When a title holds: dates as lists write them, to the day, the month or the year, and periods of validity."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

Precision: TypeAlias = Literal["day", "month", "year"]

_EARLIEST = 1949
_LATEST = 2200
_DAY = r"\d{4}(?:[-/.年]\d{1,2}(?:[-/.月]\d{1,2})?|\d{4})?[年月日]?度?"
_PARTS = re.compile(
    r"(?P<y>\d{4})(?:[-/.年](?P<m>\d{1,2})(?:[-/.月](?P<d>\d{1,2}))?|(?P<m2>\d{2})(?P<d2>\d{2}))?[年月日]?度?"
)
_TIME = re.compile(r"(?<=\d)[T ]\d{1,2}:\d{2}.*$")
_RANGE = re.compile(rf"自?从?(?P<first>{_DAY})起?(?:至|到|[-—–~]{{1,2}})(?P<last>{_DAY})止?")
_UNTIL = re.compile(rf"(?:有效期)?(?:截?至|截止|到)?(?P<last>{_DAY})止?")
_YEARS = re.compile(r"(?:有效期)?为?(?P<years>\d{1,2}|[一二三四五六七八九十])年?(?:有效)?")
_NUMBERS = {digit: number for number, digit in enumerate("一二三四五六七八九十", start=1)}


@dataclass(frozen=True, slots=True)
class Day:
    """A day as far as it is known: the first one that it can be, and to what precision."""

    first: dt.date
    precision: Precision

    @property
    def last(self) -> dt.date:
        """The last day that it can be."""
        if self.precision == "day":
            return self.first
        month = self.first.month if self.precision == "month" else 12
        return dt.date(self.first.year, month, calendar.monthrange(self.first.year, month)[1])


@dataclass(frozen=True, slots=True)
class Validity:
    """What a cell says of validity: from which day, to which last day, or for how many years; None for what it does not
    say.
    """

    begins: Day | None = None
    ends: dt.date | None = None
    years: int | None = None


@lru_cache(maxsize=65536)
def read_day(text: str) -> Day | None:
    """Read a date that may lack its day or its month; None where the text is no date.

    >>> read_day("2023年7月14日"), read_day("2023.7").precision, read_day("2023年度").precision, read_day("2023-02-30")
    (Day(first=datetime.date(2023, 7, 14), precision='day'), 'month', 'year', None)
    """
    parts = _PARTS.fullmatch(_plain(text))
    if parts is None:
        return None
    month, day = parts["m"] or parts["m2"], parts["d"] or parts["d2"]
    try:
        first = dt.date(int(parts["y"]), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if not _EARLIEST <= first.year <= _LATEST:
        return None
    return Day(first, "day" if day else "month" if month else "year")


@lru_cache(maxsize=65536)
def read_validity(text: str) -> Validity | None:
    """Read a period of validity: a last day, a first and a last one, or a number of years; None where it is none.

    A last month or year holds to its end.

    >>> read_validity("2023年7月1日至2026年6月30日").ends, read_validity("2026年").ends, read_validity("三年").years
    (datetime.date(2026, 6, 30), datetime.date(2026, 12, 31), 3)
    """
    plain = _plain(text)
    if (years := _YEARS.fullmatch(plain)) is not None:
        number = _NUMBERS.get(years["years"]) or int(years["years"])
        return Validity(years=number) if number else None
    if (both := _RANGE.fullmatch(plain)) is not None:
        first, last = read_day(both["first"]), read_day(both["last"])
        return Validity(first, last.last) if first is not None and last is not None else None
    if (until := _UNTIL.fullmatch(plain)) is not None and (last := read_day(until["last"])) is not None:
        return Validity(ends=last.last)
    return None


def _plain(text: str) -> str:
    text = _TIME.sub("", unicodedata.normalize("NFKC", text).strip())
    return re.sub(r"[\s()]+", "", text)
