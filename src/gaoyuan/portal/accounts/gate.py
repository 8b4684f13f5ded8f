"""The one gate that every request passes: who looks, and whether his role may use this route at all.

A route without an entry in `gaoyuan.portal.access` is closed. Which of the objects behind a route somebody reaches is
decided by queries (`accounts.owned`), not here.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from gaoyuan.portal.access import roles_of
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.second_factor import is_missing, is_on_the_way
from gaoyuan.portal.accounts.viewer import Viewer, read_viewer


def viewer_of(request: HttpRequest) -> Viewer:
    """Give who looks, as the gate has put it into the request."""
    viewer = getattr(request, "viewer", None)
    return viewer if isinstance(viewer, Viewer) else read_viewer(request)


class Gate(MiddlewareMixin):
    """Puts the viewer into the request and closes routes to roles that may not use them."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *given: object
    ) -> HttpResponseBase | None:
        """Let pass, send to sign in, or answer as where there is no such page."""
        viewer = read_viewer(request)
        request.viewer = viewer  # pyright: ignore[reportAttributeAccessIssue]
        match = request.resolver_match
        assert match is not None, "views are called for resolved routes"
        allowed = viewer.role in roles_of(match.view_name, request.method or "GET")
        if allowed and not _has_zero(request):
            return None if is_on_the_way(match.view_name) or not is_missing(viewer) else _ask_for_factor(request, match)
        if match.namespaces[:1] == ["api"]:
            status = 404 if allowed or viewer.role != Role.PUBLIC else 401
            return JsonResponse({"detail": "not signed in" if status == 401 else "Not Found"}, status=status)
        if viewer.user is None and not allowed:
            return redirect_to_login(request.get_full_path())
        raise Http404


def _ask_for_factor(request: HttpRequest, match: ResolverMatch) -> HttpResponseBase:
    """Send to where a second factor is set up; programs are told so."""
    if match.namespaces[:1] == ["api"]:
        return JsonResponse({"detail": "the person of this key must set up a second factor first"}, status=403)
    messages.info(request, _("Your role needs a second factor. Set it up here, then go on."))
    return redirect("mfa_activate_totp")


def _has_zero(request: HttpRequest) -> bool:
    """Whether an address has a zero letter: nothing is called so, and PostgreSQL refuses to look for it."""
    return "\0" in request.path_info or any("\0" in text for _, texts in request.GET.lists() for text in texts)
