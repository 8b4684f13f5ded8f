"""Booking shared laboratories and capacity (共享实验室, 共享产能): slots, rules, prices, quotas, a waiting list."""

from gaoyuan.exchange.booking.acts import (
    Done,
    approve,
    ask,
    cancel,
    check_in,
    miss,
    offer_places,
    pass_time,
    take_offer,
)
from gaoyuan.exchange.booking.diary import Booking, Diary, SlotKey, User
from gaoyuan.exchange.booking.looking import Slot, next_free, slots_shown
from gaoyuan.exchange.booking.model import Cancellation, Opening, Quota, Resource, ResourceInvalid
from gaoyuan.exchange.booking.rules import cancellation_charge, price_of
from gaoyuan.exchange.booking.slots import slots_between, slots_on
from gaoyuan.exchange.booking.utilisation import Utilisation, utilisation

__all__ = [
    "Booking",
    "Cancellation",
    "Diary",
    "Done",
    "Opening",
    "Quota",
    "Resource",
    "ResourceInvalid",
    "Slot",
    "SlotKey",
    "User",
    "Utilisation",
    "approve",
    "ask",
    "cancel",
    "cancellation_charge",
    "check_in",
    "miss",
    "next_free",
    "offer_places",
    "pass_time",
    "price_of",
    "slots_between",
    "slots_on",
    "slots_shown",
    "take_offer",
    "utilisation",
]
