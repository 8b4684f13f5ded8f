"""Industries in regions: one part an industry and level for the map, one a region for its page."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gaoyuan.portal.snapshots.columns import grouped_columns, plain_columns, plain_rows
from gaoyuan.portal.snapshots.figures import Figures
from gaoyuan.portal.snapshots.models import Audience
from gaoyuan.portal.snapshots.parts import PartContent, Plain
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


def read(workspace: Workspace, figures: Figures) -> Iterator[PartContent]:
    """Give the parts of industries and regions."""
    named = ["industry_level", "industry", "industry_name", *FIGURES, *_KNOWN]
    order = _lowest(figures[Audience.OFFICE].cells).sort_values(["region", "industry"], kind="stable").index
    for audience, shown in figures.items():
        by_industry = grouped_columns(shown.cells, ["region_level", "industry"], ["region", *FIGURES])
        for (level, industry), columns in by_industry:
            yield PartContent(audience, "industry", f"{level}:{industry}", columns)
        measures = {str(row["region"]): row for row in plain_rows(_lowest(shown.regions))}
        for (region,), columns in grouped_columns(shown.cells.loc[order], ["region"], named):
            content: dict[str, Plain] = dict(measures.get(region, {}))
            content["industries"] = columns
            yield PartContent(audience, "region", region, content)
    yield from _about_industries(workspace, figures)


def _lowest(rows: pd.DataFrame) -> pd.DataFrame:
    """Give rows with each region at one level: one that stands at two is taken at the lower."""
    held = rows[["region_level", "region"]].drop_duplicates()
    held = held.assign(order=held["region_level"].map({level: at for at, level in enumerate(_LEVELS)}))
    lower = held.sort_values("order").drop_duplicates("region").set_index("region")["region_level"]
    if len(lower) == len(held):
        return rows
    return rows[rows["region_level"].to_numpy() == rows["region"].map(lower).to_numpy()]


def _about_industries(workspace: Workspace, figures: Figures) -> Iterator[PartContent]:
    pairs = workspace.read("industry_pair").to_pandas()
    both = pd.concat([pairs, pairs.rename(columns={"industry_a": "industry_b", "industry_b": "industry_a"})])
    both = both.sort_values(["industry_a", "proximity"], ascending=[True, False], kind="stable")
    related = {str(code): rows.head(_RELATED) for code, rows in both.groupby("industry_a", sort=False)}
    for audience, shown in figures.items():
        for code, rows in shown.measures.groupby("industry", sort=False):
            content = plain_columns(rows, ["region_level", *_MEASURES])
            content["industry_name"] = str(rows["industry_name"].iloc[0])
            if str(code) in related:
                content["related"] = plain_columns(related[str(code)], ["industry_b", "proximity", "coagglomeration"])
            yield PartContent(audience, "about_industry", str(code), content)
