"""The fewest changes of items that lift a table of points over its line, found exactly.

Each item can be lifted to any of its steps (a band, an option, one more unit). Which items to lift, and how far, is a
small integer programme: first the smallest number of items, then the least relative change. Floors of groups, caps,
weights and the best of several parts are linear in it, so the answer is exact and not a greedy one. Facts that are not
known count with the fewest points that they can give.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt

from gaoyuan.assess.diagnosis.dials import Dial, Good, Situation, nearest_value, present_options, rows_of
from gaoyuan.assess.facts.columns import FactColumns
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.parsing import Value
from gaoyuan.assess.rules.model import Bands, BestOf, Choice, GivenPoints, PerUnit, Points, Quantity, Several, Tree
from gaoyuan.assess.verdicts.evaluating import measured
from gaoyuan.assess.verdicts.point_tables import points_given

_STEPS = 40
"""At most so many steps of one item are tried; those of official tables are far fewer."""
_SLACK = 1e-7
_OTHERS = 4
"""How many other ways of the same number of items are given beside the smallest."""


@dataclass(frozen=True, slots=True)
class Lift:
    """A dial turned to a value that lifts an item by one or more steps, with its relative change."""

    dial: Dial
    value: Value
    cost: float


def fewest_lifts(points: Points, situation: Situation, line: float, *, strict: bool = False) -> list[tuple[Lift, ...]]:
    """Give the smallest sets of lifts that bring the points to the line (above it where `strict`), smallest first.

    All sets have the fewest items, ordered by relative change. None where no lifts reach the line, one empty set where
    nothing is lacking. No two facts of the same item are changed together.
    """
    leaves = list(_leaves(points))
    lifts = list(dict.fromkeys(lift for leaf in leaves for lift in _lifts(leaf, situation)))
    programme = _Programme(leaves, lifts, situation)
    whole = programme.expression(points)
    programme.at_least(whole, line + (1e-6 if strict else 0.0))
    found: list[tuple[Lift, ...]] = []
    fewest: int | None = None
    while len(found) <= _OTHERS:
        chosen = programme.solved(fewest)
        if chosen is None:
            break
        found.append(tuple(lifts[at] for at in chosen))
        fewest = len(chosen)
        if not chosen:
            break
        programme.forbid(chosen)
    return found


def relative_change(before: Value | None, after: Value) -> float:
    """Give the size of a change, 0 to 1: what is not known, or not a number, changes wholly."""
    if isinstance(after, tuple):
        had = set(before) if isinstance(before, tuple) else set()
        return len(set(after) ^ had) / max(1, len(set(after) | had))
    if not isinstance(before, float) or not isinstance(after, float):
        return 1.0
    return abs(after - before) / max(abs(after), abs(before), 1e-12)


def _leaves(points: Points) -> Iterator[Points]:
    if isinstance(points, Tree):
        for part in points.parts:
            yield from _leaves(part.points)
    elif isinstance(points, BestOf):
        for part in points.parts:
            yield from _leaves(part)
    else:
        yield points


def _lowest(leaf: Points, situation: Situation, rows: FactColumns) -> npt.NDArray[np.float64]:
    """Give the fewest points of an item for rows of facts (n)."""
    return points_given(leaf, rows, partial(measured, columns=rows, how=situation.how))[0].lo


def _lifts(leaf: Points, situation: Situation) -> Iterator[Lift]:
    base = float(_lowest(leaf, situation, situation.columns)[0])
    if isinstance(leaf, Bands | PerUnit):
        yield from _lifts_of_numbers(leaf, situation, base)
    elif isinstance(leaf, Choice):
        dial, before = Dial(leaf.metric), situation.value(Dial(leaf.metric))
        for option, worth in leaf.points.items():
            if worth > base + _SLACK:
                yield Lift(dial, option, relative_change(before, option))
    elif isinstance(leaf, Several):
        yield from _lifts_of_options(leaf, situation)
    elif isinstance(leaf, GivenPoints):
        dial, before = situation.dial(leaf.metric), situation.value(situation.dial(leaf.metric))
        for worth in sorted({*np.linspace(0, leaf.most, _STEPS + 1).tolist(), *map(float, range(int(leaf.most) + 1))}):
            if worth > base + _SLACK and (worth == round(worth) or leaf.most < 10):
                yield Lift(dial, float(worth), relative_change(before, float(worth)))


def _lifts_of_numbers(leaf: Bands | PerUnit, situation: Situation, base: float) -> Iterator[Lift]:
    if isinstance(leaf, Bands):
        targets = sorted({*(band.points for band in leaf.bands), leaf.otherwise})
        marks = [band.bound for band in leaf.bands]
    else:
        targets = np.minimum(np.arange(1, _STEPS + 1) * leaf.points, leaf.cap).tolist()
        marks = (np.arange(1, _STEPS + 1) * leaf.every).tolist()
    targets = sorted({float(target) for target in targets if target > base + _SLACK})
    for name in leaf.quantity.metrics:
        dial = situation.dial(name, leaf.quantity)
        before = situation.value(dial)
        for target in targets:
            value = nearest_value(situation, dial, _reaches(leaf, situation, target), marks)
            if value is not None:
                yield Lift(dial, value, relative_change(before, value))


def _reaches(leaf: Points, situation: Situation, target: float) -> Good:
    return lambda rows: _lowest(leaf, situation, rows) >= target - _SLACK


def _lifts_of_options(leaf: Several, situation: Situation) -> Iterator[Lift]:
    """One more option after the other, those worth most first: no other choice of as many gives more."""
    metric, dial = metrics()[leaf.metric], Dial(leaf.metric)
    present = present_options(situation.columns, metric)
    before = situation.value(dial)
    absent = sorted((name for name in leaf.points if name not in present), key=lambda name: -leaf.points[name])
    for count in range(1, len(absent) + 1):
        if leaf.points[absent[count - 1]] <= 0:
            return
        value = tuple(sorted([*present, *absent[:count]]))
        yield Lift(dial, value, relative_change(before, value))


@dataclass(slots=True)
class _Linear:
    """A linear expression: a constant and coefficients by variable."""

    constant: float
    of: dict[int, float] = field(default_factory=dict)

    def plus(self, other: _Linear, factor: float = 1.0) -> _Linear:
        found = dict(self.of)
        for at, coefficient in other.of.items():
            found[at] = found.get(at, 0.0) + factor * coefficient
        return _Linear(self.constant + factor * other.constant, found)


class _Programme:
    """The integer programme: a 0/1 variable a lift, then those of caps and of which of several parts is the best."""

    def __init__(self, leaves: list[Points], lifts: list[Lift], situation: Situation) -> None:
        self.lifts = lifts
        self.integers = [1] * len(lifts)
        self.limits = [(0.0, 1.0)] * len(lifts)
        self.constraints: list[tuple[_Linear, float]] = []
        rows = rows_of(situation.columns, [{}, *({lift.dial: lift.value} for lift in lifts)])
        self.points = {id(leaf): _lowest(leaf, situation, rows) for leaf in leaves}
        dials = dict.fromkeys(lift.dial for lift in lifts)
        for leaf in leaves:
            touching = {dial for dial in dials if dial.metric in _metrics_of(leaf)}
            self._one_of([at for at, lift in enumerate(lifts) if lift.dial in touching])
        for dial in dials:
            self._one_of([at for at, lift in enumerate(lifts) if lift.dial == dial])

    def expression(self, points: Points) -> _Linear:
        """Give the points as an expression that the programme can make at most as large as they are."""
        if isinstance(points, Tree):
            whole = _Linear(0.0)
            for part in points.parts:
                own = _Linear(0.0).plus(self.expression(part.points), part.weight)
                if part.floor is not None:
                    self.at_least(own, part.floor)
                whole = whole.plus(own)
            return whole if points.cap is None else self._capped(whole, points.cap)
        if isinstance(points, BestOf):
            return self._best([self.expression(part) for part in points.parts])
        given = self.points[id(points)]
        gains = {at: float(gain) for at, gain in enumerate(given[1:] - given[0]) if gain}
        return _Linear(float(given[0]), gains)

    def at_least(self, expression: _Linear, bound: float) -> None:
        """Ask that an expression is no less than a bound."""
        self.constraints.append((expression, bound - _SLACK))

    def forbid(self, chosen: list[int]) -> None:
        """Ask for another set of lifts: not all of these."""
        self.at_least(_Linear(0.0, dict.fromkeys(chosen, -1.0)), 1.0 - len(chosen))

    def solved(self, count: int | None) -> list[int] | None:
        """Give the positions of the lifts with the fewest items (or this count) and the least relative change."""
        size = len(self.lifts)
        if count is None:
            first = self._minimised(np.ones(size), None)
            if first is None:
                return None
            count = len(first)
        return self._minimised(np.array([lift.cost for lift in self.lifts], dtype=np.float64), count)

    def _minimised(self, costs: npt.NDArray[np.float64], count: int | None) -> list[int] | None:
        # Most rules have no points: those need not wait for the solver to load.
        from scipy.optimize import Bounds, LinearConstraint, milp

        size, whole = len(self.lifts), len(self.integers)
        matrix = np.zeros((len(self.constraints), whole))
        for row, (expression, _) in enumerate(self.constraints):
            for at, coefficient in expression.of.items():
                matrix[row, at] = coefficient
        lower = np.array([bound - expression.constant for expression, bound in self.constraints])
        if not size:
            # Caps and bests have no lifts to weigh: what is there either holds or does not.
            return [] if not whole and bool((lower <= 0).all()) else None
        constraints = [LinearConstraint(matrix, lb=lower, ub=np.inf)]
        if count is not None:
            chosen = np.zeros((1, whole))
            chosen[0, :size] = 1.0
            constraints.append(LinearConstraint(chosen, lb=count, ub=count))
        found = milp(
            np.concatenate([costs, np.zeros(whole - size)]),
            integrality=np.array(self.integers),
            bounds=Bounds(np.array([low for low, _ in self.limits]), np.array([high for _, high in self.limits])),
            constraints=constraints,
            options={"mip_rel_gap": 0.0},
        )
        return None if found.x is None else np.flatnonzero(found.x[:size] > 0.5).tolist()

    def _one_of(self, positions: list[int]) -> None:
        if len(positions) > 1:
            self.at_least(_Linear(0.0, dict.fromkeys(positions, -1.0)), -1.0)

    def _variable(self, *, whole: bool) -> int:
        self.integers.append(int(whole))
        self.limits.append((0.0, 1.0) if whole else (-1e6, 1e6))
        return len(self.integers) - 1

    def _capped(self, whole: _Linear, cap: float) -> _Linear:
        own = _Linear(0.0, {self._variable(whole=False): 1.0})
        self.at_least(whole.plus(own, -1.0), 0.0)
        self.at_least(_Linear(cap).plus(own, -1.0), 0.0)
        return own

    def _best(self, parts: list[_Linear]) -> _Linear:
        own = _Linear(0.0, {self._variable(whole=False): 1.0})
        taken = [self._variable(whole=True) for _ in parts]
        most = 1.0 + 2 * max(abs(part.constant) + sum(map(abs, part.of.values())) for part in parts)
        for at, part in zip(taken, parts, strict=True):
            self.at_least(part.plus(own, -1.0).plus(_Linear(most, {at: -most})), 0.0)
        self.at_least(_Linear(0.0, dict.fromkeys(taken, 1.0)), 1.0)
        return own


def _metrics_of(leaf: Points) -> set[str]:
    if isinstance(leaf, Bands | PerUnit):
        quantity: Quantity = leaf.quantity
        return {*quantity.metrics, *quantity.over}
    return {leaf.metric} if isinstance(leaf, Choice | Several | GivenPoints) else set()
