"""Quality records of a chain: inspection plans, their results, and the organisations that may see them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gaoyuan.exchange.network import InspectionItem
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.accounts.viewer import Viewer


class InspectionPlan(Owned):
    """What is measured of a product, and within which limits; `items` as [name, unit, low, high], limits as text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    product = models.CharField(max_length=200)
    items = models.JSONField(default=list)
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-made", "pk")
        verbose_name = _("inspection plan")
        verbose_name_plural = _("inspection plans")

    def __str__(self) -> str:
        return self.title

    @property
    def read_items(self) -> tuple[InspectionItem, ...]:
        """The items in the terms of the exchange."""
        return tuple(
            InspectionItem(name, unit, Decimal(low) if low else None, Decimal(high) if high else None)
            for name, unit, low, high in self.items
        )


class InspectionResult(Owned):
    """A result: of which lot and item, when, and whether it lies within the limits of the plan."""

    plan = models.ForeignKey(InspectionPlan, models.CASCADE, related_name="results")
    lot = models.CharField(max_length=100)
    item = models.CharField(max_length=200)
    value = models.DecimalField(max_digits=18, decimal_places=6)
    on = models.DateField()
    within = models.BooleanField()
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-on", "lot", "pk")
        verbose_name = _("inspection result")
        verbose_name_plural = _("inspection results")
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "lot", "item"], name="one_result")]

    def __str__(self) -> str:
        return f"{self.lot} {self.item}"


class InspectionReader(Owned):
    """That an organisation, which is that of the row, may read the results of somebody's plan."""

    plan = models.ForeignKey(InspectionPlan, models.CASCADE, related_name="readers")
    since = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("reader of an inspection plan")
        verbose_name_plural = _("readers of inspection plans")
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "organisation"], name="one_reader")]

    def __str__(self) -> str:
        return f"{self.pk}"


def plans_seen_by(viewer: Viewer) -> models.QuerySet[InspectionPlan]:
    """Give the plans that a viewer may read: its own, and those that name its organisation; nobody else, no office
    either, reads them.
    """
    own = viewer.organisation
    if own is None:
        return InspectionPlan.unscoped.none()
    named = InspectionReader.unscoped.filter(organisation=own).values("plan")
    return InspectionPlan.unscoped.filter(Q(organisation=own) | Q(pk__in=named)).select_related("organisation")


def as_items(items: Sequence[InspectionItem]) -> list[list[str]]:
    """Give items as a plan keeps them."""
    return [[one.name, one.unit, _text(one.low), _text(one.high)] for one in items]


def _text(limit: Decimal | None) -> str:
    return "" if limit is None else f"{limit:f}"
