"""What a criterion asks, in words, in both languages."""

from __future__ import annotations

from collections.abc import Callable

from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.wording import OPERATOR_ZH, amount_en, amount_zh
from gaoyuan.assess.rules.model import (
    Cases,
    Checklist,
    Criterion,
    Lattice,
    Levels,
    Limit,
    Manual,
    Membership,
    Number,
    Quantity,
    Score,
    SettingName,
    Take,
    Threshold,
)
from gaoyuan.assess.verdicts.reasons import unit_of

_TAKE_ZH: dict[Take, str] = {
    "last": "", "minimum": "每年", "maximum": "最高", "average": "年均", "sum": "合计", "growth": "年均增速",
    "change": "变化",
}  # fmt: skip
_TAKE_EN: dict[Take, str] = {
    "last": "", "minimum": "each year", "maximum": "the highest", "average": "yearly average", "sum": "sum",
    "growth": "average growth", "change": "change",
}  # fmt: skip


def asked_zh(criterion: Criterion) -> str:
    """Say in Chinese what a criterion asks."""
    rule = criterion.rule
    kind, unit, _ = unit_of(criterion)
    if isinstance(rule, Threshold):
        due = f"（{rule.target_by} 前）" if rule.target_by else ""
        bound = _number(rule.bound, "数值未知", lambda value: amount_zh(value, kind, unit))
        return f"{_quantity(rule.quantity, english=False)} {OPERATOR_ZH[rule.operator]} {bound}{due}"
    if isinstance(rule, Limit):
        own = "、".join(f"{name} {value:g}" for name, value in rule.exceptions.items())
        return f"{_quantity(rule.quantity, english=False)} 不超过 {rule.at_most:g}" + (f"（{own}）" if own else "")
    if isinstance(rule, Score):
        return f"得分 {OPERATOR_ZH[rule.operator]} {_number(rule.bound, '数值未知', lambda value: f'{value:g}')} 分"
    if isinstance(rule, Levels):
        return "分级：" + "、".join(f"{level.zh} ≥ {level.least:g}" for level in rule.levels)
    if isinstance(rule, Lattice):
        return f"按 {len(rule.bounds)} 个行业的下限划型：" + "、".join(level.zh for level in rule.classes)
    if isinstance(rule, Membership):
        return f"{metrics()[rule.metric].zh}为：" + "、".join(_options(rule.metric, rule.among, english=False))
    if isinstance(rule, Checklist):
        items = "、".join(metrics()[item.metric].zh for item in rule.items)
        return f"清单（{'全部' if rule.at_least is None else f'至少 {rule.at_least} 项'}）：{items}"
    if isinstance(rule, Manual):
        return "人工评审"
    if isinstance(rule, Cases):
        return "按情形"
    return "全部符合" if rule.at_least is None else f"至少符合 {rule.at_least} 项"


def asked_en(criterion: Criterion) -> str:
    """Say in English what a criterion asks."""
    rule = criterion.rule
    kind, _, unit = unit_of(criterion)
    if isinstance(rule, Threshold):
        due = f" by {rule.target_by}" if rule.target_by else ""
        bound = _number(rule.bound, "a number not known", lambda value: amount_en(value, kind, unit))
        return f"{_quantity(rule.quantity, english=True)} {rule.operator} {bound}{due}"
    if isinstance(rule, Limit):
        own = ", ".join(f"{name} {value:g}" for name, value in rule.exceptions.items())
        return f"{_quantity(rule.quantity, english=True)} <= {rule.at_most:g}" + (f" ({own})" if own else "")
    if isinstance(rule, Score):
        return f"score {rule.operator} {_number(rule.bound, 'a number not known', lambda value: f'{value:g}')}"
    if isinstance(rule, Levels):
        return "levels: " + ", ".join(f"{level.en} >= {level.least:g}" for level in rule.levels)
    if isinstance(rule, Lattice):
        return f"classes by lower bounds of {len(rule.bounds)} sectors: " + ", ".join(one.en for one in rule.classes)
    if isinstance(rule, Membership):
        return f"{metrics()[rule.metric].en} one of: " + ", ".join(_options(rule.metric, rule.among, english=True))
    if isinstance(rule, Checklist):
        items = ", ".join(metrics()[item.metric].en for item in rule.items)
        return f"checklist ({'all' if rule.at_least is None else f'at least {rule.at_least}'}): {items}"
    if isinstance(rule, Manual):
        return "judged by people"
    if isinstance(rule, Cases):
        return "by case"
    return "all of" if rule.at_least is None else f"at least {rule.at_least} of"


def _number(bound: Number, unknown: str, shown: Callable[[float], str]) -> str:
    if bound is None:
        return unknown
    return f"[{bound.name}]" if isinstance(bound, SettingName) else shown(bound)


def _quantity(quantity: Quantity, *, english: bool) -> str:
    def names(ids: tuple[str, ...]) -> str:
        return " + ".join(metrics()[name].en if english else metrics()[name].zh for name in ids)

    text = names(quantity.metrics) + (f" / {names(quantity.over)}" if quantity.over else "")
    taken = (_TAKE_EN if english else _TAKE_ZH)[quantity.take]
    if not taken:
        return text
    years = f"[{quantity.years.name}]" if isinstance(quantity.years, SettingName) else quantity.years
    return f"{text}, {taken} over {years} years" if english else f"{text}（近{years}年{taken}）"


def _options(metric: str, among: tuple[str, ...], *, english: bool) -> list[str]:
    options = metrics()[metric].options
    return [options.get(name, (name, name))[int(english)] for name in among]
