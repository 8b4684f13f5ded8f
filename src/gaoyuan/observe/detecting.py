"""The step that finds clusters: from the enterprises to the tables `cluster`, `cluster_member` and
`recognised_cluster`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import ibis
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from gaoyuan.codes import Level, classes, counties, division_name, industry_name
from gaoyuan.codes.boundaries import cells_of_points
from gaoyuan.observe.clusters import CellClusters, CountyClusters, DetectionSettings, Evidence, find_clusters
from gaoyuan.observe.footprints import OFFICIAL_LIMIT_KM2, area_km2, closed, outline
from gaoyuan.observe.recognised import match_recognised, recognised_clusters
from gaoyuan.workspace import SCHEMAS, Run, Workspace

"""The area within which a characteristic cluster of small firms should lie, as county offices are told."""

_BATCH = 500_000
_MEMBER_COLUMNS = (
    "enterprise_id",
    "uscc",
    "name",
    "county",
    "industry",
    "longitude",
    "latitude",
    "employees",
    "revenue_yuan",
)


@dataclass(frozen=True, slots=True)
class ClusterCounts:
    """How many clusters were found on cells and on counties, how many firms they have, and of the recognised clusters
    in the register's provinces how many were found, and how many there are.
    """

    on_cells: int
    on_counties: int
    members: int
    recognised_found: int
    recognised: int


@dataclass(slots=True)
class _Firms:
    """Positions of all coded firms: industries, and cells (0 where there are no coordinates) or counties."""

    industry: npt.NDArray[np.int32]
    cell: npt.NDArray[np.uint64]
    county: npt.NDArray[np.int32]


def write_clusters(workspace: Workspace, run: Run, settings: DetectionSettings = DetectionSettings()) -> ClusterCounts:
    """Find the clusters in the enterprises and write them with their members and the recognised ones.

    Raises StepMissing where no enterprises have been written.
    """
    with run.timed("detect: read"):
        firms = _read_firms(workspace)
    placed = firms.cell > 0
    with run.timed("detect: test"):
        on_cells, on_counties = find_clusters(
            firms.industry[placed], firms.cell[placed], firms.industry[~placed], firms.county[~placed], settings
        )
    with run.timed("detect: describe"):
        lookup, rows = _described(firms, placed, on_cells, on_counties)
        workspace.write("recognised_cluster", _arrow("recognised_cluster", recognised_clusters()), run)
    with run.timed("detect: members"):
        workspace.write("cluster_member", _members(workspace, lookup), run)
        rows = rows.join(_sizes(workspace), on="cluster_id")
    rows, recognised = _with_recognised(workspace, rows)
    workspace.write("cluster", _arrow("cluster", rows), run)
    members = int(rows.loc[rows["found_by"].notna(), "firms"].sum())
    counted = rows["found_by"].value_counts()
    return ClusterCounts(int(counted.get("cells", 0)), int(counted.get("counties", 0)), members, *recognised)


def _read_firms(workspace: Workspace) -> _Firms:
    industries, cells, places = [], [], []
    table = workspace.table("enterprise")
    for batch in workspace.stream(
        table.filter(table.industry.notnull()).select("industry", "county", "longitude", "latitude"), _BATCH
    ):
        industries.append(_positions(batch.column("industry"), _CLASSES))
        places.append(_positions(batch.column("county"), _COUNTIES))
        cells.append(_cells(batch))
    empty = np.empty(0, np.int32)
    return _Firms(
        np.concatenate([empty, *industries]),
        np.concatenate([empty.astype(np.uint64), *cells]),
        np.concatenate([empty, *places]),
    )


_CLASSES = {code: i for i, code in enumerate(classes())}
_COUNTIES = {code: i for i, code in enumerate(sorted(counties()))}


def _positions(codes: pa.Array, positions: dict[str, int]) -> npt.NDArray[np.int32]:
    distinct = codes.dictionary_encode()
    known = np.array([positions.get(code, -1) for code in distinct.dictionary.to_pylist()] + [-1], dtype=np.int32)
    return known[pc.fill_null(distinct.indices, len(distinct.dictionary)).to_numpy(zero_copy_only=False)]


def _cells(batch: pa.RecordBatch) -> npt.NDArray[np.uint64]:
    longitude, latitude = (
        pc.cast(batch.column(name), pa.float64()).to_numpy(zero_copy_only=False) for name in ("longitude", "latitude")
    )
    known = np.flatnonzero(~np.isnan(longitude))
    cells = np.zeros(batch.num_rows, dtype=np.uint64)
    if known.size:
        cells[known] = cells_of_points(longitude[known], latitude[known])
    return cells


@dataclass(frozen=True, slots=True)
class _Lookup:
    """Which cluster a firm is in: by industry and cell, or by industry and county where it has no coordinates; `ids` by
    number.
    """

    ids: list[str]
    by_cell: tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], npt.NDArray[np.int32]] | None
    by_county: npt.NDArray[np.int32]

    def find(
        self, industry: npt.NDArray[np.int32], cell: npt.NDArray[np.uint64], county: npt.NDArray[np.int32]
    ) -> npt.NDArray[np.int32]:
        found = np.where((cell == 0) & (county >= 0), self.by_county[county, industry], -1)
        if self.by_cell is not None:
            cells, keys, numbers = self.by_cell
            position = np.minimum(np.searchsorted(cells, cell), cells.size - 1)
            key = industry.astype(np.int64) << 32 | position
            at = np.minimum(np.searchsorted(keys, key), keys.size - 1)
            hit = (cell > 0) & (cells[position] == cell) & (keys[at] == key)
            found = np.where(hit, numbers[at], found)
        return found.astype(np.int32)


def _described(
    firms: _Firms, placed: npt.NDArray[np.bool_], on_cells: CellClusters | None, on_counties: CountyClusters
) -> tuple[_Lookup, pd.DataFrame]:
    rows: list[pd.DataFrame] = []
    by_cell = None
    count = 0
    if on_cells is not None:
        rows.append(_cell_rows(firms, placed, on_cells))
        count = len(rows[0])
        industry = np.repeat(np.arange(on_cells.pairs.begins.size - 1), np.diff(on_cells.pairs.begins)).astype(np.int64)
        by_cell = (on_cells.grid.cells, industry << 32 | on_cells.pairs.cell, on_cells.cluster)
    rows.append(_county_rows(on_counties))
    everything = pd.concat(rows, ignore_index=True)
    by_county = np.full((len(_COUNTIES), len(_CLASSES)), -1, dtype=np.int32)
    by_county[on_counties.county, on_counties.industry] = np.arange(count, count + on_counties.county.size)
    everything["cluster_id"] = pd.Series(_ids(everything), dtype="str")  # text also without a cluster
    everything["rank"] = everything.groupby("industry")["log_p"].rank(method="min").astype(int)
    everything["minus_log10_p"] = -everything["log_p"] / np.log(10.0)
    for column, value in (("p_value", np.exp(everything["log_p"])), ("q_value", everything["q_value"])):
        everything[column] = np.maximum(value, np.nextafter(0.0, 1.0))  # unlikely is not impossible
    return _Lookup(everything["cluster_id"].tolist(), by_cell, by_county), everything.drop(columns="log_p")


def _cell_rows(firms: _Firms, placed: npt.NDArray[np.bool_], found: CellClusters) -> pd.DataFrame:
    held = found.cluster >= 0
    order = np.argsort(found.cluster[held], kind="stable")
    cells = found.grid.cells[found.pairs.cell[held]][order]
    bounds = np.searchsorted(found.cluster[held][order], np.arange(found.industry.size + 1))
    shapes, areas = [], []
    for begin, end in pairwise(bounds):
        ground = closed(cells[begin:end])
        shapes.append(shapely.to_wkb(outline(ground)))
        areas.append(area_km2(ground))
    places = _counties_of(firms, placed, found)
    return pd.DataFrame(
        {
            "found_by": "cells",
            "county": [codes[0] if codes else None for codes in places],
            "counties": ["|".join(codes) or None for codes in places],
            "industry": [classes()[i] for i in found.industry],
            **_figures(found.evidence),
            "location_quotient": found.location_quotient,
            "log_p": found.log_p_value,
            "q_value": found.q_value,
            "stability": found.stability,
            "area_km2": areas,
            "within_100_km2": np.array(areas) <= OFFICIAL_LIMIT_KM2,
            "footprint": shapes,
        }
    )


def _figures(evidence: Evidence) -> dict[str, npt.NDArray[np.generic]]:
    size = evidence.firms.size
    return {
        "firms": evidence.firms,
        "expected": evidence.expected,
        "place_firms": evidence.place_firms,
        "industry_firms": evidence.industry_firms,
        "tested_firms": np.full(size, evidence.tested_firms),
        "window_firms": evidence.window_firms,
        "window_place_firms": evidence.window_place_firms,
        "tests": np.full(size, evidence.tests),
    }


def _counties_of(firms: _Firms, placed: npt.NDArray[np.bool_], found: CellClusters) -> list[list[str]]:
    """Give for each cluster the counties of its firms, the most frequent first."""
    industry, cell, county = firms.industry[placed], firms.cell[placed], firms.county[placed]
    keys = (
        np.repeat(np.arange(found.pairs.begins.size - 1), np.diff(found.pairs.begins)).astype(np.int64) << 32
        | found.pairs.cell
    )
    position = np.searchsorted(found.grid.cells, cell)
    at = np.minimum(np.searchsorted(keys, industry.astype(np.int64) << 32 | position), keys.size - 1)
    of = np.where((industry >= 0) & (county >= 0), found.cluster[at], -1)
    counted = pd.DataFrame({"cluster": of[of >= 0], "county": county[of >= 0]}).value_counts().reset_index(name="firms")
    counted = counted.sort_values(["cluster", "firms", "county"], ascending=[True, False, True])
    codes = list(_COUNTIES)
    grouped = counted.groupby("cluster")["county"].agg(list).to_dict()
    return [[codes[i] for i in grouped.get(number, [])] for number in range(found.industry.size)]


def _county_rows(found: CountyClusters) -> pd.DataFrame:
    codes = list(_COUNTIES)
    places = [codes[i] for i in found.county]
    return pd.DataFrame(
        {
            "found_by": "counties",
            "county": places,
            "counties": places,
            "industry": [classes()[i] for i in found.industry],
            **_figures(found.evidence),
            "location_quotient": found.location_quotient,
            "log_p": found.log_p_value,
            "q_value": found.q_value,
        }
    )


def _ids(rows: pd.DataFrame) -> list[str]:
    """Name clusters by county and industry, and those that share both by their size."""
    place = rows["county"].fillna("000000")
    number = (
        rows.assign(place=place)
        .sort_values(["firms"], ascending=False, kind="stable")
        .groupby(["place", "industry"])
        .cumcount()
        .reindex(rows.index)
    )
    return [
        f"{county}-{industry}" + (f"-{n + 1}" if n else "")
        for county, industry, n in zip(place, rows["industry"], number, strict=True)
    ]


def _members(workspace: Workspace, lookup: _Lookup) -> pa.RecordBatchReader:
    schema = pa.schema([field for field in SCHEMAS["cluster_member"].arrow if field.name != "run"])
    ids = pa.array([*lookup.ids, None], pa.string())
    table = workspace.table("enterprise")
    batches = workspace.stream(table.filter(table.industry.notnull()).select(*_MEMBER_COLUMNS), _BATCH)

    def rows() -> Iterator[pa.RecordBatch]:
        for batch in batches:
            industry, county = (
                _positions(batch.column("industry"), _CLASSES),
                _positions(batch.column("county"), _COUNTIES),
            )
            number = lookup.find(industry, _cells(batch), county)
            member = pa.array(number >= 0)
            columns = {"cluster_id": ids.take(pa.array(number[number >= 0]))} | {
                name: batch.column(name).filter(member) for name in _MEMBER_COLUMNS
            }
            yield pa.RecordBatch.from_arrays([columns[field.name].cast(field.type) for field in schema], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, rows())


def _sizes(workspace: Workspace) -> pd.DataFrame:
    members = workspace.table("cluster_member")
    summed = members.group_by("cluster_id").aggregate(
        employees=ibis._.employees.sum(),
        revenue_yuan=ibis._.revenue_yuan.sum(),
        size_coverage=ibis._.revenue_yuan.count() / ibis._.count(),
    )
    return workspace.to_arrow(summed).to_pandas().set_index("cluster_id")


def _with_recognised(workspace: Workspace, rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[int, int]]:
    """Mark the clusters that match recognised ones, and add the recognised ones of the register's provinces that were
    not found; gives also how many were found, of how many.
    """
    known = recognised_clusters()
    known = known[known["province"].isin(_registered_provinces(workspace))].reset_index(drop=True)
    position = match_recognised(rows["county"], rows["industry"], known)
    matched = position >= 0
    rows.loc[matched, "recognised"] = known["name"].to_numpy()[position[matched]]
    rows.loc[matched, "recognised_source"] = known["source"].to_numpy()[position[matched]]
    found = set(position[matched])
    missing = known[~known.index.isin(found)]
    firms = _firms_of_recognised(workspace, missing)
    added = pd.DataFrame(
        {
            "cluster_id": missing["recognised_id"],
            "county": missing["county"],
            "counties": missing["county"],
            "name": missing["name"],
            "industry": [code if isinstance(code, str) and len(code) == 4 else None for code in missing["industries"]],
            "theme": missing["industry_guess"],
            "firms": firms["firms"],
            "expected": firms["expected"],
            "location_quotient": firms["firms"] / firms["expected"].where(firms["expected"] > 0),
            "recognised": missing["name"],
            "recognised_source": missing["source"],
        }
    )
    everything = pd.concat([rows, added], ignore_index=True)
    places = [division_name(code) if code in _COUNTIES else None for code in everything["county"]]
    everything["county_name"] = pd.Series(places, dtype=object)
    industries = [industry_name(code) if isinstance(code, str) else None for code in everything["industry"]]
    everything["industry_name"] = pd.Series(industries, dtype=object)
    named = [
        f"{place or ''}{what.removesuffix('制造')}集群" if what else None
        for place, what in zip(everything["county_name"], everything["industry_name"], strict=True)
    ]
    everything["name"] = everything["name"].where(everything["name"].notna(), named) if "name" in everything else named
    ordered = everything.sort_values(["minus_log10_p", "cluster_id"], ascending=[False, True], na_position="last")
    return ordered, (len(found), len(known))


def _registered_provinces(workspace: Workspace) -> set[str]:
    table = workspace.table("enterprise")
    codes = workspace.to_arrow(
        table.filter(table.prefecture.notnull()).select(code=ibis._.prefecture.substr(0, 2)).distinct()
    )["code"].to_pylist()
    return {division_name(code, Level.PROVINCE) for code in codes}


def _firms_of_recognised(workspace: Workspace, recognised: pd.DataFrame) -> pd.DataFrame:
    """Give the firms and the firms expected that the register has in the county and industry of each recognised
    cluster; NaN where either is unknown.
    """
    counties = _counted(workspace, "region_measure", "region", "coded")
    industries = _counted(workspace, "industry_measure", "industry", "firms")
    table = workspace.table("region_industry")
    cells = table.filter(table.region_level == "county", ibis._.region.isin(recognised["county"].dropna().tolist()))
    held = workspace.to_arrow(cells.select("region", "industry", "firms")).to_pandas()
    firms = held.set_index(["region", "industry"])["firms"].to_dict()
    rows = []
    for place, industry in zip(recognised["county"], recognised["industries"], strict=True):
        if isinstance(place, str) and isinstance(industry, str):
            expected = counties.get(place, 0) * industries.get(industry, 0) / max(1, sum(counties.values()))
            rows.append((float(firms.get((place, industry), 0)), expected))
        else:
            rows.append((np.nan, np.nan))
    return pd.DataFrame(rows, columns=["firms", "expected"], index=recognised.index, dtype=float)


def _counted(workspace: Workspace, table: str, key: str, value: str) -> dict[str, int]:
    """Give a count of each county or of each industry over all counties."""
    rows = workspace.table(table)
    held = workspace.to_arrow(rows.filter(rows.region_level == "county").select(key, value))
    return dict(zip(held[key].to_pylist(), held[value].to_pylist(), strict=True))


def _arrow(name: str, rows: pd.DataFrame) -> pa.Table:
    schema = pa.schema([field for field in SCHEMAS[name].arrow if field.name != "run"])
    filled = rows.reindex(columns=schema.names)
    return pa.Table.from_arrays(
        [
            pa.array(filled[field.name].astype(object).where(filled[field.name].notna(), None), field.type)
            for field in schema
        ],
        schema=schema,
    )
