"""A plan: targets with their due dates, where they began, and what is known of them over time.

Times are in years: the end of the year Y is Y, so 31 December of Y too; 2 July of 2025 lies near 2024.5.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.metric_catalogue import Metric
from gaoyuan.assess.logic.intervals import Operator
from gaoyuan.assess.targets.trend import Form


@dataclass(frozen=True, slots=True)
class Observation:
    """A value at a time, from `least` to `most` (the same where exactly known), who said it and which run made it.

    `label` is the year or the date as given. What is `computed` from the workspace measures it as it is now, and not as
    past years were reported, so it counts for today but not for the trend.
    """

    time: float
    label: str
    least: float
    most: float
    source: str
    run: str = ""
    computed: bool = False

    @property
    def exact(self) -> bool:
        """Whether the value is exactly known."""
        return self.least == self.most


@dataclass(frozen=True, slots=True)
class Milestone:
    """What is to be reached by a day; the value is None where the plan's own number is not known."""

    due: dt.date
    value: float | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where a target began."""

    time: float
    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Target:
    """A target: what is measured, which side is good, where it began, what is due when, and what is known.

    `workspace` says what of a workspace tells today's value; `form` is the trend's, chosen by rule where None.
    """

    id: str
    metric: Metric
    operator: Operator
    final: Milestone
    baseline: Baseline | None = None
    milestones: tuple[Milestone, ...] = ()
    observed: tuple[Observation, ...] = ()
    workspace: Mapping[str, object] = field(default_factory=dict)
    form: Form | None = None

    @property
    def higher(self) -> bool:
        """Whether more is better."""
        return self.operator.startswith((">", "="))


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan with its targets; `region` is the division code that facts of the workspace are looked up by."""

    id: str
    title_zh: str
    title_en: str
    document: str
    region: str
    targets: tuple[Target, ...]
    findings: tuple[Finding, ...] = ()


def time_of(day: dt.date) -> float:
    """Give a day as a time in years.

    >>> time_of(dt.date(2025, 12, 31)), time_of(dt.date(2024, 12, 30)) < 2024
    (2025.0, True)
    """
    return day.year - 1 + day.timetuple().tm_yday / (366 if calendar.isleap(day.year) else 365)


def read_time(given: object) -> tuple[float, str] | None:
    """Read a year or a date, None where it is neither.

    >>> read_time(2024), read_time("2024年"), read_time("2025-12-31"), read_time("soon")
    ((2024.0, '2024'), (2024.0, '2024'), (2025.0, '2025-12-31'), None)
    """
    if isinstance(given, dt.date):
        return time_of(given), given.isoformat()[:10]
    text = str(given).strip().removesuffix("年").removesuffix(".0")
    if text.isdecimal() and 1900 <= int(text) <= 2200:
        return float(text), text
    try:
        day = dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
    return time_of(day), day.isoformat()
