"""Forms of the network's own pages: providers, patents, inspection plans."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gaoyuan.codes import industries
from gaoyuan.exchange.network import KINDS, InspectionItem, NetworkInvalid, parse_items
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.network.models import Provider
from gaoyuan.portal.network.patents_models import PooledPatent
from gaoyuan.portal.network.service import kind_words

__all__ = ["PatentForm", "PlanForm", "ProviderForm", "organisation_named", "said"]

_NUMBER = re.compile(r"(?:ZL|CN)?(?:\d{8}|\d{12}|\d{7,9}[A-Z]\d?)(?:\.[\dX])?")
_SERVING = (Role.ENTERPRISE, Role.CLUSTER)


def said(fault: NetworkInvalid) -> str:
    """Give what is wrong, in the language of the page."""
    return fault.what if get_language() == "en" or not fault.zh else fault.zh


def organisation_named(name: str, below: str = "") -> Organisation | None:
    """Give the one firm or cluster organisation of a name, among those below an office where that is said."""
    rows = Organisation.objects.filter(name=name.strip(), kind__in=_SERVING, path__startswith=below)
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


class ProviderForm(forms.Form):
    """Registers a provider, or changes it."""

    kinds = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple())
    industries = forms.CharField(required=False, max_length=200)
    most_open = forms.IntegerField(min_value=1, max_value=1000, initial=10)
    about = forms.CharField(required=False, max_length=300)
    contact = forms.CharField(required=False, max_length=200)
    active = forms.BooleanField(required=False, initial=True)

    def __init__(self, data: Any, *, viewer: Viewer, held: Provider | None = None) -> None:  # noqa: ANN401  (a form's data)
        initial = (
            {name: getattr(held, name) for name in ("kinds", "most_open", "about", "contact", "active")}
            | {"industries": " ".join(held.industries)}
            if held is not None
            else {}
        )
        super().__init__(data, initial=initial, label_suffix="")
        self.viewer, self.held = viewer, held
        self.party: Organisation | None = held.party if held is not None else None
        if held is None:
            self.fields["name"] = forms.CharField(
                label=_("Name of the organisation, as it stands in this portal"), max_length=200
            )
            self.order_fields(["name"])
        kinds = self.fields["kinds"]
        assert isinstance(kinds, forms.MultipleChoiceField)
        kinds.choices = [(kind, kind_words(kind)) for kind in KINDS]
        labels = {
            "kinds": _("Kinds of service"),
            "industries": _("Industries (codes of GB/T 4754-2017 with blanks; empty: all)"),
            "most_open": _("Requests at once, at most"),
            "about": _("What it does"),
            "contact": _("Contact, public"),
            "active": _("Takes requests"),
        }
        for name, words in labels.items():
            self.fields[name].label = words

    def clean_name(self) -> str:
        """Find the organisation among those below the office."""
        office = self.viewer.organisation
        name = str(self.cleaned_data["name"])
        self.party = organisation_named(name, office.path) if office is not None else None
        if self.party is None:
            raise forms.ValidationError(_("No firm or cluster organisation of this name stands below your office."))
        if office is not None and Provider.objects.of(office).filter(party=self.party).exists():
            raise forms.ValidationError(_("Your office has registered it already."))
        return name

    def clean_industries(self) -> list[str]:
        """Refuse what is no code of the classification."""
        codes = [one.upper() for one in re.split(r"[\s,，、;；]+", str(self.cleaned_data["industries"])) if one]
        for code in codes:
            if code not in industries() or not code.isdigit():
                raise forms.ValidationError(_("The classification has no industry %(code)s.") % {"code": code})
        return sorted(set(codes))


class PatentForm(forms.ModelForm):
    """Lists a patent in the pool."""

    class Meta:
        model = PooledPatent
        fields = ("number", "title", "kind", "expires", "about", "yearly_yuan", "terms")
        widgets = {
            "expires": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "about": forms.Textarea(attrs={"rows": 3}),
            "terms": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401  (Django's own signature)
        super().__init__(*given, **named, label_suffix="")
        labels = {
            "number": _("Patent number (such as ZL202010123456.7)"),
            "title": _("Title of the patent"),
            "kind": _("Kind of patent"),
            "expires": _("Expires on"),
            "about": _("What it is good for"),
            "yearly_yuan": _("Fee of a year for members (yuan; 0: free; empty: to be agreed)"),
            "terms": _("Terms for members"),
        }
        for name, words in labels.items():
            self.fields[name].label = words
        fee = self.fields["yearly_yuan"]
        fee.required = False
        for name in ("about", "terms"):
            field = self.fields[name]
            assert isinstance(field, forms.CharField)
            field.max_length = 4000
            field.widget.attrs["maxlength"] = "4000"

    def clean_number(self) -> str:
        """Refuse what is no patent number, and one that is in the pool."""
        number = re.sub(r"\s", "", str(self.cleaned_data["number"])).upper()
        if not _NUMBER.fullmatch(number):
            raise forms.ValidationError(_("This is no patent number."))
        if PooledPatent.unscoped.filter(number=number, withdrawn=None).exists():
            raise forms.ValidationError(_("A patent of this number is in the pool already."))
        return number

    def clean_expires(self) -> Any:  # noqa: ANN401  (Django's own signature)
        """Refuse a patent that has expired, or runs longer than any."""
        day = self.cleaned_data["expires"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError(_("The patent has expired."))
        if day.year > today.year + 20:
            raise forms.ValidationError(_("No patent runs longer than twenty years."))
        return day

    def clean_yearly_yuan(self) -> Any:  # noqa: ANN401  (Django's own signature)
        """Refuse a fee below zero."""
        fee = self.cleaned_data["yearly_yuan"]
        if fee is not None and fee < 0:
            raise forms.ValidationError(_("A fee is zero or more."))
        return fee


class PlanForm(forms.Form):
    """Sets up an inspection plan."""

    title = forms.CharField(max_length=200)
    product = forms.CharField(max_length=200)
    items = forms.CharField(max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, data: Any = None) -> None:  # noqa: ANN401  (a form's data)
        super().__init__(data, label_suffix="")
        self.fields["title"].label = _("Name of the plan")
        self.fields["product"].label = _("Product")
        self.fields["items"].label = _("Items, one a line: name, unit, lower limit, upper limit")
        self.fields["items"].help_text = _("For example: breaking strength,N,180,")

    def clean_items(self) -> tuple[InspectionItem, ...]:
        """Read the items."""
        try:
            found = parse_items(str(self.cleaned_data["items"]))
        except NetworkInvalid as fault:
            raise forms.ValidationError(said(fault)) from None
        if len(found) > 100 or any(len(one.name) > 200 or len(one.unit) > 40 for one in found):
            raise forms.ValidationError(_("At most 100 items, with short names."))
        return found
