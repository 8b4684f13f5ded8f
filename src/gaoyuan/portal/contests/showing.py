"""The pages that everybody of a contest sees: the list, the results, the record and what its verification says."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header  # pyright: ignore[reportAttributeAccessIssue]
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gaoyuan.assess import contest as engine
from gaoyuan.assess.contest.canonical import sha256
from gaoyuan.assess.contest.state import ROUNDS, Stage
from gaoyuan.assess.contest.words import round_title, stage_title
from gaoyuan.assess.contest.workbook import (
    CLASS_HEADINGS,
    JUDGE_HEADINGS,
    PLACE_HEADINGS,
    class_rows,
    judge_rows,
    place_rows,
)
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.roles import OFFICES, Role
from gaoyuan.portal.contests.acting import said, state_of
from gaoyuan.portal.contests.models import Contest, own_seats, seen_by
from gaoyuan.portal.contests.words import chinese, one_language, title
from gaoyuan.portal.workbench.exports import Cell, table_response
from gaoyuan.portal.workbench.paging import page_of

_LIST_HEADINGS = (
    _("Contest"),
    _("Organiser"),
    pgettext_lazy("contest", "State"),
    _("Results are published"),
)
FILES = {
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
}
"""What the results are given as; .jsonl is the record."""


def title_of(row: Contest) -> str:
    """Give what a contest is called in the language of the page."""
    return row.title_zh if chinese() else row.title_en


def contests(request: HttpRequest) -> HttpResponse:
    """List the contests that the viewer may know of, and his seats."""
    viewer = viewer_of(request)
    seen = list(seen_by(viewer))
    cells = [
        [
            title_of(one),
            one.organisation.name,
            one_language(stage_title(cast("Stage", one.stage))),
            one.published is not None,
        ]
        for one in seen
    ]
    file = table_response(request, "contests", _LIST_HEADINGS, cells, None)
    if file is not None:
        return file
    page = page_of(request, seen)
    for one in page:
        one.stage_words = one_language(stage_title(one.stage))  # pyright: ignore[reportAttributeAccessIssue]
    return render(
        request,
        "contests/list.html",
        {
            "page": page,
            "seats": own_seats(viewer),
            "organises": viewer.role in OFFICES,
            "enters": viewer.role in (Role.CLUSTER, Role.ENTERPRISE),
        },
    )


def results(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the results, and whether the record is whole and gives them."""
    row = _shown(request, pk)
    record = row.record
    state = engine.replay(record)
    tables = _tables(state)
    for name, _heading, headings, rows in tables:
        file = table_response(request, name, headings, rows, None)
        if file is not None:
            return file
    return render(
        request,
        "contests/results.html",
        {
            "contest": row,
            "title": title(state.title),
            "stage": one_language(stage_title(state.stage)),
            "tables": tables,
            "fault": _verify(record, state),
            "head": state.head,
            "events": state.events,
            "sha256": sha256(engine.result_bytes(state)),
            "notes": [
                f"{one_language(round_title(name))} {unit}: {note}"
                for name in ROUNDS
                for unit in (state.units(name) if state.opened(name) else ())
                for note in engine.standing(state, name, unit).scores.notes
            ],
            "files": FILES,
        },
    )


def result_file(request: HttpRequest, pk: uuid.UUID, ending: str) -> HttpResponse:
    """Give the result document, the results as a workbook, or the record."""
    if ending not in FILES:
        raise Http404
    row = _shown(request, pk)
    if ending == "jsonl":
        body = row.record
    elif ending == "json":
        body = engine.result_bytes(state_of(row))
    else:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "result.xlsx"
            engine.write_result_workbook(state_of(row), file)
            body = file.read_bytes()
    name = "contest" if ending == "jsonl" else "result"
    answer = HttpResponse(body, content_type=FILES[ending])
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.{ending}") or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _shown(request: HttpRequest, pk: uuid.UUID) -> Contest:
    """Give a contest whose results the viewer may see: the organiser always, everybody else those published."""
    viewer = viewer_of(request)
    own = Contest.objects.for_viewer(viewer) if viewer.role in OFFICES else Contest.unscoped.none()
    return get_object_or_404(Contest.unscoped.filter(Q(published__isnull=False) | Q(pk__in=own.values("pk"))), pk=pk)


def _tables(state: engine.ContestState) -> list[tuple[str, str, list[str], Sequence[Sequence[Cell]]]]:
    """Give the tables: name, heading, headings of the columns, rows."""
    if not state.opened("group"):
        return []
    held = [
        ("places", "名次 Places", PLACE_HEADINGS, place_rows(state)),
        ("judges", "评委 Judges", JUDGE_HEADINGS, judge_rows(state)),
    ]
    if state.opened("final"):
        held.insert(0, ("results", "结果 Results", CLASS_HEADINGS, class_rows(state)))
    return [
        (
            name,
            one_language(heading),
            [one_language(one).replace("_", " ") for one in headings],
            rows,
        )
        for name, heading, headings, rows in held
    ]


def _verify(record: bytes, state: engine.ContestState) -> str:
    """Say what is wrong with the record: "" where its chain holds and it gives the results shown."""
    try:
        engine.verify_result(record, engine.result_bytes(state))
    except engine.RecordBroken as fault:
        return said(fault)
    return ""
