"""What is asked around dossiers: which bank may see what, a file, and what the bank did."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.evidence.forms import ReleaseForm
from gaoyuan.portal.evidence.releasing import Terms
from gaoyuan.portal.finance.acts import Doing
from gaoyuan.portal.finance.models import BankAct

__all__ = ["ActForm", "AskForm", "PackForm"]

_MOST_BYTES = 50 << 20
_MOST_MONTHS = 360


class AskForm(ReleaseForm):
    """The terms of a consent for a bank of the portal."""

    def __init__(self, organisation: Organisation, data: object = None) -> None:
        super().__init__(organisation, data)
        del self.fields["recipient"]
        bank = forms.ModelChoiceField(
            label=gettext_lazy("Bank"), queryset=Organisation.objects.filter(kind=Role.BANK).order_by("name")
        )
        self.fields = {"bank": bank, **self.fields}
        self.fields["purpose"].initial = _("First loan")

    def terms(self) -> Terms:
        """Give the terms; the form is valid."""
        bank: Organisation = self.cleaned_data["bank"]
        self.cleaned_data["recipient"] = bank.name
        return super().terms()


class PackForm(forms.Form):
    """A pack that a bank was sent."""

    pack = forms.FileField(label=gettext_lazy("File of the pack"), allow_empty_file=False)

    def clean_pack(self) -> bytes:
        """Give the content of a file that is not too long."""
        file: UploadedFile = self.cleaned_data["pack"]
        if (file.size or 0) > _MOST_BYTES:
            raise ValidationError(_("The file is longer than 50 MB."))
        return file.read()


class ActForm(forms.Form):
    """A note, or a step of the application."""

    kind = forms.ChoiceField(label=gettext_lazy("Act"))
    text = forms.CharField(
        label=gettext_lazy("In words"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    amount_yuan = forms.DecimalField(
        label=gettext_lazy("Loan, yuan (if granted)"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=15,
        decimal_places=2,
    )
    months = forms.IntegerField(
        label=gettext_lazy("Term, months (if granted)"), required=False, min_value=1, max_value=_MOST_MONTHS
    )

    def __init__(self, kinds: list[str], data: object = None) -> None:
        super().__init__(data, label_suffix="")  # pyright: ignore[reportArgumentType]
        self.fields["kind"] = forms.ChoiceField(
            label=gettext_lazy("Act"), choices=[(one, BankAct.Kind(one).label) for one in kinds]
        )

    def clean(self) -> dict[str, Any]:
        """Ask of each kind what it needs."""
        given = super().clean() or self.cleaned_data
        kind = given.get("kind")
        if kind in ("note", "asked", "refused") and not str(given.get("text") or "").strip():
            self.add_error("text", _("Say it in words: a note what you noted, a refusal why."))
        for name in ("amount_yuan", "months"):
            if kind == "granted" and given.get(name) is None and name not in self.errors:
                self.add_error(name, _("A loan has an amount and a term."))
        return given

    def doing(self) -> Doing:
        """Give what the bank did; the form is valid."""
        given, granted = self.cleaned_data, self.cleaned_data["kind"] == "granted"
        amount, months = (given["amount_yuan"], given["months"]) if granted else (None, None)
        return Doing(given["kind"], given["text"].strip(), amount, months)
