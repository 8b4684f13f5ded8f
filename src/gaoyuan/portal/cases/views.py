"""Pages of the services: what can be opened, cases that one may know of, a case with its moves, and notices."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.exchange.notices import Appointment, calendar_of
from gaoyuan.exchange.process import Move, Process, allowed_moves, process, process_keys
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.forms import MoveForm, in_words, shown
from gaoyuan.portal.cases.models import Case, Notice, Participation, RecordLine
from gaoyuan.portal.cases.moving import PROGRAM, move_case, open_case, standing_of
from gaoyuan.portal.cases.seeing import opening_roles, roles_of, seen_by
from gaoyuan.portal.cases.service import service_of
from gaoyuan.portal.cases.tendering import is_tender, releases_of
from gaoyuan.portal.workbench.exports import table_response

_PAGE, _COUNTED = 50, 200


def services(request: HttpRequest) -> HttpResponse:
    """Show the services: what each is for, what waits for the viewer, and what he may open."""
    viewer = viewer_of(request)
    seen = seen_by(viewer)
    rows = []
    for key in process_keys():
        asked = process(key)
        rows.append(
            {
                "key": key,
                "name": in_words(asked),
                "opens": bool(opening_roles(viewer, asked)),
                "pages": service_of(key).pages(viewer),
                "running": seen.filter(process=key, deadline__isnull=False).count(),
                "waiting": sum(
                    _waits_for(viewer, case) for case in seen.filter(process=key, deadline__isnull=False)[:200]
                ),
            }
        )
    unread = Notice.objects.for_viewer(viewer).filter(read=None).count() if viewer.organisation else 0
    return render(request, "cases/services.html", {"rows": rows, "unread": unread})


def cases(request: HttpRequest, key: str) -> HttpResponse:
    """List the cases of a service that the viewer may know of, those that end soonest first."""
    asked = _process_of(key)
    viewer = viewer_of(request)
    held = _ordered(seen_by(viewer).filter(process=key).select_related("organisation"))
    headings = (pgettext("case", "Title"), _("Opened by"), _("State"), pgettext("case", "Deadline"), _("Last move"))
    file = table_response(
        request,
        key,
        headings,
        (
            (one.title, one.organisation.name, in_words(asked.states[one.state]), one.deadline, one.last_at)
            for one in held
        ),
        None,
    )
    if file:
        return file
    page = Paginator(held, _PAGE).get_page(request.GET.get("page"))
    for one in page:
        one.words = in_words(asked.states[one.state])  # pyright: ignore[reportAttributeAccessIssue]
        one.mine = _waits_for(viewer, one)  # pyright: ignore[reportAttributeAccessIssue]
    return render(
        request,
        "cases/cases.html",
        {
            "name": in_words(asked),
            "key": key,
            "page": page,
            "opens": bool(opening_roles(viewer, asked)),
            "pages": service_of(key).pages(viewer),
        },
    )


def new(request: HttpRequest, key: str) -> HttpResponse:
    """Open a case."""
    asked, viewer = _process_of(key), viewer_of(request)
    roles = opening_roles(viewer, asked)
    if not roles:
        raise Http404
    step = asked.moves[asked.opening]
    posted = request.method == "POST"
    data, files = (request.POST, request.FILES) if posted else (None, None)
    form = service_of(key).form(asked, step, [], data, files, viewer=viewer, case=None, opens=True)
    if not posted:
        # Pages that propose a service give what they know.
        form.initial.update({name: text[:2000] for name, text in request.GET.items() if name in form.fields})
    fault: Refusal | None = None
    if posted and form.is_valid():
        given = form.given()
        title = str(given.get("title") or in_words(asked))
        made = open_case(viewer, key, role=roles[0], title=title, given=given, why=form.why(), detail=form.detail())
        if isinstance(made, Case):
            return redirect("case", made.pk)
        fault = made
    return render(request, "cases/new.html", {"name": in_words(asked), "key": key, "form": form, "fault": fault})


def case(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a case: where it stands and why, what the viewer can do, and all of its moves."""
    viewer = viewer_of(request)
    return _page(request, viewer, get_object_or_404(seen_by(viewer).select_related("organisation"), pk=pk))


@require_POST
def move(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Make a move; one that is refused changes nothing, and what was typed stands there again."""
    viewer = viewer_of(request)
    held = get_object_or_404(seen_by(viewer).select_related("organisation"), pk=pk)
    asked = process(held.process)
    role = next((one for one, step in _moves(viewer, held, asked) if step.name == name), None)
    if role is None:
        raise Http404
    form = service_of(held.process).form(
        asked, asked.moves[name], _parties(held), request.POST, request.FILES, viewer=viewer, case=held, opens=False
    )
    if not form.is_valid():
        return _page(request, viewer, held, form)
    done = move_case(viewer, held, name, role=role, given=form.given(), why=form.why(), detail=form.detail())
    if isinstance(done, Refusal):
        return _page(request, viewer, held, form, done)
    messages.success(request, _("Done: %(move)s") % {"move": in_words(asked.moves[name])})
    return redirect("case", held.pk)


def tender(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send a case that is a tender in the Open Contracting Data Standard."""
    viewer = viewer_of(request)
    held = get_object_or_404(seen_by(viewer).select_related("organisation"), pk=pk)
    if not is_tender(held):
        raise Http404
    package = releases_of(viewer, held, uri=request.build_absolute_uri(), published=timezone.now())
    return JsonResponse(package, json_dumps_params={"ensure_ascii": False, "indent": 2})


def notices(request: HttpRequest) -> HttpResponse:
    """List what the viewer's organisation has been told; a form marks all as read."""
    viewer = viewer_of(request)
    held = Notice.objects.for_viewer(viewer).filter(organisation=viewer.organisation).select_related("case", "line")
    if request.method == "POST":
        update_logged(held.filter(read=None).select_related(None), read=timezone.now())
        return redirect("notices")
    page = Paginator(held, _PAGE).get_page(request.GET.get("page"))
    for one in page:
        one.words = in_words(process(one.case.process).moves[one.line.plain["move"]])  # pyright: ignore[reportAttributeAccessIssue]
        one.address = service_of(one.case.process).address(one.organisation, one.case)  # pyright: ignore[reportAttributeAccessIssue]
    return render(request, "cases/notices.html", {"page": page})


def calendar(request: HttpRequest) -> HttpResponse:
    """Send the deadlines of the viewer's cases as a calendar."""
    viewer = viewer_of(request)
    own = seen_by(viewer).filter(participations__organisation=viewer.organisation, deadline__isnull=False).distinct()
    dates = [
        Appointment(
            str(one.pk),
            one.number,
            f"{one.title}：{in_words(process(one.process).states[one.state])}",
            one.deadline,
            address=request.build_absolute_uri(reverse("case", args=[one.pk])),
        )
        for one in own
        if one.deadline
    ]
    file = calendar_of(dates, name="高原 Gaoyuan", made=timezone.now())
    return HttpResponse(file, content_type="text/calendar; charset=utf-8")


def _page(
    request: HttpRequest, viewer: Viewer, held: Case, tried: MoveForm | None = None, fault: Refusal | None = None
) -> HttpResponse:
    asked = process(held.process)
    state = asked.states[held.state]
    names = {str(one.pk): one.name for one in Organisation.objects.filter(pk__in=_all_parties(held))}
    facts = standing_of(held).facts
    parties = _parties(held)
    service = service_of(held.process)
    forms = [
        tried
        if tried and tried.move.name == step.name
        else service.form(asked, step, parties, None, None, viewer=viewer, case=held, opens=False)
        for _role, step in _moves(viewer, held, asked)
    ]
    lines = RecordLine.unscoped.filter(case=held).select_related("by").order_by("number")
    return render(
        request,
        "cases/case.html",
        {
            "case": held,
            "name": in_words(asked),
            "state": in_words(state),
            "final": state.final,
            "is_tender": is_tender(held),
            "owner": in_words(asked.roles[state.owner]) if state.owner else "",
            "reason": state.reason_en if get_language() == "en" else state.reason_zh,
            "facts": [
                (in_words(asked.facts[key]), shown(value, names, party=asked.facts[key].kind == "party"))
                for key, value in facts.items()
                if service.shows(viewer, held, key)
            ],
            "panels": [
                render_to_string(panel.template, {**panel.context, "case": held, "viewer": viewer}, request)
                for panel in service.panels(request, viewer, held)
            ],
            "forms": forms,
            "tried": tried.move.name if tried else "",
            "fault": fault and (fault.en if get_language() == "en" else fault.zh),
            "lines": [_line(asked, line, names) for line in lines if service.shows_line(viewer, held, line)],
        },
    )


def _line(asked: Process, line: RecordLine, names: dict[str, str]) -> dict[str, object]:
    plain = line.plain
    return {
        "number": line.number,
        "at": dt.datetime.fromisoformat(plain["at"]),
        "move": in_words(asked.moves[plain["move"]]),
        "role": in_words(asked.role(plain["role"])),
        "who": _("the portal") if plain["actor"] == PROGRAM else names.get(plain["actor"], ""),
        "why": plain["why"],
    }


def _moves(viewer: Viewer, held: Case, asked: Process) -> list[tuple[str, Move]]:
    """Give the moves that a viewer may try now, each with the role in which he may."""
    own = viewer.organisation
    found: dict[str, tuple[str, Move]] = {}
    for role in roles_of(viewer, held):
        standing = standing_of(held)
        for step in allowed_moves(asked, standing, actor=str(own.pk) if own else "", role=role, at=timezone.now()):
            if service_of(held.process).offers(viewer, held, step):
                found.setdefault(step.name, (role, step))
    return list(found.values())


def _waits_for(viewer: Viewer, held: Case) -> bool:
    """Whether a case waits for the viewer."""
    return process(held.process).states[held.state].owner in roles_of(viewer, held)


def _parties(held: Case) -> list[tuple[int, str]]:
    """Give those who have taken up a role that is bound to no party: among them one is chosen."""
    asked = process(held.process)
    free = [name for name, role in asked.roles.items() if role.party is None]
    rows = Participation.unscoped.filter(case=held, role__in=free).select_related("organisation").order_by("pk")
    return list({one.organisation.pk: (one.organisation.pk, one.organisation.name) for one in rows}.values())


def _all_parties(held: Case) -> list[int]:
    rows = Participation.unscoped.filter(case=held).values_list("organisation", flat=True)
    return [held.organisation.pk, *rows]


def _ordered(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.order_by(F("deadline").asc(nulls_last=True), "-last_at")


def _process_of(key: str) -> Process:
    if key not in process_keys():
        raise Http404
    return process(key)
