"""Reading plans: a YAML file, an XLSX or CSV table with the same columns, or a shipped edition of dated targets.

    id: my-plan
    title: {zh: 集群发展计划, en: cluster plan}
    region: "370000"
    targets:
      - id: output
        zh: 集群总产值
        kind: money                      # or metric: output_yuan of the catalogue
        unit: 亿元                        # of numbers without a unit of their own; yuan where this is left out
        baseline: {year: 2022, value: 400亿元}
        value: 600
        due: 2027-12-31
        milestones: [{due: 2025-12-31, value: 520}]
        observed: {source: 统计局, series: {2022: 400, 2023: 430, 2024: 475}}
        workspace: {figure: revenue_yuan}   # what of the workspace tells today's value

Money, areas, shares and rates are kept in yuan, km² and fractions, whatever unit a plan writes.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.metric_catalogue import PLAUSIBLE, Metric, metrics
from gaoyuan.assess.facts.values import FACTORS, Refused, read_value
from gaoyuan.assess.facts.yaml_reading import read_yaml
from gaoyuan.assess.logic.intervals import OPERATORS, Operator
from gaoyuan.assess.rules.model import Edition, Threshold
from gaoyuan.assess.rules.rulebook import as_date, edition, editions
from gaoyuan.assess.rules.walk import walk
from gaoyuan.assess.targets.plan import Baseline, Milestone, Observation, Plan, Target, read_time
from gaoyuan.assess.targets.plan_table import TARGET_PARTS, read_table
from gaoyuan.assess.targets.trend import Form
from gaoyuan.errors import InputError

_PLAN_PARTS = {"id", "title", "region", "document", "targets"}
_RANGES = {"share": (0.0, 1.0), "count": (0.0, float("inf")), "area": (0.0, float("inf")), "rate": (-1.0, float("inf"))}
_KINDS = ("money", "area", "share", "rate", "count", "number", "score", "years")
_UNITS = {"money": ("元", "yuan"), "area": ("平方公里", "km²"), "count": ("个", ""), "score": ("分", "points")}
_MEASURED = ("money", "area", "share", "rate")
"""Kinds whose values are kept in one unit, whatever unit the plan writes; the others keep the plan's own."""
_LEAST_TOLD_YUAN = 1e4
"""Below this, money of a plan without a unit is more likely meant in 万元 or 亿元 than in yuan."""


def read_plan(given: str) -> Plan:
    """Read a plan: a file that ends in .yaml, .yml, .xlsx or .csv, else the id of a shipped edition of targets.

    Raises InputError that names the place for a plan that cannot be used; single values that cannot be used become
    findings and are unknown.
    """
    file = Path(given)
    ending = file.suffix.lower()
    if ending in (".xlsx", ".csv"):
        return plan_of(read_table(file), given)
    if ending in (".yaml", ".yml"):
        return plan_of(read_yaml(file, "the plan", dates_as_text=True), given)
    # A plan is looked at before, in and after its time, so its newest edition counts, whatever the day.
    same = [one for one in editions() if one.id == given]
    return plan_of_edition(max(same, key=lambda one: one.edition) if same else edition(given))


def plan_of_edition(rule: Edition) -> Plan:
    """Make a plan of the dated targets of an edition; what they have been over the years the workspace has to tell."""
    targets = []
    for one in walk(rule.criteria):
        if not isinstance(one.rule, Threshold) or one.rule.target_by is None:
            continue
        bound = one.rule.bound if isinstance(one.rule.bound, float) else None
        metric = metrics()[one.rule.quantity.metrics[0]]
        if len(one.rule.quantity.metrics) > 1 or one.rule.quantity.over:
            bound = None
        named = Metric(metric.id, metric.subject, metric.kind, one.zh, one.en, metric.unit_zh, metric.unit_en,
                       metric.series, metric.better, metric.least, metric.most, metric.plausible)  # fmt: skip
        targets.append(Target(one.id, named, one.rule.operator, Milestone(one.rule.target_by, bound)))
    if not targets:
        raise InputError(
            f"the rule {rule.key} has no dated targets",
            mend="Name one such as sd-3830, or a plan's file.",
            zh=f"规则 {rule.key} 没有带期限的目标",
            mend_zh="换一个，如 sd-3830，或给规划文件",
        )
    return Plan(rule.key, rule.title_zh, rule.title_en, rule.document_number, rule.region, tuple(targets))


def plan_of(data: object, where: str) -> Plan:
    """Make a plan of plain data, such as that of a YAML file."""
    if not isinstance(data, Mapping) or not isinstance(data.get("targets"), list) or not data["targets"]:
        raise InputError(
            "this is no plan: it has no list of targets",
            where=where,
            mend="See the manual's example.",
            zh="这不是规划：没有目标列表",
            mend_zh="见手册中的例子",
        )
    if strange := sorted(map(str, set(data) - _PLAN_PARTS)):
        raise InputError(
            f"a plan has no part {', '.join(strange)}",
            where=where,
            mend=f"Parts: {', '.join(sorted(_PLAN_PARTS))}.",
            zh=f"规划没有这一部分：{'、'.join(strange)}",
            mend_zh=f"可有：{'、'.join(sorted(_PLAN_PARTS))}",
        )
    findings: list[Finding] = []
    targets = tuple(_target(entry, f"{where}, targets {at}", findings) for at, entry in enumerate(data["targets"], 1))
    names = [one.id for one in targets]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(
            f"the id {twice[0]!r} is there twice",
            where=where,
            mend="Give every target an id of its own.",
            zh=f"标识 {twice[0]!r} 出现两次",
            mend_zh="给每个目标各自的标识",
        )
    title = data.get("title") or {}
    title = {"zh": title, "en": title} if isinstance(title, str) else title
    if not isinstance(title, Mapping):
        raise InputError(
            "the title is no text",
            where=where,
            mend="Write title: 集群计划, or {zh: …, en: …}.",
            zh="标题不是文字",
            mend_zh="写成 title: 集群计划，或 {zh: …, en: …}",
        )
    name = str(data.get("id") or Path(where).stem)
    return Plan(
        name, str(title.get("zh") or name), str(title.get("en") or name), str(data.get("document") or ""),
        str(data.get("region") or ""), targets, tuple(findings),
    )  # fmt: skip


def _target(entry: object, where: str, findings: list[Finding]) -> Target:
    if not isinstance(entry, Mapping) or not entry.get("id"):
        raise InputError("a target needs an id", where=where, mend="Give it one.", zh="目标缺标识", mend_zh="补上 id")
    where = f"{where} ({entry['id']})"
    if strange := sorted(map(str, set(entry) - TARGET_PARTS)):
        raise InputError(
            f"a target has no part {', '.join(strange)}",
            where=where,
            mend=f"Parts: {', '.join(sorted(TARGET_PARTS))}.",
            zh=f"目标没有这一部分：{'、'.join(strange)}",
            mend_zh=f"可有：{'、'.join(sorted(TARGET_PARTS))}",
        )
    name, metric = str(entry["id"]), _metric(entry, where)
    milestones, workspace = entry.get("milestones") or [], entry.get("workspace") or {}
    if not isinstance(milestones, list):
        raise InputError(
            "the milestones are no list", where=where, mend="Write [{due: 2025-12-31, value: 20}].", zh="节点不是列表"
        )
    if not isinstance(workspace, Mapping):
        raise InputError(
            "`workspace` has no parts", where=where, mend="Write {figure: revenue_yuan}.", zh="workspace 没有内容"
        )

    unit = _written_unit(entry, metric, where)

    def number(given: object, what: str) -> float | None:
        read = _unit_unsaid(metric, given) if not unit else None
        read = read or read_value(metric, given, unit)
        if isinstance(read, Refused):
            findings.append(
                Finding(read.kind, name, f"{metric.zh} {what}：{read.zh}", f"{metric.en} {what}: {read.en}",
                        read.mend_zh, read.mend_en)
            )  # fmt: skip
            return None
        return read if isinstance(read, float) else None

    return Target(
        name,
        metric,
        _operator(entry, metric, where),
        Milestone(_due(entry.get("due"), where), number(entry.get("value"), "目标值 target")),
        _baseline(entry.get("baseline"), number, where),
        tuple(_milestone(one, number, where) for one in milestones),
        _observed(entry.get("observed"), number, where),
        {str(part): told for part, told in workspace.items()},
        _form(entry.get("trend"), where),
    )


def _metric(entry: Mapping[str, Any], where: str) -> Metric:
    """Give the metric of the catalogue that a target names, or one of its own, under the target's own words."""
    named = str(entry.get("metric") or "")
    known = metrics().get(named)
    if named and known is None and not entry.get("kind"):
        near = difflib.get_close_matches(named, metrics(), n=1)
        raise InputError(
            f"there is no metric {named!r}",
            where=where,
            mend=(f"Do you mean {near[0]}? " if near else "")
            + "For a metric of your own say its kind, such as kind: count.",
            zh=f"没有名为 {named!r} 的指标",
            mend_zh=((f"是否为 {near[0]}？" if near else "") + "自定的指标须写明类别，如 kind: count"),
        )
    kind = str(entry.get("kind") or (known.kind if known else "number"))
    if kind not in _KINDS:
        raise InputError(
            f"there is no kind {kind!r}",
            where=where,
            mend=f"Kinds are: {', '.join(_KINDS)}.",
            zh=f"没有名为 {kind!r} 的类别",
            mend_zh=f"可用：{'、'.join(_KINDS)}",
        )
    zh = str(entry.get("zh") or (known.zh if known else entry.get("metric") or entry["id"]))
    en = str(entry.get("en") or (known.en if known else zh))
    own = None if kind in _MEASURED else entry.get("unit")
    unit = own or ((known.unit_zh, known.unit_en) if known else _UNITS.get(kind, ("", "")))
    if isinstance(unit, Mapping):
        unit = (str(unit.get("zh", "")), str(unit.get("en", "")))
    unit_zh, unit_en = unit if isinstance(unit, tuple) else (str(unit), str(unit))
    low, high = (known.least, known.most) if known else _RANGES.get(kind, (float("-inf"), float("inf")))
    plausible = known.plausible if known else PLAUSIBLE.get(kind, (float("-inf"), float("inf")))
    name = str(entry.get("metric") or entry["id"])
    return Metric(name, "plan", kind, zh, en, unit_zh, unit_en, True, "neither", low, high, plausible)  # type: ignore[arg-type]


def _written_unit(entry: Mapping[str, Any], metric: Metric, where: str) -> str:
    """Give the unit in which the plan writes numbers without one, "" where they stand in the metric's own."""
    given = entry.get("unit") if metric.kind in _MEASURED else None
    unit = str((given.get("zh") if isinstance(given, Mapping) else given) or "").strip()
    if unit and unit not in (*FACTORS[metric.kind], metric.unit_zh, metric.unit_en):
        units = list(FACTORS[metric.kind])
        raise InputError(
            f"the unit {unit!r} does not fit the kind {metric.kind}",
            where=where,
            mend=f"Use one of {', '.join(units)}, or kind: number for a unit of your own.",
            zh=f"单位“{unit}”不能用于类别 {metric.kind}",
            mend_zh=f"用其中之一：{'、'.join(units)}；自定单位用 kind: number",
        )
    return unit


def _unit_unsaid(metric: Metric, given: object) -> Refused | None:
    """Ask back for money so small that a plan can hardly mean yuan, where nothing says its unit."""
    if metric.kind != "money" or isinstance(given, bool):
        return None
    try:
        bare = float(str(given))
    except ValueError:
        return None
    if not 0 < abs(bare) < _LEAST_TOLD_YUAN:
        return None
    return Refused(
        "wrong_unit",
        f"{bare:g} 没有写明单位，按元计不合常理",
        f"{bare:g} says no unit, and is hardly meant in yuan",
        f"写明单位，如“{bare:g}亿元”；确为元时写“{bare:g}元”；或给目标加 unit: 亿元",
        f"Say the unit, such as '{bare:g}亿元'; '{bare:g}元' where yuan are meant; or give the target unit: 亿元",
    )


def _operator(entry: Mapping[str, Any], metric: Metric, where: str) -> Operator:
    if (given := entry.get("op")) is not None:
        found: Operator | None = next((one for one in OPERATORS if one == given), None)
        if found is None:
            raise InputError(
                f"there is no comparison {given!r}",
                where=where,
                mend=f"Use {', '.join(OPERATORS)}.",
                zh=f"没有名为 {given!r} 的比较",
                mend_zh=f"可用：{'、'.join(OPERATORS)}",
            )
        return found
    known = metrics().get(metric.id)
    direction = str(entry.get("direction") or (known.better if known else "higher"))
    if direction not in ("higher", "lower", "neither"):
        raise InputError(
            f"there is no direction {direction!r}",
            where=where,
            mend="Use higher or lower.",
            zh=f"没有名为 {direction!r} 的方向",
            mend_zh="用 higher 或 lower",
        )
    return "<=" if direction == "lower" else ">="


def _due(given: object, where: str) -> dt.date:
    """Give the due date; a year alone means its last day."""
    text = str(given or "").strip().removesuffix("年").removesuffix(".0")
    if isinstance(given, dt.date):
        return as_date(given)
    try:
        if text.isdecimal() and len(text) == 4:
            return dt.date(int(text), 12, 31)
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        raise InputError(
            f"the due date {given!r} is no date",
            where=where,
            mend="Write it as 2027-12-31.",
            zh=f"期限 {given!r} 不是日期",
            mend_zh="写成 2027-12-31",
        ) from None


def _baseline(given: object, number: Callable[[object, str], float | None], where: str) -> Baseline | None:
    if given is None:
        return None
    if not isinstance(given, Mapping) or (time := read_time(given.get("year") or given.get("date"))) is None:
        raise InputError(
            "a baseline needs a year and a value",
            where=where,
            mend="Write {year: 2022, value: 10}.",
            zh="基期须有年份和数值",
        )
    value = number(given.get("value"), "基期值 baseline")
    return None if value is None else Baseline(*time, value)


def _milestone(given: object, number: Callable[[object, str], float | None], where: str) -> Milestone:
    if not isinstance(given, Mapping):
        raise InputError(
            "a milestone needs due and value",
            where=where,
            mend="Write {due: 2025-12-31, value: 20}.",
            zh="节点须有期限和数值",
        )
    return Milestone(_due(given.get("due"), where), number(given.get("value"), "节点值 milestone"))


def _observed(
    given: object, number: Callable[[object, str], float | None], where: str
) -> tuple[Observation, ...]:  # fmt: skip
    """Read observed values: `{source, series: {year or date: value}}`, or a list of `{year or date, value, source}`."""
    claims: list[tuple[object, object, str, str]] = []
    for one in given if isinstance(given, list) else [given] if given else []:
        if not isinstance(one, Mapping):
            raise InputError(
                "observed values need a series",
                where=where,
                mend="Write {source: …, series: {2024: 1}}.",
                zh="实际值须按年给出",
            )
        source, run = str(one.get("source") or ""), str(one.get("run") or "")
        series = one.get("series")
        pairs = (
            series.items() if isinstance(series, Mapping) else [(one.get("year") or one.get("date"), one.get("value"))]
        )
        claims += [(when, value, source, run) for when, value in pairs]
    found = []
    for when, value, source, run in claims:
        time = read_time(when)
        if time is None:
            raise InputError(
                f"{when!r} is no year or date",
                where=where,
                mend="Write 2024, or 2025-03-20.",
                zh=f"{when!r} 不是年份或日期",
                mend_zh="写成 2024 或 2025-03-20",
            )
        if (read := number(value, time[1])) is not None:
            found.append(Observation(*time, read, read, source, run))
    return tuple(found)


def _form(given: object, where: str) -> Form | None:
    if given in (None, ""):
        return None
    if given == "linear":
        return "linear"
    if given == "log-linear":
        return "log-linear"
    raise InputError(
        f"there is no trend {given!r}",
        where=where,
        mend="Use linear or log-linear, or leave it out.",
        zh=f"没有名为 {given!r} 的趋势",
        mend_zh="用 linear 或 log-linear，或不写",
    )
