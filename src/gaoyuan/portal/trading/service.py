"""What is special to demands among the cases of the services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from gaoyuan.exchange.process import Move, Process
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.attachments import attachments_panel
from gaoyuan.portal.cases.forms import MoveForm, Parties
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.moving import standing_of
from gaoyuan.portal.cases.seeing import roles_of
from gaoyuan.portal.cases.service import Panel, Service
from gaoyuan.portal.trading import move_forms
from gaoyuan.portal.trading.comparing import matrix
from gaoyuan.portal.trading.finding import counterparts
from gaoyuan.portal.trading.models import Demand
from gaoyuan.portal.trading.places import chain_of
from gaoyuan.portal.trading.posting import DemandForm
from gaoyuan.portal.trading.quoting import has_quoted, is_sealed
from gaoyuan.portal.trading.searching import OPEN
from gaoyuan.portal.trading.showing import shown_demand

__all__ = ["TradingService"]

_SHOWN = 10
_FORMS: Mapping[str, type[move_forms.TradingForm]] = {
    "publish": move_forms.PublishForm,
    "extend": move_forms.ExtendForm,
    "quote": move_forms.QuoteForm,
    "replace": move_forms.QuoteForm,
    "take_back": move_forms.TakeBackForm,
    "award": move_forms.AwardForm,
}
_BIDS = frozenset({"quote", "replace", "take_back"})
"""The moves of bidders, of whom competitors know nothing."""


class TradingService(Service):
    """Demands with their counterparts and quotations."""

    def form(
        self,
        asked: Process,
        move: Move,
        parties: Parties,
        data: Mapping[str, Any] | None,
        files: Mapping[str, Any] | None,
        *,
        viewer: Viewer,
        case: Case | None,
        opens: bool,
    ) -> MoveForm:
        """Give the form of a move."""
        if opens or move.name == "revise":
            return DemandForm(asked, move, parties, data, files, viewer=viewer, case=case, opens=opens)
        form = _FORMS.get(move.name)
        if form is None or case is None:
            return MoveForm(asked, move, parties, data, files, opens=opens)
        return form(asked, move, parties, data, files, viewer=viewer, case=case)

    def panels(self, request: HttpRequest, viewer: Viewer, case: Case) -> Sequence[Panel]:
        """Give the demand, its quotations, its counterparts and its files, each as far as the viewer may see it."""
        demand = Demand.unscoped.select_related("case", "organisation").filter(case=case).first()
        if demand is None:
            return ()
        own = viewer.organisation is not None and viewer.organisation.pk == case.organisation.pk
        panels = [Panel("trading/demand.html", {"pairs": shown_demand(demand, own=own)})]
        panels += attachments_panel(viewer, case)
        if case.state != "draft":
            rows = matrix(viewer, case)
            count = int(str(standing_of(case).facts.get("quotes", 0)))
            sealed = is_sealed(case) and case.state == OPEN
            context = {"rows": rows, "unit": demand.unit, "sealed": sealed, "count": count, "buys": own}
            panels.append(Panel("trading/quotes.html", context))
        if own and case.state in {"draft", OPEN}:
            found = counterparts(demand, top=_SHOWN, chain=chain_of(viewer), private=True)
            panels.append(Panel("trading/counterparts.html", {"found": found}))
        return panels

    def pages(self, viewer: Viewer) -> Sequence[tuple[str, str]]:
        """Give the lists of offers and of open demands."""
        pages = [(_("Offers"), reverse("trading_offers")), (_("Open demands"), reverse("trading_demands"))]
        if viewer.role in {Role.ENTERPRISE, Role.CLUSTER}:
            pages.append((_("Post an offer"), reverse("trading_offer_new")))
        return pages

    def shows(self, viewer: Viewer, case: Case, fact: str) -> bool:
        """Show the price of the award to buyer, supplier and office alone."""
        return fact != "price_yuan" or bool({"buyer", "supplier", "office"} & set(roles_of(viewer, case)))

    def offers(self, viewer: Viewer, case: Case, move: Move) -> bool:
        """Offer to quote to those who have not, to replace and to take back to those who have."""
        if move.name not in _BIDS:
            return True
        if viewer.organisation is not None and viewer.organisation.pk == case.organisation.pk:
            return False
        return has_quoted(viewer, case) == (move.name != "quote")

    def shows_line(self, viewer: Viewer, case: Case, line: RecordLine) -> bool:
        """Show who has quoted to himself; to buyer and office too once quotations are not sealed (any more)."""
        own = viewer.organisation
        if line.plain["move"] not in _BIDS or (own is not None and line.plain["actor"] == str(own.pk)):
            return True
        opened = not is_sealed(case) or case.state not in {OPEN, "withdrawn", "unawarded"} or _was_opened(case)
        return opened and bool({"buyer", "office"} & set(roles_of(viewer, case)))


def _was_opened(case: Case) -> bool:
    """Whether the deadline has closed the quotations of a case."""
    return any(
        plain["move"] == "close" for plain in RecordLine.unscoped.filter(case=case).values_list("plain", flat=True)
    )
