"""Files that offices have sent: what they hold, how they are read, and what became of them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.jobs.models import Job


class Kind(models.TextChoices):
    """What a file holds; the importer reads each kind into its table."""

    ENTERPRISES = "enterprises", _("Register of enterprises")
    TITLES = "titles", _("List of titles")
    FACTS = "facts", _("Facts")
    PRODUCTS = "products", _("Products")
    USES = "uses", _("What products need")
    MAKES = "makes", _("Who makes what")
    TRADES = "trades", _("Trades")
    IO = "io", _("Input-output table")


class Upload(Owned):
    """A file. It is kept at `place` below MEDIA_ROOT under a random name; `name` is what its sender calls it, and only
    ever text.

    `reading` are the settings of reading (sheet, header_row, encoding, datum, title, source, table, unit), `preview`
    what the file looks like read so, and `columns` what each of its columns is: pairs of target ("": not used) and
    unit. `result` is what the last import made of it, `marked` how many rows stand in the workbook of its rejected
    rows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("file"), max_length=255)
    place = models.CharField(max_length=200, editable=False)
    size = models.BigIntegerField(_("size"))
    unpacked = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    reading = models.JSONField(default=dict)
    preview = models.JSONField(null=True)
    columns = models.JSONField(default=list)
    result = models.JSONField(null=True)
    marked = models.BigIntegerField(default=0)
    imported = models.DateTimeField(null=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-made",)
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")

    def __str__(self) -> str:
        return self.name
