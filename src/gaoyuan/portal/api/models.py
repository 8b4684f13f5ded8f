"""Keys by which programs act for a person in one of his organisations."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.accounts.models import Membership
from gaoyuan.portal.accounts.owned import Owned

if TYPE_CHECKING:
    from gaoyuan.portal.accounts.viewer import Viewer


class AccessToken(Owned):
    """A key of a person for programs. It acts for one organisation, for a year or until it is revoked; only its digest
    is kept. `used` is the day on which it was last used.
    """

    VALID = timedelta(days=366)
    MARK = "gaoyuan_"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(auto_now_add=True)
    used = models.DateField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-made",)
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(cls, viewer: Viewer, name: str) -> str:
        """Make a key for the viewer, and give it; it is not kept."""
        if viewer.user is None or viewer.organisation is None:
            raise PermissionError("keys belong to people of organisations")
        secret = cls.MARK + secrets.token_urlsafe(32)
        cls.objects.create_for(viewer.organisation, user=viewer.user, name=name, digest=_digest(secret))
        return secret

    @classmethod
    def own(cls, viewer: Viewer) -> models.QuerySet[AccessToken]:
        """Give the viewer's own keys for the organisation for which he acts."""
        if viewer.organisation is None:
            return cls.unscoped.none()
        return cls.objects.of(viewer.organisation).filter(user=viewer.user, revoked=None)

    @classmethod
    def opened_by(cls, secret: str) -> AccessToken | None:
        """Give the token of a key that opens now: its person is active and still acts for its organisation."""
        member = Membership.objects.filter(user=OuterRef("user"), organisation=OuterRef("organisation"))
        valid = cls.unscoped.filter(
            Exists(member), digest=_digest(secret), revoked=None, made__gte=timezone.now() - cls.VALID
        )
        return valid.filter(user__is_active=True).select_related("user").first()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
