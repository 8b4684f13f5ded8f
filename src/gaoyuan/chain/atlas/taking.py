"""Taking what belongs to the products found out of the tables of all products, makers and uses.

The products lie far apart in memory, so each loop asks ahead for the rows of a product that comes later.
"""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.chain.atlas.reading_ahead import ROWS_AHEAD, read_ahead

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_ROWS_ASKED = 12
"""How many rows of a product are asked for ahead; the processor itself brings what follows these."""


@nb.njit(cache=True)
def take_columns(figures: Floats, found: Ints) -> Floats:
    """Give the rows of `figures` (n × c) of the products found (k), as c columns of k."""
    columns = np.empty((figures.shape[1], found.size))
    for at, product in enumerate(found):
        read_ahead(figures, found[min(at + ROWS_AHEAD, found.size - 1)])
        for column in range(figures.shape[1]):
            columns[column, at] = figures[product, column]
    return columns


@nb.njit(cache=True)
def take_makers(
    start: Longs,
    cells: Ints,
    figures: Floats,
    found: Ints,
    most: np.int64,
    of_product: Ints,
    rank: Longs,
    cells_found: Ints,
    figures_found: Floats,
) -> None:
    """Write the first `most` makers of each product: product, rank, and a row for each column of cells and figures."""
    at = 0
    for visit, product in enumerate(found):
        later = start[found[min(visit + ROWS_AHEAD, found.size - 1)]]
        for row in range(later, later + min(most, _ROWS_ASKED), 4):
            read_ahead(cells, row)
            read_ahead(figures, row)
        first = start[product]
        for row in range(first, min(start[product + 1], first + most)):
            of_product[at], rank[at] = product, row - first + 1
            for column in range(cells.shape[1]):
                cells_found[column, at] = cells[row, column]
            for column in range(figures.shape[1]):
                figures_found[column, at] = figures[row, column]
            at += 1


@nb.njit(cache=True)
def count_regions(
    start: Longs, seats: Ints, firms_held: np.int64, divisions: np.int64, found: Ints
) -> tuple[Longs, Longs, Longs]:
    """Count by division the makers of the products found, the local ones, and the products made there (`seats` as in
    `MakerRows`).
    """
    # One bit for each firm, for they are asked in no order and have to stay near the core.
    seen = np.zeros(firms_held // 8 + 1, dtype=np.uint8)
    last = np.full(divisions, -1, dtype=np.int64)
    firms, local, products = np.zeros(divisions, np.int64), np.zeros(divisions, np.int64), np.zeros(divisions, np.int64)
    for visit, product in enumerate(found):
        later = start[found[min(visit + ROWS_AHEAD, found.size - 1)]]
        read_ahead(seats, later)
        read_ahead(seats, later + 8)
        for row in range(start[product], start[product + 1]):
            own, division = seats[row, 0], seats[row, 1] >> 1
            byte, bit = own >> 3, own & 7
            new = (seen[byte] >> bit & 1) ^ 1
            seen[byte] |= 1 << bit
            firms[division] += new
            local[division] += new & seats[row, 1]
            products[division] += last[division] != product
            last[division] = product
    return firms, local, products


@nb.njit(cache=True)
def edges_within(start: Longs, inputs: Ints, found: Ints) -> tuple[Longs, Ints]:
    """Give the edges of which both ends are among the products found, and the product of each."""
    inside = np.zeros(start.size - 1, dtype=np.uint8)
    most = 0
    for product in found:
        inside[product] = 1
        most += start[product + 1] - start[product]
    edges, own = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int32)
    at = 0
    for visit, product in enumerate(found):
        read_ahead(inputs, start[found[min(visit + ROWS_AHEAD, found.size - 1)]])
        for edge in range(start[product], start[product + 1]):
            # Written whether or not it stays: to guess which does would often be wrong, and cost more.
            edges[at], own[at] = edge, product
            at += inside[inputs[edge]]
    return edges[:at], own[:at]
