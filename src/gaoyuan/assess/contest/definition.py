"""What a contest is: tracks and groups, criteria with weights, panels, how scores count, places, deadlines.

The shape follows what is published of the national contest (工信厅规函〔2024〕252号: 小组赛 groups, then 综合赛 final)
and of Hunan's (湘工信产业集聚〔2025〕372号: two tracks, each with winners and candidates). Neither publishes its score
table: criteria and weights are the user's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeAlias, get_args

from gaoyuan.assess.contest.bodies import Body

__all__ = [
    "DEADLINES",
    "Correction",
    "Criterion",
    "Deadline",
    "Definition",
    "Group",
    "Panel",
    "ResultClass",
    "RoundName",
    "TieBreaker",
    "Title",
    "Track",
    "every_criterion",
]

Correction: TypeAlias = Literal["none", "additive", "standardised"]
RoundName: TypeAlias = Literal["group", "final"]
Deadline: TypeAlias = Literal["entries", "group_scoring", "group_appeals", "final_scoring", "appeals"]
DEADLINES: tuple[Deadline, ...] = get_args(Deadline)
"""The deadlines of a contest in the order in which they pass; `group_appeals` need not be."""


@dataclass(frozen=True, slots=True)
class Title:
    """A name in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} {self.en}"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion (指标): a leaf has a maximum of points, a branch has criteria below it; weights are of siblings."""

    id: str
    title: Title
    weight: Decimal | None
    maximum: Decimal | None
    criteria: tuple[Criterion, ...]

    def leaves(self) -> Iterator[Criterion]:
        """Give the criteria below (or this one) that judges score."""
        if self.maximum is not None:
            yield self
        for part in self.criteria:
            yield from part.leaves()


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the group round (小组)."""

    id: str
    title: Title


@dataclass(frozen=True, slots=True)
class ResultClass:
    """A class of results, such as winners or candidates, and how many places it has."""

    id: str
    title: Title
    places: int


@dataclass(frozen=True, slots=True)
class Track:
    """A track: its groups, how many of each group go to the final, and the classes that the final fills in order."""

    id: str
    title: Title
    groups: tuple[Group, ...]
    advance: int
    classes: tuple[ResultClass, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """How many judges a panel has at least, and how many scores an entrant needs."""

    size: int
    min_scores: int


@dataclass(frozen=True, slots=True)
class TieBreaker:
    """What decides between equal scores: the mean on a criterion, the median or the lowest of the judges' totals
    (higher wins), or their spread (smaller wins).
    """

    by: Literal["criterion", "median", "lowest", "spread"]
    criterion: str | None = None

    def __str__(self) -> str:
        return f"{self.by} {self.criterion}" if self.criterion else self.by


@dataclass(frozen=True)
class Definition:
    """A checked definition; `source` is its normal form, as the record holds it."""

    source: Body
    id: str
    title: Title
    tracks: tuple[Track, ...]
    criteria: tuple[Criterion, ...]
    points: Decimal
    score_decimals: int
    panels: Mapping[RoundName, Panel]
    same_organisation: bool
    same_county: bool
    correction: Correction
    trim: int
    decimals: int
    ties: tuple[TieBreaker, ...]
    deadlines: Mapping[Deadline, dt.datetime]

    @cached_property
    def leaves(self) -> tuple[Criterion, ...]:
        """The criteria that judges score, in the order of the definition."""
        return tuple(leaf for criterion in self.criteria for leaf in criterion.leaves())

    @cached_property
    def coefficients(self) -> dict[str, Fraction]:
        """What one point on each leaf adds to the total: points x the product of the weights on the way / maximum.

        Siblings without weights weigh as their maximum points do; weights are shares of their sum (1 or 100).
        """
        return _coefficients(self.criteria, Fraction(self.points))

    @cached_property
    def leaves_of(self) -> dict[str, tuple[str, ...]]:
        """The leaves at or below each criterion, by id."""
        return {
            criterion.id: tuple(leaf.id for leaf in criterion.leaves()) for criterion in every_criterion(self.criteria)
        }

    @cached_property
    def track_of_group(self) -> dict[str, Track]:
        """The track of each group, by the group's id."""
        return {group.id: track for track in self.tracks for group in track.groups}


def every_criterion(criteria: tuple[Criterion, ...]) -> Iterator[Criterion]:
    """Give criteria and all below them, branches before their leaves."""
    for criterion in criteria:
        yield criterion
        yield from every_criterion(criterion.criteria)


def _most(criterion: Criterion) -> Fraction:
    return sum((Fraction(leaf.maximum or 0) for leaf in criterion.leaves()), Fraction())


def _coefficients(siblings: tuple[Criterion, ...], worth: Fraction) -> dict[str, Fraction]:
    weights = [_most(part) if part.weight is None else Fraction(part.weight) for part in siblings]
    whole, found = sum(weights, Fraction()), dict[str, Fraction]()
    for part, weight in zip(siblings, weights, strict=True):
        share = worth * weight / whole
        if part.maximum is not None:
            found[part.id] = share / Fraction(part.maximum)
        else:
            found |= _coefficients(part.criteria, share)
    return found
