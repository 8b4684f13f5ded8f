"""What whoever looks for a time sees of a resource: how many places are free in each slot, and the next free slot."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from gaoyuan.exchange.booking.diary import Diary
from gaoyuan.exchange.booking.slots import slots_on

__all__ = ["Slot", "next_free", "slots_shown"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of a resource: when it begins, how many places of it are free, and whether it can be asked for now (not
    past, not too soon, not too far ahead).
    """

    start: dt.datetime
    free: int
    in_time: bool


def slots_shown(diary: Diary, day: dt.date, now: dt.datetime) -> tuple[Slot, ...]:
    """Give the slots of a day, in the resource's own time; who holds them is nobody's business.

    >>> from decimal import Decimal
    >>> from gaoyuan.exchange.booking.model import Opening, Resource
    >>> lab = Resource("盐雾箱", 60, (Opening(0, dt.time(9), dt.time(11)),), {"member": Decimal(80)}, notice_hours=1)
    >>> half_past = dt.datetime(2026, 5, 4, 0, 30, tzinfo=dt.UTC)
    >>> [(one.start.hour, one.free, one.in_time) for one in slots_shown(Diary(lab), dt.date(2026, 5, 4), half_past)]
    [(1, 1, False), (2, 1, True)]
    """
    resource, held = diary.resource, Counter(slot for _, _, slot in diary.held())
    first, last = _window(diary, now)
    return tuple(
        Slot(slot, max(0, resource.places - held[slot]), first <= slot <= last) for slot in slots_on(resource, day)
    )


def next_free(diary: Diary, now: dt.datetime) -> dt.datetime | None:
    """Give the beginning of the first slot that can be asked for now and is free; None where none is.

    >>> from decimal import Decimal
    >>> from gaoyuan.exchange.booking.model import Opening, Resource
    >>> lab = Resource("盐雾箱", 60, (Opening(0, dt.time(9), dt.time(12)),), {"member": Decimal(80)})
    >>> next_free(Diary(lab), dt.datetime(2026, 5, 5, tzinfo=dt.UTC)).isoformat()
    '2026-05-11T01:00:00+00:00'
    """
    resource, held = diary.resource, Counter(slot for _, _, slot in diary.held())
    first, last = _window(diary, now)
    day, end = first.astimezone(resource.zone).date(), last.astimezone(resource.zone).date()
    while day <= end:
        for slot in slots_on(resource, day):
            if first <= slot <= last and held[slot] < resource.places:
                return slot
        day += dt.timedelta(days=1)
    return None


def _window(diary: Diary, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    resource = diary.resource
    return now + dt.timedelta(hours=resource.notice_hours), now + dt.timedelta(days=resource.horizon_days)
