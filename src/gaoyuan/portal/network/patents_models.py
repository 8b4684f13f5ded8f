"""The patent pool: who belongs to it, patents with their terms for members, and licences that were asked for."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.cases.models import Case


class PoolMember(Owned):
    """That an organisation has joined the pool under its rules."""

    joined = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("member of the patent pool")
        verbose_name_plural = _("members of the patent pool")
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation"], name="one_pool_membership")]

    def __str__(self) -> str:
        return f"{self.pk}"


class PooledPatent(Owned):
    """A patent in the pool, of its organisation; `yearly_yuan` None: to be agreed, 0: free for members."""

    class Kind(models.TextChoices):
        """Kinds of patents in China."""

        INVENTION = "invention", _("invention")
        UTILITY = "utility", _("utility model")
        DESIGN = "design", _("design")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    expires = models.DateField()
    about = models.TextField(blank=True)
    yearly_yuan = models.DecimalField(max_digits=13, decimal_places=2, null=True)
    terms = models.TextField(blank=True)
    listed = models.DateTimeField(auto_now_add=True)
    withdrawn = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-listed", "pk")
        verbose_name = _("patent of the pool")
        verbose_name_plural = _("patents of the pool")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number"], condition=Q(withdrawn=None), name="one_patent_a_number")
        ]

    def __str__(self) -> str:
        return self.title


class Licence(Owned):
    """That an organisation has asked for a licence to a patent; what became of it its case says."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="licence")
    patent = models.ForeignKey(PooledPatent, models.PROTECT, related_name="licences")
    purpose = models.TextField(blank=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("patent licence")
        verbose_name_plural = _("patent licences")

    def __str__(self) -> str:
        return f"{self.pk}"
