"""Where the makers of an atlas are: outlines of their provinces, and a point for every county or prefecture."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import shapely

from gaoyuan.codes import counties
from gaoyuan.codes.boundaries import BOUNDARIES_NOTICE, boundaries_of
from gaoyuan.report.atlas_words import place_name
from gaoyuan.report.outlines import inner_point, province_outlines
from gaoyuan.report.packing import JsonValue, pack_shapes, polygons_of

_STEP = 0.002
_PROVINCE_TOLERANCE = 0.02
_COUNTY_TOLERANCE = 0.008
_MOST_DETAILED = 2
"""Of so many provinces, those with the most local makers, county borders are drawn."""


def region_shapes(regions: pa.Table) -> tuple[dict[str, JsonValue], dict[str, np.ndarray]]:
    """Give the regions of an atlas with a point each, and the outlines of their provinces, packed.

    A division that is known to its prefecture or province only has a point in the middle of it; one that has no
    boundary, or is unknown, has none and stands in the table only.
    """
    rows = regions.to_pylist()
    known = [row for row in rows if row["division"] is not None and _province(row["division"])]
    by_province: dict[str, tuple[int, int]] = {}
    for row in known:
        province = row["division"][:2]
        local, firms = by_province.get(province, (0, 0))
        by_province[province] = (local + row["local_firms"], firms + row["firms"])
    wanted = [code for code in counties() if code[:2] in by_province]
    outlines = _simplified(boundaries_of(wanted), _COUNTY_TOLERANCE)
    provinces = {
        code: shapely.simplify(shape, _PROVINCE_TOLERANCE) for code, shape in province_outlines(outlines).items()
    }
    detailed = sorted(by_province, key=lambda code: by_province[code], reverse=True)[:_MOST_DETAILED]
    borders = {code: shape for code, shape in outlines.items() if code[:2] in detailed}
    points = [_point(row["division"], outlines) for row in rows]
    header: dict[str, JsonValue] = {
        "code": [row["division"] for row in rows],
        "name": ["所在地未知 unknown" if row["division"] is None else place_name(row["division"]) for row in rows],
        "firms": [row["firms"] for row in rows],
        "local": [row["local_firms"] for row in rows],
        "products": [row["products"] for row in rows],
        "whole": [row["division"] is not None and row["division"].endswith("00") for row in rows],
        "x": [None if point is None else round(point[0], 4) for point in points],
        "y": [None if point is None else round(point[1], 4) for point in points],
        "province_code": list(provinces),
        "province": [place_name(code + "0000") for code in provinces],
        "province_at": [_label(shape) for shape in provinces.values()],
        "counties": len(borders),
        "county_code": list(borders),
        "step": _STEP,
        "notice": BOUNDARIES_NOTICE,
    }
    return header, {
        "province_shape": pack_shapes(provinces.values(), _STEP),
        "county_shape": pack_shapes(borders.values(), _STEP),
    }


def _province(code: str) -> bool:
    return len(code) == 6 and code.isdecimal() and any(own[:2] == code[:2] for own in counties())


def _simplified(shapes: dict[str, shapely.Geometry], tolerance: float) -> dict[str, shapely.Geometry]:
    """Simplify counties so that neighbours still meet, as `gaoyuan.report.outlines` does for all of them."""
    whole = [shapely.multipolygons(polygons_of(shape)) for shape in shapes.values()]
    if not whole:
        return {}
    simple = shapely.coverage_simplify(np.array(whole, dtype=object), tolerance)
    return {
        code: small if polygons_of(small) else full for code, small, full in zip(shapes, simple, whole, strict=True)
    }


def _point(code: str | None, outlines: dict[str, shapely.Geometry]) -> tuple[float, float] | None:
    if code is None:
        return None
    if code in outlines:
        return inner_point(outlines[code])
    prefix = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
    parts = [part for own, shape in outlines.items() if own.startswith(prefix) for part in polygons_of(shape)]
    if not parts:
        return None
    return inner_point(shapely.union_all([shapely.make_valid(part) for part in parts]))


def _label(shape: shapely.Geometry) -> list[JsonValue]:
    x, y = inner_point(shape)
    return [round(x, 4), round(y, 4)]
