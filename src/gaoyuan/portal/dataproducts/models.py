"""What the register holds beyond its cases: products, what was said of them, the acts, and reports of quality.

Whether a product stands follows from its case; the acts are never changed or taken away, by the database itself
(migration 0002).
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.evidence.models import LogRecord
from gaoyuan.trust.canonical import Json
from gaoyuan.trust.registry.description import Description

__all__ = ["Act", "Entry", "Product", "QualityReport"]


class QualityReport(Owned):
    """What was measured of a table of the organisation's workspace, or of a file that was not kept; `content` is the
    report (`trust.registry.quality`) and `sha256` the digest of it in canonical JSON.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=300)
    version = models.IntegerField(null=True)
    run = models.CharField(max_length=100, blank=True)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-made",)
        verbose_name = _("quality report")
        verbose_name_plural = _("quality reports")

    def __str__(self) -> str:
        return self.source


class Product(Owned):
    """A data product; its organisation holds it now. `code` is its number in the register, empty before it has one,
    `entry` what holds of it now, `words` what is searched, and `ended` when the registration ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="product")
    code = models.CharField(max_length=40, blank=True, db_index=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    entry = models.ForeignKey("Entry", models.PROTECT, null=True, related_name="+")
    noticed = models.DateTimeField(null=True)
    registered = models.DateTimeField(null=True, db_index=True)
    until = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-registered", "-noticed", "pk")
        verbose_name = _("data product")
        verbose_name_plural = _("data products")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="one_product_a_code")
        ]

    def __str__(self) -> str:
        return self.title


class Entry(Owned):
    """What a holder says of a product, with the sample, from one move of a case; in force or only asked for. `plain` is
    the description (`trust.registry.description`), `content` the sample as it was sent.
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="entries")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    line = models.OneToOneField(RecordLine, models.PROTECT, related_name="+")
    plain = models.JSONField()
    sample_name = models.CharField(max_length=150, blank=True)
    sample_media = models.CharField(max_length=40, blank=True)
    sample_sha256 = models.CharField(max_length=64, blank=True)
    content = models.BinaryField(default=b"")
    quality = models.ForeignKey(QualityReport, models.PROTECT, null=True, related_name="+")
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("pk",)
        verbose_name = _("description of a data product")
        verbose_name_plural = _("descriptions of data products")

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def said(self) -> Description:
        """What it says."""
        plain: dict[str, Json] = self.plain
        return Description.of(plain)


class Act(Owned):
    """An act of the register, for ever; its organisation held the product after it. `record` is its certificate in the
    log, `entry` what held of the product then.
    """

    class Kind(models.TextChoices):
        """What was done."""

        FIRST = "first", pgettext_lazy("register", "first registration")
        CHANGE = "change", pgettext_lazy("register", "change")
        TRANSFER = "transfer", pgettext_lazy("register", "transfer")
        RENEWAL = "renewal", pgettext_lazy("register", "renewal")
        CANCELLATION = "cancellation", pgettext_lazy("register", "cancellation")
        EXPIRY = "expiry", pgettext_lazy("register", "expiry")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="acts")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    holder = models.CharField(max_length=200)
    registry = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    why = models.TextField(blank=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    line = models.ForeignKey(RecordLine, models.PROTECT, related_name="+")
    record = models.OneToOneField(LogRecord, models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("product", "number")
        verbose_name = _("act of the register")
        verbose_name_plural = _("acts of the register")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "number"], name="one_register_act_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.number}"
