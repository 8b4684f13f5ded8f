"""The pages of the organiser and the contestants, and where judges take their seats."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.assess import contest as engine
from gaoyuan.errors import GaoyuanError
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.contests import page
from gaoyuan.portal.contests.acting import EXAMPLE, begin, editing, said, state_of, uploaded
from gaoyuan.portal.contests.models import Contest, Entry, Seat, digest_of, seen_by
from gaoyuan.portal.contests.organising import Links, act
from gaoyuan.portal.workbench.exports import table_response

_FIRST_MOMENT = "2027-03-01T09:00"


def new(request: HttpRequest) -> HttpResponse:
    """Begin a contest or a rehearsal, from a definition that is sent or the shipped example."""
    viewer, fault = viewer_of(request), ""
    if request.method == "POST":
        rehearsal = "rehearsal" in request.POST
        at = request.POST.get("at", "").strip() or _FIRST_MOMENT
        try:
            made = begin(viewer, _own(request), _definition(request), at if rehearsal else None)
            return redirect("contest", made.pk)
        except GaoyuanError as wrong:
            fault = said(wrong)
    given = request.POST if request.method == "POST" else {"rehearsal": "on", "at": _FIRST_MOMENT, "from": "example"}
    return render(request, "contests/new.html", {"fault": fault, "given": given})


def _definition(request: HttpRequest) -> engine.Definition:
    if request.POST.get("from") == "example":
        return engine.read_definition(EXAMPLE)
    with uploaded(request.FILES.get("file"), (".yaml", ".yml", ".json")) as path:
        page.check_yaml(path)
        return engine.read_definition(path)


def _own(request: HttpRequest):  # noqa: ANN202 - the organisation of the viewer
    own = viewer_of(request).organisation
    assert own is not None, "the gate lets organisations pass only"
    return own


def contest(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the organiser where a contest stands, and what can be done."""
    row = get_object_or_404(Contest.objects.for_viewer(viewer_of(request)).select_related("organisation"), pk=pk)
    shown = page.organiser(row, state_of(row), QueryDict())
    entrants, judges = page.entrant_rows(shown), page.judge_rows(shown)
    return (
        table_response(request, "entrants", page.ENTRANT_HEADINGS, entrants, None)
        or table_response(request, "judges", page.JUDGE_HEADINGS, judges, None)
        or _organiser_page(request, row)
    )


def _organiser_page(request: HttpRequest, row: Contest, links: Links | None = None, fault: str = "") -> HttpResponse:
    addresses = {
        judge: request.build_absolute_uri(reverse("contest_claim", args=[secret]))
        for judge, secret in (links or {}).items()
    }
    shown = page.organiser(row, state_of(row), request.POST if fault else QueryDict())
    return render(request, "contests/organiser.html", {**shown, "links": addresses, "fault": fault})


@require_POST
def contest_act(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Do an act of the organiser; one that is refused changes nothing, and what was typed stands there again."""
    viewer = viewer_of(request)
    contests = Contest.objects.for_viewer(viewer)
    row = get_object_or_404(contests, pk=pk)
    try:
        with editing(contests, pk, viewer, request.POST.get("at", "").strip()) as held:
            links = act(held, request)
    except GaoyuanError as fault:
        return _organiser_page(request, row, fault=said(fault))
    row.refresh_from_db()
    if links:
        # A link is shown once, so the page that shows it is the answer.
        return _organiser_page(request, row, links)
    messages.success(request, _("Done and recorded."))
    return redirect("contest", pk)


def claim(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the seat that a one-time link gives. A used or invented link is answered like a page that there is not."""
    viewer = viewer_of(request)
    seats = Seat.unscoped.filter(digest=digest_of(secret), user=None).select_related("contest")
    seat = get_object_or_404(seats)
    if request.method == "POST":
        with transaction.atomic():
            seat = get_object_or_404(seats.select_for_update(of=("self",)))
            seat.user, seat.organisation, seat.digest = viewer.user, _own(request), ""
            seat.save()
        return redirect("contest_seat", seat.pk)
    return render(request, "contests/claim.html", {"seat": seat})


def enter(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let an organisation enter a contest, withdraw, appeal, and see where it stands."""
    viewer, fault = viewer_of(request), ""
    row = get_object_or_404(seen_by(viewer), pk=pk)
    if request.method == "POST":
        try:
            with editing(seen_by(viewer), pk, viewer) as held:
                _contestant_act(request, held.engine, held.row)
            messages.success(request, _("Done and recorded."))
            return redirect("contest_enter", pk)
        except GaoyuanError as wrong:
            fault = said(wrong)
        except IntegrityError:
            fault = _("Your organisation has entered already.")
    state = state_of(row)
    entry = Entry.objects.of(_own(request)).filter(contest=row).first()
    shown = page.contestant(row, state, entry, _own(request), request.POST if fault else None)
    return render(request, "contests/contestant.html", {**shown, "fault": fault})


def _contestant_act(request: HttpRequest, held: engine.Contest, row: Contest) -> None:
    post, own = request.POST, _own(request)
    entry = Entry.objects.of(own).filter(contest=row).first()
    reason = post.get("reason", "").strip()
    if post.get("act") == "enter":
        if entry is not None:
            raise engine.ActRefused(_("Your organisation has entered already."))
        name = page.free_id(held.state)
        counties = [part.strip() for part in post.get("counties", "").replace("；", ";").split(";") if part.strip()]
        held.enter(
            name,
            post.get("name", "").strip()[:200],
            group=post.get("group", ""),
            organisations=[own.name],
            counties=counties,
        )
        Entry.objects.create_for(own, contest=row, entrant=name)
    elif entry is None:
        raise engine.ActRefused(_("Your organisation has not entered."))
    elif post.get("act") == "withdraw":
        held.withdraw(entry.entrant, reason)
    elif post.get("act") == "appeal":
        held.appeal(entry.entrant, "group" if post.get("round") == "group" else "final", reason)
    else:
        raise engine.ActRefused("没有此操作 there is no such act")
