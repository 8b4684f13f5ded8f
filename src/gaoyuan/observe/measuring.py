"""The step that measures: from the enterprises to the tables of regions, industries and their pairs."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa

from gaoyuan.codes import division_name, industry_name
from gaoyuan.codes.administrative_divisions import Level
from gaoyuan.observe.complexity import Complexity, economic_complexity
from gaoyuan.observe.concentration import (
    coagglomeration_of_table,
    ellison_glaeser_of_table,
    krugman_concentration,
    locational_gini,
)
from gaoyuan.observe.coverage import coverage
from gaoyuan.observe.cube import INDUSTRY_LEVELS, REGION_LEVELS, Cube, RegionLevel, read_cube, roll_up
from gaoyuan.observe.excess import benjamini_hochberg, hypergeometric_log_tail
from gaoyuan.observe.relatedness import proximity, relatedness_density
from gaoyuan.observe.specialisation import entropy, herfindahl, krugman_specialisation, specialised
from gaoyuan.workspace import SCHEMAS, Run, Workspace

_LEVELS: dict[RegionLevel, Level] = {"county": Level.COUNTY, "prefecture": Level.PREFECTURE, "province": Level.PROVINCE}
_LEAST_PROXIMITY = 0.25
_SMALLEST = np.nextafter(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class CoverageCounts:
    """How many provinces and years of founding were looked at, in how many of them records must be missing, and the
    least share of its firms that the register has of a province (None where that is unknown).
    """

    province_years: int
    holes: int
    least_share: float | None


def write_measures(workspace: Workspace, run: Run) -> CoverageCounts:
    """Measure concentration, specialisation, relatedness and complexity, and write the tables that hold them; gives
    what was found of the register's coverage.

    Raises StepMissing where no enterprises have been written.
    """
    with run.timed("measure: count"):
        counts = read_cube(workspace)
        shares, covered = write_coverage(workspace, run)
    finest = roll_up(counts, "county", "class")
    with run.timed("measure: relatedness"):
        related = _Relatedness(finest)
        workspace.write("industry_pair", related.pairs(), run)
    with run.timed("measure: regions and industries"):
        cubes = [roll_up(counts, region, industry) for region in REGION_LEVELS for industry in INDUSTRY_LEVELS]
        workspace.write(
            "region_industry", _table("region_industry", [_region_industry(cube, related) for cube in cubes]), run
        )
        workspace.write(
            "industry_measure", _table("industry_measure", [_industry_measure(cube, related) for cube in cubes]), run
        )
        located = _firms_by_region(workspace)
        regions = [_region_measure(cube, related, located, shares) for cube in cubes if cube.industry_level == "class"]
        workspace.write("region_measure", _table("region_measure", regions), run)
    return covered


def write_coverage(workspace: Workspace, run: Run) -> tuple[dict[str, float], CoverageCounts]:
    """Measure how many records are missing by province and year of founding into the table `coverage`; gives the share
    of each province, and the counts.
    """
    firms = workspace.table("enterprise")
    dated = firms.filter(firms.established.notnull() & firms.prefecture.notnull())
    counted = dated.group_by(
        province=ibis._.prefecture.substr(0, 2) + "0000", year=ibis._.established.year()
    ).aggregate(firms=ibis._.count())
    long = workspace.to_arrow(counted).to_pandas()
    wide = long.pivot_table(index="province", columns="year", values="firms", aggfunc="sum", fill_value=0)
    found = coverage(wide.to_numpy())
    rows = wide.stack().rename("firms").reset_index()
    rows["province_name"] = rows["province"].map(lambda code: division_name(code, Level.PROVINCE))
    rows["expected"] = found.expected.ravel()
    rows["ratio"] = np.where(rows["expected"] > 0, rows["firms"] / rows["expected"].where(rows["expected"] > 0), np.nan)
    rows["hole"] = found.holes.ravel()
    workspace.write("coverage", _table("coverage", [rows]), run)
    least = float(np.nanmin(found.share)) if np.isfinite(found.share).any() else None
    counts = CoverageCounts(found.holes.size, int(found.holes.sum()), least)
    return dict(zip(wide.index, found.share, strict=True)), counts


class _Relatedness:
    """Presence, proximity, density and complexity of classes in counties, computed once."""

    def __init__(self, cube: Cube) -> None:
        table, self.regions, self.industries = cube.table()
        sizes, _, _ = cube.table(cube.size)
        self.presence = specialised(table) if table.size else np.zeros_like(table, dtype=bool)
        self._proximity = proximity(self.presence)
        self._coagglomeration = coagglomeration_of_table(sizes)
        self.density = relatedness_density(self.presence, self._proximity)
        self.complexity: Complexity = economic_complexity(self.presence)

    def pairs(self) -> pa.Table:
        first, second = np.nonzero(np.triu(self._proximity >= _LEAST_PROXIMITY, 1))
        rows = pd.DataFrame(
            {
                "industry_a": self.industries[first],
                "industry_b": self.industries[second],
                "proximity": self._proximity[first, second],
                "coagglomeration": self._coagglomeration[first, second],
            }
        )
        return _table("industry_pair", [rows])

    def density_of(self, regions: pd.Series, industries: pd.Series) -> np.ndarray:
        return self.density[
            self.regions.get_indexer(pd.Index(regions)), self.industries.get_indexer(pd.Index(industries))
        ]


def _region_industry(cube: Cube, related: _Relatedness) -> pd.DataFrame:
    rows = cube.cells.drop(columns="squares").copy()
    of_region = rows.groupby("region")["firms"].transform("sum").to_numpy()
    of_industry = rows.groupby("industry")["firms"].transform("sum").to_numpy()
    firms, everything = rows["firms"].to_numpy(), int(rows["firms"].sum())
    rows["share_of_region"] = firms / of_region
    rows["expected"] = of_region * (of_industry / everything)
    rows["location_quotient"] = firms / rows["expected"]
    logs = hypergeometric_log_tail(firms, everything, of_industry, of_region)
    rows["p_value"] = np.maximum(np.exp(logs), _SMALLEST)
    rows["q_value"] = benjamini_hochberg(rows["p_value"], tests=rows["region"].nunique() * rows["industry"].nunique())
    rows["region_level"], rows["industry_level"] = cube.region_level, cube.industry_level
    rows["region_name"] = _region_names(rows["region"], cube.region_level)
    rows["industry_name"] = rows["industry"].map({code: industry_name(code) for code in rows["industry"].unique()})
    finest = cube.region_level == "county" and cube.industry_level == "class"
    rows["density"] = related.density_of(rows["region"], rows["industry"]) if finest else np.nan
    return rows


def _industry_measure(cube: Cube, related: _Relatedness) -> pd.DataFrame:
    table, _, industries = cube.table()
    sizes, _, _ = cube.table(cube.size)
    squares = cube.cells.groupby("industry")["squares"].sum().reindex(industries).to_numpy()
    gamma, raw, herfindahl_of_plants = ellison_glaeser_of_table(sizes, squares)
    rows = pd.DataFrame(
        {
            "region_level": cube.region_level,
            "industry_level": cube.industry_level,
            "industry": industries,
            "industry_name": [industry_name(code) for code in industries],
            "firms": table.sum(axis=0).astype(np.int64),
            "regions": (table > 0).sum(axis=0),
            "gini": locational_gini(table),
            "krugman": krugman_concentration(table),
            "raw_concentration": raw,
            "herfindahl": herfindahl_of_plants,
            "ellison_glaeser": gamma,
            "size": cube.size,
            "ubiquity": specialised(table).sum(axis=0),
        }
    )
    finest = cube.region_level == "county" and cube.industry_level == "class"
    rows["complexity"] = related.complexity.pci if finest else np.nan
    return rows


def _region_measure(
    cube: Cube, related: _Relatedness, located: dict[RegionLevel, pd.Series], shares: dict[str, float]
) -> pd.DataFrame:
    table, regions, _ = cube.table()
    rows = pd.DataFrame(
        {
            "region_level": cube.region_level,
            "region": regions,
            "region_name": _region_names(pd.Series(regions), cube.region_level),
            "firms": located[cube.region_level].reindex(regions).to_numpy(),
            "coded": table.sum(axis=1).astype(np.int64),
            "coverage": [shares.get(code[:2] + "0000", np.nan) for code in regions],
            "diversity": specialised(table).sum(axis=1),
            "krugman": krugman_specialisation(table),
            "entropy": entropy(table),
            "herfindahl": herfindahl(table),
        }
    )
    rows["complexity"] = related.complexity.eci if cube.region_level == "county" else np.nan
    return rows


def _firms_by_region(workspace: Workspace) -> dict[RegionLevel, pd.Series]:
    firms = workspace.table("enterprise")
    counted = workspace.to_arrow(
        firms.filter(firms.prefecture.notnull()).group_by("county", "prefecture").aggregate(firms=ibis._.count())
    ).to_pandas()
    return {
        "county": counted[counted["county"].notna()].groupby("county")["firms"].sum(),
        "prefecture": counted.groupby("prefecture")["firms"].sum(),
        "province": counted.groupby(counted["prefecture"].astype("str").str[:2] + "0000")["firms"].sum(),
    }


def _region_names(regions: pd.Series, level: RegionLevel) -> pd.Series:
    return regions.map({code: division_name(code, _LEVELS[level]) for code in regions.unique()})


def _table(name: str, parts: list[pd.DataFrame]) -> pa.Table:
    """Put rows together as a table of the workspace; NaN becomes null."""
    schema = pa.schema([field for field in SCHEMAS[name].arrow if field.name != "run"])
    return pa.concat_tables(
        [pa.Table.from_pandas(part[schema.names], schema=schema, preserve_index=False) for part in parts]
    )
