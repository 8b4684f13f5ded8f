"""The one gate that every request passes: who looks, and whether his role may use this route at all.

A route without an entry in `gaoyuan.portal.access` is closed. Which of the objects behind a route somebody reaches is
decided by queries (`accounts.owned`), not here.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from gaoyuan.portal.access import roles_of
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer, read_viewer


def viewer_of(request: HttpRequest) -> Viewer:
    """Give who looks, as the gate has put it into the request."""
    viewer = getattr(request, "viewer", None)
    return viewer if isinstance(viewer, Viewer) else read_viewer(request)


class Gate(MiddlewareMixin):
    """Puts the viewer into the request and closes routes to roles that may not use them."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_: object
    ) -> HttpResponseBase | None:
        """Let pass, send to sign in, or answer as where there is no such page."""
        viewer = read_viewer(request)
        request.viewer = viewer  # pyright: ignore[reportAttributeAccessIssue]
        match = request.resolver_match
        assert match is not None, "views are called for resolved routes"
        allowed = viewer.role in roles_of(match.view_name, request.method or "GET")
        if allowed and not _has_zero(request):
            return None
        if match.namespaces[:1] == ["api"]:
            status = 404 if allowed or viewer.role != Role.PUBLIC else 401
            return JsonResponse({"detail": "not signed in" if status == 401 else "Not Found"}, status=status)
        if viewer.user is None and not allowed:
            return redirect_to_login(request.get_full_path())
        raise Http404


def _has_zero(request: HttpRequest) -> bool:
    """Whether an address has a zero letter: nothing is called so, and PostgreSQL refuses to look for it."""
    return "\0" in request.path_info or any("\0" in text for _, texts in request.GET.lists() for text in texts)
