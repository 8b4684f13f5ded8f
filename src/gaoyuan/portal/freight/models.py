"""Loads, vehicles, warehouses with docks, plans, and the trips of a plan."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.jobs.models import Job


class Need(models.TextChoices):
    """Equipment that a vehicle must have, and papers for borders."""

    REEFER = "reefer", _("refrigerated")
    HAZARDOUS = "hazardous", _("dangerous goods licence")
    TAIL_LIFT = "tail_lift", _("tail lift")
    FLATBED = "flatbed", _("flatbed")
    CONTAINER = "container", _("container chassis")
    TIR = "tir", _("TIR carnet")
    CROSS_BORDER = "cross_border", _("cross-border road permit")
    CUSTOMS = "customs", _("customs-supervised vehicle")


class Warehouse(Owned):
    """A place with docks that takes vehicles only in slots; it belongs to the planner."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=100)
    longitude = models.FloatField()
    latitude = models.FloatField()

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("name",)
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "name"], name="one_warehouse_a_name")]

    def __str__(self) -> str:
        return self.name


class DockSlot(Owned):
    """A time in which so many vehicles may begin to hand over at a warehouse."""

    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="slots")
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    vehicles = models.PositiveIntegerField()

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("begins",)
        verbose_name = _("dock slot")
        verbose_name_plural = _("dock slots")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["warehouse", "begins"], name="one_dock_slot_a_time"),
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("begins")), name="dock_slot_ends_later"),
        ]

    def __str__(self) -> str:
        return f"{self.begins:%Y-%m-%d %H:%M}"


class Vehicle(Owned):
    """A carrier's vehicle with its driver, offered to one planner for some time. Prices are the carrier's own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plate = models.CharField(_("plate"), max_length=20)
    planner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    weight_kg = models.PositiveIntegerField()
    volume_dm3 = models.PositiveIntegerField()
    pallets = models.PositiveIntegerField()
    has = models.JSONField(default=list)
    place = models.CharField(max_length=200)
    longitude = models.FloatField()
    latitude = models.FloatField()
    returns = models.BooleanField(default=True)
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    fixed_fen = models.PositiveIntegerField()
    per_kilometre_fen = models.PositiveIntegerField()
    per_hour_fen = models.PositiveIntegerField()
    longest_metres = models.PositiveIntegerField(null=True)
    offered = models.BooleanField(default=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("plate", "pk")
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "plate"], condition=models.Q(offered=True), name="one_vehicle_a_plate"
            ),
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("begins")), name="vehicle_ends_later"),
        ]

    def __str__(self) -> str:
        return self.plate


class Plan(Owned):
    """Routes that a planner has had built. `problem` is what was asked (`stating`), `unassigned` the loads that stay
    behind with the reason in both languages; its trips are rows of their own.
    """

    class State(models.TextChoices):
        """Where a plan stands."""

        BUILDING = "building", _("being built")
        DRAFT = "draft", _("draft, nothing offered yet")
        OFFERED = "offered", _("offered to carriers")
        FAILED = "failed", _("not built")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=100)
    begins = models.DateTimeField()
    detour = models.FloatField(default=1.3)
    kilometres_per_hour = models.FloatField(default=50.0)
    seconds = models.PositiveIntegerField(default=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.BUILDING)
    problem = models.JSONField(default=dict)
    unassigned = models.JSONField(default=list)
    repairs = models.PositiveIntegerField(default=0)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-made",)
        verbose_name = _("freight plan")
        verbose_name_plural = _("freight plans")

    def __str__(self) -> str:
        return self.title


class Trip(Owned):
    """A route of a plan for one vehicle; it belongs to the carrier. `visits` are the route's stops, times in seconds
    after the plan's beginning. `live`: the vehicle is bound by it; a vehicle has one such trip at most.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="trips")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="+")
    starts = models.PositiveIntegerField()
    ends = models.PositiveIntegerField()
    metres = models.PositiveIntegerField()
    visits = models.JSONField()
    pay_fen = models.PositiveBigIntegerField()
    live = models.BooleanField(default=False)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("starts", "pk")
        verbose_name = _("trip")
        verbose_name_plural = _("trips")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vehicle"], condition=models.Q(live=True), name="one_live_trip_a_vehicle"),
            models.UniqueConstraint(fields=["plan", "vehicle"], name="one_trip_of_a_vehicle_in_a_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Load(Owned):
    """What a shipper wants carried, beyond the facts of its case. `pay_fen` is what he pays at most, `price_fen` what
    the trip that was offered costs him. `alike` names what makes a second posting the same.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="+")
    planner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    weight_kg = models.PositiveIntegerField()
    volume_dm3 = models.PositiveIntegerField()
    pallets = models.PositiveIntegerField()
    needs = models.JSONField(default=list)
    from_place = models.CharField(max_length=200)
    from_county = models.CharField(max_length=6, blank=True)
    from_longitude = models.FloatField()
    from_latitude = models.FloatField()
    from_warehouse = models.ForeignKey(Warehouse, models.PROTECT, null=True, related_name="+")
    from_early = models.DateTimeField()
    from_late = models.DateTimeField()
    to_place = models.CharField(max_length=200)
    to_county = models.CharField(max_length=6, blank=True)
    to_longitude = models.FloatField()
    to_latitude = models.FloatField()
    to_warehouse = models.ForeignKey(Warehouse, models.PROTECT, null=True, related_name="+")
    to_early = models.DateTimeField()
    to_late = models.DateTimeField()
    handling_minutes = models.PositiveIntegerField()
    contact = models.CharField(max_length=200, blank=True)
    pay_fen = models.PositiveBigIntegerField(null=True)
    price_fen = models.PositiveBigIntegerField(null=True)
    trip = models.ForeignKey(Trip, models.SET_NULL, null=True, related_name="loads")
    alike = models.CharField(max_length=100)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("pk",)
        verbose_name = _("load")
        verbose_name_plural = _("loads")
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "alike"], name="one_load_alike")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Declined(Owned):
    """That a carrier has refused a load, by not answering too: it is not offered to him again."""

    load = models.ForeignKey(Load, models.CASCADE, related_name="declined")

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("refusal of a load")
        verbose_name_plural = _("refusals of loads")
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "load"], name="one_refusal_of_a_load")]

    def __str__(self) -> str:
        return f"{self.pk}"
