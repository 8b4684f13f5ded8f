"""A trade that a case has led to, and the consent of an organisation that its trades are used in the workspace."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case


class Trade(Owned):
    """A sale; its organisation is the seller. `product` is a product's code or name in the chain, empty where it is not
    known; `passed` since when the row stands in the workspace.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="trades")
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    what = models.CharField(max_length=300)
    product = models.CharField(max_length=200, blank=True)
    quantity = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    unit = models.CharField(max_length=40, blank=True)
    amount_yuan = models.DecimalField(max_digits=24, decimal_places=2, null=True)
    date = models.DateField()
    made = models.DateTimeField(auto_now_add=True)
    passed = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-date", "-pk")
        verbose_name = _("trade")
        verbose_name_plural = _("trades")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "organisation", "buyer"], name="one_trade_a_case_and_pair"),
            models.CheckConstraint(condition=~Q(organisation=models.F("buyer")), name="nobody_sells_to_itself"),
        ]

    def __str__(self) -> str:
        return self.what


class Consent(Owned):
    """Whether an organisation lets its trades be used in the workspace; none has said so yet where there is no row."""

    given = models.BooleanField(default=False)
    changed = models.DateTimeField(auto_now=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation"], name="one_consent")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.given}"


def trades_seen_by(viewer: Viewer) -> models.QuerySet[Trade]:
    """Give the trades that a viewer may see: those of his own organisation on either side, and nobody else's."""
    own = viewer.organisation
    if own is None:
        return Trade.unscoped.none()
    return Trade.unscoped.filter(Q(organisation=own) | Q(buyer=own)).select_related("organisation", "buyer", "case")


def agreed() -> Q:
    """Give the condition of trades that both sides let into the workspace."""
    willing = Consent.unscoped.filter(given=True).values("organisation")
    return Q(organisation__in=willing, buyer__in=willing)
