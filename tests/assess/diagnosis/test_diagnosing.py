"""Plans for criteria that are not met: the smallest changes, the years, the judgements, and what is said of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gaoyuan.assess import State, editions, judge, metrics
from gaoyuan.assess.diagnosis import Diagnosis, NearFirm, diagnose, with_changes
from gaoyuan.assess.facts.metric_catalogue import Metric
from gaoyuan.assess.rules.walk import metrics_of

AS_OF = "2025-06-01"
RULE = "cn-sme-cluster.2022"


def _diagnosed(facts: dict[str, Any], **chosen: Any) -> Diagnosis:
    return diagnose("cn-sme-cluster", facts, AS_OF, **chosen)


def _firsts(facts: dict[str, Any], criterion: str) -> list[tuple[str, tuple[int, ...], object]]:
    """Give what the first remedy of a criterion changes."""
    changes = _diagnosed(facts).criterion(criterion).remedies[0].changes
    return [(one.metric, one.years, one.after) for one in changes]


def _output(*values: float) -> dict[str, Any]:
    years = range(2025 - len(values), 2025)
    return {"output_yuan": {"series": {str(year): value for year, value in zip(years, values, strict=True)}}}


def test_a_threshold_is_met_by_its_own_value_exactly() -> None:
    plan = _diagnosed({"sme_output_share": 0.65}).criterion("1.5")
    assert plan.remedies[0].changes[0].after == 0.7
    assert plan.margin == pytest.approx(-0.05)
    assert plan.relative_margin == pytest.approx(-0.05 / 0.7)


def test_a_strict_threshold_asks_for_the_next_value_that_a_report_shows() -> None:
    assert _firsts({"leading_output_share": 0.7}, "1.6") == [("leading_output_share", (), 0.7001)]


def test_a_count_changes_in_whole_steps() -> None:
    facts = {"single_champions": 0, "little_giants": 0, "srdi_smes": 9, "innovative_smes": 0, "hightech_firms": 0}
    assert _firsts(facts, "2") == [("srdi_smes", (), 10.0)]


def test_what_has_to_be_less_goes_down_to_the_bound() -> None:
    assert _firsts({"area_km2": 120}, "1.3") == [("area_km2", (), 100.0)]


def test_a_share_is_also_told_as_an_amount_where_its_base_is_known() -> None:
    change = _diagnosed({"sme_output_share": 0.65, **_output(4e9)}).criterion("1.5").remedies[0].changes[0]
    assert (change.base, change.amount) == ("output_yuan", pytest.approx(0.05 * 4e9))
    assert _diagnosed({"sme_output_share": 0.65}).criterion("1.5").remedies[0].changes[0].amount is None


def test_years_that_fall_short_are_named_with_what_they_lack() -> None:
    plan = _diagnosed(_output(3.5e9, 3.8e9, 4.2e9)).criterion("1.4")
    assert [(one.year, one.lacking) for one in plan.short_years] == [(2022, 5e8), (2023, pytest.approx(2e8))]


def test_past_years_cannot_change_so_a_window_is_met_when_they_have_left_it() -> None:
    past, later = _diagnosed(_output(4.5e9, 3.8e9, 4.2e9)).criterion("1.4").remedies
    assert past.past
    assert (past.changes[0].years, past.changes[0].after) == ((2023,), 4e9)
    assert not later.past
    assert later.judged_on.isoformat() == "2027-06-01"
    assert [(one.years, one.after) for one in later.changes] == [((2025,), 4e9), ((2026,), 4e9)]


def test_a_year_of_a_window_that_is_missing_has_to_be_found_out() -> None:
    remedy = _diagnosed({"output_yuan": {"series": {"2022": 5e9, "2024": 6e9}}}).criterion("1.4").remedies[0]
    assert not remedy.past
    assert [(one.years, one.before, one.after) for one in remedy.changes] == [((2023,), None, 4e9)]


def test_growth_gives_what_last_year_lacked_and_what_next_year_needs() -> None:
    past, later = _diagnosed(_output(5e9, 5e9, 6e9)).criterion("1.7").remedies
    # 5 bn · 1.1² = 6.05 bn is exactly 10 % a year, which is not more than 10 %.
    assert past.past
    assert past.changes[0].after == 6.051e9
    assert later.judged_on.year == 2026
    assert (later.changes[0].years, later.changes[0].after) == ((2025,), 6.051e9)


def test_all_branches_are_listed_those_with_the_fewest_changes_first() -> None:
    facts = {"single_champions": 0, "little_giants": 0, "srdi_smes": 4, "innovative_smes": 2, "hightech_firms": 1}
    ways = _diagnosed(facts).criterion("2").remedies
    assert {way.changes[0].metric for way in ways} == set(facts)
    assert {len(way.changes) for way in ways} == {1}
    assert ways[0].changes[0].metric == "srdi_smes"


def test_a_soft_criterion_that_is_not_met_needs_a_reasoned_judgement() -> None:
    plan = _diagnosed({"area_km2": 120}).criterion("1.3")
    assert plan.needs_judgement
    assert any("理由" in line for line in plan.text_zh)
    assert any("reasoned judgement" in line for line in plan.text_en)


def test_a_rule_whose_own_number_is_unknown_says_so() -> None:
    plan = _diagnosed({"platform_adoption": 0.1}).criterion("5")
    assert plan.remedies == ()
    assert any("规则本身的数值未知" in line for line in plan.text_zh)
    given = _diagnosed({"platform_adoption": 0.1}, settings={"platform_adoption_at_least": 0.2})
    assert given.criterion("5").remedies[0].changes[0].after == 0.2


def test_named_firms_near_a_title_stand_with_the_criterion_that_counts_it() -> None:
    firms = [
        NearFirm("b", "乙", "srdi_sme", 2, ("x", "y")),
        NearFirm("a", "甲", "little_giant", 1, ("x",)),
        NearFirm("c", "丙", "gazelle", 0),
    ]
    found = _diagnosed({"little_giants": 0, "area_km2": 120}, firms=firms)
    assert [firm.name for firm in found.criterion("2").firms] == ["甲", "乙"]
    assert found.criterion("1.3").firms == ()


def test_a_criterion_that_is_met_has_no_plan() -> None:
    found = _diagnosed({"area_km2": 80})
    assert "1.3" not in {plan.id for plan in found.criteria}
    with pytest.raises(KeyError):
        found.criterion("1.3")


def test_a_diagnosis_is_plain_json_in_both_languages() -> None:
    data = _diagnosed({"area_km2": 120, "little_giants": 0}).as_data()
    assert json.loads(json.dumps(data, ensure_ascii=False, allow_nan=False)) == data
    for plan in data["criteria"]:  # type: ignore[union-attr]
        assert plan["text_zh"]  # type: ignore[index]
        assert len(plan["text_zh"]) == len(plan["text_en"])  # type: ignore[index, arg-type, call-overload]


def test_changes_replace_what_other_sources_say() -> None:
    facts = {"area_km2": [{"value": 120, "source": "a"}, {"value": 90, "source": "b"}]}
    change = _diagnosed({"area_km2": 120}).criterion("1.3").remedies[0].changes
    assert judge(RULE, with_changes(facts, change, AS_OF), AS_OF).criteria["1.3"].state is State.MET


# Over all editions ---------------------------------------------------------------------------------------------------


def _some_value(metric: Metric, random: np.random.Generator) -> Any:
    if metric.kind == "several":
        return [option for option in metric.options if random.random() < 0.3]
    if metric.is_text:
        return str(random.choice(list(metric.options))) if metric.options else None
    if metric.series:
        return {"series": {str(year): _some_number(metric, random) for year in range(2020, 2025)}}
    return _some_number(metric, random)


def _some_number(metric: Metric, random: np.random.Generator) -> float:
    if metric.kind == "money":
        return float(10 ** random.uniform(6, 10))
    low = max(metric.least, -0.2)
    high = min(metric.most, {"rate": 0.4, "count": 12.0}.get(metric.kind, 100.0))
    value = float(random.uniform(low, high))
    return float(round(value)) if metric.kind in ("count", "flag") else value


@pytest.mark.parametrize("key", sorted(one.key for one in editions()))
@pytest.mark.parametrize("known", [0.95, 0.5])
def test_every_remedy_of_every_edition_holds_when_it_is_judged_again(key: str, known: float) -> None:
    one = next(one for one in editions() if one.key == key)
    random = np.random.default_rng(5)
    names = sorted(metrics_of(one.criteria))
    drawn = {name: _some_value(metrics()[name], random) for name in names if random.random() < known}
    facts = {name: value for name, value in drawn.items() if value is not None}
    found = diagnose(one, facts, AS_OF)
    assert found.state is judge(one, facts, AS_OF).state
    for plan in found.criteria:
        for remedy in plan.remedies:
            again = judge(one, with_changes(facts, remedy.changes, AS_OF), remedy.judged_on)
            assert again.criteria[plan.id].state is State.MET, (plan.id, remedy)
            for dropped in remedy.changes if len(remedy.changes) > 1 else ():
                fewer = [change for change in remedy.changes if change is not dropped]
                again = judge(one, with_changes(facts, fewer, AS_OF), remedy.judged_on)
                assert again.criteria[plan.id].state is not State.MET, f"{plan.id}: {dropped} is not needed"


@pytest.mark.parametrize("key", sorted(one.key for one in editions()))
def test_a_change_a_step_smaller_does_not_meet_the_criterion(key: str) -> None:
    one = next(one for one in editions() if one.key == key)
    random = np.random.default_rng(6)
    names = sorted(metrics_of(one.criteria))
    drawn = {name: _some_value(metrics()[name], random) for name in names}
    facts = {name: value for name, value in drawn.items() if value is not None}
    for plan in diagnose(one, facts, AS_OF).criteria:
        for remedy in plan.remedies:
            change = remedy.changes[0]
            if len(remedy.changes) > 1 or change.difference is None or not isinstance(change.after, float):
                continue
            step = 1.0 if metrics()[change.metric].kind == "count" else abs(change.after) * 2e-3
            if abs(change.difference) <= step:
                continue
            nearly = replace(change, after=change.after - np.sign(change.difference) * step)
            again = judge(one, with_changes(facts, [nearly], AS_OF), remedy.judged_on)
            assert again.criteria[plan.id].state is not State.MET, (plan.id, change)


def test_levels_say_what_is_missing_to_the_next_one() -> None:
    plan = diagnose("cn-smart-manufacturing.2020", {"maturity_score_2020": 2.5}, AS_OF).criterion("level")
    assert plan.next_level is not None
    assert (plan.next_level.id, plan.next_level.least) == ("3", 2.8)
    assert plan.next_level.remedies[0].changes[0].after == 2.8
