"""Which resources of an owner stand idle, by what was booked of their open time."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from gaoyuan.exchange.booking import utilisation
from gaoyuan.exchange.proposals import Idle
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.booking.diary import diaries_of
from gaoyuan.portal.booking.seeing import own_resources

__all__ = ["idle_of"]

DAYS = 28
"""So many days up to yesterday are looked at."""
FEWEST_DAYS = 7
"""A resource that is younger says nothing yet."""
_MOST = 50


def idle_of(viewer: Viewer) -> list[Idle]:
    """Give the resources of the viewer's own organisation with the share of their open time that was booked, of the
    last four weeks or since they are there; those that were not open, or are there for less than a week, are left out.
    """
    if viewer.organisation is None:
        return []
    today = timezone.localdate()
    first, last = today - dt.timedelta(days=DAYS), today - dt.timedelta(days=1)
    since = timezone.make_aware(dt.datetime.combine(first, dt.time()))
    old = [
        one
        for one in own_resources(viewer).order_by("name", "pk")[:_MOST]
        if timezone.localdate(one.made) <= today - dt.timedelta(days=FEWEST_DAYS)
    ]
    found = []
    for one, diary in diaries_of(old, since=since).items():
        counted = utilisation(diary, max(first, timezone.localdate(one.made)), last)
        if counted.share is not None:
            free = counted.hours(counted.open_slots - counted.booked)
            found.append(Idle(one.name, counted.share, str(one.pk), one.listed, free, one.capabilities))
    return found
