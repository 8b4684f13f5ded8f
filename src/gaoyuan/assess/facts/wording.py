"""Numbers and states in words, in both languages: money in 亿元 or 万元, shares and rates in per cent."""

from __future__ import annotations

import math

from gaoyuan.assess.facts.metric_catalogue import Kind

DIGITS = 4
"""Significant digits of a number in a sentence."""
_MOST_DIGITS = 15

OPERATOR_ZH = {">=": "不低于", ">": "高于", "<=": "不超过", "<": "低于", "==": "等于"}


def amount_zh(value: float, kind: Kind, unit: str = "", digits: int = DIGITS) -> str:
    """Give a value as Chinese readers write it, to so many significant digits.

    >>> amount_zh(4.0e9, "money"), amount_zh(0.725, "share"), amount_zh(3.0, "count", "家")
    ('40 亿元', '72.5%', '3 家')
    """
    if kind == "money":
        for factor, name in ((1e8, "亿元"), (1e4, "万元")):
            if abs(value) >= factor:
                return f"{_short(value / factor, digits)} {name}"
        return f"{_short(value, digits)} 元"
    if kind in ("share", "rate"):
        return f"{_short(value * 100, digits)}%"
    return f"{_short(value, digits)} {unit}".strip()


def amount_en(value: float, kind: Kind, unit: str = "", digits: int = DIGITS) -> str:
    """Give a value as English readers write it, to so many significant digits.

    >>> amount_en(4.0e9, "money"), amount_en(80.0, "area", "km²")
    ('4 bn yuan', '80 km²')
    """
    if kind == "money":
        for factor, name in ((1e9, "bn yuan"), (1e6, "m yuan")):
            if abs(value) >= factor:
                return f"{_short(value / factor, digits)} {name}"
        return f"{_short(value, digits)} yuan"
    if kind in ("share", "rate"):
        return f"{_short(value * 100, digits)} %"
    return f"{_short(value, digits)} {unit}".strip()


def digits_that_tell(value: float, bound: float, kind: Kind) -> int:
    """Give so many digits that a value that is not the bound does not read like it.

    >>> digits_that_tell(3.99999e9, 4e9, "money"), digits_that_tell(3.9e9, 4e9, "money")
    (6, 4)
    """
    if abs(value - bound) > 10.0 ** (1 - DIGITS) * max(abs(value), abs(bound)):
        return DIGITS  # further apart than the last digit of the greater one
    for digits in range(DIGITS, _MOST_DIGITS):
        if value == bound or amount_zh(value, kind, "", digits) != amount_zh(bound, kind, "", digits):
            return digits
    return _MOST_DIGITS


def _short(value: float, digits: int) -> str:
    """Give a number to so many significant digits, whole ones in full, without trailing zeros."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == round(value):
        return f"{value:,.0f}"
    after = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{after}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
