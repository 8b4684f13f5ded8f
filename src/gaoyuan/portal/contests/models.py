"""A contest as the portal keeps it: its record event by event, the seats of its judges, sealed sheets, entries.

The record stands in the database, an event a row, and not in a file: so an event, the sealed sheet that belongs to it
and where the contest stands are written in one transaction, a backup has them all of the same moment, and two acts at
once cannot both follow the same event. Together the rows are byte for byte the record that `gaoyuan contest` reads.
"""

from __future__ import annotations

import hashlib
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer


class Contest(Owned):
    """A contest; its organisation holds it. What stands here follows from the record, but for `moment`, at which acts
    of a rehearsal are done, and `published`, since when everybody sees the results.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    rehearsal = models.BooleanField(default=False)
    moment = models.CharField(max_length=40, blank=True)
    stage = models.CharField(max_length=20)
    head = models.CharField(max_length=64)
    events = models.PositiveIntegerField(default=0)
    published = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-made",)
        verbose_name = _("contest")
        verbose_name_plural = _("contests")

    def __str__(self) -> str:
        return self.title_zh

    @property
    def record(self) -> bytes:
        """The record's bytes."""
        lines = RecordLine.unscoped.filter(contest=self).order_by("number").values_list("line", flat=True)
        return "".join(lines).encode()


class RecordLine(Owned):
    """An event of a contest, as its line in the record; never changed."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    line = models.TextField()

    class Meta(Owned.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["contest", "number"], name="one_event")]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.number}"  # pyright: ignore[reportAttributeAccessIssue]


class Seat(Owned):
    """That a person is a judge of a contest, known there as `judge`. Until somebody takes it by the one-time link, of
    which only the digest is kept, it belongs to the organiser.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="seats")
    judge = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("judge",)
        verbose_name = _("seat of a judge")
        verbose_name_plural = _("seats of judges")
        constraints = [models.UniqueConstraint(fields=["contest", "judge"], name="one_seat")]

    def __str__(self) -> str:
        return f"{self.judge} {self.name}"


class Sheet(Owned):
    """A judge's sealed sheet of a round: `data` holds the scores and the nonce, encrypted (`keeping`), which nobody but
    the judge sees before the opening; the audit log leaves it out. A later sheet stands beside an earlier one, which
    the record names too.
    """

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="sheets")
    round = models.CharField(max_length=8)
    commitment = models.CharField(max_length=64)
    data = models.TextField()
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-made", "-pk")

    def __str__(self) -> str:
        return f"{self.round} {self.commitment[:12]}"


class Entry(Owned):
    """That an organisation has entered a contest itself, where it is known as `entrant`."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="entries")
    entrant = models.CharField(max_length=64)
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(fields=["contest", "organisation"], name="one_entry"),
            models.UniqueConstraint(fields=["contest", "entrant"], name="one_entrant"),
        ]

    def __str__(self) -> str:
        return self.entrant


def seen_by(viewer: Viewer) -> models.QuerySet[Contest]:
    """Give the contests that a viewer may know of: an office its own and those of offices below it; an organisation
    those of offices above it once they are open, and where it takes part or judges; everybody those published.
    """
    seen = Q(published__isnull=False)
    own = viewer.organisation
    if viewer.role == Role.ADMINISTRATOR:
        seen = Q()
    elif own is not None:
        if viewer.is_office:
            seen |= Q(organisation__path__startswith=own.path)
        if viewer.role in (Role.CLUSTER, Role.ENTERPRISE):
            seen |= Q(organisation_id__in=own.above) & ~Q(stage="draft")
        seen |= Q(pk__in=Entry.unscoped.filter(organisation=own).values("contest"))
        seen |= Q(pk__in=Seat.unscoped.filter(user=viewer.user, organisation=own).values("contest"))
    return Contest.unscoped.filter(seen).select_related("organisation")


def own_seats(viewer: Viewer) -> models.QuerySet[Seat]:
    """Give the seats that a person has taken for the organisation for which he acts."""
    if viewer.organisation is None:
        return Seat.unscoped.none()
    return Seat.objects.of(viewer.organisation).filter(user=viewer.user).select_related("contest")


def digest_of(secret: str) -> str:
    """Give what is kept of the secret of a link."""
    return hashlib.sha256(secret.encode()).hexdigest()
