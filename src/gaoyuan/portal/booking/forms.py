"""The forms of resources: what is shared by which rules, when it is closed, what is tested, what is looked for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gaoyuan.exchange.booking import ResourceInvalid
from gaoyuan.portal.booking.diary import rules_of
from gaoyuan.portal.booking.foods import FOODS, food
from gaoyuan.portal.booking.models import UNIT_MINUTES, Closure, Kind, Resource, TestItem, UserKind

__all__ = ["WEEKDAYS", "ClosureForm", "ItemForm", "ResourceForm", "SearchForm"]

WEEKDAYS = (
    *(lazy("Monday"), lazy("Tuesday"), lazy("Wednesday"), lazy("Thursday")),
    *(lazy("Friday"), lazy("Saturday"), lazy("Sunday")),
)
_LENGTHS = (15, 30, 60, 90, 120, 180, 240, 360, 480, 720, 1440)
_HOURS = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至]\s*(\d{1,2})[:：](\d{2})")
_STEPS = 3
_MOST_YUAN = Decimal(1_000_000)
_MOMENT = "%Y-%m-%dT%H:%M"


class _Hours(forms.CharField):
    """Hours of a day, as in `08:00-12:00, 13:00-17:00`; their clean value is a list of pairs of times as text."""

    def clean(self, value: object) -> list[tuple[str, str]]:
        text = str(super().clean(value) or "")
        found = [match.groups() for match in _HOURS.finditer(text)]
        if re.sub(r"[\s,，;；、]", "", _HOURS.sub("", text)):
            raise forms.ValidationError(_("Write hours like 08:00-12:00, 13:00-17:00."))
        pairs = []
        for from_hour, from_minute, to_hour, to_minute in found:
            begins, ends = int(from_hour) * 60 + int(from_minute), int(to_hour) * 60 + int(to_minute)
            if max(int(from_minute), int(to_minute)) > 59 or begins >= 1440 or ends > 1440 or ends <= begins:
                raise forms.ValidationError(_("These are no hours of a day: %(text)s.") % {"text": text[:60]})
            if begins % UNIT_MINUTES or ends % UNIT_MINUTES:
                raise forms.ValidationError(_("Hours begin and end at a quarter of an hour."))
            pairs.append((_clock(begins), _clock(ends % 1440)))
        return pairs


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


class ResourceForm(forms.ModelForm):
    """A resource with its rules."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    slot_minutes = forms.TypedChoiceField(
        label=lazy("Length of a slot"), coerce=int, choices=[(one, f"{one} min") for one in _LENGTHS], initial=60
    )
    needs = forms.CharField(
        label=lazy("Trainings or permits that users must have"),
        max_length=300,
        required=False,
        help_text=lazy("With commas between them; you grant them to each user."),
    )
    quota_slots = forms.IntegerField(
        label=lazy("Quota: at most so many slots"), min_value=1, max_value=999, required=False
    )
    quota_days = forms.IntegerField(label=lazy("within so many days"), min_value=1, max_value=366, required=False)

    class Meta:
        model = Resource
        fields = (
            *("kind", "name", "words", "capabilities", "place", "listed", "slot_minutes", "places", "approval"),
            *("notice_hours", "horizon_days", "most_slots", "offer_hours"),
        )
        labels = {
            "kind": lazy("Kind of resource"),
            "name": lazy("Name"),
            "words": lazy("Description"),
            "capabilities": lazy("What it can do"),
            "place": lazy("Where it is"),
            "listed": lazy("Shared: others see and book it"),
            "places": lazy("How many can use it at once"),
            "approval": lazy("I decide on each booking"),
            "notice_hours": lazy("Book at least so many hours ahead"),
            "horizon_days": lazy("Book at most so many days ahead"),
            "most_slots": lazy("Longest booking, in slots"),
            "offer_hours": lazy("Whoever waits has so many hours to take a place"),
        }
        widgets = {"words": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, data: Any, instance: Resource) -> None:  # noqa: ANN401  (Django's own)
        super().__init__(data, instance=instance, label_suffix="")
        kept = instance
        for name, least, most in (
            ("places", 1, 200),
            ("notice_hours", 0, 24 * 60),
            ("horizon_days", 1, 366),
            ("most_slots", 1, 96),
            ("offer_hours", 0.5, 24 * 14),
        ):
            self.fields[name].min_value, self.fields[name].max_value = least, most  # pyright: ignore[reportAttributeAccessIssue]
            self.fields[name].validators += [
                MinValueValidator(least),
                MaxValueValidator(most),
            ]
            self.fields[name].widget.attrs |= {"min": least, "max": most}
        self.fields["capabilities"].help_text = _("Words by which others look for it: salt spray, CNC milling, 烘干.")
        for day, words in enumerate(WEEKDAYS):
            self.fields[f"hours_{day}"] = _Hours(
                label=_("Hours on %(day)s") % {"day": words}, max_length=100, required=False
            )
        for kind in UserKind:
            self.fields[f"price_{kind.value}"] = forms.DecimalField(
                label=_("Yuan a slot for %(whom)s") % {"whom": kind.label},
                required=False,
                min_value=Decimal(0),
                max_value=_MOST_YUAN,
                max_digits=9,
                decimal_places=2,
                help_text=_("Empty: they may not book."),
            )
        for step in range(_STEPS):
            self.fields[f"cancel_hours_{step}"] = forms.FloatField(
                label=_("Cancelling until so many hours before the start"),
                min_value=0,
                max_value=24 * 90,
                required=False,
            )
            self.fields[f"cancel_share_{step}"] = forms.DecimalField(
                label=_("costs this share of the price, in %"),
                min_value=0,
                max_value=100,
                decimal_places=1,
                required=False,
            )
        self.initial |= _initial(kept)

    def clean(self) -> dict[str, Any]:
        """Put the rules together, and let the exchange say what contradicts itself."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        one: Resource = self.instance
        one.slot_minutes = cleaned["slot_minutes"]
        one.needs = sorted({part.strip() for part in re.split(r"[,，、;；]", cleaned["needs"]) if part.strip()})
        one.hours = [[day, *pair] for day in range(7) for pair in cleaned[f"hours_{day}"]]
        prices = {kind.value: cleaned[f"price_{kind.value}"] for kind in UserKind}
        one.prices = {kind: f"{price:f}" for kind, price in prices.items() if price is not None}
        if not one.prices:
            raise forms.ValidationError(_("Give at least one price; nobody could book."))
        quota = (cleaned["quota_slots"], cleaned["quota_days"])
        if (quota[0] is None) != (quota[1] is None):
            self.add_error("quota_slots", _("A quota has slots and days."))
        one.quotas = [list(quota)] if None not in quota else []
        one.cancellations = list(self._steps(cleaned))
        if not self.errors:
            for name in self.Meta.fields:
                setattr(one, name, cleaned[name])
            try:
                rules_of(one)
            except ResourceInvalid as wrong:
                raise forms.ValidationError(wrong.what if get_language() == "en" else wrong.zh) from None
        return cleaned

    def _steps(self, cleaned: dict[str, Any]) -> Iterator[list[str]]:
        for step in range(_STEPS):
            hours, share = cleaned[f"cancel_hours_{step}"], cleaned[f"cancel_share_{step}"]
            if (hours is None) != (share is None):
                self.add_error(f"cancel_hours_{step}", _("A rule of cancelling has hours and a share."))
            elif hours is not None and share is not None:
                yield [f"{hours:g}", f"{share / 100:f}"]


def _initial(kept: Resource) -> dict[str, object]:
    hours: dict[int, list[str]] = {}
    for day, begins, ends in kept.hours:
        hours.setdefault(day, []).append(f"{begins}-{'24:00' if ends == '00:00' else ends}")
    found: dict[str, object] = {f"hours_{day}": ", ".join(texts) for day, texts in hours.items()}
    found |= {f"price_{kind}": price for kind, price in kept.prices.items()}
    for step, (until, share) in enumerate(kept.cancellations):
        found |= {f"cancel_hours_{step}": until, f"cancel_share_{step}": f"{(Decimal(share) * 100).normalize():f}"}
    for slots, days in kept.quotas[:1]:
        found |= {"quota_slots": slots, "quota_days": days}
    return found | {"needs": "、".join(kept.needs), "edition": kept.edition}


class ClosureForm(forms.ModelForm):
    """A time in which a resource is closed."""

    class Meta:
        model = Closure
        fields = ("begins", "ends", "words")
        labels = {"begins": lazy("Closed from"), "ends": lazy("until"), "words": lazy("Why it is closed")}
        widgets = {
            name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT) for name in ("begins", "ends")
        }

    def clean(self) -> dict[str, Any]:
        """Refuse times that are over or no times at all."""
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        if begins is None or ends is None:
            return cleaned
        if not (2000 <= begins.year <= 2200 and 2000 <= ends.year <= 2200):
            raise forms.ValidationError(_("There is no such day to be closed."))
        if ends <= begins:
            self.add_error("ends", _("It ends before it begins."))
        elif ends <= timezone.now():
            self.add_error("ends", _("This time is over."))
        elif ends - begins > dt.timedelta(days=366):
            self.add_error("ends", _("At most a year at once."))
        return cleaned


def _foods() -> list[tuple[str, str]]:
    return [("", _("no food")), *((one, f"{one} {food(one)}") for one in FOODS)]


class ItemForm(forms.ModelForm):
    """Something that is tested."""

    category = forms.ChoiceField(label=lazy("Class of food"), required=False, choices=_foods)

    class Meta:
        model = TestItem
        fields = ("category", "name", "method", "unit")
        labels = {"name": lazy("Test item"), "method": lazy("Method"), "unit": lazy("Unit of the result")}


class SearchForm(forms.Form):
    """What is looked for."""

    q = forms.CharField(label=lazy("Words"), max_length=100, required=False)
    kind = forms.ChoiceField(
        label=lazy("Kind of resource"), required=False, choices=lambda: [("", _("all kinds")), *Kind.choices]
    )
    food = forms.ChoiceField(
        label=lazy("Class of food"),
        required=False,
        choices=lambda: [("", _("any")), *((one, f"{one} {food(one)}") for one in FOODS)],
    )
    by = forms.DateField(label=lazy("Free by"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
