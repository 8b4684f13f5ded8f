"""What a pooled order consists of beside its case: its terms, the members' sealed commitments, and credit lines.

Limits are ciphertexts (`sealing`). No row of a member is asked for by office: use `of(organisation)`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gaoyuan.exchange.pools import Schedule, Tier
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.cases.models import Case


class Pool(Owned):
    """The terms of a pooled order and how it ended; its organisation is the organiser. `schedule` is empty until it is
    proposed to the supplier. `content` is the encrypted record of the clearing with the true limits, `result` the one
    that those who take part may see: nobody's name, limits that tell no more than the result.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="pool")
    specification = models.TextField()
    product = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=20)
    schedule = models.JSONField(default=dict)
    on_credit = models.BooleanField(default=False)
    extended = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, blank=True)
    volume = models.BigIntegerField(default=0)
    price = models.CharField(max_length=80, blank=True)
    invoice = models.DecimalField(max_digits=24, decimal_places=2, null=True)
    result = models.TextField(blank=True)
    content = models.TextField(blank=True)
    delivered = models.BigIntegerField(null=True)
    surplus = models.BigIntegerField(default=0)
    settled_invoice = models.DecimalField(max_digits=24, decimal_places=2, null=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("pooled order")
        verbose_name_plural = _("pooled orders")

    def __str__(self) -> str:
        return self.case.title

    def terms(self) -> Schedule | None:
        """Give the tier prices and rules, None before they are fixed."""
        return read_schedule(self.schedule) if self.schedule else None


class Commitment(Owned):
    """What a member wants of a pool; its organisation is the member. `alias` stands for it in records, `content` is the
    sealed limit, `seal` the commitment to it, `placed` its turn. What follows from clearing and settlement is empty
    until then: `got`, `bill`, `reason` (why it gets nothing), and after the delivery `settled_quantity` and
    `settled_bill`; who withdraws after the deadline has `withdrawn`, its turn, and pays `charge`.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="commitments")
    alias = models.CharField(max_length=20)
    quantity = models.BigIntegerField()
    tolerance = models.BigIntegerField(default=0)
    content = models.TextField()
    seal = models.CharField(max_length=64)
    placed = models.BigIntegerField()
    got = models.BigIntegerField(null=True)
    bill = models.DecimalField(max_digits=24, decimal_places=2, null=True)
    reason = models.CharField(max_length=10, blank=True)
    dropped_at = models.CharField(max_length=80, blank=True)
    withdrawn = models.BigIntegerField(null=True)
    charge = models.DecimalField(max_digits=24, decimal_places=2, null=True)
    settled_quantity = models.BigIntegerField(null=True)
    settled_bill = models.DecimalField(max_digits=24, decimal_places=2, null=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("placed",)
        verbose_name = _("commitment to a pool")
        verbose_name_plural = _("commitments to pools")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "organisation"], name="one_commitment_a_member"),
            models.UniqueConstraint(fields=["case", "alias"], name="one_member_an_alias"),
            models.CheckConstraint(condition=Q(quantity__gt=0, tolerance__gte=0), name="a_commitment_wants_something"),
        ]

    def __str__(self) -> str:
        return self.alias


class CreditLine(Owned):
    """The account of a member with a company that buys for it; its organisation is that company."""

    member = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("member__name", "pk")
        verbose_name = _("credit line")
        verbose_name_plural = _("credit lines")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "member"], name="one_credit_line"),
            models.CheckConstraint(condition=~Q(organisation=models.F("member")), name="nobody_lends_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.member}"


class CreditEntry(Owned):
    """A line of the account (`exchange.pools.credit`); entries are only added."""

    line = models.ForeignKey(CreditLine, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10)
    amount = models.DecimalField(max_digits=24, decimal_places=2)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    reference = models.CharField(max_length=200, blank=True)
    made = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("pk",)
        verbose_name = _("entry of a credit line")
        verbose_name_plural = _("entries of credit lines")

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


def plain_schedule(schedule: Schedule) -> dict[str, object]:
    """Give the terms as plain data, amounts as text."""
    return {
        "tiers": [[tier.volume, str(tier.unit_price)] for tier in schedule.tiers],
        "minimum": schedule.minimum,
        "cap": schedule.cap,
        "pack_size": schedule.pack_size,
        "fixed_cost": str(schedule.fixed_cost),
        "list_price": None if schedule.list_price is None else str(schedule.list_price),
        "on_failure": schedule.on_failure,
        "extension_days": schedule.extension_days,
        "on_shortfall": schedule.on_shortfall,
    }


def read_schedule(plain: dict[str, object]) -> Schedule:
    """Read what `plain_schedule` gave."""
    given = dict(plain)
    tiers = given["tiers"]
    assert isinstance(tiers, list), "a schedule has tiers"
    given["tiers"] = tuple(Tier(volume, Decimal(price)) for volume, price in tiers)
    given["fixed_cost"] = Decimal(str(given["fixed_cost"]))
    given["list_price"] = None if given["list_price"] is None else Decimal(str(given["list_price"]))
    return Schedule(**given)  # pyright: ignore[reportArgumentType]
