"""The page of an organisation's trades, where it also gives and withdraws its consent."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.evidence.entering import enter_consent
from gaoyuan.portal.trades.models import Consent, Trade, trades_seen_by
from gaoyuan.portal.workbench.exports import table_response

_PAGE = 50


def trades(request: HttpRequest) -> HttpResponse:
    """List the trades of the viewer's organisation, those of both sides."""
    viewer = viewer_of(request)
    own = viewer.organisation
    held = trades_seen_by(viewer)
    headings = (
        _("Day"),
        _("Side"),
        _("Partner"),
        _("What was traded"),
        _("Quantity"),
        _("Unit"),
        _("Amount, yuan"),
        _("Case"),
        _("In the workspace"),
    )
    file = table_response(request, "trades", headings, ([*_cells(one, own and own.pk)] for one in held), None)
    if file is not None:
        return file
    page = Paginator(held, _PAGE).get_page(request.GET.get("page"))
    for one in page:
        one.sells = own is not None and one.organisation == own  # pyright: ignore[reportAttributeAccessIssue]
    given = own is not None and Consent.objects.of(own).filter(given=True).exists()
    return render(request, "trades/trades.html", {"page": page, "given": given})


@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """Give or withdraw the consent of the viewer's organisation; the audit log has who did so, the log of evidence that
    it did.
    """
    viewer = viewer_of(request)
    assert viewer.organisation is not None, "the route is for firms and cluster organisations"
    given = request.POST.get("given") == "1"
    with transaction.atomic():
        held, _made = Consent.unscoped.select_for_update(of=("self",)).get_or_create(organisation=viewer.organisation)
        held.given, held.by = given, viewer.user
        held.save()
        enter_consent(held)
    if given:
        messages.success(
            request,
            _("You have agreed. A trade is used once its other side agrees as well; you can withdraw at any time."),
        )
    else:
        messages.success(request, _("You have withdrawn your consent. Your trades are taken out within a minute."))
    return redirect("trades")


def _cells(trade: Trade, own: int | None) -> list[object]:
    sells = trade.organisation.pk == own
    return [
        trade.date,
        _("sold") if sells else _("bought"),
        trade.buyer.name if sells else trade.organisation.name,
        trade.what,
        None if trade.quantity is None else float(trade.quantity),
        trade.unit,
        None if trade.amount_yuan is None else float(trade.amount_yuan),
        str(trade.case.pk),
        trade.passed is not None,
    ]
