"""The forms of moves of a booking that carry more than facts: the wish, samples, what was received, the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from gaoyuan.exchange.process import Move, Process, Value
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.booking.acting import Wish
from gaoyuan.portal.booking.foods import FOODS, food
from gaoyuan.portal.booking.models import Booking, Resource, Sample, TestItem
from gaoyuan.portal.booking.reports import Result, issue, next_sample_number
from gaoyuan.portal.cases.attachments import AttachmentsField, CheckedFile, described, save_attachments
from gaoyuan.portal.cases.forms import MoveForm, Parties
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.service import Refused
from gaoyuan.trust.canonical import Json

__all__ = ["CheckInForm", "ReportForm", "RequestForm", "SampleForm"]

UNITS = {"g": Decimal("0.001"), "kg": Decimal(1), "t": Decimal(1000), "mL": Decimal("0.001"), "L": Decimal(1)}
"""Units of a sample, in kilograms or litres; pieces have none."""
_PIECES = "件"
_MOST_KILOGRAMS, _MOST_PIECES = Decimal(200), Decimal(1000)
_MOST_SLOTS = 96


class RequestForm(MoveForm):
    """What is booked, from when, how many slots, and whether to wait where no place is free."""

    def __init__(
        self,
        asked: Process,
        move: Move,
        parties: Parties,
        data: Mapping[str, Any] | None,
        resources: QuerySet[Resource],
        *,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(asked, move, parties, data, opens=True)
        self.initial = dict(initial or {})
        del self.fields["owner"], self.fields["why"]
        self.fields["resource"] = forms.ModelChoiceField(label=lazy("Resource"), queryset=resources, to_field_name="pk")
        self.fields["slots"] = forms.IntegerField(
            label=lazy("Number of slots"), min_value=1, max_value=_MOST_SLOTS, initial=1
        )
        self.fields["wait"] = forms.BooleanField(label=lazy("Wait for a place if none is free"), required=False)
        self.order_fields(["resource", "starts_at", "slots", "wait"])

    def given(self) -> dict[str, Value]:
        """Give the facts: the owner is that of the resource."""
        resource: Resource = self.cleaned_data["resource"]
        return {"owner": str(resource.organisation.pk), "starts_at": self.cleaned_data["starts_at"]}

    def clean(self) -> dict[str, Any]:
        """Refuse times that no calendar has."""
        cleaned = super().clean() or self.cleaned_data
        begins = cleaned.get("starts_at")
        if begins is not None and not 2000 <= begins.year <= 2200:
            self.add_error("starts_at", _("There is no such day to be booked."))
        return cleaned

    def detail(self) -> Wish:
        """Give the wish."""
        resource, begins = self.cleaned_data["resource"], self.cleaned_data["starts_at"]
        ends = begins + self.cleaned_data["slots"] * dt.timedelta(minutes=resource.slot_minutes)
        return Wish(resource, begins, ends, self.cleaned_data["wait"])


@dataclass(frozen=True, slots=True)
class _NewSample:
    booking: Booking
    given: Mapping[str, Any]

    def plain(self) -> Mapping[str, Json]:
        quantity = f"{self.given['quantity'].normalize():f} {self.given['unit']}"
        items: list[Json] = [str(one) for one in self.given["items"]]
        names = ("name", "batch", "category")
        return {**{name: self.given[name] for name in names}, "quantity": quantity, "items": items}

    def save(self, case: Case, line: RecordLine) -> None:
        laboratory = self.booking.resource.organisation
        names = ("name", "batch", "category", "quantity", "unit")
        made = Sample.objects.create_for(
            case.organisation,
            booking=self.booking,
            laboratory=laboratory,
            number=next_sample_number(laboratory),
            **{name: self.given[name] for name in names},
        )
        made.items.set(self.given["items"])


class SampleForm(MoveForm):
    """A sample, and what of it is to be tested."""

    def __init__(
        self, asked: Process, move: Move, parties: Parties, data: Mapping[str, Any] | None, booking: Booking
    ) -> None:
        super().__init__(asked, move, parties, data)
        self._booking = booking
        items = TestItem.unscoped.filter(resource=booking.resource)
        classes = sorted(set(items.exclude(category="").values_list("category", flat=True))) or list(FOODS)
        self.fields["name"] = forms.CharField(label=lazy("Name of the sample"), max_length=120)
        self.fields["batch"] = forms.CharField(label=lazy("Batch"), max_length=60, required=False)
        self.fields["category"] = forms.ChoiceField(
            label=lazy("Class of food"),
            required=False,
            choices=[("", _("no food")), *((one, f"{one} {food(one)}") for one in classes)],
        )
        self.fields["quantity"] = forms.DecimalField(
            label=lazy("Quantity"), max_digits=12, decimal_places=3, min_value=Decimal("0.001")
        )
        self.fields["unit"] = forms.ChoiceField(
            label=lazy("Unit"), choices=[*((one, one) for one in UNITS), (_PIECES, _("pieces"))]
        )
        self.fields["items"] = forms.ModelMultipleChoiceField(
            label=pgettext_lazy("sample", "To be tested"), queryset=items, required=items.exists()
        )

    def clean(self) -> dict[str, Any]:
        """Refuse samples as large as a delivery: the unit is wrong then; and items of another class of food."""
        cleaned = super().clean() or self.cleaned_data
        quantity, unit = cleaned.get("quantity"), cleaned.get("unit")
        if quantity is not None and unit is not None:
            most = _MOST_PIECES if unit == _PIECES else _MOST_KILOGRAMS
            if quantity * UNITS.get(unit, Decimal(1)) > most:
                said = _("A sample of %(quantity)s %(unit)s is too much: is the unit right?")
                self.add_error("quantity", said % {"quantity": f"{quantity.normalize():f}", "unit": unit})
        category = cleaned.get("category") or ""
        wrong = [one for one in cleaned.get("items") or () if one.category not in ("", category)]
        if wrong:
            said = _("%(item)s is for another class of food: %(class)s.")
            self.add_error("items", said % {"item": wrong[0], "class": food(wrong[0].category)})
        return cleaned

    def detail(self) -> _NewSample:
        """Give the sample."""
        return _NewSample(self._booking, self.cleaned_data)


@dataclass(frozen=True, slots=True)
class _Received:
    samples: tuple[Sample, ...]

    def plain(self) -> Mapping[str, Json]:
        return {"received": [one.label for one in self.samples]}

    def save(self, case: Case, line: RecordLine) -> None:
        now = timezone.now()
        for one in self.samples:
            one.received = now
            one.save(update_fields=["received"])


class CheckInForm(MoveForm):
    """Which samples the laboratory has received with whoever came."""

    def __init__(
        self, asked: Process, move: Move, parties: Parties, data: Mapping[str, Any] | None, samples: QuerySet[Sample]
    ) -> None:
        super().__init__(asked, move, parties, data)
        self.fields["samples"] = forms.ModelMultipleChoiceField(
            label=lazy("Samples that were received"),
            queryset=samples,
            required=move.name == "receive_samples",
            initial=list(samples),
            widget=forms.CheckboxSelectMultiple,
        )

    def detail(self) -> _Received:
        """Give what was received."""
        return _Received(tuple(self.cleaned_data["samples"]))


@dataclass(frozen=True, slots=True)
class _NewReport:
    booking: Booking
    results: tuple[Result, ...]
    conclusion: str
    files: tuple[CheckedFile, ...]

    def plain(self) -> Mapping[str, Json]:
        return {
            "results": [one.plain() for one in self.results],
            "conclusion": self.conclusion,
            "files": described(self.files),
        }

    def save(self, case: Case, line: RecordLine) -> None:
        waiting = Sample.unscoped.filter(booking=self.booking, received=None)
        if self.results and waiting.exists():
            label = waiting[0].label
            raise Refused(Refusal("not_received", f"样品 {label} 尚未接收", f"sample {label} was not received yet"))
        save_attachments(case, line, self.booking.resource.organisation, self.files, ["user", "owner"])
        issue(self.booking, self.results, self.conclusion, [dict(one) for one in _described(self.files)])


def _described(files: tuple[CheckedFile, ...]) -> list[Mapping[str, Json]]:
    return [one for one in described(files) if isinstance(one, Mapping)]


class ReportForm(MoveForm):
    """What was found of every item in every sample, a conclusion, and the laboratory's own files."""

    VERDICTS = (("", "—"), ("pass", pgettext_lazy("sample", "passed")), ("fail", pgettext_lazy("sample", "failed")))

    def __init__(
        self,
        asked: Process,
        move: Move,
        parties: Parties,
        data: Mapping[str, Any] | None,
        files: Mapping[str, Any] | None,
        booking: Booking,
    ) -> None:
        super().__init__(asked, move, parties, data, files)
        self._booking = booking
        self._asked: list[tuple[Sample, TestItem]] = [
            (sample, item)
            for sample in Sample.unscoped.filter(booking=booking).prefetch_related("items")
            for item in sample.items.all()
        ]
        for sample, item in self._asked:
            words = f"{sample.label} {sample.name} · {item}{f' ({item.unit})' if item.unit else ''}"
            self.fields[f"value_{sample.number}_{item.pk}"] = forms.CharField(label=words, max_length=60)
            self.fields[f"verdict_{sample.number}_{item.pk}"] = forms.ChoiceField(
                label=pgettext_lazy("sample", "Verdict"), choices=self.VERDICTS, required=False
            )
        self.fields["conclusion"] = forms.CharField(
            label=lazy("Conclusion"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
        )
        self.fields["files"] = AttachmentsField(label=lazy("Report files of the laboratory"))

    def detail(self) -> _NewReport:
        """Give the report."""
        given = self.cleaned_data
        results = tuple(
            Result(
                sample.label,
                item.name,
                item.method,
                item.unit,
                given[f"value_{sample.number}_{item.pk}"],
                given[f"verdict_{sample.number}_{item.pk}"],
            )
            for sample, item in self._asked
        )
        return _NewReport(self._booking, results, given["conclusion"], tuple(given["files"]))
