"""Clusters: the list, and one part each with all that its page says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import orjson
import pandas as pd
import shapely

from gaoyuan.observe.comparing import FEWEST_FIRMS, LEAST_COVERAGE_RATIO
from gaoyuan.portal.snapshots.cluster_detail_parts import read_details
from gaoyuan.portal.snapshots.columns import plain_columns, plain_rows
from gaoyuan.portal.snapshots.models import Audience
from gaoyuan.portal.snapshots.parts import PartContent, Plain
from gaoyuan.portal.snapshots.suppression import suppressed
from gaoyuan.workspace import Workspace

LISTED = (
    "cluster_id",
    "name",
    "county",
    "county_name",
    "industry",
    "industry_name",
    "theme",
    "found_by",
    "recognised",
    "rank",
    "firms",
    "expected",
    "location_quotient",
    "q_value",
    "minus_log10_p",
    "employees",
    "revenue_yuan",
    "area_km2",
    "stability",
)
_FIGURES = (
    "firms",
    "expected",
    "location_quotient",
    "p_value",
    "q_value",
    "minus_log10_p",
    "employees",
    "revenue_yuan",
    "area_km2",
    "stability",
    "size_coverage",
)
_COUNTS = ("place_firms", "industry_firms", "tested_firms", "window_firms", "window_place_firms")
_COVERS: dict[str, str] = {
    **dict.fromkeys((*_FIGURES, *_COUNTS), "firms"),
    **dict.fromkeys(("employees", "employees_firms"), "employees_firms"),
    **dict.fromkeys(("revenue_yuan", "size_coverage", "revenue_firms"), "revenue_firms"),
}


def read(workspace: Workspace) -> Iterator[PartContent]:
    """Give the list of clusters and each cluster; members one by one are in the parts of offices alone."""
    details = read_details(workspace, _states(workspace))
    clusters = workspace.read("cluster").to_pandas().sort_values("rank", kind="stable", ignore_index=True)
    clusters = clusters.join(details.sizes_known, on="cluster_id")
    drawn = _geojson(clusters.pop("footprint"))
    for audience in Audience:
        shown = clusters if audience == Audience.OFFICE else suppressed(clusters, _COVERS)
        listed: dict[str, Plain] = dict(plain_columns(shown, list(LISTED)))
        # What a comparison may rest on, so that pages need not load the measures to say it.
        listed |= {"fewest_firms": FEWEST_FIRMS, "least_coverage_ratio": LEAST_COVERAGE_RATIO}
        yield PartContent(audience, "clusters", "", listed)
        for content, footprint in zip(plain_rows(shown), drawn, strict=True):
            key = str(content["cluster_id"])
            # A footprint of hidden figures is hidden too.
            content["footprint"] = footprint if audience == Audience.OFFICE or content["firms"] is not None else None
            content |= details.of(key, audience)
            yield PartContent(audience, "cluster", key, content)


def _states(workspace: Workspace) -> dict[str, str]:
    """Say of products that are gaps how the chain of the whole register stands with them."""
    if not workspace.has("chain_gap"):
        return {}
    rows = workspace.read("chain_gap", ["product", "state"]).to_pandas().drop_duplicates("product")
    return dict(zip(rows["product"].astype(str), rows["state"].astype(str), strict=True))


def _geojson(footprints: pd.Series) -> list[orjson.Fragment | None]:
    """Draw each footprint to the metre."""
    known = footprints.notna().to_numpy()
    drawn: list[orjson.Fragment | None] = [None] * len(footprints)
    shapes = shapely.set_precision(shapely.from_wkb(footprints[known].to_numpy()), 1e-5)
    for at, text in zip(np.flatnonzero(known).tolist(), shapely.to_geojson(shapes).tolist(), strict=True):
        drawn[at] = orjson.Fragment(text)
    return drawn
