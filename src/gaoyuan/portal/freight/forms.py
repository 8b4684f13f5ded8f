"""Forms of vehicles, warehouses and plans."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.freight.models import DockSlot, Need, Plan, Vehicle, Warehouse
from gaoyuan.portal.freight.places import Place, place_of, planners_for
from gaoyuan.portal.freight.posting import moment

__all__ = ["Outdated", "PlanForm", "VehicleForm", "WarehouseForm"]

_HEAVIEST_KG, _LIGHTEST_KG = 100_000, 100
_SLOT = re.compile(r"(\d{4}-\d{2}-\d{2})\s+(\d{1,2}:\d{2})\s*[-–—至到~]\s*(\d{1,2}:\d{2})\s+(\d{1,3})")
_MOST_SLOTS = 500


class _PlaceForm(forms.Form):
    """What has a place: its name, a county or a point."""

    def __init__(self, own: Organisation, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, label_suffix="")
        self.own = own
        self.place: Place | None = None

    def add_place(self, words: str) -> None:
        """Add the fields of a place."""
        self.fields["place"] = forms.CharField(label=f"{words}: {_('address')}", max_length=200, required=False)
        self.fields["county"] = forms.CharField(
            label=f"{words}: {_('county, by name or six digits')}",
            max_length=60,
            required=False,
            help_text=_("Empty: the county of your organisation."),
        )
        self.fields["point"] = forms.CharField(
            label=f"{words}: {_('longitude, latitude')}", max_length=60, required=False
        )

    def clean(self) -> dict[str, Any]:
        """Find the place."""
        given = super().clean() or self.cleaned_data
        try:
            self.place = place_of(
                *(str(given.get(name) or "") for name in ("place", "county", "point")), organisation=self.own
            )
        except ValidationError as fault:
            self.add_error("point" if given.get("point") else "county", fault)
        return given


class Outdated(Exception):
    """Somebody has changed it meanwhile, or taken it back."""


class VehicleForm(_PlaceForm):
    """A vehicle: what it carries, what it has, when and where it is, and what it costs; `before` is the one that it
    takes the place of.
    """

    def __init__(
        self, own: Organisation, data: Mapping[str, Any] | None = None, *, before: Vehicle | None = None
    ) -> None:
        super().__init__(own, data)
        self.before = before
        planners = planners_for(own)
        yuan: dict[str, Any] = {"min_value": 0, "max_value": 100_000, "max_digits": 8, "decimal_places": 2}
        self.fields["plate"] = forms.CharField(label=_("Plate"), max_length=20)
        self.fields["weight_kg"] = forms.IntegerField(
            label=_("May load, in kg"), min_value=1, max_value=_HEAVIEST_KG, help_text=_("10 t are 10000 kg.")
        )
        self.fields["volume_m3"] = forms.DecimalField(
            label=_("Volume in m³"), min_value=Decimal("0.1"), max_value=500, max_digits=6, decimal_places=1
        )
        self.fields["pallets"] = forms.IntegerField(
            label=_("Places for pallets"), min_value=0, max_value=200, initial=0
        )
        self.fields["has"] = forms.MultipleChoiceField(
            label=_("Equipment and papers"), choices=Need.choices, required=False, widget=forms.CheckboxSelectMultiple
        )
        self.add_place(_("Where it stands"))
        self.fields["returns"] = forms.BooleanField(
            label=_("It comes back to where it stands"), required=False, initial=True
        )
        self.fields["begins"] = moment(_("May start from"))
        self.fields["ends"] = moment(_("Has to be done by"))
        self.fields["fixed_yuan"] = forms.DecimalField(label=_("Price of using it at all, in yuan"), initial=0, **yuan)
        self.fields["kilometre_yuan"] = forms.DecimalField(label=_("Price per kilometre, in yuan"), **yuan)
        self.fields["hour_yuan"] = forms.DecimalField(label=_("Price per hour, in yuan"), initial=0, **yuan)
        self.fields["longest_km"] = forms.IntegerField(
            label=_("Longest way in km"), min_value=1, max_value=20_000, required=False
        )
        self.fields["planner"] = forms.ModelChoiceField(
            planners, label=_("Who may plan it"), empty_label=None, initial=planners.first()
        )
        if before is not None:
            self.initial = _typed(before)

    def clean_plate(self) -> str:
        """Give the plate as it is written on the vehicle; one stands in the list once."""
        plate = re.sub(r"[\s·]", "", str(self.cleaned_data["plate"])).upper()
        if not plate:
            raise ValidationError(_("A vehicle has a plate."))
        others = Vehicle.objects.of(self.own).filter(plate=plate, offered=True)
        if others.exclude(pk=self.before.pk if self.before is not None else None).exists():
            raise ValidationError(_("This plate is in your list already."))
        return plate

    def clean_weight_kg(self) -> int:
        """Ask back what looks like tonnes."""
        weight = int(self.cleaned_data["weight_kg"])
        if weight < _LIGHTEST_KG:
            raise ValidationError(
                _("No lorry loads %(kg)s kg only. If you mean %(kg)s t, write %(t)s.")
                % {"kg": weight, "t": weight * 1000}
            )
        return weight

    def clean(self) -> dict[str, Any]:
        """Check the times and the prices."""
        given = super().clean()
        begins, ends = given.get("begins"), given.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("The time begins after it ends."))
        elif ends and ends <= timezone.now():
            self.add_error("ends", _("This time has passed."))
        elif begins and ends and ends - begins > dt.timedelta(days=31):
            self.add_error("ends", _("Offer a vehicle for a month at most."))
        return given

    def save(self) -> Vehicle:
        """Write the vehicle down; the form is valid. What is changed becomes another vehicle of the same plate, so that
        plans and trips keep the one that they were built with. Call it in a transaction. Raises Outdated where the one
        before is not offered any more.
        """
        given, place = self.cleaned_data, self.place
        assert place is not None, "the form is valid"
        if self.before is not None:
            held = Vehicle.objects.of(self.own).filter(pk=self.before.pk, offered=True)
            if not update_logged(held, offered=False):
                raise Outdated
        return Vehicle.objects.create_for(
            self.own,
            plate=given["plate"],
            planner=given["planner"],
            weight_kg=given["weight_kg"],
            volume_dm3=round(given["volume_m3"] * 1000),
            pallets=given["pallets"],
            has=sorted(given["has"]),
            place=place.name[:200],
            longitude=place.longitude,
            latitude=place.latitude,
            returns=given["returns"],
            begins=given["begins"],
            ends=given["ends"],
            fixed_fen=round(given["fixed_yuan"] * 100),
            per_kilometre_fen=round(given["kilometre_yuan"] * 100),
            per_hour_fen=round(given["hour_yuan"] * 100),
            longest_metres=given["longest_km"] and given["longest_km"] * 1000,
        )


def _typed(one: Vehicle) -> dict[str, Any]:
    """Give what was typed for a vehicle."""
    return {
        "plate": one.plate,
        "weight_kg": one.weight_kg,
        "volume_m3": Decimal(one.volume_dm3) / 1000,
        "pallets": one.pallets,
        "has": one.has,
        "place": one.place,
        "point": f"{one.longitude:.5f}, {one.latitude:.5f}",
        "returns": one.returns,
        "begins": one.begins,
        "ends": one.ends,
        "fixed_yuan": Decimal(one.fixed_fen) / 100,
        "kilometre_yuan": Decimal(one.per_kilometre_fen) / 100,
        "hour_yuan": Decimal(one.per_hour_fen) / 100,
        "longest_km": one.longest_metres and one.longest_metres // 1000,
        "planner": one.planner.pk,
    }


class WarehouseForm(_PlaceForm):
    """A warehouse with the slots of its docks, one a line."""

    def __init__(self, own: Organisation, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(own, data)
        self.fields["name"] = forms.CharField(label=_("Name"), max_length=100)
        self.add_place(_("Warehouse"))
        self.fields["slots"] = forms.CharField(
            label=_("Slots of the docks, one a line: day, from, to, vehicles"),
            widget=forms.Textarea(attrs={"rows": 4, "placeholder": "2026-12-01 08:00-10:00 2"}),
            max_length=20_000,
        )

    def clean_slots(self) -> list[tuple[dt.datetime, dt.datetime, int]]:
        """Read the slots; they do not overlap."""
        found: list[tuple[dt.datetime, dt.datetime, int]] = []
        for number, line in enumerate(str(self.cleaned_data["slots"]).splitlines(), start=1):
            if not line.strip():
                continue
            match = _SLOT.fullmatch(line.strip())
            try:
                if match is None:
                    raise ValueError(line)
                day = dt.date.fromisoformat(match[1])
                begins, ends = (
                    timezone.make_aware(dt.datetime.combine(day, dt.datetime.strptime(match[at], "%H:%M").time()))
                    for at in (2, 3)
                )
            except ValueError:
                raise ValidationError(
                    _("Line %(number)s: write it like 2026-12-01 08:00-10:00 2") % {"number": number}
                ) from None
            if ends <= begins:
                raise ValidationError(_("Line %(number)s: the time begins after it ends.") % {"number": number})
            if ends <= timezone.now():
                raise ValidationError(_("Line %(number)s: this time has passed.") % {"number": number})
            found.append((begins, ends, int(match[4])))
        found.sort()
        if any(before[1] > after[0] for before, after in pairwise(found)):
            raise ValidationError(_("Slots overlap."))
        if not 0 < len(found) <= _MOST_SLOTS:
            raise ValidationError(_("Give from 1 to %(most)s slots.") % {"most": _MOST_SLOTS})
        return found

    def clean_name(self) -> str:
        """Refuse a name that is taken."""
        name = str(self.cleaned_data["name"]).strip()
        if Warehouse.objects.of(self.own).filter(name=name).exists():
            raise ValidationError(_("You have a warehouse of this name already."))
        return name

    def save(self) -> Warehouse:
        """Write the warehouse and its slots down; the form is valid."""
        place = self.place
        assert place is not None, "the form is valid"
        made = Warehouse.objects.create_for(
            self.own, name=self.cleaned_data["name"], longitude=place.longitude, latitude=place.latitude
        )
        for begins, ends, vehicles in self.cleaned_data["slots"]:
            DockSlot.objects.create_for(self.own, warehouse=made, begins=begins, ends=ends, vehicles=vehicles)
        return made


class PlanForm(forms.Form):
    """When a plan begins, and how ways are estimated."""

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["title"] = forms.CharField(label=_("Name"), max_length=100, required=False)
        self.fields["begins"] = moment(_("Routes begin from"))
        now = timezone.localtime() + dt.timedelta(hours=1)
        self.fields["begins"].initial = now.replace(minute=0, second=0, microsecond=0)
        self.fields["detour"] = forms.FloatField(
            label=_("Road over straight distance"), min_value=1.0, max_value=3.0, initial=1.3
        )
        self.fields["speed"] = forms.FloatField(
            label=_("Average speed in km/h"), min_value=5, max_value=120, initial=50
        )
        self.fields["seconds"] = forms.IntegerField(
            label=_("Seconds to look for better routes"), min_value=1, max_value=120, initial=10
        )

    def clean_begins(self) -> dt.datetime:
        """Refuse what has passed, and what is too far away."""
        begins = self.cleaned_data["begins"]
        if begins < timezone.now() - dt.timedelta(hours=1):
            raise ValidationError(_("This time has passed."))
        if begins > timezone.now() + dt.timedelta(days=366):
            raise ValidationError(_("That is more than a year from now."))
        return begins

    def save(self, own: Organisation) -> Plan:
        """Write the plan down; the form is valid."""
        given = self.cleaned_data
        begins = given["begins"]
        title = str(given["title"]).strip() or _("Freight of %(day)s") % {
            "day": timezone.localtime(begins).strftime("%Y-%m-%d %H:%M")
        }
        return Plan.objects.create_for(
            own,
            title=title[:100],
            begins=begins,
            detour=given["detour"],
            kilometres_per_hour=given["speed"],
            seconds=given["seconds"],
        )
