"""Numbers and states in words, in both languages: money in 亿元 or 万元, shares and rates in per cent."""

from __future__ import annotations

import math

from gaoyuan.assess.metric_catalogue import Kind

OPERATOR_ZH = {">=": "不低于", ">": "高于", "<=": "不超过", "<": "低于", "==": "等于"}


def amount_zh(value: float, kind: Kind, unit: str = "") -> str:
    """Give a value as Chinese readers write it.

    >>> amount_zh(4.0e9, "money"), amount_zh(0.725, "share"), amount_zh(3.0, "count", "家")
    ('40 亿元', '72.5%', '3 家')
    """
    if kind == "money":
        for factor, name in ((1e8, "亿元"), (1e4, "万元")):
            if abs(value) >= factor:
                return f"{_short(value / factor)} {name}"
        return f"{_short(value)} 元"
    if kind in ("share", "rate"):
        return f"{_short(value * 100)}%"
    return f"{_short(value)} {unit}".strip()


def amount_en(value: float, kind: Kind, unit: str = "") -> str:
    """Give a value as English readers write it.

    >>> amount_en(4.0e9, "money"), amount_en(80.0, "area", "km²")
    ('4 bn yuan', '80 km²')
    """
    if kind == "money":
        for factor, name in ((1e9, "bn yuan"), (1e6, "m yuan")):
            if abs(value) >= factor:
                return f"{_short(value / factor)} {name}"
        return f"{_short(value)} yuan"
    if kind in ("share", "rate"):
        return f"{_short(value * 100)} %"
    return f"{_short(value)} {unit}".strip()


def _short(value: float) -> str:
    """Give a number with as many digits as tell it from its neighbours in a report, without trailing zeros."""
    if math.isinf(value):
        return "∞"
    digits = 2 if abs(value) >= 1 else 4
    rounded = f"{value:,.{digits}f}"
    if float(rounded.replace(",", "")) != value and abs(value - float(rounded.replace(",", ""))) > 0:
        return f"{value:,.6g}" if abs(value) < 1e6 else rounded
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
