"""Claims on funds as a service of their process: forms of the moves, the panel, and who may know of a claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from gaoyuan.exchange.process import Move, Process
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.attachments import AttachmentsField, attachments_panel
from gaoyuan.portal.cases.forms import MoveForm, Parties
from gaoyuan.portal.cases.models import Case, Participation
from gaoyuan.portal.cases.service import Detail, Panel, Service
from gaoyuan.portal.finance.amounts import to_fen, to_yuan
from gaoyuan.portal.finance.claiming import accepting, adding_files, claim_of, paying, recovering
from gaoyuan.portal.finance.fund_account import rules_of, standing_of

__all__ = ["FundClaims"]

_FEN = 2


class FundClaims(Service):
    """What is special to claims on risk-compensation funds."""

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
        """Give the form of a move; a claim is opened on the page of its loan."""
        if case is not None and move.name in ("accept", "answer", "pay", "recover"):
            return _ClaimForm(asked, move, data, files, viewer, case)
        return super().form(asked, move, parties, data, files, viewer=viewer, case=case, opens=opens)

    def panels(self, request: HttpRequest, viewer: Viewer, case: Case) -> Sequence[Panel]:
        """Show the loan, what the fund owes by its rules, and the evidence."""
        claim = claim_of(case)
        fund = claim.loan.fund
        held = standing_of(fund).loan(str(claim.loan.pk))
        owed = rules_of(fund).compensation_of(to_fen(claim.loss_yuan), held.cover)
        context = {
            "claim": claim,
            "loan": claim.loan,
            "fund": fund,
            "share": fund.share_bp / 100,
            "owed": to_yuan(owed),
            "cover": to_yuan(held.cover),
            "due": to_yuan(held.due),
            "paid": to_yuan(held.paid),
            "recovered": to_yuan(held.recovered),
        }
        return [Panel("finance/claim_panel.html", context), *attachments_panel(viewer, case)]

    def pages(self, viewer: Viewer) -> Sequence[tuple[str, str]]:
        """Give the funds."""
        return [(_("Funds"), reverse("finance_funds"))] if viewer.is_office or viewer.role == Role.BANK else []

    def shows(self, viewer: Viewer, case: Case, fact: str) -> bool:
        """Hide what only the deadlines need."""
        return fact != "reminded_at"

    def hides(self, viewer: Viewer) -> Q | None:
        """Keep claims from all but their bank, the fund's office, and the offices above that."""
        own = viewer.organisation
        if own is None or viewer.role == Role.ADMINISTRATOR:
            return None
        part = Q(organisation=own)
        if viewer.is_office:
            part = Q(organisation__path__startswith=own.path)
        return ~Q(pk__in=Participation.unscoped.filter(part).values("case"))


class _ClaimForm(MoveForm):
    """A move of a claim that writes into the fund's account, or adds evidence."""

    def __init__(
        self,
        asked: Process,
        move: Move,
        data: Mapping[str, Any] | None,
        files: Mapping[str, Any] | None,
        viewer: Viewer,
        case: Case,
    ) -> None:
        super().__init__(asked, move, [], data, files)
        self._viewer = viewer
        for name in ("accepted_yuan", "recovered_yuan"):
            field = self.fields.get(name)
            if field is not None:
                self.fields[name] = forms.DecimalField(
                    label=field.label, min_value=to_yuan(1), max_digits=15, decimal_places=_FEN
                )
        if move.name == "accept":
            claim = claim_of(case)
            cover = standing_of(claim.loan.fund).loan(str(claim.loan.pk)).cover
            owed = rules_of(claim.loan.fund).compensation_of(to_fen(claim.loss_yuan), cover)
            self.fields["accepted_yuan"].initial = to_yuan(owed)
        if move.name == "answer":
            self.fields["files"] = AttachmentsField(label=_("Evidence"))

    def detail(self) -> Detail | None:
        """Give what is written beside the move."""
        match self.move.name:
            case "accept":
                return accepting(self.cleaned_data["accepted_yuan"], self._viewer.user)
            case "answer":
                return adding_files(self._viewer, self.cleaned_data["files"])
            case "recover":
                return recovering(self.cleaned_data["recovered_yuan"], self._viewer.user)
            case _:
                return paying(self._viewer.user)
