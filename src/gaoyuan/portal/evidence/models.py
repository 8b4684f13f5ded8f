"""What the log keeps in the database: its files, its records with what opens them, keys, signatures and consents."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.owned import Owned


class LogFile(models.Model):
    """A tile, bundle or checkpoint of the log. `width` is how many hashes or entries a tile or bundle holds; one that
    is not full yet is replaced by what begins with it, so that narrower ones are read from it.
    """

    path = models.CharField(primary_key=True, max_length=80)
    width = models.PositiveSmallIntegerField(default=0)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.path


class LogRecord(models.Model):
    """A record of the log: its index, what anybody reads of it, and in `plain` what opens its commitments: of each
    field salt and value. What was erased there has its commitment in `erased`, and stays in the log for ever. What it
    is a record of stands in `sequence` (a move), `trade`, or else `source`, so that nothing is entered twice.
    """

    index = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=20)
    public = models.JSONField()
    plain = models.JSONField()
    erased = models.JSONField(default=dict)
    leaf = models.CharField(max_length=64, unique=True)
    logged = models.DateTimeField()
    case = models.UUIDField(null=True, db_index=True)
    sequence = models.BigIntegerField(null=True, unique=True)
    trade = models.BigIntegerField(null=True, unique=True)
    source = models.CharField(max_length=120, null=True, unique=True)

    class Meta:
        ordering = ("index",)
        verbose_name = _("record of the log")
        verbose_name_plural = _("records of the log")

    def __str__(self) -> str:
        return f"{self.index}"

    @property
    def said(self) -> dict[str, str]:
        """What the fields say, as far as they were not erased."""
        return {name: value for name, (_salt, value) in self.plain.items()}


class Concern(Owned):
    """That a record concerns an organisation, as the `number`-th of its records."""

    record = models.ForeignKey(LogRecord, models.PROTECT, related_name="concerns")
    number = models.BigIntegerField()

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("record of an organisation")
        verbose_name_plural = _("records of organisations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="one_record_of_a_number"),
            models.UniqueConstraint(fields=["organisation", "record"], name="one_number_of_a_record"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class SigningKey(Owned):
    """A key that an organisation signs records with. `secret` is empty where the organisation holds it itself, else the
    encrypted private key, which the portal holds because the organisation has chosen so. `credential` is what an
    authenticator calls it, in base64, empty for other keys, and `counter` how often that said to have signed.
    """

    vkey = models.CharField(max_length=500, unique=True)
    registered = models.OneToOneField(LogRecord, models.PROTECT, related_name="+")
    revoked = models.OneToOneField(LogRecord, models.PROTECT, null=True, related_name="+")
    secret = models.BinaryField(default=b"")
    credential = models.CharField(max_length=1400, blank=True)
    counter = models.BigIntegerField(default=0)
    made = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-pk",)
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")

    def __str__(self) -> str:
        return self.vkey.partition("+")[0]


class Signature(Owned):
    """That an organisation has signed a trade, by a statement, which may be of many."""

    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+")
    record = models.ForeignKey(LogRecord, models.PROTECT, related_name="signatures")
    statement = models.ForeignKey("Statement", models.PROTECT, related_name="signatures")

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "record"], name="signed_once")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Statement(Owned):
    """A statement that an organisation has signed, as it stands, and its record in the log."""

    record = models.OneToOneField(LogRecord, models.PROTECT, related_name="+")
    text = models.TextField()
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("signed statement")
        verbose_name_plural = _("signed statements")

    def __str__(self) -> str:
        return f"{self.pk}"


class Release(Owned):
    """A consent to show records of some months to a recipient, and the pack that was made under it. `digest` is of the
    secret in the address that the recipient gets.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.CharField(max_length=200)
    purpose = models.CharField(max_length=300)
    first = models.CharField(max_length=7)
    last = models.CharField(max_length=7)
    expires = models.DateField()
    masked = models.ManyToManyField(Organisation, related_name="+")
    record = models.OneToOneField(LogRecord, models.PROTECT, related_name="+")
    withdrawn = models.OneToOneField(LogRecord, models.PROTECT, null=True, related_name="+")
    witnessed = models.BooleanField(default=False)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-made",)
        verbose_name = _("consent to show records")
        verbose_name_plural = _("consents to show records")

    def __str__(self) -> str:
        return self.recipient


class Use(Owned):
    """That somebody has fetched or looked at a pack: for its organisation to see."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="uses")
    record = models.OneToOneField(LogRecord, models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-pk",)
        verbose_name = _("use of a pack")
        verbose_name_plural = _("uses of packs")

    def __str__(self) -> str:
        return self.what


class LogWitness(models.Model):
    """A witness that the portal asks to cosign checkpoints: its verifier key and address, the size and time of what it
    cosigned last, and what was in the way when it was asked last. One that is trusted no more stays, with `removed`.
    """

    vkey = models.CharField(max_length=500, unique=True)
    address = models.CharField(max_length=300)
    made = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    removed = models.DateTimeField(null=True)
    size = models.BigIntegerField(default=0)
    cosigned = models.DateTimeField(null=True)
    told = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("witness of the log")
        verbose_name_plural = _("witnesses of the log")

    def __str__(self) -> str:
        return self.vkey.partition("+")[0]


class Erasure(Owned):
    """That an organisation wants erased what a record of its says; `done` once it was, `answer` why or why not."""

    record = models.ForeignKey(LogRecord, models.PROTECT, related_name="erasures")
    reason = models.CharField(max_length=300)
    made = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided = models.DateTimeField(null=True)
    decider = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    done = models.BooleanField(default=False)
    answer = models.CharField(max_length=300, blank=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-pk",)
        verbose_name = _("request to erase a record")
        verbose_name_plural = _("requests to erase records")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(decided__isnull=True), name="one_open_request_to_erase"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
