"""Industries in regions: one part an industry and level for the map, one a region for its page."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gaoyuan.portal.snapshots.columns import grouped_columns, plain_columns, plain_rows
from gaoyuan.portal.snapshots.models import Audience
from gaoyuan.portal.snapshots.parts import PartContent, Plain
from gaoyuan.portal.snapshots.suppression import suppressed
from gaoyuan.workspace import Workspace

FIGURES = (
    "firms",
    "employees",
    "revenue_yuan",
    "share_of_region",
    "expected",
    "location_quotient",
    "p_value",
    "q_value",
    "density",
)
_KNOWN = ("employees_firms", "revenue_firms")
_COVERS = dict.fromkeys(FIGURES, "firms") | {
    "employees": "employees_firms",
    "revenue_yuan": "revenue_firms",
    "employees_firms": "employees_firms",
    "revenue_firms": "revenue_firms",
}
_LEVELS = ("county", "prefecture", "province")
_RELATED = 12
_MEASURES = (
    "firms",
    "regions",
    "gini",
    "krugman",
    "raw_concentration",
    "herfindahl",
    "ellison_glaeser",
    "size",
    "ubiquity",
    "complexity",
)


def read(workspace: Workspace) -> Iterator[PartContent]:
    """Give the parts of industries and regions."""
    cells = workspace.read("region_industry").to_pandas()
    cells = cells.sort_values(["region_level", "industry", "region"], ignore_index=True)
    by_region = _lowest(cells).sort_values(["region", "industry"], kind="stable").index
    regions = workspace.read("region_measure").to_pandas()
    named = ["industry_level", "industry", "industry_name", *FIGURES, *_KNOWN]
    for audience in Audience:
        shown = cells if audience == Audience.OFFICE else suppressed(cells, _COVERS)
        for (level, industry), columns in grouped_columns(shown, ["region_level", "industry"], ["region", *FIGURES]):
            yield PartContent(audience, "industry", f"{level}:{industry}", columns)
        kept = regions if audience == Audience.OFFICE else _of_public(regions)
        measures = {str(row["region"]): row for row in plain_rows(_lowest(kept))}
        for (region,), columns in grouped_columns(shown.loc[by_region], ["region"], named):
            content: dict[str, Plain] = dict(measures.get(region, {}))
            content["industries"] = columns
            yield PartContent(audience, "region", region, content)
    yield from _about_industries(workspace)


def _lowest(rows: pd.DataFrame) -> pd.DataFrame:
    """Give rows with each region at one level: one that stands at two is taken at the lower."""
    held = rows[["region_level", "region"]].drop_duplicates()
    held = held.assign(order=held["region_level"].map({level: at for at, level in enumerate(_LEVELS)}))
    lower = held.sort_values("order").drop_duplicates("region").set_index("region")["region_level"]
    if len(lower) == len(held):
        return rows
    return rows[rows["region_level"].to_numpy() == rows["region"].map(lower).to_numpy()]


def _of_public(regions: pd.DataFrame) -> pd.DataFrame:
    figures = [name for name in regions.columns if name not in {"region_level", "region", "region_name", "run"}]
    of_coded = [name for name in figures if name not in {"firms", "coverage"}]
    return suppressed(suppressed(regions, dict.fromkeys(of_coded, "coded")), {"firms": "firms", "coverage": "firms"})


def _about_industries(workspace: Workspace) -> Iterator[PartContent]:
    measured = workspace.read("industry_measure").to_pandas().sort_values(["industry", "region_level"])
    pairs = workspace.read("industry_pair").to_pandas()
    both = pd.concat([pairs, pairs.rename(columns={"industry_a": "industry_b", "industry_b": "industry_a"})])
    both = both.sort_values(["industry_a", "proximity"], ascending=[True, False], kind="stable")
    related = {str(code): rows.head(_RELATED) for code, rows in both.groupby("industry_a", sort=False)}
    for audience in Audience:
        shown = measured
        if audience == Audience.PUBLIC:
            shown = suppressed(measured, dict.fromkeys(_MEASURES, "firms"))
        for code, rows in shown.groupby("industry", sort=False):
            content = plain_columns(rows, ["region_level", *_MEASURES])
            content["industry_name"] = str(rows["industry_name"].iloc[0])
            if str(code) in related:
                content["related"] = plain_columns(related[str(code)], ["industry_b", "proximity", "coagglomeration"])
            yield PartContent(audience, "about_industry", str(code), content)
