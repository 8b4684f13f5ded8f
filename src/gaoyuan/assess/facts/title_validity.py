"""Whether a title holds on a day, by the dates of its grants: yes, no, or left open by them (None)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable


def holds_on(
    granted: dt.date | None,
    precision: str | None,
    valid_to: dt.date | None,
    as_of: dt.date,
    valid_by: str | None = None,
) -> bool | None:
    """Whether a grant holds on a day; None where its dates leave that open.

    `granted` is the first day that it can hold from, known to the day, the month or the year. An end that follows from
    it by the usual validity (`valid_by` is "rule") is the last one that can be: it is as open as the beginning.

    >>> holds_on(dt.date(2023, 7, 14), "day", dt.date(2026, 7, 13), dt.date(2026, 7, 13))
    True
    >>> holds_on(dt.date(2023, 1, 1), "year", None, dt.date(2026, 7, 13)) is None
    True
    """
    if (granted is not None and granted > as_of) or (valid_to is not None and valid_to < as_of):
        return False
    if granted is None or valid_to is None:
        return None
    if precision not in ("year", "month"):
        return True
    same = granted.year == as_of.year and (precision == "year" or granted.month == as_of.month)
    slack = dt.timedelta(days=365 if precision == "year" else 30)
    return None if same or (valid_by == "rule" and as_of > valid_to - slack) else True


def any_holds(states: Iterable[bool | None]) -> bool | None:
    """Whether any of several grants of a title holds: for certain where one does, open where one may.

    >>> any_holds([False, None]) is None, any_holds([None, True]), any_holds([False])
    (True, True, False)
    """
    known = set(states)
    return True if True in known else None if None in known else False
