"""What a workspace tells of the targets of a plan: facts of its region, figures of its clusters, holders of titles.

A target says under `workspace` what tells today's value:

    {figure: revenue_yuan, region: "370000", batch: …, theme: …}   a figure of `statistics`
    {titles: [little_giant, single_champion], complete: true}      firms of the lists that hold one of the titles
    {fact: output_yuan, subject_kind: cluster, subject: 370827-1523}  facts of the table `fact`

Without it, facts of the plan's region for the target's metric are looked up. Figures and titles measure the workspace
as it is now; a workspace made after the as-of date tells nothing of that date.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence

from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.title_validity import holds_on
from gaoyuan.assess.statistics.cluster_records import Selection, text
from gaoyuan.assess.statistics.summing import Statistics, statistics
from gaoyuan.assess.targets.plan import Observation, Plan, Target, time_of
from gaoyuan.codes.administrative_divisions import region_prefix
from gaoyuan.errors import InputError
from gaoyuan.workspace import Workspace

_PARTS = {
    "figure": {"figure", "region", "batch", "theme", "clusters"},
    "titles": {"titles", "complete", "region"},
    "fact": {"fact", "subject_kind", "subject"},
}


def workspace_values(
    workspace: Workspace, plan: Plan, as_of: dt.date
) -> tuple[dict[str, tuple[Observation, ...]], tuple[Finding, ...]]:
    """Give what the workspace tells of each target of a plan, by id, and what was wrong with the asking.

    Raises InputError for a target whose `workspace` asks for what there is not.
    """
    known: dict[Selection, Statistics] = {}
    told: dict[str, tuple[Observation, ...]] = {}
    findings: list[Finding] = []
    for target in plan.targets:
        asked = target.workspace
        way = _way(asked, f"{plan.id}, {target.id}, workspace")
        if way == "figure":
            told[target.id] = _figure(workspace, target, as_of, known, findings)
        elif way == "titles":
            region = str(asked.get("region") or plan.region or "")
            told[target.id] = _titles(workspace, target, region, as_of, findings)
        else:
            kind, subject = str(asked.get("subject_kind") or "region"), str(asked.get("subject") or plan.region)
            told[target.id] = _facts(workspace, str(asked.get("fact") or target.metric.id), kind, subject, as_of)
    return told, tuple(findings)


def _way(asked: Mapping[str, object], where: str) -> str:
    ways = [way for way in _PARTS if way in asked]
    if not asked:
        return "fact"
    if len(ways) != 1 or set(asked) - _PARTS[ways[0]]:
        shown = "; ".join(f"{way}: {', '.join(sorted(parts))}" for way, parts in _PARTS.items())
        raise InputError(
            "the workspace cannot be asked for this",
            where=where,
            mend=f"One of these, with parts: {shown}.",
            zh="不能这样向工作区取数",
            mend_zh=f"用其中之一：{shown}",
        )
    return ways[0]


def _facts(workspace: Workspace, metric: str, kind: str, subject: str, as_of: dt.date) -> tuple[Observation, ...]:
    """Give the facts of a subject by year; one without a year is of today and says nothing of the trend."""
    if not workspace.has("fact") or not subject:
        return ()
    table = workspace.table("fact")
    chosen = (table.subject_kind == kind) & (table.subject == subject) & (table.metric == metric)
    rows = workspace.to_arrow(table.filter(chosen & table.value.notnull())).to_pylist()
    found = []
    for row in rows:
        value, run = float(row["value"]), text(row["source_run"] or row["run"])
        if not math.isfinite(value):
            continue
        dated = row["year"] is not None
        time, label = (float(row["year"]), str(row["year"])) if dated else (time_of(as_of), as_of.isoformat())
        found.append(Observation(time, label, value, value, text(row["source"]), run, computed=not dated))
    return tuple(sorted(found, key=lambda one: (one.time, one.source, one.least, one.run)))


def _figure(
    workspace: Workspace, target: Target, as_of: dt.date, known: dict[Selection, Statistics], findings: list[Finding]
) -> tuple[Observation, ...]:
    asked = target.workspace
    clusters = asked.get("clusters")
    selection = Selection(
        *(str(asked[name]) if asked.get(name) else None for name in ("region", "batch", "theme")),
        clusters=tuple(map(str, clusters)) if isinstance(clusters, Sequence) and not isinstance(clusters, str) else (),
    )
    if selection not in known:
        known[selection] = statistics(workspace, selection, as_of=as_of)
    figures = known[selection].figures
    name = str(asked["figure"])
    if name not in figures and not name.startswith("title:"):
        raise InputError(
            f"there is no figure {name!r}",
            where=target.id,
            mend=f"Figures: {', '.join(figures)}.",
            zh=f"没有名为 {name!r} 的统计数",
            mend_zh=f"可用：{'、'.join(figures)}",
        )
    figure = figures.get(name)
    if figure is None or figure.least is None or figure.most is None:
        return ()
    runs = sorted({one.run for one in figure.contributions if one.run})
    source = f"工作区统计 statistics of the workspace: {figure.zh} ({figure.known}/{figure.of})"
    if figure.year is not None:
        # A yearly figure made of facts alone is of that year, whenever the workspace was made.
        return (Observation(float(figure.year), str(figure.year), figure.least, figure.most, source, "|".join(runs)),)
    if _made_later(workspace, runs, target, as_of, findings):
        return ()
    return (_today(as_of, figure.least, figure.most, source, runs),)


def _titles(
    workspace: Workspace, target: Target, region: str, as_of: dt.date, findings: list[Finding]
) -> tuple[Observation, ...]:
    """Count the firms of a region that hold one of the titles; more may, unless the lists are said to be complete.

    A firm whose county is not known may be one of them.
    """
    asked = target.workspace.get("titles")
    wanted = {str(asked)} if isinstance(asked, str) else set(map(str, asked if isinstance(asked, Sequence) else ()))
    if not workspace.has("title"):
        findings.append(_no_titles(target))
        return ()
    columns = ["enterprise_id", "uscc", "name", "title", "granted", "granted_precision", "valid_to", "valid_by", "run"]
    rows = [row for row in workspace.read("title", columns).to_pylist() if row["title"] in wanted]
    if not rows:
        findings.append(_no_titles(target))
        return ()
    here = _in_region(workspace, region)
    held = [
        (row, holds_on(row["granted"], row["granted_precision"], row["valid_to"], as_of, row["valid_by"]), here(row))
        for row in rows
    ]
    sure = {_firm(row) for row, holds, inside in held if holds and inside}
    possible = {_firm(row) for row, holds, inside in held if holds is not False and inside is not False} - sure
    complete = bool(target.workspace.get("complete"))
    most = float(len(sure) + len(possible)) if complete else math.inf
    runs = sorted({text(row["run"]) for row in rows})
    source = f"称号名单 lists of titles: {'、'.join(sorted(wanted))}"
    return (_today(as_of, float(len(sure)), most, source, runs),)


def _in_region(workspace: Workspace, region: str) -> Callable[[Mapping[str, object]], bool | None]:
    """Give the function from a grant to whether its firm is in a region; None where its county is not known."""
    if not region or region == "CN":
        return lambda row: True
    prefix = region_prefix(region)
    county: dict[object, object] = {}
    if workspace.has("enterprise"):
        table = workspace.read("enterprise", ["enterprise_id", "county"]).to_pydict()
        county = dict(zip(table["enterprise_id"], table["county"], strict=True))

    def inside(row: Mapping[str, object]) -> bool | None:
        code = county.get(row["enterprise_id"])
        return None if code is None else str(code).startswith(prefix)

    return inside


def _firm(row: Mapping[str, object]) -> str:
    return text(row["enterprise_id"] or row["uscc"] or row["name"])


def _today(as_of: dt.date, least: float, most: float, source: str, runs: Sequence[str]) -> Observation:
    return Observation(time_of(as_of), as_of.isoformat(), least, most, source, "|".join(runs), computed=True)


def _made_later(
    workspace: Workspace, runs: Sequence[str], target: Target, as_of: dt.date, findings: list[Finding]
) -> bool:
    """Whether one of the runs is later than the as-of date: what it counted need not have been so then."""
    rows = workspace.runs().select(["run", "started"]).to_pylist()
    started = {row["run"]: row["started"].astimezone().date() for row in rows}
    days = [started[run] for run in runs if run in started]
    if not days or max(days) <= as_of:
        return False
    findings.append(
        Finding(
            "made_later", target.id, f"{target.metric.zh}：工作区生成于 {max(days)}，晚于评估日 {as_of}，未使用",
            f"{target.metric.en}: the workspace was made on {max(days)}, after the as-of date {as_of}; not used",
            "在计划中填写当时的数值及年份，或不用 --as-of", "Enter the value of that time in the plan, or omit --as-of",
        )
    )  # fmt: skip
    return True


def _no_titles(target: Target) -> Finding:
    return Finding(
        "no_titles", target.id, f"{target.metric.zh}：没有导入相应的称号名单",
        f"{target.metric.en}: no list of these titles was imported",
        "导入名单：gaoyuan import WS titles FILE", "Import lists: gaoyuan import WS titles FILE",
    )  # fmt: skip
