"""Clusters and their footprints for the map, in one part a division of the classification (two digits)."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pandas as pd
import shapely

from gaoyuan.portal.snapshots.columns import plain_columns
from gaoyuan.portal.snapshots.models import Audience
from gaoyuan.portal.snapshots.parts import PartContent, Plain
from gaoyuan.portal.snapshots.suppression import hidden
from gaoyuan.report.outlines import inner_point
from gaoyuan.report.packing import pack_shapes, polygons_of
from gaoyuan.workspace import Workspace

_STEP_DEGREES = 0.0005
_ROW = ("cluster_id", "name", "county", "industry", "firms", "location_quotient")


def read(workspace: Workspace) -> Iterator[PartContent]:
    """Give the clusters of each division that has some, the strongest first, with their footprints."""
    for audience in Audience:
        shown = _shown(workspace, audience)
        for division, rows in shown.groupby(shown["industry"].str[:2]):
            yield PartContent(audience, "footprints", str(division), _packed(rows))


def divisions_with_clusters(workspace: Workspace, audience: Audience) -> list[str]:
    """Give the divisions of the classification that have a part of footprints."""
    return sorted(set(_shown(workspace, audience)["industry"].str[:2]))


def _shown(workspace: Workspace, audience: Audience) -> pd.DataFrame:
    """Give the clusters by industry; the public is not shown those whose figures are hidden."""
    clusters = workspace.read("cluster", [*_ROW, "rank", "footprint"]).to_pandas().sort_values("rank", kind="stable")
    held = clusters[clusters["industry"].notna()]
    return held if audience == Audience.OFFICE else held[~hidden(held["firms"].fillna(0))]


def _packed(rows: pd.DataFrame) -> dict[str, Plain]:
    shapes = [shapely.from_wkb(None if pd.isna(footprint) else footprint) for footprint in rows["footprint"]]
    points = [inner_point(shape) if shape is not None and polygons_of(shape) else None for shape in shapes]
    return {
        **plain_columns(rows, list(_ROW)),
        "x": [round(point[0], 4) if point else None for point in points],
        "y": [round(point[1], 4) if point else None for point in points],
        "step": _STEP_DEGREES,
        "shapes": base64.b64encode(pack_shapes(shapes, _STEP_DEGREES).tobytes()).decode(),
    }
