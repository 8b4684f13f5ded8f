"""The answers to a challenge beside one another, with the firm's marks; and the support money of offices."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gaoyuan.exchange.challenges import CRITERIA
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.seeing import seen_by
from gaoyuan.portal.challenges.comparison import Compared, compared
from gaoyuan.portal.challenges.models import Answer, Marks
from gaoyuan.portal.challenges.need_forms import criterion_words
from gaoyuan.portal.challenges.seeing import support_seen_by
from gaoyuan.portal.workbench.exports import table_response

_TEN = Decimal(10)


class MarksForm(forms.Form):
    """Marks of one answer; what is left empty is not marked yet."""

    def __init__(self, row: Compared, *given: object) -> None:
        super().__init__(*given, prefix=str(row.answer.pk), label_suffix="")  # pyright: ignore[reportArgumentType]
        for name in CRITERIA:
            self.fields[name] = forms.DecimalField(
                label=f"{row.answer.organisation.name}: {criterion_words(name)}",
                required=False,
                min_value=0,
                max_value=_TEN,
                max_digits=4,
                decimal_places=1,
                initial=row.marks[name],
                widget=forms.NumberInput(
                    attrs={"aria-label": f"{row.answer.organisation.name}: {criterion_words(name)}"}
                ),
            )


def comparison(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Compare the answers once they are open; the firm marks them until it has chosen."""
    viewer = viewer_of(request)
    case = get_object_or_404(seen_by(viewer).filter(process="challenge").select_related("organisation"), pk=pk)
    if not (viewer.is_office or case.organisation == viewer.organisation):
        raise Http404
    rows = compared(viewer, case)
    words = [criterion_words(name) for name in CRITERIA]
    file = table_response(
        request,
        "answers",
        (
            pgettext("challenge", "Rank"),
            pgettext("challenge", "Party"),
            pgettext("challenge", "Score"),
            *words,
            _("Price (10,000 yuan)"),
            _("Time needed (months)"),
            *(_("%(criterion)s in its words") % {"criterion": one} for one in words),
        ),
        (_row(one) for one in rows),
        None,
    )
    if file:
        return file
    marks = case.organisation == viewer.organisation and case.state == "selecting"
    posted = request.method == "POST"
    if posted and not marks:
        raise Http404
    given = [MarksForm(one, request.POST if posted else None) for one in rows]
    valid = [form.is_valid() for form in given]
    if posted and all(valid):
        _keep(case, rows, given)
        messages.success(request, _("The marks are kept."))
        return redirect("challenge_comparison", case.pk)
    return render(
        request,
        "challenges/comparison.html",
        {
            "case": case,
            "rows": [
                {
                    "one": one,
                    "form": form,
                    "marks": [one.marks[name] for name in CRITERIA],
                    "said": [(criterion_words(name), one.answer.given.get(name, "")) for name in CRITERIA],
                    "price": one.answer.given.get("price"),
                    "months": one.answer.given.get("months"),
                }
                for one, form in zip(rows, given, strict=True)
            ],
            "criteria": words,
            "marking": marks,
        },
    )


def support(request: HttpRequest) -> HttpResponse:
    """List the support money that the viewer may see, with its basis."""
    rows = support_seen_by(viewer_of(request)).order_by("-on", "-pk")
    file = table_response(
        request,
        "support",
        (
            _("Day"),
            pgettext("challenge", "Challenge"),
            _("Office"),
            pgettext("support", "What"),
            _("Sum (yuan)"),
            _("Basis"),
        ),
        (
            (one.on, one.case.title, one.organisation.name, one.get_kind_display(), one.yuan, one.basis)  # pyright: ignore[reportAttributeAccessIssue]
            for one in rows
        ),
        None,
    )
    return file or render(request, "challenges/support.html", {"rows": rows[:500]})


def _row(one: Compared) -> tuple[object, ...]:
    given = one.answer.given
    return (
        one.rank,
        one.answer.organisation.name,
        one.score,
        *(one.marks[name] for name in CRITERIA),
        float(given["price"]) if given.get("price") else None,
        int(given["months"]) if given.get("months") else None,
        *(given.get(name, "") for name in CRITERIA),
    )


def _keep(case: Case, rows: Sequence[Compared], given: Sequence[MarksForm]) -> None:
    """Write the marks while the case is held, unless the firm has chosen meanwhile."""
    with transaction.atomic():
        held = Case.unscoped.select_for_update().get(pk=case.pk)
        if held.state != "selecting":
            raise Http404
        for one, form in zip(rows, given, strict=True):
            answer: Answer = one.answer
            row = Marks.unscoped.filter(answer=answer).first() or Marks(organisation=case.organisation, answer=answer)
            for name in CRITERIA:
                setattr(row, name, form.cleaned_data[name])
            row.save()
