"""The register as services of its processes: forms, panels, and who does and sees what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from gaoyuan.exchange.process import Move, Process
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import OFFICES, Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.forms import MoveForm, Parties
from gaoyuan.portal.cases.models import Case, RecordDetail
from gaoyuan.portal.cases.service import Panel, Service
from gaoyuan.portal.dataproducts.acting import REGISTRIES
from gaoyuan.portal.dataproducts.asking_forms import RegisterForm, RenewalForm, TransferForm
from gaoyuan.portal.dataproducts.describing import rows_of
from gaoyuan.portal.dataproducts.forms import ChangeForm, DescriptionForm
from gaoyuan.portal.dataproducts.models import Act, Entry, Product
from gaoyuan.portal.dataproducts.seeing import STATES

_FIRMS = (Role.ENTERPRISE, Role.CLUSTER)
_DECIDING = (*REGISTRIES, Role.ADMINISTRATOR)
_BY_PROGRAM = ("take_change", "take_transfer")
_ON_THE_PUBLIC_PAGE = ("object",)
_PUBLIC = [state for states in STATES.values() for state in states]


class _Register(Service):
    """What the three processes of the register have in common."""

    def pages(self, viewer: Viewer) -> Sequence[tuple[str, str]]:
        """Give the public register and the quality reports."""
        return [
            (_("Register of data products"), reverse("data_products")),
            (_("Quality reports"), reverse("data_quality")),
        ]

    def offers(self, viewer: Viewer, case: Case, move: Move) -> bool:
        """Keep what the portal does by itself, and what is done on the public page, from the page of the case."""
        return move.name not in (*_BY_PROGRAM, *_ON_THE_PUBLIC_PAGE)

    def plays(self, viewer: Viewer, case: Case, roles: Sequence[str]) -> Sequence[str]:
        """Have the offices of cities and provinces keep the register, and the parties themselves."""
        own = viewer.organisation
        parties = {str(case.facts.get(name)): name for name in ("holder", "receiver")}
        mine = parties.get(str(own.pk)) if own is not None else None
        return [
            role
            for role in roles
            if (role == "office" and viewer.role in _DECIDING) or (role in ("holder", "receiver") and role == mine)
        ]

    def hides(self, viewer: Viewer) -> Q | None:
        """Keep a case from all firms but its parties: others read the register."""
        if viewer.role in OFFICES or viewer.organisation is None:
            return None
        own = viewer.organisation
        return ~(Q(organisation=own) | Q(facts__holder=str(own.pk)) | Q(facts__receiver=str(own.pk)))

    def shows(self, viewer: Viewer, case: Case, fact: str) -> bool:
        """Leave out the number of a product, which its name says better, and what matters during a renewal alone."""
        return fact != "product" and (fact != "questioned" or case.state == "renewing")

    def address(self, organisation: Organisation, case: Case) -> str:
        """Lead who objects to the public page, others to the case."""
        party = str(organisation.pk) in (str(case.facts.get("holder")), str(case.facts.get("receiver")))
        if party or organisation.kind in OFFICES:
            return super().address(organisation, case)
        product = product_of(case)
        return reverse("data_product", args=[product.pk]) if product else reverse("data_products")


class ProductService(_Register):
    """First registration, renewal, cancellation."""

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
        if case is None or move.name == "hand_in_again":
            return DescriptionForm(asked, move, data, files, viewer=viewer, case=case, opens=opens)
        if move.name == "register":
            return RegisterForm(asked, move, data)
        if move.name == "ask_renewal":
            return RenewalForm(asked, move, data, case=case)
        return super().form(asked, move, parties, data, files, viewer=viewer, case=case, opens=opens)

    def panels(self, request: HttpRequest, viewer: Viewer, case: Case) -> Sequence[Panel]:
        """Show the description, and once it is registered the acts and what can be asked for."""
        product = Product.unscoped.filter(case=case).select_related("entry__quality", "organisation").first()
        if product is None or product.entry is None:
            return []
        acts = Act.unscoped.filter(product=product).select_related("record").order_by("number")
        own = viewer.organisation is not None and product.organisation == viewer.organisation
        context = {
            "product": product,
            "entry": product.entry,
            "rows": rows_of(product.entry.said),
            "acts": acts,
            "public": case.state in _PUBLIC,
            "asks": own and case.state in STATES["registered"],
        }
        return [Panel("dataproducts/product_panel.html", context)]


class ChangeService(_Register):
    """Changes of a registered product."""

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
        if case is None or move.name == "hand_in_again":
            return ChangeForm(asked, move, data, files, viewer=viewer, case=case, opens=opens)
        return super().form(asked, move, parties, data, files, viewer=viewer, case=case, opens=opens)

    def panels(self, request: HttpRequest, viewer: Viewer, case: Case) -> Sequence[Panel]:
        """Show what would be another, beside what holds."""
        entry = Entry.unscoped.filter(case=case).select_related("product__entry", "quality").order_by("pk").last()
        if entry is None:
            return []
        # What held before an entered change is in the act before it.
        acts = Act.unscoped.filter(product=entry.product)
        done = acts.filter(line__case=case).first()
        before = acts.filter(number__lt=done.number).order_by("number").last() if done else None
        held = before.entry if before else entry.product.entry
        old = dict(rows_of(held.said)) if held else {}
        rows = [(words, text, old.get(words, ""), old.get(words, "") != text) for words, text in rows_of(entry.said)]
        gone = [(words, "", text, True) for words, text in old.items() if words not in dict(rows_of(entry.said))]
        context = {
            "product": entry.product,
            "entry": entry,
            "rows": [*rows, *gone],
            "old_title": held.said.title if held else "",
        }
        return [Panel("dataproducts/change_panel.html", context)]


class TransferService(_Register):
    """Transfers of a registered product, which both parties want."""

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
        if case is None:
            return TransferForm(asked, move, data, viewer=viewer)
        return super().form(asked, move, parties, data, files, viewer=viewer, case=case, opens=opens)

    def panels(self, request: HttpRequest, viewer: Viewer, case: Case) -> Sequence[Panel]:
        """Show the product and the terms."""
        product = product_of(case)
        if product is None or product.entry is None:
            return []
        detail = RecordDetail.unscoped.filter(line__case=case, line__number=1).first()
        context = {
            "product": product,
            "entry": product.entry,
            "rows": rows_of(product.entry.said),
            "terms": str(detail.plain.get("terms", "")) if detail else "",
        }
        return [Panel("dataproducts/transfer_panel.html", context)]


def product_of(case: Case) -> Product | None:
    """Give the product of a case of the register."""
    rows = Product.unscoped.select_related("entry__quality", "organisation", "case")
    if case.process == "data-product":
        return rows.filter(case=case).first()
    number = case.facts.get("product")
    return rows.filter(pk=str(number)).first() if number else None
