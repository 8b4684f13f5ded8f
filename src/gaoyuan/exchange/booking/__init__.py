"""Booking shared laboratories and capacity (共享实验室, 共享产能): slots, rules, prices, quotas, a waiting list."""

from gaoyuan.exchange.booking.acts import Done, approve, ask, cancel, pass_time, take_offer
from gaoyuan.exchange.booking.diary import Booking, Diary, SlotKey, User
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
    "SlotKey",
    "User",
    "Utilisation",
    "approve",
    "ask",
    "cancel",
    "cancellation_charge",
    "pass_time",
    "price_of",
    "slots_between",
    "slots_on",
    "take_offer",
    "utilisation",
]
