"""Deadlines, bookings and deliveries as an iCalendar file (RFC 5545), which every calendar program subscribes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Appointment", "calendar_of"]


@dataclass(frozen=True, slots=True)
class Appointment:
    """Something at a time: `key` stays the same when it is moved, `number` grows with each change; without `ends` it is
    a moment (a deadline). Times have a zone.
    """

    key: str
    number: int
    title: str
    begins: dt.datetime
    ends: dt.datetime | None = None
    place: str = ""
    words: str = ""
    address: str = ""
    cancelled: bool = False


def calendar_of(appointments: Sequence[Appointment], *, name: str, made: dt.datetime) -> bytes:
    """Give a calendar of that name with all appointments.

    >>> noon = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
    >>> text = calendar_of([Appointment("a", 1, "报价截止", noon)], name="某集群", made=noon).decode()
    >>> "SUMMARY:报价截止" in text, "DTSTART:20260501T120000Z" in text
    (True, True)
    """
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Gaoyuan//exchange//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for one in appointments:
        event = Event()
        event.add("uid", one.key)
        event.add("sequence", one.number)
        event.add("dtstamp", made.astimezone(dt.UTC))
        event.add("summary", one.title)
        event.add("dtstart", one.begins.astimezone(dt.UTC))
        event.add("dtend", (one.ends or one.begins).astimezone(dt.UTC))
        for key, value in (("location", one.place), ("description", one.words), ("url", one.address)):
            if value:
                event.add(key, value)
        if one.cancelled:
            event.add("status", "CANCELLED")
        calendar.add_component(event)
    return calendar.to_ical()
