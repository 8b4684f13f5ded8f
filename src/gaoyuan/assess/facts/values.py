"""Reading one value of a metric: numbers in our units, words of its vocabulary, or the reason why it is neither."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TypeAlias

from gaoyuan.assess.facts.metric_catalogue import Metric

Read: TypeAlias = "float | str | tuple[str, ...] | Refused | None"

FACTORS = {
    "money": {
        "元": 1.0, "yuan": 1.0, "千元": 1e3, "万元": 1e4, "万": 1e4, "百万元": 1e6, "亿元": 1e8, "亿": 1e8,
        "万亿元": 1e12, "万亿": 1e12,
    },
    "area": {"平方公里": 1.0, "km2": 1.0, "km²": 1.0, "平方千米": 1.0, "公顷": 0.01, "亩": 1 / 1500, "平方米": 1e-6},
    "share": {"%": 0.01, "％": 0.01, "‰": 0.001},
    "rate": {"%": 0.01, "％": 0.01, "‰": 0.001},
    "count": {"家": 1.0, "个": 1.0, "户": 1.0, "人": 1.0, "项": 1.0, "起": 1.0, "件": 1.0, "万人": 1e4, "万家": 1e4},
    "years": {"年": 1.0, "years": 1.0},
    "score": {"分": 1.0, "points": 1.0},
}  # fmt: skip
"""How many of our units one of each unit is, by kind of metric. A mu (亩) is 1/1500 km²."""
_NUMBER = re.compile(r"([+-]?[\d,，]*\.?\d+(?:[eE][+-]?\d+)?)\s*(\D*)")
_YES, _NO = {"是", "有", "yes", "y", "true", "1", "√", "✓"}, {"否", "无", "no", "n", "false", "0", "×"}


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a value is not used, in both languages, with the mend."""

    kind: str
    zh: str
    en: str
    mend_zh: str
    mend_en: str


def read_value(metric: Metric, given: object, unit: str = "") -> Read:
    """Read a value of a metric; nothing (None, an empty text) is unknown and gives None, NaN is refused as no number.

    Money becomes yuan, area km², shares and rates fractions, flags 1 or 0. A value outside the metric's range, or so
    far from what is plausible that it can only stand in another unit, is refused with the reason.

    >>> from gaoyuan.assess.facts.metric_catalogue import metrics
    >>> read_value(metrics()["output_yuan"], "45亿元"), read_value(metrics()["area_km2"], "")
    (4500000000.0, None)
    """
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    if isinstance(given, float) and math.isnan(given):
        return Refused(
            "not_a_number",
            "NaN 不是数",
            "NaN is not a number",
            "未知则留空或写 null",
            "Where it is unknown leave it out, or write null",
        )
    if metric.is_text:
        return _words(metric, given)
    if metric.kind == "flag":
        return _flag(given)
    number = _number(metric, given, unit)
    return number if isinstance(number, Refused) else _checked(metric, number)


def _number(metric: Metric, given: object, unit: str) -> float | Refused:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return _not_a_number(given)
    factors = FACTORS.get(metric.kind, {})
    if isinstance(given, str):
        found = _NUMBER.fullmatch(given.strip())
        if found is None:
            return _not_a_number(given)
        number, unit = float(found[1].replace(",", "").replace("，", "")), found[2].strip() or unit
    else:
        number = float(given)
    if not math.isfinite(number):
        return _not_a_number(given)
    unit = unit.strip()
    if not unit or unit in (metric.unit_zh, metric.unit_en):
        return number
    if unit not in factors:
        return Refused(
            "wrong_unit",
            f"单位“{unit}”不能用于该指标",
            f"the unit {unit!r} does not fit the metric",
            f"用：{'、'.join(factors) or '不带单位的数'}",
            f"Use: {', '.join(factors) or 'a number without a unit'}",
        )
    # Rounded, so that 72 % is 0.72 and not its neighbour.
    return float(f"{number * factors[unit]:.15g}")


def _checked(metric: Metric, number: float) -> float | Refused:
    if metric.kind == "share" and 1 < number <= 100:
        return Refused(
            "percent_for_fraction",
            f"{number:g} 像是百分数，比重按 0 到 1 的小数填写",
            f"{number:g} looks like a percentage; shares are fractions from 0 to 1",
            f"写成 {number / 100:g} 或 “{number:g}%”",
            f"Write {number / 100:g} or '{number:g}%'",
        )
    if number < 0 <= metric.least:
        return Refused(
            "negative", f"{number:g} 为负数", f"{number:g} is negative", "核对后填写不小于 0 的数", "Give 0 or more"
        )
    if not metric.least <= number <= metric.most:
        span = f"{metric.least:g} … {metric.most:g}"
        return Refused(
            "out_of_range", f"{number:g} 超出范围 {span}", f"{number:g} is out of range {span}", "核对该值", "Check it"
        )
    if metric.kind == "count" and number != round(number):
        return Refused(
            "not_whole", f"{number:g} 不是整数", f"{number:g} is no whole number", "填写整数", "Give a whole number"
        )
    low, high = metric.plausible
    if number != 0 and not low <= number <= high:
        return _another_unit(metric, number)
    return number


def _another_unit(metric: Metric, number: float) -> Refused:
    if metric.kind == "rate":
        return Refused(
            "percent_for_fraction",
            f"{number:g} 像是百分数，增速按小数填写",
            f"{number:g} looks like a percentage; rates are fractions",
            f"写成 {number / 100:g} 或 “{number:g}%”",
            f"Write {number / 100:g} or '{number:g}%'",
        )
    return Refused(
        "wrong_unit",
        f"{number:g} {metric.unit_zh}不合常理，可能单位有误（本指标以{metric.unit_zh}计）",
        f"{number:g} {metric.unit_en} is not plausible; it may stand in another unit than {metric.unit_en}",
        f"换算成{metric.unit_zh}，或写明单位，如 “{number:g}{_OTHER_UNIT.get(metric.kind, '')}”",
        f"Convert it to {metric.unit_en}, or name the unit, such as '{number:g}{_OTHER_UNIT.get(metric.kind, '')}'",
    )


_OTHER_UNIT = {"money": "亿元", "area": "公顷"}


def _flag(given: object) -> float | Refused:
    if isinstance(given, bool | int | float) and given in (0, 1):
        return float(given)
    text = str(given).strip().lower()
    if text in _YES or text in _NO:
        return float(text in _YES)
    return Refused(
        "not_an_option",
        f"{given!r} 不是“是”或“否”",
        f"{given!r} is neither yes nor no",
        "填“是”或“否”",
        "Say yes or no",
    )


def _words(metric: Metric, given: object) -> str | tuple[str, ...] | Refused:
    if metric.kind == "several":
        parts = given if isinstance(given, list | tuple) else re.split(r"[|,，、;；]", str(given))
        names = [_option(metric, str(part)) for part in parts if str(part).strip()]
        wrong = next((name for name in names if isinstance(name, Refused)), None)
        return wrong or tuple(sorted({name for name in names if isinstance(name, str)}))
    return _option(metric, str(given)) if metric.kind == "choice" else str(given).strip()


def _option(metric: Metric, given: str) -> str | Refused:
    text = given.strip()
    for name, (zh, en) in metric.options.items():
        if text.lower() in (name.lower(), zh.lower(), en.lower()):
            return name
    known = "、".join(f"{zh} {name}" for name, (zh, _) in metric.options.items())
    return Refused(
        "not_an_option", f"没有选项“{text}”", f"there is no option {text!r}", f"选项：{known}", f"Options: {known}"
    )


def _not_a_number(given: object) -> Refused:
    return Refused("not_a_number", f"{given!r} 不是数", f"{given!r} is no number", "填写数字", "Give a number")
