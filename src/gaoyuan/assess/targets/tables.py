"""The progress of a plan as tables and plain data."""

from __future__ import annotations

from gaoyuan.assess.facts.wording import DIGITS, amount_zh, digits_that_tell
from gaoyuan.assess.logic.states import State
from gaoyuan.assess.plain_data import plain
from gaoyuan.assess.result_files import Cell, Sheet
from gaoyuan.assess.rules.model import Json
from gaoyuan.assess.targets.forecasting import DueProgress, PlanProgress, TargetProgress, odds_words
from gaoyuan.assess.targets.plan import Observation
from gaoyuan.assess.targets.trend import FEWEST

_HEADINGS = (
    "标识 id", "目标", "target", "单位 unit", "基期 baseline", "基期值", "今值 today", "今值上限 most", "时点 as of",
    "来源 source", "运行 run", "目标值 target value", "到期日 due", "完成比例 share done", "时间进度 share of time",
    "状态 state", "判断 assessment", "达到概率 probability", "预测值 forecast", "80%下限", "80%上限", "95%下限",
    "95%上限", "趋势 trend", "点数 points", "外推年数 beyond", "说明", "reason",
)  # fmt: skip
_DUE_HEADINGS = (
    "标识 id", "目标", "节点 due", "节点值 value", "状态 state", "判断 assessment", "达到概率 probability",
    "预测值 forecast", "80%下限", "80%上限", "95%下限", "95%上限", "说明", "reason",
)  # fmt: skip

SUMMARY_HEADINGS = (
    "目标 target", "今值 today", "目标值 value", "到期日 due", "完成 done", "预测[80%] forecast", "概率 probability",
    "状态 state", "判断 assessment",
)  # fmt: skip


def as_data(progress: PlanProgress) -> dict[str, Json]:
    """Give the progress of a plan as plain data for JSON: one object a target, with `state` and `assessment` on top."""
    targets: list[Json] = []
    for one in progress.targets.values():
        whole = plain(one)
        assert isinstance(whole, dict)
        target = whole.pop("target")
        assert isinstance(target, dict)
        metric = target["metric"]
        assert isinstance(metric, dict)
        targets.append(
            {
                "id": one.target.id, "zh": metric["zh"], "en": metric["en"], "unit_zh": metric["unit_zh"],
                "unit_en": metric["unit_en"], "operator": target["operator"], "value": one.final.value,
                "due": one.final.due.isoformat(), "baseline": target["baseline"], "state": one.state.value,
                "assessment": one.assessment.value, **whole,
            }
        )  # fmt: skip
    plan = progress.plan
    return {
        "plan": plan.id, "title_zh": plan.title_zh, "title_en": plan.title_en, "document": plan.document,
        "region": plan.region, "as_of": progress.as_of.isoformat(), "targets": targets,
        "findings": plain(plan.findings),
    }  # fmt: skip


def sheets(progress: PlanProgress) -> list[Sheet]:
    """Give the progress of a plan as tables for people: targets, milestones, the values used, findings."""
    targets = list(progress.targets.values())
    points = [
        [one.target.id, at.label, at.least, _finite(at.most), at.source, at.run] for one in targets for at in one.points
    ]
    notes = [
        [finding.kind, finding.metric, finding.zh, finding.en, finding.mend_zh, finding.mend_en]
        for finding in (*progress.plan.findings, *(finding for one in targets for finding in one.findings))
    ]
    milestones = [[one.target.id, one.target.metric.zh, *_due(due)] for one in targets for due in one.milestones]
    return [
        Sheet("目标进度", _HEADINGS, [_row(one) for one in targets]),
        Sheet("节点", _DUE_HEADINGS, milestones),
        Sheet("历年数据", ("标识 id", "时点 year", "数值 value", "上限 most", "来源 source", "运行 run"), points),
        Sheet("说明", ("类别 kind", "标识 id", "说明", "note", "改法", "mend"), notes),
    ]


def summary_rows(progress: PlanProgress) -> list[list[str]]:
    """Give one row of words a target, for a terminal: under `SUMMARY_HEADINGS`."""
    return [_summary(one) for one in progress.targets.values()]


def _summary(one: TargetProgress) -> list[str]:
    metric, final, ahead = one.target.metric, one.final, one.final.forecast

    interval = ahead.intervals.get(0.8) if ahead else None
    # The ends of a narrow interval must not read like one number.
    digits = digits_that_tell(*interval, metric.kind) if interval else DIGITS

    def said(value: float | None, digits: int = DIGITS) -> str:
        return "" if value is None else amount_zh(value, metric.kind, metric.unit_zh, digits)

    return [
        metric.zh,
        observation_in_words(one, one.today) + (f"（{one.today.label}）" if one.today else ""),
        said(final.value),
        final.due.isoformat(),
        "" if one.share_done is None else f"{one.share_done[0]:.0%}",
        said(ahead.value if ahead else None, digits)
        + (f" [{said(interval[0], digits)}，{said(interval[1], digits)}]" if interval else ""),
        "" if final.probability is None else odds_words(final.probability)[0],
        final.state.zh + ("（未到期）" if final.pending and final.state is State.UNMET else ""),
        final.assessment.zh + ("（外推过远）" if ahead is not None and ahead.far else ""),
    ]


def notes(progress: PlanProgress) -> list[str]:
    """Give the findings in words; that there is no trend is said once for all targets that have too few points."""
    found = [*progress.plan.findings, *(finding for one in progress.targets.values() for finding in one.findings)]
    few = [one for one in progress.targets.values() if len(one.points) < FEWEST]
    said = [str(one) for one in found if not (one.kind == "no_trend" and one.metric in {few.target.id for few in few})]
    if few:
        said.append(
            f"{len(few)} 个目标的已知时点不足 {FEWEST} 个，不作预测 "
            f"{len(few)} targets have fewer than {FEWEST} known points and no forecast."
        )
    return said


def observation_in_words(target: TargetProgress, seen: Observation | None) -> str:
    """Say a known value with its unit; 至少 where it is a lower bound, 未知 where there is none."""
    metric = target.target.metric
    if seen is None:
        return "未知"
    said = amount_zh(seen.least, metric.kind, metric.unit_zh)
    if seen.exact:
        return said
    most = "" if seen.most == float("inf") else f"～{amount_zh(seen.most, metric.kind, metric.unit_zh)}"
    return f"{said}{most}" if most else f"至少 {said}"


def _row(one: TargetProgress) -> list[Cell]:
    metric, today, begin, final = one.target.metric, one.today, one.target.baseline, one.final
    ahead = final.forecast
    return [
        one.target.id, metric.zh, metric.en, metric.unit_zh, begin.label if begin else None,
        begin.value if begin else None, today.least if today else None, _finite(today.most) if today else None,
        today.label if today else None, today.source if today else None, today.run if today else None, final.value,
        final.due, one.share_done[0] if one.share_done else None, one.share_of_time, final.state.zh,
        final.assessment.zh, final.probability, *_forecast(final), one.trend.form if one.trend else None,
        len(one.points), ahead.beyond if ahead else None, final.reason_zh, final.reason_en,
    ]  # fmt: skip


def _due(due: DueProgress) -> list[Cell]:
    return [
        due.due, due.value, due.state.zh, due.assessment.zh, due.probability, *_forecast(due), due.reason_zh,
        due.reason_en,
    ]  # fmt: skip


def _forecast(due: DueProgress) -> list[Cell]:
    if due.forecast is None:
        return [None] * 5
    ends = [end for level in (0.8, 0.95) for end in due.forecast.intervals.get(level, (None, None))]
    return [due.forecast.value, *ends]


def _finite(value: float) -> float | None:
    return None if value == float("inf") else value
