"""Walking through the criteria of a rule: all of them, the metrics and settings that they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from gaoyuan.assess.rules.model import (
    Bands,
    BestOf,
    Cases,
    Checklist,
    Choice,
    Criterion,
    GivenPoints,
    Lattice,
    Levels,
    Limit,
    Manual,
    Membership,
    PerUnit,
    Points,
    Quantity,
    Score,
    SettingName,
    Several,
    Threshold,
    Together,
    Tree,
)

MOST_KEPT = 10_000
"""Of so many criteria is kept what follows from them alone, because every verdict asks for it again."""


def walk(criteria: Iterable[Criterion]) -> Iterator[Criterion]:
    """Give the criteria with all that stand inside of them, from the outside inwards."""
    for criterion in criteria:
        yield criterion
        rule = criterion.rule
        if isinstance(rule, Together):
            yield from walk(rule.criteria)
        elif isinstance(rule, Cases):
            yield from walk(part for case in rule.cases for part in (case.when, case.then))
            if rule.otherwise is not None:
                yield from walk([rule.otherwise])


def walk_points(points: Points) -> Iterator[Points]:
    """Give what gives points with all its parts."""
    yield points
    if isinstance(points, Tree):
        for part in points.parts:
            yield from walk_points(part.points)
    elif isinstance(points, BestOf):
        for part in points.parts:
            yield from walk_points(part)


@lru_cache(maxsize=MOST_KEPT)
def quantities_of(criterion: Criterion) -> tuple[Quantity, ...]:
    """Give the quantities that a criterion itself measures."""
    return tuple(_quantities(criterion))


def _quantities(criterion: Criterion) -> Iterator[Quantity]:
    rule = criterion.rule
    if isinstance(rule, Threshold | Limit):
        yield rule.quantity
    elif isinstance(rule, Levels) and isinstance(rule.of, Quantity):
        yield rule.of
    for points in points_of(criterion):
        if isinstance(points, Bands | PerUnit):
            yield points.quantity


def points_of(criterion: Criterion) -> Iterator[Points]:
    """Give all that gives points in a criterion itself."""
    rule = criterion.rule
    if isinstance(rule, Score):
        yield from walk_points(rule.points)
    elif isinstance(rule, Levels) and not isinstance(rule.of, Quantity):
        yield from walk_points(rule.of)


@lru_cache(maxsize=MOST_KEPT)
def own_metrics(criterion: Criterion) -> tuple[str, ...]:
    """Give the metrics that a criterion itself speaks of, without those of criteria inside of it, by name."""
    found = {name for quantity in quantities_of(criterion) for name in (*quantity.metrics, *quantity.over)}
    for points in points_of(criterion):
        if isinstance(points, Choice | Several | GivenPoints):
            found.add(points.metric)
    rule = criterion.rule
    if isinstance(rule, Checklist):
        found.update(item.metric for item in rule.items)
    elif isinstance(rule, Membership):
        found.add(rule.metric)
    elif isinstance(rule, Limit):
        found.add(rule.named_by)
    elif isinstance(rule, Manual) and rule.metric:
        found.add(rule.metric)
    elif isinstance(rule, Lattice):
        found.update({rule.sector, *(name for rows in rule.bounds.values() for row in rows for name in row)})
    return tuple(sorted(found))


def metrics_of(criteria: Iterable[Criterion]) -> set[str]:
    """Give all metrics that criteria speak of."""
    return {name for criterion in walk(criteria) for name in own_metrics(criterion)}


def settings_of(criteria: Iterable[Criterion]) -> set[str]:
    """Give all settings that criteria use."""
    found: set[str] = set()
    for criterion in walk(criteria):
        for quantity in quantities_of(criterion):
            if isinstance(quantity.years, SettingName):
                found.add(quantity.years.name)
        rule = criterion.rule
        if isinstance(rule, Threshold | Score) and isinstance(rule.bound, SettingName):
            found.add(rule.bound.name)
        if isinstance(rule, Levels) and isinstance(rule.wanted, SettingName):
            found.add(rule.wanted.name)
    return found
