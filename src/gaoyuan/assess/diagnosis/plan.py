"""What a diagnosis says: how far each criterion is, the changes that would meet it, and the facts worth collecting."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from gaoyuan.assess.facts.parsing import Value
from gaoyuan.assess.logic.states import State
from gaoyuan.assess.plain_data import plain
from gaoyuan.assess.rules.model import Application, Json

Asks = Literal["any", "at_least", "above", "at_most", "below", "exactly"]
"""What a change asks: a value, whatever it is; one no less or more, or no more or less, than another; or that one."""


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that has to change from `before` (None where unknown or disputed) to `after`, in the metric's unit.

    `years` are empty for what is not asked by year. `relative` is the difference over `before`. For a share of which
    the base is known, `amount` is the difference as an amount of `base` (in that metric's unit).

    `asks` says which other values would do, all else as it is: of an unknown fact that only has to be collected `any`
    value, `after` being one of them. Where the value has to be `above` or `below` a number, that number is the `limit`
    and `after` the next value that a report can show.
    """

    metric: str
    zh: str
    en: str
    years: tuple[int, ...]
    before: Value | None
    after: Value
    difference: float | None
    relative: float | None
    base: str | None = None
    amount: float | None = None
    asks: Asks = "exactly"
    limit: float | None = None
    text_zh: str = ""
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Changes that together make a criterion met when it is judged on `judged_on`; judging with them has shown it.

    `past` says that a year that is over would have to be another: that tells the distance, but only a correction of
    the figure can change it. A remedy with a later `judged_on` needs values of years that are still to come.
    """

    changes: tuple[Change, ...]
    judged_on: dt.date
    past: bool
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class ShortYear:
    """A year of a window that falls short, and by how much (in the metric's unit)."""

    year: int
    value: float
    lacking: float


@dataclass(frozen=True, slots=True)
class NextLevel:
    """The level above the present one, the value that it begins at, and what would reach it, the smallest first."""

    id: str
    zh: str
    en: str
    least: float
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class NearFirm:
    """A firm that lacks so many criteria (`which`) of a title; one that lacks none may apply for it."""

    enterprise: str
    name: str
    title: str
    missing: int
    which: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CriterionPlan:
    """A criterion that is not met: how far it is, and the ways to meet it, the smallest first.

    `margin` is in the criterion's unit, negative on the bad side; `relative_margin` is over the threshold.
    `needs_judgement` says that the text is soft, or that only a person can decide.
    """

    id: str
    zh: str
    en: str
    state: State
    hard: bool
    needs_judgement: bool
    margin: float | None
    relative_margin: float | None
    unit_zh: str
    unit_en: str
    short_years: tuple[ShortYear, ...]
    remedies: tuple[Remedy, ...]
    next_level: NextLevel | None
    firms: tuple[NearFirm, ...]
    missing: tuple[str, ...]
    text_zh: tuple[str, ...]
    text_en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactWorth:
    """What it is worth to find out a fact that is missing or disputed.

    `for_verdict` is how many facts, itself among them, have to become known at least before the state of the whole can
    change through it; `for_criteria` the same for the state of any criterion. None where no value of it can change
    anything, whatever the other unknown facts are. `exact` is false where the number is only known not to be larger.
    """

    metric: str
    zh: str
    en: str
    years: tuple[int, ...]
    why: str
    for_verdict: int | None
    for_criteria: int | None
    exact: bool
    criteria: tuple[str, ...]
    text_zh: str
    text_en: str

    @property
    def worth_collecting(self) -> bool:
        """Whether the verdict can change through it."""
        return self.for_verdict is not None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """From a verdict to a plan: criteria that are not met, in the rule's order, and facts, the most useful first."""

    rule: str
    edition: str
    as_of: dt.date
    application: Application
    state: State
    criteria: tuple[CriterionPlan, ...]
    facts: tuple[FactWorth, ...]
    text_zh: str
    text_en: str

    def criterion(self, name: str) -> CriterionPlan:
        """Give the plan of a criterion. Raises KeyError for one that needs none."""
        found = next((one for one in self.criteria if one.id == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def as_data(self) -> dict[str, Json]:
        """Give the diagnosis as plain data for JSON."""
        data = plain(self)
        assert isinstance(data, dict)
        return data
