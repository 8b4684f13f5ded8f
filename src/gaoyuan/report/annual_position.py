"""Where a cluster stands, read for its annual report: related industries, what its county is strong in, its peers.

Comparisons that the data cannot carry are refused in the same cases as by `gaoyuan.observe.compare`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import ibis
import pandas as pd

from gaoyuan.assess.scoring import Indicator, rank
from gaoyuan.codes import industries
from gaoyuan.errors import ComparisonRefused, NotFound
from gaoyuan.observe import compare
from gaoyuan.observe.comparing import Measure
from gaoyuan.report.run_notes import NOWHERE, Origin
from gaoyuan.workspace import Workspace

STRONG_Q = 0.05
_RELATED = 8
_STRENGTHS = 8
_SAME_INDUSTRY = 5
_SIMILAR = 5
_SEED = 1


@dataclass(frozen=True, slots=True)
class RelatedIndustry:
    """An industry that is found together with the cluster's own, and what the county has of it."""

    code: str
    name: str
    proximity: float | None
    coagglomeration: float | None
    firms: int
    location_quotient: float | None
    q_value: float | None

    @property
    def strong(self) -> bool:
        """Whether the county has more of it than chance would give."""
        quotient, q = self.location_quotient, self.q_value
        return quotient is not None and quotient >= 1 and q is not None and q <= STRONG_Q


@dataclass(frozen=True, slots=True)
class Strength:
    """An industry in which the county has more firms than chance would give."""

    code: str
    name: str
    firms: int
    location_quotient: float
    q_value: float


@dataclass(frozen=True, slots=True)
class Position:
    """A cluster's place among its county's industries; `own_share` is its industry's part of the county's firms."""

    related: tuple[RelatedIndustry, ...] = ()
    strengths: tuple[Strength, ...] = ()
    own_share: float | None = None
    county_firms: int | None = None
    pair_origin: Origin = NOWHERE
    region_origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class Peer:
    """A cluster beside others; `density` is firms per km². `counted` says whether its counts may be compared with those
    of the cluster that the report is about.
    """

    id: str
    name: str
    industry_name: str
    county: str
    firms: int
    location_quotient: float
    area_km2: float | None
    density: float | None
    stability: float | None
    own: bool
    same_industry: bool
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A peer's place in the ranking and the places that hold it with 95 % over the weights."""

    id: str
    rank: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Peers:
    """The cluster with its peers: those of its industry, then those of a like number of firms.

    `firms_refused` says why counts of some are not compared, `quotient_refused` why location quotients are not; ""
    where they are. `places` are empty where nothing is ranked, `unranked` says why then.
    """

    peers: tuple[Peer, ...] = ()
    same_industry: int = 0
    found: int = 0
    firms_refused: str = ""
    quotient_refused: str = ""
    indicators: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    unranked: str = ""
    origin: Origin = NOWHERE


def read_position(workspace: Workspace, county: str, industry: str) -> Position:
    """Read the related industries of a class and the strengths of a county; nothing for what the tables lack."""
    if not county or not industry:
        return Position()
    table = workspace.table("region_industry")
    mine = table.filter(table.region_level == "county", table.region == county, table.industry_level == "class")
    held = workspace.to_arrow(mine.order_by("q_value", "industry")).to_pylist()
    by_code = {str(row["industry"]): row for row in held}
    own = by_code.get(industry)
    strengths = [
        Strength(row["industry"], row["industry_name"], row["firms"], row["location_quotient"], row["q_value"])
        for row in held
        if row["industry"] != industry and row["location_quotient"] >= 1 and row["q_value"] <= STRONG_Q
    ]
    pairs, pair_run = _pairs(workspace, industry)
    return Position(
        related=tuple(_related(code, found, by_code.get(code)) for code, found in pairs),
        strengths=tuple(strengths[:_STRENGTHS]),
        own_share=None if own is None else own["share_of_region"],
        county_firms=_county_firms(workspace, county),
        pair_origin=Origin(pair_run, "industry_pair"),
        region_origin=Origin(str(held[0]["run"]) if held else "", "region_industry"),
    )


def _pairs(workspace: Workspace, industry: str) -> tuple[list[tuple[str, dict[str, object]]], str]:
    """Give the industries nearest to one, the nearest first, and the run that measured them."""
    if not workspace.has("industry_pair"):
        return [], ""
    table = workspace.table("industry_pair")
    both = (table.industry_a == industry) | (table.industry_b == industry)
    rows = workspace.to_arrow(table.filter(both, ibis._.proximity > 0)).to_pylist()
    rows.sort(key=lambda row: (-row["proximity"], -(row["coagglomeration"] or 0), row["industry_a"], row["industry_b"]))
    found = [(row["industry_b"] if row["industry_a"] == industry else row["industry_a"], row) for row in rows]
    return found[:_RELATED], str(rows[0]["run"]) if rows else ""


def _related(code: str, pair: Mapping[str, object], held: Mapping[str, object] | None) -> RelatedIndustry:
    names = industries()
    return RelatedIndustry(
        code,
        names[code].name if code in names else code,
        _number(pair["proximity"]),
        _number(pair["coagglomeration"]),
        0 if held is None else int(str(held["firms"])),
        None if held is None else _number(held["location_quotient"]),
        None if held is None else _number(held["q_value"]),
    )


def _county_firms(workspace: Workspace, county: str) -> int | None:
    table = workspace.table("region_measure")
    rows = workspace.to_arrow(table.filter(table.region_level == "county", table.region == county).select("coded"))
    return rows["coded"][0].as_py() if rows.num_rows else None


def read_peers(workspace: Workspace, cluster_id: str) -> Peers:
    """Read the clusters to compare one with, and rank them; no peers for a cluster that the register does not show."""
    columns = [
        "cluster_id", "name", "industry", "industry_name", "county", "firms", "location_quotient", "area_km2",
        "stability", "run",
    ]  # fmt: skip
    table = workspace.table("cluster")
    found = workspace.to_arrow(table.filter(table.found_by.notnull()).select(*columns)).to_pandas()
    mine = found[found["cluster_id"] == cluster_id]
    if mine.empty:
        return Peers(found=len(found), unranked="登记册未显示本集群，没有可与其他集群比较的数值")
    own = mine.iloc[0]
    others = found[found["cluster_id"] != cluster_id]
    alike = others[others["industry"] == own["industry"]].sort_values(
        ["location_quotient", "cluster_id"], ascending=[False, True]
    )
    rest = others[others["industry"] != own["industry"]]
    distance = (rest["firms"].astype(float) / float(own["firms"])).map(lambda ratio: abs(math.log(ratio)))
    # Counts can always be compared within a province.
    away = rest["county"].str[:2] != str(own["county"])[:2]
    similar = rest.assign(away=away, distance=distance).sort_values(["away", "distance", "cluster_id"])
    chosen = pd.concat([mine, alike.head(_SAME_INDUSTRY), similar.head(_SIMILAR)])
    peers = tuple(_peer(row, own) for row in chosen.to_dict("records"))
    counties = list(dict.fromkeys(peer.county for peer in peers if peer.county))
    firms_refused = _refused(workspace, str(own["industry"]), counties, "firms")
    if firms_refused:
        near = [county for county in counties if county[:2] == str(own["county"])[:2]]
        counted = near if not _refused(workspace, str(own["industry"]), near, "firms") else []
        peers = tuple(replace(peer, counted=peer.own or peer.county in counted) for peer in peers)
    quotient_refused = _refused(workspace, str(own["industry"]), counties, "location_quotient")
    ranked = [peer for peer in peers if peer.counted]
    indicators, places, unranked = _ranked(ranked, no_quotients=bool(quotient_refused))
    return Peers(
        peers, len(alike), len(found), firms_refused, quotient_refused, indicators, places, unranked,
        Origin(str(own["run"]), "cluster"),
    )  # fmt: skip


def _peer(row: Mapping[str, object], own: pd.Series) -> Peer:
    firms, area = int(str(row["firms"])), _number(row["area_km2"])
    quotient = _number(row["location_quotient"])
    return Peer(
        str(row["cluster_id"]),
        str(row["name"]),
        str(row["industry_name"]),
        str(row["county"]),
        firms,
        math.nan if quotient is None else quotient,
        area,
        firms / area if area else None,
        _number(row["stability"]),
        row["cluster_id"] == own["cluster_id"],
        row["industry"] == own["industry"],
    )


def _refused(workspace: Workspace, industry: str, counties: Sequence[str], measure: Measure) -> str:
    """Say why the counties cannot be compared by a measure, "" where they can."""
    if len(counties) < 2:
        return ""
    try:
        compare(workspace, industry, counties, measure)
    except ComparisonRefused:
        if measure == "firms":
            return "所在省份的企业登记覆盖率不一致或未知，跨省的企业数及由其得出的密度不可比"
        return "有的所在县区已编码企业过少，区位商不可比"
    except NotFound:
        return "有的所在县区没有地区测度，不可比"
    return ""


def _ranked(peers: Sequence[Peer], *, no_quotients: bool) -> tuple[tuple[str, ...], tuple[Place, ...], str]:
    wanted = ["firms", "density", *([] if no_quotients else ["location_quotient"])]
    if len(peers) < 2:
        return (), (), "没有其他集群可与本集群作综合排名"
    table = pd.DataFrame(
        {name: [getattr(peer, name) for peer in peers] for name in wanted}, index=[peer.id for peer in peers]
    ).astype(float)
    usable = [name for name in wanted if table[name].min() < table[name].max()]
    if len(usable) < 2:
        return (), (), "数据可承载的指标不足两项，不作综合排名"
    try:
        ranking = rank(table, [Indicator(name) for name in usable], seed=_SEED)
    except ComparisonRefused:
        return (), (), "未知的数值过多，不作综合排名"
    places = []
    for name, row in ranking.table.iterrows():
        best = row["mean_rank"] if pd.isna(row["rank"]) else row["rank"]
        low, high = int(row["rank_95_low"]), int(row["rank_95_high"])
        places.append(Place(str(name), float(best), min(low, math.floor(best)), max(high, math.ceil(best))))
    return tuple(usable), tuple(places), ""


def _number(value: object) -> float | None:
    if value is None or value is pd.NA:
        return None
    number = float(str(value))
    return None if math.isnan(number) else number
