from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from gaoyuan.assess.targets.trend import Form, fit_trend, forecast, form_for, probability_at_least, rounding_unit

NAN = float("nan")


def test_the_line_and_its_interval_are_those_computed_by_hand():
    # x = 1..4, y = 1, 2, 2, 4: x̄ = 2.5, ȳ = 2.25, Sxx = 5, slope = 4.5/5 = 0.9, residuals 0.1, 0.2, −0.7, 0.4,
    # s² = 0.70/2 = 0.35; at 5: ŷ = 4.5, se = √(0.35 · (1 + 1/4 + 2.5²/5)) = √0.875; t(2) = 1.8856, 4.3027.
    trend = fit_trend([1, 2, 3, 4], [1.0, 2.0, 2.0, 4.0], "linear")
    assert trend is not None
    assert (trend.slope, trend.level, trend.centre, trend.spread) == pytest.approx((0.9, 2.25, 2.5, 5.0))
    assert trend.error == pytest.approx(math.sqrt(0.35))
    ahead = forecast(trend, 5)
    assert ahead.value == pytest.approx(4.5)
    for level, t in ((0.8, 1.88562), (0.95, 4.30265)):
        half = t * math.sqrt(0.875)
        assert ahead.intervals[level] == pytest.approx((4.5 - half, 4.5 + half), abs=1e-4)
    assert (ahead.beyond, ahead.far) == (1.0, False)


def test_the_interval_agrees_with_the_matrix_formula_on_uneven_times():
    times, values = np.array([2018.0, 2019.0, 2021.0, 2022.5, 2024.0]), np.array([3.1, 2.7, 4.4, 4.2, 6.0])
    trend = fit_trend(times, values, "linear")
    assert trend is not None
    design = np.column_stack([np.ones(5), times - 2020])
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ values
    s2 = ((values - design @ beta) ** 2).sum() / 3
    new = np.array([1.0, 7.0])
    se = math.sqrt(s2 * (1 + new @ inverse @ new))
    expected = new @ beta + np.array(stats.t.interval(0.95, 3)) * se
    assert forecast(trend, 2027.0).intervals[0.95] == pytest.approx(tuple(expected))
    assert trend.slope == pytest.approx(stats.linregress(times, values).slope)
    assert probability_at_least(trend, 2027.0, 7.0) == pytest.approx(stats.t.sf((7.0 - new @ beta) / se, 3))


def test_constant_growth_is_found_on_the_logarithms():
    values = np.array([100.0, 112.0, 119.0, 133.0])
    trend = fit_trend([2021, 2022, 2023, 2024], values, "log-linear")
    assert trend is not None
    line = stats.linregress([0, 1, 2, 3], np.log(values))
    assert trend.growth == pytest.approx(math.expm1(line.slope))
    ahead = forecast(trend, 2026)
    assert ahead.value == pytest.approx(math.exp(line.intercept + 5 * line.slope))
    low, high = ahead.intervals[0.95]
    assert math.log(low) + math.log(high) == pytest.approx(2 * math.log(ahead.value))
    assert probability_at_least(trend, 2026, ahead.value) == pytest.approx(0.5)
    assert probability_at_least(trend, 2026, 0.0) == 1.0


def test_fewer_than_three_known_times_have_no_trend():
    assert fit_trend([2020, 2021], [1.0, 2.0], "linear") is None
    assert fit_trend([2020, 2021, 2022], [1.0, NAN, 2.0], "linear") is None
    assert fit_trend([2020, 2020, 2021], [1.0, 1.1, 2.0], "linear") is None
    assert fit_trend([], [], "linear") is None


def test_an_unknown_year_is_a_gap_and_not_zero():
    with_gap = fit_trend([2020, 2021, 2022, 2023], [5.0, 6.1, NAN, 8.0], "linear")
    assert with_gap == fit_trend([2020, 2021, 2023], [5.0, 6.1, 8.0], "linear")
    assert with_gap != fit_trend([2020, 2021, 2022, 2023], [5.0, 6.1, 0.0, 8.0], "linear")


def test_values_that_are_not_positive_have_no_log_linear_trend():
    assert fit_trend([1, 2, 3], [0.0, 1.0, 2.5], "log-linear") is None
    assert form_for([0.0, 1.0, 2.5], grows=True) == "linear"


def test_points_on_a_line_give_no_interval_and_no_probability():
    lines: list[tuple[Form, list[float]]] = [
        ("linear", [3.0, 4.0, 5.0]),
        ("log-linear", [100.0, 110.0, 121.0]),
        ("linear", [0.0, 0.0, 0.0]),
    ]
    for form, values in lines:
        trend = fit_trend([2022, 2023, 2024], values, form)
        assert trend is not None
        assert trend.exact
        assert forecast(trend, 2025).intervals == {}
        assert probability_at_least(trend, 2025, 6.0) is None


def test_a_time_farther_away_than_the_points_span_is_far():
    trend = fit_trend([2020, 2021, 2022], [1.0, 2.0, 2.9], "linear")
    assert trend is not None
    assert [forecast(trend, year).far for year in (2021, 2024, 2024.1)] == [False, False, True]


def test_a_value_too_great_for_a_number_is_infinite():
    trend = fit_trend([0, 1, 2], [1.0, 1e100, 1e190], "log-linear")
    assert trend is not None
    assert forecast(trend, 50).value == math.inf


@given(st.permutations(range(6)))
def test_the_order_of_the_points_does_not_matter(order: list[int]):
    times, values = [2018, 2019, 2020, 2021, 2022, 2023], [4.0, 4.4, 4.1, 5.3, NAN, 6.2]
    shuffled = fit_trend([times[i] for i in order], [values[i] for i in order], "log-linear")
    assert shuffled == fit_trend(times, values, "log-linear")


@given(st.lists(st.floats(1.0, 1e6), min_size=4, max_size=8), st.floats(1.0, 1e6), st.floats(0.1, 5.0))
def test_a_higher_target_is_never_more_probable(values: list[float], target: float, more: float):
    trend = fit_trend(range(len(values)), values, "linear")
    assert trend is not None
    likely = probability_at_least(trend, len(values) + 1, target)
    unlikely = probability_at_least(trend, len(values) + 1, target * (1 + more))
    assert likely is None or (unlikely is not None and unlikely <= likely)


@pytest.mark.parametrize("form", ["linear", "log-linear"])
@pytest.mark.parametrize("points", [3, 5, 8])
def test_the_interval_holds_the_truth_as_often_as_it_says(form, points: int):
    rng, runs = np.random.default_rng(20261122), 1500
    times = np.arange(points, dtype=float)
    held = dict.fromkeys((0.8, 0.95), 0)
    reached = 0.0
    for _ in range(runs):
        line = 2.0 + 0.1 * np.arange(points + 2) + rng.normal(0.0, 0.05, points + 2)
        values = np.exp(line) if form == "log-linear" else line
        trend = fit_trend(times, values[:points], form)
        assert trend is not None
        ahead, truth = forecast(trend, points + 1), values[-1]
        for level, (low, high) in ahead.intervals.items():
            held[level] += low <= truth <= high
        middle = 2.0 + 0.1 * (points + 1)
        probability = probability_at_least(trend, points + 1, math.exp(middle) if form == "log-linear" else middle)
        assert probability is not None
        reached += probability
    for level, count in held.items():
        # Four standard errors of a binomial share.
        assert abs(count / runs - level) <= 4 * math.sqrt(level * (1 - level) / runs)
    assert abs(reached / runs - 0.5) <= 4 * 0.5 / math.sqrt(runs)


# Rounded values -------------------------------------------------------------------------------------------------------


def test_the_last_digit_that_a_series_carries_is_that_of_its_least_rounded_value():
    assert rounding_unit([4e9, 4.57e9, 5.2175e9]) == 1e5
    assert rounding_unit([0.7, 0.71, 0.725]) == pytest.approx(0.001)
    assert rounding_unit([12.0, 20.0, 0.0]) == 1.0
    # 47.23 亿元 times 10⁸ is 4722999999.9999995 in binary: that is no rounding to 10⁻⁷ yuan.
    assert rounding_unit([47.23 * 1e8, 4e9, NAN]) == 1e6
    assert rounding_unit([0.0, NAN]) == 0.0


GROWN = [round(64.0 * 1.1421**year, 2) * 1e8 for year in range(5)]


@pytest.mark.parametrize("points", [3, 4, 5])
def test_a_series_regular_but_for_its_rounding_has_the_interval_of_its_rounding(points: int):
    trend = fit_trend(range(points), GROWN[:points], "log-linear")
    assert trend is not None
    assert not trend.exact
    assert trend.only_rounding
    # A hundredth of 亿元, evenly spread over half of it to both sides, seen from the smallest value.
    rounding = 1e6 / math.sqrt(12) / GROWN[0]
    assert trend.rounding == pytest.approx(rounding)
    away = points - (points - 1) / 2
    width = math.sqrt(1 + 1 / points + away**2 / trend.spread)
    for level, (low, high) in forecast(trend, points).intervals.items():
        half = stats.t.ppf((1 + level) / 2, points - 2) * rounding * width
        assert math.log(high / low) >= 2 * half * (1 - 1e-9)
    probability = probability_at_least(trend, points, GROWN[0])
    assert probability is not None
    assert 0.99 < probability < 1.0


@given(st.floats(40.0, 90.0), st.floats(0.02, 0.3), st.integers(3, 8), st.sampled_from(["linear", "log-linear"]))
def test_no_interval_is_narrower_than_rounding_alone_implies(start: float, rate: float, points: int, form: Form):
    years = np.arange(points)
    line = start * (1 + rate) ** years if form == "log-linear" else start * (1 + rate * years)
    values = np.round(line)
    trend = fit_trend(years, values, form)
    assert trend is not None
    unit = rounding_unit(values)
    rounding = unit / math.sqrt(12) / (values.min() if form == "log-linear" else 1.0)
    for level, (low, high) in forecast(trend, points).intervals.items():
        width = math.log(high / low) if form == "log-linear" else high - low
        assert width >= 2 * stats.t.ppf((1 + level) / 2, points - 2) * rounding * (1 - 1e-6)


def test_values_that_vary_by_more_than_their_rounding_keep_their_interval():
    trend = fit_trend([1, 2, 3, 4], [1.0, 2.0, 2.0, 4.0], "linear")
    assert trend is not None
    assert not trend.only_rounding
    assert trend.rounding == pytest.approx(1 / math.sqrt(12))
    assert trend.error > trend.rounding


@pytest.mark.parametrize("form", ["linear", "log-linear"])
@pytest.mark.parametrize("points", [3, 5, 8])
@pytest.mark.parametrize("noise", [0.0, 0.3, 1.0])
def test_with_rounded_values_the_interval_holds_the_truth_at_least_as_often_as_it_says(form, points: int, noise: float):
    rng, runs, unit = np.random.default_rng(20261123), 800, 0.01
    held = dict.fromkeys((0.8, 0.95), 0)
    for _ in range(runs):
        start, slope = rng.uniform(5.0, 6.0), rng.uniform(0.01, 0.05)
        years = np.arange(points + 2)
        line = start * np.exp(slope * years) if form == "log-linear" else start + slope * years
        values = np.round((line + rng.normal(0.0, noise * unit, points + 2)) / unit) * unit
        trend = fit_trend(years[:points], values[:points], form)
        assert trend is not None
        ahead = forecast(trend, points + 1)
        for level in held:
            # Points exactly on a line give no interval, which claims nothing.
            low, high = ahead.intervals.get(level, (-math.inf, math.inf))
            held[level] += low <= values[-1] <= high
    for level, count in held.items():
        assert count / runs >= level - 4 * math.sqrt(level * (1 - level) / runs)


@given(
    st.lists(st.integers(1, 10**6), min_size=3, max_size=6),
    st.integers(-4, 4),
    st.floats(-1e12, 1e12),
    st.sampled_from(["linear", "log-linear"]),
)
def test_a_probability_is_never_a_certainty(digits: list[int], exponent: int, target: float, form: Form):
    trend = fit_trend(range(len(digits)), [one * 10.0**exponent for one in digits], form)
    assert trend is not None
    probability = probability_at_least(trend, len(digits), target)
    if form == "log-linear" and target <= 0 and not trend.exact:
        assert probability == 1.0
    else:
        assert probability is None or 0.0 < probability < 1.0
