"""Points that bands, choices, counts and trees give, at their edges and where facts are open."""

from __future__ import annotations

import datetime as dt
from functools import partial

import numpy as np
import numpy.typing as npt
import pytest

from gaoyuan.assess.facts.columns import FactColumns, columns_of
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.logic.intervals import Interval
from gaoyuan.assess.logic.states import MET, UNKNOWN, UNMET
from gaoyuan.assess.rules.model import (
    Band,
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
from gaoyuan.assess.verdicts.evaluating import Circumstances, measured
from gaoyuan.assess.verdicts.point_tables import floors, points_given

HOW = Circumstances(dt.date(2025, 6, 1), "new", {})
BANDS = Bands(Quantity(("sme_output_share",)), (Band(">=", 0.9, 10), Band(">=", 0.7, 6), Band(">", 0.5, 2)), 1)
CHOICE_ID = next(one.id for one in metrics().values() if one.kind == "choice" and len(one.options) > 2)
SEVERAL_ID = next(one.id for one in metrics().values() if one.kind == "several" and len(one.options) > 2)
SCORE_ID = next(one.id for one in metrics().values() if one.kind == "score")


def _given(points: Points, columns: FactColumns) -> Interval:
    return points_given(points, columns, partial(measured, columns=columns, how=HOW))[0]


def _points(points: Points, metric: str, values: npt.ArrayLike) -> list[float]:
    found = _given(points, columns_of({metric: values}, 2024))
    assert found.known.all()
    return found.lo.tolist()


def _ends(points: Points) -> tuple[float, float]:
    """Give the least and the most points of a subject of which nothing is known."""
    found = _given(points, FactColumns(1, 2024))
    return float(found.lo[0]), float(found.hi[0])


def test_the_first_band_that_holds_gives_the_points() -> None:
    shares = [0.95, 0.9, 0.8999, 0.7, 0.6999, 0.5, 0.0]
    assert _points(BANDS, "sme_output_share", shares) == [10, 10, 6, 6, 2, 1, 1]


def test_bands_of_what_is_open_give_what_both_ends_give() -> None:
    assert _ends(BANDS) == (1, 10)
    falling = Bands(Quantity(("area_km2",)), (Band("<=", 10, 5), Band("<=", 100, 3)))
    assert _ends(falling) == (0, 5)
    assert _points(falling, "area_km2", [10, 10.1, 100, 101]) == [5, 3, 3, 0]


def test_every_full_unit_gives_points_up_to_the_cap() -> None:
    rule = PerUnit(Quantity(("srdi_smes",)), 5, 2, 7)
    assert _points(rule, "srdi_smes", [0, 4, 5, 9, 10, 15, 20, 500]) == [0, 0, 2, 2, 4, 6, 7, 7]
    assert _ends(rule) == (0, 7)


def test_a_unit_reached_by_rounding_counts() -> None:
    rule = PerUnit(Quantity(("sme_output_share",)), 0.1, 1, 10)
    assert _points(rule, "sme_output_share", [0.3, 0.7, 0.1 + 0.2]) == [3, 7, 3]


def test_an_option_gives_its_points_and_an_unknown_one_any_of_them() -> None:
    first, second, third, *_ = metrics()[CHOICE_ID].options
    rule = Choice(CHOICE_ID, {first: 5, second: 3, third: 1})
    assert _points(rule, CHOICE_ID, [first, second, third]) == [5, 3, 1]
    assert _ends(rule) == (1, 5)


def test_several_options_add_up_to_the_cap() -> None:
    first, second, third, *_ = metrics()[SEVERAL_ID].options
    rule = Several(SEVERAL_ID, {first: 3, second: 2, third: 2}, 5)
    columns = columns_of({SEVERAL_ID: [[first], [first, second], [first, second, third], []]}, 2024)
    assert _given(rule, columns).lo.tolist() == [3, 5, 5, 0]
    assert _ends(rule) == (0, 5)


def test_points_given_by_others_stay_within_their_most() -> None:
    rule = GivenPoints(SCORE_ID, 5)
    assert _ends(rule) == (0, 5)
    assert _points(rule, SCORE_ID, [0.0, 3.5]) == [0, 3.5]


def test_the_best_of_several_counts() -> None:
    rule = BestOf((BANDS, PerUnit(Quantity(("srdi_smes",)), 1, 1, 8)))
    columns = columns_of({"sme_output_share": [0.8, 0.8, 0.95], "srdi_smes": [3, 8, 8]}, 2024)
    assert _given(rule, columns).lo.tolist() == [6, 8, 10]
    assert _ends(rule) == (1, 10)


def _tree() -> Tree:
    inner = Tree((Part("a", "", "", BANDS), Part("b", "", "", PerUnit(Quantity(("srdi_smes",)), 1, 1, 10))), cap=12)
    return Tree(
        (Part("group", "", "", inner, floor=8), Part("c", "", "", PerUnit(Quantity(("firms",)), 1, 1, 10), 0.5))
    )


def test_a_tree_adds_weighted_parts_with_caps_inside() -> None:
    columns = columns_of({"sme_output_share": [0.95, 0.95], "srdi_smes": [1, 9], "firms": [4, 4]}, 2024)
    whole, parts = points_given(_tree(), columns, partial(measured, columns=columns, how=HOW))
    assert whole.lo.tolist() == [13, 14]
    assert [part.part.id for part in parts] == ["group", "c"]
    assert [part.part.id for part in parts[0].parts] == ["a", "b"]


@pytest.mark.parametrize(("srdi", "state"), [(2.0, MET), (1.0, UNMET), (np.nan, UNKNOWN)])
def test_a_floor_is_held_against_the_points_of_its_group(srdi: float, state: int) -> None:
    columns = columns_of({"sme_output_share": [0.7], "srdi_smes": [srdi]}, 2024)
    _, parts = points_given(_tree(), columns, partial(measured, columns=columns, how=HOW))
    assert [int(codes[0]) for codes in floors(parts)] == [state]
