"""Themes: an expression, the counties whose firms speak most of it, and who may see that."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.owned import Owned, OwnedManager, OwnedRows
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.jobs.models import Job
from gaoyuan.portal.snapshots.models import Snapshot


class Share(models.TextChoices):
    """Who sees a theme besides the organisation that it belongs to, and the offices above that."""

    OWN = "own", _("Only my organisation")
    PORTAL = "portal", _("Everybody who signs in here and has the link")
    PUBLIC = "public", _("Everybody, also without an account")


class ThemeRows(OwnedRows["Theme"]):
    """Themes, asked for by who looks."""

    def seen_by(self, viewer: Viewer) -> Self:
        """Keep the viewer's own, what is shared with everybody who signs in, and what is public: that is so as long as
        the results of the workspace in which it was found are public themselves.
        """
        own = self.owned_by(viewer).values("pk")
        public = Snapshot.objects.filter(shown=True, public=True).values("organisation")
        seen = Q(pk__in=own) | Q(share=Share.PUBLIC, source__in=public)
        if viewer.organisation is not None:
            seen |= Q(share=Share.PORTAL)
        return self.filter(seen)


class ThemeManager(OwnedManager["Theme"]):
    """The one way to themes: `for_viewer` gives those that somebody may change, `seen_by` all that he may see."""

    def seen_by(self, viewer: Viewer) -> ThemeRows:
        """Give the themes that a viewer may see."""
        return self._rows().seen_by(viewer)

    def _rows(self) -> ThemeRows:
        return ThemeRows(self.model, using=self._db)


class Theme(Owned):
    """A theme. `rows` are the counties with firms that speak of it, the strongest first, as the columns of
    `gaoyuan.workspace.THEME`; `clusters` those of it, with their industry; None until the job has ended. `source` is
    the organisation in whose workspace it was looked for, `run` the run that had observed that, and `computed` when.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120, blank=True)
    expression = models.CharField(_("expression"), max_length=300)
    share = models.CharField(_("who may see it"), max_length=8, choices=Share.choices, default=Share.OWN)
    source = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    rows = models.JSONField(null=True)
    clusters = models.JSONField(null=True)
    run = models.CharField(max_length=80, blank=True)
    computed = models.DateTimeField(null=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    made = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[ThemeManager] = ThemeManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-made",)
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def __str__(self) -> str:
        return self.name or self.expression
