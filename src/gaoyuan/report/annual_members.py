"""The firms of a cluster, read for its annual report: founded when, of which size, with which titles, saying what.

A firm of which something is unknown is counted as unknown, never as small, new or without a title.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gaoyuan.assess.facts.files import facts_of
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.rows import FactRow
from gaoyuan.assess.facts.title_validity import any_holds, holds_on
from gaoyuan.assess.rules.rulebook import edition
from gaoyuan.assess.rules.walk import metrics_of
from gaoyuan.assess.verdicts.judging import judge
from gaoyuan.codes import SIZE_CLASSES, SizeClass, division_name, industries, size_classes, titles
from gaoyuan.report.run_notes import NOWHERE, UNKNOWN, Number, Origin
from gaoyuan.workspace import Workspace

INNOVATION_METRICS = (
    "class1_ip", "class1_ip_own", "class1_ip_own_used", "class1_ip_high_value", "invention_patents", "utility_models",
)  # fmt: skip
"""What firms say of their intellectual property, as far as facts of them were imported."""
_LARGEST = 10
_DIGITAL = "cn-digital-level"
_Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Firm:
    """A member with its operating revenue as registered (yuan) and the persons it employs, None where unknown."""

    id: str
    name: str
    revenue_yuan: float | None
    employees: int | None


@dataclass(frozen=True, slots=True)
class Grant:
    """A title that a member was granted; `holds` on the day, None where its dates leave that open."""

    title: str
    title_zh: str
    level: str
    granted: str
    valid_to: dt.date | None
    valid_by: str
    holds: bool | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class TitledFirm:
    """A member and the titles on the lists, the highest first."""

    id: str
    name: str
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class TitleCount:
    """How many members hold a title on the day; of `open` ones the lists leave that open, `ended` have lost it."""

    title: str
    zh: str
    en: str
    holders: int
    open: int
    ended: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class Reported:
    """What members say of a metric: the sum over the `firms` that say it, and where from."""

    metric: str
    total: float
    firms: int
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class DigitalLevels:
    """How many members are at which digital level (id of the level), of those whose level is known."""

    rule: str
    title_zh: str
    levels: Mapping[str, int]
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a cluster. `founded` counts those founded in each year; `sizes` those of a known size class.

    `titles` is None where no list of titles was imported. `unmatched` grants
    could not be told to be of a firm of the register. `missing_years` are years of founding of which the register
    lacks most of the province's firms.
    """

    count: int = 0
    located: int = 0
    points: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))
    counties: Mapping[str, int] = field(default_factory=dict)
    founded: Mapping[int, int] = field(default_factory=dict)
    founded_unknown: int = 0
    missing_years: tuple[int, ...] = ()
    industries: tuple[tuple[str, str, int], ...] = ()
    sizes: Mapping[SizeClass, int] = field(default_factory=dict)
    revenue: Number = UNKNOWN
    revenue_firms: int = 0
    employees: Number = UNKNOWN
    employees_firms: int = 0
    largest: tuple[Firm, ...] = ()
    titles: tuple[TitleCount, ...] | None = None
    titled: tuple[TitledFirm, ...] = ()
    unmatched: int = 0
    reported: tuple[Reported, ...] = ()
    digital: DigitalLevels | None = None
    origin: Origin = NOWHERE
    register_origin: Origin = NOWHERE

    @property
    def sized(self) -> int:
        """How many members are of a known size class."""
        return sum(self.sizes.values())

    @property
    def holders(self) -> int:
        """How many members hold a title on the day for certain."""
        return sum(any(grant.holds for grant in firm.grants) for firm in self.titled)


def read_members(workspace: Workspace, cluster_id: str, as_of: dt.date) -> Members:
    """Read the members of a cluster; none where the register does not show it."""
    table = workspace.table("cluster_member")
    own = workspace.to_arrow(table.filter(table.cluster_id == cluster_id).order_by("enterprise_id"))
    if not own.num_rows:
        return Members()
    ids = ibis.memtable(pa.table({"enterprise_id": own["enterprise_id"]}))
    register = workspace.table("register").select("enterprise_id", "established", "assets_yuan", "run")
    given = workspace.to_arrow(register.semi_join(ids, "enterprise_id").order_by("enterprise_id"))
    points = np.column_stack([_floats(own["longitude"]), _floats(own["latitude"])])
    founded, undated = _founded(given)
    run = str(own["run"][0].as_py())
    origin = Origin(run, "cluster_member")
    counted, titled, unmatched = _titles(workspace, ids, as_of)
    said = _facts_of_firms(workspace, ids)
    return Members(
        count=own.num_rows,
        located=int(np.isfinite(points).all(axis=1).sum()),
        points=points,
        counties=_counties(own),
        founded=founded,
        founded_unknown=undated,
        missing_years=_missing_years(workspace, own),
        industries=_industries(own),
        sizes=_sizes(own, given),
        revenue=_total(own, "revenue_yuan", origin),
        revenue_firms=own.num_rows - own["revenue_yuan"].null_count,
        employees=_total(own, "employees", origin),
        employees_firms=own.num_rows - own["employees"].null_count,
        largest=_largest(own),
        titles=counted,
        titled=titled,
        unmatched=unmatched,
        reported=tuple(_reported(said)),
        digital=_digital(said, as_of),
        origin=origin,
        register_origin=Origin("|".join(sorted(set(given["run"].to_pylist()))), "register"),
    )


def _floats(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    return column.cast(pa.float64()).to_numpy()


def _founded(given: pa.Table) -> tuple[dict[int, int], int]:
    days = given["established"].to_pylist()
    counts = Counter(day.year for day in days if day is not None)
    return dict(sorted(counts.items())), sum(day is None for day in days)


def _counties(own: pa.Table) -> dict[str, int]:
    counts = Counter(code for code in own["county"].to_pylist() if code)
    return {division_name(code): count for code, count in counts.most_common()}


def _industries(own: pa.Table) -> tuple[tuple[str, str, int], ...]:
    counts = Counter(code for code in own["industry"].to_pylist() if code)
    names = industries()
    return tuple((code, names[code].name if code in names else code, count) for code, count in counts.most_common())


def _sizes(own: pa.Table, given: pa.Table) -> dict[SizeClass, int]:
    assets = dict(zip(given["enterprise_id"].to_pylist(), given["assets_yuan"].to_pylist(), strict=True))
    known = pa.array([assets.get(firm) for firm in own["enterprise_id"].to_pylist()], pa.float64())
    found = size_classes(own["industry"], own["employees"], own["revenue_yuan"], known).to_pylist()
    counts = Counter(found)
    return {name: counts[name] for name in reversed(SIZE_CLASSES) if counts[name]}


def _total(own: pa.Table, name: str, origin: Origin) -> Number:
    known = [value for value in own[name].to_pylist() if value is not None]
    if not known:
        return UNKNOWN
    return Number(float(sum(known)), (origin,), whole=len(known) == own.num_rows)


def _largest(own: pa.Table) -> tuple[Firm, ...]:
    rows = own.select(["enterprise_id", "name", "revenue_yuan", "employees"]).to_pylist()
    known = [row for row in rows if row["revenue_yuan"] is not None]
    known.sort(key=lambda row: (-row["revenue_yuan"], row["enterprise_id"]))
    return tuple(
        Firm(row["enterprise_id"], row["name"], row["revenue_yuan"], row["employees"]) for row in known[:_LARGEST]
    )


def _missing_years(workspace: Workspace, own: pa.Table) -> tuple[int, ...]:
    counts = Counter(code[:2] for code in own["county"].to_pylist() if code)
    if not counts or not workspace.has("coverage"):
        return ()
    table = workspace.table("coverage")
    holes = table.filter(ibis._.hole, ibis._.province.startswith(counts.most_common(1)[0][0]))
    return tuple(sorted(workspace.to_arrow(holes.select("year"))["year"].to_pylist()))


def _titles(
    workspace: Workspace, ids: ibis.Table, as_of: dt.date
) -> tuple[tuple[TitleCount, ...] | None, tuple[TitledFirm, ...], int]:
    if not workspace.has("title"):
        return None, (), 0
    table = workspace.table("title")
    listed = workspace.to_arrow(table.select("title", "source", "run").distinct()).to_pylist()
    rows = workspace.to_arrow(table.semi_join(ids, "enterprise_id")).to_pylist()
    by_firm: dict[str, list[_Row]] = {}
    for row in rows:
        by_firm.setdefault(str(row["enterprise_id"]), []).append(row)
    firms = [_titled_firm(firm, held, as_of) for firm, held in by_firm.items()]
    order = _order()
    firms.sort(key=lambda firm: (min((order[grant.title], not grant.holds) for grant in firm.grants), firm.id))
    unmatched = workspace.to_arrow(table.filter(ibis._.enterprise_id.isnull()).select("row")).num_rows
    return tuple(_title_counts(listed, firms)), tuple(firms), unmatched


def _titled_firm(firm: str, rows: Sequence[_Row], as_of: dt.date) -> TitledFirm:
    """Of several grants of one title to a firm the one that ends last is shown, of those that hold, else of those that
    may.
    """
    order, by_title = _order(), dict[str, list[Grant]]()
    for row in sorted(rows, key=lambda row: (row["valid_to"] or dt.date.min, str(row["granted"] or ""), row["row"])):
        if row["title"] in order:
            by_title.setdefault(str(row["title"]), []).append(_grant(row, as_of))
    grants = [_telling(own) for own in by_title.values()]
    name = str(rows[0]["name"])
    return TitledFirm(firm, name, tuple(sorted(grants, key=lambda grant: order[grant.title])))


def _telling(grants: Sequence[Grant]) -> Grant:
    """Give the last of the grants of a title that tell whether it holds."""
    state = any_holds(grant.holds for grant in grants)
    return [grant for grant in grants if grant.holds is state][-1]


def _grant(row: Mapping[str, object], as_of: dt.date) -> Grant:
    granted, valid_to, precision = row["granted"], row["valid_to"], row["granted_precision"]
    known = titles()[str(row["title"])]
    assert granted is None or isinstance(granted, dt.date)
    assert valid_to is None or isinstance(valid_to, dt.date)
    shown = "" if granted is None else granted.isoformat()[: {"year": 4, "month": 7}.get(str(precision), 10)]
    valid_by = str(row["valid_by"] or "")
    holds = holds_on(granted, None if precision is None else str(precision), valid_to, as_of, valid_by)
    origin = Origin(str(row["run"]), "title", str(row["source"]))
    level = str(row["level"] or known.level)
    return Grant(known.id, known.zh, level, shown, valid_to, valid_by, holds, origin)


def _title_counts(listed: Iterable[Mapping[str, object]], firms: Sequence[TitledFirm]) -> Iterable[TitleCount]:
    """Give a count for every title of which any list was imported, also where no member holds it."""
    sources: dict[str, dict[str, None]] = {}
    runs: dict[str, dict[str, None]] = {}
    for row in sorted(listed, key=lambda row: (str(row["source"]), str(row["run"]))):
        sources.setdefault(str(row["title"]), {})[str(row["source"])] = None
        runs.setdefault(str(row["title"]), {})[str(row["run"])] = None
    for name in sorted(sources, key=lambda title: _order().get(title, len(_order()))):
        if name not in titles():
            continue
        states = [grant.holds for firm in firms for grant in firm.grants if grant.title == name]
        origin = Origin("|".join(runs[name]), "title", "、".join(sources[name]))
        known = titles()[name]
        counts = states.count(True), states.count(None), states.count(False)
        yield TitleCount(name, known.zh, known.en, *counts, origin)


def _order() -> dict[str, int]:
    """Give the titles' order: champions, then the ladder from above, then the others as in the vocabulary."""
    known = list(titles().values())
    ranked = sorted(known, key=lambda title: (-_rank(title.id, title.ladder_rank), known.index(title)))
    return {title.id: at for at, title in enumerate(ranked)}


def _rank(name: str, ladder: int | None) -> int:
    return 9 if name == "single_champion" else ladder or 0


def _facts_of_firms(workspace: Workspace, ids: ibis.Table) -> dict[str, list[_Row]]:
    if not workspace.has("fact"):
        return {}
    table = workspace.table("fact")
    own = table.filter(table.subject_kind == "enterprise").semi_join(ids.rename(subject="enterprise_id"), "subject")
    found: dict[str, list[_Row]] = {}
    for row in workspace.to_arrow(own.order_by("subject", "metric", "year", "source", "row")).to_pylist():
        found.setdefault(row["subject"], []).append(row)
    return found


def _reported(said: Mapping[str, Sequence[_Row]]) -> Iterable[Reported]:
    """Add up what firms say of their rights; a firm whose sources disagree says nothing."""
    for name in INNOVATION_METRICS:
        if name not in metrics():
            continue
        total, firms, origins = 0.0, 0, dict[Origin, None]()
        for rows in said.values():
            own = [row for row in rows if row["metric"] == name and row["value"] is not None]
            latest = max((int(str(row["year"] or 0)) for row in own), default=0)
            now = [row for row in own if int(str(row["year"] or 0)) == latest]
            values = {float(str(row["value"])) for row in now}
            if len(values) == 1:
                total, firms = total + values.pop(), firms + 1
                origins |= dict.fromkeys(_origin(row) for row in now)
        if firms:
            yield Reported(name, total, firms, tuple(origins))


def _digital(said: Mapping[str, Sequence[_Row]], as_of: dt.date) -> DigitalLevels | None:
    """Judge the digital level of the firms of which facts of it were imported; None where no level is known."""
    rule = edition(_DIGITAL, as_of)
    asked = metrics_of(rule.criteria)
    levels: Counter[str] = Counter()
    origins = dict[Origin, None]()
    for firm, rows in said.items():
        own = [row for row in rows if row["metric"] in asked]
        level = judge(rule, facts_of([_fact_row(firm, row) for row in own]), as_of).level if own else None
        if level is not None:
            levels[level] += 1
            origins |= dict.fromkeys(_origin(row) for row in own)
    if not levels:
        return None
    return DigitalLevels(rule.key, rule.title_zh, dict(sorted(levels.items())), tuple(origins))


def _fact_row(firm: str, row: Mapping[str, object]) -> FactRow:
    year, value, text = row["year"], row["value"], row["text"]
    return FactRow(
        int(str(row["row"])),
        "enterprise",
        firm,
        str(row["metric"]),
        None if year is None else int(str(year)),
        None if value is None else float(str(value)),
        None if text is None else str(text),
        str(row["source"]),
        str(row["source_run"] or row["run"]),
    )


def _origin(row: Mapping[str, object]) -> Origin:
    return Origin(str(row["source_run"] or row["run"]), "fact", str(row["source"]))
