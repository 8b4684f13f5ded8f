"""The smallest changes for each kind of criterion, on small rules written as a file would have them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gaoyuan.assess.diagnosis.dials import Situation
from gaoyuan.assess.diagnosis.remedies import remedies
from gaoyuan.assess.facts.parsing import parse_facts
from gaoyuan.assess.rules.reading import read_criteria
from gaoyuan.assess.verdicts.evaluating import Circumstances

WORDS = {"id": "1", "zh": "甲", "en": "a", "article": "1", "status": "official"}


def _ways(criterion: dict[str, Any], facts: dict[str, Any]) -> list[dict[str, object]]:
    situation = Situation.of(parse_facts(facts), Circumstances(dt.date(2025, 6, 1), "new", {}))
    found = remedies(read_criteria([{**WORDS, **criterion}])[0], situation)
    return [{dial.metric: value for dial, value in turns.items()} for turns in found]


def _at_least(metric: str, bound: float) -> dict[str, Any]:
    return {"kind": "threshold", "metric": metric, "op": ">=", "value": bound}


def test_all_parts_that_are_lacking_have_to_change_and_no_others() -> None:
    rule = {"kind": "all_of", "criteria": [_at_least("srdi_smes", 10), _at_least("firms", 50), _at_least("opening", 1)]}
    assert _ways(rule, {"srdi_smes": 4, "firms": 60, "opening": False}) == [{"srdi_smes": 10.0, "opening": 1.0}]


def test_two_of_three_parts_are_reached_by_the_cheapest_one_first() -> None:
    parts = [_at_least("srdi_smes", 10), _at_least("firms", 50), _at_least("little_giants", 3)]
    rule = {"kind": "any_of", "criteria": parts, "at_least": 2}
    ways = _ways(rule, {"srdi_smes": 4, "firms": 60, "little_giants": 2})
    assert ways == [{"little_giants": 3.0}, {"srdi_smes": 10.0}]


def test_one_number_that_two_parts_ask_for_takes_the_higher_bound() -> None:
    rule = {"kind": "all_of", "criteria": [_at_least("srdi_smes", 10), _at_least("srdi_smes", 20)]}
    assert _ways(rule, {"srdi_smes": 4}) == [{"srdi_smes": 20.0}]


def test_where_the_case_is_not_known_the_change_has_to_do_for_all_cases() -> None:
    case = {"when": _at_least("opening", 1), "then": _at_least("srdi_smes", 5)}
    rule = {"kind": "cases", "cases": [case], "otherwise": _at_least("srdi_smes", 10)}
    assert _ways(rule, {"srdi_smes": 4}) == [{"srdi_smes": 10.0}]
    assert _ways(rule, {"srdi_smes": 4, "opening": True}) == [{"srdi_smes": 5.0}]


def test_items_of_a_checklist_are_added_until_there_are_enough() -> None:
    rule = {"kind": "checklist", "items": ["opening", "green_level", "three_year_plan"], "at_least": 2}
    ways = _ways(rule, {"opening": True, "green_level": False, "three_year_plan": False})
    assert ways == [{"green_level": 1.0}, {"three_year_plan": 1.0}]


def test_a_firm_that_is_too_large_or_too_small_has_the_way_to_its_class() -> None:
    classes = [{"id": name, "zh": name, "en": name} for name in ("large", "medium", "small")]
    bounds = {"industry": [{"employees": 1000, "revenue_yuan": 4e8}, {"employees": 300, "revenue_yuan": 2e7}]}
    rule = {"kind": "lattice", "sector": "size_sector", "classes": classes, "bounds": bounds}
    facts = {"size_sector": "industry", "employees": 200, "revenue_yuan": 5e8}
    assert _ways({**rule, "among": ["medium"]}, facts)[0] == {"employees": 300.0}
    large = {**facts, "employees": 1200}
    assert {"employees"} in [set(way) for way in _ways({**rule, "among": ["small", "medium"]}, large)]
    assert all(way["employees"] == 999.0 for way in _ways({**rule, "among": ["medium"]}, large) if "employees" in way)


def test_a_word_has_to_be_one_of_those_named() -> None:
    rule = {"kind": "membership", "metric": "industry", "among": ["1711", "1712"]}
    assert _ways(rule, {"industry": "2011"}) == [{"industry": "1711"}, {"industry": "1712"}]


def test_what_cannot_be_changed_by_any_fact_has_no_remedy() -> None:
    assert _ways({"kind": "manual"}, {}) == []
    assert _ways(_at_least("sme_output_share", 1.5), {"sme_output_share": 0.5}) == []
