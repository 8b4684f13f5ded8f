"""Published challenges: everybody reads them, small and medium firms answer."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.exchange.challenges import CRITERIA
from gaoyuan.exchange.process import process
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.attachments import Attachment, opened_name
from gaoyuan.portal.cases.forms import MoveForm
from gaoyuan.portal.cases.moving import move_case
from gaoyuan.portal.challenges.answer_forms import AnswerForm, WithdrawForm
from gaoyuan.portal.challenges.models import Answer, PublicChallenge
from gaoyuan.portal.challenges.need_forms import criterion_words, field_words
from gaoyuan.portal.challenges.seeing import FIRMS, published
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.naming import industry_text

_PAGE = 30
_ANSWERS = ("answer", "change_answer")
"""The moves that carry an answer with its files."""
_LISTED = ("industry", "problem", "targets", "budget", "deadline", "firm", "contact")


def challenges(request: HttpRequest) -> HttpResponse:
    """List the published challenges, those that can still be answered first."""
    asked = request.GET.get("q", "").strip()[:100]
    rows = _found(published(), asked)
    now = timezone.now()
    held = [*rows.filter(closes_at__gt=now).order_by("closes_at", "pk"), *rows.filter(closes_at__lte=now)]
    file = table_response(
        request,
        "challenges",
        (
            pgettext("challenge", "Challenge"),
            _("Answers until"),
            *(field_words(name) for name in _LISTED),
        ),
        (
            (
                one.title,
                timezone.localtime(one.closes_at).strftime("%Y-%m-%d %H:%M"),
                *(one.shown.get(name) for name in _LISTED),
            )
            for one in held
        ),
        None,
    )
    if file:
        return file
    page = Paginator(held, _PAGE).get_page(request.GET.get("page"))
    return render(request, "challenges/challenges.html", {"page": page, "asked": asked, "now": now})


def challenge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a published challenge, and to who may answer the form, or the answer given."""
    return _page(request, viewer_of(request), get_object_or_404(published(), pk=pk), None, None)


@require_POST
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer, change the answer or take it back."""
    viewer = viewer_of(request)
    held = get_object_or_404(published().select_related("case__organisation"), pk=pk)
    if not _may_answer(viewer, held):
        raise Http404
    before = _own_answer(viewer, held)
    takes_back = before is not None and "withdraw" in request.POST
    form = _withdrawing(viewer, request) if takes_back else _answering(viewer, before, request)
    if not form.is_valid():
        return _page(request, viewer, held, form, None)
    done = move_case(
        viewer, held.case, form.move.name, role="answerer", given=form.given(), why=form.why(), detail=form.detail()
    )
    if isinstance(done, Refusal):
        return _page(request, viewer, held, form, done)
    said = _("Your answer was taken back.") if takes_back else _("Your answer is sealed until the deadline.")
    messages.success(request, said)
    return redirect("challenge", held.pk)


def _page(
    request: HttpRequest, viewer: Viewer, held: PublicChallenge, tried: MoveForm | None, fault: Refusal | None
) -> HttpResponse:
    own = _own_answer(viewer, held)
    answering = _may_answer(viewer, held) and held.closes_at > timezone.now()
    given = own.given if own is not None else {}
    return render(
        request,
        "challenges/challenge.html",
        {
            "challenge": held,
            "fields": [
                (field_words(name), industry_text(text) if name == "industry" else text)
                for name, text in held.shown.items()
            ],
            "weights": [(criterion_words(name), held.weights.get(name, 0)) for name in CRITERIA],
            "open": held.closes_at > timezone.now(),
            "own": own,
            "own_fields": [(criterion_words(name), given.get(name, "")) for name in CRITERIA],
            "own_price": given.get("price"),
            "own_months": given.get("months"),
            "own_files": [(one.number, opened_name(one), one.size) for one in _own_files(own)],
            "chosen": own is not None and held.case.facts.get("solver") == str(own.organisation.pk),
            "form": (tried or _answering(viewer, own, None)) if answering else None,
            "tried": tried is not None,
            "fault": fault and (fault.en if get_language() == "en" else fault.zh),
        },
    )


def _own_files(own: Answer | None) -> list[Attachment]:
    """Give the files of an answer, for the one who gave it."""
    if own is None:
        return []
    held = Attachment.objects.of(own.organisation).filter(case=own.case, line__plain__move__in=_ANSWERS)
    return list(held.defer("content").order_by("pk"))


def _answering(viewer: Viewer, before: Answer | None, request: HttpRequest | None) -> MoveForm:
    asked = process("challenge")
    move = asked.moves["change_answer" if before is not None else "answer"]
    data, files = (request.POST, request.FILES) if request is not None else (None, None)
    return AnswerForm(asked, move, data, files, viewer=viewer, before=before)


def _withdrawing(viewer: Viewer, request: HttpRequest) -> MoveForm:
    asked = process("challenge")
    return WithdrawForm(asked, asked.moves["withdraw_answer"], request.POST, viewer=viewer)


def _may_answer(viewer: Viewer, held: PublicChallenge) -> bool:
    return viewer.role in FIRMS and viewer.organisation is not None and held.organisation != viewer.organisation


def _own_answer(viewer: Viewer, held: PublicChallenge) -> Answer | None:
    if viewer.organisation is None:
        return None
    return Answer.objects.of(viewer.organisation).filter(case=held.case).first()


def _found(rows: QuerySet[PublicChallenge], asked: str) -> QuerySet[PublicChallenge]:
    """Keep the challenges whose title or public problem has what was asked for."""
    if not asked:
        return rows
    return rows.filter(
        Q(title__icontains=asked) | Q(shown__problem__icontains=asked) | Q(shown__industry__icontains=asked)
    )
