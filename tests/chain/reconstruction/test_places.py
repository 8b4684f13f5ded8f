from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.chain.reconstruction.places import filled_positions, gathered, positions


def test_distances_are_those_over_the_ground():
    beijing, shanghai = positions([116.397, 121.474], [39.909, 31.230])
    # The great-circle distance is 1,067 km; a chord of that length is a kilometre shorter.
    assert np.linalg.norm(beijing - shanghai) == pytest.approx(1066, abs=2)


def test_a_firm_without_a_position_stands_where_the_others_of_its_county_do():
    known = positions([118.0, 119.0, 121.0, np.nan, np.nan, np.nan], [36.0, 36.0, 36.0, np.nan, np.nan, np.nan])
    county, prefecture = np.array([0, 0, 1, 0, 5, -1]), np.array([0, 0, 1, 0, 1, -1])
    found, filled = filled_positions(known, county, prefecture)
    assert filled.tolist() == [False] * 3 + [True] * 3
    np.testing.assert_allclose(found[3], known[:2].mean(axis=0))
    np.testing.assert_allclose(found[4], known[2])
    np.testing.assert_allclose(found[5], known[:3].mean(axis=0))


def test_without_any_position_all_are_at_one_point():
    found, filled = filled_positions(positions([np.nan] * 3, [np.nan] * 3), [0, 1, -1])
    assert filled.all()
    assert (found == found[0]).all()


@pytest.mark.parametrize("decay", [0.1, 5.0, 50.0, np.inf])
def test_no_firm_lies_outside_its_cell_and_there_are_not_too_many_cells(decay: float):
    random = np.random.default_rng(1)
    position = positions(80 + 40 * random.random(5_000), 20 + 25 * random.random(5_000))
    cells = gathered(position, decay)
    apart = np.linalg.norm(position - cells.centre[cells.cell], axis=1)
    assert (apart <= cells.radius[cells.cell] + 1e-9).all()
    assert cells.radius.size <= 1_500
