"""Intervals hold every value that the facts allow, whatever is computed of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.assess.logic.intervals import (
    OPERATORS,
    Interval,
    Operator,
    compare,
    compound_growth,
    exactly,
    least,
    margin,
    most,
    quotient,
    scaled,
    total,
    unknown,
    within,
)
from gaoyuan.assess.logic.states import MET, UNKNOWN, UNMET

HOLDS = {
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    "==": lambda a, b: a == b,
}
ends = st.tuples(st.integers(-20, 20), st.integers(-20, 20)).map(lambda two: (float(min(two)), float(max(two))))
shares = st.floats(0.0, 1.0)


def _interval(ends_: tuple[float, float]) -> Interval:
    return Interval(np.array([ends_[0]]), np.array([ends_[1]]))


def _point(ends_: tuple[float, float], share: float) -> float:
    return ends_[0] + share * (ends_[1] - ends_[0])


def _holds(interval: Interval, value: float) -> bool:
    return bool(interval.lo[0] - 1e-9 <= value <= interval.hi[0] + 1e-9)


@pytest.mark.parametrize("operator", OPERATORS)
@given(one=ends, other=ends)
def test_a_comparison_is_decided_only_where_all_values_agree(
    operator: Operator, one: tuple[float, float], other: tuple[float, float]
) -> None:
    state = int(compare(_interval(one), operator, _interval(other))[0])
    grid = [
        HOLDS[operator](a, b)
        for a in np.arange(one[0], one[1] + 0.5, 0.5)
        for b in np.arange(other[0], other[1] + 0.5, 0.5)
    ]
    assert state == (MET if all(grid) else UNKNOWN if any(grid) else UNMET)


@given(one=ends, other=ends, at=shares, at_other=shares)
def test_sums_extremes_and_quotients_hold_what_any_values_give(
    one: tuple[float, float], other: tuple[float, float], at: float, at_other: float
) -> None:
    a, b = _point(one, at), _point(other, at_other)
    pair = [_interval(one), _interval(other)]
    assert _holds(total(pair), a + b)
    assert _holds(least(pair), min(a, b))
    assert _holds(most(pair), max(a, b))
    assert _holds(scaled(pair[0], 0.25), a * 0.25)
    divisor = (abs(other[0]), abs(other[0]) + other[1] - other[0])
    by = _point(divisor, at_other)
    if by > 0:
        assert _holds(quotient(pair[0], _interval(divisor)), a / by)


@given(first=ends, last=ends, at=shares, at_last=shares, steps=st.integers(1, 4))
def test_growth_holds_what_any_values_give(
    first: tuple[float, float], last: tuple[float, float], at: float, at_last: float, steps: int
) -> None:
    first, last = (first[0] + 21, first[1] + 21), (last[0] + 20, last[1] + 20)
    growth = compound_growth(_interval(first), _interval(last), steps)
    assert _holds(growth, (_point(last, at_last) / _point(first, at)) ** (1 / steps) - 1)


def test_growth_from_nothing_is_unknown() -> None:
    growth = compound_growth(exactly(0.0), exactly(5.0), 2)
    assert (growth.lo[0], growth.hi[0]) == (-np.inf, np.inf)


def test_rounding_decides_nothing() -> None:
    assert compare(exactly(0.1 + 0.2), ">", exactly(0.3))[0] == UNMET
    assert compare(exactly(0.3), ">=", exactly(0.1 + 0.2))[0] == MET
    assert compare(exactly(1e9), ">=", exactly(1e9 + 1))[0] == UNMET


def test_nothing_known_is_everything_possible() -> None:
    assert exactly([np.nan]).lo[0] == -np.inf
    assert compare(unknown(1), ">=", exactly(0.0))[0] == UNKNOWN
    assert compare(unknown(1, 0.0), ">=", exactly(0.0))[0] == MET


def test_only_what_is_open_is_cut_at_the_range() -> None:
    cut = within(Interval(np.array([-5.0, 7.0]), np.array([np.inf, 7.0])), 0.0, 1.0)
    assert (cut.lo.tolist(), cut.hi.tolist()) == ([0.0, 7.0], [1.0, 7.0])


@pytest.mark.parametrize(("operator", "expected"), [(">=", 2.0), ("<=", -2.0), ("==", -2.0)])
def test_a_margin_is_positive_on_the_good_side(operator: Operator, expected: float) -> None:
    assert margin(5.0, operator, 3.0) == expected


COMBINED = {
    "total": lambda a, b: total([a, b]),
    "least": lambda a, b: least([a, b]),
    "most": lambda a, b: most([a, b]),
    "scaled": lambda a, _: scaled(a, 1.5),
    "quotient": quotient,
    "growth": lambda a, b: compound_growth(a, b, 2),
    "within": lambda a, _: within(a, 0.0, 10.0),
    "hull": Interval.hull,
}
numbers = st.lists(st.integers(-5, 20).map(float) | st.just(np.inf), min_size=3, max_size=3)


@pytest.mark.parametrize("name", COMBINED)
@given(one=numbers, other=numbers)
def test_known_numbers_in_one_array_give_the_same_as_in_two(name: str, one: list[float], other: list[float]) -> None:
    shared = [exactly(values) for values in (one, other)]
    apart = [Interval(np.array(values), np.array(values)) for values in (one, other)]
    assert all(interval.exact for interval in shared)
    assert not any(interval.exact for interval in apart)
    with np.errstate(invalid="ignore"):
        found, expected = COMBINED[name](*shared), COMBINED[name](*apart)
    np.testing.assert_array_equal(found.lo, expected.lo)
    np.testing.assert_array_equal(found.hi, expected.hi)


@pytest.mark.parametrize("operator", OPERATORS)
@given(one=numbers, other=numbers)
def test_known_numbers_in_one_array_compare_as_in_two(operator: Operator, one: list[float], other: list[float]) -> None:
    apart = [Interval(np.array(values), np.array(values)) for values in (one, other)]
    found = compare(exactly(one), operator, exactly(other))
    assert found.tolist() == compare(apart[0], operator, apart[1]).tolist()


def test_known_numbers_do_not_change_with_the_array_that_they_came_in() -> None:
    given_ = np.array([1.0, 2.0])
    known = exactly(given_)
    given_[0] = 9.0
    assert known.lo.tolist() == [1.0, 2.0]
