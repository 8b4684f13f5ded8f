"""What the script of the pages of keys and signatures hands in: answers of an authenticator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.evidence import signing
from gaoyuan.portal.evidence.devices import register_device, sign_with_device
from gaoyuan.portal.evidence.forms import AnswerForm, NewDeviceForm, numbers_of
from gaoyuan.trust import NotTrusted


@require_POST
def register(request: HttpRequest) -> HttpResponse:
    """Register a key that an authenticator holds."""
    viewer = viewer_of(request)
    assert viewer.organisation is not None, "the route is for firms and cluster organisations"
    form = NewDeviceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The browser has sent no answer of a security key."))
        return redirect("evidence_keys")
    try:
        register_device(viewer.organisation, *form.made(), form.answer(), viewer.user)
        messages.success(request, _("The security key is registered; what you sign with it counts from now on."))
    except NotTrusted as wrong:
        messages.error(request, _said(wrong))
    return redirect("evidence_keys")


@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Take the signature of an authenticator for chosen trades."""
    viewer = viewer_of(request)
    assert viewer.organisation is not None, "the route is for firms and cluster organisations"
    form = AnswerForm(request.POST)
    rows = list(signing.unsigned(viewer).filter(pk__in=numbers_of(request.POST.getlist("record"))))
    if not form.is_valid() or not rows:
        messages.error(request, _("Choose trades to sign."))
        return redirect("evidence_sign")
    try:
        number = sign_with_device(viewer.organisation, form.cleaned_data["credential"], rows, form.answer())
        messages.success(request, _("Trades signed: %(number)d") % {"number": number})
    except NotTrusted as wrong:
        messages.error(request, _said(wrong))
    return redirect("evidence_sign")


def _said(wrong: NotTrusted) -> str:
    return wrong.what if get_language() == "en" else wrong.zh or wrong.what
