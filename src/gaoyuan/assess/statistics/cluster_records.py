"""Reading the clusters of a workspace with all that is said of them: by the register, by facts, by lists of titles."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import ibis
import pyarrow as pa

from gaoyuan.assess.facts.rows import is_own_source
from gaoyuan.assess.facts.title_holders import comparable
from gaoyuan.assess.facts.title_metrics import TITLES_OF_COUNT
from gaoyuan.assess.facts.title_validity import holds_on as holds_on
from gaoyuan.assess.statistics.cluster_lists import LeftOut, ListRow, Reason
from gaoyuan.codes import region_prefix
from gaoyuan.errors import NotFound
from gaoyuan.workspace import Workspace

_Row: TypeAlias = "dict[str, Any]"
_CLUSTER_COLUMNS = ("cluster_id", "name", "county", "theme", "firms", "recognised", "run")
_MEMBER_COLUMNS = ("cluster_id", "enterprise_id", "uscc", "name", "employees", "revenue_yuan", "run")
_SUMMED = ("employees", "revenue_yuan")
REGISTER = "企业登记数据 register"
"""The source of what the register adds up."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which clusters: of a region (division code), of a batch or list of recognised ones, of a theme, or by their ids.

    Nothing given means all; several together mean those that are in all of them. `listed` are the rows of the list that
    `clusters` come from, where they come from one.
    """

    region: str | None = None
    batch: str | None = None
    theme: str | None = None
    clusters: tuple[str, ...] = ()
    listed: tuple[ListRow, ...] = ()

    @classmethod
    def of(
        cls,
        region: str | None = None,
        batch: str | None = None,
        theme: str | None = None,
        listed: tuple[ListRow, ...] = (),
    ) -> Selection:
        """Give a selection by the rows of a list (see `read_cluster_list`), each cluster of it once."""
        return cls(region, batch, theme, tuple(dict.fromkeys(row.id for row in listed if row.id)), listed)

    @property
    def rows(self) -> tuple[ListRow, ...]:
        """The rows of the list; ids that come from none are numbered as they stand."""
        return self.listed or tuple(ListRow(at, name, name) for at, name in enumerate(self.clusters, 1))

    def words(self) -> str:
        """Say which clusters these are."""
        named = (("地区", self.region), ("批次", self.batch), ("主题", self.theme))
        parts = [f"{name} {value}" for name, value in named if value]
        if self.clusters:
            parts.append(f"名单 list ({len(self.clusters)})")
        return "，".join(parts) or "全部 all"


@dataclass(frozen=True, slots=True)
class Said:
    """A value that a fact or the register gives of a cluster; not `complete` where it is a sum with parts missing.

    Such a sum may be up to `most`: each missing part is at most as great as the greatest known part of any cluster that
    was read.
    """

    value: float
    year: int | None
    source: str
    run: str
    complete: bool = True
    most: float | None = None


@dataclass(frozen=True, slots=True)
class ClusterRecord:
    """A cluster: what facts say by metric, what the register adds up by metric, and which recognised one it is; `run`
    made its row, empty for one that only a list names.
    """

    id: str
    name: str
    county: str
    recognised: str
    facts: Mapping[str, tuple[Said, ...]]
    register: Mapping[str, Said]
    run: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """A title that a firm holds on the day, or may hold where its dates leave that open."""

    certain: bool
    source: str
    run: str


@dataclass(frozen=True, slots=True)
class LostTitle:
    """A row of a list of titles that holds on the day, or may, and whose firm was not found: it counts nowhere."""

    title: str
    name: str
    source: str
    row: int | None


@dataclass(frozen=True, slots=True)
class Records:
    """The selected clusters by id; the firms of each, the run that made these, the titles of each firm, which titles
    the lists know at all, and ids of the selection that the workspace says nothing of.

    `left_out` are the rows of a list that add no known cluster, `lost_titles` the rows of lists of titles whose firm
    was not found, `namesakes` the members of each cluster that these may mean, by title.
    """

    clusters: tuple[ClusterRecord, ...]
    members: Mapping[str, frozenset[str]]
    member_runs: Mapping[str, str]
    holdings: Mapping[str, Mapping[str, Holding]]
    titles: tuple[str, ...]
    strangers: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()
    lost_titles: tuple[LostTitle, ...] = ()
    namesakes: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)


def read_records(workspace: Workspace, selection: Selection, as_of: dt.date) -> Records:
    """Read the selected clusters with members, titles on a day, and facts; the order of the tables does not matter.

    Raises StepMissing where no clusters were found yet, ResultsOutdated where the register has changed since,
    NotFound for a batch that the lists of recognised clusters do not have.
    """
    workspace.require_current("cluster", "cluster_member")
    rows, strangers = _chosen(workspace, selection)
    ids = sorted({*(str(row["cluster_id"]) for row in rows), *strangers})
    members = _rows_in(workspace, "cluster_member", "cluster_id", ids, _MEMBER_COLUMNS)
    facts, register = _facts(workspace, sorted({*ids, *selection.clusters})), _register(rows, members)
    firms: dict[str, set[str]] = {}
    for row in members:
        firms.setdefault(str(row["cluster_id"]), set()).add(str(row["enterprise_id"]))
    holdings, titles, lost = _holdings(workspace, set().union(*firms.values()), as_of)
    left_out = _left_out(workspace, selection, set(ids), set(facts))
    facts = {name: _by_others(said, _shown(register.get(name, {}), titles)) for name, said in facts.items()}
    clusters = [
        ClusterRecord(name, text(row["name"]), text(row["county"]), text(row["recognised"]), facts.get(name, {}),
                      register.get(name, {}), text(row["run"]))
        for row in rows for name in [str(row["cluster_id"])]
    ]  # fmt: skip
    clusters += [
        ClusterRecord(name, label, county, label, facts.get(name, {}), {})
        for name, (label, county) in strangers.items()
    ]
    return Records(
        tuple(sorted(clusters, key=lambda one: one.id)),
        {name: frozenset(of) for name, of in firms.items()},
        {str(row["cluster_id"]): text(row["run"]) for row in members},
        holdings,
        titles,
        tuple(sorted(name for name in strangers if name not in facts)),
        left_out,
        tuple(LostTitle(row["title"], text(row["name"]), text(row["source"]), row["row"]) for row in lost),
        _namesakes(members, lost),
    )


def _left_out(workspace: Workspace, selection: Selection, chosen: set[str], told: set[str]) -> tuple[LeftOut, ...]:
    """Give the rows of the list that add no known cluster: all others add one, so that no row is lost."""
    if not selection.clusters:
        return ()
    shown = set(workspace.read("cluster", ["cluster_id"])["cluster_id"].to_pylist())
    found, seen = list[LeftOut](), set[str]()
    for row in selection.rows:
        reason: Reason | None = None
        if not row.id:
            reason = "no_id"
        elif row.id in seen:
            reason = "repeated"
        elif row.id not in shown | told:
            reason = "not_found"
        elif row.id not in chosen:
            reason = "not_selected"
        seen.add(row.id)
        if reason is not None:
            found.append(LeftOut(row, reason))
    return tuple(found)


def _chosen(workspace: Workspace, selection: Selection) -> tuple[list[_Row], dict[str, tuple[str, str]]]:
    """Give the rows of the selected clusters; of those that were asked for but are not there name and county by id."""
    rows = workspace.read("cluster", _CLUSTER_COLUMNS).to_pylist()
    strangers: dict[str, tuple[str, str]] = {}
    prefix = region_prefix(selection.region) if selection.region else ""
    rows = [row for row in rows if text(row["county"]).startswith(prefix)]
    if selection.theme:
        rows = [row for row in rows if row["theme"] == selection.theme]
    if selection.batch:
        listed = _batch(workspace, selection.batch, prefix)
        rows = [row for row in rows if row["recognised"] in {name for name, _ in listed.values()}]
        found = {row["recognised"] for row in rows}
        strangers = {name: named for name, named in listed.items() if named[0] not in found}
    if selection.clusters:
        wanted = set(selection.clusters)
        rows = [row for row in rows if row["cluster_id"] in wanted]
        strangers = {name: named for name, named in strangers.items() if name in wanted}
        if not (prefix or selection.theme or selection.batch):
            strangers = dict.fromkeys(sorted(wanted - {row["cluster_id"] for row in rows}), ("", ""))
    return rows, strangers


def _batch(workspace: Workspace, batch: str, prefix: str) -> dict[str, tuple[str, str]]:
    """Give the recognised clusters of a list, or of a batch of one: name and county by id."""
    rows = workspace.read("recognised_cluster", ["recognised_id", "list", "batch", "county", "name"]).to_pylist()
    names = {text(row["list"]) for row in rows} | {f"{row['list']} {row['batch']}" for row in rows if row["batch"]}
    if batch not in names:
        raise NotFound(
            f"no list or batch {batch!r} of recognised clusters",
            mend=f"There are: {', '.join(sorted(names))}.",
            zh=f"没有名为 {batch!r} 的认定名单或批次",
            mend_zh=f"现有：{'、'.join(sorted(names))}",
        )
    return {
        text(row["recognised_id"]): (text(row["name"]), text(row["county"]))
        for row in rows
        if batch in (row["list"], f"{row['list']} {row['batch']}") and text(row["county"]).startswith(prefix)
    }


def _rows_in(
    workspace: Workspace, table: str, column: str, values: Sequence[str], columns: Sequence[str]
) -> list[_Row]:
    """Give the rows of a table whose column is one of the values; none where the table has not been written."""
    if not workspace.has(table) or not values:
        return []
    rows = workspace.table(table)
    wanted = ibis.memtable(pa.table({column: pa.array(values, pa.string())}))
    return workspace.to_arrow(rows.semi_join(wanted, column).select(*columns)).to_pylist()


def _register(rows: Sequence[_Row], members: Sequence[_Row]) -> dict[str, dict[str, Said]]:
    """Give what the register adds up over each cluster's members: a lower bound where it lacks a member's value.

    A member's value that is not known is at least 0 and at most the greatest known one of any member.
    """
    greatest = {
        metric: max((float(member[metric]) for member in members if member[metric] is not None), default=math.nan)
        for metric in _SUMMED
    }
    values: dict[tuple[str, str], list[float]] = {}
    sizes: Counter[str] = Counter()
    for member in members:
        name = str(member["cluster_id"])
        sizes[name] += 1
        for metric in _SUMMED:
            if (value := member[metric]) is not None:
                values.setdefault((name, metric), []).append(float(value))
    summed: dict[str, dict[str, Said]] = {}
    for row in rows:
        name, run = str(row["cluster_id"]), text(row["run"])
        found = {} if row["firms"] is None else {"firms": Said(float(row["firms"]), None, REGISTER, run)}
        for metric in _SUMMED:
            if known := values.get((name, metric)):
                least, lacking = math.fsum(known), sizes[name] - len(known)
                most = least + lacking * greatest[metric] if lacking else None
                found[metric] = Said(least, None, REGISTER, run, not lacking, most)
        summed[name] = found
    return summed


def _holdings(
    workspace: Workspace, firms: set[str], as_of: dt.date
) -> tuple[dict[str, dict[str, Holding]], tuple[str, ...], list[_Row]]:
    """Give the titles that firms hold on a day, which titles the lists have of any firm, and rows without a firm."""
    columns = [
        "enterprise_id", "uscc", "name", "title", "granted", "granted_precision", "valid_to", "valid_by", "source",
        "row", "run",
    ]  # fmt: skip
    if not workspace.has("title"):
        return {}, (), []
    rows = workspace.read("title", columns).to_pylist()
    found: dict[str, dict[str, Holding]] = {}
    lost: list[_Row] = []
    for row in sorted(rows, key=lambda row: (text(row["source"]), row["row"] or 0, text(row["run"]))):
        holds = holds_on(row["granted"], row["granted_precision"], row["valid_to"], as_of, row["valid_by"])
        if row["title"] is None or holds is False:
            continue
        if row["enterprise_id"] is None:
            lost.append(row)
        if row["enterprise_id"] not in firms:
            continue
        titles = found.setdefault(row["enterprise_id"], {})
        if row["title"] not in titles or (holds and not titles[row["title"]].certain):
            titles[row["title"]] = Holding(bool(holds), text(row["source"]), text(row["run"]))
    return found, tuple(sorted({row["title"] for row in rows if row["title"]})), lost


def _namesakes(members: Sequence[_Row], lost: Sequence[_Row]) -> dict[str, dict[str, frozenset[str]]]:
    """Give by cluster and title the members that have the name of a row whose firm was not found.

    Two different credit codes are two firms.
    """
    wanted: dict[str, list[_Row]] = {}
    for name, row in zip(_comparable(lost), lost, strict=True):
        if name:
            wanted.setdefault(name, []).append(row)
    found: dict[str, dict[str, set[str]]] = {}
    for name, member in zip(_comparable(members) if wanted else (), members if wanted else (), strict=True):
        for row in wanted.get(name, ()):
            if row["uscc"] is None or member["uscc"] is None:
                by_title = found.setdefault(str(member["cluster_id"]), {})
                by_title.setdefault(row["title"], set()).add(str(member["enterprise_id"]))
    return {
        cluster: {title: frozenset(firms) for title, firms in by_title.items()} for cluster, by_title in found.items()
    }


def _comparable(rows: Sequence[_Row]) -> list[str]:
    names = comparable(pa.chunked_array([[row["name"] for row in rows]], pa.string()))
    return [text(name) for name in names.tolist()]


def _facts(workspace: Workspace, ids: Sequence[str]) -> dict[str, dict[str, tuple[Said, ...]]]:
    columns = ["subject_kind", "subject", "metric", "year", "value", "source", "source_run", "run"]
    rows = [
        row
        for row in _rows_in(workspace, "fact", "subject", ids, columns)
        if row["subject_kind"] == "cluster" and row["value"] is not None and math.isfinite(row["value"])
    ]
    rows.sort(key=lambda row: (row["year"] or 0, text(row["source"]), row["value"], text(row["run"])))
    found: dict[str, dict[str, list[Said]]] = {}
    for row in rows:
        said = Said(float(row["value"]), row["year"], text(row["source"]), text(row["source_run"] or row["run"]))
        found.setdefault(row["subject"], {}).setdefault(row["metric"], []).append(said)
    return {name: {metric: tuple(said) for metric, said in metrics.items()} for name, metrics in found.items()}


def _shown(register: Mapping[str, Said], titles: Sequence[str]) -> set[str]:
    """Give the metrics that the tables of the workspace tell of a cluster whole."""
    if not register:
        return set()
    counted = {metric for metric, of in TITLES_OF_COUNT.items() if set(of) & set(titles)}
    return {metric for metric, said in register.items() if said.complete} | counted | {"area_km2", "counties"}


def _by_others(facts: Mapping[str, tuple[Said, ...]], shown: set[str]) -> dict[str, tuple[Said, ...]]:
    """Leave out what a form had copied from tables of the workspace, where these or others say it."""
    found: dict[str, tuple[Said, ...]] = {}
    for metric, said in facts.items():
        others = tuple(one for one in said if not is_own_source(one.source))
        if kept := others if others or metric in shown else said:
            found[metric] = kept
    return found


def text(value: object) -> str:
    """Give a text, empty where there is none."""
    return "" if value is None else str(value)
