"""Booking, approving, cancelling, waiting, taking offers, coming: each act gives a new diary or says why not.

Whoever waits is offered a place as soon as all of its slots are free, in the order of asking, as far as rules and
quotas still allow; every act that frees slots makes these offers, so that no place stays free while someone waits.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from gaoyuan.exchange.booking.diary import Booking, Diary, User
from gaoyuan.exchange.booking.rules import cancellation_charge, over_quota, price_of, rule_against
from gaoyuan.exchange.booking.slots import all_open, slots_between
from gaoyuan.exchange.refusal import Refusal

__all__ = [
    "EARLIEST",
    "Done",
    "approve",
    "ask",
    "cancel",
    "check_in",
    "miss",
    "offer_places",
    "pass_time",
    "take_offer",
]

EARLIEST = dt.timedelta(hours=2)
"""How long before the start somebody may come."""
_OVER = ("used", "missed")


@dataclass(frozen=True, slots=True)
class Done:
    """What an act gave: the diary, the booking that it was about as it now is (or last was), what it costs now, in
    yuan, the bookings that were offered a place by it, and those that ended by time.
    """

    diary: Diary
    booking: Booking | None
    charge: Decimal = Decimal("0.00")
    offered: tuple[Booking, ...] = ()
    ended: tuple[Booking, ...] = ()


def ask(
    diary: Diary, user: User, start: dt.datetime, end: dt.datetime, *, now: dt.datetime, wait: bool = False
) -> Done | Refusal:
    """Ask for the slots from `start` to `end`.

    Confirmed at once where a place is free and nobody has to approve, else pending. Where no place is free, `wait` puts
    the user on the waiting list (after the approval, where there is one); without it the demand is refused.
    """
    if not all(moment.utcoffset() is not None for moment in (start, end, now)):
        return Refusal("no_offset", "时间缺少时区", "a time has no offset from UTC")
    slots = slots_between(diary.resource, start, end)
    if slots is None:
        return Refusal("not_open", "该时间不是完整的开放时段", "this is not a run of whole open slots")
    refused = rule_against(diary, user, slots, now)
    if refused is not None:
        return refused
    place = diary.free_place(slots)
    price = price_of(diary.resource, user, slots)
    booking = Booking(diary.asked + 1, user, slots, "confirmed", price, place)
    if place is None and not wait:
        return Refusal("full", "名额已满，可以候补", "no place is free; you may wait for one")
    if diary.resource.approval:
        booking = replace(booking, status="pending", place=None)
    elif place is None:
        booking = replace(booking, status="waiting")
    return Done(diary.with_booking(booking), booking)


def approve(diary: Diary, number: int, *, now: dt.datetime, wait: bool = False) -> Done | Refusal:
    """Approve a pending booking, as the owner. A place may have been taken since, as nothing was held: then it is
    refused, or with `wait` put on the waiting list.
    """
    booking = diary.booking(number)
    if booking is None or booking.status != "pending":
        return _no_such("待审批")
    if booking.slots[0] <= now:
        return Refusal("past", "开始时间已过", "its start has passed")
    if not all_open(diary.resource, booking.slots):
        return Refusal("not_open", "该时段已不再开放", "these slots are not open any more")
    place = diary.free_place(booking.slots)
    if place is None and not wait:
        return Refusal("full", "名额已满，可以候补", "no place is free; it may wait for one")
    booking = replace(booking, status="waiting" if place is None else "confirmed", place=place)
    return Done(diary.with_booking(booking), booking)


def cancel(diary: Diary, number: int, *, now: dt.datetime, by_owner: bool = False) -> Done | Refusal:
    """Cancel a booking, pass an offer on, refuse a pending one or leave the waiting list; the freed slots are offered.

    It costs what the resource's rules say, and nothing where the owner cancels. After its start only the owner can.
    """
    booking = diary.booking(number)
    if booking is None or booking.status in _OVER:
        return _no_such("")
    if booking.slots[0] <= now and not by_owner:
        return Refusal("past", "开始时间已过，不能取消", "it has begun and cannot be cancelled")
    charge = Decimal("0.00") if by_owner else cancellation_charge(diary.resource, booking, now)
    return _offered(Done(diary.without(number), booking, charge), now)


def take_offer(diary: Diary, number: int, *, now: dt.datetime) -> Done | Refusal:
    """Take a place that was offered, as who waited for it."""
    booking = diary.booking(number)
    if booking is None or booking.status != "offered" or booking.until is None:
        return _no_such("待确认的候补")
    if now >= booking.until:
        return Refusal("too_late", "确认时限已过", "the time to take it has passed")
    booking = replace(booking, status="confirmed", until=None)
    return Done(diary.with_booking(booking), booking)


def check_in(diary: Diary, number: int, *, now: dt.datetime) -> Done | Refusal:
    """Note that whoever booked has come; it then costs its price. Nobody comes earlier than two hours before."""
    booking = diary.booking(number)
    if booking is None or booking.status != "confirmed":
        return _no_such("已确认的")
    if now < booking.slots[0] - EARLIEST:
        return Refusal(
            "too_early", "最早可在开始前两小时到场登记", "check in two hours before the start at the earliest"
        )
    booking = replace(booking, status="used")
    return Done(diary.with_booking(booking), booking, booking.price)


def miss(diary: Diary, number: int, *, now: dt.datetime) -> Done | Refusal:
    """Note that whoever booked has not come; it costs what cancelling after the last step costs, the whole price."""
    booking = diary.booking(number)
    if booking is None or booking.status != "confirmed":
        return _no_such("已确认的")
    if now < booking.slots[0]:
        return Refusal("too_early", "开始时间未到", "it has not begun yet")
    booking = replace(booking, status="missed")
    return Done(diary.with_booking(booking), booking, booking.price)


def pass_time(diary: Diary, now: dt.datetime) -> Done:
    """End the offers that were not taken in time, and what waited or was pending when its slots began; offer what that
    frees. `ended` says which; they are gone from the diary.
    """
    late = tuple(
        one
        for one in diary.bookings
        if (one.until is not None and one.until <= now)
        or (one.status in ("waiting", "pending", "offered") and one.slots[0] <= now)
    )
    for one in late:
        diary = diary.without(one.number)
    return _offered(Done(diary, None, ended=late), now)


def offer_places(diary: Diary, now: dt.datetime) -> Done:
    """Offer the places that are free to those who wait, in the order of asking; every act that frees some does it."""
    return _offered(Done(diary, None), now)


def _offered(done: Done, now: dt.datetime) -> Done:
    diary, offered = done.diary, []
    for one in diary.bookings:
        if one.status != "waiting" or one.slots[0] <= now or not all_open(diary.resource, one.slots):
            continue
        place = diary.free_place(one.slots)
        if place is None or over_quota(diary, one.user, one.slots, one.number) is not None:
            continue
        until = min(now + dt.timedelta(hours=diary.resource.offer_hours), one.slots[0])
        offer = replace(one, status="offered", place=place, until=until)
        diary = diary.with_booking(offer)
        offered.append(offer)
    return replace(done, diary=diary, offered=tuple(offered))


def _no_such(what: str) -> Refusal:
    return Refusal("no_such", f"没有此{what}预约", "there is no such booking in that state")
