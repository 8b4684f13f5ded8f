"""What a criterion asks, in words, in both languages: one walk through the rule, and a table of phrases for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from gaoyuan.assess.facts.metric_catalogue import Kind, Metric, metrics
from gaoyuan.assess.facts.wording import OPERATOR_ZH, amount_en, amount_zh
from gaoyuan.assess.logic.intervals import OPERATORS
from gaoyuan.assess.rules.model import (
    Cases,
    Checklist,
    Criterion,
    Lattice,
    Level,
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


@dataclass(frozen=True, slots=True)
class _Language:
    """A language: `at` is its place where texts stand in both, Chinese first."""

    at: int
    comma: str
    operators: Mapping[str, str]
    amount: Callable[[float, Kind, str], str]
    takes: Mapping[Take, str]
    phrases: Mapping[str, str]

    def say(self, phrase: str, **parts: object) -> str:
        """Give a phrase with its parts filled in."""
        return self.phrases[phrase].format(**parts)

    def listed(self, names: Iterable[str]) -> str:
        """Give names as a list."""
        return self.comma.join(names)

    def name(self, one: Metric | Level) -> str:
        """Give what something is called."""
        return (one.zh, one.en)[self.at]


_ZH = _Language(
    at=0,
    comma="、",
    operators=OPERATOR_ZH,
    amount=amount_zh,
    takes={
        "last": "", "minimum": "每年", "maximum": "最高", "average": "年均", "sum": "合计", "growth": "年均增速",
        "change": "变化",
    },
    phrases={
        "threshold": "{what} {operator} {bound}{due}",
        "due": "（{day} 前）",
        "limit": "{what} 不超过 {most:g}{own}",
        "own": "（{units}）",
        "score": "得分 {operator} {bound} 分",
        "levels": "分级：{levels}",
        "level": "{name} ≥ {least:g}",
        "lattice": "按 {sectors} 个行业的下限划型：{classes}",
        "membership": "{what}为：{options}",
        "checklist": "清单（{needed}）：{items}",
        "each item": "全部",
        "some items": "至少 {count} 项",
        "manual": "人工评审",
        "cases": "按情形",
        "all": "全部符合",
        "some": "至少符合 {count} 项",
        "over years": "{what}（近{years}年{taken}）",
        "not known": "数值未知",
    },
)  # fmt: skip
_EN = _Language(
    at=1,
    comma=", ",
    operators={operator: operator for operator in OPERATORS},
    amount=amount_en,
    takes={
        "last": "", "minimum": "each year", "maximum": "the highest", "average": "yearly average", "sum": "sum",
        "growth": "average growth", "change": "change",
    },
    phrases={
        "threshold": "{what} {operator} {bound}{due}",
        "due": " by {day}",
        "limit": "{what} <= {most:g}{own}",
        "own": " ({units})",
        "score": "score {operator} {bound}",
        "levels": "levels: {levels}",
        "level": "{name} >= {least:g}",
        "lattice": "classes by lower bounds of {sectors} sectors: {classes}",
        "membership": "{what} one of: {options}",
        "checklist": "checklist ({needed}): {items}",
        "each item": "all",
        "some items": "at least {count}",
        "manual": "judged by people",
        "cases": "by case",
        "all": "all of",
        "some": "at least {count} of",
        "over years": "{what}, {taken} over {years} years",
        "not known": "a number not known",
    },
)  # fmt: skip


def asked_zh(criterion: Criterion) -> str:
    """Say in Chinese what a criterion asks."""
    return _asked(criterion, _ZH)


def asked_en(criterion: Criterion) -> str:
    """Say in English what a criterion asks."""
    return _asked(criterion, _EN)


def _asked(criterion: Criterion, words: _Language) -> str:
    rule, say, listed = criterion.rule, words.say, words.listed
    if isinstance(rule, Threshold):
        kind, *units = unit_of(criterion)
        bound = _number(rule.bound, words, lambda value: words.amount(value, kind, units[words.at]))
        due = say("due", day=rule.target_by) if rule.target_by else ""
        what = _quantity(rule.quantity, words)
        return say("threshold", what=what, operator=words.operators[rule.operator], bound=bound, due=due)
    if isinstance(rule, Limit):
        units = listed(f"{name} {value:g}" for name, value in rule.exceptions.items())
        own = say("own", units=units) if units else ""
        return say("limit", what=_quantity(rule.quantity, words), most=rule.at_most, own=own)
    if isinstance(rule, Score):
        bound = _number(rule.bound, words, lambda value: f"{value:g}")
        return say("score", operator=words.operators[rule.operator], bound=bound)
    if isinstance(rule, Levels):
        levels = [say("level", name=words.name(level), least=level.least) for level in rule.levels]
        return say("levels", levels=listed(levels))
    if isinstance(rule, Lattice):
        return say("lattice", sectors=len(rule.bounds), classes=listed(map(words.name, rule.classes)))
    if isinstance(rule, Membership):
        metric = metrics()[rule.metric]
        options = [metric.options.get(name, (name, name))[words.at] for name in rule.among]
        return say("membership", what=words.name(metric), options=listed(options))
    if isinstance(rule, Checklist):
        needed = say("each item") if rule.at_least is None else say("some items", count=rule.at_least)
        items = listed(words.name(metrics()[item.metric]) for item in rule.items)
        return say("checklist", needed=needed, items=items)
    if isinstance(rule, Manual):
        return say("manual")
    if isinstance(rule, Cases):
        return say("cases")
    return say("all") if rule.at_least is None else say("some", count=rule.at_least)


def _number(bound: Number, words: _Language, shown: Callable[[float], str]) -> str:
    if bound is None:
        return words.say("not known")
    return f"[{bound.name}]" if isinstance(bound, SettingName) else shown(bound)


def _quantity(quantity: Quantity, words: _Language) -> str:
    above, below = (" + ".join(words.name(metrics()[id]) for id in ids) for ids in (quantity.metrics, quantity.over))
    what, taken = f"{above} / {below}" if below else above, words.takes[quantity.take]
    if not taken:
        return what
    years = f"[{quantity.years.name}]" if isinstance(quantity.years, SettingName) else quantity.years
    return words.say("over years", what=what, years=years, taken=taken)
