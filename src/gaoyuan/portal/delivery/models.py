"""Where an organisation wants its notices, and how far the delivery of each has come."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gaoyuan.exchange.notices import new_secret
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.cases.models import Notice
from gaoyuan.portal.encryption import cipher

_PURPOSE = "webhooks"


class ChannelKind(models.TextChoices):
    """By what a channel tells."""

    MAIL = "mail", _("mail")
    WEBHOOK = "webhook", _("webhook")


class Channel(Owned):
    """An address to which the notices of an organisation go, from its making until it is taken away. The secret of a
    webhook is kept encrypted, for every delivery is signed with it.
    """

    kind = models.CharField(max_length=10, choices=ChannelKind.choices)
    address = models.CharField(max_length=500)
    secret = models.BinaryField(blank=True, default=b"")
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("made", "pk")
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "kind", "address"], name="one_channel_an_address")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.address}"

    @classmethod
    def make(cls, organisation: Organisation, kind: str, address: str) -> tuple[Channel, str]:
        """Make a channel, and give it with its secret, which is shown this once; a mail has none."""
        secret = new_secret() if kind == ChannelKind.WEBHOOK else ""
        held = cipher(_PURPOSE).encrypt(secret.encode())
        return cls.objects.create_for(organisation, kind=kind, address=address, secret=held), secret

    @property
    def signing_secret(self) -> str:
        """The secret of a webhook."""
        return cipher(_PURPOSE).decrypt(bytes(self.secret)).decode()


class Delivery(Owned):
    """A notice on its way through a channel. `next_at` is when it is tried (again), None once it has arrived or was
    given up; `id` is the same at every attempt, so that a receiver knows a repetition.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="deliveries")
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+")
    failures = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, db_index=True)
    arrived = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "notice"], name="one_delivery_a_notice")]

    def __str__(self) -> str:
        return f"{self.pk}"
