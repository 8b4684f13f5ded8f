from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.assess.targets.plan import read_time, time_of


@given(st.dates(dt.date(1950, 1, 1), dt.date(2150, 12, 30)))
def test_times_grow_with_the_days_and_reach_the_year_at_its_end(day: dt.date):
    assert time_of(day) < time_of(day + dt.timedelta(days=1))
    assert day.year - 1 < time_of(day) <= day.year
    assert read_time(day) == read_time(day.isoformat()) == (time_of(day), day.isoformat())


def test_what_is_no_year_or_date_is_none():
    assert [read_time(given) for given in ("", None, "24", "2025-13-01", "10000", 12.5)] == [None] * 6
    assert read_time("2024.0") == (2024.0, "2024")
