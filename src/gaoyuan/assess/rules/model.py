"""What a rule is: an edition of a document, its criteria, and the kinds of criteria there are.

These are plain data, read from YAML by `rulebook`; nothing here computes. Money is in yuan, shares are fractions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias

from gaoyuan.assess.logic.intervals import Operator

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
Application = Literal["new", "renewal"]
Subject = Literal["cluster", "enterprise", "region", "project"]
Take = Literal["last", "minimum", "maximum", "average", "sum", "growth", "change"]

APPLICATIONS: tuple[Application, ...] = ("new", "renewal")


class Status(StrEnum):
    """How sure the text of a rule is: seen in the official text, in a secondary one, in none, or a draft."""

    OFFICIAL = "official"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"
    DRAFT = "draft"

    @property
    def zh(self) -> str:
        """The status in Chinese."""
        return {"official": "官方原文", "secondary": "二手来源", "unverified": "未核实", "draft": "征求意见稿"}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class SettingName:
    """The name of a setting that stands where a number or a word would."""

    name: str


Number: TypeAlias = "float | SettingName | None"
"""A number of a rule: given, taken from a setting, or not known (then the criterion is unknown)."""


# What is measured ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quantity:
    """A sum of metrics over an optional divisor (sum of metrics too), in a year or taken over a window of years.

    `years` is the number of yearly values of the window, the last of them the last full year before the as-of date;
    `take` says what is taken of them. Growth over n values has n − 1 steps; the sum of a ratio is the ratio of
    the sums.
    """

    metrics: tuple[str, ...]
    over: tuple[str, ...] = ()
    years: int | SettingName = 1
    take: Take = "last"


# Points --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Band:
    """Points where a comparison with a bound holds."""

    operator: Operator
    bound: float
    points: float


@dataclass(frozen=True, slots=True)
class Bands:
    """Points of the first band that holds, else `otherwise`; monotone in the quantity."""

    quantity: Quantity
    bands: tuple[Band, ...]
    otherwise: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """Points of the one option that a metric names."""

    metric: str
    points: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Several:
    """Points of all options that a metric names, up to a cap."""

    metric: str
    points: Mapping[str, float]
    cap: float


@dataclass(frozen=True, slots=True)
class PerUnit:
    """So many points for every full `every` of a quantity, up to a cap."""

    quantity: Quantity
    every: float
    points: float
    cap: float


@dataclass(frozen=True, slots=True)
class GivenPoints:
    """Points that somebody else has given: the metric is the points, 0 to `most`."""

    metric: str
    most: float


@dataclass(frozen=True, slots=True)
class BestOf:
    """The most points that one of the parts gives."""

    parts: tuple[Points, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a table of points, times its weight, with a floor below which the whole is not passed."""

    id: str
    zh: str
    en: str
    points: Points
    weight: float = 1.0
    floor: float | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """The sum of weighted parts, up to a cap."""

    parts: tuple[Part, ...]
    cap: float | None = None


Points: TypeAlias = "Bands | Choice | Several | PerUnit | GivenPoints | BestOf | Tree"


# Kinds of criteria ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Threshold:
    """A quantity against a number; `target_by` is the date of a dated target."""

    quantity: Quantity
    operator: Operator
    bound: Number
    target_by: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A count that may not be exceeded, with units named that have a limit of their own."""

    quantity: Quantity
    at_most: float
    named_by: str
    exceptions: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Membership:
    """A metric in words that has to be one of several; of a metric of several choices one at least."""

    metric: str
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """At least so many of the criteria; all of them where `at_least` is None."""

    criteria: tuple[Criterion, ...]
    at_least: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What holds where a condition is met."""

    when: Criterion
    then: Criterion


@dataclass(frozen=True, slots=True)
class Cases:
    """The criterion of the first case whose condition is met, else `otherwise`, else not applicable."""

    cases: tuple[Case, ...]
    otherwise: Criterion | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Points that have to reach a number, all floors of their parts included."""

    points: Points
    operator: Operator
    bound: Number


@dataclass(frozen=True, slots=True)
class Level:
    """A level of an ordered scale: from `least` (included) on."""

    id: str
    zh: str
    en: str
    least: float


@dataclass(frozen=True, slots=True)
class Levels:
    """Points or a quantity that give a level; met at `wanted` or above (the lowest level where None).

    Where the points have floors, no level is reached while one of them is missed, and none is known while one is open.
    """

    of: Points | Quantity
    levels: tuple[Level, ...]
    wanted: str | SettingName | None = None


@dataclass(frozen=True, slots=True)
class Lattice:
    """The highest class of which ALL lower bounds of the subject's sector hold, else the lowest class.

    `bounds` gives for each sector the lower bounds by metric, from the highest class to the last but one of `classes`.
    Met where the class is known and, where `among` is given, one of these.
    """

    sector: str
    classes: tuple[Level, ...]
    bounds: Mapping[str, tuple[Mapping[str, float], ...]]
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """An item of a checklist: a flag that evidence has to answer."""

    metric: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """Items of which at least so many are there (all where None); without evidence a person has to look."""

    items: tuple[ChecklistItem, ...]
    at_least: int | None = None


@dataclass(frozen=True, slots=True)
class Manual:
    """What only a person can judge; a recorded judgement is the flag `metric`."""

    metric: str | None = None


Rule: TypeAlias = "Threshold | Limit | Membership | Together | Cases | Score | Levels | Lattice | Checklist | Manual"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: its words, where they stand, how sure they are, and the rule.

    `hard` is false where the text itself is soft ("generally"): then it not being met needs a judgement.
    `applications` are those that it holds for.
    """

    id: str
    zh: str
    en: str
    article: str
    status: Status
    rule: Rule
    hard: bool = True
    applications: tuple[Application, ...] = APPLICATIONS
    note_zh: str = ""
    note_en: str = ""

    def __hash__(self) -> int:
        """Give a hash of the words, so that what follows from a criterion alone can be kept; rules have mappings."""
        return hash((self.id, self.zh, self.en))


@dataclass(frozen=True, slots=True)
class Setting:
    """What the text leaves open, or a number that was not found: a default, and what may be chosen."""

    name: str
    default: str | float | None
    zh: str
    en: str
    choices: tuple[str | float, ...] = ()
    status: Status = Status.OFFICIAL


@dataclass(frozen=True, slots=True)
class Duty:
    """A dated duty or a step of the procedure: quotas, deadlines, reviews. Information, not a criterion."""

    zh: str
    en: str
    status: Status
    month_day: str = ""
    years: int | None = None
    quota: Mapping[str, float] = field(default_factory=dict)
    article: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a rule: document, validity, settings, criteria.

    `data` is the file as it was read, `text` the same as JSON.
    """

    id: str
    edition: str
    title_zh: str
    title_en: str
    document_number: str
    issuer_zh: str
    issuer_en: str
    url: str
    published: dt.date | None
    effective: Mapping[Application, tuple[dt.date | None, dt.date | None]]
    supersedes: str | None
    region: str
    region_zh: str
    subject: Subject
    status: Status
    last_checked: dt.date
    settings: Mapping[str, Setting]
    criteria: tuple[Criterion, ...]
    duties: tuple[Duty, ...]
    notes_zh: tuple[str, ...]
    notes_en: tuple[str, ...]
    data: Mapping[str, Json]
    text: str
    sha256: str

    @property
    def key(self) -> str:
        """The name of this edition among all."""
        return f"{self.id}.{self.edition}"

    def in_force(self, day: dt.date, application: Application = "new") -> bool:
        """Whether the edition holds on a day for an application."""
        if application not in self.effective:
            return False
        begin, end = self.effective[application]
        return (begin is None or begin <= day) and (end is None or day <= end)
