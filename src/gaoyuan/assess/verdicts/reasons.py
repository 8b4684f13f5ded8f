"""From the outcome of one subject to its verdict: values, margins, evidence, and the reason in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gaoyuan.assess.facts.columns import FactColumns
from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.metric_catalogue import Kind, Metric, metrics
from gaoyuan.assess.facts.parsing import Fact, Facts, Value
from gaoyuan.assess.facts.wording import OPERATOR_ZH, amount_en, amount_zh, digits_that_tell
from gaoyuan.assess.logic.intervals import Interval, Operator, margin
from gaoyuan.assess.logic.states import NOT_APPLICABLE, ORDER, State
from gaoyuan.assess.rules.model import (
    Criterion,
    Lattice,
    Level,
    Levels,
    Limit,
    Quantity,
    Score,
    Threshold,
)
from gaoyuan.assess.rules.walk import MOST_KEPT, own_metrics, quantities_of
from gaoyuan.assess.verdicts.evaluating import Circumstances, Outcome, window
from gaoyuan.assess.verdicts.point_tables import PartOutcome
from gaoyuan.assess.verdicts.verdict import CriterionVerdict, Evidence, PointsVerdict


def told(
    outcomes: Sequence[Outcome], facts: Facts, columns: FactColumns, how: Circumstances
) -> tuple[tuple[CriterionVerdict, ...], tuple[Finding, ...]]:
    """Give the verdicts of the criteria for the one subject of the columns, and the years that are missing."""
    verdicts = tuple(_told(outcome, facts, columns, how) for outcome in outcomes)
    return verdicts, tuple(dict.fromkeys(_missing_years(outcomes, columns, how)))


@dataclass(slots=True)
class _Measured:
    """The number of a criterion beside its bound, in its unit; None where not known or where it has none."""

    kind: Kind
    unit_zh: str
    unit_en: str
    operator: Operator | None
    least: float | None
    most: float | None
    value: float | None
    threshold: float | None


def _told(outcome: Outcome, facts: Facts, columns: FactColumns, how: Circumstances) -> CriterionVerdict:
    criterion, rule = outcome.criterion, outcome.criterion.rule
    state = ORDER[outcome.states.item()]
    measured, level = _measured(outcome), _level(outcome)
    evidence = tuple(_evidence(criterion, facts, how))
    missing = tuple(_missing(criterion, columns, how))
    parts = tuple(_told(part, facts, columns, how) for part in outcome.parts)
    if state is State.NOT_APPLICABLE:
        zh, en = "不适用于此类申报或情形", "does not apply here"
    elif level is not None:
        zh, en = f"评为{level.zh}", f"level {level.id}"
    elif measured.operator is not None:
        zh, en = _of_number(measured, missing)
    else:
        zh, en = _without_number(state, parts, missing, evidence)
    return CriterionVerdict(
        id=criterion.id,
        zh=criterion.zh,
        en=criterion.en,
        article=criterion.article,
        status=criterion.status,
        hard=criterion.hard,
        state=state,
        value=measured.value,
        operator=measured.operator,
        threshold=measured.threshold,
        margin=_margin(measured, state),
        least=measured.least,
        most=measured.most,
        unit_zh=measured.unit_zh,
        unit_en=measured.unit_en,
        level=None if level is None else level.id,
        level_zh="" if level is None else level.zh,
        due=rule.target_by if isinstance(rule, Threshold) else None,
        reason_zh=zh,
        reason_en=en,
        evidence=evidence,
        missing=missing,
        parts=parts,
        points=tuple(_points(part) for part in outcome.points),
    )


@lru_cache(maxsize=MOST_KEPT)
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


def _measured(outcome: Outcome) -> _Measured:
    rule = outcome.criterion.rule
    operator = rule.operator if isinstance(rule, Threshold | Score) else "<=" if isinstance(rule, Limit) else None
    least, most = _ends(outcome.value)
    low, high = _ends(outcome.bound)
    return _Measured(
        *unit_of(outcome.criterion),
        operator,
        least,
        most,
        value=least if least == most else None,
        threshold=low if low == high else None,
    )


def _ends(numbers: Interval | None) -> tuple[float | None, float | None]:
    """Give the least and the most that a number can be, None where open."""
    if numbers is None:
        return None, None
    low, high = numbers.lo.item(), numbers.hi.item()
    return low if math.isfinite(low) else None, high if math.isfinite(high) else None


def _margin(measured: _Measured, state: State) -> float | None:
    """Give the margin; where only a limit of the value is known that decides, the margin of that."""
    operator, known = measured.operator, measured.value
    if operator is None or measured.threshold is None:
        return None
    if known is None and state in (State.MET, State.UNMET) and operator != "==":
        upper = (state is State.UNMET) == (operator[0] == ">")
        known = measured.most if upper else measured.least
    found = math.nan if known is None else margin(known, operator, measured.threshold)
    return found if math.isfinite(found) else None


def _level(outcome: Outcome) -> Level | None:
    rule = outcome.criterion.rule
    if outcome.level is None or outcome.level[0] < 0 or not isinstance(rule, Levels | Lattice):
        return None
    return (rule.levels if isinstance(rule, Levels) else rule.classes)[int(outcome.level[0])]


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


def _evidence(criterion: Criterion, facts: Facts, how: Circumstances) -> Iterator[Evidence]:
    for name in own_metrics(criterion):
        metric = metrics()[name]
        for fact in facts.of(name):
            if fact.value is not None:
                yield _piece(metric, None, fact.value, fact)
            if fact.series:
                asked = _years_asked(criterion, how)
                for year, value in fact.series.items():
                    if year in asked or not metric.series:
                        yield _piece(metric, year, value, fact)


def _piece(metric: Metric, year: int | None, value: Value, fact: Fact) -> Evidence:
    return Evidence(metric.id, metric.zh, metric.en, year, value, metric.unit_zh, metric.unit_en, fact.source, fact.run)


def _years_asked(criterion: Criterion, how: Circumstances, metric: str | None = None) -> set[int]:
    """Give the years that a criterion asks, those of one metric where it is given."""
    return {
        year
        for quantity in quantities_of(criterion)
        if metric is None or metric in quantity.metrics or metric in quantity.over
        for year in window(quantity, how)
    }


def _missing(criterion: Criterion, columns: FactColumns, how: Circumstances) -> Iterator[str]:
    """Give the metrics of which a criterion lacks a value."""
    for name in own_metrics(criterion):
        if name in columns.numbers:
            years = {columns.last_year, *_years_asked(criterion, how, name)}
            known = all(_said(columns, name, year) for year in years)
        else:
            known = name in columns.options or (name in columns.words and columns.word(name).position[0] >= 0)
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
    number, kind = columns.number(name, year), metrics()[name]
    low, high = number.lo.item(), number.hi.item()
    # The whole range of a share or a flag is finite, and says nothing.
    return math.isfinite(low) and math.isfinite(high) and (low == high or low > kind.least or high < kind.most)


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


def _of_number(measured: _Measured, missing: Sequence[str]) -> tuple[str, str]:
    kind, value, threshold = measured.kind, measured.value, measured.threshold
    if threshold is None:
        now_zh = f"现值 {amount_zh(value, kind, measured.unit_zh)}；" if value is not None else ""
        now_en = f"now {amount_en(value, kind, measured.unit_en)}; " if value is not None else ""
        return f"{now_zh}规则的数值未知", f"{now_en}the rule's own number is not known"
    if kind == "flag":
        return _of_flag(measured, missing)
    asked_zh, asked_en = _asked(measured.operator, threshold, kind, measured.unit_zh, measured.unit_en)
    if value is not None:
        digits = digits_that_tell(value, threshold, kind)
        return (
            f"{amount_zh(value, kind, measured.unit_zh, digits)}{asked_zh}",
            f"{amount_en(value, kind, measured.unit_en, digits)}{asked_en}",
        )
    (lacking_zh, lacking_en), (known_zh, known_en) = _lacking(missing), _known_range(measured)
    return f"{lacking_zh}{known_zh}{asked_zh}", f"{lacking_en}{known_en}{asked_en}"


@lru_cache(maxsize=MOST_KEPT)
def _asked(operator: Operator | None, bound: float, kind: Kind, unit_zh: str, unit_en: str) -> tuple[str, str]:
    """Say the bound that a rule asks, which is the same in verdict after verdict."""
    zh = f"{OPERATOR_ZH[operator]} {amount_zh(bound, kind, unit_zh)}" if operator else ""
    return f"（要求{zh}）", f" (asked: {operator} {amount_en(bound, kind, unit_en)})"


def _lacking(missing: Sequence[str]) -> tuple[str, str]:
    if not missing:
        return "未定", "open"
    lacking = [metrics()[name] for name in missing]
    return "缺：" + "、".join(one.zh for one in lacking), "missing: " + ", ".join(one.en for one in lacking)


def _of_flag(measured: _Measured, missing: Sequence[str]) -> tuple[str, str]:
    wanted = measured.operator in (">", ">=")
    asked_zh, asked_en = ("（要求为是）", " (asked: yes)") if wanted else ("（要求为否）", " (asked: no)")
    if measured.value is None:
        lacking_zh, lacking_en = _lacking(missing)
        return f"{lacking_zh}{asked_zh}", f"{lacking_en}{asked_en}"
    return f"{'是' if measured.value else '否'}{asked_zh}", f"{'yes' if measured.value else 'no'}{asked_en}"


def _known_range(measured: _Measured) -> tuple[str, str]:
    """Say what is known of a value that is not known exactly, where that is more than the metric's range."""
    low, high, kind = measured.least, measured.most, measured.kind
    zh, en = measured.unit_zh, measured.unit_en
    if low is not None and low > 0 and high is not None:
        return (
            f"；已知在 {amount_zh(low, kind, zh)} 与 {amount_zh(high, kind, zh)} 之间",
            f"; known between {amount_en(low, kind, en)} and {amount_en(high, kind, en)}",
        )
    if low is not None and low > 0:
        return f"；已知至少 {amount_zh(low, kind, zh)}", f"; at least {amount_en(low, kind, en)} known"
    if high is not None and (kind not in ("share", "flag") or high < 1):
        return f"；已知至多 {amount_zh(high, kind, zh)}", f"; at most {amount_en(high, kind, en)} known"
    return "", ""


def _without_number(
    state: State, parts: Sequence[CriterionVerdict], missing: Sequence[str], evidence: Sequence[Evidence]
) -> tuple[str, str]:
    if state is State.MANUAL_REVIEW:
        return "需人工评审，尚无记录的判断", "a person has to judge; no judgement is recorded"
    if parts:
        return (
            "；".join(f"{part.id} {part.state.zh}" for part in parts),
            "; ".join(f"{part.id} {part.state.en}" for part in parts),
        )
    if state is State.UNKNOWN and missing:
        return _lacking(missing)
    said_zh = "、".join(f"{one.zh}：{fact_text(one)}" for one in evidence)
    said_en = ", ".join(f"{one.en}: {fact_text(one, english=True)}" for one in evidence)
    return said_zh or state.zh, said_en or state.en


def fact_text(one: Evidence, *, english: bool = False) -> str:
    """Give the value of a fact as people read it; several options, in one text with | between or apart, as a list."""
    metric = metrics()[one.metric]
    if metric.kind == "flag":
        return ("yes" if one.value else "no") if english else ("是" if one.value else "否")
    if isinstance(one.value, str | tuple):
        names = one.value.split("|") if isinstance(one.value, str) else one.value
        return (", " if english else "、").join(metric.options.get(name, (name, name))[int(english)] for name in names)
    return (amount_en if english else amount_zh)(one.value, metric.kind, one.unit_en if english else one.unit_zh)
