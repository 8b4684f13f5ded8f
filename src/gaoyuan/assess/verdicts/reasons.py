"""From the outcome of one subject to its verdict: values, margins, evidence, and the reason in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from gaoyuan.assess.facts.columns import FactColumns
from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.metric_catalogue import Kind, Metric, metrics
from gaoyuan.assess.facts.parsing import Facts
from gaoyuan.assess.facts.wording import OPERATOR_ZH, amount_en, amount_zh, digits_that_tell
from gaoyuan.assess.logic.intervals import Floats, Interval, margin
from gaoyuan.assess.logic.states import NOT_APPLICABLE, ORDER, State
from gaoyuan.assess.rules.model import (
    Criterion,
    Lattice,
    Levels,
    Limit,
    Quantity,
    Score,
    Threshold,
)
from gaoyuan.assess.rules.walk import own_metrics, quantities_of
from gaoyuan.assess.verdicts.evaluating import Circumstances, Outcome, window
from gaoyuan.assess.verdicts.point_tables import PartOutcome
from gaoyuan.assess.verdicts.verdict import CriterionVerdict, Evidence, PointsVerdict


def told(
    outcomes: Sequence[Outcome], facts: Facts, columns: FactColumns, how: Circumstances
) -> tuple[tuple[CriterionVerdict, ...], tuple[Finding, ...]]:
    """Give the verdicts of the criteria for the one subject of the columns, and the years that are missing."""
    verdicts = tuple(_told(outcome, facts, columns, how) for outcome in outcomes)
    return verdicts, tuple(dict.fromkeys(_missing_years(outcomes, columns, how)))


def _told(outcome: Outcome, facts: Facts, columns: FactColumns, how: Circumstances) -> CriterionVerdict:
    criterion, rule = outcome.criterion, outcome.criterion.rule
    kind, unit_zh, unit_en = unit_of(criterion)
    value, threshold = _one(outcome.value), _one(outcome.bound)
    operator = rule.operator if isinstance(rule, Threshold | Score) else "<=" if isinstance(rule, Limit) else None
    state = ORDER[int(outcome.states[0])]
    verdict = CriterionVerdict(
        id=criterion.id,
        zh=criterion.zh,
        en=criterion.en,
        article=criterion.article,
        status=criterion.status,
        hard=criterion.hard,
        state=state,
        value=value,
        operator=operator,
        threshold=threshold,
        margin=_margin(outcome, operator),
        least=_finite(outcome.value.lo) if outcome.value is not None else None,
        most=_finite(outcome.value.hi) if outcome.value is not None else None,
        unit_zh=unit_zh,
        unit_en=unit_en,
        level=_level(outcome),
        level_zh=_level_zh(outcome),
        due=rule.target_by if isinstance(rule, Threshold) else None,
        evidence=tuple(_evidence(criterion, facts, how)),
        missing=tuple(_missing(criterion, columns, how)),
        parts=tuple(_told(part, facts, columns, how) for part in outcome.parts),
        points=tuple(_points(part) for part in outcome.points),
    )
    zh, en = _reason(verdict, kind)
    return replace(verdict, reason_zh=zh, reason_en=en)


def unit_of(criterion: Criterion) -> tuple[Kind, str, str]:
    """Give the kind and unit of the value of a criterion."""
    rule = criterion.rule
    if isinstance(rule, Score) or (isinstance(rule, Levels) and not isinstance(rule.of, Quantity)):
        return "score", "分", "points"
    quantity = next(iter(quantities_of(criterion)), None)
    if quantity is None or isinstance(rule, Lattice):
        return "number", "", ""
    if quantity.take == "growth":
        return "rate", "", ""
    if quantity.over:
        same = {metrics()[name].kind for name in (*quantity.metrics, *quantity.over)}
        return ("share" if len(same) == 1 else "number"), "", ""
    metric = metrics()[quantity.metrics[0]]
    return metric.kind, metric.unit_zh, metric.unit_en


def _one(numbers: Interval | None) -> float | None:
    if numbers is None or not np.isfinite(numbers.lo[0]) or numbers.lo[0] != numbers.hi[0]:
        return None
    return float(numbers.lo[0])


def _finite(ends: Floats) -> float | None:
    return float(ends[0]) if np.isfinite(ends[0]) else None


def _margin(outcome: Outcome, operator: str | None) -> float | None:
    """Give the margin; where only a limit of the value is known that decides, the margin of that."""
    if operator is None or outcome.value is None or outcome.bound is None or _one(outcome.bound) is None:
        return None
    known = _one(outcome.value)
    if known is None:
        state = ORDER[int(outcome.states[0])]
        if state not in (State.MET, State.UNMET) or operator == "==":
            return None
        upper = (state is State.UNMET) == (operator[0] == ">")
        known = float((outcome.value.hi if upper else outcome.value.lo)[0])
    found = float(margin(np.array([known]), operator, outcome.bound.lo)[0])  # type: ignore[arg-type]
    return found if math.isfinite(found) else None


def _level(outcome: Outcome) -> str | None:
    rule = outcome.criterion.rule
    if outcome.level is None or outcome.level[0] < 0 or not isinstance(rule, Levels | Lattice):
        return None
    return (rule.levels if isinstance(rule, Levels) else rule.classes)[int(outcome.level[0])].id


def _level_zh(outcome: Outcome) -> str:
    rule = outcome.criterion.rule
    if outcome.level is None or outcome.level[0] < 0 or not isinstance(rule, Levels | Lattice):
        return ""
    return (rule.levels if isinstance(rule, Levels) else rule.classes)[int(outcome.level[0])].zh


def _points(part: PartOutcome) -> PointsVerdict:
    return PointsVerdict(
        id=part.part.id,
        zh=part.part.zh,
        en=part.part.en,
        least=float(part.points.lo[0]),
        most=float(part.points.hi[0]),
        floor=part.part.floor,
        state=None if part.floor is None else ORDER[int(part.floor[0])],
        parts=tuple(_points(inner) for inner in part.parts),
    )


def _evidence(criterion: Criterion, facts: Facts, how: Circumstances) -> Iterable[Evidence]:
    asked = _years_asked(criterion, how)
    for name in sorted(own_metrics(criterion)):
        metric = metrics()[name]
        for fact in facts.of(name):
            if fact.value is not None:
                yield _piece(metric, None, fact.value, fact.source, fact.run)
            shown = {year: value for year, value in fact.series.items() if year in asked or not metric.series}
            for year, value in shown.items():
                yield _piece(metric, year, value, fact.source, fact.run)


def _piece(metric: Metric, year: int | None, value: float | str | tuple[str, ...], source: str, run: str) -> Evidence:
    return Evidence(metric.id, metric.zh, metric.en, year, value, metric.unit_zh, metric.unit_en, source, run)


def _years_asked(criterion: Criterion, how: Circumstances) -> set[int]:
    return {year for quantity in quantities_of(criterion) for year in window(quantity, how)}


def _missing(criterion: Criterion, columns: FactColumns, how: Circumstances) -> Iterable[str]:
    """Give the metrics of which a criterion lacks a value."""
    asked = {name: {how.as_of.year - 1} for name in own_metrics(criterion)}
    for quantity in quantities_of(criterion):
        for name in (*quantity.metrics, *quantity.over):
            asked[name] = asked[name] | set(window(quantity, how))
    for name, years in sorted(asked.items()):
        metric = metrics()[name]
        if metric.kind == "several":
            known = name in columns.options
        elif metric.is_text:
            known = columns.word(name).position[0] >= 0
        else:
            known = all(_said(columns, name, year) for year in years) if name in columns.numbers else False
        if not known:
            yield name


def _missing_years(outcomes: Iterable[Outcome], columns: FactColumns, how: Circumstances) -> Iterable[Finding]:
    """Give the years that a series lacks of which other years are given."""
    for outcome in outcomes:
        if outcome.states[0] == NOT_APPLICABLE:
            continue
        yield from _missing_years(outcome.parts, columns, how)
        for quantity in quantities_of(outcome.criterion):
            years = window(quantity, how)
            for name in (*quantity.metrics, *quantity.over):
                if name in columns.numbers:
                    lacking = [year for year in years if not _said(columns, name, year)]
                    if lacking:
                        yield _lacks(metrics()[name], lacking, years)


def _said(columns: FactColumns, name: str, year: int) -> bool:
    number = columns.number(name, year)
    return bool(np.isfinite(number.lo[0]) and np.isfinite(number.hi[0]))


def _lacks(metric: Metric, lacking: Sequence[int], years: Sequence[int]) -> Finding:
    named = "、".join(map(str, lacking))
    return Finding(
        "missing_year",
        metric.id,
        f"{metric.zh}缺 {named} 年（需 {years[0]}–{years[-1]} 年）",
        f"{metric.en} lacks {', '.join(map(str, lacking))} (asked are {years[0]} to {years[-1]})",
        "补齐这些年份的数据",
        "Give those years",
        used=True,
    )


def _reason(verdict: CriterionVerdict, kind: Kind) -> tuple[str, str]:
    if verdict.state is State.NOT_APPLICABLE:
        return "不适用于此类申报或情形", "does not apply here"
    if verdict.level is not None:
        return f"评为{verdict.level_zh}", f"level {verdict.level}"
    if verdict.operator is None:
        return _without_number(verdict)
    if verdict.threshold is None:
        now_zh = f"现值 {amount_zh(verdict.value, kind, verdict.unit_zh)}；" if verdict.value is not None else ""
        now_en = f"now {amount_en(verdict.value, kind, verdict.unit_en)}; " if verdict.value is not None else ""
        return f"{now_zh}规则的数值未知", f"{now_en}the rule's own number is not known"
    if kind == "flag":
        return _of_flag(verdict)
    bound_zh = f"{OPERATOR_ZH[verdict.operator]} {amount_zh(verdict.threshold, kind, verdict.unit_zh)}"
    bound_en = f"{verdict.operator} {amount_en(verdict.threshold, kind, verdict.unit_en)}"
    if verdict.value is not None:
        digits = digits_that_tell(verdict.value, verdict.threshold, kind)
        return (
            f"{amount_zh(verdict.value, kind, verdict.unit_zh, digits)}（要求{bound_zh}）",
            f"{amount_en(verdict.value, kind, verdict.unit_en, digits)} (asked: {bound_en})",
        )
    known_zh, known_en = _known_range(verdict, kind)
    lacking_zh = "、".join(metrics()[name].zh for name in verdict.missing)
    lacking_en = ", ".join(metrics()[name].en for name in verdict.missing)
    return (
        f"缺：{lacking_zh}{known_zh}（要求{bound_zh}）" if lacking_zh else f"未定{known_zh}（要求{bound_zh}）",
        f"missing: {lacking_en}{known_en} (asked: {bound_en})" if lacking_en else f"open{known_en} (asked: {bound_en})",
    )


def _of_flag(verdict: CriterionVerdict) -> tuple[str, str]:
    wanted = verdict.operator in (">", ">=")
    asked_zh, asked_en = ("（要求为是）", " (asked: yes)") if wanted else ("（要求为否）", " (asked: no)")
    if verdict.value is None:
        lacking = [metrics()[name] for name in verdict.missing]
        return (
            f"缺：{'、'.join(one.zh for one in lacking)}{asked_zh}" if lacking else f"未定{asked_zh}",
            f"missing: {', '.join(one.en for one in lacking)}{asked_en}" if lacking else f"open{asked_en}",
        )
    return f"{'是' if verdict.value else '否'}{asked_zh}", f"{'yes' if verdict.value else 'no'}{asked_en}"


def _known_range(verdict: CriterionVerdict, kind: Kind) -> tuple[str, str]:
    """Say what is known of a value that is not known exactly, where that is more than the metric's range."""
    low, high = verdict.least, verdict.most
    if low is not None and low > 0 and high is not None:
        return (
            f"；已知在 {amount_zh(low, kind, verdict.unit_zh)} 与 {amount_zh(high, kind, verdict.unit_zh)} 之间",
            f"; known between {amount_en(low, kind, verdict.unit_en)} and {amount_en(high, kind, verdict.unit_en)}",
        )
    if low is not None and low > 0:
        return (
            f"；已知至少 {amount_zh(low, kind, verdict.unit_zh)}",
            f"; at least {amount_en(low, kind, verdict.unit_en)} known",
        )
    if high is not None and (kind not in ("share", "flag") or high < 1):
        return (
            f"；已知至多 {amount_zh(high, kind, verdict.unit_zh)}",
            f"; at most {amount_en(high, kind, verdict.unit_en)} known",
        )
    return "", ""


def _without_number(verdict: CriterionVerdict) -> tuple[str, str]:
    if verdict.state is State.MANUAL_REVIEW:
        return "需人工评审，尚无记录的判断", "a person has to judge; no judgement is recorded"
    if verdict.parts:
        return (
            "；".join(f"{part.id} {part.state.zh}" for part in verdict.parts),
            "; ".join(f"{part.id} {part.state.en}" for part in verdict.parts),
        )
    if verdict.state is State.UNKNOWN:
        lacking = [metrics()[name] for name in verdict.missing]
        return "缺：" + "、".join(one.zh for one in lacking), "missing: " + ", ".join(one.en for one in lacking)
    said_zh = "、".join(f"{one.zh}：{fact_text(one)}" for one in verdict.evidence)
    said_en = ", ".join(f"{one.en}: {fact_text(one, english=True)}" for one in verdict.evidence)
    return said_zh or verdict.state.zh, said_en or verdict.state.en


def fact_text(one: Evidence, *, english: bool = False) -> str:
    """Give the value of a fact as people read it; several options, in one text with | between or apart, as a list."""
    metric = metrics()[one.metric]
    if metric.kind == "flag":
        return ("yes" if one.value else "no") if english else ("是" if one.value else "否")
    if isinstance(one.value, str | tuple):
        names = one.value.split("|") if isinstance(one.value, str) else one.value
        return (", " if english else "、").join(metric.options.get(name, (name, name))[int(english)] for name in names)
    return (amount_en if english else amount_zh)(one.value, metric.kind, one.unit_en if english else one.unit_zh)
