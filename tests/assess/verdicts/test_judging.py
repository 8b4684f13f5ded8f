"""Verdicts: settings, findings, margins, evidence, and the snapshot."""

from __future__ import annotations

from typing import Any

import pytest

from gaoyuan.assess import State, Verdict, columns_of, edition, judge, judge_many
from gaoyuan.errors import InputError

AS_OF = "2025-06-01"
RULE = "cn-sme-cluster"


def _judged(facts: dict[str, Any], **more: Any) -> Verdict:
    return judge(RULE, facts, AS_OF, **more)


def _kinds(verdict: Verdict) -> list[str]:
    return sorted({finding.kind for finding in verdict.findings})


def test_nothing_known_is_unknown_and_names_what_is_missing() -> None:
    verdict = _judged({})
    assert verdict.state is State.UNKNOWN
    assert verdict.criteria["1.5"].missing == ("sme_output_share",)
    assert State.MET not in {one.state for one in verdict.every()}


@pytest.mark.parametrize(
    ("facts", "criterion", "margin"),
    [
        ({"area_km2": 80}, "1.3", 20.0),
        ({"area_km2": 120}, "1.3", -20.0),
        ({"sme_output_share": 0.69}, "1.5", -0.01),
        ({"sme_output_share": 0.7}, "1.5", 0.0),
        ({"area_km2": [{"value": 110}, {"value": 130}]}, "1.3", -10.0),
        ({}, "1.3", None),
    ],
)
def test_a_margin_is_in_the_metrics_unit_and_negative_on_the_bad_side(
    facts: dict[str, Any], criterion: str, margin: float | None
) -> None:
    assert _judged(facts).criteria[criterion].margin == (None if margin is None else pytest.approx(margin))


def test_every_fact_that_was_used_stands_with_its_source_and_run() -> None:
    facts = {"output_yuan": {"series": {"2023": 5e9, "2024": 6e9, "2019": 1e9}, "source": "统计局", "run": "r7"}}
    told = _judged(facts).criteria["1.4"]
    assert [(one.year, one.value, one.source, one.run) for one in told.evidence] == [
        (2023, 5e9, "统计局", "r7"),
        (2024, 6e9, "统计局", "r7"),
    ]
    assert told.sources == ("统计局",)


def test_settings_of_the_edition_can_be_chosen() -> None:
    facts = {"platform_adoption": 0.25}
    assert _judged(facts).criteria["5"].state is State.UNKNOWN
    for given in (0.2, "0.2", "20%"):
        verdict = _judged(facts, settings={"platform_adoption_at_least": given})
        assert verdict.criteria["5"].state is State.MET
        assert verdict.settings["platform_adoption_at_least"] == 0.2


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("no_such", 1, "no_such"),
        ("average_growth", "median", "mean_of_yearly"),
        ("platform_adoption_at_least", "a fifth", "a number"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(name: str, value: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        _judged({}, settings={name: value})


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({"sme_output_share": 72}, ["percent_for_fraction"]),
        ({"output_yuan": 45}, ["wrong_unit"]),
        ({"little_giants": -1}, ["negative"]),
        ({"output_yuan": {"series": {"2022": 5e9, "2024": 6e9}}}, ["missing_year"]),
        ({"output_yuan": {"series": {"2022": 5e9, "2023": 5e9, "2024": 6e9, "2030": 7e9}}}, ["future_year"]),
        ({"area_km2": [{"value": 80}, {"value": 120}]}, ["sources_disagree"]),
        ({"areas": 80}, ["unknown_metric"]),
    ],
)
def test_each_bad_fact_gets_a_finding_of_its_kind(facts: dict[str, Any], kinds: list[str]) -> None:
    assert _kinds(_judged(facts)) == kinds


def test_sources_that_disagree_decide_only_where_they_agree_on_the_outcome() -> None:
    both_fine = {"area_km2": [{"value": 80}, {"value": 90}]}
    across = {"area_km2": [{"value": 80}, {"value": 120}]}
    assert _judged(both_fine).criteria["1.3"].state is State.MET
    told = _judged(across).criteria["1.3"]
    assert (told.state, told.least, told.most) == (State.UNKNOWN, 80.0, 120.0)


def test_a_day_on_which_an_edition_is_not_in_force_is_found() -> None:
    assert _kinds(judge(edition("cn-sme-cluster.2022"), {}, "2020-01-01")) == ["not_in_force"]


def test_a_verdict_keeps_the_rule_that_it_was_made_by() -> None:
    verdict = _judged({})
    rule = edition("cn-sme-cluster.2022")
    assert verdict.snapshot == rule.data
    assert verdict.snapshot_sha256 == rule.sha256
    assert (verdict.rule, verdict.edition, verdict.as_of.isoformat()) == (RULE, "2022", AS_OF)


def test_a_verdict_in_words_has_a_line_a_criterion_and_its_findings() -> None:
    text = str(_judged({"sme_output_share": 72}, subject="甲集群"))
    assert "甲集群" in text
    assert "1.5" in text
    assert "百分数" in text


def test_many_subjects_need_facts_of_the_right_year() -> None:
    columns = columns_of({"area_km2": [80.0]}, 2023)
    with pytest.raises(InputError, match="2023"):
        judge_many(edition("cn-sme-cluster.2022"), columns, AS_OF)


def test_criteria_can_be_asked_for_by_state() -> None:
    verdict = _judged({"area_km2": 120, "counties": 2})
    assert [one.id for one in verdict.with_state(State.UNMET)] == ["def", "1.3"]


def test_a_snapshot_that_is_changed_changes_neither_the_rule_nor_other_verdicts() -> None:
    first = _judged({})
    first.snapshot["criteria"].clear()  # type: ignore[union-attr]
    assert edition("cn-sme-cluster.2022").data["criteria"]
    assert _judged({}).snapshot["criteria"]


def test_a_number_that_the_user_gives_because_no_text_has_it_is_told():
    verdict = judge("cn-sme-cluster", {"sme_rd_growth": 0.12}, "2025-06-01", settings={"sme_rd_growth_above": "10%"})
    assert verdict.criteria["4"].state == "met"
    (told,) = [finding for finding in verdict.findings if finding.kind == "own_number"]
    assert "sme_rd_growth_above = 0.1" in told.zh
    again = judge("cn-sme-cluster", {}, "2025-06-01", settings={"average_growth": "mean_of_yearly"})
    assert "own_number" not in {finding.kind for finding in again.findings}


def test_a_percentage_where_a_setting_is_a_fraction_is_refused():
    with pytest.raises(InputError, match="sme_rd_growth_above") as fault:
        judge("cn-sme-cluster", {}, "2025-06-01", settings={"sme_rd_growth_above": 10})
    assert "0.1 or 10%" in (fault.value.mend or "")


def test_an_application_that_there_is_not_is_refused():
    with pytest.raises(InputError, match="'foo' applications"):
        judge("cn-sme-cluster", {}, "2025-06-01", application="foo")  # type: ignore[arg-type]


def test_a_zero_has_no_sign():
    verdict = judge("cn-sme-cluster", {"negative_events": -0.0}, "2025-06-01").criteria["precondition"]
    assert verdict.state == "met"
    assert (str(verdict.value), str(verdict.least), verdict.reason_zh[:2]) == ("0.0", "0.0", "0 ")
