"""What whoever looks for a time sees."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from gaoyuan.exchange.booking import Diary, Done, Resource, User, ask, next_free, slots_shown
from gaoyuan.exchange.refusal import Refusal

MONDAY = dt.datetime(2026, 5, 4, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = dt.timedelta(hours=1)


def booked(diary: Diary, name: str, hour: int, hours: int = 1) -> Diary:
    start = MONDAY + hour * HOUR
    made = ask(diary, User(name, "member"), start, start + hours * HOUR, now=MONDAY)
    assert isinstance(made, Done), made
    return made.diary


def test_a_slot_says_how_many_places_are_free_and_whether_it_can_still_be_asked_for(lab: Resource) -> None:
    diary = booked(booked(Diary(lab), "甲厂", 8, 2), "乙厂", 8)
    shown = slots_shown(diary, MONDAY.date(), MONDAY + 8.5 * HOUR)
    assert [one.free for one in shown] == [0, 1, 2, 2, 2, 2, 2, 2]
    assert [one.in_time for one in shown] == [False, False, *[True] * 6]
    assert slots_shown(diary, MONDAY.date() + dt.timedelta(days=5), MONDAY) == ()


def test_the_next_free_slot_is_the_first_that_can_be_booked(lab: Resource) -> None:
    diary = booked(booked(Diary(lab), "甲厂", 8, 2), "乙厂", 8)
    assert next_free(diary, MONDAY) == MONDAY + 9 * HOUR
    user = User("丙厂", "member")
    found = next_free(diary, MONDAY)
    assert found is not None
    assert isinstance(ask(diary, user, found, found + HOUR, now=MONDAY), Done)
    assert next_free(Diary(lab), MONDAY + 17 * HOUR) == MONDAY + 32 * HOUR
    closed = replace(lab, closed=frozenset(MONDAY.date() + dt.timedelta(days=day) for day in range(100)))
    assert next_free(Diary(closed), MONDAY) is None


def test_a_blocked_time_closes_the_slots_into_which_it_falls(lab: Resource) -> None:
    blocked = replace(lab, blocked=((MONDAY + 9.5 * HOUR, MONDAY + 11 * HOUR),))
    shown = slots_shown(Diary(blocked), MONDAY.date(), MONDAY)
    assert [one.start.astimezone(MONDAY.tzinfo).hour for one in shown] == [8, 11, 13, 14, 15, 16]
    refused = ask(Diary(blocked), User("甲厂", "member"), MONDAY + 8 * HOUR, MONDAY + 10 * HOUR, now=MONDAY)
    assert isinstance(refused, Refusal)
    assert refused.code == "not_open"
