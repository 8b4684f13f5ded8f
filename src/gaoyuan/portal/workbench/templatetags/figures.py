"""Figures as people read them: units, thousands, sensible rounding; what is not known is a dash."""

from __future__ import annotations

import math
from numbers import Real

from django import template
from django.utils.translation import get_language

register = template.Library()

UNKNOWN = "—"
_LEAST = 1e-300
"""Numbers below have lost their digits."""


@register.filter
def money(yuan: object) -> str:
    """Give an amount in yuan as 4.13 亿元, 27 万元; in English as 413 million yuan.

    >>> from django.utils.translation import override
    >>> with override("zh-hans"):
    ...     money(413_000_000.0), money(270_000), money(950), money(None)
    ('4.13 亿元', '27 万元', '950 元', '—')
    >>> with override("en"):
    ...     money(413_000_000.0)
    '413 million yuan'
    """
    number = _number(yuan)
    if number is None:
        return UNKNOWN
    steps = (
        ((1e8, "亿元"), (1e4, "万元"), (1.0, "元"))
        if _chinese()
        else ((1e9, "billion yuan"), (1e6, "million yuan"), (1.0, "yuan"))
    )
    size, unit = next((one for one in steps if abs(number) >= one[0]), steps[-1])
    return f"{_digits(number / size)} {unit}"


@register.filter
def count(number: object) -> str:
    """Give a whole number with thousands: 12,345."""
    known = _number(number)
    return UNKNOWN if known is None else f"{known:,.0f}"


@register.filter
def figure(number: object) -> str:
    """Give a number with three significant digits.

    >>> figure(12.34), figure(1230), figure(0.00123), figure(5e-324)
    ('12.3', '1,230', '0.00123', '< 1e-300')
    """
    known = _number(number)
    return UNKNOWN if known is None else _digits(known)


@register.filter
def percent(share: object) -> str:
    """Give a share as 12.3 %."""
    known = _number(share)
    return UNKNOWN if known is None else f"{_digits(known * 100)} %"


@register.filter
def probability(p: object) -> str:
    """Give a p or q value: 0.012, < 0.0001."""
    known = _number(p)
    if known is None:
        return UNKNOWN
    return "< 0.0001" if known < 1e-4 else f"{known:.2g}"


def _number(given: object) -> float | None:
    if isinstance(given, bool) or not isinstance(given, Real):
        return None
    number = float(given)
    return number if math.isfinite(number) else None


def _digits(number: float) -> str:
    """Three significant digits, more where the whole part has more; powers of ten where there would be many zeros."""
    if number == 0:
        return "0"
    if abs(number) < _LEAST:
        return f"{'−' if number < 0 else ''}< 1e-300"
    if abs(number) < 1e-4:
        digits, _, power = f"{number:.3g}".partition("e")
        return f"{digits}e{int(power)}"
    if abs(number) >= 100:
        return f"{number:,.0f}"
    places = 2 - math.floor(math.log10(abs(number)))
    return f"{round(number, places):.{max(places, 0)}f}".rstrip("0").rstrip(".")


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
