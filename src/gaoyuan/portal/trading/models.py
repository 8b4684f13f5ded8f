"""What firms offer, what they seek, and their quotations."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gaoyuan.exchange.matching import words
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.cases.models import Case

_AMOUNT = {"max_digits": 19, "decimal_places": 6, "null": True, "blank": True}


class Posted(Owned):
    """What offers and demands have in common: own words, what it is about, how much, where, which certificates.

    `product` is a node of the chain, `industry` a code of GB/T 4754, `county` six digits with its point in WGS-84.
    `digest` tells the same post from another.
    """

    text = models.TextField(_("what it is, in your own words"))
    product = models.CharField(_("product of the chain"), max_length=200, blank=True)
    industry = models.CharField(_("industry"), max_length=4, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    county = models.CharField(_("county"), max_length=6, blank=True)
    longitude = models.FloatField(null=True, editable=False)
    latitude = models.FloatField(null=True, editable=False)
    certificates = models.JSONField(_("certificates"), default=list, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    changed = models.DateTimeField(auto_now=True)

    class Meta(Owned.Meta):
        abstract = True

    @property
    def title(self) -> str:
        """The first line, not too long."""
        line = next((line.strip() for line in self.text.splitlines() if line.strip()), "")
        return line if len(line) <= 60 else line[:59] + "…"

    @property
    def place(self) -> tuple[float, float] | None:
        """Longitude and latitude, None where unknown."""
        return None if self.longitude is None or self.latitude is None else (self.longitude, self.latitude)

    @property
    def searched(self) -> str:
        """The text by which it is found."""
        return " ".join((self.text, self.product, *self.certificates))


class Offer(Posted):
    """A capability: what a firm can supply. `capacity` is the most of an order, `reach_km` how far it delivers; an
    offer that is not `active` is its owner's alone.
    """

    min_quantity = models.DecimalField(_("minimum of an order"), **_AMOUNT)
    capacity = models.DecimalField(_("most of an order"), **_AMOUNT)
    price_yuan = models.DecimalField(_("price of a unit in yuan"), **_AMOUNT)
    lead_days = models.PositiveIntegerField(_("days until delivery"), null=True, blank=True)
    reach_km = models.FloatField(_("delivers within km"), null=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta(Posted.Meta):
        abstract = False
        ordering = ("-changed", "-pk")
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        indexes: ClassVar = [
            models.Index(fields=["product", "-id"], condition=~Q(product=""), name="offers_of_a_product")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "digest"], condition=Q(active=True), name="one_offer_of_the_same"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Demand(Posted):
    """What the buyer of a case seeks. `max_price_yuan` is his limit for a unit; only where it is `limit_open` others
    see it and are matched by it. `drawings_for` names the role that sees the files.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="demand")
    quantity = models.DecimalField(_("quantity"), **_AMOUNT)
    max_price_yuan = models.DecimalField(_("highest price of a unit in yuan"), **_AMOUNT)
    limit_open = models.BooleanField(default=False)
    needed_on = models.DateField(_("needed on"), null=True, blank=True)
    within_km = models.FloatField(_("at most so many km away"), null=True, blank=True)
    drawings_for = models.CharField(max_length=10, default="bidder")

    class Meta(Posted.Meta):
        abstract = False
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        indexes: ClassVar = [
            models.Index(fields=["product", "-id"], condition=~Q(product=""), name="demands_of_a_product"),
            models.Index(fields=["industry"], condition=~Q(industry=""), name="demands_of_an_industry"),
        ]

    def __str__(self) -> str:
        return self.title


class Quote(Owned):
    """A bidder's quotation for a case; replacing it writes this row anew. `content` is encrypted (`trading.quoting`);
    while it is `sealed` nobody but its own organisation is given it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="quotes")
    content = models.TextField()
    sealed = models.BooleanField(default=True)
    withdrawn = models.BooleanField(default=False)
    changed = models.DateTimeField(auto_now=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "organisation"], name="one_quotation")]

    def __str__(self) -> str:
        return f"{self.pk}"


def digest_of(text: str, unit: str, *amounts: Decimal | None) -> str:
    """Tell the same post from another: its words without marks and blanks, and its amounts.

    >>> digest_of("法兰，DN 100", "件", Decimal("5.0")) == digest_of("法兰 DN100。", "件", Decimal(5))
    True
    """
    bare = "".join(one for one in words.normal_text(text) if one.isalnum())
    said = [bare, unit, *("" if amount is None else f"{amount.normalize():f}" for amount in amounts)]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()
