"""How much of a resource is used."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gaoyuan.exchange.booking.diary import Diary
from gaoyuan.exchange.booking.slots import slots_on

__all__ = ["Utilisation", "utilisation"]


@dataclass(frozen=True, slots=True)
class Utilisation:
    """Slots that were open (times places), those that were booked, those asked for in vain so far and, of the booked,
    those to which somebody came (`used`) and nobody came (`missed`); the others lie ahead. `slot_minutes` is the length
    of a slot.
    """

    open_slots: int
    booked: int
    waited_for: int
    used: int = 0
    missed: int = 0
    slot_minutes: int = 60

    @property
    def share(self) -> float | None:
        """The share of open slots that were booked; None where it was never open."""
        return self.booked / self.open_slots if self.open_slots else None

    @property
    def used_share(self) -> float | None:
        """The share of open slots that were used; None where it was never open."""
        return self.used / self.open_slots if self.open_slots else None

    def hours(self, slots: int) -> float:
        """Give the length of slots in hours."""
        return slots * self.slot_minutes / 60


def utilisation(diary: Diary, first: dt.date, last: dt.date) -> Utilisation:
    """Count the slots of the days from `first` to `last`, both in, in the resource's own time.

    >>> from decimal import Decimal
    >>> from gaoyuan.exchange.booking.model import Opening, Resource
    >>> lab = Resource("盐雾箱", 60, (Opening(0, dt.time(9), dt.time(12)),), {"member": Decimal(80)}, places=2)
    >>> counted = utilisation(Diary(lab), dt.date(2026, 5, 4), dt.date(2026, 5, 10))
    >>> counted.open_slots, counted.booked, counted.hours(counted.open_slots)
    (6, 0, 6.0)
    """
    days = [first + dt.timedelta(days=day) for day in range((last - first).days + 1)]
    slots = {slot for day in days for slot in slots_on(diary.resource, day)}
    of = dict.fromkeys(("waiting", "confirmed", "used", "missed"), 0)
    for one in diary.bookings:
        if one.status in of:
            of[one.status] += sum(slot in slots for slot in one.slots)
    return Utilisation(
        open_slots=len(slots) * diary.resource.places,
        booked=of["confirmed"] + of["used"] + of["missed"],
        waited_for=of["waiting"],
        used=of["used"],
        missed=of["missed"],
        slot_minutes=diary.resource.slot_minutes,
    )
