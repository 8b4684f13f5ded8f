"""What is booked: a shared resource (a laboratory, a machine, idle capacity) with its hours, rules and prices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from gaoyuan.errors import InputError

__all__ = ["Cancellation", "Opening", "Quota", "Resource", "ResourceInvalid"]


class ResourceInvalid(InputError):
    """A resource whose hours, rules or prices contradict each other."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Hours of a weekday (0 is Monday) in the resource's own time, until midnight at most (`end` 00:00)."""

    weekday: int
    start: dt.time
    end: dt.time


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `slots` for one user within any `days` in a row, by the days on which slots begin."""

    slots: int
    days: int


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Until `hours` before the start, cancelling costs `share` of the price (0 to 1)."""

    hours: float
    share: Decimal


@dataclass(frozen=True)
class Resource:
    """A resource that is booked in slots of `slot_minutes`, each on one of `places` alike ones.

    `hours` open it by weekday; `closed` days and `blocked` times (beginning and end of a maintenance) close it.
    `prices` are yuan a slot by kind of user (internal, member, external); a kind without a price may not book. `needs`
    are the trainings and permits that a user must have. `notice_hours` is the least time before the start,
    `horizon_days` the greatest, `most_slots` the most of a booking.
    With `approval` the owner decides on each booking, and nothing is held before. `cancellations` go from the longest
    time before the start to the shortest; after the last a booking costs its whole price. Who waits has `offer_hours`
    to take a place that becomes free.

    Raises ResourceInvalid where these contradict each other.
    """

    name: str
    slot_minutes: int
    hours: tuple[Opening, ...]
    prices: Mapping[str, Decimal]
    places: int = 1
    closed: frozenset[dt.date] = frozenset()
    blocked: tuple[tuple[dt.datetime, dt.datetime], ...] = ()
    needs: frozenset[str] = frozenset()
    notice_hours: float = 0.0
    horizon_days: int = 90
    most_slots: int = 8
    approval: bool = False
    quotas: tuple[Quota, ...] = ()
    cancellations: tuple[Cancellation, ...] = ()
    offer_hours: float = 12.0
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))

    def __post_init__(self) -> None:
        steps = self.cancellations
        pairs = list(pairwise(steps))
        for wrong, en, zh in (
            (not self.name.strip(), "the resource has no name", "资源缺少名称"),
            (self.slot_minutes < 1 or 1440 % self.slot_minutes, "slots do not divide a day", "时段长度不能整除一天"),
            (not self.hours, "the resource is never open", "没有开放时间"),
            (any(not 0 <= one.weekday <= 6 for one in self.hours), "a weekday is none", "星期有误"),
            (
                any(_minutes(one) < self.slot_minutes for one in self.hours),
                "hours hold no slot",
                "开放时间不足一个时段",
            ),
            (_overlap(self.hours), "hours of a day overlap", "开放时间重叠"),
            (self.places < 1, "there is no place", "没有可用席位"),
            (any(a >= b for a, b in self.blocked), "a maintenance ends before it begins", "维护结束早于开始"),
            (
                any(not price.is_finite() or price < 0 for price in self.prices.values()),
                "a price is below zero",
                "价格不能为负",
            ),
            (self.notice_hours < 0 or self.horizon_days < 1, "nothing can be booked in time", "可预约时间有误"),
            (self.most_slots < 1 or self.offer_hours <= 0, "a booking or an offer is empty", "预约上限或候补时限有误"),
            (any(one.slots < 1 or one.days < 1 for one in self.quotas), "a quota allows nothing", "配额须大于零"),
            (
                any(not 0 <= one.share <= 1 for one in steps),
                "a share is not between 0 and 1",
                "取消费比例须在 0 到 1 之间",
            ),
            (any(one.hours < 0 for one in steps), "a cancellation is after the start", "取消时限不能为负"),
            (
                any(a.hours <= b.hours or a.share > b.share for a, b in pairs),
                "cancelling later costs less",
                "越晚取消费用应越高",
            ),
        ):
            if wrong:
                raise ResourceInvalid(
                    en, where=self.name or None, mend="Mend the resource.", zh=zh, mend_zh="修正资源规则"
                )


def _minutes(one: Opening) -> int:
    end = one.end.hour * 60 + one.end.minute or 1440
    return end - one.start.hour * 60 - one.start.minute


def _overlap(hours: tuple[Opening, ...]) -> bool:
    ordered = sorted(hours, key=lambda one: (one.weekday, one.start))
    return any(a.weekday == b.weekday and (a.end == dt.time(0) or b.start < a.end) for a, b in pairwise(ordered))
