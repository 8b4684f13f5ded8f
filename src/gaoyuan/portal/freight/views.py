"""Pages of planners: plans with their routes, and warehouses with their docks."""

from __future__ import annotations

from functools import reduce
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from gaoyuan.exchange.freight import Ways
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.desk.standing import progress_of
from gaoyuan.portal.freight.forms import PlanForm, WarehouseForm
from gaoyuan.portal.freight.making import start_planning
from gaoyuan.portal.freight.models import DockSlot, Load, Plan, Trip, Vehicle, Warehouse
from gaoyuan.portal.freight.offering import send_offers
from gaoyuan.portal.freight.places import planners_for
from gaoyuan.portal.freight.showing import Shown, drawing_of, shown_trips, unassigned_of
from gaoyuan.portal.jobs.models import ENDED
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.paging import page_of


def plans(request: HttpRequest) -> HttpResponse:
    """List a planner's plans, say what waits to be planned, and have a plan built."""
    viewer = viewer_of(request)
    own = viewer.organisation
    assert own is not None, "planners act for organisations"
    form = PlanForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            made = form.save(own)
            start_planning(made, viewer)
        return redirect("freight_plan", made.pk)
    held = Plan.objects.for_viewer(viewer).select_related("organisation").defer("problem")
    headings = (_("Name"), _("Planner"), _("Begins"), _("State"), _("Made"))
    rows = ((one.title, one.organisation.name, one.begins, Plan.State(one.state).label, one.made) for one in held)
    file = table_response(request, "freight-plans", headings, rows, None)
    if file:
        return file
    waiting = Load.unscoped.filter(planner=own, trip=None, case__state="posted")
    return render(
        request,
        "freight/plans.html",
        {
            "form": form,
            "page": page_of(request, held),  # pyright: ignore[reportArgumentType]
            "waiting": waiting.count(),
            "vehicles": Vehicle.unscoped.filter(planner=own, offered=True, ends__gt=timezone.now()).count(),
        },
    )


def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a plan: how far it is built, its routes with stops and times, what it saves, and what stays behind."""
    viewer = viewer_of(request)
    held = get_object_or_404(Plan.objects.for_viewer(viewer).select_related("organisation", "job"), pk=pk)
    trips = Trip.unscoped.filter(plan=held).select_related("vehicle", "organisation").order_by("starts", "pk")
    shown = shown_trips(held, trips)
    behind = unassigned_of(held)
    file = _route_file(request, shown) or _behind_file(request, behind)
    if file:
        return file
    sound = [one for one in shown if not one.faults]
    whole = reduce(Ways.__add__, (one.ways for one in sound), Ways(0, 0, 0, 0))
    return render(
        request,
        "freight/plan.html",
        {
            "plan": held,
            "state": Plan.State(held.state).label,
            "shown": sound,
            "faulty": len(shown) - len(sound),
            "behind": behind,
            "carried": sum(len(one.stops) for one in sound) // 2,
            "kilometres": whole.metres / 1000,
            "saved": (whole.alone - whole.metres) / 1000,
            "empty": whole.empty / 1000,
            "alone_empty": whole.alone_empty / 1000,
            "drawing": drawing_of(held, sound),
            "own": held.organisation == viewer.organisation,
            "running": held.job if held.job and held.job.state not in ENDED else None,
            "failed": held.job if held.job and held.job.state == "failed" else None,
            "progress": progress_of(held.job) if held.job and held.job.state not in ENDED else None,
            "drafts": held.state == Plan.State.DRAFT and bool(sound),
        },
    )


@require_POST
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Offer a plan's trips to their carriers."""
    held = _own_plan(viewer_of(request), pk)
    if held.state == Plan.State.DRAFT:
        sent = send_offers(held)
        messages.success(request, _("%(sent)s trips are offered to their carriers.") % {"sent": sent})
    return redirect("freight_plan", held.pk)


@require_POST
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have a plan built again; what has been offered or accepted stays as it is."""
    viewer = viewer_of(request)
    held = _own_plan(viewer, pk)
    with transaction.atomic():
        start_planning(held, viewer)
    return redirect("freight_plan", held.pk)


def warehouses(request: HttpRequest) -> HttpResponse:
    """List a planner's warehouses with their slots, and take a new one."""
    viewer = viewer_of(request)
    own = viewer.organisation
    assert own is not None, "planners act for organisations"
    form = WarehouseForm(own, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
            return redirect("freight_warehouses")
        except IntegrityError:
            form.add_error("name", _("You have a warehouse of this name already."))
    slots = DockSlot.objects.for_viewer(viewer).select_related("warehouse", "organisation")
    slots = slots.filter(ends__gt=timezone.now()).order_by("warehouse__name", "begins")
    headings = (_("Warehouse"), _("From"), _("To"), _("Vehicles"))
    rows = ((one.warehouse.name, one.begins, one.ends, one.vehicles) for one in slots)
    file = table_response(request, "freight-docks", headings, rows, None)
    if file:
        return file
    return render(
        request,
        "freight/warehouses.html",
        {
            "form": form,
            "page": page_of(request, slots),  # pyright: ignore[reportArgumentType]
            "held": Warehouse.objects.for_viewer(viewer).count(),
            "planners": planners_for(own),
        },
    )


def _own_plan(viewer: Viewer, pk: UUID) -> Plan:
    """Give a plan that the viewer himself may change: that of his own organisation."""
    rows = Plan.objects.for_viewer(viewer).filter(organisation=viewer.organisation).select_related("organisation")
    return get_object_or_404(rows, pk=pk)


def _route_file(request: HttpRequest, shown: list[Shown]) -> HttpResponse | None:
    headings = (_("Vehicle"), _("Carrier"), _("Stop"), pgettext("freight", "What"), _("Load"), _("Shipper"),
                pgettext("freight", "Place"), _("Arrives"),
                _("Begins"), _("Leaves"), _("On board, kg"), _("State"))  # fmt: skip
    rows = (
        (one.trip.vehicle.plate, one.trip.organisation.name, stop.number, _what(stop.kind), stop.load.case.title,
         stop.load.organisation.name, stop.place, stop.arrives, stop.begins, stop.leaves, stop.board_kg, stop.state)
        for one in shown if not one.faults for stop in one.stops
    )  # fmt: skip
    return table_response(request, "freight-routes", headings, rows, None)


def _behind_file(request: HttpRequest, behind: list[dict[str, object]]) -> HttpResponse | None:
    headings = (_("Load"), _("Shipper"), _("Weight, kg"), _("Reason"))
    rows = []
    for one in behind:
        load = one["load"]
        assert isinstance(load, Load)
        rows.append((load.case.title, load.organisation.name, load.weight_kg, one["why"]))
    return table_response(request, "freight-left", headings, rows, None)


def _what(kind: str) -> str:
    return _("Pick-up") if kind == "pickup" else _("Delivery")
