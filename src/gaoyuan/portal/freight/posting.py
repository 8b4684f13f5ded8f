"""Posting a load: the form, what it asks back, and what is written down with the case."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from gaoyuan.exchange.process import Move, Process, process
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.forms import MoveForm, Parties
from gaoyuan.portal.cases.models import Case, Participation, RecordLine
from gaoyuan.portal.cases.service import Refused
from gaoyuan.portal.freight.models import Load, Need, Warehouse
from gaoyuan.portal.freight.places import Place, place_of, planners_for
from gaoyuan.trust.canonical import Json

__all__ = ["LoadDetail", "PostForm"]

_LIGHT_KG, _HEAVY_KG, _HEAVIEST_KG = 100, 49_000, 500_000
"""Below the first somebody may have meant tonnes; above the second no lorry on the road carries it in China."""
_DENSEST_KG_PER_M3 = 20_000
_MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
_ORDER = (
    *("title", "weight_kg", "sure", "volume_m3", "pallets", "needs"),
    *("from_warehouse", "from_place", "from_county", "from_point", "from_early", "pick_up_by"),
    *("to_warehouse", "to_place", "to_county", "to_point", "to_early", "deliver_by"),
    *("handling_minutes", "pay_yuan", "contact", "planner"),
)


def moment(label: object, *, required: bool = True) -> forms.DateTimeField:
    """Give a field for a date and time."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENTS[0])
    return forms.DateTimeField(label=str(label), input_formats=_MOMENTS, widget=widget, required=required)


@dataclass(frozen=True, slots=True)
class LoadDetail:
    """A load beyond the facts of its case, as `models.Load` keeps it."""

    values: Mapping[str, Any]

    def plain(self) -> Mapping[str, Json]:
        """Give what it says."""
        return {name: _plain(value) for name, value in self.values.items() if name != "alike"}

    def save(self, case: Case, line: RecordLine) -> None:
        """Write the load down and have its planner take part; raises Refused for a load that is posted already."""
        own = case.organisation
        alike = Load.objects.of(own).filter(alike=self.values["alike"]).select_related("case").first()
        if alike is not None:
            if not process("freight").states[alike.case.state].final:
                raise Refused(
                    Refusal(
                        "twice",
                        f"同样的货源已发布：{alike.case.title}，请勿重复发布",
                        f"the same load is posted already: {alike.case.title}",
                    )
                )
            alike.alike = f"{alike.alike} {alike.pk}"
            alike.save(update_fields=["alike"])
        Load.objects.create_for(own, case=case, **self.values)
        planner = self.values["planner"]
        Participation.unscoped.get_or_create(case=case, organisation=planner, role="planner")


class PostForm(MoveForm):
    """A load: what it is, from where to where and when, what the vehicle must have, and what it may cost."""

    def __init__(
        self,
        asked: Process,
        move: Move,
        parties: Parties,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        *,
        own: Organisation,
    ) -> None:
        super().__init__(asked, move, parties, data, files, opens=True)
        self.own, self.detail_made = own, None
        # Nobody needs a reason to have something carried.
        del self.fields["why"]
        planners = planners_for(own)
        houses = Warehouse.unscoped.filter(organisation__in=planners).select_related("organisation")
        self.fields["weight_kg"].widget.attrs["min"] = "0"
        self.fields["sure"] = forms.BooleanField(
            label=_("The weight is right as it stands"), required=False, widget=forms.HiddenInput()
        )
        self.fields["volume_m3"] = forms.DecimalField(
            label=_("Volume in m³"), min_value=0, max_value=500, max_digits=7, decimal_places=3, required=False
        )
        self.fields["pallets"] = forms.IntegerField(label=_("Pallets"), min_value=0, max_value=200, required=False)
        self.fields["needs"] = forms.MultipleChoiceField(
            label=_("The vehicle must have"),
            choices=Need.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        for end, words in (("from", _("Pick-up")), ("to", _("Delivery"))):
            self.fields[f"{end}_warehouse"] = forms.ModelChoiceField(
                houses, label=f"{words}: {_('warehouse with docks')}", required=False, empty_label=_("none of these")
            )
            self.fields[f"{end}_place"] = forms.CharField(
                label=f"{words}: {_('address')}", max_length=200, required=False
            )
            self.fields[f"{end}_county"] = forms.CharField(
                label=f"{words}: {_('county, by name or six digits')}",
                max_length=60,
                required=False,
                help_text=_("Empty: the county of your organisation.") if end == "from" else "",
            )
            self.fields[f"{end}_point"] = forms.CharField(
                label=f"{words}: {_('longitude, latitude')}",
                max_length=60,
                required=False,
                help_text=_("Better than the middle of the county, for example 118.35, 35.10"),
            )
            self.fields[f"{end}_early"] = moment(f"{words}: {_('not before')}", required=False)
        self.fields["handling_minutes"] = forms.IntegerField(
            label=_("Minutes to load, and to unload"), min_value=0, max_value=600, initial=30
        )
        self.fields["pay_yuan"] = forms.DecimalField(
            label=_("What you pay at most, in yuan without tax"),
            min_value=Decimal("0.01"),
            max_value=10_000_000,
            max_digits=10,
            decimal_places=2,
            required=False,
            help_text=_("Carriers and other shippers never see it. Empty: the load goes whatever it costs."),
        )
        self.fields["contact"] = forms.CharField(
            label=_("Contact at the places"),
            max_length=200,
            required=False,
            help_text=_("The carrier sees it once he has accepted."),
        )
        self.fields["planner"] = forms.ModelChoiceField(
            planners, label=_("Who plans it"), empty_label=None, initial=planners.first()
        )
        self.order_fields([*_ORDER])

    def clean(self) -> dict[str, Any]:
        """Ask back what cannot be meant, and find the places."""
        given = super().clean() or self.cleaned_data
        self._check_weight(given)
        places = {end: self._place(end, given) for end in ("from", "to")}
        early, late = self._window("from", "pick_up_by", given)
        to_early, to_late = self._window("to", "deliver_by", given)
        if early and to_late and to_late <= early:
            self.add_error("deliver_by", _("It has to be delivered after it is picked up."))
        pick_up, drop = places["from"], places["to"]
        if pick_up and drop and pick_up.alike == drop.alike:
            self.add_error("to_county", _("Pick-up and delivery are the same place."))
        if not self.errors and pick_up and drop and early and late and to_early and to_late:
            self.detail_made = LoadDetail(self._values(given, pick_up, drop, (early, late, to_early, to_late)))
        return given

    def detail(self) -> LoadDetail | None:
        """Give the load."""
        return self.detail_made

    def _check_weight(self, given: dict[str, Any]) -> None:
        weight, volume = given.get("weight_kg"), given.get("volume_m3")
        if weight is None:
            return
        if weight > _HEAVIEST_KG:
            self.add_error(
                "weight_kg", _("Nothing of %(kg)s kg is carried by road. The field is in kg.") % {"kg": f"{weight:f}"}
            )
            return
        if weight <= 0:
            self.add_error("weight_kg", _("A load weighs something."))
            return
        if volume and weight / volume > _DENSEST_KG_PER_M3:
            self.add_error("volume_m3", _("No material is that heavy for its volume: check kg and m³."))
            return
        if given.get("sure"):
            return
        if weight < _LIGHT_KG:
            asked = _("Is it %(kg)s kg? If you mean %(kg)s t, write %(t)s. If it is right, tick the box below.")
        elif weight > _HEAVY_KG:
            asked = _("Is it %(kg)s kg, more than a lorry may carry? If you mean less, mend it, or tick the box below.")
        else:
            return
        plain = f"{weight.normalize():f}"
        self.add_error("weight_kg", asked % {"kg": plain, "t": f"{(weight * 1000).normalize():f}"})
        self.fields["sure"].widget = forms.CheckboxInput()

    def _place(self, end: str, given: dict[str, Any]) -> Place | None:
        house = given.get(f"{end}_warehouse")
        if isinstance(house, Warehouse):
            return Place(house.name, "", house.longitude, house.latitude)
        name, county, point = (str(given.get(f"{end}_{part}") or "") for part in ("place", "county", "point"))
        if end == "to" and not county.strip() and not point.strip():
            self.add_error("to_county", _("Say where this is: a county, or longitude and latitude."))
            return None
        try:
            return place_of(name, county, point, self.own)
        except ValidationError as fault:
            self.add_error(f"{end}_point" if point.strip() else f"{end}_county", fault)
            return None

    def _window(self, end: str, until: str, given: dict[str, Any]) -> tuple[dt.datetime | None, dt.datetime | None]:
        late = given.get(until)
        if late is None:
            return None, None
        if late > timezone.now() + dt.timedelta(days=366):
            self.add_error(until, _("That is more than a year from now."))
        early = given.get(f"{end}_early") or min(timezone.now(), late)
        if early > late:
            self.add_error(f"{end}_early", _("The time begins after it ends."))
        return early, late

    def _values(
        self,
        given: dict[str, Any],
        pick_up: Place,
        drop: Place,
        times: tuple[dt.datetime, dt.datetime, dt.datetime, dt.datetime],
    ) -> dict[str, Any]:
        volume, pay = given.get("volume_m3") or Decimal(0), given.get("pay_yuan")
        same = [
            given["title"].strip(),
            str(given["weight_kg"].normalize()),
            pick_up.alike,
            drop.alike,
            str(times[1:4:2]),
        ]
        return {
            "planner": given["planner"],
            "weight_kg": max(1, round(given["weight_kg"])),
            "volume_dm3": round(volume * 1000),
            "pallets": given.get("pallets") or 0,
            "needs": sorted(given["needs"]),
            **{f"from_{name}": getattr(pick_up, name) for name in ("county", "longitude", "latitude")},
            "from_place": pick_up.name[:200],
            "from_warehouse": given["from_warehouse"],
            "from_early": times[0],
            "from_late": times[1],
            **{f"to_{name}": getattr(drop, name) for name in ("county", "longitude", "latitude")},
            "to_place": drop.name[:200],
            "to_warehouse": given["to_warehouse"],
            "to_early": times[2],
            "to_late": times[3],
            "handling_minutes": given["handling_minutes"],
            "contact": given["contact"],
            "pay_fen": None if pay is None else int(pay * 100),
            "alike": hashlib.sha256("\n".join(same).encode()).hexdigest(),
        }


def _plain(value: object) -> Json:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.6f}"
    if isinstance(value, Organisation | Warehouse):
        return str(value.pk)
    if isinstance(value, list):
        return [str(one) for one in value]
    return value if isinstance(value, int | str) or value is None else str(value)
