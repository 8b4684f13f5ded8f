"""Licences of the patent pool as a service of their process."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gaoyuan.exchange.process import Move, Process, Value
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.forms import MoveForm, Parties
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.service import Detail, Panel, Service
from gaoyuan.portal.challenges.carrying import Carried, refused
from gaoyuan.portal.network.patents_models import Licence, PooledPatent, PoolMember

__all__ = ["LicenceForm", "LicenceService", "is_member", "listed"]


def listed() -> QuerySet[PooledPatent]:
    """Give the patents that are in the pool and in force."""
    return PooledPatent.unscoped.filter(withdrawn=None, expires__gte=timezone.localdate()).select_related(
        "organisation"
    )


def is_member(viewer: Viewer) -> bool:
    """Whether the viewer's organisation has joined the pool."""
    return viewer.organisation is not None and PoolMember.objects.of(viewer.organisation).exists()


class LicenceForm(MoveForm):
    """Asks for a licence to a patent of the pool; members may."""

    def __init__(self, asked: Process, move: Move, data: Mapping[str, Any] | None, *, viewer: Viewer) -> None:
        super().__init__(asked, move, [], data, opens=True)
        assert viewer.organisation is not None
        self.own: Organisation = viewer.organisation
        self.viewer = viewer
        for name in ("title", "holder", "why"):
            self.fields.pop(name, None)
        held = listed().exclude(organisation=self.own) if is_member(viewer) else listed().none()
        self.patents: dict[str, PooledPatent] = {str(one.pk): one for one in held}
        self.fields["patent"] = forms.ChoiceField(
            label=_("Patent"),
            choices=[(pk, f"{one.number} {one.title}（{one.organisation.name}）") for pk, one in self.patents.items()],
            help_text="" if is_member(viewer) else _("Join the patent pool first: licences are for its members."),
        )
        self.fields["purpose"] = forms.CharField(
            label=_("What you will use it for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
        )

    def given(self) -> dict[str, Value]:
        """Give the patent's name and its holder."""
        held = self.patents[self.cleaned_data["patent"]]
        return {"title": f"{held.title}（{held.number}）", "holder": str(held.organisation.pk)}

    def detail(self) -> Detail:
        """Give what is asked for; a second request for the same patent waits until the first has ended."""
        pk, purpose = uuid.UUID(self.cleaned_data["patent"]), str(self.cleaned_data["purpose"])

        def write(case: Case, line: RecordLine) -> None:
            held = listed().select_for_update(of=("self",)).filter(pk=pk).first()
            if held is None:
                raise refused("gone", "该专利已退出专利池", "this patent has left the pool")
            waiting = Licence.unscoped.filter(patent=held, organisation=self.own, case__deadline__isnull=False)
            if waiting.exists():
                raise refused("twice", "您已申请此专利的许可，请等待答复", "you have asked for this licence already")
            Licence.objects.create_for(self.own, case=case, patent=held, purpose=purpose)

        return Carried({"patent": str(pk), "purpose": purpose}, write)


class OfferForm(MoveForm):
    """Names the terms of a licence."""

    def __init__(self, asked: Process, move: Move, data: Mapping[str, Any] | None, *, case: Case) -> None:
        super().__init__(asked, move, [], data)
        self.licence = Licence.unscoped.select_related("patent").filter(case=case).first()
        self.fields["fee_yuan"] = forms.DecimalField(
            label=_("Fee for the whole time (yuan)"), min_value=Decimal(0), max_digits=13, decimal_places=2
        )

    def clean_runs_until(self) -> dt.datetime:
        """Refuse a licence that outlives its patent."""
        until = self.cleaned_data["runs_until"]
        if self.licence is not None and timezone.localdate(until) > self.licence.patent.expires:
            raise forms.ValidationError(
                _("The patent expires on %(day)s.") % {"day": self.licence.patent.expires.isoformat()}
            )
        return until


class LicenceService(Service):
    """What is special to licences."""

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
            return LicenceForm(asked, move, data, viewer=viewer)
        if move.name == "offer":
            return OfferForm(asked, move, data, case=case)
        return super().form(asked, move, parties, data, files, viewer=viewer, case=case, opens=opens)

    def panels(self, request: HttpRequest, viewer: Viewer, case: Case) -> Sequence[Panel]:
        """Show the patent and what it is wanted for."""
        held = Licence.unscoped.filter(case=case).select_related("patent__organisation").first()
        return (Panel("network/licence_panel.html", {"licence": held}),) if held is not None else ()

    def pages(self, viewer: Viewer) -> Sequence[tuple[str, str]]:
        """Give the pool."""
        return [(_("Patent pool"), reverse("patents"))]

    def hides(self, viewer: Viewer) -> Q | None:
        """Keep what firms agree on a licence from everybody but the two and the administrators."""
        own = viewer.organisation
        if viewer.role == Role.ADMINISTRATOR or own is None:
            return None
        return ~(Q(organisation=own) | Q(facts__holder=str(own.pk)))
