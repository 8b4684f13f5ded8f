"""Providers that offices register, requests of firms, and how long each request stood with whom."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gaoyuan.exchange.network import Level, ServiceKind
from gaoyuan.exchange.network import Provider as Serving
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.network.patents_models import Licence, PooledPatent, PoolMember
from gaoyuan.portal.network.quality_models import InspectionPlan, InspectionReader, InspectionResult

__all__ = [
    "InspectionPlan",
    "InspectionReader",
    "InspectionResult",
    "Licence",
    "PoolMember",
    "PooledPatent",
    "Provider",
    "ServiceRequest",
    "Wait",
]
_BUSY = ("assigned", "in_service")


class Provider(Owned):
    """Who serves (`party`); its organisation is the office that has registered it, whose level and division it serves.
    Kinds are those of `exchange.network.KINDS`; no industries mean all.
    """

    party = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    level = models.CharField(max_length=10)
    division = models.CharField(max_length=6)
    kinds = models.JSONField(default=list)
    industries = models.JSONField(default=list)
    most_open = models.PositiveSmallIntegerField(default=10)
    about = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("division", "pk")
        verbose_name = _("provider of services")
        verbose_name_plural = _("providers of services")
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "party"], name="one_provider")]

    def __str__(self) -> str:
        return self.party.name

    @property
    def open_requests(self) -> int:
        """How many requests it is busy with."""
        return ServiceRequest.unscoped.filter(provider=self, case__state__in=_BUSY).count()

    def serving(self) -> Serving:
        """Give it in the terms of the exchange."""
        kinds: frozenset[ServiceKind] = frozenset(self.kinds)
        level: Level = self.level  # pyright: ignore[reportAssignmentType]
        return Serving(
            str(self.pk),
            self.party.name,
            level,
            self.division,
            kinds,
            frozenset(self.industries),
            self.most_open,
            self.open_requests,
        )


class ServiceRequest(Owned):
    """A firm's request for a service: its kind and what is needed. `declined` are the numbers of the providers
    that would not, `content` is how content the firm was, 1 to 5.
    """

    case = models.OneToOneField(Case, models.CASCADE, related_name="request")
    kind = models.CharField(max_length=20)
    industry = models.CharField(max_length=4, blank=True)
    text = models.TextField(blank=True)
    declined = models.JSONField(default=list)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="requests")
    content = models.PositiveSmallIntegerField(null=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("service request")
        verbose_name_plural = _("service requests")

    def __str__(self) -> str:
        return f"{self.pk}"


class Wait(Owned):
    """That a request stood with a station or, where `provider` is given, with a provider: since when, and until when
    it was answered, or left without an answer. Public figures are made of these.
    """

    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="waits")
    level = models.CharField(max_length=10)
    division = models.CharField(max_length=6)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="waits")
    came = models.DateTimeField()
    answered = models.DateTimeField(null=True)
    left = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("came", "pk")
        verbose_name = _("wait of a request")
        verbose_name_plural = _("waits of requests")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request"], condition=Q(answered=None, left=None), name="one_open_wait")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
