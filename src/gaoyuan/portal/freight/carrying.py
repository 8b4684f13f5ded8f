"""Pages of carriers: their vehicles, and the trips that they are offered and drive."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.cases.moving import move_case
from gaoyuan.portal.cases.service import Refused
from gaoyuan.portal.freight.forms import Outdated, VehicleForm
from gaoyuan.portal.freight.models import Load, Trip, Vehicle
from gaoyuan.portal.freight.service import need_words
from gaoyuan.portal.freight.showing import shown_trip
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.paging import page_of

_NUMBERS = {1, 2, 3, 8, 9, 10}
"""The columns of the list of vehicles that are numbers."""


def vehicles(request: HttpRequest) -> HttpResponse:
    """List a carrier's vehicles, and take a new one."""
    viewer = viewer_of(request)
    own = viewer.organisation
    assert own is not None, "carriers act for organisations"
    form = VehicleForm(own, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
            messages.success(request, _("The vehicle is offered for planning."))
            return redirect("freight_vehicles")
        except IntegrityError:
            form.add_error("plate", _("This plate is in your list already."))
    held = Vehicle.objects.of(own).filter(offered=True).select_related("planner")
    headings = (_("Plate"), _("Load, kg"), _("Volume, m³"), _("Pallets"), _("Equipment and papers"),
                pgettext("freight", "Place"),
                _("From"), _("To"), _("Fixed, yuan"), _("Yuan per km"), _("Yuan per hour"), _("Planner"))  # fmt: skip
    rows = [
        (one.plate, one.weight_kg, one.volume_dm3 / 1000, one.pallets, need_words(one.has), one.place, one.begins,
         one.ends, one.fixed_fen / 100, one.per_kilometre_fen / 100, one.per_hour_fen / 100, one.planner.name)
        for one in held
    ]  # fmt: skip
    file = table_response(request, "freight-vehicles", headings, rows, None)
    if file:
        return file
    shown = [(one.pk, row) for one, row in zip(held, rows, strict=True)]
    return render(
        request,
        "freight/vehicles.html",
        {
            "form": form,
            "page": page_of(request, shown),
            "columns": [(one, at in _NUMBERS) for at, one in enumerate(headings)],
        },
    )


def vehicle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a vehicle that is offered."""
    viewer = viewer_of(request)
    offered = Vehicle.objects.for_viewer(viewer).filter(organisation=viewer.organisation, offered=True)
    held = get_object_or_404(offered.select_related("planner", "organisation"), pk=pk)
    form = VehicleForm(held.organisation, request.POST if request.method == "POST" else None, before=held)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
            messages.success(request, _("Changed. Trips that the vehicle has already stay as they are."))
            return redirect("freight_vehicles")
        except Outdated:
            form.add_error(None, _("Somebody has changed this vehicle meanwhile, or taken it back. Look at your list."))
        except IntegrityError:
            form.add_error("plate", _("This plate is in your list already."))
    return render(request, "freight/vehicle.html", {"form": form, "vehicle": held})


@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Offer a vehicle no longer; trips that it has stay as they are."""
    viewer = viewer_of(request)
    held = get_object_or_404(Vehicle.objects.for_viewer(viewer).filter(organisation=viewer.organisation), pk=pk)
    update_logged(Vehicle.objects.of(held.organisation).filter(pk=held.pk), offered=False)
    messages.success(request, _("The vehicle is not offered any more."))
    return redirect("freight_vehicles")


def trips(request: HttpRequest) -> HttpResponse:
    """List the trips that a carrier is offered or has accepted."""
    viewer = viewer_of(request)
    own = viewer.organisation
    assert own is not None, "carriers act for organisations"
    held = Trip.objects.of(own).filter(loads__isnull=False).distinct().select_related("vehicle", "plan")
    shown = [shown_trip(one) for one in held.order_by("-plan__begins", "starts")]
    headings = (_("Vehicle"), _("Starts"), _("Ends"), _("Loads"), _("Kilometres"), _("Empty, km"), _("Pays, yuan"))
    rows = (
        (one.trip.vehicle.plate, one.starts, one.ends, len(one.stops) // 2, round(one.kilometres, 1),
         round(one.empty_kilometres, 1), one.pay_yuan)
        for one in shown
    )  # fmt: skip
    file = table_response(request, "freight-trips", headings, rows, None)
    return file or render(request, "freight/trips.html", {"page": page_of(request, shown)})


def trip(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a trip; its carrier accepts or refuses all of it that is offered."""
    viewer = viewer_of(request)
    rows = Trip.objects.for_viewer(viewer).filter(organisation=viewer.organisation, loads__isnull=False).distinct()
    held = get_object_or_404(rows.select_related("vehicle", "plan", "plan__organisation", "organisation"), pk=pk)
    fault: Refusal | None = None
    if request.method == "POST":
        move = "accept" if request.POST.get("answer") == "accept" else "refuse"
        why = request.POST.get("why", "").strip()[:2000]
        if move == "refuse" and not why:
            fault = Refusal("why", "请说明拒单的原因", "say why you refuse")
        else:
            open_loads = Load.unscoped.filter(trip=held, case__state="offered").select_related("case").order_by("case")
            try:
                with transaction.atomic():
                    for load in open_loads:
                        done = move_case(viewer, load.case, move, role="carrier", why=why if move == "refuse" else "")
                        if isinstance(done, Refusal):
                            raise Refused(done)
                messages.success(request, _("Accepted.") if move == "accept" else _("Refused."))
                return redirect("freight_trip" if move == "accept" else "freight_trips", *([pk] * (move == "accept")))
            except Refused as refused:
                fault = refused.refusal
    shown = shown_trip(held)
    headings = (
        _("Stop"),
        pgettext("freight", "What"),
        _("Load"),
        _("Weight, kg"),
        pgettext("freight", "Place"),
        _("Arrives"),
        _("Leaves"),
    )
    cells = (
        (one.number, one.kind, one.load.case.title, one.load.weight_kg, one.place, one.arrives, one.leaves)
        for one in shown.stops
    )
    file = table_response(request, "freight-trip", headings, cells, None)
    return file or render(
        request,
        "freight/trip.html",
        {
            "shown": shown,
            "open": Load.unscoped.filter(trip=held, case__state="offered").exists(),
            "fault": fault and (fault.en if get_language() == "en" else fault.zh),
        },
    )
