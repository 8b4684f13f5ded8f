"""From the facts of one subject to the columns that rules are evaluated on, with the checks that need the day.

Where sources disagree, the value lies between what they say: a criterion that comes out the same for all of it is
decided, another is unknown until somebody says which source holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import cast

import numpy as np

from gaoyuan.assess.facts.agreement import agree, counting
from gaoyuan.assess.facts.columns import FactColumns, Words
from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.metric_catalogue import Metric, metrics
from gaoyuan.assess.facts.parsing import Fact, Facts
from gaoyuan.assess.facts.source_words import source_en, source_zh
from gaoyuan.assess.logic.intervals import Interval, constant


def assemble(facts: Facts, as_of: dt.date) -> tuple[FactColumns, tuple[Finding, ...]]:
    """Give the facts as columns of one subject, and what was found wrong with them on the as-of date."""
    columns, findings = FactColumns(1, as_of.year - 1), list(facts.findings)
    for name in sorted(facts):
        metric, claims = metrics()[name], facts.of(name)
        if metric.kind == "several":
            _put_options(columns, metric, claims)
        elif metric.is_text:
            _put_words(columns, metric, claims, findings)
        else:
            _put_numbers(columns, metric, claims, as_of, findings)
    return columns, tuple(findings)


def _put_numbers(
    columns: FactColumns, metric: Metric, claims: tuple[Fact, ...], as_of: dt.date, findings: list[Finding]
) -> None:
    told: list[tuple[int | None, float]] = []
    for claim in claims:
        if isinstance(claim.value, float):
            told.append((None, claim.value))
        for year, value in claim.series.items():
            if year > as_of.year:
                findings.append(_future(metric, year, as_of))
            else:
                if year == as_of.year and metric.series:
                    findings.append(_unfinished(metric, as_of))
                told.append((year, value))
    last = as_of.year - 1
    by_year = {
        year: [value for at, value in told if at == year]
        for year in sorted({at for at, _ in told if at not in (None, last)}, key=lambda at: at or 0)
    }
    # A stock that is told by year is asked as it is now; what has no year is of the last full one.
    if now := counting(told, last if metric.series else as_of.year, last, series=metric.series):
        by_year[last] = now
    columns.numbers[metric.id] = {year: _between(values) for year, values in by_year.items()}
    for year, values in by_year.items():
        if not agree(values):
            findings.append(
                _disagree(metric, year if metric.series else None, claims, (f"{min(values):g}", f"{max(values):g}"))
            )


def _put_words(columns: FactColumns, metric: Metric, claims: tuple[Fact, ...], findings: list[Finding]) -> None:
    said = sorted({cast("str", claim.value) for claim in claims})
    columns.words[metric.id] = Words.of([said[0] if len(said) == 1 else None])
    if len(said) > 1:
        findings.append(_disagree(metric, None, claims, said))


def _put_options(columns: FactColumns, metric: Metric, claims: tuple[Fact, ...]) -> None:
    """An option is there where all sources name it, and not there where none does."""
    said = [cast("tuple[str, ...]", claim.value) for claim in claims]
    named = {option: [float(option in one) for one in said] for option in metric.options}
    columns.options[metric.id] = {option: _between(votes) for option, votes in named.items()}


def _between(values: list[float]) -> Interval:
    """Give one number, which is somewhere between what was said of it."""
    low, high = min(values) + 0.0, max(values) + 0.0  # a zero loses its sign
    return constant(1, low) if low == high else Interval(np.array([low]), np.array([high]))


def _future(metric: Metric, year: int, as_of: dt.date) -> Finding:
    return Finding(
        "future_year",
        metric.id,
        f"{metric.zh}：{year} 年晚于评估日 {as_of}",
        f"{metric.en}: {year} is after the as-of date {as_of}",
        "核对年份，或改评估日",
        "Check the year, or give another as-of date",
    )


def _unfinished(metric: Metric, as_of: dt.date) -> Finding:
    return Finding(
        "unfinished_year",
        metric.id,
        f"{metric.zh}：{as_of.year} 年在评估日 {as_of} 尚未结束，不计入近几年",
        f"{metric.en}: {as_of.year} is not over on {as_of} and is in no window of years",
        "年度数据填到上一完整年度",
        "Give yearly values up to the last full year",
    )


def _disagree(metric: Metric, year: int | None, claims: Iterable[Fact], said: Iterable[str]) -> Finding:
    named = list(dict.fromkeys(claim.source for claim in claims))
    sources_zh = "、".join(source_zh(one) or "?" for one in named)
    sources_en = ", ".join(source_en(one) or "?" for one in named)
    when_zh, when_en = (f"（{year} 年）", f" ({year})") if year else ("", "")
    return Finding(
        "sources_disagree",
        metric.id,
        f"{metric.zh}{when_zh}：来源不一致（{' / '.join(said)}；{sources_zh}）",
        f"{metric.en}{when_en}: sources disagree ({' / '.join(said)}; {sources_en})",
        "核对后只保留一个来源；在此之前按其间所有值判断",
        "Keep the one that holds; until then any value between them counts as possible",
        used=True,
    )
