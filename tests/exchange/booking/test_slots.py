"""Slots of days, also where the clock jumps."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from gaoyuan.exchange.booking import Opening, Resource, slots_between, slots_on

DAY = dt.date(2026, 5, 4)


def test_slots_fill_the_hours_and_leave_out_what_does_not_fit(lab: Resource) -> None:
    assert len(slots_on(lab, DAY)) == 8
    short = replace(lab, slot_minutes=90)
    assert [f"{slot.astimezone(lab.zone):%H:%M}" for slot in slots_on(short, DAY)] == [
        "08:00",
        "09:30",
        "13:00",
        "14:30",
    ]


def test_a_closed_day_and_a_day_without_hours_have_no_slots(lab: Resource) -> None:
    assert slots_on(replace(lab, closed=frozenset({DAY})), DAY) == ()
    assert slots_on(lab, dt.date(2026, 5, 9)) == ()


def test_a_run_goes_on_over_midnight_but_not_over_a_break(lab: Resource) -> None:
    round_the_clock = Resource(
        "炉", 60, tuple(Opening(day, dt.time(0), dt.time(0)) for day in range(7)), {"member": Decimal(1)}
    )
    start = dt.datetime.combine(DAY, dt.time(22), lab.zone)
    run = slots_between(round_the_clock, start, start + dt.timedelta(hours=4))
    assert run is not None
    assert len(run) == 4
    noon = dt.datetime.combine(DAY, dt.time(11), lab.zone)
    assert slots_between(lab, noon, noon + dt.timedelta(hours=3)) is None


def test_where_the_clock_jumps_slots_keep_their_length() -> None:
    hours = (Opening(6, dt.time(0), dt.time(6)),)
    abroad = Resource("炉", 60, hours, {"member": Decimal(1)}, zone=ZoneInfo("Europe/Berlin"))
    forward, back, plain = (slots_on(abroad, dt.date(2026, *day)) for day in ((3, 29), (10, 25), (6, 7)))
    assert (len(forward), len(back), len(plain)) == (5, 7, 6)
    for slots in (forward, back, plain):
        assert {b - a for a, b in pairwise(slots)} == {dt.timedelta(hours=1)}
