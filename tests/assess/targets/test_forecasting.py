from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from gaoyuan.assess.facts.metric_catalogue import Kind, Metric
from gaoyuan.assess.logic.intervals import Operator
from gaoyuan.assess.logic.states import State
from gaoyuan.assess.targets.forecasting import Assessment, odds_words, track, track_plan
from gaoyuan.assess.targets.plan import Baseline, Milestone, Observation, Plan, Target, read_time, time_of

TODAY = dt.date(2025, 6, 30)
DUE = dt.date(2026, 12, 31)


def metric(kind: Kind = "count", least=0.0, most=float("inf")) -> Metric:
    return Metric("m", "plan", kind, "集群", "clusters", "个", "", True, "neither", least, most)


def seen(series: Mapping[Any, float], source: str = "统计局", **more) -> tuple[Observation, ...]:
    found = []
    for when, value in series.items():
        time = read_time(when)
        assert time is not None
        found.append(Observation(*time, value, value, source, **more))
    return tuple(found)


def target(
    value: float | None, series: Mapping[Any, float], operator: Operator = ">=", due: dt.date = DUE, **more
) -> Target:
    return Target("t", more.pop("metric", metric()), operator, Milestone(due, value), observed=seen(series), **more)


def test_a_target_reached_before_its_day_is_met_and_on_track():
    for value, state in ((20.0, State.MET), (19.9, State.MET), (20.1, State.UNMET)):
        found = track(target(value, {2024: 20.0}), TODAY)
        assert (found.state, found.final.pending) == (state, True)
    assert track(target(20.0, {2024: 20.0}), TODAY).assessment is Assessment.ON_TRACK


def test_before_its_day_unmet_only_means_not_yet_and_the_day_is_shown():
    final = track(target(30.0, {2024: 20.0}), TODAY).final
    assert (final.state, final.pending, final.due) == (State.UNMET, True, DUE)
    assert "2026-12-31" in final.reason_zh
    assert "尚未达到" in final.reason_zh
    assert final.assessment is Assessment.CANNOT_BE_TOLD


def test_after_its_day_only_the_value_of_that_day_decides():
    due = dt.date(2024, 12, 31)
    missed = track(target(30.0, {2023: 35.0, 2024: 29.0}, due=due), TODAY)
    assert (missed.state, missed.assessment, missed.final.pending) == (State.UNMET, Assessment.BEHIND, False)
    reached = track(target(30.0, {2024: 30.0}, due=due), TODAY)
    assert (reached.state, reached.assessment) == (State.MET, Assessment.ON_TRACK)
    gap = track(target(30.0, {2022: 20.0, 2023: 35.0, "2025-03-20": 40.0}, due=due), TODAY)
    assert (gap.state, gap.assessment) == (State.UNKNOWN, Assessment.CANNOT_BE_TOLD)
    assert gap.today is not None
    assert gap.today.label == "2025-03-20"


def test_nothing_known_and_a_target_without_a_number_are_unknown():
    assert track(target(30.0, {}), TODAY).state is State.UNKNOWN
    unnumbered = track(target(None, {2024: 20.0}), TODAY)
    assert (unnumbered.state, unnumbered.assessment) == (State.UNKNOWN, Assessment.CANNOT_BE_TOLD)
    assert unnumbered.share_done is None


def test_less_is_better_for_a_target_to_fall_below():
    energy = target(0.8, {2022: 1.0, 2023: 0.95, 2024: 0.91}, "<=", metric=metric("number"))
    found = track(energy, TODAY)
    assert found.state is State.UNMET
    assert found.trend is not None
    assert found.trend.form == "linear"
    # x̄ = 2023, slope −0.045, at 2026: 0.95333 − 0.135 = 0.81833; s² = (0.001667² · 2 + 0.003333²)/1.
    s = (2 * (0.005 / 3) ** 2 + (0.01 / 3) ** 2) ** 0.5
    se = s * (1 + 1 / 3 + 9 / 2) ** 0.5
    assert found.final.probability == pytest.approx(stats.t.cdf((0.8 - 0.8183333333) / se, 1))
    assert track(target(0.91, {2024: 0.91}, "<=", metric=metric("number")), TODAY).state is State.MET
    assert track(target(0.91, {2024: 0.91}, "<", metric=metric("number")), TODAY).state is State.UNMET


def test_the_assessment_follows_the_probability():
    series = {2020: 100.0, 2021: 111.0, 2022: 119.0, 2023: 134.0, 2024: 146.0}
    found = {value: track(target(value, series), TODAY).final for value in (160.0, 176.0, 190.0, 220.0)}
    probabilities = [one.probability for one in found.values()]
    assert all(probability is not None for probability in probabilities)
    assert probabilities == sorted(probabilities, key=lambda p: -(p or 0))
    assert [one.assessment.value for one in found.values()] == ["on_track", "at_risk", "behind", "behind"]
    assert all((one.state, one.pending) == (State.UNMET, True) for one in found.values())


def test_the_share_of_the_way_and_of_the_time_run_from_the_baseline():
    begun = target(30.0, {2023: 20.0}, baseline=Baseline(2022.0, "2022", 10.0))
    found = track(begun, dt.date(2024, 12, 31))
    assert found.share_done == (0.5, 0.5)
    assert found.share_of_time == 0.5
    falling = target(0.8, {2023: 0.95}, "<=", metric=metric("number"), baseline=Baseline(2022.0, "2022", 1.0))
    assert track(falling, TODAY).share_done == pytest.approx((0.25, 0.25))
    assert track(target(30.0, {2023: 20.0}), TODAY).share_done is None


def test_what_is_only_known_to_be_at_least_so_much_can_meet_but_not_miss():
    bound = Observation(time_of(TODAY), TODAY.isoformat(), 20.0, float("inf"), "lists", "run-1", computed=True)
    assert track(target(20.0, {}), TODAY, [bound]).state is State.MET
    found = track(target(21.0, {}, baseline=Baseline(2022.0, "2022", 11.0)), TODAY, [bound])
    assert found.state is State.UNKNOWN
    assert found.share_done == (0.9, float("inf"))
    assert found.today == bound


def test_a_value_computed_today_is_no_point_of_the_trend():
    computed = Observation(time_of(TODAY), TODAY.isoformat(), 500.0, 500.0, "register", "run-1", computed=True)
    series = {2022: 10.0, 2023: 12.0, 2024: 13.0}
    found = track(target(600.0, series), TODAY, [computed])
    assert found.today == computed
    assert found.trend == track(target(600.0, series), TODAY).trend
    assert len(found.points) == 3


def test_an_unfinished_or_future_year_is_not_used_and_said():
    found = track(target(30.0, {2024: 20.0, 2025: 31.0}), TODAY)
    assert found.state is State.UNMET
    assert [finding.kind for finding in found.findings] == ["future_year", "no_trend"]
    assert track(target(30.0, {2024: 20.0, 2025: 31.0}), dt.date(2025, 12, 31)).state is State.MET


def test_too_few_points_an_exact_line_and_a_far_day_are_said():
    def kinds(series: dict[Any, float], due: dt.date = DUE, **more) -> list[str]:
        return [finding.kind for finding in track(target(99.0, series, due=due, **more), TODAY).findings]

    assert kinds({2023: 20.0, 2024: 21.0}) == ["no_trend"]
    assert kinds({2022: 10.0, 2023: 20.0, 2024: 40.0}) == ["no_error"]
    assert kinds({2022: 10.0, 2023: 21.0, 2024: 40.0}) == []
    assert kinds({2022: 10.0, 2023: 21.0, 2024: 40.0}, dt.date(2027, 12, 31)) == ["far_extrapolation"]
    assert kinds({2022: 0.0, 2023: 21.0, 2024: 40.0}, form="log-linear") == ["no_trend"]
    assert kinds({2022: 0.0, 2023: 21.0, 2024: 40.0}) == []


def test_a_series_regular_but_for_its_rounding_is_said_to_be_so_and_is_never_certain():
    series = {2020 + year: round(64.0 * 1.1421**year, 2) * 1e8 for year in range(5)}
    found = track(target(9e9, series, due=dt.date(2025, 12, 31)), dt.date(2025, 6, 30))
    assert found.trend is not None
    assert found.trend.growth == pytest.approx(0.1421, abs=1e-4)
    [finding] = found.findings
    assert (finding.kind, finding.used) == ("no_error", True)
    assert "舍入" in finding.zh
    assert found.final.forecast is not None
    low, high = found.final.forecast.intervals[0.8]
    assert low < found.final.forecast.value < high
    assert found.final.probability is not None
    assert found.final.probability < 1.0
    less = track(target(9e9, series, "<=", due=dt.date(2025, 12, 31)), dt.date(2025, 6, 30))
    assert less.final.probability is not None
    assert less.final.probability + found.final.probability == pytest.approx(1.0)
    high_target = track(target(2e10, series, due=dt.date(2025, 12, 31)), dt.date(2025, 6, 30)).final
    assert high_target.reason_zh.endswith("按趋势达到的概率不足 1%")
    assert high_target.reason_en.endswith("the trend gives it under 1 %")


def test_a_probability_near_to_certainty_is_not_said_to_be_one():
    said = {p: odds_words(p) for p in (0.004, 0.014, 0.5, 0.986, 0.996, 1.0 - 2.0**-53, 1.0, 0.0)}
    assert [zh for zh, _ in said.values()] == [
        "不足 1%", "1%", "50%", "99%", "超过 99%", "超过 99%", "100%", "0%",
    ]  # fmt: skip
    assert said[0.996][1] == "over 99 %"


def test_a_forecast_stays_within_the_range_of_the_metric():
    share = metric("share", 0.0, 1.0)
    series = {2021: 0.7, 2022: 0.82, 2023: 0.9, 2024: 0.99}
    found = track(target(1.0, series, metric=share), TODAY)
    ahead = found.final.forecast
    assert ahead is not None
    assert ahead.value == 1.0
    assert ahead.intervals[0.95][1] == 1.0
    assert [finding.kind for finding in found.findings] == ["out_of_range"]


def test_sources_that_disagree_are_a_range_and_no_point_of_the_trend():
    both = (*seen({2024: 20.0}, "甲"), *seen({2024: 25.0}, "乙"))
    found = track(target(22.0, {2022: 10.0, 2023: 14.0}), TODAY, both)
    assert found.state is State.UNKNOWN
    assert len(found.points) == 2
    assert [finding.kind for finding in found.findings] == ["sources_disagree", "no_trend"]
    assert track(target(20.0, {}), TODAY, both).state is State.MET
    assert track(target(25.1, {}), TODAY, both).state is State.UNMET
    assert track(target(22.0, {}), TODAY, seen({2024: 22.0}, "甲") + seen({2024: 22.1}, "乙")).state is State.MET


def test_milestones_are_judged_like_the_target():
    stones = (Milestone(dt.date(2023, 12, 31), 14.0), Milestone(dt.date(2025, 12, 31), 22.0))
    found = track(target(30.0, {2022: 10.0, 2023: 13.0, 2024: 19.0}, milestones=stones), TODAY)
    assert [one.state for one in found.milestones] == [State.UNMET, State.UNMET]
    assert [one.pending for one in found.milestones] == [False, True]
    assert found.milestones[0].forecast is None
    assert found.milestones[1].forecast is not None
    assert found.milestones[1].forecast.time == 2025.0


def test_the_order_of_the_observations_does_not_matter():
    series: dict[Any, float] = {2020: 9.0, 2021: 10.0, 2022: 12.0, 2023: 13.0, 2024: 17.0}
    told = [*seen(series), *seen({2024: 18.0, "2025-03-20": 19.0}, "乙")]
    expected = track(target(30.0, {}), TODAY, told)
    for seed in range(5):
        shuffled = random.Random(seed).sample(told, len(told))
        assert track(target(30.0, {}), TODAY, shuffled) == expected


def test_a_value_older_than_the_last_full_year_does_not_tell_how_it_is_now():
    for value in (20.0, 40.0):
        found = track(target(30.0, {2021: 12.0, 2022: 15.0, 2023: value}), TODAY)
        assert found.state is State.UNKNOWN
        assert found.today is not None
        assert "2023" in found.final.reason_zh
        assert found.final.probability is not None


@given(
    st.dictionaries(st.integers(2018, 2024), st.floats(0.0, 60.0), min_size=1),
    st.integers(0, 6),
    st.sampled_from([DUE, dt.date(2024, 12, 31), dt.date(2023, 12, 31)]),
    st.sampled_from([">=", "<="]),
)
def test_losing_a_value_never_makes_a_target_met(series: dict[int, float], lost: int, due: dt.date, operator):
    whole = track(target(30.0, {**series}, operator, due), TODAY).state
    gone = sorted(series)[lost % len(series)]
    without = track(target(30.0, {year: v for year, v in series.items() if year != gone}, operator, due), TODAY).state
    assert without in (whole, State.UNKNOWN)


def test_all_targets_of_a_plan_are_tracked_by_id():
    plan = Plan("p", "计划", "plan", "", "370000", (target(30.0, {2024: 20.0}),))
    found = track_plan(plan, TODAY, {"t": seen({"2025-03-20": 31.0})})
    assert found.targets["t"].state is State.MET


def test_that_a_value_is_hit_exactly_has_no_probability():
    series = {2020: 10.0, 2021: 12.1, 2022: 13.8, 2023: 16.2, 2024: 18.0}
    assert track(target(21.0, series), TODAY).final.probability is not None
    exact = track(target(21.0, series, "=="), TODAY)
    assert exact.final.probability is None
    assert exact.assessment is Assessment.CANNOT_BE_TOLD
