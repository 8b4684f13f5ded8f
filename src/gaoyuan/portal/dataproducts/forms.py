"""The forms that describe a product: for its first registration, mended, or changed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from gaoyuan.exchange.process import Move, Process, Value
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.forms import MoveForm
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.moving import standing_of
from gaoyuan.portal.cases.service import Detail
from gaoyuan.portal.challenges.carrying import Carried, refused
from gaoyuan.portal.dataproducts.describing import choices, words_of
from gaoyuan.portal.dataproducts.models import Entry, Product, QualityReport
from gaoyuan.portal.dataproducts.seeing import STANDING, holdings
from gaoyuan.trust.registry.description import ACTIONS, FREQUENCIES, KINDS, LICENCES, PRICES, THEMES, Description
from gaoyuan.trust.registry.sampling import MEDIA, MOST_BYTES, MOST_ROWS, Sample, SampleRefused, personal_in

__all__ = ["ChangeForm", "DescriptionForm", "held_alone", "long_text", "product_field"]

_LONG = ("description", "source", "licence_text", "price_terms")
_SHORT = ("title", "kind", "theme", "spatial", "frequency", "licence", "price", "contact", "access")
_LISTS = ("keywords", "permitted", "forbidden")


class SampleField(forms.FileField):
    """A sample, read and checked; its clean value is the Sample with its file name, None where none was sent."""

    def clean(self, data: Any, initial: Any = None) -> tuple[str, Sample] | None:  # noqa: ANN401  (Django's signature)
        """Check the file, and say why it is not taken."""
        file = super().clean(data, initial)
        if not file:
            return None
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("A sample has at most %(most)s MB.") % {"most": MOST_BYTES >> 20})
        name = str(file.name or "").replace("\\", "/").rpartition("/")[2][-150:]
        try:
            return name, Sample.read(name, file.read())
        except SampleRefused as fault:
            raise ValidationError(fault.what if get_language() == "en" else fault.zh) from None


class DescriptionForm(MoveForm):
    """Describes a product: for its first registration, or mended."""

    def __init__(
        self,
        asked: Process,
        move: Move,
        data: Mapping[str, Any] | None,
        files: Mapping[str, Any] | None,
        *,
        viewer: Viewer,
        case: Case | None,
        opens: bool,
    ) -> None:
        super().__init__(asked, move, [], data, files, opens=opens)
        assert viewer.organisation is not None
        self.own: Organisation = viewer.organisation
        self.before = Entry.unscoped.filter(case=case).order_by("pk").last() if case is not None else None
        self.fields.pop("why", None)
        self.fields["title"] = forms.CharField(label=_("Name of the product"), max_length=200)
        self._describe()
        self._offer()
        self._show()
        if self.before is not None:
            self.begin_with(self.before)

    def begin_with(self, before: Entry) -> None:
        """Have the form begin with what was said before."""
        said = before.said
        for name in self.fields:
            if name in _LISTS:
                held = getattr(said, name)
                self.initial.setdefault(name, "，".join(held) if name == "keywords" else list(held))
            elif name in Description.__dataclass_fields__:
                self.initial.setdefault(name, getattr(said, name))
        self.initial.setdefault("quality", before.quality.pk if before.quality else "")

    def _describe(self) -> None:
        add = self.fields
        add["description"] = long_text(_("Description"), required=True)
        add["kind"] = forms.ChoiceField(label=_("Kind of product"), choices=choices(KINDS), initial="dataset")
        add["theme"] = forms.ChoiceField(label=_("Theme of the product"), choices=choices(THEMES), initial="enterprise")
        add["keywords"] = forms.CharField(
            label=_("Keywords"), required=False, max_length=300, help_text=_("With commas between them.")
        )
        add["source"] = long_text(_("Source and how it was lawfully got"), required=True)
        add["spatial"] = forms.CharField(label=_("Area"), required=False, max_length=200)
        for name, words in (("begins", _("Data from")), ("ends", _("Data until"))):
            add[name] = forms.DateField(
                label=words, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            )
        add["frequency"] = forms.ChoiceField(label=_("Renewed"), choices=choices(FREQUENCIES), initial="IRREG")
        add["rows"] = forms.IntegerField(label=_("Number of rows"), required=False, min_value=0, max_value=10**15)

    def _offer(self) -> None:
        add = self.fields
        add["licence"] = forms.ChoiceField(label=_("Licence"), choices=choices(LICENCES), initial="own")
        add["licence_text"] = long_text(_("Terms of the licence"), required=False)
        for name, words in (("permitted", _("Permitted")), ("forbidden", _("Forbidden"))):
            add[name] = forms.MultipleChoiceField(
                label=words, required=False, choices=choices(ACTIONS), widget=forms.CheckboxSelectMultiple()
            )
        add["price"] = forms.ChoiceField(label=_("Price"), choices=choices(PRICES), initial="negotiable")
        add["price_yuan"] = forms.DecimalField(
            label=_("Price in yuan"), required=False, min_value=0, max_digits=14, decimal_places=2
        )
        add["price_terms"] = long_text(_("Terms of price or exchange"), required=False)
        add["contact"] = forms.CharField(
            label=_("Contact of the organisation"),
            max_length=200,
            help_text=_("Everybody reads it: a mail address or a line of the organisation, no person's number."),
        )
        add["access"] = forms.URLField(
            label=_("Address of access"),
            required=False,
            max_length=500,
            assume_scheme="https",  # pyright: ignore[reportCallIssue]
        )

    def _show(self) -> None:
        add = self.fields
        add["sample"] = SampleField(
            label=pgettext("register", "Sample"),
            required=self.before is None and not isinstance(self, ChangeForm),
            help_text=_(
                "CSV or JSON, at most 1 MB and %(rows)s rows; everybody can fetch it. Identity, mobile and bank card "
                "numbers, and columns about persons, are refused. Without a new file the old one stays."
            )
            % {"rows": MOST_ROWS},
            widget=forms.FileInput(attrs={"accept": ",".join(f".{one}" for one in MEDIA)}),
        )
        reports = QualityReport.objects.of(self.own).order_by("-made")[:50]
        words = [(str(one.pk), f"{one.source} · {timezone.localtime(one.made):%Y-%m-%d %H:%M}") for one in reports]
        add["quality"] = forms.ChoiceField(
            label=_("Quality report"),
            required=False,
            choices=[("", "—"), *words],
            help_text=_("Measured from a table of your workspace, or from a file, on the page of quality reports."),
        )
        add["not_personal"] = forms.BooleanField(
            label=_("Description and sample hold nothing personal and no secret of others")
        )
        add["lawful"] = forms.BooleanField(
            label=_("The data were lawfully got, nobody disputes them, and they are no core data of the state")
        )

    def clean_contact(self) -> str:
        """Refuse numbers of persons."""
        contact = str(self.cleaned_data["contact"]).strip()
        if list(personal_in(["contact"], [[contact]])):
            raise ValidationError(_("This is a person's number: give a mail address or a line of the organisation."))
        return contact

    def clean(self) -> dict[str, Any]:
        """Check the whole as the register does, and each free text for numbers of persons."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        said = self._said()
        for name, zh, en in said.faults():
            self.add_error(name if name in self.fields else None, en if get_language() == "en" else zh)
        for name in ("title", "keywords", "spatial", *_LONG):
            if list(personal_in(["free"], [[str(cleaned.get(name, ""))]])):
                self.add_error(name, _("A person's number stands here; everybody would read it."))
        return cleaned

    def given(self) -> dict[str, Value]:
        """Give the facts of the move."""
        return {"title": str(self.cleaned_data["title"]).strip()}

    def detail(self) -> Detail:
        """Give the description, with the digests of sample and report, which the record commits to."""
        said, report = self._said(), self._report()
        name, media, content, digest, columns = self._sample()
        said = replace(said, sample_sha256=digest, quality_sha256=report.sha256 if report else "", fields=columns)
        plain = said.plain()

        def write(case: Case, line: RecordLine) -> None:
            entry = Entry(organisation=self.own, case=case, line=line, plain=plain, quality=report)
            entry.sample_name, entry.sample_media, entry.sample_sha256, entry.content = name, media, digest, content
            self.keep(case, entry, said)

        return Carried(plain, write)

    def keep(self, case: Case, entry: Entry, said: Description) -> None:
        """Write the description, and the product where it is new."""
        product = Product.unscoped.filter(case=case).first() or Product(organisation=self.own, case=case)
        # Moves are written one after the other, so a second click finds what the first has written.
        others = Product.unscoped.filter(organisation=self.own, title=said.title, case__deadline__isnull=False)
        if others.exclude(case=case).exists():
            raise refused(
                "twice", "贵单位已有同名产品在办或已登记", "you have applied for a product of this name, or hold one"
            )
        product.title, product.kind = said.title, said.kind
        product.words = words_of(said, self.own.name)
        product.save()
        entry.product = product
        entry.save()
        product.entry = entry  # pyright: ignore[reportAttributeAccessIssue]
        product.save()
        case.title = said.title[:300]
        case.save()

    def _said(self) -> Description:
        cleaned = self.cleaned_data
        texts: dict[str, Any] = {name: str(cleaned.get(name) or "").strip() for name in (*_SHORT, *_LONG)}
        price = cleaned.get("price_yuan")
        keywords = str(cleaned.get("keywords") or "").replace("，", ",").replace("、", ",").split(",")
        return Description(
            **texts,
            keywords=tuple(dict.fromkeys(one.strip() for one in keywords if one.strip())),
            begins=_day(cleaned.get("begins")),
            ends=_day(cleaned.get("ends")),
            rows=cleaned.get("rows"),
            permitted=tuple(cleaned.get("permitted") or ()),
            forbidden=tuple(cleaned.get("forbidden") or ()),
            price_yuan=f"{price:.2f}" if price is not None and cleaned.get("price") == "fixed" else "",
        )

    def _sample(self) -> tuple[str, str, bytes, str, tuple[str, ...]]:
        sent = self.cleaned_data.get("sample")
        if sent is not None:
            name, sample = sent
            return name, MEDIA[sample.kind], sample.content, sample.sha256, sample.columns
        before = self.former()
        if before is None:
            return "", "", b"", "", ()
        content = bytes(before.content)
        return before.sample_name, before.sample_media, content, before.sample_sha256, before.said.fields

    def former(self) -> Entry | None:
        """Give the description whose sample stays where none is sent."""
        return self.before

    def _report(self) -> QualityReport | None:
        chosen = self.cleaned_data.get("quality")
        return QualityReport.objects.of(self.own).filter(pk=chosen).first() if chosen else None


class ChangeForm(DescriptionForm):
    """Describes a registered product anew."""

    def __init__(
        self,
        asked: Process,
        move: Move,
        data: Mapping[str, Any] | None,
        files: Mapping[str, Any] | None,
        *,
        viewer: Viewer,
        case: Case | None,
        opens: bool,
    ) -> None:
        super().__init__(asked, move, data, files, viewer=viewer, case=case, opens=opens)
        self.held = {str(one.pk): one for one in holdings(viewer)} if opens else {}
        if opens:
            chosen = product_field(self.held)
            self.fields = {"product": chosen, **self.fields}

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:  # noqa: ANN401  (Django's signature)
        """Begin with what holds of the product that a page has named."""
        product = self.held.get(str(self.initial.get("product", "")))
        if product is not None and product.entry is not None and field_name != "product":
            self.begin_with(product.entry)
        return super().get_initial_for_field(field, field_name)

    def given(self) -> dict[str, Value]:
        """Give the facts of the move."""
        facts = super().given()
        return {**facts, "product": str(self.cleaned_data["product"])} if "product" in self.fields else facts

    def keep(self, case: Case, entry: Entry, said: Description) -> None:
        """Write the description; it holds once the registry has entered it."""
        entry.product = held_alone(case, "data-product-change")
        entry.save()
        case.title = said.title[:300]
        case.save()

    def former(self) -> Entry | None:
        """Give the description whose sample stays: that handed in before, else the one that holds."""
        if self.before is not None:
            return self.before
        product = self.held.get(str(self.cleaned_data.get("product", "")))
        return product.entry if product is not None else None


def held_alone(case: Case, process_key: str) -> Product:
    """Give the product of a case, held against others; raises Refused where another such case of it still runs."""
    number = uuid.UUID(str(standing_of(case).facts["product"]))
    product = Product.unscoped.select_for_update(of=("self",)).select_related("case").filter(pk=number).first()
    held = str(standing_of(case).facts["holder"])
    if product is None or str(product.organisation_id) != held or product.case.state not in STANDING:  # pyright: ignore[reportAttributeAccessIssue]
        raise refused("not_held", "您没有该产品的有效登记", "you hold no such registration")
    rows = Case.unscoped.filter(process=process_key, facts__product=str(number), deadline__isnull=False)
    if rows.exclude(pk=case.pk).exists():
        raise refused("runs", "该产品已有同类申请在办", "such an application for the product is running")
    return product


def product_field(held: Mapping[str, Product]) -> forms.ChoiceField:
    """Give the field in which one of the products that somebody holds is chosen."""
    words = [(key, f"{one.title} · {one.code}") for key, one in held.items()]
    return forms.ChoiceField(label=_("Registered product"), choices=[("", "—"), *words])


def long_text(label: str, *, required: bool) -> forms.CharField:
    """Give a field for several lines."""
    return forms.CharField(label=label, required=required, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


def _day(day: object) -> str:
    return day.isoformat() if isinstance(day, dt.date) else ""
