"""Challenges as a service of their process: forms, panels, and who sees what of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from gaoyuan.exchange.challenges import CRITERIA, publishable
from gaoyuan.exchange.process import Move, Process
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.attachments import attachments_panel
from gaoyuan.portal.cases.forms import MoveForm, Parties
from gaoyuan.portal.cases.service import Panel, Service
from gaoyuan.portal.challenges.answer_forms import AnswerForm, WithdrawForm
from gaoyuan.portal.challenges.comparison import compared
from gaoyuan.portal.challenges.contract_forms import SelectForm, SignForm
from gaoyuan.portal.challenges.models import PublicChallenge
from gaoyuan.portal.challenges.need_forms import CheckForm, NeedMoveForm, criterion_words, field_words, need_of
from gaoyuan.portal.challenges.seeing import (
    FIRMS,
    answers_seen_by,
    contracts_seen_by,
    needs_seen_by,
    support_seen_by,
)
from gaoyuan.portal.challenges.work_forms import MilestoneForm, ProlongForm, ResultForm, SupportForm, balance_of

if TYPE_CHECKING:
    from gaoyuan.portal.cases.models import Case, RecordLine

_PLAYED = {Role.COUNTY: {"county"}, Role.CITY: {"county"}, Role.PROVINCE: {"office"}}
_CHOOSING = ("select", "decline", "not_signed")
_SECRET_MOVES = ("answer", "change_answer", "withdraw_answer")


class ChallengeService(Service):
    """What is special to challenges."""

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
        if case is None or move.name == "submit":
            return NeedMoveForm(asked, move, data, files, viewer=viewer, case=case, opens=opens)
        match move.name:
            case "pass_check" | "admit":
                return CheckForm(asked, move, data, viewer=viewer)
            case "answer" | "change_answer":
                return AnswerForm(asked, move, data, files, viewer=viewer)
            case "withdraw_answer":
                return WithdrawForm(asked, move, data, viewer=viewer)
            case "select":
                return SelectForm(asked, move, data, viewer=viewer, case=case)
            case "sign":
                return SignForm(asked, move, data, viewer=viewer)
            case "report_milestone" | "return_milestone" | "meet_milestone":
                return MilestoneForm(asked, move, data, files, viewer=viewer, case=case)
            case "hand_over":
                return ResultForm(asked, move, data, files, viewer=viewer)
            case "prolong":
                return ProlongForm(asked, move, data, case=case)
            case "support":
                return SupportForm(asked, move, data, viewer=viewer)
        return super().form(asked, move, parties, data, files, viewer=viewer, case=case, opens=opens)

    def panels(self, request: HttpRequest, viewer: Viewer, case: Case) -> Sequence[Panel]:
        """Show the need, the answers beside one another, the contract, the support, and files."""
        found: list[Panel] = []
        need = needs_seen_by(viewer).filter(case=case).first()
        published = PublicChallenge.unscoped.filter(case=case).first()
        if need is not None:
            public = publishable(need_of(need))
            fields = [
                (field_words(name), text, name in public)
                for name, text in need.given.items()
                if text and name != "title"
            ]
            weights = [(criterion_words(name), need.weights.get(name, 0)) for name in CRITERIA]
            title = need.given.get("title", "")
            found.append(
                Panel(
                    "challenges/need_panel.html",
                    {
                        "title": title,
                        "fields": fields,
                        "weights": weights,
                        "public": [(field_words(name), text) for name, text in public.items()],
                        "published": published,
                        "checks": case.checks.select_related("organisation"),  # pyright: ignore[reportAttributeAccessIssue]
                    },
                )
            )
        rows = compared(viewer, case) if case.organisation == viewer.organisation or viewer.is_office else []
        if rows:
            found.append(Panel("challenges/answers_panel.html", {"rows": rows}))
        contract = contracts_seen_by(viewer).filter(case=case).first()
        if contract is not None:
            found.append(Panel("challenges/contract_panel.html", {"contract": contract}))
        support = list(support_seen_by(viewer).filter(case=case))
        if support:
            balance = balance_of(support_seen_by(viewer).filter(case=case))
            found.append(Panel("challenges/support_panel.html", {"support": support, "balance": balance}))
        return [*found, *attachments_panel(viewer, case)]

    def pages(self, viewer: Viewer) -> Sequence[tuple[str, str]]:
        """Give the public list and the support money."""
        return [
            (_("Published challenges"), reverse("challenges")),
            (_("Support money"), reverse("challenge_support")),
        ]

    def shows(self, viewer: Viewer, case: Case, fact: str) -> bool:
        """Keep how many have answered to the firm and its offices, and the last size check to nobody."""
        if fact == "answers":
            return viewer.is_office or case.organisation == viewer.organisation
        return fact not in ("size_checked", "title") or (fact == "title" and self._knows_need(viewer, case))

    def hides(self, viewer: Viewer) -> Q | None:
        """Keep a case from all firms but its own and the chosen solver: others read the public part."""
        if viewer.role not in FIRMS or viewer.organisation is None:
            return None
        own = viewer.organisation
        return ~(Q(organisation=own) | Q(facts__solver=str(own.pk)))

    def plays(self, viewer: Viewer, case: Case, roles: Sequence[str]) -> Sequence[str]:
        """Have county and city offices check, and provincial ones screen; who answers does so on the public page."""
        own = viewer.organisation
        offices = _PLAYED.get(viewer.role, {"county", "office"})
        chosen = own is not None and case.facts.get("solver") == str(own.pk)
        return [
            role
            for role in roles
            if (role in ("county", "office") and viewer.is_office and role in offices)
            or role == "firm"
            or (role == "solver" and chosen)
            or (role == "answerer" and viewer.role in FIRMS and case.organisation != own and case.state == "published")
        ]

    def shows_line(self, viewer: Viewer, case: Case, line: RecordLine) -> bool:
        """Keep who answers to the party itself until the answers are open, and a solver that was lost from the next."""
        own = viewer.organisation
        if line.plain["move"] in _CHOOSING and case.organisation != own and not viewer.is_office:
            return not case.lines.filter(plain__move="select", number__gt=line.number).exists()  # pyright: ignore[reportAttributeAccessIssue]
        if line.plain["move"] not in _SECRET_MOVES:
            return True
        if own is not None and line.plain["actor"] == str(own.pk):
            return True
        seen = answers_seen_by(viewer).filter(case=case, opened__isnull=False, organisation_id=line.plain["actor"])
        return seen.exists()

    def address(self, organisation: Organisation, case: Case) -> str:
        """Lead who answers to the public page, others to the case."""
        office = organisation.kind not in FIRMS
        if office or case.organisation == organisation or case.facts.get("solver") == str(organisation.pk):
            return super().address(organisation, case)
        published = PublicChallenge.unscoped.filter(case=case).first()
        return reverse("challenge", args=[published.pk]) if published else reverse("challenges")

    def _knows_need(self, viewer: Viewer, case: Case) -> bool:
        return needs_seen_by(viewer).filter(case=case).exists()
