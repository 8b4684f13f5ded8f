"""Counting pairs of points by their distance: the work inside K, M and K_d.

Points are sorted into square cells of a fraction of the largest radius, so that only cells which a circle of it meets
are compared; distances are computed a row of cells at a time into a buffer, which compilers turn into vector code, and
counted from there. A pair at a distance of exactly r is within r.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_CHUNKS = 16
_FEWEST_IN_CHUNK = 64
_BUFFER = 1024
_MOST_CELLS = 1 << 20
_CELLS_IN_REACH = 4
_CELLS_TO_A_POINT = 4
_BINS = 4096
_LEAST_SQUARE = 1e-290


class Cells(NamedTuple):
    """Points in the order of their cells: coordinates (n), the original position of each (n), where each cell begins
    (columns · rows + 1), the lower left corner of the first cell, and the side of all.
    """

    x: Floats
    y: Floats
    order: Ints
    begins: Ints
    columns: int
    rows: int
    left: float
    bottom: float
    side: float


def checked_points(points: npt.ArrayLike) -> Floats:
    """Give points as floats (n, 2), or raise ValueError where they are not that or hold NaN."""
    found = np.asarray(points, dtype=np.float64)
    if found.ndim != 2 or found.shape[1] != 2:
        raise ValueError(f"points are an array of shape (n, 2), not {found.shape}")
    if not np.isfinite(found).all():
        raise ValueError("points are finite; leave out firms whose place is unknown")
    return found


def checked_radii(radii: npt.ArrayLike) -> Floats:
    """Give radii as floats, or raise ValueError where they are negative, missing or not in ascending order."""
    found = np.atleast_1d(np.asarray(radii, dtype=np.float64))
    if (
        found.ndim != 1
        or found.size == 0
        or not np.isfinite(found).all()
        or (found < 0).any()
        or (np.diff(found) <= 0).any()
    ):
        raise ValueError("radii are numbers of at least 0, none missing, each larger than the one before")
    return found


def checked_weights(weights: npt.ArrayLike | None, count: int) -> Floats:
    """Give weights (n) as floats, all 1 where None; raises ValueError where they are negative, missing or of another
    length.
    """
    found = np.ones(count) if weights is None else np.asarray(weights, dtype=np.float64)
    if found.shape != (count,) or not np.isfinite(found).all() or (found < 0).any():
        raise ValueError("weights are one number of at least 0 for each point, none missing")
    return found


def sort_into_cells(points: Floats, reach: float) -> Cells:
    """Sort points (n, 2) into square cells, for radii up to `reach`; larger ones can be asked too, less quickly."""
    low = points.min(axis=0) if points.size else np.zeros(2)
    extent = float(np.max(points.max(axis=0) - low)) if points.size else 0.0
    cells = min(_MOST_CELLS, _CELLS_TO_A_POINT * max(1, points.shape[0]))
    side = max(reach / _CELLS_IN_REACH, extent / np.sqrt(cells), 1e-9)
    columns, rows = (int(extent // side) + 1,) * 2
    at = ((points - low) // side).astype(np.int64)
    cell = at[:, 1] * columns + at[:, 0]
    order = np.argsort(cell, kind="stable")
    begins = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=columns * rows))])
    x, y = np.ascontiguousarray(points[order, 0]), np.ascontiguousarray(points[order, 1])
    return Cells(x, y, order, begins, columns, rows, float(low[0]), float(low[1]), side)


def weight_within(targets: Cells, target_weights: Floats, sources: Floats, radii: Floats, self_of: Ints) -> Floats:
    """Give the weight of the targets within each radius of each source (sources, radii).

    `target_weights` follow the order of the cells. `self_of` (sources) is the original position of the target that is
    the source itself and is left out, -1 for none.
    """
    with np.errstate(over="ignore"):
        squares = radii**2
    # Every bin of squared distance knows the first radius that can hold it, so that almost no comparison is left.
    scale = _BINS / float(squares[-1]) if squares[-1] > _LEAST_SQUARE else 0.0
    edges = np.arange(_BINS) / scale * (1.0 - 1e-9) if scale else np.zeros(_BINS)
    # Two bins more: what lies at the last radius or beyond, and the source itself, which no radius holds.
    first = np.append(np.searchsorted(squares, edges, side="left"), [radii.size - 1, radii.size])
    position = np.empty(targets.order.size, np.int64)
    position[targets.order] = np.arange(targets.order.size)
    inside = _weight_within(
        targets,
        target_weights,
        np.ascontiguousarray(sources[:, 0]),
        np.ascontiguousarray(sources[:, 1]),
        float(radii[-1]),
        squares,
        first.astype(np.int32),
        scale,
        np.where(self_of >= 0, position[self_of], -1) if position.size else self_of,
        _CHUNKS,
    )
    return np.cumsum(inside, axis=1)


def distance_histogram(
    points: Floats, weights: Floats | None, others: Floats | None, other_weights: Floats | None, limit: float, bins: int
) -> tuple[Floats, Floats]:
    """Count pairs by distance in `bins` equal bins from 0 to `limit`, the last bin closed above.

    Pairs among `points`, each once, or of `points` with `others`. Without weights every pair counts 1, with them the
    product of its two. Gives the histogram (bins) and the moments (3) of the counted distances: sum of weights, of
    weight · distance and of weight · distance².
    """
    x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    ones = np.ones(points.shape[0])
    # Each chunk has a histogram of its own, which costs more than the pairs of few points.
    chunks = max(1, min(_CHUNKS, points.shape[0] // _FEWEST_IN_CHUNK))
    own = ones if weights is None else weights
    if others is None:
        histogram, moments = _pairs_among(x, y, own, weights is None, limit, bins, chunks)
    else:
        there = np.ones(others.shape[0]) if other_weights is None else other_weights
        ox, oy = np.ascontiguousarray(others[:, 0]), np.ascontiguousarray(others[:, 1])
        histogram, moments = _pairs_between(x, y, own, ox, oy, there, limit, bins, chunks)
    return histogram, moments


@nb.njit(cache=True, parallel=True, fastmath={"contract", "nsz", "arcp"})
def _weight_within(
    targets: Cells,
    weights: Floats,
    x: Floats,
    y: Floats,
    reach: float,
    squares: Floats,
    first_step: npt.NDArray[np.int32],
    scale: float,
    itself: Ints,
    chunks: int,
) -> Floats:
    count, steps = x.size, squares.size
    found = np.zeros((count, steps))
    columns, side = targets.columns, targets.side
    # Rounding must not lose a point on the circle to a cell beside it.
    wide = reach + 1e-6 * side
    for chunk in nb.prange(chunks):
        distances, bins = np.empty(_BUFFER), np.empty(_BUFFER, np.int32)
        # What lies beyond the last radius goes into one step more.
        summed = np.empty(steps + 1)
        for i in range(chunk, count, chunks):
            summed[:] = 0.0
            across, up = x[i] - targets.left, y[i] - targets.bottom
            lowest = max(0.0, np.floor((up - wide) / side))
            highest = min(targets.rows - 1.0, np.floor((up + wide) / side))
            if lowest > highest:
                continue
            for row in range(int(lowest), int(highest) + 1):
                off = max(0.0, row * side - up, up - (row + 1) * side)
                half = np.sqrt(max(0.0, wide * wide - off * off)) + 1e-6 * side
                leftmost = max(0.0, np.floor((across - half) / side))
                rightmost = min(columns - 1.0, np.floor((across + half) / side))
                if leftmost > rightmost:
                    continue
                begin = targets.begins[row * columns + int(leftmost)]
                end = targets.begins[row * columns + int(rightmost) + 1]
                while begin < end:
                    stop = min(end, begin + _BUFFER)
                    for k in range(stop - begin):
                        dx, dy = targets.x[begin + k] - x[i], targets.y[begin + k] - y[i]
                        square = dx * dx + dy * dy
                        distances[k] = square
                        bins[k] = np.int32(min(square * scale, 1.0 * _BINS))
                    if begin <= itself[i] < stop:
                        bins[itself[i] - begin] = _BINS + 1
                    for k in range(stop - begin):
                        step = first_step[bins[k]]
                        while step < steps and distances[k] > squares[step]:
                            step += 1
                        summed[step] += weights[begin + k]
                    begin = stop
            found[i] = summed[:steps]
    return found


@nb.njit(cache=True, parallel=True, fastmath={"contract", "nsz", "arcp"})
def _pairs_among(
    x: Floats, y: Floats, weights: Floats, plain: bool, limit: float, bins: int, chunks: int
) -> tuple[Floats, Floats]:
    histograms = np.zeros((chunks, bins + 1))
    moments = np.zeros((chunks, 3))
    scale = bins / limit
    count = x.size
    for chunk in nb.prange(chunks):
        distances = np.empty(_BUFFER)
        places = np.empty(_BUFFER, np.int32)
        counts = np.zeros(bins + 2, np.int64)
        for i in range(chunk, count, chunks):
            begin = i + 1
            while begin < count:
                stop = min(count, begin + _BUFFER)
                size = stop - begin
                for k in range(size):
                    dx, dy = x[begin + k] - x[i], y[begin + k] - y[i]
                    distance = np.sqrt(dx * dx + dy * dy)
                    distances[k] = distance
                    places[k] = np.int32(min(distance * scale, bins + 1.0))
                if plain:
                    total, first, second = 0.0, 0.0, 0.0
                    for k in range(size):
                        inside = 1.0 if distances[k] <= limit else 0.0
                        total += inside
                        first += inside * distances[k]
                        second += inside * distances[k] * distances[k]
                    moments[chunk, 0] += total
                    moments[chunk, 1] += first
                    moments[chunk, 2] += second
                    for k in range(size):
                        counts[places[k]] += 1
                else:
                    for k in range(size):
                        if distances[k] <= limit:
                            weight = weights[i] * weights[begin + k]
                            histograms[chunk, places[k]] += weight
                            moments[chunk, 0] += weight
                            moments[chunk, 1] += weight * distances[k]
                            moments[chunk, 2] += weight * distances[k] * distances[k]
                begin = stop
        if plain:
            for place in range(bins):
                histograms[chunk, place] = counts[place]
            # Only a distance equal to the limit has the place of the limit; all beyond share the next.
            histograms[chunk, bins] = moments[chunk, 0] - counts[:bins].sum()
    return _closed(histograms, bins), moments.sum(axis=0)


@nb.njit(cache=True, parallel=True, fastmath={"contract", "nsz", "arcp"})
def _pairs_between(
    x: Floats,
    y: Floats,
    weights: Floats,
    ox: Floats,
    oy: Floats,
    other_weights: Floats,
    limit: float,
    bins: int,
    chunks: int,
) -> tuple[Floats, Floats]:
    histograms = np.zeros((chunks, bins + 1))
    moments = np.zeros((chunks, 3))
    scale = bins / limit
    for chunk in nb.prange(chunks):
        for i in range(chunk, x.size, chunks):
            for j in range(ox.size):
                dx, dy = ox[j] - x[i], oy[j] - y[i]
                distance = np.sqrt(dx * dx + dy * dy)
                if distance <= limit:
                    weight = weights[i] * other_weights[j]
                    histograms[chunk, int(distance * scale)] += weight
                    moments[chunk, 0] += weight
                    moments[chunk, 1] += weight * distance
                    moments[chunk, 2] += weight * distance * distance
    return _closed(histograms, bins), moments.sum(axis=0)


@nb.njit(cache=True)
def _closed(histograms: Floats, bins: int) -> Floats:
    total = histograms.sum(axis=0)
    total[bins - 1] += total[bins]
    return total[:bins]
