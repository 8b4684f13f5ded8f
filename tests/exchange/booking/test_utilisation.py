"""Utilisation."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from gaoyuan.exchange.booking import Booking, Diary, Resource, User, slots_on, utilisation

DAY = dt.date(2026, 5, 4)


def test_only_what_is_confirmed_counts_as_booked(lab: Resource) -> None:
    slots = slots_on(lab, DAY)
    diary = Diary(lab)
    for number, status in enumerate(("confirmed", "offered", "pending", "waiting"), 1):
        holds = number if status in ("confirmed", "offered") else None
        diary = diary.with_booking(Booking(number, User("甲", "member"), slots[:3], status, Decimal(0), holds))
    found = utilisation(diary, DAY, DAY)
    assert (found.open_slots, found.booked, found.waited_for, found.share) == (16, 3, 3, 3 / 16)
    assert utilisation(diary, DAY + dt.timedelta(days=5), DAY + dt.timedelta(days=6)).share is None
