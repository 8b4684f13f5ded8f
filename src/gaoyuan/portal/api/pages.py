"""The page on which people make and revoke access tokens for programs."""

from __future__ import annotations

import json
from functools import cache

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.api.models import AccessToken
from gaoyuan.portal.workbench.exports import table_response

_HEADINGS = (_("What the token is for"), _("Made on"), _("Last used"))


class TokenForm(forms.Form):
    """What a token is for."""

    name = forms.CharField(label=_("What the token is for"), max_length=100)


def description(request: HttpRequest) -> HttpResponse:
    """Give the description of the JSON interface, as OpenAPI."""
    return HttpResponse(_description(), content_type="application/json")


@cache
def _description() -> bytes:
    from gaoyuan.portal.api.routes import api

    return json.dumps(api.get_openapi_schema(), ensure_ascii=False).encode()


@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """List one's own tokens for the organisation for which one acts, and make another; its key is shown once."""
    viewer = viewer_of(request)
    cells = ((one.name, timezone.localtime(one.made).date(), one.used) for one in AccessToken.own(viewer))
    file = table_response(request, "tokens", _HEADINGS, cells, None)
    if file is not None:
        return file
    form = TokenForm(request.POST or None)
    secret = None
    if request.method == "POST" and form.is_valid():
        secret = AccessToken.make(viewer, form.cleaned_data["name"])
        form = TokenForm()
    held = AccessToken.own(viewer)
    shown = {"tokens": held, "form": form, "secret": secret, "address": request.build_absolute_uri("/api/")}
    return render(request, "api/tokens.html", shown)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke one of one's own tokens, at once and for good."""
    token = get_object_or_404(AccessToken.own(viewer_of(request)), pk=pk)
    token.revoked = timezone.now()
    token.save()
    messages.success(request, _("Revoked."))
    return redirect("tokens")
