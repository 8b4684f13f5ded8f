"""Targets against today (目标进度): where each stands, how much of the way is done, and what the trend says of its day.

The trend is a straight line through the known yearly values, in their logarithms for money and counts that are all
positive and in the values themselves else; the plan may say which. The product's own thresholds make an assessment of
the probability that the model gives: on track from 80 %, behind up to 20 %, at risk between.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.logic.intervals import Interval, compare, exactly
from gaoyuan.assess.logic.states import State, states_of
from gaoyuan.assess.targets.plan import Milestone, Observation, Plan, Target, time_of
from gaoyuan.assess.targets.trend import FEWEST, Forecast, Trend, fit_trend, forecast, form_for, probability_at_least

LIKELY, UNLIKELY = 0.8, 0.2
_GROW = ("money", "count")
_AGREE = 0.01


class Assessment(StrEnum):
    """Whether a target will be reached, as far as can be told."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    BEHIND = "behind"
    CANNOT_BE_TOLD = "cannot_be_told"

    @property
    def zh(self) -> str:
        """The assessment in Chinese."""
        return {"on_track": "进展正常", "at_risk": "存在风险", "behind": "进度滞后", "cannot_be_told": "无法判断"}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class DueProgress:
    """How a due value stands: before its day, `unmet` only means not yet (`pending`).

    `probability` is that of reaching it under the trend's model, None where there is none. `reason` says what decided.
    """

    due: dt.date
    value: float | None
    state: State
    pending: bool
    forecast: Forecast | None
    probability: float | None
    assessment: Assessment
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """How a target stands on a day.

    `today` is the latest known value; before the due date the state rests on it where it is of the last full year or
    later. `share_done` is the part of the way from the baseline to the target (from least to most), `share_of_time` the
    part of the time. `trend` is None where too little is known.
    """

    target: Target
    today: Observation | None
    share_done: tuple[float, float] | None
    share_of_time: float | None
    trend: Trend | None
    final: DueProgress
    milestones: tuple[DueProgress, ...]
    points: tuple[Observation, ...]
    findings: tuple[Finding, ...]

    @property
    def state(self) -> State:
        """The state of the target itself."""
        return self.final.state

    @property
    def assessment(self) -> Assessment:
        """Whether the target itself will be reached, as far as can be told."""
        return self.final.assessment


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How all targets of a plan stand on a day, by id."""

    plan: Plan
    as_of: dt.date
    targets: Mapping[str, TargetProgress]


def track_plan(plan: Plan, as_of: dt.date, told: Mapping[str, Sequence[Observation]] | None = None) -> PlanProgress:
    """Track every target of a plan; `told` are further observations by target, such as those of a workspace."""
    more = told or {}
    return PlanProgress(plan, as_of, {one.id: track(one, as_of, more.get(one.id, ())) for one in plan.targets})


def track(target: Target, as_of: dt.date, told: Sequence[Observation] = ()) -> TargetProgress:
    """Say how a target stands on a day; what is known only of later times is not used, with a finding.

    The order of the observations does not matter; years without a value are gaps.
    """
    findings: list[Finding] = []
    now = time_of(as_of)
    used = _by_time(
        [one for one in (*target.observed, *told) if not _later(target, one, now, findings)], target, findings
    )
    points = tuple(one for one in used if one.exact and not one.computed)
    trend = _trend(target, points, findings)
    today = used[-1] if used else None
    final, *milestones = (
        _due_progress(target, one, used, trend, as_of) for one in (target.final, *target.milestones)
    )  # fmt: skip
    if final.forecast is not None and final.forecast.far:
        findings.append(_far(target, final.forecast))
    if trend is not None and final.forecast is not None and _leaves_range(trend, target):
        findings.append(_out_of_range(target))
    return TargetProgress(
        target, today, _share_done(target, today), _share_of_time(target, now), trend, final, tuple(milestones), points,
        tuple(findings),
    )  # fmt: skip


def _by_time(observations: Iterable[Observation], target: Target, findings: list[Finding]) -> tuple[Observation, ...]:
    """Give one observation for each time, in order; where sources disagree, it is the range between them."""
    found: dict[float, list[Observation]] = {}
    for one in sorted(observations, key=lambda one: (one.time, one.computed, one.source, one.least, one.most)):
        found.setdefault(one.time, []).append(one)
    merged = []
    for same in found.values():
        least, most = min(one.least for one in same), max(one.most for one in same)
        first = same[0]
        if len(same) > 1 and most - least > _AGREE * abs(most):
            sources = "、".join(dict.fromkeys(one.source or "?" for one in same))
            findings.append(
                Finding(
                    "sources_disagree", target.id, f"{target.metric.zh} {first.label}：来源不一致（{sources}）",
                    f"{target.metric.en} {first.label}: sources disagree ({sources})",
                    "核对后只保留一个来源；在此之前按区间判断，不用于趋势",
                    "Keep the one that holds; until then the range counts, and not for the trend", used=True,
                )
            )  # fmt: skip
            first = Observation(first.time, first.label, least, most, sources, first.run, first.computed)
        merged.append(first)
    return tuple(merged)


def _later(target: Target, one: Observation, now: float, findings: list[Finding]) -> bool:
    if one.time <= now:
        return False
    findings.append(
        Finding(
            "future_year", target.id, f"{target.metric.zh}：{one.label} 晚于评估日或该年度尚未结束，未使用",
            f"{target.metric.en}: {one.label} is after the as-of date, or that year has not ended; not used",
            "核对年份；年内的数写明日期，如 2025-03-20", "Check the year; give a value within a year its date",
        )
    )  # fmt: skip
    return True


def _trend(target: Target, points: Sequence[Observation], findings: list[Finding]) -> Trend | None:
    values = [one.least for one in points]
    form = target.form or form_for(values, grows=target.metric.kind in _GROW)
    trend = fit_trend([one.time for one in points], values, form)
    if trend is None and len(points) >= FEWEST:
        findings.append(
            Finding(
                "no_trend", target.id, f"{target.metric.zh}：有不大于零的值，不能按对数线性外推",
                f"{target.metric.en}: values that are not positive have no log-linear trend",
                "改用 trend: linear", "Choose trend: linear",
            )
        )  # fmt: skip
    elif trend is None:
        findings.append(
            Finding(
                "no_trend", target.id, f"{target.metric.zh}：已知 {len(points)} 个时点，不足 {FEWEST} 个，不作预测",
                f"{target.metric.en}: {len(points)} known points, fewer than {FEWEST}, so there is no forecast",
                "补充历年数据", "Add values of past years",
            )
        )  # fmt: skip
    elif trend.exact:
        findings.append(
            Finding(
                "no_error", target.id, f"{target.metric.zh}：各点恰在一条线上，误差无从估计，不给区间和概率",
                f"{target.metric.en}: the points lie exactly on a line, so no interval or probability can be given",
                "补充历年数据，或核对是否为推算值", "Add values of past years, or check whether they were made up",
            )
        )  # fmt: skip
    elif trend.only_rounding:
        findings.append(
            Finding(
                "no_error", target.id, f"{target.metric.zh}：各点与一条线之差不大于数值的舍入，区间和概率只反映舍入",
                f"{target.metric.en}: the points are off a line by no more than their rounding; interval and "
                "probability tell of nothing else",
                "补充历年数据，或核对是否为推算值", "Add values of past years, or check whether they were made up",
                used=True,
            )
        )  # fmt: skip
    return trend


def _due_progress(
    target: Target, due: Milestone, used: Sequence[Observation], trend: Trend | None, as_of: dt.date
) -> DueProgress:
    pending = as_of < due.due
    deciding = _value_of_today(used, as_of) if pending else _value_of_day(due.due, used)
    state = _state(target, due, deciding)
    at = time_of(due.due)
    ahead = forecast(trend, at) if trend is not None and at > trend.last and _still_open(state, pending) else None
    ahead = _within_range(ahead, target)
    probability = None
    # A trend gives odds for a side; that a value is hit exactly has none.
    if ahead is not None and trend is not None and due.value is not None and target.operator != "==":
        above = probability_at_least(trend, at, due.value)
        probability = above if above is None or target.higher else 1.0 - above
    assessment = _assessment(state, pending, probability)
    return DueProgress(
        due.due, due.value, state, pending, ahead, probability, assessment,
        *_reason(target, due, state, pending, deciding, used, probability),
    )  # fmt: skip


def _still_open(state: State, pending: bool) -> bool:
    """Whether a forecast still tells something: before the day, and after it where its value is not known."""
    return pending or state is State.UNKNOWN


def _value_of_today(used: Sequence[Observation], as_of: dt.date) -> Observation | None:
    """Give the latest value where it is of the last full year or later; an older one does not tell how it is now."""
    return used[-1] if used and used[-1].time >= as_of.year - 1 else None


def _value_of_day(due: dt.date, used: Sequence[Observation]) -> Observation | None:
    """Give the value that decides after the day: of that very day, else of the year that it lies in."""
    of_day = [one for one in used if one.label == due.isoformat()]
    return next(iter([*of_day, *(one for one in used if one.label == str(due.year))]), None)


def _state(target: Target, due: Milestone, deciding: Observation | None) -> State:
    if deciding is None or due.value is None:
        return State.UNKNOWN
    known = Interval(np.array([deciding.least]), np.array([deciding.most]))
    return states_of(compare(known, target.operator, exactly([due.value])))[0]


def _assessment(state: State, pending: bool, probability: float | None) -> Assessment:
    if state is State.MET:
        return Assessment.ON_TRACK
    if not pending:
        return Assessment.BEHIND if state is State.UNMET else Assessment.CANNOT_BE_TOLD
    if probability is None:
        return Assessment.CANNOT_BE_TOLD
    if probability >= LIKELY:
        return Assessment.ON_TRACK
    return Assessment.BEHIND if probability <= UNLIKELY else Assessment.AT_RISK


def _reason(
    target: Target, due: Milestone, state: State, pending: bool, deciding: Observation | None,
    used: Sequence[Observation], probability: float | None,
) -> tuple[str, str]:  # fmt: skip
    if due.value is None:
        return "目标值未知", "the target's own number is not known"
    when = due.due.isoformat()
    if deciding is None and used:
        label = used[-1].label
        of_zh, of_en = ("今", "today") if pending else (when, when)
        return f"{of_zh}值未知（最近已知为 {label}）", f"the value of {of_en} is not known (the latest is of {label})"
    if deciding is None:
        return "没有已知的值", "nothing is known"
    if state is State.UNKNOWN:
        return f"{deciding.label} 的值只知范围", f"of the value of {deciding.label} only a range is known"
    if state is State.MET:
        reached_zh = "已达到" + (f"，{when} 须保持" if pending else "")
        return reached_zh, "reached" + (f"; it has to hold on {when}" if pending else "")
    if not pending:
        return f"{when} 未达到", f"not reached on {when}"
    if probability is None:
        return f"尚未达到，{when} 到期", f"not reached yet, due on {when}"
    odds_zh, odds_en = odds_words(probability)
    gap = " " if odds_zh[0].isdecimal() else ""
    return (
        f"尚未达到，{when} 到期，按趋势达到的概率{gap}{odds_zh}",
        f"not reached yet, due on {when}; the trend gives it {odds_en}",
    )


def odds_words(probability: float) -> tuple[str, str]:
    """Say a probability in whole per cent, in Chinese and English: only what is certain is 0 % or 100 %.

    >>> odds_words(0.42), odds_words(0.9999)
    (('42%', '42%'), ('超过 99%', 'over 99 %'))
    """
    if 0.0 < probability < 0.005:
        return "不足 1%", "under 1 %"
    if 0.995 <= probability < 1.0:
        return "超过 99%", "over 99 %"
    return f"{probability:.0%}", f"{probability:.0%}"


def _share_done(target: Target, today: Observation | None) -> tuple[float, float] | None:
    begin, end = target.baseline, target.final.value
    if today is None or begin is None or end is None or end == begin.value:
        return None
    ends = [(value - begin.value) / (end - begin.value) for value in (today.least, today.most)]
    return min(ends), max(ends)


def _share_of_time(target: Target, now: float) -> float | None:
    if target.baseline is None:
        return None
    whole = time_of(target.final.due) - target.baseline.time
    return (now - target.baseline.time) / whole if whole > 0 else None


def _within_range(ahead: Forecast | None, target: Target) -> Forecast | None:
    """Cut a forecast at the range of what is measured: a share cannot pass 1, a count not fall below 0."""
    if ahead is None:
        return None
    low, high = target.metric.least, target.metric.most

    def cut(value: float) -> float:
        return min(max(value, low), high)

    intervals = {level: (cut(least), cut(most)) for level, (least, most) in ahead.intervals.items()}
    return Forecast(ahead.time, cut(ahead.value), intervals, ahead.beyond, ahead.far)


def _leaves_range(trend: Trend, target: Target) -> bool:
    """Whether the trend's middle value of the due date is one that what is measured cannot have."""
    value = forecast(trend, time_of(target.final.due)).value
    return not target.metric.least <= value <= target.metric.most


def _out_of_range(target: Target) -> Finding:
    return Finding(
        "out_of_range", target.id, f"{target.metric.zh}：直线趋势超出该指标可能的范围，预测已截断，仅供参考",
        f"{target.metric.en}: the line leaves the range that the metric can have; the forecast is cut there",
        "以节点值为准，或补充近年数据", "Go by milestones, or add recent values", used=True,
    )  # fmt: skip


def _far(target: Target, ahead: Forecast) -> Finding:
    return Finding(
        "far_extrapolation", target.id,
        f"{target.metric.zh}：预测日在最后已知值之后 {ahead.beyond:.1f} 年，超过已知数据的跨度，区间偏窄",
        f"{target.metric.en}: the forecast reaches {ahead.beyond:.1f} years beyond the data, more than they span; the "
        "interval does not cover a change of the trend",
        "补充近年数据", "Add recent values", used=True,
    )  # fmt: skip
