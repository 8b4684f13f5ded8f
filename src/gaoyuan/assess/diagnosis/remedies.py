"""Which smallest changes of facts would meet a criterion: candidates, each judged again before it is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, combinations, product

import numpy as np

from gaoyuan.assess.diagnosis.dials import Dial, Situation, Turns, nearest_value, present_options
from gaoyuan.assess.diagnosis.leeway import asked, least_asked, of_nearest_year
from gaoyuan.assess.diagnosis.plan import Asks
from gaoyuan.assess.diagnosis.points_search import fewest_lifts, relative_change
from gaoyuan.assess.diagnosis.turning_points import numbers_held_against
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.logic.states import State
from gaoyuan.assess.rules.model import (
    Cases,
    Checklist,
    Criterion,
    Lattice,
    Levels,
    Limit,
    Manual,
    Membership,
    Points,
    Quantity,
    Score,
    Threshold,
    Together,
)
from gaoyuan.assess.rules.walk import quantities_of, walk
from gaoyuan.assess.verdicts.evaluating import number, window

_MOST = 12
"""At most so many alternatives of a criterion are given."""
_PASSES = 6


def cost(turns: Turns, situation: Situation) -> tuple[int, float, float]:
    """Give what alternatives are ordered by: the number of facts changed, then the relative change, then (where it is
    not known from where they change) how much is asked.
    """
    changed = sum(max(1, len(dial.years)) for dial in turns)
    relative = sum(relative_change(situation.value(dial), value) for dial, value in turns.items())
    asked = [
        -value if metrics()[dial.metric].better == "lower" else value
        for dial, value in turns.items()
        if isinstance(value, float)
    ]
    return changed, relative, sum(asked)


def remedies(criterion: Criterion, situation: Situation) -> list[Turns]:
    """Give the changes that meet a criterion on the day of the situation, the fewest and smallest first.

    Each was judged: with the changes the criterion comes out met, and without any one of them it does not.
    """
    found: dict[frozenset[object], Turns] = {}
    for turns in chain(_candidates(criterion, situation), _single_numbers(criterion, situation)):
        least = _needed(turns, criterion, situation)
        if not least:
            continue
        # Of larger and smaller changes of the same numbers only the smallest is told; other words are another way.
        same = _same(least)
        if same not in found or cost(least, situation) < cost(found[same], situation):
            found[same] = least
    smallest: dict[frozenset[object], Turns] = {}
    for turns in _in_order(found.values(), situation)[:_MOST]:
        least = _smallest(turns, criterion, situation)
        smallest.setdefault(_same(least), least)
    return _in_order(smallest.values(), situation)


def _same(turns: Turns) -> frozenset[object]:
    return frozenset((dial, None if isinstance(value, float) else value) for dial, value in turns.items())


def _in_order(ways: Iterable[Turns], situation: Situation) -> list[Turns]:
    return sorted(ways, key=lambda turns: (*cost(turns, situation), repr(turns)))


def what_it_asks(dial: Dial, turns: Turns, criterion: Criterion, situation: Situation) -> tuple[Asks, float | None]:
    """Say what one of the turns that meet a criterion asks, and the number that it has to pass, if any."""
    value = turns[dial]
    if not isinstance(value, float):
        return "exactly", None
    rest = situation.turned({other: turned for other, turned in turns.items() if other != dial})
    return asked(rest, dial, rest.good(criterion), value, numbers_held_against(dial.metric, criterion, situation))


def _single_numbers(criterion: Criterion, situation: Situation) -> Iterator[Turns]:
    """Give for each number of a criterion of several parts the value of it that meets the whole, also through others
    of its parts than those that count now.
    """
    if not isinstance(criterion.rule, Cases | Together) or situation.how.application not in criterion.applications:
        return
    dials: dict[Dial, None] = {}
    for part in walk([criterion]):
        for quantity in quantities_of(part):
            dials.update(dict.fromkeys(situation.dial(name, quantity) for name in quantity.metrics))
    for dial in dials:
        marks = list(numbers_held_against(dial.metric, criterion, situation))
        value = nearest_value(situation, dial, situation.good(criterion), marks)
        if value is not None:
            yield {dial: value}


def years_to_come(criterion: Criterion, situation: Situation) -> int:
    """Give after how many years all that a criterion asks by year is still to come."""
    spans = [
        len(window(quantity, situation.how))
        for one in walk([criterion])
        for quantity in quantities_of(one)
        if any(metrics()[name].series for name in (*quantity.metrics, *quantity.over))
    ]
    return max(spans, default=0)


def _needed(turns: Turns, criterion: Criterion, situation: Situation) -> Turns:
    """Give the turns without those that the criterion does not need; nothing where even all do not meet it."""
    if situation.turned(turns).state(criterion) is not State.MET:
        return {}
    kept = dict(turns)
    for dial in turns:
        fewer = {other: value for other, value in kept.items() if other != dial}
        if fewer and situation.turned(fewer).state(criterion) is State.MET:
            kept = fewer
    return kept


def _smallest(turns: Turns, criterion: Criterion, situation: Situation) -> Turns:
    """Give turns that all are needed with each number moved back as far as the criterion lets it, all else as it is.

    Years that were turned together go each its own way where the criterion does not need the same of them.
    """
    by_year = {
        Dial(dial.metric, (year,)) if year else dial: value
        for dial, value in turns.items()
        for year in dial.years or (0,)
    }
    several = {Dial(dial.metric, (year,)): len(dial.years) for dial in turns for year in dial.years}
    kept = dict(_needed(by_year, criterion, situation))
    # A number that has moved back may let another move on, or hold it: until none moves.
    for _ in range(_PASSES):
        before = dict(kept)
        for dial, value in before.items():
            if not isinstance(value, float) or metrics()[dial.metric].kind == "flag":
                continue
            rest = situation.turned({other: turned for other, turned in kept.items() if other != dial})
            marks = numbers_held_against(dial.metric, criterion, situation)
            usual, years = of_nearest_year(situation, dial), several.get(dial, 1)
            kept[dial] = least_asked(rest, dial, rest.good(criterion), value, marks, usual=usual, together=years)
        if kept == before or len(kept) == 1:
            break
    for dial, value in turns.items():
        own = [Dial(dial.metric, (year,)) for year in dial.years]
        if len(own) > 1 and all(kept.get(one) == value for one in own):
            kept = {one: turned for one, turned in kept.items() if one not in own} | {dial: value}
    return kept


def _candidates(criterion: Criterion, situation: Situation) -> Iterable[Turns]:
    rule = criterion.rule
    if situation.how.application not in criterion.applications:
        return []
    if isinstance(rule, Threshold | Limit):
        return _of_quantity(criterion, rule.quantity, _marks(criterion, situation), situation)
    if isinstance(rule, Levels):
        marks = _marks(criterion, situation)
        if isinstance(rule.of, Quantity):
            return _of_quantity(criterion, rule.of, marks, situation)
        return _of_points(rule.of, situation, marks[0], strict=False) if np.isfinite(marks[0]) else []
    if isinstance(rule, Score):
        line = _marks(criterion, situation)
        if not line or rule.operator not in (">=", ">"):
            return []
        return _of_points(rule.points, situation, line[0], strict=rule.operator == ">")
    if isinstance(rule, Together):
        return _of_parts(rule, situation)
    if isinstance(rule, Cases):
        return _of_cases(criterion, rule, situation)
    if isinstance(rule, Membership):
        return _of_words(rule, situation)
    if isinstance(rule, Lattice):
        return _of_classes(criterion, rule, situation)
    return _of_items(rule, situation)


def _marks(criterion: Criterion, situation: Situation) -> list[float]:
    """Give the numbers that a criterion is held against, where they are known."""
    rule = criterion.rule
    if isinstance(rule, Threshold | Score):
        bound = number(rule.bound, situation.how, 1)
        return [float(bound.lo[0])] if bound.known[0] else []
    if isinstance(rule, Limit):
        return [rule.at_most, *rule.exceptions.values()]
    if isinstance(rule, Levels):
        wanted = rule.wanted if isinstance(rule.wanted, str) or rule.wanted is None else None
        if rule.wanted is not None and wanted is None:
            chosen = situation.how.settings.get(rule.wanted.name)  # type: ignore[union-attr]
            wanted = None if chosen is None else str(chosen)
        return [next((one.least for one in rule.levels if one.id == wanted), rule.levels[0].least)]
    return []


def _of_quantity(criterion: Criterion, quantity: Quantity, marks: list[float], situation: Situation) -> Iterator[Turns]:
    if quantity.take == "minimum" and isinstance(criterion.rule, Threshold):
        yield from _of_window(criterion, criterion.rule, marks, situation)
        return
    # What is divided by is changed only where it is not known: nobody grows a share by shrinking its base.
    unknown = [name for name in quantity.over if not situation.number(situation.dial(name, quantity)).known[0]]
    for name in (*quantity.metrics, *unknown):
        dial = situation.dial(name, quantity)
        value = nearest_value(situation, dial, situation.good(criterion), marks)
        if value is not None:
            yield {dial: value}
        else:
            yield from _with_last_year(criterion, dial, marks, situation)


def _with_last_year(criterion: Criterion, dial: Dial, marks: list[float], situation: Situation) -> Iterator[Turns]:
    """Years that are not known do not do it alone: with them as the year before was, what the last year needs."""
    now, last = situation.latest(dial), Dial(dial.metric, (situation.columns.last_year,))
    if now is None or not dial.years or last.years[0] in dial.years:
        return
    filled = situation.turned({dial: now})
    value = nearest_value(filled, last, filled.good(criterion), marks)
    if value is not None:
        yield {dial: now, last: value}


def _of_window(criterion: Criterion, rule: Threshold, marks: list[float], situation: Situation) -> Iterator[Turns]:
    """Every year that falls short or is not known has to reach the bound by itself."""
    for name in rule.quantity.metrics:
        turns: dict[Dial, float] = {}
        for year in window(rule.quantity, situation.how):
            # The one year alone: the last of a window of one, seen from the year after it.
            alone = replace(rule, quantity=replace(rule.quantity, years=1, take="last"))
            then = situation.later(year + 1 - situation.how.as_of.year)
            one = replace(criterion, rule=alone)
            if then.state(one) is State.MET:
                continue
            dial = Dial(name, (year,))
            value = nearest_value(then, dial, then.good(one), marks)
            if value is None:
                break
            turns[dial] = value
        else:
            yield turns


def _of_points(points: Points, situation: Situation, line: float, *, strict: bool) -> Iterator[Turns]:
    for lifts in fewest_lifts(points, situation, line, strict=strict):
        yield {lift.dial: lift.value for lift in lifts}


def _of_parts(rule: Together, situation: Situation) -> Iterator[Turns]:
    states = [situation.state(part) for part in rule.criteria]
    lacking = [
        part
        for part, state in zip(rule.criteria, states, strict=True)
        if state not in (State.MET, State.NOT_APPLICABLE)
    ]
    ways = [remedies(part, situation) for part in lacking]
    needed = len(lacking) if rule.at_least is None else rule.at_least - states.count(State.MET)
    possible = [way for way in ways if way]
    if rule.at_least is None and len(possible) < len(lacking):
        return
    for chosen in list(combinations(possible, max(0, needed)))[:200]:
        yield _merged([way[0] for way in chosen])
        # Each part has alternatives of its own, the others staying as they are.
        for at, way in enumerate(chosen):
            for other in way[1:]:
                yield _merged([other if place == at else one[0] for place, one in enumerate(chosen)])


def _of_cases(criterion: Criterion, rule: Cases, situation: Situation) -> Iterator[Turns]:
    """Where it is not known which case holds, what would meet all that may hold."""
    branches: list[Criterion] = []
    for case in rule.cases:
        state = situation.state(case.when)
        if state is not State.UNMET:
            branches.append(case.then)
        if state is State.MET:
            break
    else:
        branches.extend([rule.otherwise] if rule.otherwise is not None else [])
    open_ = [branch for branch in branches if situation.state(branch) is not State.MET]
    ways = [remedies(branch, situation)[:4] for branch in open_]
    if all(ways):
        for chosen in list(product(*ways))[:50]:
            yield _merged(chosen)


def _of_words(rule: Membership, situation: Situation) -> Iterator[Turns]:
    metric = metrics()[rule.metric]
    for option in rule.among:
        several = tuple(sorted({*present_options(situation.columns, metric), option}))
        yield {Dial(rule.metric): several if metric.kind == "several" else option}


def _of_classes(criterion: Criterion, rule: Lattice, situation: Situation) -> Iterator[Turns]:
    """Single facts that change the class, and all lower bounds of each class that counts."""
    sector = situation.columns.word(rule.sector)
    if sector.position[0] < 0:
        return
    names = sector.labels[sector.position[0]].split("|")
    rows = tuple(row for name in names for row in rule.bounds.get(name, ()))
    marks = [bound for row in rows for bound in row.values()]
    for name in sorted({name for row in rows for name in row}):
        dial = Dial(name, (situation.columns.last_year,)) if metrics()[name].series else Dial(name)
        value = nearest_value(situation, dial, situation.good(criterion), marks)
        if value is not None:
            yield {dial: value}
    wanted = rule.among or tuple(one.id for one in rule.classes)
    several = {len(rule.bounds.get(name, ())) for name in names}
    at_a_time = max(several, default=0) or 1
    for at, row in enumerate(rows):
        if len(several) == 1 and rule.classes[at % at_a_time].id in wanted:
            yield {
                situation.dial(name): bound
                for name, bound in row.items()
                if not situation.number(situation.dial(name)).lo[0] >= bound
            }


def _of_items(rule: Checklist | Manual, situation: Situation) -> Iterator[Turns]:
    names = [item.metric for item in rule.items] if isinstance(rule, Checklist) else [rule.metric]
    known = [name for name in names if name is not None]
    lacking = [name for name in known if not situation.columns.number(name, situation.columns.last_year).lo[0] > 0]
    needed = len(names) if isinstance(rule, Manual) or rule.at_least is None else rule.at_least
    more = needed - (len(known) - len(lacking))
    for chosen in list(combinations(lacking, max(0, more)))[:50]:
        yield {situation.dial(name): 1.0 for name in chosen}


def _merged(ways: Iterable[Turns]) -> Turns:
    """Give the turns of all; of two of one dial, what is further on the metric's good side."""
    merged: dict[Dial, object] = {}
    for turns in ways:
        for dial, value in turns.items():
            other = merged.get(dial)
            if isinstance(other, float) and isinstance(value, float):
                value = min(other, value) if metrics()[dial.metric].better == "lower" else max(other, value)
            elif isinstance(other, tuple) and isinstance(value, tuple):
                value = tuple(sorted({*other, *value}))
            merged[dial] = value
    return merged  # type: ignore[return-value]
