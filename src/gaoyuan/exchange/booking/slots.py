"""The slots of a resource: which there are on a day, and which a booking from one moment to another takes."""

from __future__ import annotations

import datetime as dt

from gaoyuan.exchange.booking.model import Resource

__all__ = ["all_open", "slots_between", "slots_on"]


def slots_on(resource: Resource, day: dt.date) -> tuple[dt.datetime, ...]:
    """Give the beginnings of a day's slots in UTC, ascending; none on a closed day.

    A slot that does not fit before the end of the hours, or into which a blocked time falls, is left out. Where the
    clock jumps, slots keep their true length and stay within the hours.

    >>> from decimal import Decimal
    >>> from gaoyuan.exchange.booking.model import Opening
    >>> hours = (Opening(0, dt.time(9), dt.time(12)),)
    >>> lab = Resource("盐雾箱", 60, hours, {"member": Decimal(80)})
    >>> [start.hour for start in slots_on(lab, dt.date(2026, 5, 4))], slots_on(lab, dt.date(2026, 5, 5))
    ([1, 2, 3], ())
    """
    if day in resource.closed:
        return ()
    length = dt.timedelta(minutes=resource.slot_minutes)
    found = []
    for opening in resource.hours:
        if opening.weekday != day.weekday():
            continue
        at = dt.datetime.combine(day, opening.start, resource.zone).astimezone(dt.UTC)
        last = day + dt.timedelta(days=1) if opening.end == dt.time(0) else day
        end = dt.datetime.combine(last, opening.end, resource.zone).astimezone(dt.UTC)
        while at + length <= end:
            found.append(at)
            at += length
    return tuple(
        sorted(at for at in found if not any(at < end and begins < at + length for begins, end in resource.blocked))
    )


def all_open(resource: Resource, slots: tuple[dt.datetime, ...]) -> bool:
    """Tell whether all of some slots are open; a resource may have been closed since they were asked for."""
    days = {slot.astimezone(resource.zone).date() for slot in slots}
    return set(slots) <= {slot for day in days for slot in slots_on(resource, day)}


def slots_between(resource: Resource, start: dt.datetime, end: dt.datetime) -> tuple[dt.datetime, ...] | None:
    """Give the slots that fill the time from `start` to `end` without a gap; None where they do not, or it is empty."""
    length = dt.timedelta(minutes=resource.slot_minutes)
    try:
        first = start.astimezone(resource.zone).date()
        days = (end.astimezone(resource.zone).date() - first).days
    except OverflowError:
        return None
    if not 0 <= days <= resource.horizon_days or end <= start:
        return None
    open_slots = [slot for day in range(days + 1) for slot in slots_on(resource, first + dt.timedelta(days=day))]
    taken = tuple(slot for slot in open_slots if start <= slot and slot + length <= end)
    whole = len(taken) * length == end - start and taken[0] == start
    return taken if whole else None
