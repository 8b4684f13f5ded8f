"""Windows of hexagons, against counting cell by cell."""

from __future__ import annotations

import h3ronpy
import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import hypergeom

from gaoyuan.codes.boundaries import cells_of_points
from gaoyuan.observe.windows import (
    cell_grid,
    industry_cells,
    join_cells,
    rings_of,
    window_counts,
    window_log_p,
    window_totals,
)


@pytest.fixture(scope="module")
def firms():
    """300 firms of three industries in some 25 km, by cell."""
    draw = np.random.default_rng(5)
    cells = cells_of_points(113.0 + draw.normal(0, 0.06, 300), 29.5 + draw.normal(0, 0.06, 300))
    industry = draw.integers(-1, 3, 300).astype(np.int32)
    distinct, position = np.unique(cells, return_inverse=True)
    return cells, industry, distinct, position.astype(np.int32)


def _around(cell, rings):
    return set(np.asarray(pa.array(h3ronpy.grid_disk(pa.array([cell], pa.uint64()), rings, flatten=True))).tolist())


def test_neighbours_come_by_rings_with_the_cell_itself_first(firms):
    _, _, distinct, _ = firms
    grid = cell_grid(distinct, 3)
    assert (grid.neighbours[:, 0] == np.arange(distinct.size)).all()
    for rings in (1, 2, 3):
        width = 3 * rings * (rings + 1) + 1
        for at in range(0, distinct.size, 17):
            found = {int(distinct[other]) for other in grid.neighbours[at, :width] if other >= 0}
            assert found == _around(distinct[at], rings) & set(distinct.tolist())


@pytest.mark.parametrize("rings", [1, 2, 4])
def test_windows_hold_the_firms_of_their_cells(firms, rings):
    cells, industry, distinct, position = firms
    grid, pairs = cell_grid(distinct, 4), industry_cells(industry, position, 3)
    totals = np.bincount(position).astype(np.int32)
    windows, counts = window_totals(totals, grid, rings), window_counts(pairs, grid, rings)
    of = np.repeat(np.arange(3), np.diff(pairs.begins))
    for pair in range(0, pairs.cell.size, 7):
        inside = np.isin(cells, list(_around(distinct[pairs.cell[pair]], rings)))
        assert windows[pairs.cell[pair]] == inside.sum()
        assert counts[pair] == (inside & (industry == of[pair])).sum()


def test_probabilities_are_hypergeometric(firms):
    _, industry, distinct, position = firms
    grid, pairs = cell_grid(distinct, 2), industry_cells(industry, position, 3)
    totals = np.bincount(position).astype(np.int32)
    windows, counts = window_totals(totals, grid, 2), window_counts(pairs, grid, 2)
    found = np.exp(window_log_p(pairs, counts, windows, totals))
    of = np.repeat([(industry == i).sum() for i in range(3)], np.diff(pairs.begins))
    np.testing.assert_allclose(found, hypergeom.sf(counts - 1, totals.sum(), of, windows[pairs.cell]), rtol=1e-9)


def test_pairs_hold_each_firm_of_a_known_industry_once(firms):
    _, industry, _, position = firms
    pairs = industry_cells(industry, position, 3)
    assert pairs.firms.sum() == (industry >= 0).sum()
    assert pairs.begins.tolist() == [0, *np.cumsum([np.unique(position[industry == i]).size for i in range(3)])]
    nothing = industry_cells(industry[:0], position[:0], 3)
    assert nothing.cell.size == 0
    assert nothing.begins.tolist() == [0, 0, 0, 0]


def test_cells_join_across_a_gap_of_the_given_size_and_no_wider():
    """Five cells in a row from a line of points, 3 rings apart from the fourth to the fifth."""
    line = cells_of_points(113.0 + np.arange(0.0, 0.2, 0.0005), np.full(400, 29.5))
    order = line[np.sort(np.unique(line, return_index=True)[1])]
    ring = [next(k for k in range(40) if int(cell) in _around(order[0], k)) for cell in order]
    chosen = [order[ring.index(k)] for k in (0, 1, 3, 6)]
    distinct = np.sort(np.array(chosen, dtype=np.uint64))
    grid = cell_grid(distinct, 3)
    position = np.searchsorted(distinct, chosen).astype(np.int32)
    pairs = industry_cells(np.zeros(4, np.int32), position, 1)
    groups = {}
    for gap in (1, 2, 3):
        found = join_cells(pairs, np.ones(4, bool), grid, gap)
        groups[gap] = [int(found[list(pairs.cell).index(p)]) for p in position]
    assert len(set(groups[1])) == 3
    assert groups[1][0] == groups[1][1]
    assert len(set(groups[2])) == 2
    assert groups[2][0] == groups[2][2] != groups[2][3]
    assert len(set(groups[3])) == 1


def test_cells_that_are_not_flagged_join_nothing(firms):
    _, industry, distinct, position = firms
    grid, pairs = cell_grid(distinct, 2), industry_cells(industry, position, 3)
    flagged = np.arange(pairs.cell.size) % 3 == 0
    found = join_cells(pairs, flagged, grid, 2)
    assert (found[~flagged] == -1).all()
    assert (found[flagged] >= 0).all()
    of = np.repeat(np.arange(3), np.diff(pairs.begins))
    for cluster in np.unique(found[flagged]):
        assert len(set(of[found == cluster])) == 1


@pytest.mark.parametrize(("radius", "rings"), [(0.1, 1), (2, 2), (3, 3), (5, 5)])
def test_a_window_has_at_least_one_ring_and_covers_its_radius(radius, rings):
    assert rings_of(radius) == rings


def test_windows_beside_a_pentagon_are_refused_in_words():
    pentagon = np.array([0x8808000001FFFFF], dtype=np.uint64)
    with pytest.raises(ValueError, match="next to a pentagon"):
        cell_grid(pentagon, 2)
