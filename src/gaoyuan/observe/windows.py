"""Local excess on hexagons: which firms of which industry stand in a neighbourhood that has more of them than its size
explains.

The test rests on firms themselves and their hexagonal cells, not on administrative borders, in the manner of de
Bellefon, Combes, Duranton, Gobillon & Gorin (2021, Delineating urban areas using building density, JUE 125):
significant cells, joined where they touch.

Windows are counted in rings of cells, and cells of one resolution are not of one size: in China's cities from 0.50
(Shenyang) and 0.53 km² (Baoding, Beijing) to 0.79 (Kunming) and 0.84 km² (Ürümqi), where the mean spacing below implies
0.73. A window of three rings, called one of 3 km, has the area of a circle of 2.9 km at the mean, of 2.5 km in Baoding.
The test counts the firms of the window as it is, so its probabilities are right everywhere; only the scale differs.
"""

from __future__ import annotations

from typing import NamedTuple

import h3ronpy
import numba as nb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gaoyuan.observe.excess import hypergeometric_log_tail

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

CELL_RESOLUTION = 8
SPACING_KM = 0.92
"""Mean distance between the centres of neighbouring cells of resolution 8."""

_CHUNKS = 8
_BLOCK = 50_000


class CellGrid(NamedTuple):
    """Cells that hold firms, in order (c), and for each its neighbours by rings of distance (c, 3 k (k + 1) + 1),
    itself first, as positions, -1 for cells without firms.
    """

    cells: npt.NDArray[np.uint64]
    neighbours: Ints


class IndustryCells(NamedTuple):
    """Firms by industry and cell (p pairs, sorted by industry): cell positions, counts, and where each industry begins
    (industries + 1).
    """

    cell: Ints
    firms: Ints
    begins: npt.NDArray[np.int64]


def rings_of(radius_km: float) -> int:
    """Give how many rings of cells a window of a radius in km has, by the mean spacing: 2, 3 and 5 for 2, 3 and 5 km.

    >>> [rings_of(radius) for radius in (2, 3, 5)]
    [2, 3, 5]
    """
    return max(1, round(radius_km / SPACING_KM * 0.95))


def cell_grid(cells: npt.NDArray[np.uint64], rings: int) -> CellGrid:
    """Find the neighbours of cells up to a number of rings; `cells` are distinct and in order."""
    width = 3 * rings * (rings + 1) + 1
    neighbours = np.full((cells.size, width), -1, dtype=np.int32)
    for begin in range(0, cells.size, _BLOCK):
        block = cells[begin : begin + _BLOCK]
        found = pa.record_batch(h3ronpy.grid_disk_distances(pa.array(block), rings, flatten=True))
        around = np.asarray(found.column("cell"))
        distance = np.asarray(found.column("k")).astype(np.int64)
        # A disk is complete except around the twelve pentagons, which lie in the oceans.
        if around.size != block.size * width:
            raise ValueError("cells next to a pentagon of the H3 grid cannot be windows")
        order = np.argsort(distance.reshape(-1, width), axis=1, kind="stable")
        around = np.take_along_axis(around.reshape(-1, width), order, axis=1)
        position = np.searchsorted(cells, around)
        held = cells[np.minimum(position, cells.size - 1)] == around
        neighbours[begin : begin + _BLOCK] = np.where(held, position, -1)
    return CellGrid(cells, neighbours)


def industry_cells(industry: Ints, cell: Ints, industries: int) -> IndustryCells:
    """Count firms by industry and cell; `industry` and `cell` (n firms) are positions, firms with a negative one are
    left out.
    """
    known = (industry >= 0) & (cell >= 0)
    keys = industry[known].astype(np.int64) << 32 | cell[known]
    pairs, firms = np.unique(keys, return_counts=True)
    of = pairs >> 32
    return IndustryCells(
        (pairs & 0xFFFFFFFF).astype(np.int32), firms.astype(np.int32), np.searchsorted(of, np.arange(industries + 1))
    )


def window_totals(totals: Ints, grid: CellGrid, rings: int) -> npt.NDArray[np.int64]:
    """Give the firms in the window of each cell (c) from the firms in each cell (c)."""
    return _sum_around(totals, grid.neighbours, 3 * rings * (rings + 1) + 1, _CHUNKS)


def window_counts(found: IndustryCells, grid: CellGrid, rings: int) -> npt.NDArray[np.int64]:
    """Give for each pair of industry and cell (p) the firms of the industry in the window around the cell."""
    return _count_around(found, grid.neighbours, 3 * rings * (rings + 1) + 1, _CHUNKS)


def window_log_p(
    found: IndustryCells, counts: npt.NDArray[np.int64], windows: npt.NDArray[np.int64], totals: Ints
) -> Floats:
    """Give log P of as many firms or more in each pair's window under the hypergeometric distribution (p)."""
    industries = np.diff(found.begins)
    of_industry = np.repeat(
        [found.firms[a:b].sum() for a, b in zip(found.begins[:-1], found.begins[1:], strict=True)], industries
    )
    return hypergeometric_log_tail(counts, int(totals.sum()), of_industry, windows[found.cell])


def join_cells(found: IndustryCells, flagged: npt.NDArray[np.bool_], grid: CellGrid, gap: int) -> Ints:
    """Join flagged cells of an industry that lie at most `gap` rings apart; gives the number of the cluster of each
    pair (p), -1 for those not flagged.
    """
    return _join(found, flagged, grid.neighbours, 3 * gap * (gap + 1) + 1)


@nb.njit(cache=True, parallel=True)
def _sum_around(totals: Ints, neighbours: Ints, width: int, chunks: int) -> npt.NDArray[np.int64]:
    found = np.zeros(totals.size, np.int64)
    for chunk in nb.prange(chunks):
        for cell in range(chunk, totals.size, chunks):
            for k in range(width):
                other = neighbours[cell, k]
                if other >= 0:
                    found[cell] += totals[other]
    return found


@nb.njit(cache=True, parallel=True)
def _count_around(found: IndustryCells, neighbours: Ints, width: int, chunks: int) -> npt.NDArray[np.int64]:
    counts = np.zeros(found.cell.size, np.int64)
    for chunk in nb.prange(chunks):
        here = np.zeros(neighbours.shape[0], np.int32)
        for industry in range(chunk, found.begins.size - 1, chunks):
            begin, end = found.begins[industry], found.begins[industry + 1]
            for pair in range(begin, end):
                here[found.cell[pair]] = found.firms[pair]
            for pair in range(begin, end):
                for k in range(width):
                    other = neighbours[found.cell[pair], k]
                    if other >= 0:
                        counts[pair] += here[other]
            for pair in range(begin, end):
                here[found.cell[pair]] = 0
    return counts


@nb.njit(cache=True)
def _join(found: IndustryCells, flagged: npt.NDArray[np.bool_], neighbours: Ints, width: int) -> Ints:
    cluster = np.full(found.cell.size, -1, np.int32)
    here = np.full(neighbours.shape[0], -1, np.int64)
    queue = np.empty(found.cell.size, np.int64)
    clusters = 0
    for industry in range(found.begins.size - 1):
        begin, end = found.begins[industry], found.begins[industry + 1]
        for pair in range(begin, end):
            if flagged[pair]:
                here[found.cell[pair]] = pair
        for seed in range(begin, end):
            if not flagged[seed] or cluster[seed] >= 0:
                continue
            cluster[seed] = clusters
            head, tail = 0, 1
            queue[0] = seed
            while head < tail:
                pair = queue[head]
                head += 1
                for k in range(1, width):
                    other = neighbours[found.cell[pair], k]
                    if other >= 0 and here[other] >= 0 and cluster[here[other]] < 0:
                        cluster[here[other]] = clusters
                        queue[tail] = here[other]
                        tail += 1
            clusters += 1
        for pair in range(begin, end):
            here[found.cell[pair]] = -1
    return cluster
