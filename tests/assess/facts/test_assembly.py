"""From facts to columns: years, sources that disagree, and the checks that need the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from gaoyuan.assess import judge
from gaoyuan.assess.facts.assembly import assemble
from gaoyuan.assess.facts.columns import FactColumns
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.parsing import parse_facts

DAY = dt.date(2025, 6, 1)


def _assembled(given: dict[str, Any]) -> tuple[FactColumns, list[str]]:
    columns, findings = assemble(parse_facts(given), DAY)
    return columns, [finding.kind for finding in findings]


def _ends(columns: FactColumns, metric: str, year: int = 2024) -> tuple[float, float]:
    number = columns.number(metric, year)
    return float(number.lo[0]), float(number.hi[0])


def test_a_value_without_a_year_is_of_the_last_full_year() -> None:
    columns, _ = _assembled({"output_yuan": 5e9})
    assert _ends(columns, "output_yuan") == (5e9, 5e9)
    assert np.isinf(columns.number("output_yuan", 2023).hi[0])


def test_sources_that_disagree_leave_all_that_lies_between() -> None:
    columns, kinds = _assembled({"area_km2": [{"value": 80, "source": "a"}, {"value": 120, "source": "b"}]})
    assert _ends(columns, "area_km2") == (80.0, 120.0)
    assert kinds == ["sources_disagree"]


def test_sources_that_differ_by_less_than_one_per_cent_agree() -> None:
    _, kinds = _assembled({"area_km2": [80.0, 80.5]})
    assert kinds == []


def test_years_are_held_against_each_other_one_by_one() -> None:
    columns, kinds = _assembled(
        {"output_yuan": [{"series": {"2023": 4e9, "2024": 5e9}}, {"series": {"2023": 4e9, "2024": 6e9}}]}
    )
    assert _ends(columns, "output_yuan", 2023) == (4e9, 4e9)
    assert _ends(columns, "output_yuan", 2024) == (5e9, 6e9)
    assert kinds == ["sources_disagree"]


@pytest.mark.parametrize(("metric", "dated", "undated"), [("area_km2", 50.0, 120.0), ("output_yuan", 2e9, 4.5e9)])
def test_what_has_no_year_stands_beside_what_has_the_last_full_one(metric: str, dated: float, undated: float) -> None:
    columns, kinds = _assembled(
        {metric: [{"value": undated, "source": "a"}, {"series": {"2024": dated}, "source": "b"}]}
    )
    assert _ends(columns, metric) == (dated, undated)
    assert kinds == ["sources_disagree"]


def test_a_stock_without_a_year_is_of_a_later_day_than_an_old_year() -> None:
    columns, kinds = _assembled({"area_km2": [{"value": 120}, {"series": {"2022": 50}}]})
    assert (_ends(columns, "area_km2"), kinds) == ((120.0, 120.0), [])


def test_a_stock_counts_as_of_the_latest_year_also_where_that_is_not_over() -> None:
    columns, kinds = _assembled({"area_km2": [{"value": 120}, {"series": {"2024": 120, "2025": 50}}]})
    assert (_ends(columns, "area_km2"), kinds) == ((50.0, 120.0), ["sources_disagree"])


@pytest.mark.parametrize(
    ("criterion", "metric", "undated", "dated"), [("1.3", "area_km2", 120, 50), ("1.4", "output_yuan", 2e9, 4.5e9)]
)
def test_a_criterion_that_sources_disagree_on_is_not_met_by_the_one_that_gives_the_year(
    criterion: str, metric: str, undated: float, dated: float
) -> None:
    years = {"2023": 4.5e9, "2024": 4.5e9, "2025": dated} if metric == "output_yuan" else {"2025": dated}
    facts = {metric: [{"value": undated, "source": "a"}, {"series": years, "source": "b"}]}
    verdict = judge("cn-sme-cluster", facts, "2026-06-30")
    assert verdict.criteria[criterion].state == "unknown"
    assert "sources_disagree" in [finding.kind for finding in verdict.findings]


def test_years_after_the_day_do_not_count() -> None:
    columns, kinds = _assembled({"output_yuan": {"series": {"2026": 9e9, "2024": 5e9}}})
    assert kinds == ["future_year"]
    assert 2026 not in columns.numbers["output_yuan"]


def test_a_stock_told_by_year_is_asked_as_it_is_now() -> None:
    columns, _ = _assembled({"area_km2": {"series": {"2021": 70, "2022": 80}}})
    assert _ends(columns, "area_km2") == (80.0, 80.0)


def test_words_that_sources_do_not_agree_on_are_unknown() -> None:
    name = next(one.id for one in metrics().values() if one.kind == "choice")
    first, second, *_ = metrics()[name].options
    columns, kinds = _assembled({name: [{"value": first, "source": "a"}, {"value": second, "source": "b"}]})
    assert columns.word(name).position[0] == -1
    assert kinds == ["sources_disagree"]
    assert _assembled({name: [first, first]})[0].word(name).labels == (first,)


def test_an_option_is_there_where_all_sources_name_it() -> None:
    name = next(one.id for one in metrics().values() if one.kind == "several" and len(one.options) > 2)
    a, b, c, *_ = metrics()[name].options
    columns, _ = _assembled({name: [{"value": [a, b]}, {"value": [a]}]})
    ends = [(columns.option(name, one).lo[0], columns.option(name, one).hi[0]) for one in (a, b, c)]
    assert ends == [(1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]


def test_a_year_that_is_not_over_is_told_and_counts_in_no_window():
    verdict = judge("cn-sme-cluster", {"output_yuan": {"series": {"2025": 6e9}}}, "2025-06-01")
    assert [finding.kind for finding in verdict.findings] == ["unfinished_year", "missing_year"]
    assert verdict.criteria["1.4"].state == "unknown"
    assert verdict.criteria["1.4"].most is None
