"""The firms of a register counted by county and class, and rolled up to every level of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import ibis
import numpy as np
import numpy.typing as npt
import pandas as pd

from gaoyuan.codes import ancestor
from gaoyuan.workspace import Workspace

RegionLevel = Literal["county", "prefecture", "province"]
IndustryLevel = Literal["section", "division", "group", "class"]
REGION_LEVELS: tuple[RegionLevel, ...] = ("county", "prefecture", "province")
INDUSTRY_LEVELS: tuple[IndustryLevel, ...] = ("section", "division", "group", "class")

_SUMS = ["firms", "employees", "revenue_yuan", "squares"]


@dataclass(frozen=True, slots=True)
class Cube:
    """Firms by region and industry of one level each, one row a pair that has any.

    `cells` has `region`, `industry`, `firms`, `employees`, `revenue_yuan` (NaN where no firm gives them), how many
    firms give each (`employees_firms`, `revenue_firms`) and `squares` (summed squares of sizes). `size` is what counts
    as a firm's size: employees where at least half of the firms give them, else each firm counts 1.
    """

    region_level: RegionLevel
    industry_level: IndustryLevel
    cells: pd.DataFrame
    size: Literal["employees", "firms"]

    def table(self, values: str = "firms") -> tuple[npt.NDArray[np.float64], pd.Index, pd.Index]:
        """Give the cells as a table (regions, industries) with its labels in order; 0 where a pair has none."""
        regions, region_labels = pd.factorize(self.cells["region"], sort=True)
        industries, industry_labels = pd.factorize(self.cells["industry"], sort=True)
        table = np.zeros((len(region_labels), len(industry_labels)))
        table[regions, industries] = self.cells[values].fillna(0).to_numpy()
        return table, pd.Index(region_labels), pd.Index(industry_labels)


def read_cube(workspace: Workspace) -> pd.DataFrame:
    """Count coded firms by county, prefecture and class; county may be missing where only the prefecture is known."""
    firms = workspace.table("enterprise")
    coded = firms.filter(firms.industry.notnull() & firms.prefecture.notnull())
    counted = coded.group_by("county", "prefecture", "industry").aggregate(
        firms=ibis._.count(),
        employees_firms=ibis._.employees.count(),
        revenue_firms=ibis._.revenue_yuan.count(),
        employees=ibis._.employees.sum(),
        revenue_yuan=ibis._.revenue_yuan.sum(),
        squares=(ibis._.employees.cast("float64") * ibis._.employees).sum(),
    )
    return workspace.to_arrow(counted).to_pandas()


def roll_up(counts: pd.DataFrame, region_level: RegionLevel, industry_level: IndustryLevel) -> Cube:
    """Sum the counts of `read_cube` to a level of regions and of industries."""
    if region_level == "county":
        counts = counts[counts["county"].notna()]
    region = {
        "county": counts["county"],
        "prefecture": counts["prefecture"],
        "province": counts["prefecture"].astype("str").str[:2] + "0000",
    }[region_level]
    level = INDUSTRY_LEVELS.index(industry_level) + 1
    names = {code: ancestor(code, level) for code in counts["industry"].unique()}
    grouped = counts.assign(region=region, industry=counts["industry"].map(names)).groupby(
        ["region", "industry"], sort=True
    )
    cells = (
        grouped[["firms", "employees_firms", "revenue_firms"]]
        .sum()
        .join(grouped[["employees", "revenue_yuan", "squares"]].sum(min_count=1))
        .reset_index()
    )
    sized = cells["employees_firms"].sum() >= 0.5 * cells["firms"].sum()
    if not sized:
        cells["squares"] = cells["firms"].astype(float)
    return Cube(region_level, industry_level, cells, "employees" if sized else "firms")
