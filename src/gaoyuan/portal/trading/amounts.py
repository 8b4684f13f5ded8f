"""Fields in which people type amounts: what is meant is read, what cannot be is said in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gaoyuan.exchange.matching.quantities import UNITS

__all__ = ["AmountField", "ListField", "Suggested", "UnitField", "YuanField", "refuse_foreign"]

_GREATEST = Decimal(10) ** 12
_PLACES = 6
_FOREIGN = re.compile(
    r"usd|us\$|\$|eur|€|gbp|£|jpy|hkd|krw|rub|美元|美金|欧元|英镑|日元|日圆|港币|港元|韩元|卢布|dollar|euro", re.I
)
_YUAN = re.compile(r"^(?:rmb|cny|¥|人民币)|(?:元|圆|块|rmb|cny)(?:整|正)?$", re.I)


class Suggested(forms.TextInput):
    """A line with suggestions, which the browser shows while somebody types."""

    def __init__(self, options: Iterable[tuple[str, str]] = (), **attrs: str) -> None:
        super().__init__(attrs)
        self.options = list(options)

    def render(
        self, name: str, value: object, attrs: Mapping[str, Any] | None = None, renderer: object = None
    ) -> SafeString:
        """Write the line and its list."""
        held = f"{(attrs or {}).get('id', name)}-list"
        line = super().render(name, value, {**(attrs or {}), "list": held}, renderer)  # pyright: ignore[reportArgumentType]
        options = format_html_join("", '<option value="{}">{}</option>', self.options)
        return format_html('{}<datalist id="{}">{}</datalist>', line, held, options)


class AmountField(forms.CharField):
    """An amount above zero as a Decimal, None where nothing was typed; Chinese digits' marks and 万 are understood."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401  (Django's own signature)
        given.setdefault("required", False)
        given.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=40, **given)

    def clean(self, value: Any) -> Any:  # noqa: ANN401  (Django's own signature)
        """Read the amount."""
        text = unicodedata.normalize("NFKC", super().clean(value) or "").strip()
        return self._read(self._bare(text)) if text else None

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401  (Django's own signature)
        """Show an amount without zeros at its end."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def _bare(self, text: str) -> str:
        unit = re.sub(r"^[\d.,\s万]+", "", text).strip().lower()
        if unit in UNITS:
            raise ValidationError(_("Write the unit (%(unit)s) in its own field.") % {"unit": unit})
        return text

    def _read(self, text: str) -> Decimal:
        plain = re.sub(r"[,\s]", "", text)
        times = 10_000 if plain.endswith("万") else 1
        try:
            amount = Decimal(plain.removesuffix("万")) * times
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite():
            raise ValidationError(_("“%(text)s” is no amount.") % {"text": text})
        if amount <= 0:
            raise ValidationError(_("The amount must be above zero."))
        if amount > _GREATEST:
            raise ValidationError(_("Nobody trades so much: at most a million million."))
        if -int(amount.normalize().as_tuple().exponent) > _PLACES:
            raise ValidationError(_("At most six digits behind the point."))
        return amount


class YuanField(AmountField):
    """An amount in yuan; another currency is refused, never converted."""

    def _bare(self, text: str) -> str:
        refuse_foreign(text)
        return _YUAN.sub("", _YUAN.sub("", text)).strip()


class UnitField(forms.CharField):
    """A unit; those that can be compared with each other are suggested, others are taken as they are."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401  (Django's own signature)
        given.setdefault("required", False)
        given.setdefault("widget", Suggested((name, "") for name in UNITS))
        super().__init__(max_length=20, **given)

    def clean(self, value: Any) -> str:  # noqa: ANN401  (Django's own signature)
        """Give the unit in one spelling."""
        unit = unicodedata.normalize("NFKC", super().clean(value) or "").strip()
        if re.search(r"\d", unit.lower()) and unit.lower() not in UNITS:
            raise ValidationError(_("A unit has no digits: write the amount in its own field."))
        return unit.lower() if unit.lower() in UNITS else unit


class ListField(forms.CharField):
    """Several words with commas between, as a list without one twice."""

    def clean(self, value: Any) -> list[str]:  # noqa: ANN401  (Django's own signature)
        """Give the words."""
        parts = (" ".join(part.split()) for part in re.split(r"[,，;；、\n]", super().clean(value) or ""))
        found = list(dict.fromkeys(part for part in parts if part))
        if len(found) > 20 or any(len(part) > 60 for part in found):
            raise ValidationError(_("At most 20 words of 60 characters each."))
        return found

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401  (Django's own signature)
        """Show the list as it is typed."""
        return "，".join(value) if isinstance(value, list) else value


def refuse_foreign(text: str) -> None:
    """Raise ValidationError where a text names another currency."""
    if _FOREIGN.search(text):
        raise ValidationError(_("Prices are in yuan (CNY) here: convert the price and write it in yuan."))
