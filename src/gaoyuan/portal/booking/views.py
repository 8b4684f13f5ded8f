"""Pages for whoever looks for a laboratory, a machine or capacity: the list, a week of a resource, and booking it."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from itertools import groupby

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.exchange.booking import Diary, next_free, slots_shown
from gaoyuan.exchange.notices import Appointment, calendar_of
from gaoyuan.exchange.process import process
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.booking.diary import STATUS, diaries_of, diary_of, kind_of, slots_of, user_of
from gaoyuan.portal.booking.foods import food
from gaoyuan.portal.booking.forms import WEEKDAYS, SearchForm
from gaoyuan.portal.booking.models import Booking, Permit, Resource, UserKind
from gaoyuan.portal.booking.move_forms import RequestForm
from gaoyuan.portal.booking.seeing import open_to, own_resources, resources_seen_by
from gaoyuan.portal.cases.forms import in_words
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import open_case
from gaoyuan.portal.cases.seeing import opening_roles
from gaoyuan.portal.workbench.exports import table_response

_PAGE = 30
_MOST_FILTERED = 600
"""Of more resources than this only the first are looked at for a free slot."""
_WEEK = dt.timedelta(days=7)


def resources(request: HttpRequest) -> HttpResponse:
    """List what is shared, with the next free slot of each."""
    viewer, now = viewer_of(request), timezone.now()
    form = SearchForm(request.GET or None, label_suffix="")
    found = own_resources(viewer) if request.GET.get("own") == "1" else resources_seen_by(viewer)
    free_by: dt.date | None = None
    if form.is_valid():
        found = _matching(found, form.cleaned_data)
        free_by = form.cleaned_data["by"]
    found = found.order_by("name", "pk")
    if free_by is not None:
        held = list(found[:_MOST_FILTERED])
        frees = _next_free(held, now)
        kept = [one for one in held if (at := frees[one]) is not None and timezone.localdate(at) <= free_by]
        page = Paginator(kept, _PAGE).get_page(request.GET.get("page"))
    else:
        page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    whole = request.GET.get("format") is not None
    shown = list(page.paginator.object_list if whole else page.object_list)
    frees = _next_free(shown, now)
    rows = [(one, frees[one], _price(one, viewer)) for one in shown]
    file = table_response(
        request,
        "resources",
        (_("Name"), _("Kind of resource"), _("Owner"), _("Where it is"), _("Next free slot"), _("Yuan a slot"), "min"),
        (
            (one.name, one.get_kind_display(), one.organisation.name, one.place, _text(at), price, one.slot_minutes)
            for one, at, price in rows
        ),
        None,
    )
    context = {"form": form, "rows": rows, "page": page, "own": request.GET.get("own") == "1"}
    return file or render(request, "booking/resources.html", context)


def resource(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a resource: its rules, prices and tests, and a week of its slots, each with how many places are free."""
    viewer, now = viewer_of(request), timezone.now()
    held = get_object_or_404(resources_seen_by(viewer), pk=pk)
    monday = _monday(request.GET.get("week", ""), now)
    since = timezone.make_aware(dt.datetime.combine(monday, dt.time()))
    diary = diary_of(held, since=min(since, now))
    own, end = viewer.organisation, timezone.localdate(now) + dt.timedelta(days=held.horizon_days)
    context: dict[str, object] = {
        "resource": held,
        "owns": held.organisation == own,
        "books": _books(viewer) and (held.listed or held.organisation == own),
        "week": _week(diary, monday, now, _own_slots(held, viewer, since)),
        "monday": monday,
        "sunday": monday + dt.timedelta(days=6),
        "before": monday - _WEEK if monday > timezone.localdate(now) else None,
        "after": monday + _WEEK if monday + _WEEK <= end else None,
        "next": next_free(diary_of(held, since=now), now),
        "hours": _hours(held),
        "prices": [(kind.label, held.prices[kind.value]) for kind in UserKind if kind.value in held.prices],
        "price": _price(held, viewer),
        "quotas": held.quotas,
        "steps": [(hours, float(share) * 100) for hours, share in held.cancellations],
        "items": [
            (food(category), list(items))
            for category, items in groupby(held.items.all(), lambda one: one.category)  # pyright: ignore[reportAttributeAccessIssue]
        ],
    }
    if held.needs and own is not None and held.organisation != own:
        asked = Permit.objects.of(own).filter(resource=held).first()
        context |= {"permit": asked, "lacks": asked is None or asked.granted is not True}
    if held.organisation == own:
        ahead = Booking.unscoped.filter(resource=held, ends__gt=now, case__state__in=STATUS)
        rows = list(ahead.select_related("case", "organisation").order_by("begins", "number")[:100])
        states = process("booking").states
        context["bookings"] = [(one, in_words(states[one.case.state])) for one in rows]
        context["permits"] = Permit.unscoped.filter(resource=held).select_related("organisation")
    return render(request, "booking/resource.html", context)


def book(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask for slots: the second of two clicks, after the slot in the week. The answer is the page of the case."""
    viewer, now = viewer_of(request), timezone.now()
    held = get_object_or_404(open_to(viewer), pk=pk)
    own = viewer.organisation
    if not _books(viewer) or own is None:
        raise Http404
    asked = process("booking")
    begins = _moment(request.GET.get("start", ""))
    initial = {"starts_at": timezone.localtime(begins) if begins else None, "slots": 1, "resource": held.pk}
    data = None
    if request.method == "POST":
        data = request.POST.copy()
        data["resource"] = str(held.pk)
    only = open_to(viewer).filter(pk=held.pk)
    form = RequestForm(asked, asked.moves[asked.opening], [], data, only, initial=initial)
    form.fields["resource"].required = False
    form.fields["resource"].widget = form.fields["resource"].hidden_widget()
    fault: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        made = open_case(viewer, "booking", role="user", title=held.name, given=form.given(), detail=form.detail())
        if isinstance(made, Case):
            messages.success(request, in_words(asked.states[made.state]))
            return redirect("case", made.pk)
        fault = made
    user, diary = user_of(held, own), diary_of(held, since=now)
    full = False
    if begins is not None:
        at = {slot.start: slot for slot in slots_shown(diary, timezone.localdate(begins), now)}.get(begins)
        full = at is not None and not at.free
    return render(
        request,
        "booking/book.html",
        {
            "resource": held,
            "form": form,
            "full": full or (fault is not None and fault.code == "full"),
            "fault": fault and (fault.en if get_language() == "en" else fault.zh),
            "price": _price(held, viewer),
            "kind": kind_of(held, own).label,
            "steps": [(hours, float(share) * 100) for hours, share in held.cancellations],
            "lacks": held.needs if not user.has >= set(held.needs) else [],
            "begins": begins,
        },
    )


@require_POST
def ask_permit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask the owner for the trainings or permits that a resource needs."""
    viewer = viewer_of(request)
    held = get_object_or_404(open_to(viewer), pk=pk)
    own = viewer.organisation
    if own is None or not held.needs or held.organisation == own or not _books(viewer):
        raise Http404
    try:
        with transaction.atomic():
            Permit.objects.create_for(own, resource=held)
    except IntegrityError:
        messages.info(request, _("You have asked already."))
    else:
        messages.success(request, _("The owner sees your request on the page of the resource."))
    return redirect("resource", held.pk)


def calendar(request: HttpRequest) -> HttpResponse:
    """Send the bookings of the viewer's organisation, and of what it shares, as a calendar."""
    viewer = viewer_of(request)
    own, since = viewer.organisation, timezone.now() - dt.timedelta(days=31)
    held = Booking.unscoped.filter(Q(organisation=own) | Q(resource__organisation=own), ends__gt=since)
    rows = held.filter(case__state__in=STATUS).select_related("case", "resource", "organisation")
    states = process("booking").states
    dates = [
        Appointment(
            f"{one.case.pk}-slots",
            one.case.number,
            f"{one.resource.name}：{in_words(states[one.case.state])}",
            one.begins,
            one.ends,
            place=one.resource.place,
            words=one.organisation.name,
            address=request.build_absolute_uri(reverse("case", args=[one.case.pk])),
        )
        for one in rows.order_by("begins", "pk")
    ]
    file = calendar_of(dates, name="高原 Gaoyuan", made=timezone.now())
    return HttpResponse(file, content_type="text/calendar; charset=utf-8")


def _matching(found: QuerySet[Resource], asked: dict[str, str]) -> QuerySet[Resource]:
    for word in asked["q"].split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(words__icontains=word)
            | Q(capabilities__icontains=word)
            | Q(place__icontains=word)
            | Q(organisation__name__icontains=word)
            | Q(items__name__icontains=word)
            | Q(items__method__icontains=word)
        )
    if asked["kind"]:
        found = found.filter(kind=asked["kind"])
    if asked["food"]:
        found = found.filter(items__category=asked["food"])
    # What is found by several of its tests is one resource.
    return Resource.unscoped.filter(pk__in=found.values("pk")).select_related("organisation")


def _next_free(held: list[Resource], now: dt.datetime) -> dict[Resource, dt.datetime | None]:
    return {one: next_free(diary, now) for one, diary in diaries_of(held, since=now).items()}


def _price(held: Resource, viewer: Viewer) -> str | None:
    """Give what a slot costs the viewer, None where it may not book."""
    if viewer.organisation is None:
        return None
    price = held.prices.get(kind_of(held, viewer.organisation).value)
    return None if price is None else f"{Decimal(price):.2f}"


def _books(viewer: Viewer) -> bool:
    return bool(opening_roles(viewer, process("booking")))


def _own_slots(held: Resource, viewer: Viewer, since: dt.datetime) -> set[dt.datetime]:
    if viewer.organisation is None:
        return set()
    mine = Booking.objects.of(viewer.organisation).filter(resource=held, ends__gt=since, case__state__in=STATUS)
    return {slot for one in mine for slot in slots_of(one)}


def _week(diary: Diary, monday: dt.date, now: dt.datetime, own: set[dt.datetime]) -> dict[str, object]:
    """Give a week as a table: days, and for every time of day that any of them has a row of cells."""
    days = [monday + dt.timedelta(days=at) for at in range(7)]
    cells: dict[dt.time, dict[dt.date, dict[str, object]]] = {}
    for day in days:
        for slot in slots_shown(diary, day, now):
            local = timezone.localtime(slot.start)
            state = "past" if slot.start <= now else "free" if slot.free and slot.in_time else "full"
            state = "closed" if state != "past" and not slot.in_time else state
            cells.setdefault(local.time(), {})[day] = {
                "state": state,
                "free": slot.free,
                "start": slot.start.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "own": slot.start in own,
                "words": f"{local:%Y-%m-%d %H:%M}",
            }
    today = timezone.localdate(now)
    return {
        "days": [(day, str(WEEKDAYS[day.weekday()])[:3], day == today) for day in days],
        "rows": [(time, [cells[time].get(day) for day in days]) for time in sorted(cells)],
        "places": diary.resource.places,
    }


def _hours(held: Resource) -> list[tuple[object, str]]:
    texts: dict[int, list[str]] = {}
    for day, begins, ends in held.hours:
        texts.setdefault(day, []).append(f"{begins}–{'24:00' if ends == '00:00' else ends}")
    return [(WEEKDAYS[day], ", ".join(texts[day])) for day in sorted(texts)]


def _monday(text: str, now: dt.datetime) -> dt.date:
    """Give the Monday of the week of a day as text; of this week where it is none, or too far from now."""
    today = timezone.localdate(now)
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = today
    if abs((day - today).days) > 3660:
        day = today
    return day - dt.timedelta(days=day.weekday())


def _moment(text: str) -> dt.datetime | None:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(dt.UTC) if at.tzinfo is not None and 2000 <= at.year <= 2200 else None


def _text(at: dt.datetime | None) -> str | None:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else None
