"""What a workspace knows of a subject: facts that were given, figures of the register, titles that were granted.

A figure is filled in only where it is whole: a sum over members of which some are unknown is not the cluster's figure,
and no list of a title imported means that nobody knows how many firms hold it, not that none does.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.assess.facts.files import facts_of
from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.parsing import Fact, Facts
from gaoyuan.assess.facts.rows import REGISTER, FactRow, SubjectKind, is_own_source, subject_kind
from gaoyuan.assess.facts.source_words import source_en, source_zh
from gaoyuan.assess.facts.title_metrics import COUNT_OF_TITLE, FLAG_OF_TITLE
from gaoyuan.assess.facts.wording import amount_en, amount_zh
from gaoyuan.errors import NotFound

if TYPE_CHECKING:
    from gaoyuan.assess.facts.title_holders import Grants
    from gaoyuan.workspace import Workspace

Claims: TypeAlias = Mapping[str, tuple[Fact, ...]]

_FAR = 0.2
"""A given value this far from the register's own, relatively, is worth a second look."""
_MAY_BE = "（含同名企业 with firms of the same name）"
_MAY_LAST = "（含有效期未知 with periods unknown）"


def known_facts(workspace: Workspace, subject: str, as_of: dt.date) -> Facts:
    """Give the facts that a workspace has of a cluster, an enterprise or a region, with source and run.

    What was given (table `fact`) comes before what the tables show; where the two are far apart a finding says so.
    Raises NotFound for a subject of which nothing is known, StepMissing for a cluster of which nothing was given
    before clusters were looked for, ResultsOutdated where the register has changed since they were found.
    """
    kind = subject_kind(subject)
    given = _given(workspace, subject, kind)
    shown: Claims = {}
    if kind == "cluster" and (workspace.has("cluster") or not given):
        workspace.require_current("cluster", "cluster_member")
        shown = _of_cluster(workspace, subject, as_of)
    elif kind == "enterprise":
        workspace.require_current("enterprise")
        shown = _of_enterprise(workspace, subject, as_of)
    if not given and not shown:
        table = "register" if kind == "enterprise" else "cluster"
        raise NotFound(
            f"nothing is known of {subject!r}",
            where=str(workspace.path),
            mend=f"Its id is in the table {table}: gaoyuan export {workspace.path} {table} {table}.csv",
            zh=f"没有关于 {subject!r} 的任何数据",
            mend_zh=f"标识见表 {table}：gaoyuan export {workspace.path} {table} {table}.csv",
        )
    said = {name: _by_others(claims, name in shown) for name, claims in given.items()}
    given_facts = Facts({name: claims for name, claims in said.items() if claims})
    return Facts({**shown, **given_facts.by_metric}, tuple(far_apart(given_facts, Facts(shown), as_of)))


def far_apart(given: Facts, known: Facts, as_of: dt.date) -> Iterable[Finding]:
    """Give a finding for each metric of which what was given is far from what is known otherwise."""
    for name in given:
        metric, ours = metrics()[name], next(iter(known.of(name)), None)
        before = None if ours is None else _asked(ours, as_of)
        for theirs in given.of(name) if before is not None else ():
            now = _asked(theirs, as_of)
            if now is None or before is None or ours is None or math.isclose(now, before, rel_tol=_FAR):
                continue
            (said_zh, own_zh), (said_en, own_en) = (
                [amount(value, metric.kind, unit) for value in (now, before)]
                for amount, unit in ((amount_zh, metric.unit_zh), (amount_en, metric.unit_en))
            )
            yield Finding(
                "sources_disagree",
                name,
                f"{metric.zh}：填报 {said_zh} 与{source_zh(ours.source)} {own_zh} 相差较大，按填报值判断",
                f"{metric.en}: given is {said_en}, {source_en(ours.source)} has {own_en}; the given one counts",
                "核对两者",
                "Check both",
                used=True,
            )


def ages(established: npt.NDArray[np.datetime64], as_of: dt.date) -> npt.NDArray[np.float64]:
    """Give the years since days (n): whole ones from anniversary to anniversary; nan for a day to come or unknown.

    >>> days = np.array(["2024-03-01", "2024-03-02", "NaT"], dtype="datetime64[D]")
    >>> ages(days, dt.date(2027, 3, 1)).round(3).tolist()
    [3.0, 2.997, nan]
    """
    day, unknown = np.datetime64(as_of, "D"), np.isnat(established)
    days = np.where(unknown, day, established).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    day_of_month, month = days - months.astype("datetime64[D]"), months.astype(int) % 12

    def anniversary(year: npt.NDArray[np.int64]) -> npt.NDArray[np.datetime64]:
        return ((year - 1970) * 12 + month).astype("datetime64[M]").astype("datetime64[D]") + day_of_month

    first = days.astype("datetime64[Y]").astype(int) + 1970
    last = np.full(days.size, as_of.year, dtype=np.int64)
    last -= anniversary(last) > day
    since = (day - anniversary(last)) / (anniversary(last + 1) - anniversary(last))
    return np.where(unknown | (days > day), np.nan, last - first + since)


def _asked(fact: Fact, as_of: dt.date) -> float | None:
    """Give the value of the last full year, or the one without a year."""
    value = fact.series.get(as_of.year - 1, fact.value)
    return value if isinstance(value, float) else None


def _by_others(claims: tuple[Fact, ...], shown: bool) -> tuple[Fact, ...]:
    """Leave out what a form had copied from tables of the workspace, where these or others say it."""
    others = tuple(claim for claim in claims if not is_own_source(claim.source))
    return others if others or shown else claims


def _given(workspace: Workspace, subject: str, kind: SubjectKind | None) -> Claims:
    if kind is None or not workspace.has("fact"):
        return {}
    table = workspace.table("fact")
    rows = workspace.to_arrow(table.filter(table.subject == subject)).to_pylist()
    return facts_of(
        [
            FactRow(
                row["row"],
                kind,
                subject,
                row["metric"],
                row["year"],
                row["value"],
                row["text"],
                row["source"],
                row["source_run"] or row["run"],
            )
            for row in sorted(rows, key=lambda row: (row["metric"], row["year"] or 0, row["source"]))
        ]
    ).by_metric


def _of_cluster(workspace: Workspace, subject: str, as_of: dt.date) -> Claims:
    from gaoyuan.assess.facts.title_holders import read_grants

    table = workspace.table("cluster").drop("footprint")
    found = workspace.to_arrow(table.filter(table.cluster_id == subject)).to_pylist()
    if not found:
        return {}
    cluster = found[0]
    values: dict[str, float | None] = {"counties": len(cluster["counties"].split("|")) if cluster["counties"] else None}
    titles: Claims = {}
    # Of a cluster that is only recognised the register shows neither members nor ground.
    if cluster["found_by"] is not None:
        members = workspace.table("cluster_member")
        own = workspace.to_arrow(members.filter(members.cluster_id == subject))
        values |= {"area_km2": cluster["area_km2"], "firms": cluster["firms"]}
        values |= {name: _whole(own[name]) for name in ("employees", "revenue_yuan")}
        titles = _titles(read_grants(workspace, as_of), own)
    return {**_claims(values, cluster["run"]), **titles}


def _whole(column: pa.ChunkedArray) -> float | None:
    """Give a sum of which no part is missing."""
    return None if not len(column) or column.null_count else pc.sum(column).as_py()


def _claims(values: Mapping[str, float | None], run: str) -> Claims:
    return {name: (Fact(name, float(value), {}, REGISTER, run),) for name, value in values.items() if value is not None}


def _titles(grants: Grants, members: pa.Table) -> Claims:
    """Count the members that hold each title; of titles of which no list speaks nothing is known.

    Where the dates leave open whether a member holds it, or a firm of a list was not found and has the name of a
    member, it may be one more.
    """
    from gaoyuan.assess.facts.title_holders import comparable

    ids, codes = (members[name].to_numpy(zero_copy_only=False) for name in ("enterprise_id", "uscc"))
    names = comparable(members["name"])
    facts: dict[str, tuple[Fact, ...]] = {}
    for title, metric in COUNT_OF_TITLE.items():
        if grants.of(title).empty:
            continue
        held, source, run = grants.held(title, ids), grants.source(title), grants.run(title)
        open_ = grants.open(title, ids)
        count, lasting = int(held.sum()), int(open_.sum())
        named = len(set(names[grants.possible(title, names, codes) & ~held & ~open_]))
        facts[metric] = (Fact(metric, float(count), {}, source, run),)
        if lasting or named:
            said = source + (_MAY_LAST if lasting else "") + (_MAY_BE if named else "")
            facts[metric] += (Fact(metric, float(count + lasting + named), {}, said, run),)
    return facts


def _of_enterprise(workspace: Workspace, subject: str, as_of: dt.date) -> Claims:
    from gaoyuan.assess.facts.title_holders import comparable, read_grants

    if not workspace.has("register"):
        return {}
    table = workspace.table("register")
    rows = workspace.to_arrow(table.filter(table.enterprise_id == subject))
    if not rows.num_rows:
        return {}
    firm = rows.to_pylist()[0]
    established = np.array([firm["established"]], dtype="datetime64[D]")
    age = float(ages(established, as_of)[0])
    values = {name: firm[name] for name in ("employees", "revenue_yuan", "assets_yuan")}
    facts = dict(_claims({**values, "age_years": None if math.isnan(age) else age}, firm["run"]))
    if workspace.has("enterprise"):
        coded = workspace.table("enterprise")
        own = workspace.to_arrow(coded.filter(coded.enterprise_id == subject).select("industry", "run")).to_pylist()
        if own and own[0]["industry"]:
            facts["industry"] = (Fact("industry", own[0]["industry"], {}, REGISTER, own[0]["run"]),)
    grants, names = read_grants(workspace, as_of), comparable(rows["name"])
    codes = rows["uscc"].to_numpy(zero_copy_only=False)
    for title, metric in FLAG_OF_TITLE.items():
        if grants.of(title).empty:
            continue
        ids = np.array([subject], dtype=object)
        held, open_ = bool(grants.held(title, ids)[0]), bool(grants.open(title, ids)[0])
        source, run = grants.source(title), grants.run(title)
        facts[metric] = (Fact(metric, float(held), {}, source, run),)
        if open_ or (not held and grants.possible(title, names, codes)[0]):
            facts[metric] += (Fact(metric, 1.0, {}, source + (_MAY_LAST if open_ else _MAY_BE), run),)
    return facts
