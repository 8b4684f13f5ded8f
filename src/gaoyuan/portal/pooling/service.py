"""Pooled orders as a service of the portal: who may do what, with which form, and who sees which part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from gaoyuan.exchange.process import Move, Process
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.forms import MoveForm, Parties
from gaoyuan.portal.cases.models import Case, Participation, RecordLine
from gaoyuan.portal.cases.service import Panel, Service
from gaoyuan.portal.pooling.forms import NO_CAP, DraftForm, TermsForm
from gaoyuan.portal.pooling.joining_forms import CommitForm, LeaveForm, WithdrawForm
from gaoyuan.portal.pooling.models import Commitment, Pool
from gaoyuan.portal.pooling.panels import panels_of

__all__ = ["Pools", "commitment_of"]

_FIRMS = (Role.ENTERPRISE, Role.CLUSTER)
_OWN_LINES = ("commit", "change", "leave", "withdraw")


def commitment_of(viewer: Viewer, case: Case) -> Commitment | None:
    """Give what the viewer's own organisation has committed."""
    if viewer.organisation is None:
        return None
    return Commitment.objects.of(viewer.organisation).filter(case=case).first()


class Pools(Service):
    """The service of the process `pool`."""

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
        own = viewer.organisation
        if own is None:
            return super().form(asked, move, parties, data, files, viewer=viewer, case=case, opens=opens)
        if case is None:
            return DraftForm(asked, move, data, {}, own)
        pool, held = Pool.unscoped.get(case=case), commitment_of(viewer, case)
        if move.name == "propose":
            return TermsForm(asked, move, data, own, pool)
        if move.name in ("commit", "change"):
            return CommitForm(asked, move, data, own, pool, held if move.name == "change" else None)
        if move.name == "leave" and held is not None:
            return LeaveForm(asked, move, data, own, held)
        if move.name == "withdraw" and held is not None:
            return WithdrawForm(asked, move, data, pool, held)
        return super().form(asked, move, parties, data, files, viewer=viewer, case=case, opens=opens)

    def panels(self, request: HttpRequest, viewer: Viewer, case: Case) -> Sequence[Panel]:
        """Give the terms and the way to the next tier, the own commitment, and the result."""
        return panels_of(viewer, case, commitment_of(viewer, case))

    def pages(self, viewer: Viewer) -> Sequence[tuple[str, str]]:
        """Give the credit lines and the check of records."""
        found = [(_("Check the record of a pool"), reverse("pool_check"))]
        if viewer.role in _FIRMS:
            found.append((_("Credit lines"), reverse("pool_credit")))
        return found

    def shows(self, viewer: Viewer, case: Case, fact: str) -> bool:
        """Hide what one member's last move gave, the room of a pool without a cap, and what the panels say better."""
        if fact == "room":
            return int(case.facts[fact]) < NO_CAP // 2
        return fact not in ("quantity", "difference", "committed", "minimum", "on_failure", "volume", "delivered")

    def hides(self, viewer: Viewer) -> Q | None:
        """Hide pools that are no longer open from firms that have no part in them."""
        own = viewer.organisation
        if own is None or viewer.role not in _FIRMS:
            return None
        part = Participation.unscoped.filter(organisation=own).values("case")
        return ~Q(state="open") & ~Q(organisation=own) & ~Q(pk__in=part)

    def plays(self, viewer: Viewer, case: Case, roles: Sequence[str]) -> Sequence[str]:
        """Let firms join while a pool is open, the organiser too, but for its supplier; later only who has joined is a
        member. While the program clears, nobody is in its place.
        """
        own = viewer.organisation
        joins = viewer.role in _FIRMS and case.state == "open"
        joins = joins and own is not None and case.facts.get("supplier") != str(own.pk)
        if not joins and commitment_of(viewer, case) is None:
            roles = [role for role in roles if role != "member"]
        elif "member" not in roles:
            roles = [*roles, "member"]
        return [role for role in roles if role != "office" or case.state == "disputed"]

    def offers(self, viewer: Viewer, case: Case, move: Move) -> bool:
        """Offer a commitment to who has none, changes to who has one, and a withdrawal to who has a share."""
        if move.name not in _OWN_LINES:
            return True
        held = commitment_of(viewer, case)
        if move.name == "commit":
            return held is None
        if move.name == "withdraw":
            return held is not None and bool(held.got) and held.withdrawn is None
        return held is not None

    def shows_line(self, viewer: Viewer, case: Case, line: RecordLine) -> bool:
        """Keep from everyone what others have committed; organiser and supplier see who has withdrawn."""
        move, own = line.plain["move"], viewer.organisation
        if move not in _OWN_LINES:
            return True
        if own is not None and line.plain["actor"] == str(own.pk):
            return True
        sides = (str(case.organisation.pk), case.facts.get("supplier"))
        return move == "withdraw" and own is not None and str(own.pk) in sides
