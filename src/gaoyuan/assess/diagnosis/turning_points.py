"""The numbers at which criteria turn."""

from __future__ import annotations

from collections.abc import Iterator

from gaoyuan.assess.diagnosis.dials import Situation
from gaoyuan.assess.rules.model import (
    Bands,
    Criterion,
    GivenPoints,
    Lattice,
    Levels,
    Limit,
    PerUnit,
    Quantity,
    SettingName,
    Threshold,
)
from gaoyuan.assess.rules.walk import own_metrics, points_of, walk


def numbers_held_against(name: str, criterion: Criterion, situation: Situation) -> Iterator[float]:
    """Give the numbers that a criterion, with its parts, holds a metric against."""
    for one in walk([criterion]):
        rule = one.rule
        if name not in own_metrics(one):
            continue
        if isinstance(rule, Threshold):
            bound = situation.how.settings[rule.bound.name] if isinstance(rule.bound, SettingName) else rule.bound
            if isinstance(bound, int | float):
                yield float(bound)
        elif isinstance(rule, Limit):
            yield from (rule.at_most, *rule.exceptions.values())
        elif isinstance(rule, Levels) and isinstance(rule.of, Quantity):
            yield from (level.least for level in rule.levels)
        elif isinstance(rule, Lattice):
            yield from (row[name] for rows in rule.bounds.values() for row in rows if name in row)
        for points in points_of(one):
            if isinstance(points, Bands) and name in points.quantity.metrics:
                yield from (band.bound for band in points.bands)
            elif isinstance(points, PerUnit) and name in points.quantity.metrics:
                yield points.every
            elif isinstance(points, GivenPoints) and points.metric == name:
                yield points.most
