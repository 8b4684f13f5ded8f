"""What is asked around funds: their rules, payments into them, loans and claims."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.cases.attachments import AttachmentsField
from gaoyuan.portal.finance.models import BankAct, Dossier, Fund, FundLoan

__all__ = ["ClaimForm", "FundForm", "LineForm", "LoanForm", "PartnersForm", "money_field"]

_CENT = Decimal("0.01")


def money_field(label: str, **more: Any) -> forms.DecimalField:  # noqa: ANN401  (of the field)
    """Ask for an amount in yuan above zero."""
    return forms.DecimalField(label=label, min_value=_CENT, max_digits=13, decimal_places=2, **more)


def _banks() -> Any:  # noqa: ANN401  (a query)
    return Organisation.objects.filter(kind=Role.BANK).order_by("name")


class PartnersForm(forms.Form):
    """The banks that may register loans."""

    partners = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Partner banks"),
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: object = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")  # pyright: ignore[reportArgumentType]
        partners = self.fields["partners"]
        assert isinstance(partners, forms.ModelMultipleChoiceField)
        partners.queryset = _banks()


class FundForm(PartnersForm):
    """The rules of a fund."""

    title = forms.CharField(label=gettext_lazy("Name of the fund"), max_length=200)
    basis = forms.CharField(label=gettext_lazy("Basis (document and its number)"), max_length=300)
    share = forms.DecimalField(
        label=gettext_lazy("Share of a loss that the fund bears, percent"),
        min_value=_CENT,
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        initial=Decimal(40),
    )
    per_loan_yuan = money_field(gettext_lazy("Cover of one loan at most, yuan"), initial=Decimal(1_000_000))
    multiple = forms.DecimalField(
        label=gettext_lazy("Cover in all, as a multiple of the capital"),
        min_value=_CENT,
        max_value=Decimal(50),
        max_digits=5,
        decimal_places=2,
        initial=Decimal(5),
    )
    in_all_yuan = money_field(gettext_lazy("Cover in all at most, yuan"), initial=Decimal(50_000_000))
    months = forms.IntegerField(
        label=gettext_lazy("Longest term of a loan, months"), min_value=1, max_value=120, initial=12
    )
    field_order = ["title", "basis", "share", "per_loan_yuan", "multiple", "in_all_yuan", "months", "partners"]

    def fund(self, office: Organisation) -> Fund:
        """Make the fund; the form is valid."""
        given = self.cleaned_data
        made = Fund.objects.create_for(
            office,
            title=given["title"],
            basis=given["basis"],
            share_bp=int(given["share"] * 100),
            per_loan_yuan=given["per_loan_yuan"],
            multiple_percent=int(given["multiple"] * 100),
            in_all_yuan=given["in_all_yuan"],
            months=given["months"],
        )
        made.partners.set(given["partners"])
        return made


class LineForm(forms.Form):
    """Money paid into a fund or taken out."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Entry"),
        choices=[("contribution", gettext_lazy("paid in")), ("withdrawal", gettext_lazy("taken out"))],
    )
    amount_yuan = money_field(gettext_lazy("Amount, yuan"))
    reference = forms.CharField(label=gettext_lazy("From or to whom, and the voucher"), max_length=300)


class LoanForm(forms.Form):
    """A loan that a bank registers."""

    borrower = forms.CharField(label=gettext_lazy("Borrower"), max_length=200)
    contract = forms.CharField(label=gettext_lazy("Number of the contract"), max_length=100)
    principal_yuan = money_field(gettext_lazy("Principal, yuan"))
    lent = forms.DateField(label=gettext_lazy("Paid out on"), widget=forms.DateInput(attrs={"type": "date"}))
    due = forms.DateField(label=gettext_lazy("Due on"), widget=forms.DateInput(attrs={"type": "date"}))
    dossier = forms.ModelChoiceField(
        label=gettext_lazy("Dossier it was granted on"), queryset=Dossier.unscoped.none(), required=False
    )

    def __init__(self, fund: Fund, bank: Organisation, data: object = None) -> None:
        super().__init__(data, label_suffix="")  # pyright: ignore[reportArgumentType]
        self._fund, self._bank = fund, bank
        granted = BankAct.unscoped.filter(organisation=bank, kind=BankAct.Kind.GRANTED).values("dossier")
        dossier = self.fields["dossier"]
        assert isinstance(dossier, forms.ModelChoiceField)
        dossier.queryset = Dossier.objects.of(bank).filter(pk__in=granted).defer("content")

    def clean_contract(self) -> str:
        """Refuse a contract that stands under a fund already."""
        contract = str(self.cleaned_data["contract"]).strip()
        if FundLoan.objects.of(self._bank).filter(contract=contract).exists():
            raise ValidationError(_("You have registered this contract already."))
        return contract

    def clean_lent(self) -> dt.date:
        """Refuse a loan that is not paid out yet."""
        day: dt.date = self.cleaned_data["lent"]
        if day > timezone.localdate():
            raise ValidationError(_("The day lies ahead; record what has happened."))
        return day

    def clean(self) -> dict[str, Any]:
        """Check the term by the rules of the fund."""
        given = super().clean() or self.cleaned_data
        lent, due = given.get("lent"), given.get("due")
        if isinstance(lent, dt.date) and isinstance(due, dt.date):
            months = (due.year - lent.year) * 12 + due.month - lent.month + (due.day > lent.day)
            if due <= lent:
                self.add_error("due", _("A loan is due after it was paid out."))
            elif months > self._fund.months:
                said = _("The fund covers loans of %(months)d months at most.")
                self.add_error("due", said % {"months": self._fund.months})
        return given


class ClaimForm(forms.Form):
    """The claim for a loan."""

    loss_yuan = money_field(gettext_lazy("Principal lost, yuan"))
    why = forms.CharField(
        label=gettext_lazy("What happened, and what you have done to recover it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, loan: FundLoan, data: object = None, files: object = None) -> None:
        super().__init__(data, files, label_suffix="")  # pyright: ignore[reportArgumentType]
        self._loan = loan
        self.fields["files"] = AttachmentsField(label=gettext_lazy("Evidence"), required=True)

    def clean_loss_yuan(self) -> Decimal:
        """Refuse a loss above the principal."""
        loss: Decimal = self.cleaned_data["loss_yuan"]
        if loss > self._loan.principal_yuan:
            raise ValidationError(_("More than the principal cannot be lost."))
        return loss
