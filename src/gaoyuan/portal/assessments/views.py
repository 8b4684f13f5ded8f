"""The pages of assessments: the list, the form with its verdict, signing, copies, evidence and reports."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header  # pyright: ignore[reportAttributeAccessIssue]
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.errors import GaoyuanError, InputError
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.assessments import saving
from gaoyuan.portal.assessments.evidence import TYPES, path_of
from gaoyuan.portal.assessments.facts_form import read_rows
from gaoyuan.portal.assessments.judging import Form, Judged, Settings, changes, form_of
from gaoyuan.portal.assessments.models import Assessment, Evidence, Judgement
from gaoyuan.portal.assessments.page import (
    CRITERIA_HEADINGS,
    FACTS_HEADINGS,
    STATES,
    chinese,
    criteria_cells,
    fact_cells,
    said,
    sections,
)
from gaoyuan.portal.assessments.reports import ENDINGS, report
from gaoyuan.portal.faults import fault_words
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.paging import page_of

_MOST_SETTING = 100


def assessments(request: HttpRequest) -> HttpResponse:
    """List the assessments that the viewer may see."""
    held = Assessment.objects.for_viewer(viewer_of(request)).select_related("judgement", "organisation", "saved_by")
    rows = held.defer("facts", "known", "judgement__data")
    headings = (
        _("Cluster"),
        _("Cluster id"),
        _("Rule"),
        _("As of"),
        _("Verdict"),
        _("State"),
        _("Signed by"),
        _("Saved"),
    )
    if request.GET.get("format"):
        cells = [
            [one.name, one.subject, one.edition, one.as_of, STATES[one.judgement.verdict], one.get_state_display(),
             one.signed_name, one.saved]
            for one in rows
        ]  # fmt: skip
        file = table_response(request, "assessments", headings, cells, None)
        if file is not None:
            return file
    return render(request, "assessments/list.html", {"page": page_of(request, list(rows))})


def assessment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show an assessment, and of a draft save what is typed."""
    held = _held(request, pk)
    judgement = get_object_or_404(Judgement.objects.for_viewer(viewer_of(request)), assessment=held)
    try:
        form = form_of(held)
    except GaoyuanError as fault:
        # The rule of a workspace's own folder may be gone; what was saved is shown all the same.
        return _page(request, held, judgement, None, told=[fault_words(fault, where=False)])
    if request.method == "POST":
        return _typed(request, held, judgement, form)
    if request.GET.get("format"):
        shown = sections(
            judgement.data, form.rows, Evidence.objects.for_viewer(viewer_of(request)).filter(assessment=held)
        )
        file = table_response(request, "criteria", CRITERIA_HEADINGS, criteria_cells(shown), None)
        file = file or table_response(request, "facts", FACTS_HEADINGS, fact_cells(shown), None)
        if file is not None:
            return file
    return _page(request, held, judgement, form)


@require_POST
def sign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Sign an assessment as it is saved."""
    held = _held(request, pk)
    wrong = [one for one in form_of(held).rows if one.fault is not None] if held.is_draft else []
    if wrong:
        messages.error(request, _("Mend or empty the rows that cannot be used, then sign."))
    elif "confirm" not in request.POST:
        messages.error(request, _("Confirm that you have checked facts and evidence."))
    else:
        try:
            saving.sign(viewer_of(request), held.pk, _revision(request))
            messages.success(request, _("Signed. Nothing of it changes any more; for a new version make a copy."))
        except saving.Outdated:
            messages.error(request, _("It was saved or signed by somebody since you opened it: look at it again."))
    return redirect("assessment", held.pk)


@require_POST
def copy(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make a draft of the same facts and evidence."""
    made = saving.copy(viewer_of(request), _held(request, pk))
    messages.success(request, _("This is a copy; the other stays as it is."))
    return redirect("assessment", made.pk)


def report_file(request: HttpRequest, pk: uuid.UUID, ending: str) -> HttpResponseBase:
    """Give the report as a file. It takes less than a second."""
    if ending not in ENDINGS:
        raise Http404
    held = _held(request, pk)
    judgement = get_object_or_404(Judgement.objects.for_viewer(viewer_of(request)), assessment=held)
    answer = HttpResponse(report(held, judgement, ending), content_type=ENDINGS[ending])
    return _as_download(answer, f"{held.name}-{held.edition}-{held.as_of}.{ending}")


def evidence(request: HttpRequest, pk: uuid.UUID, file: uuid.UUID) -> HttpResponseBase:
    """Give a file of evidence, as a download and never as a page."""
    held = get_object_or_404(Evidence.objects.for_viewer(viewer_of(request)), pk=file, assessment_id=pk)
    path = path_of(held)
    if not path.is_file():
        raise Http404
    answer = FileResponse(path.open("rb"), content_type=TYPES[held.kind])
    return _as_download(answer, held.name)


def _as_download(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "sandbox"
    return answer


def _held(request: HttpRequest, pk: uuid.UUID) -> Assessment:
    held = Assessment.objects.for_viewer(viewer_of(request))
    return get_object_or_404(held.select_related("organisation", "source", "copy_of", "saved_by"), pk=pk)


def _typed(request: HttpRequest, held: Assessment, judgement: Judgement, form: Form) -> HttpResponse:
    """Take what was typed: judge it, and save it unless it is only to be tried."""
    if not held.is_draft:
        messages.error(request, _("It has been signed: nothing changes any more. Make a copy."))
        return redirect("assessment", held.pk)
    viewer, rows = viewer_of(request), read_rows(request.POST, form.rows)
    settings, told = _settings(request, form), list[str]()
    try:
        typed = form_of(held, rows, settings)
    except InputError as fault:
        told.append(fault_words(fault, where=False))
        settings = held.chosen
        typed = form_of(held, rows, settings)
    judged = typed.judged(held.subject)
    if request.POST.get("action") == "try":
        told.append(_("Not saved yet: this is what the verdict would be. Files are taken when you save."))
        return _page(request, held, judgement, typed, judged=judged, told=told)
    try:
        saving.save(viewer, held.pk, _revision(request), rows, settings, judged)
    except saving.Outdated:
        held = _held(request, held.pk)
        if not held.is_draft:
            messages.error(
                request, _("Somebody has signed it since you opened it: nothing changes any more. Make a copy.")
            )
            return redirect("assessment", held.pk)
        told.append(
            _("Not saved: %(who)s has saved it since. What you typed stands below; save again to replace it.")
            % {"who": held.saved_by or "—"}
        )
        return _page(request, held, judgement, typed, judged=judged, told=told)
    saving.remove(viewer, held.pk, request.POST.getlist("remove"))
    told += saving.attach(viewer, held.pk, request.POST.get("fact", ""), typed.rows, request.FILES.getlist("files"))
    for line in told:
        messages.error(request, line)
    if wrong := sum(one.fault is not None for one in typed.rows):
        messages.warning(request, _("Saved. Rows that cannot be used as they stand: %(wrong)s.") % {"wrong": wrong})
    else:
        messages.success(request, _("Saved."))
    return redirect("assessment", held.pk)


def _page(
    request: HttpRequest,
    held: Assessment,
    judgement: Judgement,
    form: Form | None,
    *,
    judged: Judged | None = None,
    told: Sequence[str] = (),
) -> HttpResponse:
    data = judgement.data if judged is None else judged.as_data()
    changed = judgement.changed if judged is None else changes(judgement.data["verdict"], data["verdict"])
    verdict, counts = data["verdict"], judgement.counts if judged is None else judged.counts
    rows = form.rows if form is not None else []
    files = list(Evidence.objects.for_viewer(viewer_of(request)).filter(assessment=held))
    findings = [(said(one), said(one, "mend"), one["used"]) for one in verdict["findings"]]
    return render(
        request,
        "assessments/assessment.html",
        {
            "assessment": held,
            "editable": held.is_draft and form is not None,
            "trying": judged is not None,
            "told": told,
            "verdict": verdict,
            "verdict_words": STATES[verdict["state"]],
            "counts": [(state, STATES[state], counts[state]) for state in STATES if counts.get(state)],
            "changed": [_change(one) for one in changed],
            "findings": findings,
            "sections": sections(data, rows, files),
            "first_facts": [said(one, "text") for one in data["diagnosis"]["facts"] if one["for_verdict"] is not None][
                :8
            ],
            "summary": said(data["diagnosis"], "text"),
            "settings": _setting_fields(form) if form is not None else [],
            "choices": [(one.key, _fact_name(one)) for one in rows],
            "files": files,
            "endings": [(one, one.upper()) for one in ENDINGS],
            "title": held.title_zh if chinese() else held.title_en,
        },
    )


def _change(one: dict[str, str]) -> dict[str, str]:
    return {
        "id": one["id"],
        "words": said(one),
        "before": one["before_state"],
        "before_words": str(STATES[one["before_state"]]),
        "after": one["after_state"],
        "after_words": str(STATES[one["after_state"]]),
        "reason": said(one, "after_reason"),
    }


def _fact_name(one: object) -> str:
    from gaoyuan.portal.assessments.facts_form import Asked

    assert isinstance(one, Asked)
    name = one.metric.zh if chinese() else one.metric.en
    return f"{name} {one.row.asked}" if one.row.asked else name


def _setting_fields(form: Form) -> list[dict[str, object]]:
    chosen = form.how.settings
    return [
        {
            "name": name,
            "words": one.zh if chinese() else one.en,
            "choices": [str(choice) for choice in one.choices],
            "value": "" if chosen.get(name) is None else _plain(chosen[name]),
        }
        for name, one in form.rule.settings.items()
    ]


def _plain(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _settings(request: HttpRequest, form: Form) -> Settings:
    """Give the settings that were typed, without those that are the rule's own."""
    found: Settings = {}
    for name, one in form.rule.settings.items():
        typed = request.POST.get(f"setting-{name}")
        if typed is None:
            continue
        own = "" if one.default is None else _plain(one.default)
        if typed.strip() and typed.strip() != own:
            found[name] = typed.strip()[:_MOST_SETTING]
    return found


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1
