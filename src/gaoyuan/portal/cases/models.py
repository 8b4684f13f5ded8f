"""A case as the portal keeps it: where it stands, its records move by move, who takes part, and who was told what.

Where a case stands follows from its records; both are written in one transaction. Records are never changed or taken
away: the database itself refuses it (migration 0002).
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.owned import Owned


class Case(Owned):
    """A case of a process; its organisation has opened it. `facts` are texts (`exchange.process.values`), `deadline` is
    when it moves by itself, and `failing` says why it could not when it should have.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.CharField(max_length=40)
    edition = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    division = models.CharField(max_length=6, blank=True)
    state = models.CharField(max_length=40)
    since = models.DateTimeField()
    deadline = models.DateTimeField(null=True, db_index=True)
    facts = models.JSONField(default=dict)
    number = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    failing = models.TextField(blank=True)
    opened = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-last_at",)
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes: ClassVar = [models.Index(fields=["process", "state"])]

    def __str__(self) -> str:
        return self.title


class RecordLine(Owned):
    """A move of a case, for ever. `sequence` is the order in which moves of all cases were committed: whoever has read
    up to a number has missed none below it. `plain` is the record (`exchange.process.record.as_plain`).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    sequence = models.BigIntegerField(unique=True)
    plain = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("sequence",)
        verbose_name = _("record")
        verbose_name_plural = _("records")
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "number"], name="one_record_a_number")]

    def __str__(self) -> str:
        return f"{self.sequence}"


class RecordDetail(Owned):
    """What a move carried beyond its facts, with the salts of the commitments that its record holds. It can be erased
    (个人信息保护法, article 47): the record stays as it is, and nobody can tell any more what the detail said.
    """

    line = models.OneToOneField(RecordLine, models.PROTECT, related_name="detail")
    plain = models.JSONField()
    salts = models.JSONField()

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("detail of a record")
        verbose_name_plural = _("details of records")

    def __str__(self) -> str:
        return f"{self.pk}"


class Participation(Owned):
    """That an organisation plays a role in a case: it may know of the case from then on."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="participations")
    role = models.CharField(max_length=40)
    since = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "organisation", "role"], name="one_participation")
        ]

    def __str__(self) -> str:
        return self.role


class Notice(Owned):
    """That an organisation was told of a move."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notices")
    line = models.ForeignKey(RecordLine, models.PROTECT, related_name="+")
    made = models.DateTimeField(auto_now_add=True)
    read = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-pk",)
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints: ClassVar = [models.UniqueConstraint(fields=["line", "organisation"], name="one_notice")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Attachment(Owned):
    """A file that a move carried (`cases.attachments`); its organisation has sent it. `roles` are those who may see it,
    each with a blank before and behind it. While it is sealed, name and content are ciphertexts.
    """

    number = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    line = models.ForeignKey(RecordLine, models.PROTECT, related_name="attachments")
    name = models.TextField()
    media = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    content = models.BinaryField()
    roles = models.CharField(max_length=200, blank=True)
    sealed = models.BooleanField(default=False)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return str(self.number)


class Counter(models.Model):
    """The last number that was given out: its row is locked until the transaction that took the next one has ended, so
    that numbers are committed in their order.
    """

    name = models.CharField(primary_key=True, max_length=20)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.last}"


def participants(case: Case, role: str) -> models.QuerySet[Organisation]:
    """Give who plays a role in a case."""
    rows = Participation.unscoped.filter(case=case, role=role)
    return Organisation.objects.filter(pk__in=rows.values("organisation")).order_by("pk")
