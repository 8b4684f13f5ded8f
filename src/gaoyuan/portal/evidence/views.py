"""Pages of an organisation's evidence: its consents and packs, its keys, the trades that it signs."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.evidence import releasing, signing
from gaoyuan.portal.evidence.devices import creation_text
from gaoyuan.portal.evidence.forms import NoteForm, ReleaseForm, RevokeForm, numbers_of
from gaoyuan.portal.evidence.keeping import log_signer
from gaoyuan.portal.evidence.models import Concern, LogRecord, Release, Signature, SigningKey
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.trust import NotTrusted
from gaoyuan.trust.pack.words import NOT_PROVEN

_PAGE = 50


def evidence(request: HttpRequest) -> HttpResponse:
    """List the consents of the viewer's organisation, with what was made of each."""
    viewer = viewer_of(request)
    held = Release.objects.for_viewer(viewer).select_related("withdrawn").prefetch_related("uses").defer("content")
    headings = (
        _("Made"),
        _("Recipient"),
        _("Purpose"),
        _("From month"),
        _("To month"),
        _("Valid until"),
        _("State"),
        _("Uses"),
    )
    file = table_response(
        request,
        "evidence",
        headings,
        (
            (one.made, one.recipient, one.purpose, one.first, one.last, one.expires, _state(one), one.uses.count())
            for one in held
        ),
        None,
    )
    if file is not None:
        return file
    page = Paginator(held, _PAGE).get_page(request.GET.get("page"))
    for one in page:
        one.state, one.stands = _state(one), releasing.stands(one)  # pyright: ignore[reportAttributeAccessIssue]
    own = viewer.organisation
    counts = {
        "records": Concern.objects.for_viewer(viewer).filter(organisation=own).count(),
        "unsigned": signing.unsigned(viewer).count(),
        "keys": SigningKey.objects.for_viewer(viewer).filter(organisation=own, revoked=None).count(),
    }
    return render(request, "evidence/evidence.html", {"page": page, **counts})


def new(request: HttpRequest) -> HttpResponse:
    """Consent to show records to somebody, and make the pack."""
    own = _own(request)
    form = ReleaseForm(own, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made, secret = releasing.release(own, form.terms(), viewer_of(request).user)
        request.session[f"evidence {made.pk}"] = secret
        return redirect("evidence_release", made.pk)
    return render(request, "evidence/new.html", {"form": form})


def release(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a consent: its terms, its pack, who has fetched it, and how to withdraw it."""
    held = _release(request, pk)
    secret = request.session.get(f"evidence {held.pk}")
    address = request.build_absolute_uri(reverse("evidence_shared", args=[secret])) if secret else ""
    return render(
        request,
        "evidence/release.html",
        {
            "release": held,
            "state": _state(held),
            "stands": releasing.stands(held),
            "address": address,
            "uses": held.uses.select_related("record"),  # pyright: ignore[reportAttributeAccessIssue]
            "not_proven": [en if get_language() == "en" else zh for zh, en in NOT_PROVEN],
        },
    )


@require_POST
def pack(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send a pack to its own organisation."""
    held = _release(request, pk)
    if not releasing.stands(held):
        messages.error(request, _("This consent does not stand any more."))
        return redirect("evidence_release", held.pk)
    return _file(held, "owner")


@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Withdraw a consent."""
    held = _release(request, pk)
    if releasing.withdraw(held):
        messages.success(request, _("Withdrawn. The recipient's address gives nothing any more, and the log says so."))
    return redirect("evidence_release", held.pk)


def shared(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a recipient what he was given, and send it; each time is written down."""
    held = releasing.released_by(secret)
    if held is None:
        raise Http404
    if request.method == "POST" and releasing.stands(held):
        return _file(held, "recipient")
    context = {"release": held, "state": _state(held), "stands": releasing.stands(held)}
    return render(request, "evidence/shared.html", context)


def consent(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Tell whoever holds a pack whether its consent stands; of the consent itself nothing is said."""
    held = Release.unscoped.filter(pk=pk).defer("content").first()
    return render(request, "evidence/consent.html", {"pk": pk, "state": _state(held) if held else ""})


def keys(request: HttpRequest) -> HttpResponse:
    """List the keys of the viewer's organisation; a form registers one, or has the portal hold one."""
    own, viewer = _own(request), viewer_of(request)
    form = NoteForm(request.POST if "note" in request.FILES else None, request.FILES or None, label_suffix="")
    if request.method == "POST":
        if "hold" in request.POST:
            signing.hold_key(own, viewer.user)
            messages.success(request, _("The platform now holds a key for you."))
            return redirect("evidence_keys")
        form = NoteForm(request.POST, request.FILES, label_suffix="")
        if form.is_valid() and _took(form, lambda: signing.register(own, form.cleaned_data["note"], viewer.user)):
            messages.success(request, _("The key is registered; what you sign with it counts from now on."))
            return redirect("evidence_keys")
    held = SigningKey.objects.for_viewer(viewer).filter(organisation=own).select_related("registered", "revoked")
    context = {
        "form": form,
        "keys": held,
        "origin": log_signer().key.name,
        "own": own,
        "creation": creation_text(own),
        "revoke": RevokeForm(label_suffix=""),
    }
    return render(request, "evidence/keys.html", context)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a key."""
    viewer = viewer_of(request)
    held = get_object_or_404(SigningKey.objects.for_viewer(viewer).filter(organisation=viewer.organisation), pk=pk)
    form = RevokeForm(request.POST)
    if form.is_valid() and signing.revoke(held, form.cleaned_data["reason"]):
        messages.success(request, _("Revoked. What was signed before stays signed."))
    return redirect("evidence_keys")


def sign(request: HttpRequest) -> HttpResponse:
    """List the trades that wait for the viewer's signature, and take it: by a statement made offline, or by a key that
    the portal holds; ?file gives what is signed offline.
    """
    own, viewer = _own(request), viewer_of(request)
    waiting = signing.unsigned(viewer)
    if request.method == "GET" and "file" in request.GET:
        content = json.dumps(signing.to_sign(own, waiting[:1000]), ensure_ascii=False, indent=1)
        headers = {"Content-Disposition": 'attachment; filename="to-sign.json"'}
        return HttpResponse(content, content_type="application/json; charset=utf-8", headers=headers)
    form = NoteForm(label_suffix="")
    held = SigningKey.objects.for_viewer(viewer).filter(organisation=own, revoked=None)
    server = next((one for one in held if one.secret), None)
    if request.method == "POST":
        if "here" in request.POST:
            rows = list(waiting.filter(pk__in=numbers_of(request.POST.getlist("record"))))
            if server is None or not rows:
                messages.error(request, _("Choose trades to sign."))
            else:
                number = signing.sign_here(own, server, rows)
                messages.success(request, _("Trades signed: %(number)d") % {"number": number})
            return redirect("evidence_sign")
        form = NoteForm(request.POST, request.FILES, label_suffix="")
        if form.is_valid() and _took(form, lambda: signing.take_statement(own, form.cleaned_data["note"])):
            messages.success(request, _("Your signatures are in the log."))
            return redirect("evidence_sign")
    page = Paginator(waiting, _PAGE).get_page(request.GET.get("page"))
    both = Signature.unscoped.filter(record__in=[one.pk for one in page]).values_list("record", flat=True)
    rows = [_row(one, str(own.pk), one.pk in set(both)) for one in page]
    context = {
        "form": form,
        "rows": rows,
        "page": page,
        "server": server,
        "keys": bool(held),
        "devices": " ".join(one.credential for one in held if one.credential),
        "origin": log_signer().key.name,
    }
    return render(request, "evidence/sign.html", context)


def _row(record: LogRecord, own: str, other: bool) -> dict[str, object]:
    said = record.said
    sold = said.get("seller") == own
    return {
        "pk": record.pk,
        "leaf": record.leaf,
        "on": said.get("on", ""),
        "sold": sold,
        "partner": said.get("buyer_name" if sold else "seller_name", ""),
        "what": said.get("what", ""),
        "amount": "" if said.get("amount_yuan") == "unknown" else said.get("amount_yuan", ""),
        "other": other,
    }


def _took(form: NoteForm, take: Callable[[], object]) -> bool:
    try:
        take()
    except NotTrusted as wrong:
        form.add_error("note", wrong.what if get_language() == "en" else wrong.zh or wrong.what)
        return False
    return True


def _file(held: Release, who: str) -> HttpResponse:
    content = releasing.pack_of(held)
    releasing.note_use(held, who)
    headers = {"Content-Disposition": f'attachment; filename="evidence-{held.first}-{held.last}.pack"'}
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)


def _state(held: Release) -> str:
    if held.withdrawn is not None:
        return _("consent withdrawn")
    return _("stands") if releasing.stands(held) else _("expired")


def _release(request: HttpRequest, pk: uuid.UUID) -> Release:
    viewer = viewer_of(request)
    rows = Release.objects.for_viewer(viewer).filter(organisation=viewer.organisation)
    return get_object_or_404(rows.select_related("record", "withdrawn", "organisation"), pk=pk)


def _own(request: HttpRequest) -> Organisation:
    own = viewer_of(request).organisation
    assert own is not None, "the route is for firms and cluster organisations"
    return own
