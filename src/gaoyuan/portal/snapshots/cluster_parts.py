"""Clusters: the list, and one part each with all that its page says."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pandas as pd
import shapely

from gaoyuan.observe.comparing import FEWEST_FIRMS, LEAST_COVERAGE_RATIO
from gaoyuan.portal.snapshots.cluster_detail_parts import read_details, sizes_known
from gaoyuan.portal.snapshots.columns import plain_columns, plain_row
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
    clusters = workspace.read("cluster").to_pandas().sort_values("rank", kind="stable")
    clusters = clusters.join(sizes_known(details), on="cluster_id")
    for audience in Audience:
        shown = clusters
        if audience == Audience.PUBLIC:
            shown = suppressed(clusters, _COVERS)
            shown["footprint"] = shown["footprint"].where(shown["firms"].notna(), None)
        listed: dict[str, Plain] = dict(plain_columns(shown, list(LISTED)))
        # What a comparison may rest on, so that pages need not load the measures to say it.
        listed |= {"fewest_firms": FEWEST_FIRMS, "least_coverage_ratio": LEAST_COVERAGE_RATIO}
        yield PartContent(audience, "clusters", "", listed)
        for row in shown.to_dict("records"):
            key = str(row["cluster_id"])
            footprint = row.pop("footprint")
            content: dict[str, Plain] = dict(plain_row({str(name): value for name, value in row.items()}))
            content["footprint"] = None if pd.isna(footprint) else _geojson(footprint)
            content |= details.of(key, audience)
            yield PartContent(audience, "cluster", key, content)


def _states(workspace: Workspace) -> dict[str, str]:
    """Say of products that are gaps how the chain of the whole register stands with them."""
    if not workspace.has("chain_gap"):
        return {}
    rows = workspace.read("chain_gap", ["product", "state"]).to_pandas().drop_duplicates("product")
    return dict(zip(rows["product"].astype(str), rows["state"].astype(str), strict=True))


def _geojson(footprint: bytes) -> Plain:
    return json.loads(shapely.to_geojson(shapely.set_precision(shapely.from_wkb(footprint), 1e-5)))
