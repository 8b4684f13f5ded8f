"""Whether a user may have slots: one check, which every way to a booking goes through."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from gaoyuan.exchange.booking.diary import Booking, Diary, User
from gaoyuan.exchange.booking.model import Resource
from gaoyuan.exchange.refusal import Refusal

__all__ = ["cancellation_charge", "over_quota", "price_of", "rule_against"]

_FEN = Decimal("0.01")


def rule_against(diary: Diary, user: User, slots: tuple[dt.datetime, ...], now: dt.datetime) -> Refusal | None:
    """Give the rule that forbids a user to ask for slots now, None where none does; whether they are free is not asked.

    A user may not hold or ask for a slot twice.
    """
    resource = diary.resource
    if user.kind not in resource.prices:
        return Refusal("no_price", "该资源不对您这类用户开放", "the resource is not open to users of your kind")
    missing = sorted(resource.needs - user.has)
    if missing:
        return Refusal("not_trained", f"缺少资质：{'、'.join(missing)}", f"you lack: {', '.join(missing)}")
    if len(slots) > resource.most_slots:
        return Refusal(
            "too_long", f"一次最多 {resource.most_slots} 个时段", f"a booking has at most {resource.most_slots} slots"
        )
    if slots[0] < now + dt.timedelta(hours=resource.notice_hours):
        return Refusal(
            "too_soon", f"须提前 {resource.notice_hours:g} 小时", f"book {resource.notice_hours:g} hours ahead"
        )
    if slots[-1] > now + dt.timedelta(days=resource.horizon_days):
        return Refusal(
            "too_far", f"最多提前 {resource.horizon_days} 天", f"book at most {resource.horizon_days} days ahead"
        )
    own = {slot for one in diary.bookings if one.user.name == user.name for slot in one.slots}
    if own & set(slots):
        return Refusal("twice", "您已预约或候补其中的时段", "you have or wait for one of these slots already")
    return over_quota(diary, user, slots)


def over_quota(diary: Diary, user: User, slots: tuple[dt.datetime, ...], but: int | None = None) -> Refusal | None:
    """Give the quota that some slots would exceed together with all that a user holds or has asked for.

    Waiting does not count, lest who waits cannot book; an offer does. `but` leaves a booking of theirs out.
    """
    resource = diary.resource
    held = [
        slot
        for one in diary.bookings
        if one.user.name == user.name and one.status != "waiting" and one.number != but
        for slot in one.slots
    ]
    days = sorted(slot.astimezone(resource.zone).date() for slot in (*held, *slots))
    for quota in resource.quotas:
        window = dt.timedelta(days=quota.days)
        for first in days:
            if sum(first <= day < first + window for day in days) > quota.slots:
                return Refusal(
                    "quota",
                    f"超过配额：{quota.days} 天内最多 {quota.slots} 个时段",
                    f"above the quota of {quota.slots} slots in {quota.days} days",
                )
    return None


def price_of(resource: Resource, user: User, slots: tuple[dt.datetime, ...]) -> Decimal:
    """Give the price of slots for a user in yuan."""
    return resource.prices[user.kind] * len(slots)


def cancellation_charge(resource: Resource, booking: Booking, now: dt.datetime) -> Decimal:
    """Give what cancelling a booking costs now, in yuan to the fen; only what holds slots for sure costs anything.

    >>> from gaoyuan.exchange.booking.model import Cancellation, Opening
    >>> start = dt.datetime(2026, 5, 4, 1, tzinfo=dt.timezone.utc)
    >>> rules = (Cancellation(24, Decimal(0)), Cancellation(2, Decimal("0.5")))
    >>> hours = (Opening(0, dt.time(9), dt.time(12)),)
    >>> lab = Resource("盐雾箱", 60, hours, {"member": Decimal(80)}, cancellations=rules)
    >>> booking = Booking(1, User("甲厂", "member"), (start,), "confirmed", Decimal(80), place=1)
    >>> [str(cancellation_charge(lab, booking, start - dt.timedelta(hours=hours))) for hours in (24, 23, 1)]
    ['0.00', '40.00', '80.00']
    """
    if booking.status != "confirmed":
        return Decimal("0.00")
    ahead = (booking.slots[0] - now) / dt.timedelta(hours=1)
    share = next((step.share for step in resource.cancellations if ahead >= step.hours), Decimal(1))
    return (booking.price * share).quantize(_FEN, ROUND_HALF_UP)
