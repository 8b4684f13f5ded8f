"""Facts that can be turned: the facts of a subject with some of them changed, and the nearest value that does it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gaoyuan.assess.facts.assembly import assemble
from gaoyuan.assess.facts.columns import FactColumns, Words
from gaoyuan.assess.facts.derived import with_derived
from gaoyuan.assess.facts.metric_catalogue import Metric, metrics
from gaoyuan.assess.facts.parsing import Fact, Facts, Value
from gaoyuan.assess.facts.wording import DIGITS
from gaoyuan.assess.logic.intervals import Floats, Interval
from gaoyuan.assess.logic.states import MET, Flags, State, states_of
from gaoyuan.assess.rules.model import Criterion, Quantity
from gaoyuan.assess.verdicts.evaluating import Circumstances, evaluate, window

Good = Callable[[FactColumns], Flags]
"""Whether rows of facts (n) are good enough."""

_REACH = 1e3
"""How many times its size, or that of what it is held against, a number without limits may become."""
_SECTIONS, _ROUNDS = 40, 10


@dataclass(frozen=True, slots=True)
class Dial:
    """A fact that can be turned: a metric, in all of these years at once, or without a year where there are none."""

    metric: str
    years: tuple[int, ...] = ()


Turns = Mapping[Dial, Value]


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts of a subject on a day, under the circumstances of a verdict; `today` is the day of the verdict."""

    facts: Facts
    columns: FactColumns
    how: Circumstances
    today: dt.date

    @classmethod
    def of(cls, facts: Facts, how: Circumstances) -> Situation:
        """Give the situation on the day of the verdict. What is given without a year is of the last full year."""
        dated = dict(facts.by_metric)
        for name, claims in facts.by_metric.items():
            if metrics()[name].series:
                dated[name] = tuple(_dated(claim, how.as_of.year - 1) for claim in claims)
        made = Facts(dated)
        return cls(made, _columns(made, how.as_of), how, how.as_of)

    def later(self, years: int) -> Situation:
        """Give the situation so many years on, when later years have become known or are unknown."""
        # 29 February has no anniversary every year.
        day = self.how.as_of.replace(year=self.how.as_of.year + years, day=min(self.how.as_of.day, 28))
        day = self.how.as_of if not years else day
        return replace(self, how=replace(self.how, as_of=day), columns=_columns(self.facts, day))

    def turned(self, turns: Turns) -> Situation:
        """Give the situation with some facts changed."""
        changed = dict(self.facts.by_metric)
        for dial, value in turns.items():
            if not dial.years:
                changed[dial.metric] = (Fact(dial.metric, value),)
                continue
            assert isinstance(value, float)
            kept = [_without(claim, dial.years) for claim in changed.get(dial.metric, ())]
            told = Fact(dial.metric, None, dict.fromkeys(dial.years, value))
            changed[dial.metric] = (*(claim for claim in kept if claim.series), told)
        facts = Facts(changed)
        return replace(self, facts=facts, columns=_columns(facts, self.how.as_of))

    def state(self, criterion: Criterion) -> State:
        """Give the state of a criterion."""
        return states_of(evaluate([criterion], self.columns, self.how)[0].states)[0]

    def good(self, criterion: Criterion) -> Good:
        """Give whether rows of facts meet a criterion."""
        return lambda rows: evaluate([criterion], rows, self.how)[0].states == MET

    def number(self, dial: Dial) -> Interval:
        """Give what is known of a dial: of all its years together."""
        years = dial.years or (self.columns.last_year,)
        found = self.columns.number(dial.metric, years[0])
        for year in years[1:]:
            found = found.hull(self.columns.number(dial.metric, year))
        return found

    def value(self, dial: Dial) -> Value | None:
        """Give the value of a dial, None where it is not known."""
        metric = metrics()[dial.metric]
        if metric.kind == "several":
            return tuple(sorted(present_options(self.columns, metric))) if dial.metric in self.columns.options else None
        if metric.is_text:
            word = self.columns.word(dial.metric)
            return word.labels[word.position[0]] if word.position[0] >= 0 else None
        found = self.number(dial)
        return float(found.lo[0]) if found.known[0] else None

    def latest(self, dial: Dial) -> float | None:
        """Give the number of the last year before those of a dial that is known, None where there is none."""
        known = self.columns.numbers.get(dial.metric, {})
        before = [year for year in known if year is not None and dial.years and year < dial.years[0]]
        found = known[max(before)] if before else None
        return float(found.lo[0]) if found is not None and found.known[0] else None

    def dial(self, name: str, quantity: Quantity | None = None) -> Dial:
        """Give the dial of a metric: of the years of a window that are not known, else of its last year."""
        years = (self.columns.last_year,) if quantity is None else window(quantity, self.how)
        if not metrics()[name].series and len(years) == 1:
            return Dial(name)
        lacking = [year for year in years if not self.columns.number(name, year).known[0]]
        return Dial(name, tuple(lacking or years[-1:]))


def present_options(columns: FactColumns, metric: Metric) -> list[str]:
    """Give the options of a metric of several choices that are surely there."""
    return [option for option in metric.options if columns.option(metric.id, option).lo[0] >= 1.0]


def rows_with(columns: FactColumns, dial: Dial, values: Floats | list[Value]) -> FactColumns:
    """Give the facts of one subject once for each value (n) of a dial."""
    return rows_of(columns, [{dial: value} for value in (values if isinstance(values, list) else values.tolist())])


def rows_of(columns: FactColumns, each: list[Turns]) -> FactColumns:
    """Give the facts of one subject once for each of n sets of turns."""
    size = len(each)
    rows = FactColumns(size, columns.last_year)
    rows.numbers = {
        name: {year: _spread(value, size) for year, value in years.items()} for name, years in columns.numbers.items()
    }
    rows.options = {
        name: {option: _spread(value, size) for option, value in options.items()}
        for name, options in columns.options.items()
    }
    rows.words = {
        name: Words(np.broadcast_to(word.position, size), word.labels) for name, word in columns.words.items()
    }
    for dial in dict.fromkeys(dial for turns in each for dial in turns):
        chosen = np.array([dial in turns for turns in each])
        _turn(rows, columns, dial, chosen, [turns.get(dial) for turns in each])
    return rows


def _turn(rows: FactColumns, columns: FactColumns, dial: Dial, chosen: Flags, values: list[Value | None]) -> None:
    metric = metrics()[dial.metric]
    if metric.kind == "several":
        rows.options[metric.id] = {
            option: _put(columns.option(metric.id, option), chosen, [float(option in (v or ())) for v in values])  # type: ignore[operator]
            for option in metric.options
        }
    elif metric.is_text:
        word = columns.word(metric.id)
        own = word.labels[word.position[0]] if word.position[0] >= 0 else None
        rows.words[metric.id] = Words.of([str(v) if hit else own for hit, v in zip(chosen, values, strict=True)])
    else:
        numbers = [v if isinstance(v, float) else np.nan for v in values]
        given = rows.numbers.get(metric.id, {})
        if dial.years:
            put = {year: _put(columns.number(metric.id, year), chosen, numbers) for year in dial.years}
            # Years that only this dial turned before keep what they were turned to.
            for year, old in put.items():
                put[year] = old.where(chosen, given[year]) if year in given else old
            rows.numbers[metric.id] = {**given, **put}
        else:
            rows.numbers[metric.id] = {None: _put(columns.number(metric.id, columns.last_year), chosen, numbers)}


def _put(known: Interval, chosen: Flags, values: list[float]) -> Interval:
    put = np.array(values, dtype=np.float64)
    return Interval(np.where(chosen, put, known.lo), np.where(chosen, put, known.hi))


def _spread(value: Interval, size: int) -> Interval:
    return Interval(np.broadcast_to(value.lo, size), np.broadcast_to(value.hi, size))


def _columns(facts: Facts, day: dt.date) -> FactColumns:
    return assemble(with_derived(facts, day), day)[0]


def _dated(claim: Fact, year: int) -> Fact:
    if not isinstance(claim.value, float):
        return claim
    return replace(claim, value=None, series={**claim.series, year: claim.series.get(year, claim.value)})


def _without(claim: Fact, years: tuple[int, ...]) -> Fact:
    return replace(claim, series={year: value for year, value in claim.series.items() if year not in years})


# The nearest value that is good enough ------------------------------------------------------------------------------


def display_step(metric: Metric, value: float) -> float:
    """Give the step of the last digit that a sentence shows of a value of this size; one for what is counted.

    >>> display_step(metrics()["area_km2"], 80.0), display_step(metrics()["sme_output_share"], 0.7)
    (0.01, 0.0001)
    """
    if metric.kind in ("count", "flag"):
        return 1.0
    return 10.0 ** (math.floor(math.log10(abs(value))) - DIGITS + 1) if value else 10.0**-DIGITS


def nearest_value(situation: Situation, dial: Dial, good: Good, marks: Iterable[float] = ()) -> float | None:
    """Give the value of a number nearest to the present one that is good enough with all else as it is, else None.

    A number that is not known begins at its worst end, or at that of the year before where it has none. `marks` are the
    numbers that a rule holds it against: where one of them is the least that is good enough, it is given exactly; else
    the next value that a report can show.
    """
    metric = metrics()[dial.metric]
    known = situation.number(dial)
    bounds = sorted({float(mark) for mark in marks if np.isfinite(mark)})
    low, high = range_of(metric, [*bounds, *known.lo[known.known]])
    if known.known[0]:
        starts = [(float(known.lo[0]), 1.0), (float(known.lo[0]), -1.0)]
    else:
        least, most = max(low, float(known.lo[0])), min(high, float(known.hi[0]))
        starts = [(most, -1.0)] if metric.better == "lower" else [(least, 1.0)]
        now = situation.latest(dial)
        if metric.better == "neither" and now is not None and least <= now <= most:
            starts = [(now, 1.0), (now, -1.0)]
    if metric.better == "lower":
        starts = starts[::-1]
    found: list[tuple[float, float]] = []
    for start, direction in starts:
        value = _along(situation, dial, good, start, high if direction > 0 else low, bounds)
        if value is not None:
            found.append((abs(value - start), value))
    return min(found, key=lambda one: one[0])[1] if found else None


def range_of(metric: Metric, around: Sequence[float]) -> tuple[float, float]:
    """Give the least and the greatest value that a number is tried at; `around` are those that it is tried from."""
    reach = _REACH * max([1.0, *map(abs, around)])
    low, high = metric.least, min(metric.most, metric.plausible[1])
    lowest = (0.0 if metric.kind == "money" else -reach) if np.isinf(low) else low
    return lowest, (reach if np.isinf(high) else high)


def _along(situation: Situation, dial: Dial, good: Good, start: float, end: float, marks: list[float]) -> float | None:
    """Walk from a value to an end: first in wide steps and at all marks, then ever nearer to where it becomes good."""
    metric, sign = metrics()[dial.metric], 1.0 if end > start else -1.0
    if start == end:
        return None
    step = display_step(metric, max([abs(start), *map(abs, marks)]))
    span = abs(end - start)
    paces = np.concatenate([[0.0], np.geomspace(min(step, span), span, 160), step * np.arange(1, 30)])
    near = [mark + shift for mark in marks for shift in (-step, 0.0, step)]
    grid: Floats = np.concatenate([start + sign * paces, near]).astype(np.float64)
    if metric.kind in ("count", "flag"):
        grid = np.round(grid)
    low, high = min(start, end), max(start, end)
    grid = np.unique(grid[(grid >= low) & (grid <= high)])[:: int(sign)]
    enough = end
    for _ in range(_ROUNDS):
        hits = good(rows_with(situation.columns, dial, grid))
        if not hits.any():
            return None
        first = int(np.argmax(hits))
        if first == 0:
            return float(grid[0])
        bad, enough = float(grid[first - 1]), float(grid[first])
        if abs(enough - bad) <= 1e-14 * max(abs(enough), abs(bad)):
            break
        grid = np.linspace(bad, enough, _SECTIONS, dtype=np.float64)
        if metric.kind in ("count", "flag"):
            grid = np.unique(np.round(grid))[:: int(sign)]
            if grid.size == 2:
                return enough
    return shown_value(situation, dial, good, enough, sign, marks, (low, high))


def shown_value(
    situation: Situation,
    dial: Dial,
    good: Good,
    enough: float,
    sign: float,
    marks: Sequence[float],
    limits: tuple[float, float],
) -> float:
    """Give the value next to one that is good enough, upwards or downwards (`sign`), that a report can show.

    It is a mark where that is as good; the value itself where no such value within the limits is good enough.
    """
    step = display_step(metrics()[dial.metric], enough)
    rounds = np.ceil(enough / step - 1e-7) if sign > 0 else np.floor(enough / step + 1e-7)
    shown = [float(f"{(rounds + sign * more) * step:.12g}") + 0.0 for more in (0, 1)]
    exact = [mark for mark in marks if abs(mark - enough) <= 1e-9 * max(abs(mark), 1e-3)]
    tried = [value for value in (*exact, *shown) if limits[0] <= value <= limits[1]] + [enough]
    hits = good(rows_with(situation.columns, dial, np.array(tried)))
    return tried[int(np.argmax(hits))]
