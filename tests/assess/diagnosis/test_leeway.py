"""How far a number can move before a criterion turns, on criteria given as conditions on one metric."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from gaoyuan.assess.diagnosis.dials import Dial, Good, Situation
from gaoyuan.assess.diagnosis.leeway import asked, least_asked, leeway, of_nearest_year
from gaoyuan.assess.facts.parsing import parse_facts
from gaoyuan.assess.logic.intervals import Floats
from gaoyuan.assess.logic.states import Flags
from gaoyuan.assess.verdicts.evaluating import Circumstances

AREA, OUTPUT = Dial("area_km2"), Dial("output_yuan", (2023,))


def _situation(facts: Mapping[str, object]) -> Situation:
    return Situation.of(parse_facts(facts), Circumstances(dt.date(2025, 6, 1), "new", {}))


def _good(dial: Dial, condition: Callable[[Floats], Flags]) -> Good:
    year = dial.years[0] if dial.years else 2024
    return lambda rows: condition(rows.number(dial.metric, year).lo)


def test_the_leeway_ends_where_values_are_no_longer_good() -> None:
    found = leeway(_situation({}), AREA, _good(AREA, lambda x: (x >= 20) & (x <= 80)), 50.0, [20.0])
    assert (found.least, found.most) == (20.0, pytest.approx(80.0))
    assert found.asks is None
    assert found.below == pytest.approx(20.0)


def test_a_bad_value_at_the_very_end_of_the_range_does_not_end_it() -> None:
    found = leeway(_situation({}), OUTPUT, _good(OUTPUT, lambda x: x > 0), 6e9)
    assert found.asks == "any"


def test_only_a_bound_that_does_not_do_itself_is_one_to_be_above_of() -> None:
    situation = _situation({})
    strict, plain = _good(OUTPUT, lambda x: x > 6e9), _good(OUTPUT, lambda x: x >= 6e9)
    assert asked(situation, OUTPUT, strict, 6.001e9, [6e9]) == ("above", 6e9)
    assert asked(situation, OUTPUT, plain, 6e9, [6e9]) == ("at_least", None)
    # Not a number that anybody would read: the next one that is shown is asked for.
    assert asked(situation, OUTPUT, _good(OUTPUT, lambda x: x > 6.00012345e9), 6.001e9) == ("at_least", None)
    assert asked(situation, OUTPUT, _good(OUTPUT, lambda x: x < 6e9), 5.999e9, [6e9]) == ("below", 6e9)


def test_a_count_is_asked_for_as_the_next_whole_number() -> None:
    dial = Dial("srdi_smes")
    assert asked(_situation({}), dial, _good(dial, lambda x: x > 50), 51.0, [50.0]) == ("at_least", None)


def test_more_than_is_needed_is_taken_back_to_what_is() -> None:
    assert least_asked(_situation({}), OUTPUT, _good(OUTPUT, lambda x: x >= 4.1234e9), 9e9) == 4.124e9
    known = _situation({"output_yuan": {"series": {"2023": 3e9}}})
    assert least_asked(known, OUTPUT, _good(OUTPUT, lambda x: x >= 4e9), 9e9, [4e9]) == 4e9


def test_of_an_unknown_number_the_better_side_is_asked_where_both_have_good_values() -> None:
    apart = _good(OUTPUT, lambda x: (x <= 5e9) | (x >= 8e9))
    known = _situation({"output_yuan": {"series": {"2022": 6e9}}})
    assert least_asked(known, OUTPUT, apart, 1e-9) == 8e9
    assert least_asked(known, OUTPUT, _good(OUTPUT, lambda x: (x > 0) & (x <= 5e9)), 1e-9) == 5e9


def test_where_any_value_will_do_the_usual_one_is_taken() -> None:
    known = _situation({"output_yuan": {"series": {"2020": 1e9, "2022": 6e9}}})
    usual = of_nearest_year(known, OUTPUT)
    assert usual == 6e9
    assert least_asked(known, OUTPUT, _good(OUTPUT, np.isfinite), 3e9, usual=usual) == 6e9
    assert least_asked(known, OUTPUT, _good(OUTPUT, np.isfinite), 3e9) == 3e9
    assert of_nearest_year(_situation({}), OUTPUT) is None
    assert of_nearest_year(known, AREA) is None
