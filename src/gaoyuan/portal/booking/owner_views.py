"""Pages for the owner of a resource: its rules, closed times, tests, who may use it, and how much it is used."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.exchange.booking import utilisation
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.booking.diary import STATUS, diary_of
from gaoyuan.portal.booking.foods import FOODS, ITEMS, food
from gaoyuan.portal.booking.forms import ClosureForm, ItemForm, ResourceForm
from gaoyuan.portal.booking.models import Booking, Closure, HeldUnit, Permit, Resource, TestItem
from gaoyuan.portal.booking.seeing import own_resources
from gaoyuan.portal.workbench.exports import table_response

_MOST_DAYS = 366


def new(request: HttpRequest) -> HttpResponse:
    """Share a laboratory, a machine or capacity."""
    own = viewer_of(request).organisation
    made = Resource(organisation=own, hours=[[day, "08:00", "17:00"] for day in range(5)])
    form = ResourceForm(request.POST or None, made)
    if request.method == "POST" and form.is_valid() and _saved(form):
        messages.success(request, _("It is shared. Say now what is tested here, and when it is closed."))
        return redirect("resource_edit", made.pk)
    return render(request, "booking/edit.html", {"form": form, "resource": None})


def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a resource. What was booked stays booked, at the price and under the rules of then."""
    held = get_object_or_404(own_resources(viewer_of(request)), pk=pk)
    form = ResourceForm(request.POST or None, held)
    if request.method == "POST":
        with transaction.atomic():
            held = own_resources(viewer_of(request)).select_for_update(of=("self",)).get(pk=pk)
            before = (held.edition, held.slot_minutes, held.places)
            form = ResourceForm(request.POST, held)
            if form.is_valid() and _fits(form, before):
                held.edition += 1
                if _saved(form):
                    messages.success(request, _("Saved."))
                    return redirect("resource_edit", held.pk)
    return _edit_page(request, held, form=form)


@require_POST
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Close a resource for a time, or open it again. What is booked then has to be called off first."""
    viewer = viewer_of(request)
    held = get_object_or_404(own_resources(viewer), pk=pk)
    given = request.POST.get("reopen", "")
    if given:
        rows = Closure.unscoped.filter(resource=held, pk=int(given)) if _is_number(given) else Closure.unscoped.none()
        for one in rows:
            one.delete()
        return redirect("resource_edit", held.pk)
    form = ClosureForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _edit_page(request, held, closure=form)
    begins, ends = form.cleaned_data["begins"], form.cleaned_data["ends"]
    with transaction.atomic():
        locked = Resource.unscoped.select_for_update().get(pk=held.pk)
        booked = Booking.unscoped.filter(resource=locked, begins__lt=ends, ends__gt=begins)
        booked = booked.filter(case__state__in=("confirmed", "offered", "in_use"), ends__gt=timezone.now())
        if booked.exists():
            said = _("%(number)s bookings lie in this time: call them off first.")
            form.add_error(None, said % {"number": booked.count()})
        elif Closure.unscoped.filter(resource=locked, begins=begins, ends=ends).exists():
            form.add_error(None, _("It is closed then already."))
        else:
            Closure.objects.create_for(held.organisation, resource=locked, **form.cleaned_data)
            messages.success(request, _("Closed."))
            return redirect("resource_edit", held.pk)
    return _edit_page(request, held, closure=form)


@require_POST
def items(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add what is tested: one item, or those that are usual for a class of food; or take one away."""
    held = get_object_or_404(own_resources(viewer_of(request)), pk=pk)
    gone, usual = request.POST.get("remove", ""), request.POST.get("usual", "")
    if gone:
        for one in TestItem.unscoped.filter(resource=held, pk=int(gone)) if _is_number(gone) else ():
            one.delete()
        return redirect("resource_edit", held.pk)
    if usual:
        for category in FOODS if usual == "all" else [usual]:
            for name, method, unit in ITEMS.get(category, ()):
                _add_item(held, category, name, method, unit)
        return redirect("resource_edit", held.pk)
    form = ItemForm(request.POST, label_suffix="")
    if form.is_valid():
        given = form.cleaned_data
        if _add_item(held, given["category"], given["name"], given["method"], given["unit"]):
            return redirect("resource_edit", held.pk)
        form.add_error("name", _("This item is there already."))
    return _edit_page(request, held, item=form)


@require_POST
def decide_permit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Grant somebody who has asked what the resource needs, or refuse it."""
    held = get_object_or_404(own_resources(viewer_of(request)), pk=pk)
    given = request.POST.get("permit", "")
    for one in Permit.unscoped.filter(resource=held, pk=int(given)) if _is_number(given) else ():
        one.granted = request.POST.get("granted") == "1"
        one.save()
        messages.success(request, _("Saved."))
    return redirect("resource", held.pk)


def use(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show how much a resource is used, day by day: hours open, booked, used, missed and waited for."""
    held = get_object_or_404(own_resources(viewer_of(request)), pk=pk)
    first, last = _span(request)
    diary = diary_of(held, since=timezone.make_aware(dt.datetime.combine(first, dt.time())))
    days = [first + dt.timedelta(days=at) for at in range((last - first).days + 1)]
    counted = [(day, utilisation(diary, day, day)) for day in days]
    rows = [
        (day, *(one.hours(slots) for slots in (one.open_slots, one.booked, one.used, one.missed, one.waited_for)))
        for day, one in counted
    ]
    headings = (
        *(_("Day"), _("Hours open"), _("Hours booked"), _("Hours used"), _("Hours missed")),
        _("Hours waited for"),
    )
    file = table_response(request, "use", headings, rows, None)
    whole = utilisation(diary, first, last)
    return file or render(
        request,
        "booking/use.html",
        {
            "resource": held,
            "first": first,
            "last": last,
            "headings": headings,
            "rows": [row for row in rows if any(row[1:])],
            "whole": [
                whole.hours(one) for one in (whole.open_slots, whole.booked, whole.used, whole.missed, whole.waited_for)
            ],
            "share": whole.share,
            "used_share": whole.used_share,
        },
    )


def _span(request: HttpRequest) -> tuple[dt.date, dt.date]:
    """Give the first and the last day that are asked for; without them the last 28 days and the next week."""
    today = timezone.localdate()
    found = []
    for name, usual in (("first", today - dt.timedelta(days=28)), ("last", today + dt.timedelta(days=7))):
        try:
            day = dt.date.fromisoformat(request.GET.get(name, ""))
        except ValueError:
            day = usual
        found.append(day if abs((day - today).days) <= 10 * 366 else usual)
    first, last = sorted(found)
    return first, min(last, first + dt.timedelta(days=_MOST_DAYS))


def _saved(form: ResourceForm) -> bool:
    try:
        with transaction.atomic():
            form.instance.save()
    except IntegrityError:
        form.add_error("name", _("You share a resource of this name already."))
        return False
    return True


def _fits(form: ResourceForm, before: tuple[int, int, int]) -> bool:
    """Whether a change leaves what is booked as it is, and was made on what stands now."""
    edition, length, places = before
    held = form.instance
    if form.cleaned_data.get("edition") != edition:
        form.add_error(None, _("Somebody has changed it meanwhile: look at it again."))
        return False
    ahead = HeldUnit.objects.filter(resource=held, begins__gte=timezone.now())
    living = Booking.unscoped.filter(resource=held, ends__gt=timezone.now(), case__state__in=STATUS)
    if held.slot_minutes != length and living.exists():
        form.add_error("slot_minutes", _("The length of slots can change when nothing is booked ahead."))
    if held.places < places and ahead.filter(place__gt=held.places).exists():
        form.add_error("places", _("A place that you take away is booked ahead."))
    return not form.errors


def _edit_page(
    request: HttpRequest,
    held: Resource,
    *,
    form: ResourceForm | None = None,
    closure: ClosureForm | None = None,
    item: ItemForm | None = None,
) -> HttpResponse:
    held.refresh_from_db()
    return render(
        request,
        "booking/edit.html",
        {
            "resource": held,
            "form": form or ResourceForm(None, held),
            "closure": closure or ClosureForm(label_suffix=""),
            "item": item or ItemForm(label_suffix=""),
            "closures": Closure.unscoped.filter(resource=held, ends__gt=timezone.now()),
            "items": [(one, food(one.category)) for one in TestItem.unscoped.filter(resource=held)],
            "foods": [(one, f"{one} {food(one)}") for one in FOODS],
        },
    )


def _add_item(held: Resource, category: str, name: str, method: str, unit: str) -> bool:
    _, made = TestItem.unscoped.get_or_create(
        resource=held,
        category=category,
        name=name,
        method=method,
        defaults={"organisation": held.organisation, "unit": unit},
    )
    return made


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16
