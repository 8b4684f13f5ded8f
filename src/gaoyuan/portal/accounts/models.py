"""People, the organisations for which they act, and one-time links that make accounts."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.accounts.roles import Role


class User(AbstractUser):
    """A person who signs in."""

    class Meta(AbstractUser.Meta):  # pyright: ignore[reportAttributeAccessIssue]
        verbose_name = _("person")
        verbose_name_plural = _("people")


class Organisation(models.Model):
    """An office, a cluster organisation, an enterprise, a bank or a jury; all objects of the portal belong to one.

    `path` names all that it stands below and itself by their numbers, /1/5/9/, so that what stands below an office is
    found by the beginning of a text. `division` is the six-digit code of what an office is for (110000 a province,
    empty: the country), `subject` the cluster of a cluster organisation or the enterprise id of an enterprise, and
    `workspace` the folder in which its data are worked on.
    """

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=20, choices=[(one.value, one.label) for one in Role if one != "public"]
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="below", verbose_name=_("stands below")
    )
    path = models.CharField(max_length=400, editable=False, db_index=True)
    division = models.CharField(_("division code"), max_length=6, blank=True)
    subject = models.CharField(_("cluster or enterprise"), max_length=200, blank=True)
    workspace = models.CharField(_("workspace folder"), max_length=1000, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("path",)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  (Django's own signature)
        """Save, and write down where it stands."""
        from gaoyuan.portal.accounts.audit import update_logged

        with transaction.atomic():
            super().save(*args, **kwargs)
            path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
            if path != self.path:
                before, self.path = self.path, path
                update_logged(type(self).objects.filter(pk=self.pk), path=path)
                below = type(self).objects.filter(path__startswith=before).exclude(pk=self.pk) if before else ()
                for one in below:
                    update_logged(type(self).objects.filter(pk=one.pk), path=path + one.path[len(before) :])

    @property
    def above(self) -> list[int]:
        """The numbers of all that it stands below."""
        return [int(part) for part in self.path.split("/") if part and int(part) != self.pk]


class Membership(models.Model):
    """That a person acts for an organisation."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_membership")]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


class SetupLink(models.Model):
    """A link that works once, for a day, and makes an account for an organisation. Only its digest is kept."""

    VALID = timedelta(days=1)

    digest = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    created = models.DateTimeField(auto_now_add=True)
    used = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.organisation} {self.created:%Y-%m-%d}"

    @classmethod
    def make(cls, organisation: Organisation) -> str:
        """Make a link, and give its secret, which is not kept."""
        secret = secrets.token_urlsafe(32)
        cls.objects.create(digest=_digest(secret), organisation=organisation)
        return secret

    @classmethod
    def valid(cls, secret: str) -> models.QuerySet[SetupLink]:
        """Give the links, one or none, that the secret opens now."""
        since = timezone.now() - cls.VALID
        return SetupLink.objects.filter(digest=_digest(secret), used=None, created__gte=since)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
