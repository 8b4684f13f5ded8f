"""Evaluating criteria on the facts of many subjects at once: for each the state, the value and the bound.

One subject is a column of length one, so a single verdict and a table of a million come from the same code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from gaoyuan.assess.fact_columns import FactColumns
from gaoyuan.assess.intervals import (
    Floats,
    Interval,
    compare,
    compound_growth,
    exactly,
    least,
    quotient,
    scaled,
    total,
    unknown,
)
from gaoyuan.assess.point_tables import PartOutcome, floors, points_given
from gaoyuan.assess.rule_model import (
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
from gaoyuan.assess.states import (
    MANUAL,
    MET,
    NOT_APPLICABLE,
    UNKNOWN,
    UNMET,
    Codes,
    all_of,
    any_of,
    decided,
    everywhere,
)

_SAME = 1e-12


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
    return exactly(np.full(size, np.nan if given is None else given))


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
    size = by_year[0].size
    if how == "mean_of_yearly":
        steps = [compound_growth(before, after, 1) for before, after in pairwise(by_year)]
        growth = scaled(total(steps), 1.0 / len(steps))
    else:
        growth = compound_growth(by_year[0], by_year[-1], len(by_year) - 1)
    bounded = np.all([np.isfinite(year.lo) & np.isfinite(year.hi) for year in by_year], axis=0)
    return growth.where(bounded, unknown(size, -1.0))


def _by_case(criterion: Criterion, rule: Cases, columns: FactColumns, how: Circumstances) -> Outcome:
    """The first case whose condition is met decides; where a condition is open, only what all that follow agree on."""
    parts: list[Outcome] = []
    if rule.otherwise is None:
        states = everywhere(NOT_APPLICABLE, columns.size)
        value = bound = unknown(columns.size)
    else:
        last = _evaluated(rule.otherwise, columns, how)
        states, value, bound = last.states, _or_unknown(last.value, columns), _or_unknown(last.bound, columns)
        parts.append(last)
    for case in reversed(rule.cases):
        when, then = _evaluated(case.when, columns, how), _evaluated(case.then, columns, how)
        holds, fails = when.states == MET, when.states == UNMET
        agreed = np.where(then.states == states, states, UNKNOWN)
        states = np.where(holds, then.states, np.where(fails, states, agreed)).astype(np.int8)
        own, own_bound = _or_unknown(then.value, columns), _or_unknown(then.bound, columns)
        value = own.where(holds, value.where(fails, own.hull(value)))
        bound = own_bound.where(holds, bound.where(fails, own_bound.hull(bound)))
        parts.extend([then, when])
    return Outcome(criterion, states, value, bound, parts=tuple(reversed(parts)))


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
    states = decided(lower >= goal, upper < goal)
    bound = exactly(np.full(columns.size, rule.levels[goal].least))
    return Outcome(criterion, states, value, bound, points=points, level=np.where(lower == upper, lower, -1))


def _level_at(rule: Levels, values: Floats) -> npt.NDArray[np.int64]:
    """Give the position of the level of each value, −1 below all."""
    bounds = np.array([level.least for level in rule.levels])
    return np.searchsorted(bounds - _SAME * np.abs(bounds), values, side="right") - 1


def _classed(criterion: Criterion, rule: Lattice, columns: FactColumns) -> Outcome:
    """Classes count from the highest (0) down; the best and the worst class that the facts allow have to agree."""
    best, worst = (np.full(columns.size, -1, dtype=np.int64) for _ in range(2))
    sector = columns.word(rule.sector)
    for name, rows in rule.bounds.items():
        own = sector.among([name])
        for class_at, bounds in reversed(list(enumerate(rows))):
            held = all_of(
                [
                    compare(columns.number(metric, columns.last_year), ">=", exactly(np.full(columns.size, bound)))
                    for metric, bound in bounds.items()
                ]
            )
            worst[own & (held == MET)] = class_at
            best[own & (held != UNMET)] = class_at
        lowest = len(rule.classes) - 1
        worst[own & (worst < 0)] = lowest
        best[own & (best < 0)] = lowest
    # The worst class must be the best of those that surely hold: a higher one that holds takes its place.
    level = np.where((best == worst) & (best >= 0), best, -1)
    if not rule.among:
        return Outcome(criterion, decided(level >= 0, np.zeros(columns.size, dtype=bool)), level=level)
    inside = np.array([one.id in rule.among for one in rule.classes])
    certain = best >= 0
    both_in, both_out = inside[best] & inside[worst], ~inside[best] & ~inside[worst]
    return Outcome(criterion, decided(certain & both_in, certain & both_out), level=level)


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
        if name is None:
            states.append(everywhere(MANUAL, columns.size))
            continue
        flag = columns.number(name, columns.last_year)
        states.append(np.where(flag.lo > 0, MET, np.where(flag.hi <= 0, UNMET, MANUAL)).astype(np.int8))
    needed = rule.at_least if isinstance(rule, Checklist) else None
    return Outcome(criterion, all_of(states) if needed is None else any_of(states, needed))
