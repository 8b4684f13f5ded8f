"""All that the annual report of a cluster says, read from a workspace: numbers with their origins, unknown ones None.

A step: it reads tables and calls what `gaoyuan.assess` and `gaoyuan.observe` compute. What the report makes of it is
`gaoyuan.report.annual_report`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

import shapely

from gaoyuan.assess.facts.agreement import agree, counting
from gaoyuan.assess.facts.known import known_facts
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.parsing import Fact, Facts
from gaoyuan.assess.rules.model import Edition
from gaoyuan.assess.rules.rulebook import as_date
from gaoyuan.assess.subjects import Assessment, assess
from gaoyuan.assess.verdicts.judging import Settings
from gaoyuan.codes import counties, full_name
from gaoyuan.codes.boundaries import boundaries_of
from gaoyuan.errors import InputError, NotFound
from gaoyuan.observe import Explanation, explain
from gaoyuan.report.annual_members import Members, read_members
from gaoyuan.report.annual_position import Peers, Position, read_peers, read_position
from gaoyuan.report.annual_supply import Supply, read_supply
from gaoyuan.report.run_notes import UNKNOWN, Number, Origin, RunNotes, read_runs
from gaoyuan.workspace import Workspace

YEARLY = ("output_yuan", "revenue_yuan", "firms", "employees", "cluster_rd_yuan")
"""What the report shows year by year, where facts give it."""
_DUE = (6, 30)
"""The month and day of the next year on which the report judges where no day is given."""
_FIRST_YEAR = 1990
_REGISTER = "登记数据 register"


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file that the workspace holds data of."""

    name: str
    kind: str
    sha256: str
    rows: int
    accepted: int
    rejected: int
    imported: str
    run: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster's row of the table `cluster`: `place` is the county with its province and prefecture, `found_by` is
    "" for one that is only on a list.
    """

    id: str
    name: str
    county: str
    county_name: str
    place: str
    industry: str
    industry_name: str
    theme: str
    found_by: str
    recognised: str
    recognised_source: str
    footprint: shapely.Geometry | None
    outlines: Mapping[str, shapely.Geometry]
    origin: Origin


@dataclass(frozen=True, slots=True)
class AnnualFacts:
    """What the report of a year says; `numbers` are by metric, `series` by metric and year up to the report's."""

    cluster: Cluster
    year: int
    as_of: dt.date
    explanation: Explanation
    known: Facts
    numbers: Mapping[str, Number]
    series: Mapping[str, Mapping[int, Number]]
    members: Members
    position: Position
    supply: Supply
    peers: Peers
    assessment: Assessment
    files: tuple[ImportedFile, ...]
    notes: RunNotes

    def measured(self, name: str) -> Number:
        """Give a number of the table `cluster`; unknown where it has none."""
        figure = next((one for one in self.explanation.figures if one.name == name), None)
        if figure is None or not isinstance(figure.value, int | float):
            return UNKNOWN
        return Number(float(figure.value), (self.cluster.origin,))

    def of_year(self, metric: str) -> Number:
        """Give the value of a yearly metric in the report's year."""
        return self.series.get(metric, {}).get(self.year, UNKNOWN)

    def number(self, metric: str) -> Number:
        """Give the value of a metric that is not yearly."""
        return self.numbers.get(metric, UNKNOWN)


def gather(
    workspace: Workspace,
    cluster_id: str,
    year: int,
    as_of: dt.date | str | None = None,
    rules: str | Edition = "cn-sme-cluster",
    settings: Settings | None = None,
) -> AnnualFacts:
    """Read what the annual report of a cluster says.

    `as_of` is the day of the verdict and of titles: 30 June of the next year where it is None, or today where that is
    still to come. Raises NotFound for a cluster or rule that there is not, InputError for a year that is not over on
    the day or a day that is still to come, StepMissing before `observe`, ResultsOutdated where the register has changed
    since.
    """
    day = day_of(year, as_of)
    explanation = explain(workspace, cluster_id)
    cluster = _cluster(workspace, cluster_id)
    known, assessment = _assessed(workspace, cluster, rules, day, settings)
    members = read_members(workspace, cluster_id, day)
    return AnnualFacts(
        cluster=cluster,
        year=year,
        as_of=day,
        explanation=explanation,
        known=known,
        numbers={name: number_of(known.of(name), year) for name in known if not metrics()[name].is_text},
        series={name: yearly(known.of(name), year, day.year - 1) for name in YEARLY},
        members=members,
        position=read_position(workspace, cluster.county, cluster.industry),
        supply=read_supply(workspace, cluster_id, cluster.county, has_members=bool(members.count)),
        peers=read_peers(workspace, cluster_id),
        assessment=assessment,
        files=_files(workspace),
        notes=read_runs(workspace),
    )


def day_of(year: int, as_of: dt.date | str | None, today: dt.date | None = None) -> dt.date:
    """Give the day on which the report of a year judges.

    >>> day_of(2024, None, dt.date(2026, 1, 5)), day_of(2025, None, dt.date(2026, 1, 5))
    (datetime.date(2025, 6, 30), datetime.date(2026, 1, 5))
    """
    now = dt.date.today() if today is None else today
    if not _FIRST_YEAR <= year <= dt.MAXYEAR - 1:
        raise InputError(
            f"{year} is no year of a report",
            mend=f"Give a year from {_FIRST_YEAR} to {now.year - 1}.",
            zh=f"{year} 不是可以编制报告的年度",
            mend_zh=f"年度须在 {_FIRST_YEAR} 至 {now.year - 1} 之间",
        )
    if year >= now.year:
        raise InputError(
            f"the year {year} is not over yet",
            mend=f"Give a year up to {now.year - 1}.",
            zh=f"{year} 年尚未结束",
            mend_zh=f"最晚写 {now.year - 1}",
        )
    if as_of is None:
        return min(dt.date(year + 1, *_DUE), now)
    day = as_date(as_of)
    if day.year <= year:
        raise InputError(
            f"the year {year} is not over on {day}",
            mend=f"Give a day from {year + 1}-01-01 on, or none.",
            zh=f"{day} 时 {year} 年尚未结束",
            mend_zh=f"评估日须不早于 {year + 1}-01-01，或不写",
        )
    if day > now:
        raise InputError(
            f"{day} is still to come",
            mend=f"Give a day up to today, {now}, or none.",
            zh=f"{day} 还没有到",
            mend_zh=f"评估日最晚为今天 {now}，或不写",
        )
    return day


def yearly(claims: Iterable[Fact], year: int, last_year: int) -> dict[int, Number]:
    """Give what sources say by year, up to the report's; what has no year is of the last full year before the day.

    >>> output = Fact("output_yuan", None, {2023: 4e9, 2024: 5e9}, "a")
    >>> {at: number.value for at, number in yearly([output], 2024, 2024).items()}
    {2023: 4000000000.0, 2024: 5000000000.0}
    """
    # The register is as of its import, not of a year.
    told = [(at, said) for at, said in _told(claims) if at is not None or said[1].source != _REGISTER]
    years = sorted({at for at, _ in told if at is not None and at <= year} | {year})
    said = {at: counting(told, at, last_year, series=True) for at in years}
    return {at: _agreed(own) for at, own in said.items() if own}


def number_of(claims: Iterable[Fact], year: int) -> Number:
    """Give what sources say of a stock: of the latest year up to the report's, and without a year (see `counting`).

    >>> number_of([Fact("area_km2", 80.0, {}, "a"), Fact("area_km2", 90.0, {}, "b")], 2024).value is None
    True
    """
    return _agreed(counting(_told(claims), year, year, series=False))


def _told(claims: Iterable[Fact]) -> list[tuple[int | None, tuple[float, Origin]]]:
    """Give each value with its origin, by the year that it is told of."""
    told: list[tuple[int | None, tuple[float, Origin]]] = []
    for claim in claims:
        origin = Origin(claim.run, source=claim.source)
        if isinstance(claim.value, float):
            told.append((None, (claim.value, origin)))
        told += [(at, (value, origin)) for at, value in claim.series.items()]
    return told


def growth(series: Mapping[int, Number], year: int) -> Number:
    """Give the growth of a yearly number over the year before; unknown where either is."""
    now, before = series.get(year, UNKNOWN), series.get(year - 1, UNKNOWN)
    if now.value is None or before.value is None or before.value <= 0:
        return UNKNOWN
    how = f"本报告计算：{year} 年值 ÷ {year - 1} 年值 − 1"
    how_en = f"computed by this report: the value of {year} ÷ that of {year - 1} − 1"
    origins = [Origin(one.run, one.table, one.source, how, how_en) for one in (*now.origins, *before.origins)]
    return Number(now.value / before.value - 1, tuple(dict.fromkeys(origins)))


def _agreed(said: list[tuple[float, Origin]]) -> Number:
    values = [value for value, _ in said]
    origins = tuple(dict.fromkeys(origin for _, origin in said))
    if not values:
        return UNKNOWN
    if not agree(values):
        return Number(None, origins, claims=tuple(dict.fromkeys(values)))
    return Number(values[0], origins)


def _assessed(
    workspace: Workspace, cluster: Cluster, rules: str | Edition, day: dt.date, settings: Settings | None
) -> tuple[Facts, Assessment]:
    """Judge the cluster; one of which nothing is known has a verdict too: everything is unknown."""
    try:
        assessment = assess(workspace, rules, cluster.id, as_of=day, settings=settings)
        return known_facts(workspace, cluster.id, day), assessment
    except NotFound as fault:
        if not fault.what.startswith("nothing is known"):
            raise
    return Facts({}), assess(workspace, rules, None, Facts({}), day, settings=settings)


def _cluster(workspace: Workspace, cluster_id: str) -> Cluster:
    table = workspace.table("cluster")
    row = workspace.to_arrow(table.filter(table.cluster_id == cluster_id)).to_pylist()[0]

    def text(name: str) -> str:
        return "" if row[name] is None else str(row[name])

    outline = row["footprint"]
    codes = [code for code in text("counties").split("|") if code] or [text("county")]
    boundaries = boundaries_of(codes)
    known = {code: division.name for code, division in counties().items()}
    return Cluster(
        id=cluster_id,
        name=text("name"),
        county=text("county"),
        county_name=text("county_name") or "所在县区",
        place=full_name(text("county")) if text("county") in known else text("county_name"),
        industry=text("industry"),
        industry_name=text("industry_name"),
        theme=text("theme"),
        found_by=text("found_by"),
        recognised=text("recognised"),
        recognised_source=text("recognised_source"),
        footprint=None if outline is None else cast("shapely.Geometry", shapely.from_wkb(outline)),
        outlines={known[code]: boundaries[code] for code in codes if code in boundaries and code in known},
        origin=Origin(text("run"), "cluster"),
    )


def _files(workspace: Workspace) -> tuple[ImportedFile, ...]:
    if not workspace.has("import"):
        return ()
    columns = ["file_name", "kind", "sha256", "rows", "accepted", "rejected", "imported", "run"]
    rows = workspace.read("import", columns).sort_by([("imported", "ascending"), ("file_name", "ascending")])
    return tuple(
        ImportedFile(
            row["file_name"], row["kind"] or "", row["sha256"], row["rows"], row["accepted"], row["rejected"],
            f"{row['imported']:%Y-%m-%d}", row["run"],
        )
        for row in rows.to_pylist()
    )  # fmt: skip
