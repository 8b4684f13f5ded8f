"""The rows of the database as the values that `gaoyuan.exchange.booking` reckons with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from gaoyuan.exchange.booking import Booking as Entry
from gaoyuan.exchange.booking import Cancellation, Diary, Opening, Quota, User
from gaoyuan.exchange.booking import Resource as Rules
from gaoyuan.exchange.booking.diary import Status
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.booking.models import Booking, Closure, Permit, Resource, UserKind

__all__ = ["BACK", "STATUS", "diaries_of", "diary_of", "kind_of", "rules_of", "slots_of", "steps_of", "user_of"]

STATUS: Mapping[str, Status] = {
    "waiting": "waiting",
    "offered": "offered",
    "pending": "pending",
    "confirmed": "confirmed",
    "missed": "missed",
    **dict.fromkeys(("in_use", "reported", "disputed", "completed", "unsettled"), "used"),
}
"""State of a case to the status of its booking in the diary; what was rejected or cancelled stands in none."""

BACK = dt.timedelta(days=366)
"""How far back a diary goes unless told otherwise: no quota looks further."""


def rules_of(resource: Resource, *, since: dt.datetime | None = None) -> Rules:
    """Give a resource with its rules, as closed as it is from `since` (now) on. Raises ResourceInvalid."""
    closures = Closure.unscoped.filter(resource=resource, ends__gt=since or timezone.now())
    return _rules(resource, [(one.begins, one.ends) for one in closures])


def _rules(resource: Resource, blocked: list[tuple[dt.datetime, dt.datetime]]) -> Rules:
    return Rules(
        name=resource.name,
        slot_minutes=resource.slot_minutes,
        hours=tuple(
            Opening(day, dt.time.fromisoformat(begins), dt.time.fromisoformat(ends))
            for day, begins, ends in resource.hours
        ),
        prices={kind: Decimal(price) for kind, price in resource.prices.items()},
        places=resource.places,
        blocked=tuple(blocked),
        needs=frozenset(resource.needs),
        notice_hours=resource.notice_hours,
        horizon_days=resource.horizon_days,
        most_slots=resource.most_slots,
        approval=resource.approval,
        quotas=tuple(Quota(slots, days) for slots, days in resource.quotas),
        cancellations=steps_of(resource.cancellations),
        offer_hours=resource.offer_hours,
        zone=timezone.get_default_timezone(),  # pyright: ignore[reportArgumentType]
    )


def steps_of(plain: list[list[object]]) -> tuple[Cancellation, ...]:
    """Read the rules of cancelling as they are kept."""
    return tuple(Cancellation(float(str(hours)), Decimal(str(share))) for hours, share in plain)


def slots_of(booking: Booking) -> tuple[dt.datetime, ...]:
    """Give the beginnings of the slots of a booking, in UTC."""
    length = dt.timedelta(minutes=booking.slot_minutes)
    number = round((booking.ends - booking.begins) / length)
    return tuple(booking.begins.astimezone(dt.UTC) + at * length for at in range(number))


def diary_of(
    resource: Resource, *, since: dt.datetime | None = None, were: Mapping[int, Status] | None = None
) -> Diary:
    """Give the diary of a resource from `since` on. `were` are bookings, by their key, in the status that they had
    before the move that is being made.
    """
    floor = since or timezone.now() - BACK
    rows = _living(Booking.unscoped.filter(resource=resource, ends__gt=floor), were or {})
    return _diary(rules_of(resource, since=since), rows, were or {})


def diaries_of(resources: list[Resource], *, since: dt.datetime) -> dict[Resource, Diary]:
    """Give the diaries of many resources at once."""
    rows: dict[object, list[Booking]] = {one.pk: [] for one in resources}
    for one in _living(Booking.unscoped.filter(resource__in=resources, ends__gt=since), {}):
        rows[one.resource_id].append(one)  # pyright: ignore[reportAttributeAccessIssue]
    blocked: dict[object, list[tuple[dt.datetime, dt.datetime]]] = {one.pk: [] for one in resources}
    for closure in Closure.unscoped.filter(resource__in=resources, ends__gt=since):
        blocked[closure.resource_id].append((closure.begins, closure.ends))  # pyright: ignore[reportAttributeAccessIssue]
    return {one: _diary(_rules(one, blocked[one.pk]), rows[one.pk], {}) for one in resources}


def _living(rows: QuerySet[Booking], were: Mapping[int, Status]) -> list[Booking]:
    living = rows.filter(case__state__in=STATUS) | rows.filter(pk__in=were)
    return list(living.select_related("case").order_by("number"))


def _diary(rules: Rules, rows: list[Booking], were: Mapping[int, Status]) -> Diary:
    entries = [_entry(one, were.get(one.pk) or STATUS[one.case.state]) for one in rows]
    return Diary(rules, tuple(entries), max((one.number for one in entries), default=0))


def _entry(booking: Booking, status: Status) -> Entry:
    user = User(str(booking.organisation_id), booking.user_kind)  # pyright: ignore[reportAttributeAccessIssue]
    held = booking.place if status not in ("waiting", "pending") else None
    until = booking.case.deadline if status == "offered" else None
    return Entry(booking.number, user, slots_of(booking), status, booking.price, held, until)


def kind_of(resource: Resource, organisation: Organisation) -> UserKind:
    """Give by what an organisation pays: members stand below the same office, or below or above the owner itself."""
    owner = resource.organisation
    if organisation == owner:
        return UserKind.INTERNAL
    near = {owner.pk, owner.parent_id} - {None}  # pyright: ignore[reportAttributeAccessIssue]
    below = organisation.path.startswith(owner.path)
    same = organisation.parent_id in near or organisation.pk == owner.parent_id  # pyright: ignore[reportAttributeAccessIssue]
    return UserKind.MEMBER if below or same else UserKind.EXTERNAL


def user_of(resource: Resource, organisation: Organisation) -> User:
    """Give who books: the owner has what its own resource needs, others where it has granted it."""
    kind = kind_of(resource, organisation)
    granted = (
        kind == UserKind.INTERNAL or Permit.objects.of(organisation).filter(resource=resource, granted=True).exists()
    )
    return User(str(organisation.pk), kind.value, frozenset(resource.needs) if granted else frozenset())
