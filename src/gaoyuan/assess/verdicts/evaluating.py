"""Evaluating criteria on the facts of many subjects at once: for each the state, the value and the bound.

One subject is a column of length one, so a single verdict and a table of a million come from the same code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from gaoyuan.assess.facts.columns import FactColumns
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.logic.intervals import (
    Floats,
    Interval,
    compare,
    compound_growth,
    constant,
    least,
    most,
    quotient,
    scaled,
    total,
    unknown,
)
from gaoyuan.assess.logic.states import (
    MANUAL,
    MET,
    NOT_APPLICABLE,
    UNKNOWN,
    UNMET,
    Codes,
    Flags,
    all_of,
    any_of,
    decided,
    everywhere,
)
from gaoyuan.assess.rules.model import (
    Application,
    Cases,
    Checklist,
    Criterion,
    Lattice,
    Levels,
    Limit,
    Manual,
    Membership,
    Number,
    Quantity,
    Score,
    SettingName,
    Threshold,
    Together,
)
from gaoyuan.assess.verdicts.point_tables import PartOutcome, floors, points_given

_SAME = 1e-12
_RATE_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a verdict depends on beside facts and rule: the day, the application, the settings chosen."""

    as_of: dt.date
    application: Application
    settings: Mapping[str, str | float | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a criterion gives for n subjects: states, the value and the bound where it has one, and its parts.

    `level` is the position of the level or class reached, −1 where it is not known or none is reached.
    """

    criterion: Criterion
    states: Codes
    value: Interval | None = None
    bound: Interval | None = None
    parts: tuple[Outcome, ...] = ()
    points: tuple[PartOutcome, ...] = ()
    level: npt.NDArray[np.int64] | None = None


def evaluate(criteria: Sequence[Criterion], columns: FactColumns, how: Circumstances) -> tuple[Outcome, ...]:
    """Give the outcome of each criterion for the subjects (n) of the columns."""
    return tuple(_evaluated(criterion, columns, how) for criterion in criteria)


def overall(outcomes: Sequence[Outcome]) -> Codes:
    """Give the state of the whole (n): all criteria, where one that is soft and not met asks for a judgement."""
    states = [
        outcome.states
        if outcome.criterion.hard
        else np.where(outcome.states == UNMET, MANUAL, outcome.states).astype(np.int8)
        for outcome in outcomes
    ]
    return all_of(states)


def window(quantity: Quantity, how: Circumstances) -> tuple[int, ...]:
    """Give the years that a quantity is taken over: full years before the as-of date."""
    years = quantity.years
    if isinstance(years, SettingName):
        years = int(how.settings[years.name] or 1)
    return tuple(range(how.as_of.year - years, how.as_of.year))


def measured(quantity: Quantity, columns: FactColumns, how: Circumstances) -> Interval:
    """Give what is known of a quantity (n)."""
    by_year = [_in_year(quantity, columns, year) for year in window(quantity, how)]
    if quantity.take == "minimum":
        return least(by_year)
    if quantity.take == "maximum":
        return most(by_year)
    if quantity.take == "sum" and quantity.over:
        years = window(quantity, how)
        above, below = (
            total([columns.number(name, year) for name in names for year in years])
            for names in (quantity.metrics, quantity.over)
        )
        return quotient(above, below)
    if quantity.take == "sum":
        return total(by_year)
    if quantity.take == "average":
        return scaled(total(by_year), 1.0 / len(by_year))
    if quantity.take == "growth":
        return _growth(by_year, str(how.settings.get("average_growth") or "cagr"))
    if quantity.take == "change":
        return Interval(by_year[-1].lo - by_year[0].hi, by_year[-1].hi - by_year[0].lo)
    return by_year[-1]


def number(given: Number, how: Circumstances, size: int) -> Interval:
    """Give a number of a rule for n subjects; one that is not known is unknown."""
    if isinstance(given, SettingName):
        chosen = how.settings[given.name]
        given = None if chosen is None else float(chosen)
    return unknown(size) if given is None else constant(size, given)


def _evaluated(criterion: Criterion, columns: FactColumns, how: Circumstances) -> Outcome:
    if how.application not in criterion.applications:
        return Outcome(criterion, everywhere(NOT_APPLICABLE, columns.size))
    rule = criterion.rule
    if isinstance(rule, Threshold):
        value, bound = measured(rule.quantity, columns, how), number(rule.bound, how, columns.size)
        return Outcome(criterion, compare(value, rule.operator, bound), value, bound)
    if isinstance(rule, Together):
        parts = evaluate(rule.criteria, columns, how)
        states = [part.states for part in parts]
        whole = all_of(states) if rule.at_least is None else any_of(states, rule.at_least)
        return Outcome(criterion, whole, parts=parts)
    if isinstance(rule, Cases):
        return _by_case(criterion, rule, columns, how)
    if isinstance(rule, Score):
        value, points = points_given(rule.points, columns, partial(measured, columns=columns, how=how))
        bound = number(rule.bound, how, columns.size)
        states = all_of([compare(value, rule.operator, bound), *floors(points)])
        return Outcome(criterion, states, value, bound, points=points)
    if isinstance(rule, Levels):
        return _levelled(criterion, rule, columns, how)
    if isinstance(rule, Lattice):
        return _classed(criterion, rule, columns)
    if isinstance(rule, Limit):
        value, bound = measured(rule.quantity, columns, how), _limits(rule, columns)
        return Outcome(criterion, compare(value, "<=", bound), value, bound)
    if isinstance(rule, Membership):
        if metrics()[rule.metric].kind == "several":
            options = [columns.option(rule.metric, name) for name in rule.among]
            return Outcome(criterion, any_of([decided(one.lo > 0, one.hi <= 0) for one in options]))
        words = columns.word(rule.metric)
        inside = words.among(rule.among)
        return Outcome(criterion, decided(inside, ~inside & (words.position >= 0)))
    return _judged_by_people(criterion, rule, columns)


def _in_year(quantity: Quantity, columns: FactColumns, year: int) -> Interval:
    above = total([columns.number(metric, year) for metric in quantity.metrics])
    if not quantity.over:
        return above
    return quotient(above, total([columns.number(metric, year) for metric in quantity.over]))


def _growth(by_year: Sequence[Interval], how: str) -> Interval:
    """Give average growth; a year that is not known leaves it open, also where it lies in the middle."""
    if how == "mean_of_yearly":
        steps = [compound_growth(before, after, 1) for before, after in pairwise(by_year)]
        growth = scaled(total(steps), 1.0 / len(steps))
    else:
        growth = compound_growth(by_year[0], by_year[-1], len(by_year) - 1)
    # Steps up and down again leave a remainder of rounding, which is no growth.
    growth = growth.through(lambda ends: ends.round(_RATE_DIGITS))
    bounded = np.logical_and.reduce([year.bounded for year in by_year])
    return growth if bounded.all() else growth.where(bounded, unknown(by_year[0].size, -1.0))


def _by_case(criterion: Criterion, rule: Cases, columns: FactColumns, how: Circumstances) -> Outcome:
    """The first case whose condition is met decides; where a condition is open, only what all that follow agree on.

    What stands in a case counts only where that case is surely taken, and does not apply where it surely is not.
    """
    whens = [_evaluated(case.when, columns, how) for case in rule.cases]
    thens = [_evaluated(case.then, columns, how) for case in rule.cases]
    last = None if rule.otherwise is None else _evaluated(rule.otherwise, columns, how)
    if last is None:
        states = everywhere(NOT_APPLICABLE, columns.size)
        value = bound = unknown(columns.size)
    else:
        states, value, bound = last.states, _or_unknown(last.value, columns), _or_unknown(last.bound, columns)
    for when, then in zip(reversed(whens), reversed(thens), strict=True):
        holds, fails = when.states == MET, when.states == UNMET
        agreed = np.where(then.states == states, states, UNKNOWN)
        states = np.where(holds, then.states, np.where(fails, states, agreed)).astype(np.int8)
        own, own_bound = _or_unknown(then.value, columns), _or_unknown(then.bound, columns)
        value = own.where(holds, value.where(fails, own.hull(value)))
        bound = own_bound.where(holds, bound.where(fails, own_bound.hull(bound)))
    parts: list[Outcome] = []
    possible, sure = (np.ones(columns.size, dtype=bool) for _ in range(2))
    for when, then in zip(whens, thens, strict=True):
        holds, fails = when.states == MET, when.states == UNMET
        parts.extend([when, _where_taken(then, possible & ~fails, sure & holds)])
        possible, sure = possible & ~holds, sure & fails
    if last is not None:
        parts.append(_where_taken(last, possible, sure))
    return Outcome(criterion, states, value, bound, parts=tuple(parts))


def _where_taken(outcome: Outcome, possible: Flags, sure: Flags) -> Outcome:
    """Give what a case says where it surely is the one that is taken; where it only may be, that is unknown."""
    maybe = np.where(outcome.states == NOT_APPLICABLE, NOT_APPLICABLE, UNKNOWN)
    states = np.where(sure, outcome.states, np.where(possible, maybe, NOT_APPLICABLE))
    return replace(
        outcome,
        states=states.astype(np.int8),
        parts=tuple(_where_taken(part, possible, sure) for part in outcome.parts),
        level=None if outcome.level is None else np.where(sure, outcome.level, -1),
    )


def _or_unknown(given: Interval | None, columns: FactColumns) -> Interval:
    return unknown(columns.size) if given is None else given


def _levelled(criterion: Criterion, rule: Levels, columns: FactColumns, how: Circumstances) -> Outcome:
    points: tuple[PartOutcome, ...] = ()
    if isinstance(rule.of, Quantity):
        value = measured(rule.of, columns, how)
    else:
        value, points = points_given(rule.of, columns, partial(measured, columns=columns, how=how))
    lower, upper = _level_at(rule, value.lo), _level_at(rule, value.hi)
    wanted = how.settings[rule.wanted.name] if isinstance(rule.wanted, SettingName) else rule.wanted
    names = [level.id for level in rule.levels]
    goal = names.index(str(wanted)) if wanted is not None else 0
    held = all_of([everywhere(MET, columns.size), *floors(points)])
    states = all_of([decided(lower >= goal, upper < goal), held])
    bound = constant(columns.size, rule.levels[goal].least)
    level = np.where((lower == upper) & (held == MET), lower, -1)
    return Outcome(criterion, states, value, bound, points=points, level=level)


def _level_at(rule: Levels, values: Floats) -> npt.NDArray[np.int64]:
    """Give the position of the level of each value, −1 below all."""
    bounds = np.array([level.least for level in rule.levels])
    return np.searchsorted(bounds - _SAME * np.abs(bounds), values, side="right") - 1


def _classed(criterion: Criterion, rule: Lattice, columns: FactColumns) -> Outcome:
    """Classes count from the highest (0) down; the best and the worst class that the facts allow have to agree.

    A label of the sector may name several with | between: the subject is in one of them.
    """
    lowest = len(rule.classes) - 1
    best, worst = np.full(columns.size, lowest + 1), np.full(columns.size, -1)
    sector = columns.word(rule.sector)
    figures = {
        name: columns.number(name, columns.last_year)
        for name in {name for rows in rule.bounds.values() for row in rows for name in row}
    }
    for name, rows in rule.bounds.items():
        own = np.flatnonzero(sector.among([label for label in sector.labels if name in label.split("|")]))
        if not own.size:
            continue
        own_figures = {metric: Interval(numbers.lo[own], numbers.hi[own]) for metric, numbers in figures.items()}
        own_best, own_worst = (np.full(own.size, lowest) for _ in range(2))
        for class_at, bounds in reversed(list(enumerate(rows))):
            held = all_of(
                [compare(own_figures[metric], ">=", constant(own.size, bound)) for metric, bound in bounds.items()]
            )
            own_worst[held == MET] = class_at
            own_best[held != UNMET] = class_at
        best[own] = np.minimum(best[own], own_best)
        worst[own] = np.maximum(worst[own], own_worst)
    certain = worst >= 0
    level = np.where(certain & (best == worst), worst, -1)
    inside = np.array([not rule.among or one.id in rule.among for one in rule.classes])
    ends = inside[np.minimum(best, lowest)], inside[worst]
    known = certain & ((level >= 0) if not rule.among else True)
    states = decided(known & ends[0] & ends[1], known & ~ends[0] & ~ends[1])
    # A sector that the rule does not name has no class.
    states[~certain & (sector.position >= 0)] = NOT_APPLICABLE
    return Outcome(criterion, states, level=level)


def _limits(rule: Limit, columns: FactColumns) -> Interval:
    words = columns.word(rule.named_by)
    limit = np.full(columns.size, rule.at_most)
    for name, own in rule.exceptions.items():
        limit[words.among([name])] = own
    highest = max(rule.at_most, *rule.exceptions.values()) if rule.exceptions else rule.at_most
    lowest = min(rule.at_most, *rule.exceptions.values()) if rule.exceptions else rule.at_most
    nameless = words.position < 0
    return Interval(np.where(nameless, lowest, limit), np.where(nameless, highest, limit))


def _judged_by_people(criterion: Criterion, rule: Checklist | Manual, columns: FactColumns) -> Outcome:
    """Evidence decides where it is recorded; where it is not, a person has to look."""
    names = [item.metric for item in rule.items] if isinstance(rule, Checklist) else [rule.metric]
    states: list[Codes] = []
    for name in names:
        if name is None or name not in columns.numbers:
            states.append(everywhere(MANUAL, columns.size))
            continue
        flag = columns.number(name, columns.last_year)
        states.append(np.where(flag.lo > 0, MET, np.where(flag.hi <= 0, UNMET, MANUAL)).astype(np.int8))
    needed = rule.at_least if isinstance(rule, Checklist) else None
    return Outcome(criterion, all_of(states) if needed is None else any_of(states, needed))
