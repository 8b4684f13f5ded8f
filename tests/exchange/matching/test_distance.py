"""Distances."""

from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.exchange.matching.distance import EARTH_RADIUS_KM, distances_km


def test_a_quarter_of_the_equator_a_pole_and_the_place_itself() -> None:
    found = distances_km((0, 0), np.array([90.0, 17.0, 0.0, 180.0]), np.array([0.0, 90.0, 0.0, 0.0]))
    quarter = EARTH_RADIUS_KM * np.pi / 2
    assert found == pytest.approx([quarter, quarter, 0, 2 * quarter])


def test_an_unknown_place_has_an_unknown_distance() -> None:
    assert np.isnan(distances_km((0, 0), np.array([np.nan]), np.array([0.0])))[0]
