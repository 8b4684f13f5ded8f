"""What an organisation is asked: the terms of a consent, a key, a statement."""

from __future__ import annotations

import datetime as dt
import re
from base64 import b64decode
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gaoyuan.errors import GaoyuanError
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.evidence.devices import Answer
from gaoyuan.portal.evidence.releasing import Terms, partners_of
from gaoyuan.portal.evidence.witnessing import read_witness
from gaoyuan.trust.failure import PackInvalid
from gaoyuan.trust.notes import MAX_NOTE_SIZE
from gaoyuan.trust.pack.trades import months_between

__all__ = [
    "AnswerForm",
    "NewDeviceForm",
    "NoteForm",
    "ReasonForm",
    "ReleaseForm",
    "RevokeForm",
    "WitnessForm",
    "numbers_of",
]

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_LONGEST_DAYS = 366


class ReleaseForm(forms.Form):
    """The terms of a consent."""

    recipient = forms.CharField(label=gettext_lazy("Who gets it"), max_length=200)
    purpose = forms.CharField(label=gettext_lazy("What for"), max_length=300)
    first = forms.CharField(
        label=gettext_lazy("From month"), max_length=7, widget=forms.TextInput(attrs={"type": "month"})
    )
    last = forms.CharField(
        label=gettext_lazy("To month"), max_length=7, widget=forms.TextInput(attrs={"type": "month"})
    )
    expires = forms.DateField(
        label=gettext_lazy("Valid until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    masked = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Partners that are not named"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, organisation: Organisation, data: object = None) -> None:
        today = timezone.localdate()
        initial = {
            "first": f"{today.year - 1:04d}-{today.month:02d}",
            "last": f"{today:%Y-%m}",
            "expires": today + dt.timedelta(days=30),
        }
        super().__init__(data, initial=initial, label_suffix="")  # pyright: ignore[reportArgumentType]
        partners = Organisation.objects.filter(pk__in=[one.pk for one in partners_of(organisation)]).order_by("name")
        masked = self.fields["masked"]
        assert isinstance(masked, forms.ModelMultipleChoiceField)
        masked.queryset = partners
        if not partners:
            del self.fields["masked"]

    def clean_recipient(self) -> str:
        """Refuse letters that would break a line."""
        return _one_line(self.cleaned_data["recipient"])

    def clean_purpose(self) -> str:
        """Refuse letters that would break a line."""
        return _one_line(self.cleaned_data["purpose"])

    def clean_expires(self) -> dt.date:
        """Take a day that is not past, and at most a year ahead."""
        day: dt.date = self.cleaned_data["expires"]
        if day < timezone.localdate():
            raise ValidationError(_("This day is past."))
        if day > timezone.localdate() + dt.timedelta(days=_LONGEST_DAYS):
            raise ValidationError(_("A consent holds for a year at most."))
        return day

    def clean(self) -> dict[str, Any]:
        """Check the period as a whole."""
        first, last = str(self.cleaned_data.get("first", "")), str(self.cleaned_data.get("last", ""))
        for name, month in (("first", first), ("last", last)):
            if month and not _MONTH.fullmatch(month):
                self.add_error(name, _("Give a month, such as 2026-03."))
        if not {"first", "last"} <= self.cleaned_data.keys():
            return self.cleaned_data
        if last > f"{timezone.localdate():%Y-%m}":
            self.add_error("last", _("This month lies ahead."))
        try:
            months_between(first, last)
        except PackInvalid:
            self.add_error("last", _("The period ends before it begins, or is longer than ten years."))
        return self.cleaned_data

    def terms(self) -> Terms:
        """Give the terms; the form is valid."""
        given = self.cleaned_data
        return Terms(
            given["recipient"],
            given["purpose"],
            given["first"],
            given["last"],
            given["expires"],
            list(given.get("masked", ())),
        )


class NoteForm(forms.Form):
    """A registration or statement, as the program `gaoyuan` has written it."""

    note = forms.FileField(label=gettext_lazy("File"), allow_empty_file=False)

    def clean_note(self) -> bytes:
        """Give the content of a file that is not too long."""
        file: UploadedFile = self.cleaned_data["note"]
        if (file.size or 0) > MAX_NOTE_SIZE:
            raise ValidationError(_("The file is too long to be one that gaoyuan has written."))
        return file.read()


class RevokeForm(forms.Form):
    """Why a key counts no more."""

    reason = forms.ChoiceField(
        label=gettext_lazy("The reason"),
        choices=[
            ("replaced", gettext_lazy("replaced by another")),
            ("lost", gettext_lazy("lost")),
            ("stolen", gettext_lazy("somebody else may have it")),
        ],
    )


class ReasonForm(forms.Form):
    """Why something is to be erased, or is not."""

    reason = forms.CharField(label=gettext_lazy("The reason"), max_length=300)

    def clean_reason(self) -> str:
        """Refuse letters that would break a line."""
        return _one_line(self.cleaned_data["reason"])


class WitnessForm(forms.Form):
    """A witness that the log is to ask."""

    key = forms.CharField(label=gettext_lazy("Key of the witness"), max_length=500)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=300, widget=forms.URLInput)

    def clean(self) -> dict[str, Any]:
        """Read the key and the address."""
        given = self.cleaned_data
        if {"key", "address"} <= given.keys():
            try:
                given["witness"] = read_witness(given["key"].strip(), given["address"].strip())
            except GaoyuanError:
                self.add_error("key", _("This is no key of a witness: the program gaoyuan witness shows it."))
            except ValueError:
                self.add_error("address", _("Give an address of the web, with https://."))
        return given


class EncodedField(forms.CharField):
    """Bytes that a script has written in base64."""

    def __init__(self, *, most: int) -> None:
        super().__init__(max_length=(most + 2) // 3 * 4, widget=forms.HiddenInput)

    def clean(self, value: object) -> bytes:
        """Give the bytes."""
        try:
            return b64decode(super().clean(value), validate=True)
        except ValueError:
            raise ValidationError("") from None


class AnswerForm(forms.Form):
    """A signature of an authenticator, as the browser gives it."""

    credential = EncodedField(most=1023)
    authenticator_data = EncodedField(most=10_000)
    client_data = EncodedField(most=10_000)
    signature = EncodedField(most=1_000)

    def answer(self) -> Answer:
        """Give the answer; the form is valid."""
        given = self.cleaned_data
        return Answer(given["authenticator_data"], given["client_data"], given["signature"])


class NewDeviceForm(AnswerForm):
    """A key that an authenticator has made, with its signature of the registration."""

    made_data = EncodedField(most=10_000)
    made_client_data = EncodedField(most=10_000)

    def made(self) -> tuple[bytes, bytes]:
        """Give authenticator data and client data of the new key; the form is valid."""
        return self.cleaned_data["made_data"], self.cleaned_data["made_client_data"]


def numbers_of(given: Iterable[str]) -> list[int]:
    """Read the numbers of records that were chosen; what is none is passed over.

    >>> numbers_of(["17", "x", "9" * 30])
    [17]
    """
    return [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 19]


def _one_line(text: str) -> str:
    if any(one < " " for one in text):
        raise ValidationError(_("Write this in one line."))
    return text
