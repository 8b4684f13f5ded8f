"""Published results: a snapshot and its parts, written whole and then shown."""

from __future__ import annotations

import gzip
import json
import uuid
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.accounts.models import Organisation

if TYPE_CHECKING:
    from gaoyuan.portal.accounts.viewer import Viewer


class Audience(models.TextChoices):
    """For whom figures are: offices see all, the public none of fewer than three enterprises."""

    OFFICE = "office", _("offices")
    PUBLIC = "public", _("everybody")


class SnapshotManager(models.Manager["Snapshot"]):
    """Snapshots are asked for by who looks."""

    def for_viewer(self, viewer: Viewer) -> models.QuerySet[Snapshot]:
        """Give the snapshots that are shown now and that the viewer may see, his own organisation's first: those of his
        organisation, of those above and (for an office) below it, and the public ones.
        """
        seen = Q(public=True)
        own = viewer.organisation
        if own is not None:
            seen |= Q(organisation_id__in=[own.pk, *own.above])
            if viewer.is_office:
                seen |= Q(organisation__path__startswith=own.path)
        shown = self.filter(seen, shown=True).select_related("organisation")
        nearest = models.Case(
            models.When(organisation_id=own.pk if own is not None else None, then=0),
            default=1,
            output_field=models.IntegerField(),
        )
        return shown.order_by(nearest, "-organisation__path", "-taken")


class Snapshot(models.Model):
    """The results of a workspace at a moment. `shown` is set when all of its parts are there, in the transaction that
    takes it from the one before; `runs` names the runs that made the tables.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="snapshots")
    title = models.CharField(max_length=200)
    taken = models.DateTimeField(auto_now_add=True)
    shown = models.BooleanField(default=False, db_index=True)
    public = models.BooleanField(default=False)
    runs = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)

    objects: ClassVar[SnapshotManager] = SnapshotManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        constraints = [
            models.UniqueConstraint(fields=["organisation"], condition=Q(shown=True), name="one_shown_snapshot")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.taken:%Y-%m-%d %H:%M}"

    def audience(self, viewer: Viewer) -> Audience:
        """Say which figures a viewer is shown."""
        return Audience.OFFICE if viewer.is_office else Audience.PUBLIC


class Part(models.Model):
    """A part of a snapshot, as it is sent: gzipped JSON. `kind` and `key` say of what: see `snapshots.parts`."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="parts")
    audience = models.CharField(max_length=8, choices=Audience.choices)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "audience", "kind", "key"], name="one_part"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    def content(self) -> dict[str, object]:
        """Give what the part says."""
        return json.loads(gzip.decompress(bytes(self.body)))


class Firm(models.Model):
    """An enterprise of a snapshot, for search by name and for its page; who may see it depends on its county."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="firms")
    enterprise_id = models.CharField(max_length=64)
    uscc = models.CharField(max_length=18, null=True)
    name = models.CharField(max_length=300)
    county = models.CharField(max_length=6, null=True)
    industry = models.CharField(max_length=4, null=True)
    employees = models.FloatField(null=True)
    revenue_yuan = models.FloatField(null=True)
    clusters = models.CharField(max_length=400, blank=True)
    titles = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "enterprise_id"], name="one_firm")]
        indexes = [models.Index(fields=["snapshot", "name"]), models.Index(fields=["snapshot", "uscc"])]

    def __str__(self) -> str:
        return self.name
