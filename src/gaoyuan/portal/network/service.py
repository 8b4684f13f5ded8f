"""Requests as a service of their process: the form of the request, naming a provider, and who sees what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gaoyuan.codes import counties, industries
from gaoyuan.exchange.network import KINDS
from gaoyuan.exchange.process import Move, Process, Value
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import OFFICES, Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.forms import MoveForm, Parties
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.service import Detail, Panel, Service
from gaoyuan.portal.challenges.answer_forms import registered_figures
from gaoyuan.portal.challenges.carrying import Carried, refused
from gaoyuan.portal.network.models import Provider, ServiceRequest
from gaoyuan.portal.network.routing import LEVEL_OF, named_for

if TYPE_CHECKING:
    from gaoyuan.exchange.network import Suited

_PLAYED = {Role.COUNTY: "county", Role.CITY: "city", Role.PROVINCE: "province"}
_FIRMS = (Role.ENTERPRISE, Role.CLUSTER)


def kind_words(kind: str) -> str:
    """Give what a kind of service is called, in the language of the page."""
    zh, en = next((words for key, words in KINDS.items() if key == kind), (kind, kind))
    return en if get_language() == "en" else zh


class AskForm(MoveForm):
    """Asks for a service."""

    def __init__(self, asked: Process, move: Move, data: Mapping[str, Any] | None, *, viewer: Viewer) -> None:
        super().__init__(asked, move, [], data, opens=True)
        assert viewer.organisation is not None
        self.own: Organisation = viewer.organisation
        known = registered_figures(viewer)
        self.fields.pop("why", None)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind of service"), choices=[(kind, kind_words(kind)) for kind in KINDS]
        )
        self.fields["industry"] = forms.CharField(
            label=_("Industry (code of GB/T 4754-2017; may be left empty)"),
            required=False,
            max_length=8,
            initial=known.industry if known is not None else "",
        )
        self.fields["text"] = forms.CharField(
            label=_("What you need, in your own words"),
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 4}),
        )

    def clean_industry(self) -> str:
        """Refuse what is no code of the classification."""
        code = str(self.cleaned_data["industry"]).strip().upper()
        if code and code not in industries():
            raise forms.ValidationError(_("The classification has no industry %(code)s.") % {"code": code})
        return code

    def detail(self) -> Detail:
        """Give the request."""
        said = {name: str(self.cleaned_data[name]).strip() for name in ("kind", "industry", "text")}

        def write(case: Case, line: RecordLine) -> None:
            if case.division not in counties():
                raise refused(
                    "no_county",
                    "贵单位没有所属县（市、区），请联系管理员补充",
                    "your organisation stands in no county: ask the administrator to set it",
                )
            ServiceRequest.objects.create_for(self.own, case=case, **said)

        return Carried(dict(said), write)


class AssignForm(MoveForm):
    """Names a provider, among those that are registered for such requests here and have room."""

    def __init__(self, asked: Process, move: Move, data: Mapping[str, Any] | None, *, case: Case) -> None:
        super().__init__(asked, move, [], data)
        row = ServiceRequest.unscoped.select_related("case", "organisation").filter(case=case).first()
        suited: list[Suited] = named_for(row) if row is not None else []
        english = get_language() == "en"
        self.fields["provider"] = forms.ChoiceField(
            label=_("Provider"),
            choices=[
                (one.provider.key, f"{one.provider.name} ({one.en})" if english else f"{one.provider.name}（{one.zh}）")
                for one in suited
            ],
            help_text=""
            if suited
            else _("No provider of this level is free for it: refer it upwards, or register one."),
        )

    def given(self) -> dict[str, Value]:
        """Give whose provider it is."""
        held = Provider.unscoped.get(pk=self.cleaned_data["provider"])
        return {"provider": str(held.party.pk)}

    def detail(self) -> Detail:
        """Give the provider; one that has become full meanwhile is refused."""
        pk = int(self.cleaned_data["provider"])

        def write(case: Case, line: RecordLine) -> None:
            held = Provider.unscoped.select_for_update(of=("self",)).get(pk=pk)
            row = ServiceRequest.unscoped.filter(case=case).first()
            if row is None or not held.active or held.open_requests >= held.most_open:
                raise refused("full", "该机构已满或已停用，请另选", "this provider is full or gone: choose another")
            row.provider = held
            row.save()

        return Carried({"registered_as": pk}, write)


class RequestService(Service):
    """What is special to service requests."""

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
            return AskForm(asked, move, data, viewer=viewer)
        if move.name == "assign":
            return AssignForm(asked, move, data, case=case)
        form = super().form(asked, move, parties, data, files, viewer=viewer, case=case, opens=opens)
        if move.name == "rate":
            form.fields["satisfaction"] = forms.TypedChoiceField(
                label=_("How content are you?"),
                coerce=int,
                choices=[(str(mark), "★" * mark) for mark in (5, 4, 3, 2, 1)],
            )
        return form

    def panels(self, request: HttpRequest, viewer: Viewer, case: Case) -> Sequence[Panel]:
        """Show what is asked for, and how long it stood with whom."""
        row = ServiceRequest.unscoped.filter(case=case).select_related("provider__party").first()
        if row is None:
            return ()
        context = {
            "row": row,
            "kind": kind_words(row.kind),
            "waits": row.waits.select_related("provider__party"),  # pyright: ignore[reportAttributeAccessIssue]
        }
        return (Panel("network/request_panel.html", context),)

    def pages(self, viewer: Viewer) -> Sequence[tuple[str, str]]:
        """Give the public figures, for offices the register of providers, and the quality records."""
        found = [(_("Times and satisfaction"), reverse("service_network"))]
        if viewer.role in OFFICES:
            found.append((_("Providers"), reverse("providers")))
        return [*found, (_("Quality records"), reverse("inspections"))]

    def hides(self, viewer: Viewer) -> Q | None:
        """Keep a request from all firms but its own and the provider that has it now."""
        if viewer.role not in _FIRMS or viewer.organisation is None:
            return None
        own = viewer.organisation
        return ~(Q(organisation=own) | Q(facts__provider=str(own.pk)))

    def plays(self, viewer: Viewer, case: Case, roles: Sequence[str]) -> Sequence[str]:
        """Have each office be the station of its own level, while a request stands there; an administrator is any."""
        own = viewer.organisation
        serves = own is not None and case.facts.get("provider") == str(own.pk)
        if viewer.role == Role.ADMINISTRATOR:
            stations = set(_PLAYED.values())
        else:
            stations = {_PLAYED[viewer.role]} if viewer.role in _PLAYED else set()
        here = LEVEL_OF.get(case.state)
        if here is not None:
            stations &= {here}
        return [role for role in roles if role in stations or role == "firm" or (role == "provider" and serves)]
