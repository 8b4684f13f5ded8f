"""The diary of a resource: who has which slots, who waits for which; a value that acts replace by a new one.

A slot that is held has one key, (resource, place, start), and no two bookings share a key. A database that makes this
key unique cannot book twice, however many ask at once (the pattern of libres, https://github.com/seantis/libres).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, TypeAlias

from gaoyuan.exchange.booking.model import Resource

__all__ = ["Booking", "Diary", "SlotKey", "Status", "User"]

Status: TypeAlias = Literal["waiting", "offered", "pending", "confirmed", "used", "missed"]
SlotKey: TypeAlias = "tuple[str, int, dt.datetime]"


@dataclass(frozen=True, slots=True)
class User:
    """Who books: a party, its kind (by which it pays), and the trainings and permits that it has."""

    name: str
    kind: str
    has: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Booking:
    """A wish for slots and what became of it. `waiting` and `pending` hold nothing; the others hold the slots on
    `place`, an offer until `until`. Whoever came has `used` them, whoever did not has `missed` them. `number` is the
    order of asking, `price` is in yuan.
    """

    number: int
    user: User
    slots: tuple[dt.datetime, ...]
    status: Status
    price: Decimal
    place: int | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Diary:
    """All bookings of a resource that live or were used or missed, in the order of asking; `asked` counts all that ever
    were.
    """

    resource: Resource
    bookings: tuple[Booking, ...] = ()
    asked: int = 0

    def booking(self, number: int) -> Booking | None:
        """Give a live booking by its number, None where there is none."""
        return next((one for one in self.bookings if one.number == number), None)

    def held(self) -> tuple[SlotKey, ...]:
        """Give the keys of all slots that are held."""
        return tuple(
            (self.resource.name, one.place, slot)
            for one in self.bookings
            if one.place is not None
            for slot in one.slots
        )

    def free_place(self, slots: Iterable[dt.datetime]) -> int | None:
        """Give the first place on which all of some slots are free, None where there is none."""
        wanted = set(slots)
        taken = {place for _, place, slot in self.held() if slot in wanted}
        return next((place for place in range(1, self.resource.places + 1) if place not in taken), None)

    def with_booking(self, booking: Booking) -> Diary:
        """Give the diary with a booking put in or, by its number, replaced."""
        others = [one for one in self.bookings if one.number != booking.number]
        kept = tuple(sorted((*others, booking), key=lambda one: one.number))
        return replace(self, bookings=kept, asked=max(self.asked, booking.number))

    def without(self, number: int) -> Diary:
        """Give the diary without a booking."""
        return replace(self, bookings=tuple(one for one in self.bookings if one.number != number))
