"""Points: what bands, choices, counts and weighted trees give for the facts of many subjects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gaoyuan.assess.facts.columns import FactColumns
from gaoyuan.assess.logic.intervals import Floats, Interval, compare, constant, holds, most, scaled, total, within
from gaoyuan.assess.logic.states import Codes
from gaoyuan.assess.rules.model import (
    Bands,
    BestOf,
    Choice,
    GivenPoints,
    Part,
    PerUnit,
    Points,
    Quantity,
    Several,
    Tree,
)

Measure = Callable[[Quantity], Interval]
"""Gives what is known of a quantity."""


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """What a part of a table of points has: points (n) times weight, the state of its floor, parts of its own."""

    part: Part
    points: Interval
    floor: Codes | None
    parts: tuple[PartOutcome, ...]


def points_given(points: Points, columns: FactColumns, measure: Measure) -> tuple[Interval, tuple[PartOutcome, ...]]:
    """Give the points (n), from the least to the most that the facts allow, and those of the named parts."""
    if isinstance(points, Tree):
        parts = tuple(_part(part, columns, measure) for part in points.parts)
        whole = total([part.points for part in parts])
        if points.cap is not None:
            whole = Interval(np.minimum(whole.lo, points.cap), np.minimum(whole.hi, points.cap))
        return whole, parts
    if isinstance(points, BestOf):
        return most([points_given(part, columns, measure)[0] for part in points.parts]), ()
    if isinstance(points, Bands):
        return _banded(points, measure(points.quantity)), ()
    if isinstance(points, PerUnit):
        return _per_unit(points, measure(points.quantity)), ()
    if isinstance(points, Choice):
        return _chosen(points, columns), ()
    if isinstance(points, Several):
        parts_of = [scaled(columns.option(points.metric, name), worth) for name, worth in points.points.items()]
        whole = total(parts_of)
        return Interval(np.minimum(whole.lo, points.cap), np.minimum(whole.hi, points.cap)), ()
    return _given(points, columns), ()


def floors(parts: tuple[PartOutcome, ...]) -> list[Codes]:
    """Give the states of all floors among the parts."""
    found: list[Codes] = []
    for part in parts:
        if part.floor is not None:
            found.append(part.floor)
        found.extend(floors(part.parts))
    return found


def _part(part: Part, columns: FactColumns, measure: Measure) -> PartOutcome:
    plain, parts = points_given(part.points, columns, measure)
    points = scaled(plain, part.weight)
    floor = None if part.floor is None else compare(points, ">=", constant(points.size, part.floor))
    return PartOutcome(part, points, floor, parts)


def _banded(bands: Bands, numbers: Interval) -> Interval:
    """Points are monotone in the quantity, so those of both ends hold all between."""
    one, other = _points_at(bands, numbers.lo), _points_at(bands, numbers.hi)
    return Interval(np.minimum(one, other), np.maximum(one, other))


def _points_at(bands: Bands, values: Floats) -> Floats:
    points = np.full(values.size, bands.otherwise)
    for band in reversed(bands.bands):
        points[holds(values, band.operator, band.bound)] = band.points
    return points


def _per_unit(rule: PerUnit, numbers: Interval) -> Interval:
    def at(values: Floats) -> Floats:
        # A quotient just below a whole number by rounding is that number.
        return np.clip(np.floor(values / rule.every * (1 + 1e-12)) * rule.points, 0.0, rule.cap)

    return Interval(at(numbers.lo), at(numbers.hi))


def _chosen(rule: Choice, columns: FactColumns) -> Interval:
    words = columns.word(rule.metric)
    table = np.array([rule.points.get(label, np.nan) for label in words.labels] + [np.nan])[words.position]
    unknown = np.isnan(table)
    worst, best = min(rule.points.values()), max(rule.points.values())
    return Interval(np.where(unknown, worst, table), np.where(unknown, best, table))


def _given(rule: GivenPoints, columns: FactColumns) -> Interval:
    numbers = within(columns.number(rule.metric, columns.last_year), 0.0, rule.most)
    return Interval(np.clip(numbers.lo, 0.0, rule.most), np.clip(numbers.hi, 0.0, rule.most))
