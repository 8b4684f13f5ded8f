"""The step from a workspace to verdicts: the facts that it has of a subject, judged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from gaoyuan.assess.diagnosis import Diagnosis, NearFirm, diagnose
from gaoyuan.assess.facts.files import read_facts
from gaoyuan.assess.facts.known import far_apart, known_facts
from gaoyuan.assess.facts.parsing import Facts
from gaoyuan.assess.facts.rows import subject_kind
from gaoyuan.assess.form import WrittenForm, write_form
from gaoyuan.assess.logic.states import State
from gaoyuan.assess.places import other_region, place_name, place_of
from gaoyuan.assess.rules.choice import rule_for
from gaoyuan.assess.rules.model import Application, Edition
from gaoyuan.assess.rules.rulebook import as_date
from gaoyuan.assess.titles.overlap import counted_twice
from gaoyuan.assess.verdicts.judging import Settings, judge
from gaoyuan.assess.verdicts.verdict import Verdict
from gaoyuan.errors import InputError
from gaoyuan.registry import match_titles
from gaoyuan.workspace import Workspace

_FACTS_SHOWN = 8
_KIND_ZH = {"cluster": "集群", "enterprise": "企业", "region": "地区", "project": "项目"}
_OLD_STANDINGS = (
    "企业称号差距早于最近的导入，未用于计划；请重新运行 gaoyuan titles "
    "the standings of firms are older than the last import and were left out; run gaoyuan titles again"
)


@dataclass(frozen=True, slots=True)
class Assessment:
    """A verdict on a subject with its plan; `name` is the subject's where the workspace knows it, `notes` say what of
    the workspace the plan could not use.
    """

    verdict: Verdict
    diagnosis: Diagnosis
    name: str
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join([str(self.verdict), "", *self.plan_lines()])

    def plan_lines(self) -> list[str]:
        """Give the plan as lines: what is lacking and how to mend it, then the facts worth collecting first."""
        lines = [f"差距与计划 gaps and plan：{self.diagnosis.text_zh}"]
        open_ = [plan for plan in self.diagnosis.criteria if plan.state in (State.UNMET, State.UNKNOWN)]
        lines.extend(f"  {'；'.join(plan.text_zh)}" for plan in open_)
        lines.extend(f"  {note}" for note in self.notes)
        worth = [fact for fact in self.diagnosis.facts if fact.worth_collecting][:_FACTS_SHOWN]
        if worth:
            lines.append("先收集 collect first：")
            lines.extend(f"  {at}. {fact.text_zh}" for at, fact in enumerate(worth, start=1))
        return lines


def assess(
    workspace: Workspace,
    rule: str | Edition,
    subject: str | None = None,
    facts: Path | Facts | None = None,
    as_of: dt.date | str | None = None,
    application: Application = "new",
    *,
    settings: Settings | None = None,
) -> Assessment:
    """Judge a subject of the workspace, or a file of facts, by a rule.

    With both, the file's facts come first and the workspace's fill what it leaves open, of yearly metrics year by year;
    where they are far apart the verdict says so. Raises InputError where neither is given, NotFound for a subject or
    rule that there is not.
    """
    day = as_date(as_of) if as_of is not None else dt.date.today()
    chosen = rule if isinstance(rule, Edition) else rule_for(workspace, rule, day, application)
    given, name = Facts({}), subject
    if isinstance(facts, Path):
        read = read_facts(facts, subject)
        given, name = read.facts, subject or read.subject
    elif facts is not None:
        given = facts
    if facts is None and subject is None:
        raise InputError(
            "nothing to assess",
            mend="Name a cluster (--subject 370827-1523) or a file (--facts FILE).",
            zh="没有写明评估什么",
            mend_zh="写明集群（--subject 370827-1523）或文件（--facts 文件）",
        )
    _check_subject(chosen, name or "")
    if subject is not None:
        match_titles(workspace)
        known = known_facts(workspace, subject, day)
        given = Facts(
            given.with_more(known, day.year - 1).by_metric,
            (
                *given.findings,
                *known.findings,
                *far_apart(given, known, day),
                *counted_twice(workspace, subject, chosen, day),
            ),
        )
    verdict = judge(chosen, given, day, application, settings=settings, subject=name or "")
    elsewhere = other_region(chosen, place_of(workspace, name) if name else None)
    verdict = replace(verdict, findings=(*elsewhere, *verdict.findings))
    near = near_firms(workspace, subject) if subject is not None else []
    diagnosis = diagnose(chosen, given, day, application, settings=settings, firms=near)
    notes = (_OLD_STANDINGS,) if subject is not None and workspace.outdated("title_standing") else ()
    return Assessment(verdict, diagnosis, subject_name(workspace, name or ""), notes)


def _check_subject(rule: Edition, subject: str) -> None:
    """Refuse a rule of one kind of subject for another; a project's rule is for facts of a file."""
    kind = subject_kind(subject)
    if kind is not None and kind != rule.subject:
        raise InputError(
            f"{rule.key} is a rule of a{'n' if rule.subject == 'enterprise' else ''} {rule.subject}, "
            f"{subject} is a{'n' if kind == 'enterprise' else ''} {kind}",
            mend=f"Name a rule of a{'n' if kind == 'enterprise' else ''} {kind} (gaoyuan rules), or another subject.",
            zh=f"{rule.key} 是{_KIND_ZH[rule.subject]}的规则，而 {subject} 是{_KIND_ZH[kind]}",
            mend_zh=f"换一个{_KIND_ZH[kind]}的规则（见 gaoyuan rules），或换一个对象",
        )


def near_firms(workspace: Workspace, cluster: str) -> list[NearFirm]:
    """Give the members of a cluster that are next to a title, as the table `title_standing` has them.

    None where that table is not there, or was made before a newer register, list or fact.
    """
    if not all(
        workspace.has(table) and not workspace.outdated(table) for table in ("title_standing", "cluster_member")
    ):
        return []
    members = workspace.table("cluster_member")
    own = members.filter(members.cluster_id == cluster).select("enterprise_id")
    standing = workspace.table("title_standing")
    near = standing.filter(standing.standing != "holds").semi_join(own, "enterprise_id")
    rows = workspace.to_arrow(near.order_by("unmet", "unknown", "enterprise_id")).to_pylist()
    return [
        NearFirm(
            row["enterprise_id"],
            row["name"],
            row["title"],
            row["unmet"] + row["unknown"],
            (row["criterion"],) if row["criterion"] else (),
        )
        for row in rows
    ]


def subject_name(workspace: Workspace, subject: str) -> str:
    """Give the name of a cluster, an enterprise or a region, "" where the workspace does not know it."""
    kind = subject_kind(subject)
    if kind == "region":
        return place_name(subject)
    table, column = ("cluster", "cluster_id") if kind == "cluster" else ("register", "enterprise_id")
    if kind is None or not workspace.has(table):
        return ""
    rows = workspace.table(table)
    found = workspace.to_arrow(rows.filter(rows[column] == subject).select("name").limit(1))["name"].to_pylist()
    return found[0] if found else ""


def facts_form(
    workspace: Workspace,
    subject: str,
    file: Path,
    rule: str = "cn-sme-cluster",
    as_of: dt.date | str | None = None,
    application: Application = "new",
) -> WrittenForm:
    """Write the form of facts of a subject, with what the workspace knows filled in."""
    day = as_date(as_of) if as_of is not None else dt.date.today()
    chosen = rule_for(workspace, rule, day, application)
    _check_subject(chosen, subject)
    match_titles(workspace)
    known = known_facts(workspace, subject, day)
    return write_form(file, chosen, subject, known, day, application, name=subject_name(workspace, subject))
