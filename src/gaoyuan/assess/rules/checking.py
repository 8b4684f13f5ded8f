"""Checking that a rule can be judged: what its schema cannot say of names, years, levels, classes and settings."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeGuard

from gaoyuan.assess.facts.metric_catalogue import Kind, metrics
from gaoyuan.assess.rules.model import (
    BestOf,
    Checklist,
    Choice,
    Criterion,
    Edition,
    GivenPoints,
    Lattice,
    Levels,
    Limit,
    Manual,
    Membership,
    Points,
    Quantity,
    Score,
    SettingName,
    Several,
    Threshold,
    Together,
    Tree,
)
from gaoyuan.assess.rules.walk import metrics_of, points_of, quantities_of, settings_of, walk, walk_points
from gaoyuan.errors import InputError

MOST_YEARS = 100
_WORDS: tuple[Kind, ...] = ("choice", "several", "text")
_Given = str | float | None


@dataclass(frozen=True, slots=True)
class _Fault:
    what: str
    mend: str


def check_edition(made: Edition, where: str) -> None:
    """Raise InputError, with the criterion and how to mend it, for a rule that could not be judged."""
    if strangers := metrics_of(made.criteria) - set(metrics()):
        raise InputError(
            f"the rule speaks of metrics that there are not: {', '.join(sorted(strangers))}",
            where=where,
            mend="Use the metrics of the catalogue (gaoyuan rules --metrics), or add them there.",
            zh=f"规则用了没有的指标：{'、'.join(sorted(strangers))}",
            mend_zh="用指标目录中的（gaoyuan rules --metrics），或先加入目录",
        )
    if strangers := settings_of(made.criteria) - set(made.settings):
        raise InputError(
            f"the rule uses settings that it does not define: {', '.join(sorted(strangers))}",
            where=where,
            mend="Define them under `settings`.",
            zh=f"规则用了未定义的设置：{'、'.join(sorted(strangers))}",
            mend_zh="在 settings 下定义",
        )
    ids: set[str] = set()
    for criterion in walk(made.criteria):
        at = f"{where}, criterion {criterion.id}"
        if criterion.id in ids:
            raise InputError(
                "two criteria have this id",
                where=at,
                mend="Give every criterion an id of its own.",
                zh="两个条目用了同一标识",
                mend_zh="给每个条目各自的标识",
            )
        ids.add(criterion.id)
        for fault in _faults(criterion):
            raise InputError(fault.what, where=at, mend=fault.mend, zh="该条目无法判断")
    for name, setting in made.settings.items():
        for value in (setting.default, *setting.choices):
            check_settings(made, {name: value}, where)


def check_settings(made: Edition, chosen: Mapping[str, _Given], where: str = "") -> None:
    """Raise InputError for a setting whose value is none that the criteria of the rule can use."""
    for criterion in walk(made.criteria):
        for name, fault in _setting_faults(criterion, chosen):
            at = f"{where}, criterion {criterion.id}" if where else f"{made.key}, criterion {criterion.id}"
            raise InputError(
                f"the setting {name} cannot be {chosen[name]!r}",
                where=at,
                mend=fault,
                zh=f"设置 {name} 不能为 {chosen[name]!r}",
            )


def _setting_faults(criterion: Criterion, chosen: Mapping[str, _Given]) -> Iterator[tuple[str, str]]:
    for quantity in quantities_of(criterion):
        if isinstance(quantity.years, SettingName) and quantity.years.name in chosen:
            years, least = chosen[quantity.years.name], _fewest_years(quantity)
            if not _is_number(years) or years != int(years) or not least <= years <= MOST_YEARS:
                yield quantity.years.name, f"It is a whole number of years, {least} to {MOST_YEARS}."
    rule = criterion.rule
    if isinstance(rule, Threshold | Score) and isinstance(rule.bound, SettingName) and rule.bound.name in chosen:
        bound = chosen[rule.bound.name]
        if bound is not None and not _is_number(bound):
            yield rule.bound.name, "It is a number, such as 0.1 for 10 %."
        elif bound is not None and bound > 1 and isinstance(rule, Threshold) and _is_fraction(rule.quantity):
            yield rule.bound.name, f"It is a fraction: write {bound / 100:g} or {bound:g}%."
    if isinstance(rule, Levels) and isinstance(rule.wanted, SettingName) and rule.wanted.name in chosen:
        wanted, names = chosen[rule.wanted.name], [level.id for level in rule.levels]
        if wanted is not None and str(wanted) not in names:
            yield rule.wanted.name, f"It is one of the levels: {', '.join(names)}."


def _is_number(value: _Given) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_fraction(quantity: Quantity) -> bool:
    """Whether a quantity is a share or a rate, which no rule asks to be more than the whole."""
    return quantity.take == "growth" or {metrics()[name].kind for name in quantity.metrics} <= {"share", "rate"}


def _fewest_years(quantity: Quantity) -> int:
    """Growth and change lie between two values at least."""
    return 2 if quantity.take in ("growth", "change") else 1


def _faults(criterion: Criterion) -> Iterator[_Fault]:
    for quantity in quantities_of(criterion):
        yield from _quantity_faults(quantity)
    for points in points_of(criterion):
        yield from _points_faults(points)
    rule = criterion.rule
    if isinstance(rule, Levels):
        yield from _levels_faults(rule)
    elif isinstance(rule, Lattice):
        yield from _lattice_faults(rule)
    elif isinstance(rule, Membership):
        yield from _among_options(rule.metric, rule.among, _WORDS)
    elif isinstance(rule, Limit):
        yield from _of_kind(rule.named_by, ("choice", "text"))
    elif isinstance(rule, Manual) and rule.metric:
        yield from _in_numbers([rule.metric])
    elif isinstance(rule, Checklist):
        yield from _in_numbers([item.metric for item in rule.items])
        yield from _enough(rule.at_least, len(rule.items))
    elif isinstance(rule, Together):
        yield from _enough(rule.at_least, len(rule.criteria))


def _quantity_faults(quantity: Quantity) -> Iterator[_Fault]:
    if not quantity.metrics:
        yield _Fault("no metric is named", "Name it under `metric`.")
    yield from _in_numbers((*quantity.metrics, *quantity.over))
    least = _fewest_years(quantity)
    if isinstance(quantity.years, int) and not least <= quantity.years <= MOST_YEARS:
        yield _Fault(
            f"years: {quantity.years} cannot be, with take: {quantity.take}",
            f"Give {least} to {MOST_YEARS} yearly values; growth over n steps has n + 1 of them.",
        )


def _points_faults(points: Points) -> Iterator[_Fault]:
    if isinstance(points, GivenPoints):
        yield from _in_numbers([points.metric])
    elif isinstance(points, Choice):
        yield from _among_options(points.metric, points.points, ("choice", "text"))
    elif isinstance(points, Several):
        yield from _among_options(points.metric, points.points, ("several",))
    elif isinstance(points, BestOf):
        inside = (one for one in walk_points(points) if isinstance(one, Tree))
        if any(part.floor is not None for tree in inside for part in tree.parts):
            yield _Fault("a floor inside of best_of would not count", "Put floors outside of it.")


def _levels_faults(rule: Levels) -> Iterator[_Fault]:
    names = [level.id for level in rule.levels]
    yield from _once(names, "level")
    if not all(low.least < high.least for low, high in pairwise(rule.levels)):
        shown = ", ".join(f"{level.id}: {level.least:g}" for level in rule.levels)
        yield _Fault(f"the levels do not go up ({shown})", "Order them from the lowest `least` to the highest.")
    if isinstance(rule.wanted, str) and rule.wanted not in names:
        yield _Fault(f"the wanted level {rule.wanted!r} is none of the levels", f"Choose: {', '.join(names)}.")


def _lattice_faults(rule: Lattice) -> Iterator[_Fault]:
    names = [one.id for one in rule.classes]
    yield from _once(names, "class")
    yield from _of_kind(rule.sector, ("choice", "text"))
    yield from _in_numbers({name for rows in rule.bounds.values() for row in rows for name in row})
    for sector, rows in rule.bounds.items():
        if len(rows) >= len(names):
            yield _Fault(
                f"the sector {sector!r} has {len(rows)} rows of bounds for {len(names)} classes",
                "Give a row for each class but the last, from the highest on.",
            )
    if strangers := sorted(set(rule.among) - set(names)):
        yield _Fault(f"{', '.join(strangers)} under `among` is no class", f"Choose: {', '.join(names)}.")


def _once(names: list[str], what: str) -> Iterator[_Fault]:
    if len(set(names)) < len(names):
        yield _Fault(f"two have the same {what} id", f"Give every {what} an id of its own.")


def _enough(needed: int | None, there: int) -> Iterator[_Fault]:
    if needed is not None and needed > there:
        yield _Fault(f"at_least {needed} of {there} can never hold", f"Give at most {there}.")


def _in_numbers(names: Iterable[str]) -> Iterator[_Fault]:
    for name in sorted(names):
        if metrics()[name].is_text:
            yield _Fault(f"the metric {name} is in words, which cannot be counted", "Use `membership` or `choice`.")


def _of_kind(name: str, kinds: Collection[Kind]) -> Iterator[_Fault]:
    if metrics()[name].kind not in kinds:
        yield _Fault(
            f"the metric {name} is of the kind {metrics()[name].kind}", f"Use one of the kind {' or '.join(kinds)}."
        )


def _among_options(name: str, given: Iterable[str], kinds: Collection[Kind]) -> Iterator[_Fault]:
    yield from _of_kind(name, kinds)
    options = metrics()[name].options
    if options and (strangers := sorted(set(given) - set(options))):
        yield _Fault(f"{', '.join(strangers)} is no option of {name}", f"Options are: {', '.join(options)}.")
