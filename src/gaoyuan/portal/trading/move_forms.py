"""The forms of the moves after the draft: publication, a later deadline, quotations and the award."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gaoyuan.exchange.matching import unit_confusion
from gaoyuan.exchange.process import Move, Process
from gaoyuan.exchange.quotations import Quotation, QuotationInvalid, price_breaks
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.attachments import AttachmentsField
from gaoyuan.portal.cases.forms import MoveForm, Parties
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.service import Detail
from gaoyuan.portal.trading.amounts import AmountField, ListField, YuanField, refuse_foreign
from gaoyuan.portal.trading.comparing import Row, matrix
from gaoyuan.portal.trading.finding import peers
from gaoyuan.portal.trading.models import Demand, Offer, Quote
from gaoyuan.portal.trading.places import chain_of
from gaoyuan.portal.trading.quoting import Later, Quoted, TakenBack, quotation_of
from gaoyuan.portal.units import unit_words

__all__ = ["AwardForm", "ExtendForm", "PublishForm", "QuoteForm", "TakeBackForm", "TradingForm"]

_HOUR = dt.timedelta(hours=1)


class TradingForm(MoveForm):
    """A move of a demand that somebody looks at; `demand` is None for a case without one."""

    def __init__(
        self,
        asked: Process,
        move: Move,
        parties: Parties,
        data: Mapping[str, Any] | None,
        files: Mapping[str, Any] | None,
        *,
        viewer: Viewer,
        case: Case,
    ) -> None:
        super().__init__(asked, move, parties, data, files)
        self.viewer, self.case = viewer, case
        self.demand = Demand.unscoped.filter(case=case).first()
        self.prepare()

    def prepare(self) -> None:
        """Change the fields to what the case asks for."""


class PublishForm(TradingForm):
    """Publication, with the deadline and whether quotations are sealed."""

    def prepare(self) -> None:
        """Propose a week, sealed."""
        self.fields["sealed"].initial = True
        self.fields["sealed"].help_text = _(
            "Until the deadline nobody reads a sealed quotation, not you, not the office; you see how many they are."
        )
        self.fields["closes_at"].initial = timezone.localtime(timezone.now() + dt.timedelta(days=7)).replace(second=0)

    def clean_closes_at(self) -> dt.datetime:
        """Refuse a deadline after the day on which the goods are needed."""
        closes = self.cleaned_data["closes_at"]
        needed = self.demand.needed_on if self.demand else None
        if needed is not None and timezone.localdate(closes) > needed:
            raise ValidationError(_("You need it on %(day)s: quotations must close before.") % {"day": needed})
        if closes > timezone.now() + dt.timedelta(days=366):
            raise ValidationError(_("At most a year."))
        return closes


class ExtendForm(PublishForm):
    """A later deadline, never an earlier one."""

    def prepare(self) -> None:
        """Propose three days more."""
        if self.case.deadline is not None:
            self.fields["closes_at"].initial = timezone.localtime(self.case.deadline + dt.timedelta(days=3))

    def clean_closes_at(self) -> dt.datetime:
        """Refuse an earlier deadline: bidders rely on it."""
        closes = super().clean_closes_at()
        if self.case.deadline is not None and closes <= self.case.deadline:
            raise ValidationError(_("The new deadline must be later than the one that bidders know."))
        return closes

    def detail(self) -> Detail:
        """Give that it is looked at again when it is written."""
        return Later()


class QuoteForm(TradingForm):
    """A quotation, or one in the place of the former."""

    breaks = forms.CharField(
        label=lazy("Unit price in yuan, before freight"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "100: 12.5\n1000: 11.8"}),
        help_text=lazy("One price, or one line for each quantity from which on a price holds: “100: 12.5”."),
    )
    min_quantity = AmountField(label=lazy("Minimum of an order"))
    freight_yuan = YuanField(label=lazy("Freight of the whole order in yuan; empty: included"))
    lead_days = forms.IntegerField(label=lazy("Days from order to delivery"), min_value=0, max_value=3650)
    valid_until = forms.DateField(
        label=lazy("Valid until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    certificates = ListField(label=lazy("Certificates"), required=False, max_length=1300)
    note = forms.CharField(
        label=lazy("Remarks"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    attached = AttachmentsField(label=lazy("Files; new ones take the place of the former"))
    confirmed = forms.BooleanField(
        label=lazy("The figures are right as they stand"), required=False, widget=forms.HiddenInput
    )

    def prepare(self) -> None:
        """Show the former quotation, or propose what the firm's own offers say."""
        own = Quote.unscoped.filter(case=self.case, organisation=self.viewer.organisation, withdrawn=False).first()
        unit = self.demand.unit if self.demand else ""
        if unit:
            self.fields["breaks"].label = _("Price in yuan of a %(unit)s, before freight") % {"unit": unit_words(unit)}
            self.fields["min_quantity"].label = _("Minimum of an order, in %(unit)s") % {"unit": unit_words(unit)}
        if own is None:
            until = (self.case.deadline or timezone.now()) + dt.timedelta(days=30)
            self.initial["valid_until"] = timezone.localdate(until)
            return
        said, note = quotation_of(own)
        first = said.breaks[0]
        self.initial = {
            "breaks": "\n".join(f"{_plain(one.least)}: {_plain(one.price_yuan)}" for one in said.breaks)
            if len(said.breaks) > 1 or first.least
            else _plain(first.price_yuan),
            "min_quantity": said.min_quantity,
            "freight_yuan": said.freight_yuan or None,
            "lead_days": said.lead_days,
            "valid_until": said.valid_until,
            "certificates": sorted(said.certificates),
            "note": note,
        }

    def clean_breaks(self) -> object:
        """Read the prices; another currency is refused."""
        refuse_foreign(self.cleaned_data["breaks"])
        try:
            found = price_breaks(self.cleaned_data["breaks"])
        except QuotationInvalid as fault:
            raise ValidationError(_in_words(fault)) from None
        for one in found:
            YuanField().clean(str(one.price_yuan))
        return found

    def clean_valid_until(self) -> dt.date:
        """Refuse a validity that ends before anybody could order."""
        until = self.cleaned_data["valid_until"]
        closes = timezone.localdate(self.case.deadline) if self.case.deadline else timezone.localdate()
        if until < closes:
            raise ValidationError(_("It must be valid at least until the deadline, %(day)s.") % {"day": closes})
        return until

    def clean(self) -> dict[str, Any]:
        """Make the quotation of it, and ask back about prices of another unit."""
        said = self.cleaned_data
        if not self.errors:
            try:
                said["quotation"] = Quotation(
                    str(self.viewer.organisation.pk if self.viewer.organisation else ""),
                    said["breaks"],
                    said["lead_days"],
                    said["valid_until"],
                    said["min_quantity"],
                    said["freight_yuan"] or Decimal(0),
                    frozenset(said["certificates"]),
                )
            except QuotationInvalid as fault:
                self.add_error("breaks", _in_words(fault))
        if not self.errors and not said.get("confirmed"):
            self._ask_back(said["breaks"][0].price_yuan)
        return said

    def detail(self) -> Detail:
        """Give the quotation."""
        said = self.cleaned_data
        assert self.viewer.organisation is not None, "quotations are given for an organisation"
        return Quoted(
            self.viewer.organisation, said["quotation"], said["note"], said["attached"], self.move.name == "replace"
        )

    def _ask_back(self, price: Decimal) -> None:
        demand = self.demand
        if demand is None or not demand.unit:
            return
        like = peers(demand.text, demand.product, chain_of(self.viewer))
        known = [(row.price_yuan, row.unit) for row in like if isinstance(row, Offer) and row.price_yuan]
        if demand.limit_open and demand.max_price_yuan:
            known += [(demand.max_price_yuan, demand.unit)] * 3
        usual = unit_confusion(price, demand.unit, known, per_unit=True)
        if usual is not None:
            said = _("%(given)s yuan a %(unit)s? Others ask about %(usual)s. If all is right, tick below.")
            told = {"given": _plain(price), "unit": unit_words(demand.unit), "usual": _plain(usual)}
            self.add_error("breaks", said % told)
            self.fields["confirmed"].widget = forms.CheckboxInput()


class TakeBackForm(TradingForm):
    """Taking a quotation back."""

    def detail(self) -> Detail:
        """Give that it is."""
        assert self.viewer.organisation is not None, "quotations are given for an organisation"
        return TakenBack(self.viewer.organisation)


class AwardForm(TradingForm):
    """The award: to whom, and, where it is not as quoted, at what price of the whole order and until when."""

    rows: Mapping[str, Row]

    def prepare(self) -> None:
        """Offer those whose quotations stand, the best first, each with what it comes to."""
        self.rows = {one.bidder: one for one in matrix(self.viewer, self.case)}
        choices = [("", "—"), *((key, row.in_a_line) for key, row in self.rows.items())]
        supplier, price, due = self.fields["supplier"], self.fields["price_yuan"], self.fields["delivery_due"]
        assert isinstance(supplier, forms.ChoiceField), "the supplier is one of those who have quoted"
        supplier.choices = choices
        quantity = self.demand.quantity if self.demand else None
        price.required = quantity is None
        price.label = _("Price of the whole order in yuan")
        price.help_text = _("Empty: as quoted, with freight.") if quantity is not None else ""
        due.required = False
        due.help_text = _("Empty: as quoted, counted from today.")

    def clean(self) -> dict[str, Any]:
        """Fill in what was quoted."""
        said = self.cleaned_data
        row = self.rows.get(str(said.get("supplier") or ""))
        if row is None:
            if not self.has_error("supplier"):
                self.add_error("supplier", _("Choose one of those who have quoted."))
            return said
        if row.compared.expired:
            self.add_error("supplier", _("This quotation is no longer valid; the bidder has to be asked."))
        if said.get("price_yuan") is None:
            said["price_yuan"] = row.compared.total
        if said.get("price_yuan") is None and not self.has_error("price_yuan"):
            self.add_error("price_yuan", _("He does not supply so little: agree on a price and write it here."))
        if said.get("delivery_due") is None and not self.has_error("delivery_due"):
            day = timezone.localtime() + dt.timedelta(days=row.compared.quotation.lead_days)
            said["delivery_due"] = day.replace(hour=18, minute=0, second=0, microsecond=0) + _HOUR * 24
        return said

    def detail(self) -> Detail | None:
        """Give nothing more: the facts say it."""
        return None


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _in_words(fault: QuotationInvalid) -> str:
    return fault.what if get_language() == "en" else fault.zh
