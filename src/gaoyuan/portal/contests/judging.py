"""The page of a judge: the sheet of the round, filled on it or in a workbook, and sealed."""

from __future__ import annotations

import json
import tempfile
import uuid
from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from gaoyuan.assess import contest as engine
from gaoyuan.assess.contest.canonical import canonical
from gaoyuan.assess.contest.definition import RoundName
from gaoyuan.assess.contest.panel import duty
from gaoyuan.assess.contest.state import Scores
from gaoyuan.errors import GaoyuanError
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.contests import page
from gaoyuan.portal.contests.acting import Held, editing, said, state_of, uploaded
from gaoyuan.portal.contests.keeping import locked, unlocked
from gaoyuan.portal.contests.models import Seat, Sheet, own_seats, seen_by

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def seat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a judge his sheet of the round that is being scored, and seal what he gives: cell by cell, or as a workbook
    that he has filled. Until the opening a later sheet takes the place of an earlier one.
    """
    own = get_object_or_404(own_seats(viewer_of(request)), pk=pk)
    faults, cells, told = list[str](), dict[tuple[str, str], str](), ""
    act = request.POST.get("act", "")
    if request.method == "POST":
        try:
            if act == "conflict":
                _declare(request, own)
            else:
                _seal(request, own, request.FILES.get("file") if act == "upload" else None)
            return redirect("contest_seat", pk)
        except engine.SheetInvalid as wrong:
            # Cells of a workbook are told of by their row and column there, those of the page stand marked on it.
            placed = {} if act == "upload" else {(one.row, one.column): one.what for one in wrong.faults}
            cells = {place: what for place, what in placed.items() if all(place)}
            faults = [str(one) for one in wrong.faults if (one.row, one.column) not in cells]
            told = _("Nothing was sealed: mend the marked cells.") if cells else _("Nothing was sealed.")
        except GaoyuanError as wrong:
            faults = [said(wrong)]
    state = state_of(own.contest)
    typed = request.POST if (faults or cells) and act != "upload" else None
    shown = page.judge(own, state, typed, _own_scores(own, state.scoring_round), cells)
    return render(request, "contests/judge.html", {**shown, "faults": faults, "told": told})


def form(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a judge the sheet of the round as a workbook, to fill without the portal; 404 where there is none."""
    own = get_object_or_404(own_seats(viewer_of(request)), pk=pk)
    state = state_of(own.contest)
    judge = state.judges.get(own.judge)
    if judge is None or state.scoring_round is None:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "form.xlsx"
        try:
            engine.write_form(state, judge, file)
        except engine.ActRefused:
            raise Http404 from None
        body = file.read_bytes()
    answer = HttpResponse(body, content_type=_XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{state.id}-{state.scoring_round}-{judge.id}.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _seal(request: HttpRequest, own: Seat, file: UploadedFile | None) -> None:
    """Check a sheet as the engine does and seal it: record and sheet are written together, or neither."""
    with editing(seen_by(viewer_of(request)), own.contest_id, viewer_of(request)) as held:  # pyright: ignore[reportAttributeAccessIssue]
        state = held.state
        judge, name = state.judge(own.judge), state.scoring_round
        checked = _typed(request, held, own) if request.POST.get("act") != "upload" else _sent(file, held, own)
        assert name is not None, "a form is read while a round is scored"
        sheet = engine.seal(state.id, name, judge.id, checked)
        held.engine.seal(sheet)
        Sheet.objects.create_for(
            own.organisation,
            seat=own,
            round=name,
            commitment=sheet.commitment,
            data=locked((canonical(sheet.body() | {"contest": sheet.contest}) + b"\n").decode()),
        )
    messages.success(request, _("Sealed. Nobody sees the scores before the opening; until then you may give others."))


def _typed(request: HttpRequest, held: Held, own: Seat) -> Scores:
    """Read the cells of the page. Raises SheetInvalid, ActRefused."""
    state = held.state
    judge, name = state.judge(own.judge), state.scoring_round
    scores = {
        entrant.id: {
            leaf.id: request.POST.get(f"points-{entrant.id}-{leaf.id}", "")[:40] for leaf in state.definition.leaves
        }
        for entrant in (duty(state, name, judge) if name else ())
    }
    sent = {"contest": state.id, "round": name or "", "judge": judge.id, "scores": scores}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "form.json"
        file.write_text(json.dumps(sent), encoding="utf-8")
        return engine.read_form(state, judge, file)


def _sent(file: UploadedFile | None, held: Held, own: Seat) -> Scores:
    """Read a workbook that was sent. Raises SheetInvalid, ActRefused, FileUnreadable."""
    with uploaded(file, (".xlsx", ".csv")) as path:
        return engine.read_form(held.state, held.state.judge(own.judge), path)


def _declare(request: HttpRequest, own: Seat) -> None:
    with editing(seen_by(viewer_of(request)), own.contest_id, viewer_of(request)) as held:  # pyright: ignore[reportAttributeAccessIssue]
        held.engine.declare_conflict(own.judge, request.POST.get("entrant", ""), request.POST.get("reason", "").strip())
    messages.success(request, _("Declared: you do not score this entrant."))


def _own_scores(own: Seat, name: RoundName | None) -> dict[str, dict[str, str]]:
    """Give the scores that the judge has sealed last, for him to see."""
    last = own.sheets.filter(round=name).first() if name else None  # pyright: ignore[reportAttributeAccessIssue]
    try:
        return json.loads(unlocked(last.data))["scores"] if last is not None else {}
    except engine.ActRefused:
        # Under another secret the sheet cannot be read; it can be sealed anew.
        return {}
