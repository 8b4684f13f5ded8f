"""Pages of supply and demand beside the cases: offers, open demands, and the comparison matrix as a page and a file."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from gaoyuan.codes.administrative_divisions import counties, full_name
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.seeing import seen_by
from gaoyuan.portal.trading.comparing import matrix, matrix_file
from gaoyuan.portal.trading.finding import fitting_demands
from gaoyuan.portal.trading.models import Demand, Offer, Posted
from gaoyuan.portal.trading.places import chain_of
from gaoyuan.portal.trading.posting import OfferForm
from gaoyuan.portal.trading.searching import OPEN, PROCESS, search
from gaoyuan.portal.trading.showing import shown_offer
from gaoyuan.portal.workbench.exports import table_response

_PAGE, _MOST, _LONGEST, _FITTING = 50, 200, 200, 20


def offers(request: HttpRequest) -> HttpResponse:
    """List the active offers of all firms, or those that words find, and the viewer's own."""
    viewer = viewer_of(request)
    asked, held = _asked(request, _offers_seen_by(viewer), Offer)
    headings = (
        *(_("Offer"), _("Firm"), _("Price of a unit (yuan)"), _("Unit"), _("Minimum of an order")),
        *(_("Most of an order"), _("Days until delivery"), _("County"), _("Certificates"), _("In force")),
    )
    file = table_response(request, "offers", headings, (_offer_cells(one) for one in held), None)
    if file:
        return file
    context = {"page": Paginator(held, _PAGE).get_page(request.GET.get("page")), "q": asked, "own": viewer.organisation}
    return render(request, "trading/offers.html", context)


def offer_new(request: HttpRequest) -> HttpResponse:
    """Post an offer."""
    return _typed(request, viewer_of(request), None)


def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an offer; its owner also the open demands that it fits."""
    viewer = viewer_of(request)
    held = get_object_or_404(_offers_seen_by(viewer), pk=_number(pk))
    own = viewer.organisation is not None and held.organisation.pk == viewer.organisation.pk
    found = fitting_demands(held, top=_FITTING, chain=chain_of(viewer)) if own and held.active else []
    return render(
        request, "trading/offer.html", {"offer": held, "pairs": shown_offer(held), "mine": own, "found": found}
    )


def offer_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an offer of one's own; one that was ended is posted again."""
    viewer = viewer_of(request)
    return _typed(request, viewer, get_object_or_404(_own(viewer), pk=_number(pk)))


@require_POST
def offer_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an offer: nobody else finds or sees it any more."""
    held = get_object_or_404(_own(viewer_of(request)), pk=_number(pk))
    held.active = False
    held.save()
    messages.success(request, _("The offer has ended. Change it to post it again."))
    return redirect("trading_offer", held.pk)


def demands(request: HttpRequest) -> HttpResponse:
    """List the demands that are open for quotations, or those that words find."""
    viewer = viewer_of(request)
    seen = seen_by(viewer).filter(process=PROCESS, state=OPEN)
    rows = Demand.unscoped.filter(case__in=seen).select_related("case", "organisation").order_by("case__deadline", "pk")
    asked, held = _asked(request, rows, Demand)
    headings = (
        *(_("Demand"), _("Firm"), _("Quantity"), _("Unit"), _("Highest price of a unit in yuan")),
        *(_("Needed on"), _("County"), _("Certificates"), pgettext("quotations", "Deadline")),
    )
    file = table_response(request, "demands", headings, (_demand_cells(one) for one in held), None)
    if file:
        return file
    context = {"page": Paginator(held, _PAGE).get_page(request.GET.get("page")), "q": asked}
    return render(request, "trading/demands.html", context)


def quotations(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the quotations of a case that the viewer may read, side by side, also as a file."""
    viewer = viewer_of(request)
    seen: QuerySet[Case] = seen_by(viewer).filter(process=PROCESS)
    held = get_object_or_404(seen, pk=pk)
    file = matrix_file(request, viewer, held)
    if file:
        return file
    demand = Demand.unscoped.filter(case=held).first()
    context = {"case": held, "rows": matrix(viewer, held), "unit": demand.unit if demand else ""}
    return render(request, "trading/quotations.html", context)


def _typed(request: HttpRequest, viewer: Viewer, held: Offer | None) -> HttpResponse:
    own = viewer.organisation
    if own is None:
        raise Http404
    # What the page before knows: the free hours of a machine, for one.
    known = {name: text[:2000] for name in ("text", "unit") if (text := request.GET.get(name, "")) and held is None}
    form = OfferForm(viewer, held, request.POST if request.method == "POST" else None, known)
    if request.method == "POST" and form.is_valid():
        made = form.apply(held or Offer(organisation=own))
        made.active = True
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError:
            # Sent twice at once: the constraint let the first through.
            form.add_error(None, _("You have posted this offer already: change that one."))
        else:
            messages.success(request, _("The offer is posted."))
            return redirect("trading_offer", made.pk)
    return render(request, "trading/offer_form.html", {"form": form, "offer": held})


def _offers_seen_by(viewer: Viewer) -> QuerySet[Offer]:
    """Give the active offers of all firms, which are there to be found, and all of the viewer's own."""
    seen = Q(active=True)
    if viewer.organisation is not None:
        seen |= Q(organisation=viewer.organisation)
    return Offer.unscoped.filter(seen).select_related("organisation")


def _own(viewer: Viewer) -> QuerySet[Offer]:
    """Give the offers that a viewer may change: those of his own organisation, also for an office."""
    return Offer.unscoped.filter(organisation=viewer.organisation).select_related("organisation")


def _asked(request: HttpRequest, rows: QuerySet, model: type[Posted]) -> tuple[str, Sequence[Posted]]:
    """Give the words that are asked for and what they find, the best first; without words all rows."""
    asked = request.GET.get("q", "").replace("\0", " ").strip()[:_LONGEST]
    if not asked:
        return "", rows  # pyright: ignore[reportReturnType]
    numbers = search(model, asked, _MOST)
    known = {row.pk: row for row in rows.filter(pk__in=numbers)}
    return asked, [known[pk] for pk in numbers if pk in known]


def _offer_cells(one: Posted) -> tuple[object, ...]:
    assert isinstance(one, Offer), "the list is of offers"
    return (
        *(one.text, one.organisation.name, _cell(one.price_yuan), one.unit, _cell(one.min_quantity)),
        *(_cell(one.capacity), one.lead_days, _county(one), "、".join(one.certificates), one.active),
    )


def _demand_cells(one: Posted) -> tuple[object, ...]:
    assert isinstance(one, Demand), "the list is of demands"
    limit = one.max_price_yuan if one.limit_open else None
    return (
        *(one.text, one.organisation.name, _cell(one.quantity), one.unit, _cell(limit), one.needed_on),
        *(_county(one), "、".join(one.certificates), one.case.deadline),
    )


def _cell(value: object) -> float | None:
    return None if value is None else float(str(value))


def _county(one: Posted) -> str:
    return full_name(one.county) if one.county in counties() else one.county


def _number(pk: int) -> int:
    """Give a number of a row; there is none beyond what the database counts to."""
    if pk >= 2**63:
        raise Http404
    return pk
