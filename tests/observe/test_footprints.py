"""Footprints: the ground that member firms stand on."""

from __future__ import annotations

import h3ronpy
import numpy as np
import pyarrow as pa
import pytest
import shapely

from gaoyuan.codes.boundaries import cells_of_points
from gaoyuan.observe.footprints import area_km2, closed, outline


def _disk(rings):
    """The cells within some rings of one in Baoding, itself first."""
    centre = cells_of_points(np.array([115.8]), np.array([38.7]))
    found = h3ronpy.grid_disk_distances(pa.array(centre, pa.uint64()), rings, flatten=True)
    table = pa.record_batch(found)
    order = np.argsort(np.asarray(table.column("k")), kind="stable")
    return np.asarray(table.column("cell"))[order].astype(np.uint64)


def test_a_hole_of_one_cell_is_closed_and_nothing_grows_beyond():
    disk = _disk(2)
    ground = closed(disk[1:])
    assert set(ground.tolist()) == set(disk.tolist())


def test_a_lone_cell_stays_alone():
    lone = _disk(0)
    assert closed(lone).tolist() == lone.tolist()
    assert closed(np.empty(0, np.uint64)).size == 0


def test_closing_keeps_every_cell_and_doing_it_again_adds_none(random):
    for _ in range(10):
        cells = random.choice(_disk(6), 40, replace=False)
        ground = closed(cells)
        assert np.isin(cells, ground).all()
        np.testing.assert_array_equal(closed(ground), ground)


def test_the_area_is_the_sum_of_the_cells_whatever_their_order():
    disk = _disk(3)
    # Cells of resolution 8 have 0.74 km² on average over the earth, less here, and nearly the same within a few km.
    assert area_km2(disk) == pytest.approx(37 * area_km2(disk[:1]), rel=0.01)
    assert 0.4 < area_km2(disk[:1]) < 0.9
    assert area_km2(disk[::-1]) == pytest.approx(area_km2(disk), rel=1e-12)
    assert area_km2(np.empty(0, np.uint64)) == 0.0


def test_the_outline_covers_the_cells_and_only_them():
    disk = _disk(4)
    shape = outline(disk)
    assert isinstance(shape, shapely.Polygon)
    assert shape.is_valid
    # Degrees to km² at 38.7° N, to a percent.
    area = shape.area * 111.2**2 * np.cos(np.radians(38.7))
    assert area == pytest.approx(area_km2(disk), rel=0.02)


def test_parts_that_do_not_touch_are_outlined_apart_and_a_hole_stays_one():
    disk = _disk(4)
    apart = outline(np.array([disk[0], disk[-1]]))
    assert isinstance(apart, shapely.MultiPolygon)
    ring = outline(disk[1:7])
    assert isinstance(ring, shapely.Polygon)
    assert len(ring.interiors) == 1


def test_no_cells_have_an_empty_outline():
    assert shapely.is_empty(outline(np.empty(0, np.uint64)))
