"""What every page is given."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.models import Membership


def shared(request: HttpRequest) -> dict[str, object]:
    """Give the viewer and the organisations for which he may act."""
    viewer = viewer_of(request)
    memberships = Membership.objects.filter(user=viewer.user).select_related("organisation") if viewer.user else ()
    return {
        "viewer": viewer,
        "organisations": [one.organisation for one in memberships],
        "boundaries_notice": settings.BOUNDARIES_NOTICE if settings.BOUNDARIES else "",
    }
