"""What is booked and by whom: resources with their rules, bookings, the places that they hold, and their bills."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.cases.models import Case

UNIT_MINUTES = 15
"""A held place is kept as one row for every so many minutes: no change of the length of slots lets two overlap."""


class Kind(models.TextChoices):
    """What is shared."""

    LABORATORY = "laboratory", _("Laboratory")
    MACHINE = "machine", _("Machine")
    CAPACITY = "capacity", _("Production capacity")


class UserKind(models.TextChoices):
    """By what somebody pays: the owner itself, an organisation of the same county or cluster, anybody else."""

    INTERNAL = "internal", _("the owner itself")
    MEMBER = "member", _("members: the same county or cluster")
    EXTERNAL = "external", _("all others")


class Resource(Owned):
    """A shared laboratory, machine or idle capacity of its organisation. Only the owner sees what is not `listed`.

    `hours` are [weekday, "08:00", "12:00"], `prices` texts of yuan a slot by kind of user, `quotas` [slots, days],
    `cancellations` [hours before the start, share of the price as text]. `edition` grows with every change.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.LABORATORY)
    name = models.CharField(max_length=120)
    words = models.TextField(blank=True)
    capabilities = models.CharField(max_length=500, blank=True)
    place = models.CharField(max_length=200, blank=True)
    listed = models.BooleanField(default=True)
    slot_minutes = models.PositiveIntegerField(default=60)
    places = models.PositiveIntegerField(default=1)
    hours = models.JSONField(default=list)
    prices = models.JSONField(default=dict)
    needs = models.JSONField(default=list)
    notice_hours = models.FloatField(default=2.0)
    horizon_days = models.PositiveIntegerField(default=60)
    most_slots = models.PositiveIntegerField(default=8)
    approval = models.BooleanField(default=False)
    quotas = models.JSONField(default=list)
    cancellations = models.JSONField(default=list)
    offer_hours = models.FloatField(default=12.0)
    edition = models.PositiveIntegerField(default=1)
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("name", "pk")
        verbose_name = _("shared resource")
        verbose_name_plural = _("shared resources")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_resource_of_a_name"),
            models.CheckConstraint(condition=models.Q(places__gte=1), name="a_resource_has_a_place"),
        ]

    def __str__(self) -> str:
        return self.name


class Closure(Owned):
    """A time in which a resource is closed: a holiday, a maintenance."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="closures")
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    words = models.CharField(max_length=200, blank=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("begins",)
        verbose_name = _("closed time")
        verbose_name_plural = _("closed times")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resource", "begins", "ends"], name="one_closure_of_a_time"),
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("begins")), name="a_closure_ends_later"),
        ]

    def __str__(self) -> str:
        return f"{self.begins:%Y-%m-%d %H:%M}"


class TestItem(Owned):
    """Something that a laboratory tests: `category` is a class of food (`foods.FOODS`) or empty."""

    __test__ = False

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="items")
    category = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=120)
    method = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=30, blank=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("category", "name", "pk")
        verbose_name = _("test item")
        verbose_name_plural = _("test items")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resource", "category", "name", "method"], name="one_item_of_a_name")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.method}".strip()


class Permit(Owned):
    """That its organisation asks to use a resource that needs trainings or permits, and what the owner has said."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="permits")
    granted = models.BooleanField(null=True)
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("pk",)
        verbose_name = _("permit")
        verbose_name_plural = _("permits")
        constraints: ClassVar = [models.UniqueConstraint(fields=["resource", "organisation"], name="one_permit")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Booking(Owned):
    """What somebody (its organisation) has asked for; how it stands is said by its case. `number` is the order of
    asking, price and cancellation rules are those of that time, `place` is what it holds.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="booking")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="bookings")
    number = models.PositiveIntegerField()
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    slot_minutes = models.PositiveIntegerField()
    user_kind = models.CharField(max_length=20, choices=UserKind.choices)
    price = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    cancellations = models.JSONField(default=list)
    wait = models.BooleanField(default=False)
    place = models.PositiveIntegerField(null=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("resource", "number")
        verbose_name = pgettext_lazy("shared resource", "booking")
        verbose_name_plural = pgettext_lazy("shared resource", "bookings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resource", "number"], name="one_booking_a_number"),
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("begins")), name="a_booking_ends_later"),
        ]
        indexes: ClassVar = [models.Index(fields=["resource", "begins"])]

    def __str__(self) -> str:
        return f"{self.number}"


class HeldUnit(models.Model):
    """That a place of a resource is held for the quarter of an hour from `begins`: nobody else can hold it."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="held")
    place = models.PositiveIntegerField()
    begins = models.DateTimeField()
    booking = models.ForeignKey(Booking, models.CASCADE, related_name="held")

    class Meta:
        verbose_name = _("held place")
        verbose_name_plural = _("held places")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resource", "place", "begins"], name="no_place_is_held_twice")
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.begins:%Y-%m-%d %H:%M}"


class Bill(Owned):
    """What a booking has cost its user; its organisation is the owner of the resource, who is to be paid."""

    class For(models.TextChoices):
        """What for."""

        USE = "use", _("use")
        CANCELLATION = "cancellation", _("late cancellation")
        ABSENCE = "absence", _("absence")

    booking = models.OneToOneField(Booking, models.PROTECT, related_name="bill")
    payer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=For.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-made",)
        verbose_name = pgettext_lazy("shared resource", "bill")
        verbose_name_plural = pgettext_lazy("shared resource", "bills")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="a_bill_is_not_below_zero")
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class Sample(Owned):
    """What its organisation gives to a laboratory to be tested. `number` counts the samples of the laboratory."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="samples")
    laboratory = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    batch = models.CharField(max_length=60, blank=True)
    category = models.CharField(max_length=20, blank=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    unit = models.CharField(max_length=10)
    items = models.ManyToManyField(TestItem, related_name="+")
    received = models.DateTimeField(null=True)
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("laboratory", "number")
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["laboratory", "number"], name="one_sample_a_number"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="a_sample_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number on its label."""
        return f"S{self.made:%Y}-{self.number:05d}"


class SigningKey(Owned):
    """The Ed25519 key of a laboratory: the seed encrypted (`portal.encryption`), the public key as text."""

    sealed = models.BinaryField()
    public = models.CharField(max_length=300)
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("pk",)
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")

    def __str__(self) -> str:
        return self.public


class Report(Owned):
    """The result of a booking, of its laboratory: the document byte for byte as it was signed, its SHA-256, and the
    signed note over that.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.OneToOneField(Booking, models.PROTECT, related_name="report")
    number = models.CharField(max_length=40)
    document = models.TextField()
    sha256 = models.CharField(max_length=64, db_index=True)
    note = models.TextField()
    public = models.CharField(max_length=300)
    issued = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-issued",)
        verbose_name = _("test report")
        verbose_name_plural = _("test reports")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="one_report_a_number"),
        ]

    def __str__(self) -> str:
        return self.number


class ReportFile(models.Model):
    """The SHA-256 of a file that came with a report, by which the report is found."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="files")
    sha256 = models.CharField(max_length=64, db_index=True)

    def __str__(self) -> str:
        return self.sha256
