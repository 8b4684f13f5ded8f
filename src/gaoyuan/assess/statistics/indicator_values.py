"""What is known of an indicator of a cluster, and how exactly, from what the workspace itself has.

An error is known where sources differ, where a sum lacks members, where it is open whether titles hold, where a
source rounds, and where chance moves a location quotient. Of everything else no error is known, and none is made up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from gaoyuan.assess.facts.agreement import agree, counting
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.rows import is_own_source
from gaoyuan.assess.facts.title_metrics import TITLES_OF_COUNT
from gaoyuan.assess.facts.title_validity import any_holds
from gaoyuan.assess.statistics.cluster_records import ClusterRecord, Records, Said, text
from gaoyuan.observe.specialisation import location_quotient_interval
from gaoyuan.workspace import Workspace

ErrorKind: TypeAlias = "Literal['sources', 'members', 'titles', 'rounding', 'chance']"

ERROR_WORDS: Mapping[ErrorKind, tuple[str, str]] = {
    "sources": ("来源不一", "sources differ"),
    "members": ("部分成员未知", "members unknown"),
    "titles": ("称号待定", "titles open"),
    "rounding": ("四舍五入", "rounding"),
    "chance": ("个别企业的偶然性", "chance of single firms"),
}
Digits: TypeAlias = Mapping[tuple[str, str], float]
"""The last digit that a source gives of a metric, by metric and source."""

_ROUNDED_KINDS = ("money", "area", "share", "rate", "count", "number", "score", "years")
_FEWEST_VALUES = 3
_COMPUTED_DIGITS = 12


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """The value, nan where it is not known; it lies from `low` to `high` where an error is known, nan elsewhere.

    `error` says where that comes from, None where no error is known.
    """

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    error: ErrorKind | None = None


def indicator_value(
    record: ClusterRecord,
    records: Records,
    name: str,
    year: int,
    digits: Digits,
    shown: IndicatorValue | None = None,
) -> IndicatorValue:
    """Give a metric of a cluster in the last full `year`, of a stock as it is now: what facts say, else the lists of
    titles, else the register, else what a table has `shown`.

    - Sources that differ leave the interval between them, without a value where by more than one per cent.
    - Titles of which it is open whether they hold, and members with the name of a listed firm that was not found, may
      or may not count.
    - A sum that lacks members is at least what is known (see `Said.most`).
    - A value of which the last digit is known (`digits`) may be half a unit of it away.
    """
    metric = metrics().get(name)
    if metric is not None:
        claims = ((one.year, one) for one in record.facts.get(name, ()))
        if said := counting(claims, year if metric.series else year + 1, year, series=metric.series):
            return _of_facts(said, name, digits)
    if titles := set(TITLES_OF_COUNT.get(name, ())):
        return _of_titles(record, records, titles)
    registered = record.register.get(name)
    if registered is None:
        return shown or IndicatorValue()
    if registered.complete:
        return IndicatorValue(registered.value)
    if registered.most is None:
        return IndicatorValue()
    return IndicatorValue(math.nan, registered.value, registered.most, "members")


def table_values(workspace: Workspace, name: str) -> dict[str, IndicatorValue]:
    """Give an indicator of the table `cluster` by cluster; a location quotient with its 95 % interval."""
    columns = ["cluster_id", "firms", "expected", "area_km2", *({name} - {"firms_per_km2"})]
    rows = workspace.read("cluster", list(dict.fromkeys(columns))).to_pylist()
    if name == "location_quotient":
        return {row["cluster_id"]: _quotient(row[name], row["firms"], row["expected"]) for row in rows}
    if name == "firms_per_km2":
        values = {row["cluster_id"]: row["firms"] / row["area_km2"] if row["area_km2"] else None for row in rows}
    else:
        values = {row["cluster_id"]: row[name] for row in rows}
    return {cluster: IndicatorValue(math.nan if value is None else float(value)) for cluster, value in values.items()}


def last_digits(workspace: Workspace) -> dict[tuple[str, str], float]:
    """Give the last digit of each metric and source of clusters, over all clusters and years of the workspace."""
    if not workspace.has("fact"):
        return {}
    rows = workspace.read("fact", ["subject_kind", "metric", "source", "value"]).to_pylist()
    values: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        if row["subject_kind"] == "cluster" and row["value"] is not None and math.isfinite(row["value"]):
            values.setdefault((row["metric"], text(row["source"])), []).append(float(row["value"]))
    found = {}
    for (name, source), given in values.items():
        metric = metrics().get(name)
        # The tables of the workspace are not rounded.
        if metric is None or metric.kind not in _ROUNDED_KINDS or is_own_source(source):
            continue
        digit = last_digit(given)
        # What is counted one by one is not rounded.
        if digit is not None and not (metric.kind == "count" and digit <= 1):
            found[name, source] = digit
    return found


def last_digit(values: Iterable[float]) -> float | None:
    """Give the last digit (its unit) of values from one source: the finest that one of them needs.

    A trailing zero may be a digit or not, so that of fewer than three different values, zero left out, it is not known;
    nor is it where a value has more than 12 digits, as those are computed and not rounded.

    >>> last_digit([0.883, 0.909, 0.9]), last_digit([5e9, 6e9])
    (0.001, None)
    """
    numbers = [Decimal(repr(value)).normalize().as_tuple() for value in {abs(value) for value in values} if value]
    if len(numbers) < _FEWEST_VALUES or any(len(number.digits) > _COMPUTED_DIGITS for number in numbers):
        return None
    return float(Decimal(1).scaleb(min(int(number.exponent) for number in numbers)))


def _of_facts(said: list[Said], name: str, digits: Digits) -> IndicatorValue:
    values = [one.value for one in said]
    low, high = min(values), max(values)
    if low < high:
        return IndicatorValue(values[0] if agree(values) else math.nan, low, high, "sources")
    units = [digits[name, one.source] for one in said if (name, one.source) in digits]
    if not units:
        return IndicatorValue(low)
    half, metric = min(units) / 2, metrics()[name]
    return IndicatorValue(
        low, max(low - half, min(metric.least, low)), min(low + half, max(metric.most, low)), "rounding"
    )


def _of_titles(record: ClusterRecord, records: Records, titles: set[str]) -> IndicatorValue:
    if not titles & set(records.titles):
        return IndicatorValue()
    if record.id not in records.members:
        # Who its firms are is not known: none of them may hold a title, or all.
        firms = record.register.get("firms")
        if firms is None:
            return IndicatorValue()
        return IndicatorValue(math.nan, 0.0, firms.value, "members") if firms.value else IndicatorValue(0.0)
    certain = possible = 0
    namesakes = set[str]().union(*(of for title, of in records.namesakes.get(record.id, {}).items() if title in titles))
    for firm in records.members.get(record.id, ()):
        held = records.holdings.get(firm, {})
        state = any_holds(held[title].certain or None for title in titles & set(held))
        certain += state is True
        possible += state is None or (state is False and firm in namesakes)
    if not possible:
        return IndicatorValue(float(certain))
    return IndicatorValue(math.nan, float(certain), float(certain + possible), "titles")


def _quotient(quotient: float | None, firms: int | None, expected: float | None) -> IndicatorValue:
    if quotient is None or firms is None or not expected:
        return IndicatorValue(math.nan if quotient is None else float(quotient))
    low, high = location_quotient_interval(firms, expected)
    return IndicatorValue(float(quotient), float(low), float(high), "chance")
