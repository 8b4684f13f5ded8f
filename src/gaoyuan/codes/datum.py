"""Conversions between the datums in which Chinese coordinates come.

WGS-84 is the world's; CGCS2000 agrees with it to decimetres and is taken as equal. GCJ-02 is the offset datum that
public maps in China must use, BD-09 is Baidu's further offset of it. The offsets are the publicly known formulae (of
the EvilTransform project and of Baidu's developer pages); neither has a closed inverse, so the way back is iterated to
below a millimetre. Outside China the GCJ-02 offset is zero.

All functions take and give degrees, longitude first, as float arrays of one shape; NaN stays NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

Datum = Literal["WGS-84", "CGCS2000", "GCJ-02", "BD-09"]
DATUMS: tuple[str, ...] = get_args(Datum)

Degrees = npt.NDArray[np.float64]

_SEMI_MAJOR_AXIS_M = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BAIDU_ANGLE = np.pi * 3000.0 / 180.0


def to_wgs84(longitude: npt.ArrayLike, latitude: npt.ArrayLike, datum: Datum) -> tuple[Degrees, Degrees]:
    """Convert coordinates of a datum to WGS-84; raises ValueError for a datum that is not one of `DATUMS`.

    >>> lon, lat = to_wgs84([116.404], [39.915], "GCJ-02")
    >>> float(lon[0].round(4)), float(lat[0].round(4))
    (116.3978, 39.9136)
    """
    lon, lat = _arrays(longitude, latitude)
    if datum in ("WGS-84", "CGCS2000"):
        return lon, lat
    if datum == "GCJ-02":
        return _invert(_wgs84_to_gcj02, lon, lat)
    if datum == "BD-09":
        return _invert(_wgs84_to_gcj02, *_invert(_gcj02_to_bd09, lon, lat))
    raise ValueError(f"unknown datum {datum!r}; known are {', '.join(DATUMS)}")


def from_wgs84(longitude: npt.ArrayLike, latitude: npt.ArrayLike, datum: Datum) -> tuple[Degrees, Degrees]:
    """Convert WGS-84 coordinates to another datum; raises ValueError for a datum that is not one of `DATUMS`.

    >>> lon, lat = from_wgs84([116.3978], [39.9136], "GCJ-02")
    >>> float(lon[0].round(3)), float(lat[0].round(3))
    (116.404, 39.915)
    """
    lon, lat = _arrays(longitude, latitude)
    if datum in ("WGS-84", "CGCS2000"):
        return lon, lat
    if datum == "GCJ-02":
        return _wgs84_to_gcj02(lon, lat)
    if datum == "BD-09":
        return _gcj02_to_bd09(*_wgs84_to_gcj02(lon, lat))
    raise ValueError(f"unknown datum {datum!r}; known are {', '.join(DATUMS)}")


def _arrays(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> tuple[Degrees, Degrees]:
    return np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)


def _outside_china(lon: Degrees, lat: Degrees) -> npt.NDArray[np.bool_]:
    return (lon < 72.004) | (lon > 137.8347) | (lat < 0.8293) | (lat > 55.8271)


def _offset(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = (20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi / 3.0 * y)) * 2.0 / 3.0
    north += (160.0 * np.sin(np.pi / 12.0 * y) + 320.0 * np.sin(np.pi / 30.0 * y)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi / 3.0 * x)) * 2.0 / 3.0
    east += (150.0 * np.sin(np.pi / 12.0 * x) + 300.0 * np.sin(np.pi / 30.0 * x)) * 2.0 / 3.0
    phi = np.radians(lat)
    curvature = 1.0 - _ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    meridian_m = _SEMI_MAJOR_AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / curvature**1.5
    parallel_m = _SEMI_MAJOR_AXIS_M / np.sqrt(curvature) * np.cos(phi)
    outside = _outside_china(lon, lat)
    return np.where(outside, 0.0, np.degrees(east / parallel_m)), np.where(outside, 0.0, np.degrees(north / meridian_m))


def _wgs84_to_gcj02(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    east, north = _offset(lon, lat)
    return lon + east, lat + north


def _invert(
    forward: Callable[[Degrees, Degrees], tuple[Degrees, Degrees]], lon: Degrees, lat: Degrees
) -> tuple[Degrees, Degrees]:
    # The offsets change by less than a thousandth over their own length, so the fixed point is reached to 1e-9 degrees
    # in five rounds.
    guess_lon, guess_lat = lon.copy(), lat.copy()
    for _ in range(5):
        moved_lon, moved_lat = forward(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - moved_lon, guess_lat + lat - moved_lat
    return guess_lon, guess_lat


def _gcj02_to_bd09(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_ANGLE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_ANGLE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
