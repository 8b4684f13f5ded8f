"""The forms in which offers and demands are posted, and questions back where a figure is a thousand times off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gaoyuan.codes.administrative_divisions import counties
from gaoyuan.exchange.matching import unit_confusion
from gaoyuan.exchange.process import Move, Process
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.attachments import AttachmentsField, CheckedFile, described, save_attachments
from gaoyuan.portal.cases.forms import MoveForm, Parties
from gaoyuan.portal.cases.models import Attachment, Case, RecordLine
from gaoyuan.portal.cases.service import Detail, Refused
from gaoyuan.portal.trading.amounts import AmountField, ListField, Suggested, UnitField, YuanField
from gaoyuan.portal.trading.finding import peers
from gaoyuan.portal.trading.models import Demand, Offer, Posted, digest_of
from gaoyuan.portal.trading.places import Chain, chain_of, county_named, county_of, industry_named, point_of
from gaoyuan.portal.trading.searching import OPEN, PROCESS
from gaoyuan.trust.canonical import Json

__all__ = ["DemandForm", "OfferForm", "PostedForm"]

_ASK_PRICE = lazy(
    "%(given)s yuan a %(unit)s? Others ask about %(usual)s. Is the unit right? If all is right, tick below."
)
_ASK_QUANTITY = lazy(
    "%(given)s %(unit)s? Elsewhere it is about %(usual)s %(unit)s. kg for t? If all is right, tick below."
)
_TEXT = forms.Textarea(attrs={"rows": 4})
_SUCH_AS = lazy("With commas between, such as: ISO 9001, 食品生产许可证")


class PostedForm(forms.Form):
    """What offers and demands are both asked for. A figure that looks a thousand times off is asked back about; who
    ticks that it is right is believed.
    """

    text = forms.CharField(label=lazy("What it is, in your own words"), max_length=2000, widget=_TEXT)
    product = forms.CharField(label=lazy("Product of the chain"), required=False, max_length=200, widget=Suggested())
    industry = forms.CharField(label=lazy("Industry (name or code of GB/T 4754)"), required=False, max_length=60)
    county = forms.CharField(label=lazy("County (name or six digits)"), required=False, max_length=60)
    certificates = ListField(label=lazy("Certificates"), required=False, max_length=1300, help_text=_SUCH_AS)
    confirmed = forms.BooleanField(
        label=lazy("The figures are right as they stand"), required=False, widget=forms.HiddenInput
    )

    chain: Chain
    viewer: Viewer

    def prepare(self, viewer: Viewer, shown: Posted | None) -> None:
        """Fill in what is known of the viewer's organisation, or the post that is to be changed."""
        self.viewer, self.chain = viewer, chain_of(viewer)
        widget = self.fields["product"].widget
        assert isinstance(widget, Suggested), "the products are suggested"
        widget.options = [(name, code) for code, name in self.chain.names.items()]
        if shown is not None:
            self.initial = {name: getattr(shown, name) for name in self.fields if hasattr(shown, name)}
            self.initial["product"] = self.chain.names.get(shown.product, shown.product)
        elif viewer.organisation is not None:
            self.initial["county"] = county_of(viewer.organisation)
        county = str(self.initial.get("county") or "")
        if county in counties():
            self.initial["county"] = counties()[county].name if _is_one(county) else county

    def clean_product(self) -> str:
        """Give the product's code."""
        return self.chain.named(self.cleaned_data["product"])

    def clean_industry(self) -> str:
        """Give the industry's code."""
        return industry_named(self.cleaned_data["industry"])

    def clean_county(self) -> str:
        """Give the county's code."""
        return county_named(self.cleaned_data["county"])

    def clean_text(self) -> str:
        """Refuse what says nothing."""
        text = self.cleaned_data["text"].strip()
        if sum(map(str.isalnum, text)) < 2:
            raise ValidationError(_("Say what it is."))
        return text

    def ask_back(self, amounts: Sequence[str], price: str) -> None:
        """Ask about figures that are a thousand times away from what others post or what the own text says."""
        said, unit = self.cleaned_data, self.cleaned_data.get("unit", "")
        given = [name for name in (*amounts, price) if said.get(name) is not None]
        if given and not unit and self.fields.get("unit"):
            self.add_error("unit", _("An amount needs its unit."))
        if self.errors or said.get("confirmed") or not given:
            return
        own = self.viewer.organisation
        like = [row for row in peers(said["text"], said["product"], self.chain) if row.organisation != own]
        quantities = [(figure, row.unit) for row in like for figure in _figures(row)]
        prices = [(row.price_yuan, row.unit) for row in like if isinstance(row, Offer) and row.price_yuan]
        for name in given:
            is_price = name == price
            usual = unit_confusion(
                said[name], unit, prices if is_price else quantities, said["text"], per_unit=is_price
            )
            if usual is not None:
                words = {"unit": unit, "usual": f"{usual.normalize():f}", "given": f"{said[name].normalize():f}"}
                self.add_error(name, (_ASK_PRICE if is_price else _ASK_QUANTITY) % words)
        if self.errors:
            self.fields["confirmed"].widget = forms.CheckboxInput()


def _is_one(county: str) -> bool:
    try:
        return county_named(counties()[county].name) == county
    except ValidationError:
        return False


def _figures(row: Posted) -> list[Decimal]:
    names = ("capacity",) if isinstance(row, Offer) else ("quantity",)
    return [figure for name in names if (figure := getattr(row, name)) is not None]


class OfferForm(PostedForm):
    """What a firm can supply."""

    unit = UnitField(label=lazy("Unit"))
    min_quantity = AmountField(label=lazy("Minimum of an order"))
    capacity = AmountField(label=lazy("Most of an order"))
    price_yuan = YuanField(label=lazy("Price of a unit in yuan, before freight"))
    lead_days = forms.IntegerField(label=lazy("Days until delivery"), required=False, min_value=0, max_value=3650)
    reach_km = forms.FloatField(label=lazy("Delivers within km"), required=False, min_value=1, max_value=6000)

    field_order: ClassVar = [  # pyright: ignore[reportIncompatibleVariableOverride]
        *("text", "product", "industry", "unit", "min_quantity", "capacity", "price_yuan", "lead_days"),
        *("county", "reach_km", "certificates", "confirmed"),
    ]

    def __init__(
        self,
        viewer: Viewer,
        shown: Offer | None,
        data: Mapping[str, Any] | None = None,
        known: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, label_suffix="")
        self.shown = shown
        self.prepare(viewer, shown)
        self.initial |= known or {}

    def clean(self) -> dict[str, Any]:
        """Look at figures together, and for the same offer."""
        said = self.cleaned_data
        least, most = said.get("min_quantity"), said.get("capacity")
        if least is not None and most is not None and least > most:
            self.add_error("capacity", _("The most of an order is less than its minimum."))
        self.ask_back(("min_quantity", "capacity"), "price_yuan")
        same = Offer.objects.of(self._own()).filter(active=True, digest=self._digest()) if not self.errors else None
        if same is not None and same.exclude(pk=self.shown.pk if self.shown else None).exists():
            raise ValidationError(_("You have posted this offer already: change that one."))
        return said

    def apply(self, offer: Offer) -> Offer:
        """Put what was typed into an offer; the form is valid."""
        for name in self.fields:
            if name != "confirmed":
                setattr(offer, name, self.cleaned_data[name])
        place = point_of(offer.county) if offer.county else None
        offer.longitude, offer.latitude = place or (None, None)
        offer.digest = self._digest()
        return offer

    def _digest(self) -> str:
        said = self.cleaned_data
        return digest_of(said["text"], said["unit"], said["min_quantity"], said["capacity"], said["price_yuan"])

    def _own(self) -> Organisation:
        assert self.viewer.organisation is not None, "offers are posted for an organisation"
        return self.viewer.organisation


class DemandForm(PostedForm, MoveForm):
    """What a firm seeks: drafts a demand, or changes a draft."""

    unit = UnitField(label=lazy("Unit"))
    quantity = AmountField(label=lazy("Quantity"))
    max_price_yuan = YuanField(
        label=lazy("Highest price of a unit in yuan"),
        help_text=lazy("Only you see it, unless you tick the next line; offers above it are left out of your list."),
    )
    limit_open = forms.BooleanField(label=lazy("Show the highest price to everybody"), required=False)
    needed_on = forms.DateField(
        label=lazy("Needed on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    within_km = forms.FloatField(
        label=lazy("From at most so many km away"), required=False, min_value=1, max_value=6000
    )
    attached = AttachmentsField(label=lazy("Drawings and other files"))
    drawings_for = forms.ChoiceField(
        label=lazy("Who sees the files"),
        required=False,
        choices=[
            ("bidder", lazy("all firms that may quote")),
            ("supplier", lazy("only the supplier to whom I award")),
        ],
    )

    _ORDER = (
        *("title", "text", "product", "industry", "quantity", "unit", "max_price_yuan", "limit_open", "needed_on"),
        *("county", "within_km", "certificates", "attached", "drawings_for", "confirmed", "why"),
    )

    def __init__(
        self,
        asked: Process,
        move: Move,
        parties: Parties,
        data: Mapping[str, Any] | None,
        files: Mapping[str, Any] | None,
        *,
        viewer: Viewer,
        case: Case | None,
        opens: bool,
    ) -> None:
        MoveForm.__init__(self, asked, move, parties, data, files, opens=opens)
        self.case = case
        self.fields.pop("why", None)
        shown = Demand.unscoped.filter(case=case).first() if case else None
        self.prepare(viewer, shown)
        if case is not None:
            self.initial["title"] = case.title
        self.order_fields([*self._ORDER])

    def clean_needed_on(self) -> dt.date | None:
        """Refuse a day that has passed."""
        day = self.cleaned_data["needed_on"]
        if day is not None and day < timezone.localdate():
            raise ValidationError(_("That day has passed."))
        return day

    def clean(self) -> dict[str, Any]:
        """Look at figures together."""
        if self.cleaned_data.get("within_km") is not None and not self.cleaned_data.get("county"):
            self.add_error("county", _("A distance needs a county."))
        self.ask_back(("quantity",), "max_price_yuan")
        return self.cleaned_data

    def detail(self) -> Detail:
        """Give the demand."""
        said = self.cleaned_data
        assert self.viewer.organisation is not None, "demands are posted for an organisation"
        names = {field.name for field in Demand._meta.get_fields()} & set(said)
        return Wanted(self.viewer.organisation, {name: said[name] for name in (*names, "title")}, said["attached"])


@dataclass(frozen=True, slots=True)
class Wanted:
    """The detail of a demand drafted or changed; a hidden limit price stands in no record."""

    organisation: Organisation
    said: Mapping[str, Any]
    files: Sequence[CheckedFile] = ()

    def plain(self) -> Mapping[str, Json]:
        """Give what may be read later."""
        hidden = set() if self.said.get("limit_open") else {"max_price_yuan"}
        known = {name: value for name, value in self.said.items() if name not in hidden and value not in (None, "", [])}
        plain: dict[str, Json] = {name: _plain(value) for name, value in known.items()}
        return {**plain, "files": described(self.files)} if self.files else plain

    def save(self, case: Case, line: RecordLine) -> None:
        """Write the demand; one of the same words that the organisation has open or drafted is refused."""
        # Whoever posts twice at once waits here for the first.
        Organisation.objects.select_for_update().get(pk=self.organisation.pk)
        said = self.said
        digest = digest_of(said["text"], said["unit"], said["quantity"])
        same = Demand.unscoped.filter(organisation=self.organisation, digest=digest, case__process=PROCESS)
        if same.filter(case__state__in=["draft", OPEN]).exclude(case=case).exists():
            raise Refused(
                Refusal(
                    "duplicate",
                    "贵单位已有相同的需求（草稿或正在征集报价），请勿重复发布",
                    "you have the same demand as a draft or open for quotations already",
                )
            )
        demand = Demand.unscoped.filter(case=case).first() or Demand(case=case, organisation=self.organisation)
        for name, value in said.items():
            if name != "title":
                setattr(demand, name, value)
        demand.drawings_for = demand.drawings_for or "bidder"
        demand.digest = digest
        place = point_of(demand.county) if demand.county else None
        demand.longitude, demand.latitude = place or (None, None)
        demand.save()
        roles = ("buyer", "supplier") if demand.drawings_for == "supplier" else ("buyer", "bidder", "supplier")
        if self.files:
            Attachment.unscoped.filter(case=case, organisation=self.organisation).delete()
            save_attachments(case, line, self.organisation, self.files, roles)
        else:
            for one in Attachment.unscoped.filter(case=case, organisation=self.organisation):
                one.roles = f" {' '.join(roles)} "
                one.save()
        if case.title != said.get("title", case.title):
            case.title = said["title"]
            case.save()


def _plain(value: Any) -> Json:  # noqa: ANN401  (what forms give)
    return value if isinstance(value, bool | int | float | str | list) else str(value)
