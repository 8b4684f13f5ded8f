"""Facts of one subject: values with their source, by metric; what cannot be a fact becomes a finding, not a number.

Facts come as a mapping from metric id to a plain value, to `{"value": v, "source": "…"}`, to
`{"series": {"2023": v, "2024": v}, "source": "…"}`, or to a list of such where several sources speak. Text with a unit
(`"45亿元"`, `"72%"`, `"3.2万元"`) is read as what it says.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.metric_catalogue import Metric, metrics
from gaoyuan.assess.facts.values import Refused, read_value

Value: TypeAlias = "float | str | tuple[str, ...]"
GivenFacts: TypeAlias = Mapping[str, object]

_PARTS = {"value", "series", "source", "unit", "run", "note"}


@dataclass(frozen=True, slots=True)
class Fact:
    """What one source says of a metric: a value without a year, or values by year; `run` made it, if one did."""

    metric: str
    value: Value | None = None
    series: Mapping[int, float] = field(default_factory=dict)
    source: str = ""
    run: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a subject by metric, each from one source or several, and what was wrong with what was given."""

    by_metric: Mapping[str, tuple[Fact, ...]]
    findings: tuple[Finding, ...] = ()

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_metric)

    def __len__(self) -> int:
        return len(self.by_metric)

    def of(self, metric: str) -> tuple[Fact, ...]:
        """Give what the sources say of a metric."""
        return self.by_metric.get(metric, ())

    def with_more(self, others: Facts, last_year: int) -> Facts:
        """Give these facts and, where they say nothing, the others: of a yearly metric year by year.

        What has no year is of `last_year`, the last full one.
        """
        filled = {
            name: (*own, *(_rest(own, others.of(name), last_year) if metrics()[name].series else ()))
            for name, own in self.by_metric.items()
        }
        return Facts({**others.by_metric, **filled}, (*self.findings, *others.findings))


def _rest(own: tuple[Fact, ...], others: tuple[Fact, ...], last_year: int) -> Iterator[Fact]:
    """Give what others say of the years of which the own facts say nothing."""
    told = {year for fact in own for year in fact.series} | {last_year for fact in own if fact.value is not None}
    for fact in others:
        series = {year: value for year, value in fact.series.items() if year not in told}
        value = None if last_year in told else fact.value
        if series or value is not None:
            yield replace(fact, value=value, series=series)


def parse_facts(given: GivenFacts | Facts) -> Facts:
    """Read facts as people and programs give them; order does not matter, nothing is dropped without a finding.

    >>> parse_facts({"area_km2": 80, "sme_output_share": 72}).findings[0].kind
    'percent_for_fraction'
    """
    if isinstance(given, Facts):
        return given
    found: dict[str, tuple[Fact, ...]] = {}
    findings: list[Finding] = []
    for name in sorted(map(str, given)):
        entry = given[name]
        metric = metrics().get(name)
        if metric is None:
            findings.append(_unknown_metric(name))
            continue
        facts = [fact for one in _claims(entry, metric) for fact in _fact(metric, one, findings)]
        if facts:
            found[name] = tuple(facts)
    return Facts(found, tuple(findings))


def _claims(entry: object, metric: Metric) -> Iterable[object]:
    """Give what each source says; a list is several sources, but for a metric of several choices the choices."""
    if isinstance(entry, list | tuple) and (
        metric.kind != "several" or any(isinstance(claim, Mapping) for claim in entry)
    ):
        return entry
    return [entry]


def _fact(metric: Metric, claim: object, findings: list[Finding]) -> Iterator[Fact]:
    if not isinstance(claim, Mapping):
        claim = {"value": claim}
    if strange := set(map(str, claim)) - _PARTS or ({"value", "series"} <= set(claim)):
        findings.append(_not_a_fact(metric, strange))
        return
    source, run, unit = (str(claim.get(part) or "") for part in ("source", "run", "unit"))
    series = claim.get("series")
    if series is not None:
        if not isinstance(series, Mapping):
            findings.append(_not_a_fact(metric, {"series"}))
            return
        by_year = {
            year: number
            for key, value in series.items()
            if (year := _year(metric, key, findings)) is not None
            and (number := _value(metric, value, unit, findings, year)) is not None
            and isinstance(number, float)
        }
        if by_year:
            yield Fact(metric.id, None, dict(sorted(by_year.items())), source, run)
        return
    value = _value(metric, claim.get("value"), unit, findings, None)
    if value is not None:
        yield Fact(metric.id, value, {}, source, run)


def _value(metric: Metric, given: object, unit: str, findings: list[Finding], year: int | None) -> Value | None:
    read = read_value(metric, given, unit)
    if isinstance(read, Refused):
        when = f"（{year} 年）" if year else ""
        when_en = f" ({year})" if year else ""
        findings.append(
            Finding(
                read.kind,
                metric.id,
                f"{metric.zh}{when}：{read.zh}",
                f"{metric.en}{when_en}: {read.en}",
                read.mend_zh,
                read.mend_en,
            )
        )
        return None
    return read


def _year(metric: Metric, key: object, findings: list[Finding]) -> int | None:
    text = str(key).strip().removesuffix("年")
    if text.isdigit() and 1900 <= int(text) <= dt.MAXYEAR:
        return int(text)
    findings.append(
        Finding(
            "bad_year",
            metric.id,
            f"{metric.zh}：{key!r} 不是年份",
            f"{metric.en}: {key!r} is no year",
            "年份写成四位数字，如 2024",
            "Write years as four digits, such as 2024",
        )
    )
    return None


def _unknown_metric(name: str) -> Finding:
    near = difflib.get_close_matches(name, metrics(), n=1)
    like_zh, like_en = (f"，是否为 {near[0]}", f"; do you mean {near[0]}") if near else ("", "")
    return Finding(
        "unknown_metric",
        name,
        f"没有名为 {name} 的指标{like_zh}",
        f"there is no metric {name}{like_en}",
        "指标名见 gaoyuan rules --metrics",
        "See gaoyuan rules --metrics",
    )


def _not_a_fact(metric: Metric, strange: object) -> Finding:
    named = ", ".join(sorted(strange)) if isinstance(strange, set) else "value, series"
    return Finding(
        "not_a_fact",
        metric.id,
        f"{metric.zh}：写法不对（{named}）",
        f"{metric.en}: not written as a fact ({named})",
        '写成一个值，或 {"value": …, "source": …}，或 {"series": {"2024": …}, "source": …}',
        'Write a value, or {"value": …, "source": …}, or {"series": {"2024": …}, "source": …}',
    )
