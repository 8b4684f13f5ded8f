"""Distances on the earth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["distances_km"]

Column = npt.NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0


def distances_km(place: tuple[float, float], longitude: Column, latitude: Column) -> Column:
    """Give great-circle distances in km from a place, by the haversine formula on a sphere of 6,371 km; NaN stays.

    >>> distances_km((116.4, 39.9), np.array([121.47]), np.array([31.23])).round().tolist()
    [1067.0]
    """
    at_longitude, at_latitude = np.radians(place[0]), np.radians(place[1])
    longitude, latitude = np.radians(longitude), np.radians(latitude)
    chord = np.sin((latitude - at_latitude) / 2) ** 2
    chord = chord + np.cos(at_latitude) * np.cos(latitude) * np.sin((longitude - at_longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
