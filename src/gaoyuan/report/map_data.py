"""What the map page shows, read from a workspace's tables and put into columns.

Of an industry in a county only the firms and the q value are kept: shares, firms expected and location quotients follow
from the counts, and the page computes them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gaoyuan.codes import counties, divisions, industries
from gaoyuan.codes.administrative_divisions import Level
from gaoyuan.codes.boundaries import BOUNDARIES_NOTICE
from gaoyuan.report.industry_english import english_name
from gaoyuan.report.outlines import county_outlines, inner_point, province_outlines
from gaoyuan.report.packing import JsonValue, pack_shapes, polygons_of, q_steps, varints
from gaoyuan.workspace import Workspace

Arrays = dict[str, npt.NDArray[np.generic]]

_MANY_COUNTIES = 600
_TOLERANCE = {"few": 0.001, "many": 0.012}
_STEP = {"few": 0.0002, "many": 0.001}
_FOOTPRINT_STEP = 0.0001

_TEXTS = ("cluster_id", "name", "county_name", "industry_name", "theme", "found_by", "recognised", "recognised_source")
_COUNTS = ("firms", "rank", "place_firms", "industry_firms", "window_firms", "window_place_firms", "employees")
_FLOATS = ("expected", "location_quotient", "minus_log10_p", "area_km2", "stability", "size_coverage")
_DOUBLES = ("q_value", "revenue_yuan", "tested_firms", "tests")


@dataclass(frozen=True, slots=True)
class MapData:
    """Header and arrays as `packing.pack` takes them, and what they hold."""

    header: dict[str, JsonValue]
    arrays: Arrays
    counties: int
    industries: int
    clusters: int


def read_map_data(workspace: Workspace, title: str) -> MapData:
    """Read all that the page shows; raises StepMissing where `observe` has not been run, ResultsOutdated where the
    register has changed since.
    """
    workspace.require_current("cluster", "region_industry", "region_measure", "coverage")
    clusters = workspace.read("cluster").to_pandas()
    regions = _regions(workspace)
    cells = _cells(workspace)
    codes = sorted(set(regions["region"]) | set(cells["region"].unique()))
    position = {code: i for i, code in enumerate(codes)}
    present = set(cells["industry"].unique()) | set(clusters["industry"].dropna())
    listed = [code for code in industries() if code in present]
    place = {code: i for i, code in enumerate(listed)}

    scale = "many" if len(codes) > _MANY_COUNTIES else "few"
    outlines = county_outlines(_TOLERANCE[scale])
    county_header, county_arrays = _county_columns(codes, regions, outlines, _STEP[scale])
    cluster_header, cluster_arrays = _cluster_columns(clusters, position, place, outlines)
    header: dict[str, JsonValue] = {
        "title": title,
        "made": _made(workspace),
        "boundaries": BOUNDARIES_NOTICE,
        "county": county_header,
        "province": _province_header(workspace, codes),
        "industry": _industry_header(listed),
        "cluster": cluster_header,
        "coverage": _coverage(workspace),
    }
    arrays = {**county_arrays, **_cell_columns(cells, position, place), **cluster_arrays}
    found = int(clusters["found_by"].notna().sum())
    return MapData(header, arrays, len(codes), sum(len(code) == 4 for code in listed), found)


def _regions(workspace: Workspace) -> pd.DataFrame:
    table = workspace.table("region_measure")
    return workspace.to_arrow(table.filter(table.region_level == "county")).to_pandas()


def _cells(workspace: Workspace) -> pd.DataFrame:
    table = workspace.table("region_industry")
    held = table.filter(table.region_level == "county").select("region", "industry", "firms", "q_value")
    return workspace.to_arrow(held).to_pandas()


def _made(workspace: Workspace) -> JsonValue:
    """When the tables were made, by which run and version."""
    runs = workspace.runs().to_pandas()
    steps = runs[runs["step"] == "observe"]
    if steps.empty:
        return None
    newest = steps.iloc[0]
    return {"run": str(newest["run"]), "when": newest["started"].isoformat(), "version": str(newest["version"])}


def _county_columns(
    codes: list[str], regions: pd.DataFrame, outlines: dict[str, shapely.Geometry], step: float
) -> tuple[dict[str, JsonValue], Arrays]:
    of_code = regions.set_index("region").reindex(codes)
    known = counties()
    prefectures = {
        code[:4]: division.name for (level, code), division in divisions().items() if level == Level.PREFECTURE
    }
    provinces = province_outlines(outlines)
    points = [inner_point(outlines[code]) if code in outlines else (np.nan, np.nan) for code in codes]
    header: dict[str, JsonValue] = {
        "code": codes,
        "name": [
            known[code].name if code in known else str(name or code)
            for code, name in zip(codes, of_code["region_name"].fillna(""), strict=True)
        ],
        "prefecture": prefectures,
        "outlined_provinces": list(provinces),
        "step": step,
    }
    arrays: Arrays = {
        "county_firms": _counts(of_code["firms"]),
        "county_coded": _counts(of_code["coded"]),
        "county_diversity": _counts(of_code["diversity"]),
        "county_shape": pack_shapes((outlines.get(code) for code in codes), step),
        "county_point": np.array(points, dtype=np.float32).ravel(),
        "province_shape": pack_shapes(provinces.values(), step),
    }
    for name in ("coverage", "krugman", "entropy", "complexity"):
        arrays[f"county_{name}"] = _numbers(of_code[name], np.float32)
    return header, arrays


def _province_header(workspace: Workspace, codes: list[str]) -> JsonValue:
    table = workspace.table("region_measure")
    rows = workspace.to_arrow(table.filter(table.region_level == "province")).to_pandas().set_index("region")
    firms, coverage = rows["firms"].to_dict(), rows["coverage"].to_dict()
    held = {f"{code[:2]}0000" for code in codes} | set(firms)
    names = {code: division.name for (level, code), division in divisions().items() if level == Level.PROVINCE}
    return [
        {
            "code": code,
            "name": names[code],
            "shown": code in held,
            "firms": int(firms.get(code, 0)),
            "coverage": _share(coverage.get(code)),
        }
        for code in sorted(names)
    ]


def _industry_header(listed: list[str]) -> JsonValue:
    known = industries()
    return {
        "code": listed,
        "name": [known[code].name for code in listed],
        "english": [english_name(code) for code in listed],
        "section": [known[code].section for code in listed],
    }


def _cell_columns(cells: pd.DataFrame, position: dict[str, int], place: dict[str, int]) -> Arrays:
    """Give the columns of industries in counties, by industry and then county; counties as differences within each
    industry.
    """
    industry = cells["industry"].map(place).to_numpy(dtype=np.int64)
    county = cells["region"].map(position).to_numpy(dtype=np.int64)
    order = np.lexsort((county, industry))
    industry, county = industry[order], county[order]
    first = np.r_[True, industry[1:] != industry[:-1]] if industry.size else np.zeros(0, dtype=bool)
    steps = np.where(first, county, np.diff(county, prepend=0))
    return {
        "cell_rows": np.bincount(industry, minlength=len(place)).astype(np.uint32),
        "cell_county": varints(steps),
        "cell_firms": varints(cells["firms"].to_numpy(dtype=np.int64)[order]),
        "cell_q": q_steps(cells["q_value"].to_numpy(dtype=np.float64)[order]),
    }


def _cluster_columns(
    clusters: pd.DataFrame, position: dict[str, int], place: dict[str, int], outlines: dict[str, shapely.Geometry]
) -> tuple[dict[str, JsonValue], Arrays]:
    shapes = [None if pd.isna(wkb) else shapely.from_wkb(wkb) for wkb in clusters["footprint"]]
    points = [_point(shape, code, outlines) for shape, code in zip(shapes, clusters["county"], strict=True)]
    header: dict[str, JsonValue] = {name: _texts(clusters[name]) for name in _TEXTS}
    header["counties"] = [
        [] if pd.isna(codes) else [position[code] for code in codes.split("|") if code in position]
        for codes in clusters["counties"]
    ]
    header["step"] = _FOOTPRINT_STEP
    within = clusters["within_100_km2"].map({True: 1, False: 0}).fillna(-1)
    arrays: Arrays = {
        "cluster_county": clusters["county"].map(position).fillna(-1).to_numpy(dtype=np.int32),
        "cluster_industry": clusters["industry"].map(place).fillna(-1).to_numpy(dtype=np.int32),
        "cluster_within_100_km2": within.to_numpy(dtype=np.int32),
        "cluster_point": np.array(points, dtype=np.float32).ravel(),
        "cluster_shape": pack_shapes(shapes, _FOOTPRINT_STEP),
    }
    arrays |= {f"cluster_{name}": _counts(clusters[name]) for name in _COUNTS}
    arrays |= {f"cluster_{name}": _numbers(clusters[name], np.float32) for name in _FLOATS}
    arrays |= {f"cluster_{name}": _numbers(clusters[name], np.float64) for name in _DOUBLES}
    return header, arrays


def _point(
    shape: shapely.Geometry | None, county: str | None, outlines: dict[str, shapely.Geometry]
) -> tuple[float, float]:
    if shape is not None and polygons_of(shape):
        return inner_point(shape)
    if isinstance(county, str) and county in outlines:
        return inner_point(outlines[county])
    return np.nan, np.nan


def _coverage(workspace: Workspace) -> JsonValue:
    """The provinces and years in which records are missing."""
    table = workspace.table("coverage")
    rows = workspace.to_arrow(table.select("province", "year", "hole")).to_pandas()
    holes = rows[rows["hole"].fillna(False).astype(bool)]
    years = holes.sort_values(["province", "year"]).groupby("province")["year"].agg(list)
    return {str(province): [int(year) for year in found] for province, found in years.items()}


def _counts(column: pd.Series) -> npt.NDArray[np.int32]:
    """Whole numbers, −1 where unknown."""
    return np.asarray(column.astype("Float64").fillna(-1).to_numpy(), dtype=np.int32)


def _numbers(column: pd.Series, kind: type[np.float32] | type[np.float64]) -> npt.NDArray[np.generic]:
    """Numbers, NaN where unknown."""
    return column.astype("Float64").to_numpy(dtype=kind, na_value=np.nan)


def _texts(column: pd.Series) -> list[str | None]:
    return [None if pd.isna(text) else str(text) for text in column]


def _share(value: object) -> float | None:
    return round(float(value), 4) if isinstance(value, float) and not np.isnan(value) else None
