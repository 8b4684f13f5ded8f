"""What bookings add to their cases: the forms of their moves, and what the page of a case shows of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gaoyuan.exchange.process import Move, Process
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.booking.acting import charge_now
from gaoyuan.portal.booking.foods import food
from gaoyuan.portal.booking.models import Bill, Booking, Report, Sample
from gaoyuan.portal.booking.move_forms import CheckInForm, ReportForm, RequestForm, SampleForm
from gaoyuan.portal.booking.reports import content_of, holds
from gaoyuan.portal.booking.seeing import open_to
from gaoyuan.portal.cases.attachments import attachments_panel
from gaoyuan.portal.cases.forms import MoveForm, Parties
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.service import Panel, Service

__all__ = ["BookingService"]

_MEDIATED = ("disputed", "unsettled")
_INNER = ("place_free", "needs_approval")


class BookingService(Service):
    """The service of the process `booking`."""

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
        if opens:
            return RequestForm(asked, move, parties, data, open_to(viewer))
        booking = Booking.unscoped.select_related("resource__organisation").filter(case=case).first()
        if booking is not None:
            waiting = Sample.unscoped.filter(booking=booking, received=None)
            own = viewer.organisation == booking.resource.organisation
            match move.name:
                case "register_samples":
                    return SampleForm(asked, move, parties, data, booking)
                case "receive_samples":
                    return CheckInForm(asked, move, parties, data, waiting)
                case "check_in" if own and waiting.exists():
                    return CheckInForm(asked, move, parties, data, waiting)
                case "report":
                    return ReportForm(asked, move, parties, data, files, booking)
        return MoveForm(asked, move, parties, data, files)

    def panels(self, request: HttpRequest, viewer: Viewer, case: Case) -> Sequence[Panel]:
        """Show the booking to all who know of the case; samples and results to its two parties and who mediates."""
        held = Booking.unscoped.select_related("resource__organisation", "organisation", "case")
        booking = held.filter(case=case).first()
        if booking is None:
            return ()
        found = [Panel("booking/about_booking.html", _about(viewer, booking))]
        if viewer.organisation in _parties(booking) or (viewer.is_office and case.state in _MEDIATED):
            samples = list(Sample.unscoped.filter(booking=booking).prefetch_related("items"))
            for one in samples:
                one.food = food(one.category)  # pyright: ignore[reportAttributeAccessIssue]
            if samples:
                found.append(Panel("booking/samples.html", {"samples": samples, "case": case}))
            report = Report.unscoped.filter(booking=booking).first()
            if report is not None:
                shown = {"report": report, "content": content_of(report), "holds": holds(report)}
                found.append(Panel("booking/about_report.html", shown))
        return [*found, *attachments_panel(viewer, case)]

    def shows(self, viewer: Viewer, case: Case, fact: str) -> bool:
        """Leave out what only the program needs to know."""
        return fact not in _INNER

    def pages(self, viewer: Viewer) -> Sequence[tuple[str, str]]:
        """Name the lists of resources, of one's own and of bills, and the check of reports."""
        return (
            (_("Laboratories, machines, capacity"), reverse("resources")),
            (_("Own resources"), f"{reverse('resources')}?own=1"),
            (_("Share a resource"), reverse("resource_new")),
            (_("Bills"), reverse("booking_bills")),
            (_("Calendar of bookings (iCalendar)"), reverse("booking_calendar")),
            (_("Check a report"), reverse("report_check")),
        )


def _parties(booking: Booking) -> tuple[object, object]:
    return booking.organisation, booking.resource.organisation


def _about(viewer: Viewer, booking: Booking) -> dict[str, object]:
    case, party = booking.case, viewer.organisation in _parties(booking)
    ahead = None
    if case.state == "waiting":
        earlier = Booking.unscoped.filter(resource=booking.resource, case__state="waiting", number__lt=booking.number)
        # Others' times overlap with this one's where they begin before it ends and end after it begins.
        ahead = earlier.filter(begins__lt=booking.ends, ends__gt=booking.begins).count() + 1
    confirmed = case.state == "confirmed" and timezone.now() < booking.begins
    return {
        "booking": booking,
        "party": party,
        "ahead": ahead,
        "charge": charge_now(booking, timezone.now()) if confirmed and party else None,
        "bill": Bill.unscoped.filter(booking=booking).first() if party else None,
        "hours": (booking.ends - booking.begins).total_seconds() / 3600,
        "samples_due": case.state == "confirmed"
        and viewer.organisation == booking.organisation
        and booking.resource.kind == "laboratory"
        and not Sample.unscoped.filter(booking=booking).exists(),
    }
