"""How far a number can move with all else as it is before a criterion turns: what a change asks of it at the least."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gaoyuan.assess.diagnosis.dials import Dial, Good, Situation, display_step, range_of, rows_with, shown_value
from gaoyuan.assess.diagnosis.plan import Asks
from gaoyuan.assess.facts.metric_catalogue import Metric, metrics

_PACES, _SECTIONS, _ROUNDS = 160, 40, 10
_AROUND = np.geomspace(0.2, 5.0, 61)
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Leeway:
    """The values around one that are all good enough, from `least` to `most`; None where that is as far as they go.

    `below` and `above` are the first values outside of it that are not good enough, None where there are none.
    """

    least: float
    most: float
    below: float | None
    above: float | None

    @property
    def asks(self) -> Asks | None:
        """What it asks: any value, at least or at most one of its ends; None where it has two ends."""
        if self.below is None and self.above is None:
            return "any"
        if self.above is None:
            return "at_least"
        return "at_most" if self.below is None else None


def leeway(situation: Situation, dial: Dial, good: Good, value: float, marks: Iterable[float] = ()) -> Leeway:
    """Give how far a number that is good enough can move both ways and still be good enough.

    `marks` are the numbers that a rule holds it against. A value at the very end of the range that is not good enough,
    such as a growth from nothing, does not end it.
    """
    bounds = [float(mark) for mark in marks if np.isfinite(mark)]
    low, high = range_of(metrics()[dial.metric], [*bounds, value])
    least, below = _reach(situation, dial, good, value, low, bounds)
    most, above = _reach(situation, dial, good, value, high, bounds)
    return Leeway(least, most, below, above)


def least_asked(
    situation: Situation,
    dial: Dial,
    good: Good,
    value: float,
    marks: Iterable[float] = (),
    *,
    usual: float | None = None,
    together: int = 1,
) -> float:
    """Give the value that asks the least of those around one that are good enough, as a report can show it.

    That is the one nearest to the present value. Of an unknown number it is the end that the good values have; one
    that the metric's better side has too, where both sides have good values; and where any will do the `usual` one, if
    any is. What so many years reach `together` is rounded in each of them: that is no leeway.
    """
    metric, now, given = metrics()[dial.metric], situation.value(dial), list(marks)
    found = leeway(situation, dial, good, value, given)
    if isinstance(now, float):
        sign = 1.0 if value > now else -1.0
        edge = max(found.least, now) if sign > 0 else min(found.most, now)
    elif found.asks == "any":
        return value if usual is None else usual
    else:
        found = _on_the_better_side(situation, dial, good, found, given)
        upwards = found.asks == "at_least" or (found.asks is None and metric.better != "lower")
        sign, edge = (1.0, found.least) if upwards else (-1.0, found.most)
    shown = shown_value(situation, dial, good, edge, sign, given, range_of(metric, [*given, value, edge]))
    slack = display_step(metric, value) * together
    return value if abs(shown - value) <= slack * (1 + _SAME) and metric.kind != "count" else shown


def of_nearest_year(situation: Situation, dial: Dial) -> float | None:
    """Give the number that is known of the year nearest to those of a dial, the earlier of two; None where none is."""
    known = {
        year: float(number.lo[0])
        for year, number in situation.columns.numbers.get(dial.metric, {}).items()
        if year is not None and number.known[0]
    }
    if not known or not dial.years:
        return None
    return known[min(known, key=lambda year: (abs(year - dial.years[0]), year))]


def asked(
    situation: Situation, dial: Dial, good: Good, value: float, marks: Iterable[float] = ()
) -> tuple[Asks, float | None]:
    """Say what a change to a value asks, and the number that it has to pass where that itself is not enough."""
    metric, now, given = metrics()[dial.metric], situation.value(dial), list(marks)
    if metric.kind == "flag" or metric.is_text:
        return "exactly", None
    found = leeway(situation, dial, good, value, given)
    if isinstance(now, float):
        asks: Asks = "at_least" if value > now else "at_most"
    else:
        asks = found.asks or {"higher": "at_least", "lower": "at_most", "neither": "exactly"}[metric.better]  # type: ignore[assignment]
    beyond = {"at_least": found.below, "at_most": found.above}.get(asks)
    if beyond is None or metric.kind == "count":
        return asks, None
    limit = _said(metric, beyond, given)
    far = limit is not None and abs(limit - value) > 2 * display_step(metric, value)
    if limit is None or far or good(rows_with(situation.columns, dial, np.array([limit])))[0]:
        return asks, None
    return ("above" if asks == "at_least" else "below"), limit


def _reach(
    situation: Situation, dial: Dial, good: Good, value: float, end: float, marks: list[float]
) -> tuple[float, float | None]:
    """Walk from a good value to an end while it is good; give the last good value and the first that is not."""
    metric, span, sign = metrics()[dial.metric], abs(end - value), 1.0 if end > value else -1.0
    limit = end
    if not span:
        return value, None
    step = display_step(metric, max([abs(value), *map(abs, marks)]))
    paces = np.concatenate([np.geomspace(min(step, span), span, _PACES), step * np.arange(1, 30)])
    near = [mark + shift for mark in marks for shift in (-step, 0.0, step)]
    # What counts with other years, such as yearly growth, turns near their values.
    others = [float(one.lo[0]) for one in situation.columns.numbers.get(dial.metric, {}).values() if one.known[0]]
    around = np.multiply.outer(others, _AROUND).ravel()
    grid = np.concatenate([value + sign * paces, near, around]).astype(np.float64)
    whole = metric.kind in ("count", "flag")
    grid = np.round(grid) if whole else grid
    last, first = value, None
    for _ in range(_ROUNDS):
        grid = np.unique(grid[(grid >= min(last, end)) & (grid <= max(last, end))])[:: int(sign)]
        bad = ~good(rows_with(situation.columns, dial, grid))
        if not bad.any():
            return float(grid[-1]), first
        at = int(np.argmax(bad))
        first, last = float(grid[at]), float(grid[at - 1]) if at else last
        if abs(first - last) <= 1e-14 * max(abs(first), abs(last)) or (whole and abs(first - last) <= 1):
            break
        grid, end = np.linspace(last, first, _SECTIONS, dtype=np.float64), first
        grid = np.round(grid) if whole else grid
    assert first is not None
    # Growth from nothing, or a share of it, is not known: the end itself may be bad where all before it is good.
    only_the_end = abs(first - limit) <= _SAME * max(abs(value), step)
    return last, None if only_the_end and not whole else first


def _on_the_better_side(situation: Situation, dial: Dial, good: Good, found: Leeway, marks: list[float]) -> Leeway:
    """Give the good values at the metric's better end where there are any, else those found."""
    metric = metrics()[dial.metric]
    if metric.better == "neither":
        return found
    low, high = range_of(metric, [*marks, found.least, found.most])
    end = high if metric.better == "higher" else low
    if found.least <= end <= found.most or not good(rows_with(situation.columns, dial, np.array([end])))[0]:
        return found
    return leeway(situation, dial, good, end, marks)


def _said(metric: Metric, value: float, marks: list[float]) -> float | None:
    """Give a number that a rule names, or a sentence shows in full, where it is the value but for its rounding."""
    step = display_step(metric, value)
    near = [*marks, float(f"{round(value / step) * step:.12g}")]
    return next((one for one in near if abs(one - value) <= _SAME * max(abs(one), 1e-3)), None)
