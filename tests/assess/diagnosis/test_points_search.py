"""The fewest items that lift a table of points over its line, against trying every combination."""

from __future__ import annotations

import datetime as dt
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

from gaoyuan.assess.diagnosis.dials import Situation
from gaoyuan.assess.diagnosis.points_search import Lift, _leaves, _lifts, fewest_lifts, relative_change
from gaoyuan.assess.facts.parsing import parse_facts
from gaoyuan.assess.logic.states import MET
from gaoyuan.assess.rules.model import (
    Band,
    Bands,
    BestOf,
    Criterion,
    Part,
    PerUnit,
    Points,
    Quantity,
    Score,
    Status,
    Tree,
)
from gaoyuan.assess.verdicts.evaluating import Circumstances, evaluate

HOW = Circumstances(dt.date(2025, 6, 1), "new", {})


def _bands(metric: str, *steps: tuple[float, float], otherwise: float = 0.0) -> Bands:
    return Bands(Quantity((metric,)), tuple(Band(">=", bound, points) for bound, points in steps), otherwise)


def _part(name: str, points: Points, weight: float = 1.0, floor: float | None = None) -> Part:
    return Part(name, name, name, points, weight, floor)


TABLE = Tree(
    (
        _part(
            "titles",
            Tree(
                (
                    _part("giants", PerUnit(Quantity(("little_giants",)), 2, 3, 9)),
                    _part("srdi", _bands("srdi_smes", (20, 8), (10, 5), (5, 2))),
                    _part("hightech", _bands("hightech_firms", (30, 6), (15, 4))),
                ),
                cap=14,
            ),
            floor=8,
        ),
        _part("shares", _bands("sme_output_share", (0.9, 10), (0.8, 6), (0.7, 3)), weight=0.5),
        _part(
            "best",
            BestOf((_bands("platform_adoption", (0.5, 6), (0.3, 3)), _bands("leading_output_share", (0.8, 4)))),
            floor=2,
        ),
    )
)
SUBJECTS: list[dict[str, Any]] = [
    {"little_giants": 1, "srdi_smes": 4, "hightech_firms": 3, "sme_output_share": 0.6, "platform_adoption": 0.1},
    {"little_giants": 5, "srdi_smes": 9, "hightech_firms": 14, "sme_output_share": 0.79, "leading_output_share": 0.5},
    {"little_giants": 0, "srdi_smes": 25, "sme_output_share": 0.95, "platform_adoption": 0.29},
    {},
]


def _met(points: Points, situation: Situation, lifts: tuple[Lift, ...], line: float) -> bool:
    criterion = Criterion("s", "", "", "", Status.OFFICIAL, Score(points, ">=", line))
    then = situation.turned({lift.dial: lift.value for lift in lifts})
    return bool(evaluate([criterion], then.columns, then.how)[0].states[0] == MET)


def _tried_all(points: Points, situation: Situation, line: float) -> tuple[int, float] | None:
    """Give the fewest lifts and their least cost by trying all, one a dial."""
    by_dial: dict[Any, list[Lift]] = {}
    for leaf in _leaves(points):
        for lift in _lifts(leaf, situation):
            by_dial.setdefault(lift.dial, []).append(lift)
    for count in range(len(by_dial) + 1):
        costs = [
            sum(lift.cost for lift in chosen)
            for dials in combinations(by_dial, count)
            for chosen in product(*(by_dial[dial] for dial in dials))
            if _met(points, situation, chosen, line)
        ]
        if costs:
            return count, min(costs)
    return None


@pytest.mark.parametrize("line", [8, 14, 20, 23.5, 25, 26])
@pytest.mark.parametrize("at", range(len(SUBJECTS)))
def test_the_search_finds_what_trying_everything_finds(at: int, line: float) -> None:
    situation = Situation.of(parse_facts(SUBJECTS[at]), HOW)
    best = _tried_all(TABLE, situation, line)
    found = fewest_lifts(TABLE, situation, line)
    if best is None:
        assert found == []
        return
    assert len(found[0]) == best[0]
    assert sum(lift.cost for lift in found[0]) == pytest.approx(best[1])
    assert all(_met(TABLE, situation, lifts, line) for lifts in found)
    assert len({frozenset(lifts) for lifts in found}) == len(found)


def test_floors_are_met_even_where_the_total_is_enough() -> None:
    situation = Situation.of(parse_facts({"little_giants": 6, "sme_output_share": 0.95}), HOW)
    (lifts, *_) = fewest_lifts(TABLE, situation, 10)
    assert {lift.dial.metric for lift in lifts} <= {"platform_adoption", "leading_output_share"}


def test_points_that_are_enough_already_need_no_change() -> None:
    situation = Situation.of(parse_facts({"sme_output_share": 0.9}), HOW)
    assert fewest_lifts(_bands("sme_output_share", (0.9, 10)), situation, 10) == [()]


def test_a_line_above_all_points_cannot_be_reached() -> None:
    assert fewest_lifts(TABLE, Situation.of(parse_facts({}), HOW), 26.01) == []


def test_a_change_is_measured_against_the_larger_value() -> None:
    assert relative_change(9.0, 10.0) == pytest.approx(0.1)
    assert relative_change(0.0, 1.0) == 1.0
    assert relative_change(None, 5.0) == 1.0
    assert relative_change(("a",), ("a", "b")) == 0.5
    assert np.isfinite(relative_change(0.0, 0.0))
