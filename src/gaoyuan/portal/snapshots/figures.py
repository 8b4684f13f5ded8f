"""The figures of regions and industries as each audience sees them, read once for all parts that write them."""

from __future__ import annotations

from gaoyuan.portal.snapshots.models import Audience
from gaoyuan.portal.snapshots.sums import RegionalFigures, public_figures
from gaoyuan.workspace import Workspace

Figures = dict[Audience, RegionalFigures]


def read_figures(workspace: Workspace) -> Figures:
    """Read cells by level, industry and region, regions by level, and measures by industry; and what of them is shown
    to the public.
    """
    cells = workspace.read("region_industry").to_pandas()
    cells = cells.sort_values(["region_level", "industry", "region"], ignore_index=True)
    regions = workspace.read("region_measure").to_pandas().sort_values(["region_level", "region"], ignore_index=True)
    measures = workspace.read("industry_measure").to_pandas()
    measures = measures.sort_values(["industry", "region_level"], ignore_index=True)
    shown_as_clusters = workspace.read("cluster", ["found_by", "county", "industry"]).to_pandas().dropna()
    kept = shown_as_clusters[shown_as_clusters["found_by"] == "counties"]
    return {
        Audience.OFFICE: RegionalFigures(cells, regions, measures),
        Audience.PUBLIC: public_figures(
            cells, regions, measures, kept=zip(kept["county"], kept["industry"], strict=True)
        ),
    }
