"""Plans for criteria that are not met: the smallest changes, the years, the judgements, and what is said of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gaoyuan.assess import State, editions, judge, metrics
from gaoyuan.assess.diagnosis import Change, Diagnosis, NearFirm, Remedy, diagnose, with_changes
from gaoyuan.assess.diagnosis.dials import display_step
from gaoyuan.assess.facts.metric_catalogue import Metric
from gaoyuan.assess.rules.model import Edition
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


# What a change asks of a number, and by which year --------------------------------------------------------------------


def _growth_ways(series: dict[str, float], as_of: str = "2026-06-30", **settings: Any) -> tuple[Remedy, ...]:
    given = {"output_yuan": {"series": series}}
    return diagnose("cn-sme-cluster", given, as_of, settings=settings or None).criterion("1.7").remedies


def test_of_compound_growth_only_the_last_year_to_come_is_asked_for_a_number() -> None:
    later = _growth_ways({"2023": 7.6e9, "2025": 8e9})[-1]
    assert later.judged_on.year == 2028
    assert [(one.years, one.asks) for one in later.changes] == [((2026,), "any"), ((2027,), "above")]
    assert later.changes[1].limit == 9.68e9
    assert "总产值（2026 年）须有数据；数值大小不影响本条" in later.text_zh
    assert "总产值（2027 年）须高于 96.8 亿元" in later.text_zh
    assert "gross output (2027) has to be above 9.68 bn yuan" in later.text_en
    assert "2026–2027" not in later.text_zh


def test_a_year_in_the_middle_that_is_missing_has_only_to_be_collected() -> None:
    way = _growth_ways({"2023": 6e9, "2025": 7.5e9})[0]
    assert not way.past
    assert [(one.years, one.asks, one.limit) for one in way.changes] == [((2024,), "any", None)]
    assert way.changes[0].after == 6e9
    assert way.text_zh == "总产值（2024 年）未知，须补齐；数值大小不影响本条"
    assert way.text_en == "gross output (2024) is not known and has to be collected; any value will do"


def test_a_missing_year_and_one_that_falls_short_are_told_together() -> None:
    way = _growth_ways({"2023": 6e9, "2025": 6.3e9})[0]
    assert way.past
    asked = [(one.years, one.asks, one.limit) for one in way.changes]
    assert asked == [((2024,), "any", None), ((2025,), "above", 7.26e9)]


def test_the_first_year_of_growth_where_it_is_missing_may_not_be_more_than_so_much() -> None:
    way = _growth_ways({"2025": 6.3e9})[0]
    assert [(one.years, one.asks) for one in way.changes] == [((2023,), "at_most"), ((2024,), "any")]
    # 6.3 bn / 1.1² = 5.20661 bn
    assert way.changes[0].after == 5.206e9
    assert "总产值（2023 年）未知，须不超过 52.06 亿元" in way.text_zh


def test_where_the_years_between_count_they_are_asked_for_too() -> None:
    change = _growth_ways({"2023": 6e9, "2025": 7e9}, average_growth="mean_of_yearly")[0].changes[0]
    # (x/6 − 1 + 7/x − 1)/2 > 0.1 above x = (13.2 + √6.24)/2 = 7.849 bn; a year of next to nothing is no advice.
    assert (change.years, change.asks, change.after) == ((2024,), "at_least", 7.849e9)
    both = _growth_ways({"2024": 6e9}, "2027-06-30", average_growth="mean_of_yearly")[0].changes
    # (x/6 − 1 + 0)/2 > 0.1 above 7.2 bn in both years: less in either of them is not made good by the other.
    assert {year for one in both for year in one.years} == {2025, 2026}
    assert [one.after for one in both] == [pytest.approx(7.2e9, rel=1e-3)] * len(both)


def test_numbers_that_hold_each_other_are_each_asked_for() -> None:
    way = _growth_ways({"2025": 6e9}, average_growth="mean_of_yearly")[-1]
    # At 6 bn in 2026 the mean of 6/x − 1 and 0 is more than 10 % below x = 5 bn; with any other value it is not.
    assert [(one.years, one.asks) for one in way.changes] == [((2024,), "below"), ((2026,), "at_least")]
    assert [one.after for one in way.changes] == [pytest.approx(5e9, rel=1e-3), pytest.approx(6e9, rel=1e-3)]


def test_what_has_to_be_more_than_a_bound_is_said_to_be_above_it() -> None:
    unknown = _diagnosed({"output_yuan": 5e9}).criterion("1.6").remedies[0]
    assert unknown.text_zh == "主导产业产值占集群总产值比重未知，须高于 70%"
    assert unknown.text_en.endswith("has to be above 70 %")
    assert (unknown.changes[0].asks, unknown.changes[0].limit, unknown.changes[0].after) == ("above", 0.7, 0.7001)
    known = _diagnosed({"leading_output_share": 0.65}).criterion("1.6").remedies[0]
    assert "由 65%增至高于 70%" in known.text_zh
    assert "from 65 % up to above 70 %" in known.text_en


def test_what_has_to_be_a_bound_or_more_is_said_to_be_at_least_it() -> None:
    way = _diagnosed({}).criterion("1.5").remedies[0]
    assert (way.changes[0].asks, way.changes[0].limit) == ("at_least", None)
    assert way.text_zh.endswith("未知，须不低于 70%")
    assert _diagnosed({}).criterion("1.3").remedies[0].text_zh == "占地面积未知，须不超过 100 平方公里"
    assert _diagnosed({}).criterion("2").remedies[0].text_zh.endswith("须不低于 1 家")


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


def _some_gappy_facts(one: Edition, random: np.random.Generator) -> dict[str, Any]:
    """Give facts of which some are lost, and of series single years, in the middle as at the ends."""
    facts: dict[str, Any] = {}
    for name in sorted(metrics_of(one.criteria)):
        value = _some_value(metrics()[name], random)
        if isinstance(value, dict):
            value = {"series": {year: each for year, each in value["series"].items() if random.random() < 0.7}}
        if value is not None and random.random() < 0.8:
            facts[name] = value
    return facts


def _members(changes: Sequence[Change]) -> list[Change]:
    """Give the changes once for each of their years."""
    by_year = [replace(one, years=(year,)) for one in changes for year in one.years]
    return by_year + [one for one in changes if not one.years]


def _asked_less_of(member: Change, several: int) -> list[Change]:
    """Give the change with other values that ask less; any other value where any will do."""
    metric, after = metrics()[member.metric], member.after
    if not isinstance(after, float) or metric.kind == "flag":
        return []
    if member.asks == "any":
        return [replace(member, after=value) for value in (after * 0.5, after * 2.0)]
    # What several years have to reach together is rounded up in each of them.
    step = display_step(metric, after) * (1 if metric.kind == "count" else several)
    sign = {"at_least": -1, "above": -1, "at_most": 1, "below": 1, "exactly": 0}[member.asks]
    beyond = member.difference is not None and abs(member.difference) <= step
    return [] if not sign or beyond else [replace(member, after=after + sign * step)]


@pytest.mark.parametrize("key", sorted(one.key for one in editions()))
@pytest.mark.parametrize("seed", [7, 8])
def test_no_year_of_a_remedy_can_be_left_out_and_no_number_can_be_smaller(key: str, seed: int) -> None:
    one = next(one for one in editions() if one.key == key)
    facts = _some_gappy_facts(one, np.random.default_rng(seed))

    def judged(changes: Sequence[Change], remedy: Remedy, criterion: str) -> State:
        alone = replace(one, criteria=tuple(own for own in one.criteria if own.id == criterion))
        return judge(alone, with_changes(facts, changes, AS_OF), remedy.judged_on).criteria[criterion].state

    for plan in diagnose(one, facts, AS_OF).criteria:
        for remedy in plan.remedies:
            members = _members(remedy.changes)
            assert judged(members, remedy, plan.id) is State.MET
            for at, member in enumerate(members):
                others = [*members[:at], *members[at + 1 :]]
                if others:
                    assert judged(others, remedy, plan.id) is not State.MET, (plan.id, remedy.text_zh, member)
                for less in _asked_less_of(member, len(members)):
                    met = judged([*others, less], remedy, plan.id) is State.MET
                    assert met == (member.asks == "any"), (plan.id, remedy.text_zh, less)


def test_levels_say_what_is_missing_to_the_next_one() -> None:
    plan = diagnose("cn-smart-manufacturing.2020", {"maturity_score_2020": 2.5}, AS_OF).criterion("level")
    assert plan.next_level is not None
    assert (plan.next_level.id, plan.next_level.least) == ("3", 2.8)
    assert plan.next_level.remedies[0].changes[0].after == 2.8
