"""How much of a resource is used."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gaoyuan.exchange.booking.diary import Diary
from gaoyuan.exchange.booking.slots import slots_on

__all__ = ["Utilisation", "utilisation"]


@dataclass(frozen=True, slots=True)
class Utilisation:
    """Slots that were open (times places), those that were booked, and those asked for in vain so far."""

    open_slots: int
    booked: int
    waited_for: int

    @property
    def share(self) -> float | None:
        """The share of open slots that were booked; None where it was never open."""
        return self.booked / self.open_slots if self.open_slots else None


def utilisation(diary: Diary, first: dt.date, last: dt.date) -> Utilisation:
    """Count the slots of the days from `first` to `last`, both in, in the resource's own time.

    >>> from decimal import Decimal
    >>> from gaoyuan.exchange.booking.model import Opening, Resource
    >>> lab = Resource("盐雾箱", 60, (Opening(0, dt.time(9), dt.time(12)),), {"member": Decimal(80)}, places=2)
    >>> utilisation(Diary(lab), dt.date(2026, 5, 4), dt.date(2026, 5, 10))
    Utilisation(open_slots=6, booked=0, waited_for=0)
    """
    days = [first + dt.timedelta(days=day) for day in range((last - first).days + 1)]
    slots = {slot for day in days for slot in slots_on(diary.resource, day)}
    booked = waited_for = 0
    for one in diary.bookings:
        within = sum(slot in slots for slot in one.slots)
        booked += within if one.status == "confirmed" else 0
        waited_for += within if one.status == "waiting" else 0
    return Utilisation(len(slots) * diary.resource.places, booked, waited_for)
