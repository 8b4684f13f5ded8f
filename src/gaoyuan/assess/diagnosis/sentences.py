"""Changes, remedies and plans in words, in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from gaoyuan.assess.diagnosis.plan import Asks, Change
from gaoyuan.assess.facts.metric_catalogue import Kind, Metric, metrics
from gaoyuan.assess.facts.parsing import Value
from gaoyuan.assess.facts.wording import amount_en, amount_zh
from gaoyuan.assess.logic.states import State
from gaoyuan.assess.verdicts.verdict import CriterionVerdict

Words = tuple[str, str]
"""The same in Chinese and in English."""

_BOUNDS: dict[Asks, Words] = {
    "any": ("有", "known, whatever it is"),
    "at_least": ("不低于 ", "at least "),
    "above": ("高于 ", "above "),
    "at_most": ("不超过 ", "at most "),
    "below": ("低于 ", "below "),
    "exactly": ("为 ", ""),
}


def change_words(metric: Metric, change: Change, *, to_come: bool = False) -> Words:
    """Say what has to change; `to_come` says that it is of years that are not over.

    >>> change = Change("area_km2", "占地面积", "area", (), 120.0, 100.0, -20.0, -1 / 6)
    >>> change_words(metrics()["area_km2"], change)
    ('占地面积由 120 平方公里减至 100 平方公里', 'area from 120 km² down to 100 km²')
    """
    years = change.years
    when_zh = f"（{_span(years)} 年）" if years else ""
    when_en = f" ({_span(years)})" if years else ""
    after_zh, after_en = value_words(metric, change.after if change.limit is None else change.limit)
    if metric.kind == "flag":
        asked_zh, asked_en = ("须为“是”", "has to be: yes") if change.after else ("须为“否”", "has to be: no")
        return f"{metric.zh}{when_zh}{asked_zh}", f"{metric.en}{when_en} {asked_en}"
    unknown_zh, unknown_en = ("", "") if change.before is not None or to_come else ("未知，", " (not known)")
    if change.asks == "any":
        collect = (
            ("须有数据", " has to be known") if to_come else ("未知，须补齐", " is not known and has to be collected")
        )
        return (
            f"{metric.zh}{when_zh}{collect[0]}；数值大小不影响本条",
            f"{metric.en}{when_en}{collect[1]}; any value will do",
        )
    if change.before is None or isinstance(change.before, str) or isinstance(change.after, str):
        bound_zh, bound_en = _BOUNDS[change.asks]
        if metric.is_text:
            bound_zh = bound_zh.strip()
        now = "" if change.before is None else f"（现为{value_words(metric, change.before)[0]}）"
        return (
            f"{metric.zh}{when_zh}{now}{unknown_zh}须{bound_zh}{after_zh}",
            f"{metric.en}{when_en}{unknown_en} has to be {bound_en}{after_en}",
        )
    if isinstance(change.after, tuple):
        had = set(change.before) if isinstance(change.before, tuple) else set()
        more_zh, more_en = value_words(metric, tuple(name for name in change.after if name not in had))
        return f"{metric.zh}增加：{more_zh}", f"{metric.en} with also: {more_en}"
    before_zh, before_en = value_words(metric, change.before)
    up = change.difference is not None and change.difference > 0
    amount_words = _amount(change)
    beyond_zh, beyond_en = _BOUNDS[change.asks] if change.limit is not None else (" ", "")
    return (
        f"{metric.zh}{when_zh}由 {before_zh}{'增至' if up else '减至'}{beyond_zh}{after_zh}{amount_words[0]}",
        f"{metric.en}{when_en} from {before_en} {'up' if up else 'down'} to {beyond_en}{after_en}{amount_words[1]}",
    )


def value_words(metric: Metric, value: Value) -> Words:
    """Say a value with its unit."""
    if isinstance(value, str | tuple):
        names = (value,) if isinstance(value, str) else value
        both = [metric.options.get(name, (name, name)) for name in names]
        return "、".join(zh for zh, _ in both), ", ".join(en for _, en in both)
    if metric.kind == "flag":
        return ("是", "yes") if value else ("否", "no")
    return amount_zh(value, metric.kind, metric.unit_zh), amount_en(value, metric.kind, metric.unit_en)


def remedy_words(changes: Sequence[Change], judged_on: dt.date, today: dt.date, *, past: bool) -> Words:
    """Say what a remedy asks, and from when on it can count."""
    zh, en = "；".join(one.text_zh for one in changes), "; ".join(one.text_en for one in changes)
    if judged_on != today:
        return (
            f"最早 {judged_on.year} 年评估时可达到：{zh}",
            f"at the earliest when judged in {judged_on.year}: {en}",
        )
    if past:
        return f"差距：{zh}（该年已结束，除非数据更正，不能改变）", f"the distance: {en} (that year is over)"
    return zh, en


def plan_words(told: CriterionVerdict, margin_words: Words, *, needs_judgement: bool, has_remedy: bool) -> list[Words]:
    """Say how a criterion stands and what it needs beside changes."""
    words = [(f"{told.id} {told.state.zh}：{told.reason_zh}", f"{told.id} {told.state.en}: {told.reason_en}")]
    if margin_words[0]:
        words.append(margin_words)
    if not told.hard and told.state is State.UNMET:
        words.append(
            (
                "条文用语为“一般”等，未达到不必然否决，须说明理由，由人判断",
                "the text is soft: it needs a reasoned judgement",
            )
        )
    elif needs_judgement:
        words.append(("须由人评审并记录判断", "a person has to judge and record it"))
    if _lacks_a_number(told) and not has_remedy:
        words.append(("规则本身的数值未知，请以设置填入", "the rule's own number is not known; give it as a setting"))
    elif not has_remedy and not needs_judgement and told.state in (State.UNMET, State.UNKNOWN):
        words.append(
            ("没有找到单凭改变这些事实就能符合的办法", "no change of these facts was found that would meet it")
        )
    return words


def _lacks_a_number(told: CriterionVerdict) -> bool:
    """Whether the rule's own number is not known, of the criterion or of a part that is open."""
    own = told.operator is not None and told.threshold is None and not told.parts
    return told.state is State.UNKNOWN and (own or any(_lacks_a_number(part) for part in told.parts))


def margin_words(told: CriterionVerdict) -> Words:
    """Say how far a criterion that is not met is from its threshold; nothing where that is not a number."""
    if told.margin is None or told.state is not State.UNMET or told.threshold is None:
        return "", ""
    relative = f"{abs(told.margin / told.threshold) * 100:.3g}%" if told.threshold else ""
    kind: Kind = "number"
    names = {one.metric for one in told.evidence}
    kinds: list[Kind] = list(dict.fromkeys(metrics()[name].kind for name in sorted(names)))
    if not told.unit_zh:
        kind = "share"
    elif len(kinds) == 1:
        kind = kinds[0]
    lacking = abs(told.margin)
    zh, en = amount_zh(lacking, kind, told.unit_zh), amount_en(lacking, kind, told.unit_en)
    if lacking == 0:
        return "恰在界限上，须再高于或低于界限", "just at the bound, which itself does not meet it"
    if kind == "share":
        zh, en = f"{lacking * 100:.4g} 个百分点", f"{lacking * 100:.4g} percentage points"
    return (
        f"距要求差 {zh}" + (f"（为要求的 {relative}）" if relative else ""),
        f"{en} from what is asked" + (f" ({relative} of it)" if relative else ""),
    )


def _amount(change: Change) -> Words:
    if change.amount is None or change.base is None:
        return "", ""
    base = metrics()[change.base]
    size = abs(change.amount)
    return (
        f"（按现有{base.zh}约合 {amount_zh(size, base.kind, base.unit_zh)}）",
        f" (about {amount_en(size, base.kind, base.unit_en)} of the present {base.en})",
    )


def _span(years: tuple[int, ...]) -> str:
    if len(years) > 1 and years == tuple(range(years[0], years[-1] + 1)):
        return f"{years[0]}–{years[-1]}"
    return "、".join(map(str, years))
