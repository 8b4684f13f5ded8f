from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.codes import DATUMS, Datum, from_wgs84, to_wgs84

in_china_lon = st.floats(73.5, 135.0)
in_china_lat = st.floats(18.0, 53.5)
datums = st.sampled_from(DATUMS)

A_MILLIMETRE = 1e-3 / 111_200.0


def metres(lon_a, lat_a, lon_b, lat_b) -> float:
    east = (lon_a - lon_b) * np.cos(np.radians(lat_a)) * 111_200.0
    north = (lat_a - lat_b) * 111_200.0
    return float(np.hypot(east, north).max())


@given(in_china_lon, in_china_lat, datums)
def test_there_and_back_is_the_same_point_to_a_millimetre(lon: float, lat: float, datum: Datum):
    back = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert abs(back[0] - lon) < A_MILLIMETRE
    assert abs(back[1] - lat) < A_MILLIMETRE


@given(in_china_lon, in_china_lat, datums)
def test_back_and_there_is_the_same_point_to_a_millimetre(lon: float, lat: float, datum: Datum):
    again = from_wgs84(*to_wgs84(lon, lat, datum), datum)
    assert abs(again[0] - lon) < A_MILLIMETRE
    assert abs(again[1] - lat) < A_MILLIMETRE


@given(in_china_lon, in_china_lat)
def test_the_public_offset_shifts_points_in_china_by_tens_to_hundreds_of_metres(lon: float, lat: float):
    shifted = from_wgs84(lon, lat, "GCJ-02")
    assert 20.0 < metres(lon, lat, *shifted) < 1200.0


# The examples of EvilTransform's own tests.
@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_the_offset_is_the_publicly_known_one(wgs: tuple[float, float], gcj: tuple[float, float]):
    assert metres(*gcj, *from_wgs84(*wgs, "GCJ-02")) < 1e-3


def test_baidus_further_offset_is_the_publicly_known_one():
    wgs = to_wgs84([116.404], [39.915], "GCJ-02")
    lon, lat = from_wgs84(*wgs, "BD-09")
    assert lon[0] == pytest.approx(116.41036949371029, abs=1e-7)
    assert lat[0] == pytest.approx(39.92133699351021, abs=1e-7)


def test_the_offset_outside_china_is_zero():
    lon, lat = np.array([2.35, -74.0, 151.2]), np.array([48.86, 40.7, -33.9])
    for convert in (to_wgs84, from_wgs84):
        there = convert(lon, lat, "GCJ-02")
        assert np.array_equal(there[0], lon)
        assert np.array_equal(there[1], lat)


@pytest.mark.parametrize("datum", ["WGS-84", "CGCS2000"])
def test_cgcs2000_counts_as_wgs84(datum: Datum):
    assert to_wgs84([104.0], [30.6], datum)[0].tolist() == [104.0]
    assert from_wgs84([104.0], [30.6], datum)[1].tolist() == [30.6]


@pytest.mark.parametrize("datum", DATUMS)
def test_unknown_coordinates_stay_unknown(datum: Datum):
    lon, lat = to_wgs84([np.nan, 116.4], [39.9, np.nan], datum)
    assert np.isnan(lon[0])
    assert np.isnan(lat[1])
    assert to_wgs84([], [], datum)[0].size == 0


@pytest.mark.parametrize("convert", [to_wgs84, from_wgs84])
def test_a_datum_that_is_none_is_named_with_the_known_ones(convert):
    with pytest.raises(ValueError, match="unknown datum 'Beijing-54'; known are WGS-84"):
        convert([1.0], [1.0], "Beijing-54")


def test_the_given_arrays_are_left_as_they_are():
    lon, lat = np.array([116.4]), np.array([39.9])
    to_wgs84(lon, lat, "BD-09")
    assert (lon[0], lat[0]) == (116.4, 39.9)
