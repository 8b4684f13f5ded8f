from __future__ import annotations

import shapely

from gaoyuan.codes.boundaries import county_boundaries
from gaoyuan.report.outlines import county_outlines, inner_point, province_outlines
from gaoyuan.report.packing import polygons_of


def test_every_county_with_a_boundary_keeps_an_outline_near_it():
    outlines = county_outlines(0.012)
    boundaries = county_boundaries()
    assert outlines.keys() == boundaries.keys()
    for code in ("130628", "110101", "330282"):
        both = shapely.area(shapely.intersection(outlines[code], boundaries[code]))
        assert both > 0.85 * max(shapely.area(outlines[code]), shapely.area(boundaries[code]))


def test_simplified_neighbours_still_share_their_border():
    outlines = county_outlines(0.012)
    # Gaoyang and Li county share a border.
    border = shapely.intersection(outlines["130628"], outlines["130635"])
    assert shapely.length(border) > 0.05
    assert shapely.area(border) < 1e-6


def test_a_province_is_its_counties_and_has_no_slits():
    counties = {code: shape for code, shape in county_outlines(0.012).items() if code.startswith("36")}
    jiangxi = province_outlines(counties)["36"]
    assert abs(shapely.area(jiangxi) - sum(shapely.area(shape) for shape in counties.values())) < 0.01
    assert all(shapely.Polygon(ring).area > 1e-3 for part in polygons_of(jiangxi) for ring in part.interiors)


def test_the_point_of_a_crescent_lies_inside_it():
    crescent = shapely.difference(shapely.Point(0, 0).buffer(2), shapely.Point(0.6, 0).buffer(1.9))
    assert shapely.contains_xy(crescent, *inner_point(crescent))
