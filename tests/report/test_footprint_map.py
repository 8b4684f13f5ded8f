"""The map of a footprint."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely

from gaoyuan.codes.boundaries import BOUNDARIES_NOTICE
from gaoyuan.report.footprint_map import footprint_map

SVG = "{http://www.w3.org/2000/svg}"
COUNTY = shapely.box(115.0, 38.0, 116.0, 38.8)
LARGE = shapely.box(115.1, 38.1, 115.9, 38.7)
SMALL = shapely.Point(115.3, 38.3).buffer(0.02)


def _texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def _boxes(svg: str, fill: str) -> list[tuple[float, float]]:
    """Give width and height of the shapes with a fill."""
    boxes = []
    for path in ElementTree.fromstring(svg).iter(f"{SVG}path"):
        if path.get("fill") == fill:
            numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.get("d", ""))]
            xs, ys = numbers[::2], numbers[1::2]
            boxes.append((max(xs) - min(xs), max(ys) - min(ys)))
    return boxes


def test_a_degree_of_longitude_is_shorter_than_one_of_latitude():
    (wide, high), *_ = _boxes(footprint_map(LARGE, {"高阳县": COUNTY}), "#e0b1a4")
    assert wide / high == pytest.approx(0.8 / 0.6 * np.cos(np.radians(38.4)), rel=0.01)


def test_the_notice_the_county_and_the_scale_are_written():
    texts = _texts(footprint_map(LARGE, {"高阳县<b>": COUNTY}))
    assert BOUNDARIES_NOTICE in texts
    assert "高阳县<b>" in texts
    assert any(re.fullmatch(r"\d+ km", text) for text in texts)


def test_a_small_footprint_is_drawn_twice_a_large_one_once():
    # The key has a box of its own.
    assert len(_boxes(footprint_map(LARGE, {"甲": COUNTY}), "#e0b1a4")) == 2
    twice = _boxes(footprint_map(SMALL, {"甲": COUNTY}), "#e0b1a4")
    assert len(twice) == 3
    assert twice[1][0] > 5 * twice[0][0]


def test_the_scale_bar_is_as_long_as_it_says():
    drawn = footprint_map(LARGE, {"甲": COUNTY})
    kilometres = float(next(text for text in _texts(drawn) if text.endswith(" km"))[:-3])
    bar = next(
        path.get("d", "")
        for path in ElementTree.fromstring(drawn).iter(f"{SVG}path")
        if path.get("stroke-width") == "2"
    )
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", bar)]
    (wide, _), *_ = _boxes(drawn, "#e0b1a4")
    degrees = (numbers[2] - numbers[0]) / wide * 0.8
    assert degrees * np.cos(np.radians(38.4)) * 111.195 == pytest.approx(kilometres, rel=0.01)


def test_points_that_are_unknown_are_left_out_and_many_are_thinned():
    some = np.array([[115.5, 38.4], [np.nan, 38.4], [115.5, np.inf]])
    drawn = footprint_map(LARGE, {"甲": COUNTY}, points=some)
    assert "企业" in _texts(drawn)
    many = np.column_stack([np.linspace(115.1, 115.9, 20_000), np.full(20_000, 38.4)])
    assert len(footprint_map(LARGE, {"甲": COUNTY}, points=many)) < 600_000
    assert "企业" not in _texts(footprint_map(LARGE, {"甲": COUNTY}, points=np.empty((0, 2))))


def test_without_a_footprint_the_county_is_drawn_and_without_both_nothing():
    assert "甲" in _texts(footprint_map(shapely.Polygon(), {"甲": COUNTY}))
    assert footprint_map(LARGE, {})
    with pytest.raises(ValueError, match="neither a footprint nor a county"):
        footprint_map(shapely.Polygon(), {})
    with pytest.raises(ValueError, match="not degrees"):
        footprint_map(shapely.box(400_000, 4_000_000, 410_000, 4_010_000), {})


def test_equal_input_gives_equal_maps_and_holes_stay_empty():
    ring = shapely.Point(115.5, 38.4).buffer(0.3).difference(shapely.Point(115.5, 38.4).buffer(0.1))
    drawn = footprint_map(ring, {"甲": COUNTY})
    assert drawn == footprint_map(ring, {"甲": COUNTY})
    shape = next(path for path in ElementTree.fromstring(drawn).iter(f"{SVG}path") if path.get("fill") == "#e0b1a4")
    assert shape.get("d", "").count("M") == 2
