from __future__ import annotations

import datetime as dt

import pytest

from gaoyuan.assess.facts.title_validity import any_holds, holds_on

DAY = dt.date(2025, 6, 30)


@pytest.mark.parametrize(
    ("granted", "precision", "valid_to", "holds"),
    [
        (dt.date(2025, 6, 30), "day", dt.date(2025, 6, 30), True),
        (dt.date(2025, 7, 1), "day", None, False),
        (dt.date(2025, 6, 1), "month", dt.date(2028, 5, 31), None),
        (dt.date(2025, 5, 1), "month", dt.date(2028, 4, 30), True),
        (dt.date(2025, 1, 1), "year", dt.date(2027, 12, 31), None),
        (dt.date(2024, 1, 1), "year", dt.date(2026, 12, 31), True),
        (None, None, dt.date(2025, 6, 29), False),
        (None, None, dt.date(2025, 6, 30), None),
        (None, None, None, None),
    ],
)
def test_a_title_holds_from_its_first_to_its_last_day(granted, precision, valid_to, holds):
    assert holds_on(granted, precision, valid_to, DAY) is holds


@pytest.mark.parametrize(
    ("states", "holds"),
    [([False, None], None), ([None, False, True], True), ([False, False], False), ([None], None), ([], False)],
)
def test_of_several_grants_one_that_holds_is_enough_and_one_that_may_leaves_it_open(states, holds):
    assert any_holds(states) is holds


def test_an_end_that_follows_from_a_beginning_known_to_the_year_is_as_open_as_that():
    granted, last = dt.date(2019, 1, 1), dt.date(2022, 12, 30)
    assert holds_on(granted, "year", last, dt.date(2021, 6, 1), "rule") is True
    assert holds_on(granted, "year", last, dt.date(2022, 6, 1), "rule") is None
    assert holds_on(granted, "year", last, dt.date(2022, 6, 1), "given") is True
    assert holds_on(granted, "year", last, dt.date(2022, 12, 31), "rule") is False
