"""Cases of verdicts as data: facts, day and the states expected, in YAML that a person can read and extend.

A file of `cases/` has `edition`, `as_of`, an optional `application`, `settings` and `base` facts, and `cases`: each
sets or drops facts of the base and says what is expected: states by criterion id, `verdict` for the whole, `level` for
a level, `findings` for their kinds, and `points` by the id of a part (a number, or the least and the most).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from gaoyuan.assess import Edition, Verdict, edition, editions, judge
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.logic.intervals import Interval
from gaoyuan.assess.rules.model import (
    Bands,
    BestOf,
    Choice,
    GivenPoints,
    Lattice,
    Levels,
    Limit,
    Part,
    PerUnit,
    Points,
    Score,
    SettingName,
    Several,
    Threshold,
    Tree,
)
from gaoyuan.assess.rules.walk import points_of, quantities_of, walk
from gaoyuan.assess.verdicts import evaluating, point_tables
from gaoyuan.assess.verdicts.verdict import PointsVerdict

FOLDER = Path(__file__).parent / "cases"
JUST = 0.05
"""How near to a bound, as a share of it, counts as just above or just below; a whole number may be 1 away."""


@dataclass(frozen=True)
class VerdictCase:
    """One case of a file."""

    name: str
    key: str
    facts: dict[str, Any]
    expect: dict[str, Any]
    as_of: str
    application: Any
    settings: dict[str, Any]

    def verdict(self) -> Verdict:
        return judge(edition(self.key), self.facts, self.as_of, self.application, settings=self.settings)


def _cases_of(file: Path) -> list[VerdictCase]:
    data = yaml.safe_load(file.read_text("utf-8"))
    return [
        VerdictCase(
            name=f"{file.stem}-{at}-{case.get('name') or case['set']}",
            key=data["edition"],
            facts={
                name: fact
                for name, fact in {**data.get("base", {}), **case.get("set", {})}.items()
                if name not in case.get("drop", ())
            },
            expect=case["expect"],
            as_of=str(case.get("as_of", data["as_of"])),
            application=case.get("application", data.get("application", "new")),
            settings={**data.get("settings", {}), **case.get("settings", {})},
        )
        for at, case in enumerate(data["cases"])
    ]


CASES = [case for file in sorted(FOLDER.glob("*.yaml")) for case in _cases_of(file)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_comes_out_as_an_expert_says(case: VerdictCase) -> None:
    assert _said(case.verdict(), case.expect) == case.expect


@pytest.mark.parametrize("key", sorted(one.key for one in editions()))
def test_every_threshold_of_an_edition_is_tried_at_just_above_and_just_below(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = _record_what_is_compared(monkeypatch)
    for case in CASES:
        if case.key == key:
            case.verdict()
    for bound, grain in _bounds(edition(key)).items():
        near = {value for compared, value in tried if compared == bound}
        reach = max(JUST * abs(bound), 1.0 if bound == round(bound) else 0.011, grain)
        assert any(np.isclose(value, bound, rtol=1e-9, atol=1e-12) for value in near), f"{bound} is not tried at"
        # Nothing is above a share of one, nor above the highest level.
        if bound not in _ceilings(edition(key)):
            assert any(0 < value - bound <= reach for value in near), f"{bound} is not tried just above"
        # Nothing is below a count of zero.
        if bound != 0:
            assert any(0 < bound - value <= reach for value in near), f"{bound} is not tried just below"


def _record_what_is_compared(monkeypatch: pytest.MonkeyPatch) -> set[tuple[float, float]]:
    """Note each bound with the known values that are held against it while cases run."""
    tried: set[tuple[float, float]] = set()
    real_compare, real_at = evaluating.compare, point_tables._points_at
    real_level, real_unit = evaluating._level_at, point_tables._per_unit

    def compare(numbers: Interval, operator: Any, bound: Interval) -> Any:
        if numbers.known[0] and bound.known[0]:
            tried.add((float(bound.lo[0]), float(numbers.lo[0])))
        return real_compare(numbers, operator, bound)

    def points_at(bands: Bands, values: np.ndarray) -> Any:
        tried.update((band.bound, float(values[0])) for band in bands.bands if np.isfinite(values[0]))
        return real_at(bands, values)

    def level_at(rule: Levels, values: np.ndarray) -> Any:
        tried.update((level.least, float(values[0])) for level in rule.levels)
        return real_level(rule, values)

    def per_unit(rule: Any, numbers: Interval) -> Any:
        if numbers.known[0]:
            tried.add((rule.every, float(numbers.lo[0])))
        return real_unit(rule, numbers)

    replacements: list[tuple[Any, str, Callable[..., Any]]] = [
        (evaluating, "compare", compare),
        (point_tables, "compare", compare),
        (point_tables, "_points_at", points_at),
        (point_tables, "_per_unit", per_unit),
        (evaluating, "_level_at", level_at),
    ]
    for module, name, replacement in replacements:
        monkeypatch.setattr(module, name, replacement)
    return tried


def _bounds(one: Edition) -> dict[float, float]:
    """Give all numbers of an edition that something is held against, with the smallest step that it can be away."""
    found: dict[float, float] = {}

    def note(bounds: Iterable[float], grain: float = 0.0) -> None:
        found.update({bound: max(grain, found.get(bound, 0.0)) for bound in bounds})

    for criterion in walk(one.criteria):
        rule = criterion.rule
        if isinstance(rule, Threshold | Score):
            bound = one.settings[rule.bound.name].default if isinstance(rule.bound, SettingName) else rule.bound
            grain = _grain(rule.points) if isinstance(rule, Score) else 0.0
            note({float(bound)} if bound is not None else set(), grain)
        elif isinstance(rule, Limit):
            note({rule.at_most, *rule.exceptions.values()})
        elif isinstance(rule, Levels):
            note(level.least for level in rule.levels)
        elif isinstance(rule, Lattice):
            note(bound for rows in rule.bounds.values() for row in rows for bound in row.values())
        for points in points_of(criterion):
            if isinstance(points, Bands):
                note(band.bound for band in points.bands)
            elif isinstance(points, PerUnit):
                note({points.every})
            elif isinstance(points, Tree):
                for part in points.parts:
                    note({part.floor} if part.floor is not None else set(), part.weight * _grain(part.points))
    return found


def _ceilings(one: Edition) -> set[float]:
    """Give the bounds that are the most that their metric can be: nothing is above them."""
    found: set[float] = set()
    for criterion in walk(one.criteria):
        rule = criterion.rule
        bounds: set[float] = set()
        if isinstance(rule, Threshold) and isinstance(rule.bound, float):
            bounds.add(rule.bound)
        if isinstance(rule, Levels):
            bounds.update(level.least for level in rule.levels)
        tables = [points for points in points_of(criterion) if isinstance(points, Bands)]
        bounds.update(band.bound for table in tables for band in table.bands)
        for quantity in quantities_of(criterion):
            if len(quantity.metrics) == 1 and not quantity.over and quantity.take in ("last", "minimum", "maximum"):
                found.update(bound for bound in bounds if bound == metrics()[quantity.metrics[0]].most)
    return found


def _grain(points: Points) -> float:
    """Give the smallest step between the points that a table can give."""
    if isinstance(points, Tree):
        return min(part.weight * _grain(part.points) for part in points.parts)
    if isinstance(points, GivenPoints):
        return 1.0
    values = _values(points)
    return min(after - before for before, after in pairwise(values))


def _values(points: Points) -> list[float]:
    if isinstance(points, Bands):
        given = {points.otherwise, *(band.points for band in points.bands)}
    elif isinstance(points, BestOf):
        given = {value for part in points.parts for value in _values(part)}
    elif isinstance(points, PerUnit):
        given = {0.0, points.points}
    else:
        assert isinstance(points, Choice | Several)
        given = {0.0, *points.points.values()}
    return sorted(given)


def _said(verdict: Verdict, expected: dict[str, Any]) -> dict[str, Any]:
    """Give what a verdict says of all that is expected."""
    states = {criterion.id: criterion.state.value for criterion in verdict.every()}
    own: dict[str, Callable[[], Any]] = {
        "verdict": lambda: verdict.state.value,
        "level": lambda: verdict.level,
        "findings": lambda: sorted({finding.kind for finding in verdict.findings}),
        "points": lambda: {part: _points(verdict, part) for part in expected["points"]},
    }
    return {name: own[name]() if name in own else states[name] for name in expected}


def _points(verdict: Verdict, part: str) -> float | list[float]:
    by_id: dict[str, PointsVerdict] = defaultdict()

    def note(parts: tuple[PointsVerdict, ...]) -> None:
        for one in parts:
            by_id[one.id] = one
            note(one.parts)

    for criterion in verdict.every():
        note(criterion.points)
    one = by_id[part]
    least, most = round(one.least, 9), round(one.most, 9)
    return least if least == most else [least, most]


def test_a_part_of_points_has_a_name_of_its_own() -> None:
    def names(points: Points) -> list[str]:
        if not isinstance(points, Tree):
            return []
        return [name for part in points.parts for name in (part.id, *_inner(part))]

    def _inner(part: Part) -> list[str]:
        return names(part.points)

    for one in editions():
        for criterion in walk(one.criteria):
            rule = criterion.rule
            if isinstance(rule, Score) or (isinstance(rule, Levels) and isinstance(rule.of, Tree)):
                given = names(rule.points if isinstance(rule, Score) else rule.of)  # type: ignore[arg-type]
                assert len(given) == len(set(given)), one.key
