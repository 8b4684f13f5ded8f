"""Facts as people and programs write them; what cannot be one becomes a finding."""

from __future__ import annotations

from typing import Any

import pytest

from gaoyuan.assess.facts.parsing import Fact, parse_facts


def _kinds(given: dict[str, Any]) -> list[str]:
    return [finding.kind for finding in parse_facts(given).findings]


def test_a_plain_value_a_value_with_a_source_and_a_series_are_facts() -> None:
    facts = parse_facts(
        {
            "area_km2": 80,
            "little_giants": {"value": 2, "source": "工信局", "run": "r1"},
            "output_yuan": {"series": {"2024": "50亿元", 2023: 4e9}, "source": "统计局"},
        }
    )
    assert facts.findings == ()
    assert facts.of("area_km2") == (Fact("area_km2", 80.0),)
    assert facts.of("little_giants") == (Fact("little_giants", 2.0, {}, "工信局", "r1"),)
    assert facts.of("output_yuan") == (Fact("output_yuan", None, {2023: 4e9, 2024: 5e9}, "统计局"),)


def test_a_unit_beside_the_value_counts() -> None:
    assert parse_facts({"output_yuan": {"value": 45, "unit": "亿元"}}).of("output_yuan")[0].value == 4.5e9


def test_a_list_is_what_several_sources_say() -> None:
    facts = parse_facts({"area_km2": [{"value": 80, "source": "a"}, {"value": 90, "source": "b"}]})
    assert [fact.value for fact in facts.of("area_km2")] == [80.0, 90.0]


def test_facts_read_before_are_taken_as_they_are() -> None:
    facts = parse_facts({"area_km2": 80})
    assert parse_facts(facts) is facts


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"area": 80}, "unknown_metric"),
        ({"area_km2": {"value": 80, "origin": "x"}}, "not_a_fact"),
        ({"area_km2": {"value": 80, "series": {}}}, "not_a_fact"),
        ({"output_yuan": {"series": [1, 2]}}, "not_a_fact"),
        ({"output_yuan": {"series": {"24": 4e9}}}, "bad_year"),
        ({"output_yuan": {"series": {"2024": 45}}}, "wrong_unit"),
        ({"sme_output_share": 72}, "percent_for_fraction"),
        ({"little_giants": -1}, "negative"),
        ({"area_km2": float("nan")}, "not_a_number"),
        ({"area_km2": {"value": float("nan"), "source": "x"}}, "not_a_number"),
        ({"output_yuan": {"series": {"2024": float("nan")}}}, "not_a_number"),
    ],
)
def test_what_cannot_be_a_fact_becomes_a_finding(given: dict[str, Any], kind: str) -> None:
    facts = parse_facts(given)
    assert [finding.kind for finding in facts.findings] == [kind]
    assert len(facts) == 0
    assert not facts.findings[0].used


def test_an_unknown_metric_is_told_with_the_nearest_one() -> None:
    assert "area_km2" in parse_facts({"area_km": 80}).findings[0].en


def test_one_bad_year_does_not_lose_the_others() -> None:
    facts = parse_facts({"output_yuan": {"series": {"2023": "?", "2024": 4e9}}})
    assert facts.of("output_yuan")[0].series == {2024: 4e9}
    assert [finding.kind for finding in facts.findings] == ["not_a_number"]
    assert "2023" in facts.findings[0].zh


def test_nothing_is_no_fact_and_no_finding() -> None:
    assert _kinds({"area_km2": None, "output_yuan": {"series": {"2024": ""}}}) == []
    assert len(parse_facts({"area_km2": None})) == 0


def test_facts_that_are_there_win_over_those_added() -> None:
    both = parse_facts({"area_km2": 80}).with_more(
        parse_facts({"area_km2": 90, "little_giants": 1, "nonsense": 1}), 2025
    )
    assert both.of("area_km2")[0].value == 80.0
    assert both.of("little_giants")[0].value == 1.0
    assert [finding.kind for finding in both.findings] == ["unknown_metric"]


@pytest.mark.parametrize(
    ("own", "others", "filled"),
    [
        (
            {"series": {"2025": 5e9}},
            {"series": {"2023": 3e9, "2024": 4e9, "2025": 9e9}},
            {2023: 3e9, 2024: 4e9, 2025: 5e9},
        ),
        ({"series": {"2025": 5e9}}, 9e9, {2025: 5e9}),
        ({"series": {"2024": 5e9}}, 9e9, {2024: 5e9, None: 9e9}),
        (5e9, {"series": {"2024": 4e9, "2025": 9e9}}, {2024: 4e9, None: 5e9}),
        (5e9, 9e9, {None: 5e9}),
    ],
)
def test_the_years_that_are_left_open_are_filled_one_by_one(own, others, filled) -> None:
    both = parse_facts({"output_yuan": own}).with_more(parse_facts({"output_yuan": others}), 2025).of("output_yuan")
    told = {year: value for fact in both for year, value in fact.series.items()}
    undated = dict.fromkeys([None for fact in both if fact.value is not None], both[0].value or both[-1].value)
    assert told | undated == filled


def test_a_stock_of_the_file_is_not_mixed_with_other_years_of_it() -> None:
    own, others = parse_facts({"area_km2": {"series": {"2024": 80}}}), parse_facts({"area_km2": 120})
    assert len(own.with_more(others, 2025).of("area_km2")) == 1


def test_a_finding_says_itself_in_both_languages_with_the_mend() -> None:
    text = str(parse_facts({"sme_output_share": 72}).findings[0])
    assert "百分数" in text
    assert "percentage" in text
    assert "0.72" in text
