"""When acts are done: by the clock in a contest, at the moment named in a rehearsal."""

from __future__ import annotations

import datetime as dt

import pytest

from gaoyuan.assess.contest import ActRefused, Definition, clock_of
from gaoyuan.errors import InputError

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def now() -> dt.datetime:
    return NOW


def test_a_contest_goes_by_the_clock_and_takes_no_moment(definition: Definition):
    assert clock_of(definition, now, None, rehearsal=False)() == NOW
    with pytest.raises(ActRefused, match="only a rehearsal takes --at"):
        clock_of(definition, now, "2027-03-01T10:00", rehearsal=False)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2027-03-01T10:00", "2027-03-01T10:00:00+08:00"),
        ("2027-03-01", "2027-03-01T00:00:00+08:00"),
        ("2027-03-01T10:00:30Z", "2027-03-01T10:00:30+00:00"),
        ("2027-03-01T10:00+09:00", "2027-03-01T10:00:00+09:00"),
    ],
)
def test_a_moment_without_an_offset_has_that_of_the_deadline_for_entries(definition: Definition, at: str, text: str):
    assert clock_of(definition, now, at, rehearsal=True)().isoformat() == text


def test_a_rehearsal_needs_a_moment_that_is_one(definition: Definition):
    with pytest.raises(ActRefused, match="each act names its moment"):
        clock_of(definition, now, None, rehearsal=True)
    for at in ("", "morgen", "2027-02-30T10:00"):
        with pytest.raises(InputError, match="no moment"):
            clock_of(definition, now, at, rehearsal=True)
