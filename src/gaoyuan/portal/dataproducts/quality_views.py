"""Pages of quality reports: those of the viewer's organisation, and how to make one."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from gaoyuan.errors import FileUnreadable
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.dataproducts.measuring import KIND, MOST_FILE_BYTES, measure_file, tables_of
from gaoyuan.portal.dataproducts.models import QualityReport
from gaoyuan.portal.jobs.running import start
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.trust.registry.quality import DIMENSIONS

_PAGE = 30


class _FileForm(forms.Form):
    file = forms.FileField(label="", widget=forms.FileInput(attrs={"accept": ".csv"}))

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401  (Django's own signature)
        super().__init__(*given, label_suffix="", **named)
        self.fields["file"].label = _("CSV file")
        self.fields["file"].help_text = _("At most %(most)s MB; it is measured and not kept.") % {
            "most": MOST_FILE_BYTES >> 20
        }

    def clean_file(self) -> Any:  # noqa: ANN401  (Django's own type)
        """Refuse what is too great."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > MOST_FILE_BYTES:
            raise ValidationError(_("The file is greater than %(most)s MB.") % {"most": MOST_FILE_BYTES >> 20})
        return file


def quality(request: HttpRequest) -> HttpResponse:
    """List the reports of the viewer's organisation; a form measures a table, another a file."""
    viewer = viewer_of(request)
    own = viewer.organisation
    assert own is not None, "the route is for organisations"
    tables = tables_of(own)
    form = _FileForm()
    if request.method == "POST" and "table" in request.POST:
        if any(one.name == request.POST["table"] for one in tables):
            job = start(KIND, viewer, {"table": request.POST["table"]})
            return redirect("job", job.pk)
        messages.error(request, _("Choose a table of your workspace."))
        return redirect("data_quality")
    if request.method == "POST":
        form = _FileForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                made = measure_file(own, str(file.name).replace("\\", "/").rpartition("/")[2], file.read())
            except FileUnreadable as fault:
                form.add_error("file", fault.what if get_language() == "en" else fault.zh)
            else:
                return redirect("data_quality_report", made.pk)
    page = Paginator(QualityReport.objects.of(own).order_by("-made"), _PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "tables": tables, "form": form, "dimensions": _dimensions()}
    return render(request, "dataproducts/quality.html", context)


def report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a report; ?as=json gives it as its digest was made of, ?format= its columns as a table."""
    viewer = viewer_of(request)
    held = get_object_or_404(QualityReport.objects.for_viewer(viewer), pk=pk)
    return show_report(request, held)


def show_report(request: HttpRequest, held: QualityReport) -> HttpResponse:
    """Show a report that the viewer may see."""
    if request.GET.get("as") == "json":
        return JsonResponse(held.content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    columns = [
        {
            **one,
            **{name: _share(one.get(name)) for name in ("completeness", "validity", "uniqueness", "timeliness")},
        }
        for one in held.content["columns"]
    ]
    headings = (
        pgettext("register", "Column"),
        pgettext("register", "Type"),
        *(words for words, _key in _headings()),
        _("Newest day"),
    )
    file = table_response(
        request,
        "quality",
        headings,
        (
            (
                one["name"],
                one["type"],
                *(one[key] for _words, key in _headings()),
                one["newest"],
            )
            for one in columns
        ),
        None,
    )
    if file:
        return file
    whole = [
        {"words": words, "what": what, "share": _share(held.content.get(key))} for key, words, what in _dimensions()
    ]
    context = {"report": held, "whole": whole, "columns": columns, "headings": [words for words, _key in _headings()]}
    return render(request, "dataproducts/report.html", context)


def _share(text: str | None) -> float | None:
    return None if text is None else float(text)


def _dimensions() -> list[tuple[str, str, str]]:
    english = get_language() == "en"
    what = {
        "completeness": _("cells that hold something"),
        "validity": _("known cells in the form that their column demands"),
        "uniqueness": _("rows that repeat no other"),
        "timeliness": _("days that are not older than a year"),
    }
    return [
        (key, words[1][:1].upper() + words[1][1:] if english else words[0], what[key])
        for key, words in DIMENSIONS.items()
    ]


def _headings() -> list[tuple[str, str]]:
    words = {key: words for key, words, _what in _dimensions()}
    words["uniqueness"] = _("Different values")
    return [(words[key], key) for key in ("completeness", "validity", "uniqueness", "timeliness")]
