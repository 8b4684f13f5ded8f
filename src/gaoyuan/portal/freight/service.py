"""What freight adds to the cases of its process: the load's form and panel, and who sees what of it.

A shipper sees his own loads alone, a carrier those that he is offered or has accepted, a planner those that are given
to him. Before he accepts, a carrier sees where roughly, when, how heavy and for how much; not the address, the contact,
what the shipper would pay at most, and nothing of other carriers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from gaoyuan.codes.administrative_divisions import full_name
from gaoyuan.exchange.process import Move, Process
from gaoyuan.portal.accounts.roles import CLUSTERS, Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.forms import MoveForm, Parties
from gaoyuan.portal.cases.models import Case, Participation, RecordLine
from gaoyuan.portal.cases.service import Panel, Service
from gaoyuan.portal.freight.models import Load, Need, Plan, Trip
from gaoyuan.portal.freight.posting import PostForm

__all__ = ["FreightService", "need_words", "place_words"]

_ACCEPTED = {"accepted", "under_way", "delivered", "disputed", "completed", "unsettled"}


class FreightService(Service):
    """The service of the process freight."""

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
        """Give the form of a move; a load is posted by one of its own."""
        if opens and viewer.organisation is not None:
            return PostForm(asked, move, parties, data, files, own=viewer.organisation)
        return MoveForm(asked, move, parties, data, files, opens=opens)

    def panels(self, request: HttpRequest, viewer: Viewer, case: Case) -> Sequence[Panel]:
        """Show the load, and where it stands in a plan."""
        load = Load.unscoped.filter(case=case).select_related("trip", "trip__vehicle", "planner").first()
        if load is None or viewer.organisation is None:
            return ()
        shipper, carrier = case.organisation == viewer.organisation, is_carrier(viewer, case)
        whole = not carrier or shipper or case.state in _ACCEPTED
        trip = load.trip if load.trip and load.trip.live else None
        shown: dict[str, Any] = {
            "load": load,
            "needs": need_words(load.needs),
            "from_place": place_words(load, "from", whole=whole),
            "to_place": place_words(load, "to", whole=whole),
            "contact": load.contact if whole else "",
            "hidden": not whole,
            "volume": load.volume_dm3 / 1000,
            "price": None if load.price_fen is None else load.price_fen / 100,
            "pay": load.pay_fen / 100 if load.pay_fen is not None and (shipper or not carrier) else None,
            "trip": trip if trip and carrier else None,
            "plate": trip.vehicle.plate if trip and case.state in _ACCEPTED else "",
            "plan": trip.plan if trip and _plans(viewer, load) else None,
            "why_not": None if trip else _why_not(load),
        }
        return (Panel("freight/load_panel.html", shown),)

    def pages(self, viewer: Viewer) -> Sequence[tuple[str, str]]:
        """Give the pages of vehicles and trips, and of plans and warehouses."""
        found: list[tuple[str, str]] = []
        if viewer.role in (Role.ENTERPRISE, Role.CLUSTER):
            found += [(_("My vehicles"), reverse("freight_vehicles")), (_("My trips"), reverse("freight_trips"))]
        if viewer.role in CLUSTERS:
            found += [
                (_("Freight plans"), reverse("freight_plans")),
                (_("Warehouses and docks"), reverse("freight_warehouses")),
            ]
        return found

    def shows(self, viewer: Viewer, case: Case, fact: str) -> bool:
        """Keep from carriers how often others have refused."""
        return fact != "refusals" or not is_carrier(viewer, case)

    def hides(self, viewer: Viewer) -> Q | None:
        """Hide the loads of others from firms, but those that they plan, are offered or carry."""
        own = viewer.organisation
        if own is None or viewer.is_office:
            return None
        carried = Case.unscoped.filter(process="freight", facts__carrier=str(own.pk))
        planned = Participation.unscoped.filter(organisation=own, role="planner")
        return ~Q(organisation=own) & ~Q(pk__in=carried.values("pk")) & ~Q(pk__in=planned.values("case"))

    def plays(self, viewer: Viewer, case: Case, roles: Sequence[str]) -> Sequence[str]:
        """Let him plan alone to whom the shipper has given the load."""
        given = Participation.unscoped.filter(case=case, organisation=viewer.organisation, role="planner").exists()
        return [one for one in roles if one != "planner" or given]

    def offers(self, viewer: Viewer, case: Case, move: Move) -> bool:
        """Leave offers to plans, which are checked."""
        return move.name != "offer"

    def shows_line(self, viewer: Viewer, case: Case, line: RecordLine) -> bool:
        """Show a carrier the posting, and what has happened since the load was offered to him."""
        if not is_carrier(viewer, case) or line.number == 1:
            return True
        offers = RecordLine.unscoped.filter(case=case, plain__move="offer").order_by("-number")
        return line.number >= offers.values_list("number", flat=True)[0] if offers.exists() else False


def is_carrier(viewer: Viewer, case: Case) -> bool:
    """Whether a viewer knows of a case as the carrier alone."""
    own = viewer.organisation
    if own is None or case.organisation == own or case.facts.get("carrier") != str(own.pk):
        return False
    return not Participation.unscoped.filter(case=case, organisation=own, role="planner").exists()


def need_words(needs: Sequence[str]) -> str:
    """Give equipment and papers in the language of the page."""
    return "、".join(str(Need(one).label) if one in Need.values else one for one in needs)


def place_words(load: Load, end: str, *, whole: bool) -> str:
    """Give where a load is picked up ("from") or delivered ("to"); not `whole` its county, or its point to some ten
    kilometres.
    """
    if whole:
        return str(getattr(load, f"{end}_place"))
    county = str(getattr(load, f"{end}_county"))
    longitude, latitude = getattr(load, f"{end}_longitude"), getattr(load, f"{end}_latitude")
    return full_name(county) if county else f"{longitude:.1f}°, {latitude:.1f}°"


def _plans(viewer: Viewer, load: Load) -> bool:
    return Plan.objects.for_viewer(viewer).filter(trips__loads=load).exists()


def _why_not(load: Load) -> dict[str, str] | None:
    """Give why the newest plan has left a load behind."""
    if load.case.state != "posted":
        return None
    for plan in Plan.unscoped.filter(organisation=load.planner).order_by("-made")[:5]:
        for one in plan.unassigned:
            if one["load"] == str(load.pk):
                return one
        if Trip.unscoped.filter(plan=plan, loads=load).exists():
            return None
    return None
