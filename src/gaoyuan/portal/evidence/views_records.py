"""Pages of an organisation's records in the log, where it may have erased what they say; requests that wait for it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.evidence.asking import Right, ask, decide, right_to
from gaoyuan.portal.evidence.erasing import RetentionRuns
from gaoyuan.portal.evidence.forms import ReasonForm
from gaoyuan.portal.evidence.models import Concern, Erasure, LogRecord
from gaoyuan.portal.workbench.exports import table_response

_PAGE = 50
_KINDS: dict[str, Promise] = {
    "move": gettext_lazy("Move of a case"),
    "trade": gettext_lazy("Trade"),
    "consent": gettext_lazy("Consent to a pack"),
    "withdrawal": gettext_lazy("Consent withdrawn"),
    "use": gettext_lazy("Use of a pack"),
    "key": gettext_lazy("Signing key"),
    "revocation": gettext_lazy("Key revoked"),
    "statement": gettext_lazy("Signature"),
    "trades-consent": gettext_lazy("Trades let into the workspace"),
    "trades-withdrawal": gettext_lazy("Trades taken out of the workspace"),
    "erasure": gettext_lazy("Erasure"),
}

_FIELDS: dict[str, Promise] = {
    "on": gettext_lazy("Day"),
    "seller_name": gettext_lazy("Seller"),
    "buyer_name": gettext_lazy("Buyer"),
    "what": gettext_lazy("What was traded"),
    "product": gettext_lazy("Product"),
    "quantity": gettext_lazy("Quantity"),
    "unit": gettext_lazy("Unit"),
    "amount_yuan": gettext_lazy("Amount, yuan"),
    "recipient": gettext_lazy("Recipient"),
    "purpose": gettext_lazy("Purpose"),
    "first": gettext_lazy("From month"),
    "last": gettext_lazy("To month"),
    "expires": gettext_lazy("Valid until"),
    "masked": gettext_lazy("Partners that are not named"),
    "key": gettext_lazy("Key"),
    "held": gettext_lazy("Held by"),
    "reason": gettext_lazy("The reason"),
}


def records(request: HttpRequest) -> HttpResponse:
    """List the records of the viewer's organisation, the newest first."""
    viewer = viewer_of(request)
    held = Concern.objects.for_viewer(viewer).filter(organisation=viewer.organisation)
    held = held.select_related("record").order_by("-number")
    headings = (_("Own number"), _("Number in the log"), _("Kind"), _("Logged"), _("Fields erased"))
    file = table_response(request, "records", headings, (_cells(one) for one in held.iterator(2000)), None)
    if file is not None:
        return file
    page = Paginator(held, _PAGE).get_page(request.GET.get("page"))
    return render(request, "evidence/records.html", {"page": page, "rows": [_cells(one) for one in page]})


def record(request: HttpRequest, index: int) -> HttpResponse:
    """Show a record of the viewer's organisation, and take the wish that what it says be erased."""
    viewer = viewer_of(request)
    own = viewer.organisation
    if index >= 1 << 62 or own is None:
        raise Http404
    held = get_object_or_404(Concern.objects.for_viewer(viewer).filter(organisation=own), record=index).record
    form = ReasonForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            done = ask(own, held, form.cleaned_data["reason"], viewer.user)
            messages.success(request, str(_ASKED.get(done, _NOTHING)))
        except RetentionRuns as wrong:
            messages.error(request, _said(wrong))
        return redirect("evidence_record", index)
    asked = Erasure.objects.for_viewer(viewer).filter(organisation=own, record=held)
    context = {
        "record": held,
        "kind": _KINDS.get(held.kind, held.kind),
        "said": _shown(held),
        "erased": sorted(held.erased),
        "right": str(right_to(held)),
        "asked": asked,
        "form": form,
    }
    return render(request, "evidence/record.html", context)


def erasures(request: HttpRequest) -> HttpResponse:
    """List what is to be erased, for the administrator, those first that wait."""
    held = Erasure.objects.for_viewer(viewer_of(request)).select_related("record", "organisation", "decider")
    headings = (
        _("Asked"),
        _("Organisation"),
        _("Number in the log"),
        _("Kind"),
        _("The reason"),
        _("State"),
        _("What was decided"),
    )
    file = table_response(request, "erasures", headings, (_asked(one) for one in held), None)
    if file is not None:
        return file
    waiting = held.filter(decided=None).order_by("pk")
    page = Paginator(held.exclude(decided=None), _PAGE).get_page(request.GET.get("page"))
    context = {"waiting": [(one, _asked(one)) for one in waiting], "page": page, "rows": [_asked(one) for one in page]}
    return render(request, "evidence/erasures.html", context)


@require_POST
def decided(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase what was asked for, or refuse it with a reason."""
    viewer = viewer_of(request)
    held = get_object_or_404(Erasure.objects.for_viewer(viewer), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, in one line."))
        return redirect("evidence_erasures")
    try:
        if decide(held, "erase" in request.POST, form.cleaned_data["reason"], viewer.user):
            messages.success(request, _("Decided; the organisation sees it at the record."))
        else:
            messages.error(request, _("Somebody has decided this before."))
    except RetentionRuns as wrong:
        messages.error(request, _said(wrong))
    return redirect("evidence_erasures")


_NOTHING = gettext_lazy("Nothing was erased.")
_ASKED: dict[Right, Promise] = {
    Right.ERASE: gettext_lazy("Erased. Nobody can tell any more what the record said; the log stays valid."),
    Right.ASK: gettext_lazy("Asked for. The record concerns others as well, so the administrator decides."),
    Right.ASKED: gettext_lazy("This was asked for already."),
}


def _cells(one: Concern) -> list[object]:
    held = one.record
    whole = len(held.plain) + len(held.erased)
    erased = f"{len(held.erased)} / {whole}" if held.erased else ""
    return [one.number, held.pk, str(_KINDS.get(held.kind, held.kind)), held.logged, erased]


def _asked(one: Erasure) -> list[object]:
    state = _("waits") if one.decided is None else _("erased") if one.done else _("not erased")
    kind = str(_KINDS.get(one.record.kind, one.record.kind))
    return [one.made, one.organisation.name, one.record.pk, kind, one.reason, state, one.answer]


def _shown(held: LogRecord) -> list[tuple[str, str, str]]:
    """Give what a record says, by name, label and value. Of a move, and of what other apps enter, the names alone: what
    these say stands at the case or in the app, to those who may see it there.
    """
    names = [one for one in _FIELDS if one in held.said] + sorted(set(held.said) - set(_FIELDS))
    names = [one for one in names if not one.endswith("_as") and not one.startswith("count_") and one != "logged"]
    closed = held.kind == "move" or held.kind not in _KINDS
    return [
        (
            one,
            str(_FIELDS.get(one, "")) if one != "what" or held.kind == "trade" else "",
            "…" if closed else held.said[one],
        )
        for one in names
    ]


def _said(wrong: RetentionRuns) -> str:
    return wrong.what if get_language() == "en" else wrong.zh or wrong.what
