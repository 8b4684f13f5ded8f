"""Boundaries for the page: simple enough to be small, and neighbours still meet."""

from __future__ import annotations

import numpy as np
import shapely

from gaoyuan.codes.boundaries import county_boundaries
from gaoyuan.report.packing import polygons_of

_LARGEST_GAP_SQUARE_DEGREES = 1e-3


def county_outlines(tolerance: float) -> dict[str, shapely.Geometry]:
    """Give the simplified boundaries of all counties that have one, WGS-84.

    Neighbours stay together: a border is simplified once for both sides (Visvalingam–Whyatt on the coverage). A corner
    that carries a triangle of less than `tolerance`² square degrees goes. A county too small for that stays as it is.
    """
    boundaries = county_boundaries()
    whole = [shapely.multipolygons(polygons_of(shape)) for shape in boundaries.values()]
    simple = shapely.coverage_simplify(np.array(whole, dtype=object), tolerance)
    return {
        code: small if polygons_of(small) else full for code, small, full in zip(boundaries, simple, whole, strict=True)
    }


def province_outlines(counties: dict[str, shapely.Geometry]) -> dict[str, shapely.Geometry]:
    """Join outlines of counties to those of their provinces, by the first two digits of the codes."""
    by_province: dict[str, list[shapely.Geometry]] = {}
    for code, shape in counties.items():
        by_province.setdefault(code[:2], []).extend(shapely.make_valid(part) for part in polygons_of(shape))
    return {province: _without_slivers(shapely.union_all(parts)) for province, parts in by_province.items()}


def inner_point(shape: shapely.Geometry) -> tuple[float, float]:
    """Give a point inside the largest polygon of a shape, its centroid where that will do: longitude and latitude.

    >>> inner_point(shapely.box(0, 0, 2, 2))
    (1.0, 1.0)
    """
    largest = max(polygons_of(shape), key=lambda polygon: polygon.area)
    centre = largest.centroid
    point = centre if largest.contains(centre) else largest.representative_point()
    return point.x, point.y


def _without_slivers(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Close the gaps that neighbours which do not quite meet leave inside a union."""
    parts = []
    for part in polygons_of(shape):
        holes = [ring for ring in part.interiors if shapely.Polygon(ring).area > _LARGEST_GAP_SQUARE_DEGREES]
        parts.append(shapely.Polygon(part.exterior, holes))
    return shapely.multipolygons(parts)
