"""Forms of pooled orders: what is bought, at which tier prices and by which rules, and the members' commitments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gaoyuan.exchange.pools import PoolInvalid, Schedule, Tier
from gaoyuan.exchange.process import Move, Process, Value
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.cases.forms import MoveForm
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.service import Detail
from gaoyuan.portal.pooling.models import Pool, plain_schedule
from gaoyuan.portal.units import unit_words
from gaoyuan.trust.canonical import Json

__all__ = ["UNITS", "DraftForm", "TermsForm"]

UNITS = ("千克", "吨", "件", "套", "箱", "米", "平方米", "立方米", "升", "千瓦时")
"""What quantities may count; a whole number of it is ordered."""
MOST_TIERS = 5
_INCOMPLETE = lazy("Give both the volume and the price of a tier, or neither.")
NO_CAP = 10**12
"""The room of a pool without a cap."""


class DraftForm(MoveForm):
    """What is to be bought, and in which unit."""

    def __init__(
        self, asked: Process, move: Move, data: Mapping[str, Any] | None, initial: Mapping[str, str], own: Organisation
    ) -> None:
        super().__init__(asked, move, [], data, opens=True)
        self._own = own
        self.fields["title"].widget.attrs["maxlength"] = 200
        self.fields["specification"] = forms.CharField(
            label=_("Specification"),
            max_length=5000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("Grade, size, standard, packaging, place of delivery: what a supplier needs to name a price."),
        )
        self.fields["unit"] = forms.ChoiceField(
            label=_("Unit"),
            choices=[(one, unit_words(one)) for one in UNITS],
            help_text=_(
                "All quantities are whole numbers of it, all prices are for one: choose 千克 where members "
                "buy less than tons."
            ),
        )
        self.fields["product"] = forms.CharField(
            label=_("Product of the chain"),
            required=False,
            max_length=200,
            help_text=_("Code or name in the chain, so that the trades count for it; may stay empty."),
        )
        del self.fields["why"]
        self.initial.update({name: text for name, text in initial.items() if name in self.fields})

    def detail(self) -> Detail:
        """Give what is to be bought."""
        given = self.cleaned_data
        return _Drafted(self._own, given["specification"], given["unit"], given["product"])


@dataclass(frozen=True)
class _Drafted:
    own: Organisation
    specification: str
    unit: str
    product: str

    def plain(self) -> Mapping[str, Json]:
        """Give it all."""
        return {"specification": self.specification, "unit": self.unit, "product": self.product}

    def save(self, case: Case, line: RecordLine) -> None:
        """Write the pool."""
        Pool.objects.create_for(
            self.own, case=case, specification=self.specification, unit=self.unit, product=self.product
        )


class _TierWidget(forms.MultiWidget):
    def __init__(self) -> None:
        number = {"inputmode": "numeric", "size": 10}
        parts = {
            "volume": forms.TextInput(attrs={**number, "aria-label": lazy("from this volume on")}),
            "price": forms.TextInput(attrs={**number, "aria-label": lazy("price of one, yuan")}),
        }
        # Django takes names with widgets too, though its types do not say so.
        super().__init__(parts)  # pyright: ignore[reportArgumentType]

    def decompress(self, value: Any) -> list[Any]:  # noqa: ANN401  (Django's own signature)
        return list(value) if value else [None, None]


class _TierField(forms.MultiValueField):
    """From which volume on, and the price of one."""

    widget = _TierWidget

    def __init__(self, **given: Any) -> None:  # noqa: ANN401  (Django's own signature)
        parts = (
            forms.IntegerField(min_value=0, max_value=10**9),
            forms.DecimalField(max_digits=15, decimal_places=6),
        )
        said = {"incomplete": _INCOMPLETE}
        super().__init__(parts, require_all_fields=False, error_messages=said, **given)

    def compress(self, data_list: list[Any]) -> tuple[int, Decimal] | None:
        known = [one for one in data_list if one is not None]
        if not known:
            return None
        if len(data_list) < 2 or len(known) < 2:
            raise ValidationError(_INCOMPLETE)
        return data_list[0], data_list[1]


class TermsForm(MoveForm):
    """The supplier, the tier prices and the rules, fixed once the supplier has confirmed them."""

    def __init__(
        self, asked: Process, move: Move, data: Mapping[str, Any] | None, own: Organisation, pool: Pool
    ) -> None:
        super().__init__(asked, move, [], data)
        self._own, self._pool, self._schedule = own, pool, None
        closes = self.fields["closes_at"]
        self.fields = self.fields.__class__()
        unit = {"unit": unit_words(pool.unit)}
        add = self.fields.__setitem__
        add(
            "supplier",
            forms.CharField(
                label=_("Supplier"),
                required=False,
                max_length=200,
                help_text=_(
                    "Its full name as it is called here; it has to confirm the prices. Empty: you deliver "
                    "yourself, or buy elsewhere and pass the goods on."
                ),
            ),
        )
        add("closes_at", closes)
        for at in range(1, MOST_TIERS + 1):
            label = _("Tier %(at)s: from how many %(unit)s on, and yuan for one") % {**unit, "at": at}
            add(f"tier_{at}", _TierField(label=label, required=at == 1))
        whole: dict[str, Any] = {"min_value": 1, "max_value": 10**9}
        add(
            "minimum",
            forms.IntegerField(
                label=_("Minimum, %(unit)s") % unit,
                **whole,
                help_text=_("Below it nothing is ordered."),
            ),
        )
        add(
            "cap",
            forms.IntegerField(
                label=_("Cap, %(unit)s") % unit,
                required=False,
                **whole,
                help_text=_("The most that the supplier can deliver; empty: none."),
            ),
        )
        add(
            "pack_size",
            forms.IntegerField(
                label=_("Size of a pack, %(unit)s") % unit,
                initial=1,
                **whole,
                help_text=_("Only whole packs are delivered; 1: any quantity."),
            ),
        )
        amount: dict[str, Any] = {"min_value": Decimal(0), "max_digits": 15, "decimal_places": 2}
        add(
            "fixed_cost",
            forms.DecimalField(
                label=_("Freight of the whole order, yuan"),
                initial=Decimal(0),
                **amount,
                help_text=_("Shared by quantity, and part of every price that members see."),
            ),
        )
        add(
            "list_price",
            forms.DecimalField(
                label=_("List price of one elsewhere, yuan"),
                required=False,
                min_value=Decimal(0),
                max_digits=15,
                decimal_places=6,
                help_text=_("Nobody pays more in the pool; empty: not known."),
            ),
        )
        add(
            "on_failure",
            forms.ChoiceField(
                label=_("Below the minimum"),
                choices=[
                    ("cancel", _("cancel: nobody buys")),
                    ("extend", _("extend once")),
                    ("fall_back", _("everyone whose limit allows buys at the list price")),
                ],
            ),
        )
        add(
            "extension_days",
            forms.IntegerField(
                label=_("Days of the extension"),
                required=False,
                min_value=1,
                max_value=365,
            ),
        )
        add(
            "on_shortfall",
            forms.ChoiceField(
                label=_("When less is delivered"),
                choices=[
                    ("keep_price", _("the price stays")),
                    ("recompute", _("the tier of the delivered volume holds, for nobody above the own limit")),
                ],
            ),
        )
        if own.kind == Role.CLUSTER:
            add(
                "on_credit",
                forms.BooleanField(
                    label=_("We buy for the members, on their credit lines"),
                    required=False,
                    help_text=_(
                        "The supplier invoices you, you invoice the members; only members with a credit line can join."
                    ),
                ),
            )
        self.initial.update(_typed(pool))

    def clean(self) -> dict[str, Any]:
        """Check that the terms make a pool."""
        given = super().clean() or self.cleaned_data
        if self.errors:
            return given
        tiers = [given[f"tier_{at}"] for at in range(1, MOST_TIERS + 1)]
        gap = next((at for at, (one, after) in enumerate(pairwise(tiers), 1) if after and not one), 0)
        if gap:
            self.add_error(f"tier_{gap}", _("Fill the tiers from the first on, without a gap."))
        try:
            self._schedule = Schedule(
                tuple(Tier(volume, price) for volume, price in filter(None, tiers)),
                minimum=given["minimum"],
                cap=given["cap"],
                pack_size=given["pack_size"],
                fixed_cost=given["fixed_cost"],
                list_price=given["list_price"],
                on_failure=given["on_failure"],
                extension_days=given["extension_days"] or 0,
                on_shortfall=given["on_shortfall"],
            )
        except PoolInvalid as fault:
            raise ValidationError(_in_language(fault)) from None
        if given["cap"] is not None and self._schedule.in_packs(given["cap"]) < given["minimum"]:
            self.add_error("cap", _("Whole packs under the cap do not reach the minimum."))
        return given

    def clean_supplier(self) -> Organisation:
        """Find the supplier by its name."""
        name = str(self.cleaned_data["supplier"]).strip()
        if not name or name == self._own.name:
            return self._own
        firms = Organisation.objects.filter(name=name, kind__in=(Role.ENTERPRISE, Role.CLUSTER))[:2]
        if len(firms) != 1:
            raise ValidationError(
                _("No firm here is called so. Check the full name, or leave it empty and buy for the members yourself.")
            )
        return firms[0]

    def given(self) -> dict[str, Value]:
        """Give the facts of the process."""
        given = self.cleaned_data
        return {
            "supplier": str(given["supplier"].pk),
            "closes_at": given["closes_at"],
            "minimum": given["minimum"],
            "room": given["cap"] or NO_CAP,
            "on_failure": given["on_failure"],
        }

    def detail(self) -> Detail:
        """Give the terms."""
        assert self._schedule is not None, "the form is valid"
        return _Terms(self._schedule, bool(self.cleaned_data.get("on_credit")))


@dataclass(frozen=True)
class _Terms:
    schedule: Schedule
    on_credit: bool

    def plain(self) -> Mapping[str, Json]:
        """Give the terms, amounts as text."""
        return {**plain_schedule(self.schedule), "on_credit": self.on_credit}  # pyright: ignore[reportReturnType]

    def save(self, case: Case, line: RecordLine) -> None:
        """Write the terms."""
        pool = Pool.unscoped.get(case=case)
        pool.schedule, pool.on_credit = plain_schedule(self.schedule), self.on_credit
        pool.save()


def _typed(pool: Pool) -> dict[str, Any]:
    """Give what was proposed before, to be changed."""
    schedule = pool.terms()
    if schedule is None:
        return {}
    tiers = {f"tier_{at}": (tier.volume, tier.unit_price) for at, tier in enumerate(schedule.tiers, 1)}
    names = ("minimum", "cap", "pack_size", "fixed_cost", "list_price", "on_failure", "on_shortfall")
    rest = {name: getattr(schedule, name) for name in names}
    return {**tiers, **rest, "extension_days": schedule.extension_days or None, "on_credit": pool.on_credit}


def _in_language(fault: PoolInvalid) -> str:
    zh = getattr(fault, "zh", "") or str(fault)
    return str(fault).split("\n")[0] if get_language() == "en" else zh
