"""Quality records: plans, results from a table, and who may read them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.exchange.network import NetworkInvalid, ResultsRead, read_results
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.network.forms import PlanForm, organisation_named, said
from gaoyuan.portal.network.quality_models import (
    InspectionPlan,
    InspectionReader,
    InspectionResult,
    as_items,
    plans_seen_by,
)
from gaoyuan.portal.workbench.exports import table_response

_PAGE, _MOST_BYTES, _MOST_TOLD = 100, 2 << 20, 20
_FIRMS = (Role.ENTERPRISE, Role.CLUSTER)


def inspections(request: HttpRequest) -> HttpResponse:
    """List the plans that the viewer may read; a firm sets up its own."""
    viewer = viewer_of(request)
    may = viewer.role in _FIRMS and viewer.organisation is not None
    posted = request.method == "POST"
    if posted and not may:
        raise Http404
    form = PlanForm(request.POST if posted else None) if may else None
    if posted and form is not None and form.is_valid() and viewer.organisation is not None:
        made = InspectionPlan.objects.create_for(
            viewer.organisation,
            title=form.cleaned_data["title"],
            product=form.cleaned_data["product"],
            items=as_items(form.cleaned_data["items"]),
        )
        return redirect("inspection", made.pk)
    return render(request, "network/inspections.html", {"plans": plans_seen_by(viewer), "form": form})


def inspection(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a plan with its results."""
    viewer = viewer_of(request)
    plan = get_object_or_404(plans_seen_by(viewer), pk=pk)
    rows = InspectionResult.unscoped.filter(plan=plan).order_by("-on", "lot", "pk")
    units = {item.name: item for item in plan.read_items}
    file = table_response(
        request,
        "results",
        (
            _("Lot"),
            _("Item"),
            _("Value"),
            _("Unit"),
            _("Lower limit"),
            _("Upper limit"),
            _("Day"),
            _("Within the limits"),
        ),
        ((one.lot, one.item, one.value.normalize(), *_limits(units.get(one.item)), one.on, one.within) for one in rows),
        None,
    )
    if file:
        return file
    own = plan.organisation == viewer.organisation
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    lots = rows.order_by("lot").values("lot").distinct().count()
    bad = rows.filter(within=False).order_by("lot").values("lot").distinct().count()
    return render(
        request,
        "network/inspection.html",
        {
            "plan": plan,
            "items": plan.read_items,
            "page": page,
            "own": own,
            "lots": lots,
            "bad": bad,
            "readers": plan.readers.select_related("organisation") if own else (),  # pyright: ignore[reportAttributeAccessIssue]
        },
    )


@require_POST
def act(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Import results, take a lot away, or say who may read: the owner of the plan may."""
    viewer = viewer_of(request)
    plan = get_object_or_404(plans_seen_by(viewer).filter(organisation=viewer.organisation), pk=pk)
    if "share" in request.POST:
        _share(request, plan, str(request.POST.get("name", ""))[:200])
    elif "unshare" in request.POST:
        number = str(request.POST.get("unshare", ""))
        if number.isascii() and number.isdigit() and len(number) < 18:
            InspectionReader.unscoped.filter(plan=plan, pk=int(number)).delete()
    elif "remove" in request.POST:
        lot = str(request.POST.get("remove", ""))[:100].replace("\0", "")
        gone, _rows = InspectionResult.unscoped.filter(plan=plan, lot=lot).delete()
        if gone:
            messages.success(request, _("The results of lot %(lot)s are gone.") % {"lot": lot})
    else:
        _import(request, plan)
    return redirect("inspection", plan.pk)


def _share(request: HttpRequest, plan: InspectionPlan, name: str) -> None:
    reader = organisation_named(name.replace("\0", ""))
    if reader is None or reader == plan.organisation:
        messages.error(request, _("No other firm or cluster organisation of this portal has this name."))
        return
    try:
        with transaction.atomic():
            InspectionReader.objects.create_for(reader, plan=plan)
    except IntegrityError:
        messages.info(request, _("It may read the plan already."))
    else:
        messages.success(request, _("%(name)s may read the plan and its results now.") % {"name": reader.name})


def _import(request: HttpRequest, plan: InspectionPlan) -> None:
    sent = request.FILES.get("table")
    if not isinstance(sent, UploadedFile) or not sent.size:
        messages.error(request, _("Choose a CSV table."))
        return
    if sent.size > _MOST_BYTES:
        messages.error(request, _("The table is larger than 2 MB: send it in parts."))
        return
    try:
        read = read_results(sent.read(), plan.read_items, timezone.localdate())
    except NetworkInvalid as fault:
        messages.error(request, said(fault))
        return
    kept = _keep(plan, read)
    messages.success(
        request, ngettext("%(count)s result is kept.", "%(count)s results are kept.", kept) % {"count": kept}
    )
    _tell(request, read, len(read.results) - kept)


def _keep(plan: InspectionPlan, read: ResultsRead) -> int:
    """Write the results that are not there yet, and give how many; two imports at once follow one another."""
    with transaction.atomic():
        InspectionPlan.unscoped.select_for_update().get(pk=plan.pk)
        known = set(InspectionResult.unscoped.filter(plan=plan).values_list("lot", "item"))
        fresh = [
            InspectionResult(
                organisation=plan.organisation,
                plan=plan,
                lot=one.lot,
                item=one.item,
                value=one.value,
                on=one.on,
                within=one.within,
            )
            for one in read.results
            if (one.lot, one.item) not in known
        ]
        InspectionResult.unscoped.bulk_create(fresh)
    return len(fresh)


def _tell(request: HttpRequest, read: ResultsRead, known: int) -> None:
    english = get_language() == "en"
    if known:
        messages.warning(
            request,
            _("%(count)s results stand there already for their lot and item; they were left as they are.")
            % {"count": known},
        )
    for number, zh, en in read.faults[:_MOST_TOLD]:
        messages.error(request, _("Line %(line)s: %(why)s") % {"line": number, "why": en if english else zh})
    if len(read.faults) > _MOST_TOLD:
        messages.error(request, _("… and %(count)s lines more") % {"count": len(read.faults) - _MOST_TOLD})


def _limits(item: object) -> tuple[object, object, object]:
    return getattr(item, "unit", ""), getattr(item, "low", None), getattr(item, "high", None)
