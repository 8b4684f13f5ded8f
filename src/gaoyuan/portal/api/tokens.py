"""Programs sign in by a key in the head of the request, `Authorization: Bearer gaoyuan_...`, on the JSON interface
alone.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from gaoyuan.portal.api.models import AccessToken

_SCHEME = "bearer "


class ByToken(MiddlewareMixin):
    """Makes the person of a key the one who asks. A key that opens nothing is refused, also where no key is needed."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """Read the key, where there is one."""
        given = request.headers.get("Authorization", "")
        if not request.path_info.startswith("/api/") or not given.lower().startswith(_SCHEME):
            return None
        token = AccessToken.opened_by(given[len(_SCHEME) :].strip())
        if token is None:
            return JsonResponse({"detail": "the access token is not valid"}, status=401)
        today = timezone.localdate()
        if token.used != today:  # like the last sign-in of a person, nothing for the audit log
            AccessToken.unscoped.filter(pk=token.pk).update(used=today)
        request.user = token.user
        request.acts_for = token.organisation_id  # pyright: ignore[reportAttributeAccessIssue]
        return None
