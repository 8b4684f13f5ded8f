from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.registry.title_periods import Day, Validity, read_day, read_validity


@pytest.mark.parametrize(
    ("text", "first", "precision"),
    [
        ("2023-07-14", dt.date(2023, 7, 14), "day"),
        ("2023/7/14", dt.date(2023, 7, 14), "day"),
        ("2023.07.14", dt.date(2023, 7, 14), "day"),
        ("20230714", dt.date(2023, 7, 14), "day"),
        ("2023 年 7 月 14 日", dt.date(2023, 7, 14), "day"),
        ("２０２３年７月", dt.date(2023, 7, 1), "month"),
        ("2023-07-14 00:00:00", dt.date(2023, 7, 14), "day"),
        ("2023-07-14T08:30:00+08:00", dt.date(2023, 7, 14), "day"),
        ("2023-07", dt.date(2023, 7, 1), "month"),
        ("2023", dt.date(2023, 1, 1), "year"),
        ("2023年度", dt.date(2023, 1, 1), "year"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_given(text: str, first: dt.date, precision: str):
    assert read_day(text) == Day(first, precision)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "text", ["", "去年", "2023-13", "2023-02-30", "0023", "45123", "23-07-14", "1/7/2023", "第五批"]
)
def test_what_is_no_date_is_not_guessed(text: str):
    assert read_day(text) is None


def test_the_last_day_that_a_date_can_be():
    for text, last in (("2024-02", dt.date(2024, 2, 29)), ("2024", dt.date(2024, 12, 31)), ("2024-02-03", None)):
        day = read_day(text)
        assert day is not None
        assert day.last == (last or day.first)


@pytest.mark.parametrize(
    "text",
    [
        "2023年7月1日至2026年6月30日",
        "2023-07-01至2026-06-30",
        "2023-07-01—2026-06-30",
        "2023.7.1-2026.6.30",
        "2023/07/01 ~ 2026/06/30",
        "自2023年7月1日起至2026年6月30日止",
        "20230701-20260630",
    ],
)
def test_a_period_with_both_days_is_read(text: str):
    assert read_validity(text) == Validity(Day(dt.date(2023, 7, 1), "day"), dt.date(2026, 6, 30))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-30", Validity(ends=dt.date(2026, 6, 30))),
        ("有效期至2026年6月30日", Validity(ends=dt.date(2026, 6, 30))),
        ("2026年6月", Validity(ends=dt.date(2026, 6, 30))),
        ("2026", Validity(ends=dt.date(2026, 12, 31))),
        ("3年", Validity(years=3)),
        ("三年", Validity(years=3)),
        ("3", Validity(years=3)),
        ("有效期为3年", Validity(years=3)),
        ("2023-2026", Validity(Day(dt.date(2023, 1, 1), "year"), dt.date(2026, 12, 31))),
        ("2023年1月—2025年12月", Validity(Day(dt.date(2023, 1, 1), "month"), dt.date(2025, 12, 31))),
    ],
)
def test_a_last_day_or_a_number_of_years_is_read(text: str, expected: Validity):
    assert read_validity(text) == expected


@pytest.mark.parametrize("text", ["长期", "", "0年", "2023-07-01至", "三年左右", "2023-02-30至2026-06-30", "100年"])
def test_what_is_no_period_is_not_guessed(text: str):
    assert read_validity(text) is None


@given(st.one_of(st.text(max_size=25), st.text("0123456789-年月日至.三", max_size=22)))
def test_any_text_is_read_without_an_error(text: str):
    day = read_day(text)
    assert day is None or day.first <= day.last
    read_validity(text)
