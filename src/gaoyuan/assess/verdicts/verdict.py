"""A verdict: the state of a rule for a subject, criterion by criterion, with the evidence it rests on."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.logic.states import State
from gaoyuan.assess.plain_data import plain
from gaoyuan.assess.rules.model import Application, Json, Status


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact that a criterion used: value in the metric's unit, the year it is of, who said it, which run made it."""

    metric: str
    zh: str
    en: str
    year: int | None
    value: float | str | tuple[str, ...]
    unit_zh: str
    unit_en: str
    source: str
    run: str


@dataclass(frozen=True, slots=True)
class PointsVerdict:
    """The points of a part: from the least to the most that the facts allow, and its floor where it has one."""

    id: str
    zh: str
    en: str
    least: float
    most: float
    floor: float | None
    state: State | None
    parts: tuple[PointsVerdict, ...] = ()


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """The state of a criterion, and why.

    `value`, `threshold` and `margin` are in the metric's unit; margin is positive on the good side. Where the value is
    not known, `least` and `most` hold it (None where open). `missing` are the metrics without a fact.
    """

    id: str
    zh: str
    en: str
    article: str
    status: Status
    hard: bool
    state: State
    value: float | None = None
    operator: str | None = None
    threshold: float | None = None
    margin: float | None = None
    least: float | None = None
    most: float | None = None
    unit_zh: str = ""
    unit_en: str = ""
    level: str | None = None
    level_zh: str = ""
    due: dt.date | None = None
    reason_zh: str = ""
    reason_en: str = ""
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    parts: tuple[CriterionVerdict, ...] = ()
    points: tuple[PointsVerdict, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Who said the facts that were used, each once."""
        return tuple(dict.fromkeys(one.source for one in self.evidence if one.source))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a subject under one edition, with a snapshot of the rule, so that it stays true when rules change.

    `criteria` are by id, in the order of the rule.
    """

    subject: str
    rule: str
    edition: str
    title_zh: str
    title_en: str
    document_number: str
    status: Status
    as_of: dt.date
    application: Application
    settings: Mapping[str, str | float | None]
    state: State
    criteria: Mapping[str, CriterionVerdict]
    findings: tuple[Finding, ...]
    rule_text: str = field(repr=False)
    snapshot_sha256: str = ""
    program: str = ""

    @property
    def snapshot(self) -> dict[str, Json]:
        """The rule as it was, as plain data: a copy of its own each time."""
        return json.loads(self.rule_text)

    @property
    def level(self) -> str | None:
        """The level or class that the rule gives, where it gives one."""
        return next((one.level for one in self.every() if one.level is not None), None)

    def every(self) -> Iterator[CriterionVerdict]:
        """Give the criteria with all their parts."""

        def inside(criteria: tuple[CriterionVerdict, ...]) -> Iterator[CriterionVerdict]:
            for criterion in criteria:
                yield criterion
                yield from inside(criterion.parts)

        return inside(tuple(self.criteria.values()))

    def with_state(self, *states: State) -> list[CriterionVerdict]:
        """Give the criteria that are in one of the states."""
        return [criterion for criterion in self.criteria.values() if criterion.state in states]

    def as_data(self) -> dict[str, Json]:
        """Give the verdict as plain data for JSON."""
        data = plain(self)
        assert isinstance(data, dict)
        del data["rule_text"]
        data["snapshot"], data["level"] = self.snapshot, self.level
        return data

    def __str__(self) -> str:
        lines = [f"{self.title_zh} {self.rule}.{self.edition} · {self.as_of} · {self.subject}".rstrip(" ·")]
        lines.append(f"结论 verdict: {self.state.zh} {self.state.en}" + (f" · {self.level}" if self.level else ""))
        lines.extend(f"  {one.id:<14}{one.state.zh}\t{one.zh}：{one.reason_zh}" for one in self.criteria.values())
        lines.extend(f"  ! {finding}" for finding in self.findings)
        return "\n".join(lines)
