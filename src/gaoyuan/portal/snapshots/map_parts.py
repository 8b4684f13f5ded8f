"""Footprints of clusters for the map, in one part a division of the classification (two digits)."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pandas as pd
import shapely

from gaoyuan.portal.snapshots.models import Audience
from gaoyuan.portal.snapshots.parts import PartContent, Plain
from gaoyuan.portal.snapshots.suppression import hidden
from gaoyuan.report.outlines import inner_point
from gaoyuan.report.packing import pack_shapes, polygons_of
from gaoyuan.workspace import Workspace

_STEP_DEGREES = 0.0005


def read(workspace: Workspace) -> Iterator[PartContent]:
    """Give the footprints of the clusters of each division that has some; the public is not shown those whose figures
    are hidden.
    """
    columns = ["cluster_id", "industry", "rank", "firms", "footprint"]
    clusters = workspace.read("cluster", columns).to_pandas().sort_values("rank", kind="stable")
    held = clusters[clusters["footprint"].notna() & clusters["industry"].notna()]
    for audience in Audience:
        shown = held if audience == Audience.OFFICE else held[~hidden(held["firms"].fillna(0))]
        for division, rows in shown.groupby(shown["industry"].str[:2]):
            yield PartContent(audience, "footprints", str(division), _packed(rows))


def _packed(rows: pd.DataFrame) -> dict[str, Plain]:
    shapes = [shapely.from_wkb(footprint) for footprint in rows["footprint"]]
    points = [inner_point(shape) if polygons_of(shape) else None for shape in shapes]
    return {
        "cluster_id": [str(one) for one in rows["cluster_id"]],
        "x": [round(point[0], 4) if point else None for point in points],
        "y": [round(point[1], 4) if point else None for point in points],
        "step": _STEP_DEGREES,
        "shapes": base64.b64encode(pack_shapes(shapes, _STEP_DEGREES).tobytes()).decode(),
    }
