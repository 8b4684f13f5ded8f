"""The nearest value of a fact that is good enough, and facts with some of them changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pytest

from gaoyuan.assess.diagnosis.dials import Dial, Situation, nearest_value, rows_of
from gaoyuan.assess.facts.parsing import parse_facts
from gaoyuan.assess.verdicts.evaluating import Circumstances

HOW = Circumstances(dt.date(2025, 6, 1), "new", {})


def _situation(facts: Mapping[str, object]) -> Situation:
    return Situation.of(parse_facts(facts), HOW)


def _nearest(facts: Mapping[str, object], metric: str, at_least: float, *, strict: bool = False) -> float | None:
    situation = _situation(facts)
    dial = situation.dial(metric)

    def good(rows: object) -> np.ndarray:
        values = rows.number(metric, 2024).lo  # type: ignore[attr-defined]
        return values > at_least if strict else values >= at_least

    return nearest_value(situation, dial, good, [at_least])


def test_a_bound_that_is_enough_is_given_exactly() -> None:
    assert _nearest({"output_yuan": 1e9}, "output_yuan", 4123456789.0) == 4123456789.0


def test_above_a_strict_bound_the_next_shown_value_is_given() -> None:
    assert _nearest({"area_km2": 1.0}, "area_km2", 50.0, strict=True) == pytest.approx(50.01)
    assert _nearest({"srdi_smes": 1}, "srdi_smes", 50.0, strict=True) == 51.0


def test_an_unknown_number_begins_at_its_worst_end() -> None:
    assert _nearest({}, "srdi_smes", 10.0) == 10.0
    assert _nearest({}, "sme_output_share", 0.7) == 0.7


def test_there_is_no_value_beyond_what_is_possible() -> None:
    assert _nearest({"sme_output_share": 0.5}, "sme_output_share", 1.0, strict=True) is None


def test_what_has_no_year_is_of_the_last_full_year() -> None:
    situation = _situation({"output_yuan": 5e9})
    assert situation.facts.of("output_yuan")[0].series == {2024: 5e9}
    assert situation.later(1).columns.number("output_yuan", 2024).lo[0] == 5e9
    assert np.isinf(situation.later(1).columns.number("output_yuan", 2025).hi[0])


def test_the_29th_of_february_has_an_anniversary() -> None:
    situation = Situation.of(parse_facts({}), Circumstances(dt.date(2024, 2, 29), "new", {}))
    assert situation.later(1).how.as_of == dt.date(2025, 2, 28)
    assert situation.later(0).how.as_of == dt.date(2024, 2, 29)


def test_a_turned_fact_takes_the_place_of_all_that_sources_say() -> None:
    facts = {"area_km2": [{"value": 120, "source": "a"}, {"value": 90, "source": "b"}]}
    assert _situation(facts).turned({Dial("area_km2"): 50.0}).value(Dial("area_km2")) == 50.0


def test_rows_differ_only_in_what_is_turned() -> None:
    situation = _situation({"area_km2": 80, "output_yuan": {"series": {"2023": 1e9}}})
    rows = rows_of(situation.columns, [{}, {Dial("area_km2"): 60.0}, {Dial("output_yuan", (2024,)): 2e9}])
    assert rows.number("area_km2", 2024).lo.tolist() == [80.0, 60.0, 80.0]
    assert rows.number("output_yuan", 2023).lo.tolist() == [1e9] * 3
    assert rows.number("output_yuan", 2024).hi.tolist() == [np.inf, np.inf, 2e9]
