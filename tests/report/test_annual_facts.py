"""What the annual report reads from a workspace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from gaoyuan.assess.facts.parsing import Fact
from gaoyuan.errors import InputError, NotFound, StepMissing
from gaoyuan.report.annual_facts import AnnualFacts, day_of, gather, growth, number_of, yearly
from gaoyuan.report.run_notes import Number
from gaoyuan.workspace import Workspace, create_workspace


def test_the_numbers_are_those_of_the_tables(sample_workspace: Workspace, sample_annual: Callable[[str], AnnualFacts]):
    facts = sample_annual("passes")
    row = next(
        row
        for row in sample_workspace.read("cluster").drop_columns(["footprint"]).to_pylist()
        if row["cluster_id"] == facts.cluster.id
    )
    for name in ("firms", "location_quotient", "area_km2", "stability", "rank"):
        assert facts.measured(name).value == row[name]
        assert facts.measured(name).origins[0].run == row["run"]
    given = {
        (row["metric"], row["year"]): row["value"]
        for row in sample_workspace.read("fact").to_pylist()
        if row["subject"] == facts.cluster.id
    }
    assert {year: number.value for year, number in facts.series["output_yuan"].items()} == {
        year: value for (metric, year), value in given.items() if metric == "output_yuan"
    }
    assert facts.number("platform_adoption").value == given["platform_adoption", None]
    assert facts.known.of("output_yuan")[0].run


def test_the_register_is_of_no_year(sample_annual: Callable[[str], AnnualFacts]):
    facts = sample_annual("passes")
    assert facts.measured("firms").value
    assert facts.series["firms"] == {}


def test_a_year_after_the_reports_is_left_out_and_one_without_a_value_is_unknown():
    output = Fact("output_yuan", None, {2022: 4e9, 2024: 5e9, 2025: 6e9}, "统计局")
    series = yearly([output], 2024, 2024)
    assert sorted(series) == [2022, 2024]
    assert growth(series, 2024).value is None
    assert growth(yearly([output], 2025, 2025), 2025).value == pytest.approx(0.2)


def test_growth_from_nothing_is_unknown():
    assert growth({2023: Number(0.0), 2024: Number(5.0)}, 2024).value is None


def test_what_has_no_year_counts_for_the_last_full_year_before_the_day_only():
    undated = Fact("output_yuan", 4e9, {}, "统计局")
    assert yearly([undated], 2024, 2024)[2024].value == 4e9
    assert yearly([undated], 2024, 2025) == {}


def test_what_has_no_year_disagrees_with_what_has_the_last_full_one():
    claims = [Fact("area_km2", 120.0, {}, "甲"), Fact("area_km2", None, {2025: 50.0}, "乙")]
    assert number_of(claims, 2025).value is None
    assert yearly(claims, 2025, 2025)[2025].value is None
    assert yearly(claims, 2025, 2026)[2025].value == 50.0


def test_sources_that_disagree_leave_the_value_unknown_and_both_are_told():
    claims = [Fact("area_km2", 80.0, {}, "甲"), Fact("area_km2", 95.0, {}, "乙")]
    number = number_of(claims, 2024)
    assert (number.value, number.claims) == (None, (80.0, 95.0))
    assert number_of([claims[0], Fact("area_km2", 80.2, {}, "乙")], 2024).value == 80.0


@pytest.mark.parametrize(
    ("year", "as_of", "said"),
    [
        (2026, None, "2026 is not over"),
        (2031, None, "2031 is not over"),
        (1200, None, "no year of a report"),
        (2024, "2024-12-31", "2024 is not over on"),
        (2024, "2026-03-02", "still to come"),
    ],
)
def test_a_year_that_is_not_over_and_a_day_to_come_are_refused(year: int, as_of: str | None, said: str):
    with pytest.raises(InputError, match=said):
        day_of(year, as_of, dt.date(2026, 3, 1))


def test_an_unknown_cluster_is_refused_with_some_that_there_are(sample_workspace: Workspace):
    with pytest.raises(NotFound, match="there is no cluster '370000-0000'"):
        gather(sample_workspace, "370000-0000", 2024)


def test_an_unknown_rule_is_refused(sample_workspace: Workspace, sample_annual: Callable[[str], AnnualFacts]):
    with pytest.raises(NotFound):
        gather(sample_workspace, sample_annual("passes").cluster.id, 2024, rules="no-such-rule")


def test_a_workspace_that_was_not_observed_says_which_step_is_missing(tmp_path: Path):
    with pytest.raises(StepMissing, match="gaoyuan observe"):
        gather(create_workspace(tmp_path / "empty"), "370211-1522", 2024)
