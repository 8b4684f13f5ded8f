"""Marcon and Puech's M: the relative frequency of an industry around its own firms; and m, its density.

Marcon & Puech (2010), Measures of the geographic concentration of industries: improving distance-based methods, J.
Economic Geography 10; conventions of the R package dbmss.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.observe.point_patterns.kd import silverman_bandwidth
from gaoyuan.observe.point_patterns.pairs import (
    Floats,
    checked_points,
    checked_radii,
    checked_weights,
    sort_into_cells,
    weight_within,
)

Mask = npt.NDArray[np.bool_]


class Surroundings(NamedTuple):
    """The weight of all firms within each radius of each firm, itself left out (n, k), and what it is of: the radii
    (k), the points (n, 2) and the weights (n) of the firms.
    """

    weight: Floats
    radii: Floats
    points: Floats
    weights: Floats


def surroundings(
    points: npt.ArrayLike, weights: npt.ArrayLike | None, radii: npt.ArrayLike, of: npt.ArrayLike | None = None
) -> Surroundings:
    """Sum up the surroundings of firms once, so that M of many industries and of many simulations need not.

    `points` (n, 2), `weights` (n) or None for 1 each, `radii` (k) ascending; `of` (n), a mask, leaves out firms for
    which they will not be needed (their rows are NaN).

    >>> surroundings([[0, 0], [1, 0], [3, 0]], None, [1, 2]).weight.tolist()
    [[1.0, 1.0], [1.0, 2.0], [0.0, 1.0]]
    """
    places, steps = checked_points(points), checked_radii(radii)
    held = checked_weights(weights, places.shape[0])
    chosen = np.flatnonzero(np.ones(places.shape[0], dtype=bool) if of is None else np.asarray(of, dtype=bool))
    cells = sort_into_cells(places, float(steps[-1]))
    summed = np.full((places.shape[0], steps.size), np.nan)
    summed[chosen] = weight_within(cells, held[cells.order], places[chosen], steps, chosen)
    # Copies, so that arrays which change later are not taken for those that were summed.
    return Surroundings(summed, steps.copy(), places.copy(), held.copy())


def m_function(
    points: npt.ArrayLike,
    weights: npt.ArrayLike | None,
    reference: npt.ArrayLike,
    neighbour: npt.ArrayLike,
    radii: npt.ArrayLike,
    cached: Surroundings | None = None,
) -> Floats:
    """Give Marcon and Puech's M at each radius: 1 without concentration, 2 where the neighbours are twice as frequent
    around the reference firms as everywhere.

    M(r) = Σ_i W_N(i, r)/W(i, r) / Σ_i (W_N - w_i 1(i ∈ N))/(W - w_i), over the reference firms i that have any firm
    within r; W_N and W are the weights of the neighbours and of all firms, i itself left out. Distances of exactly r
    count. NaN where no reference firm has a firm within r.

    `points` (n, 2), `weights` (n) or None for 1 each, `reference` and `neighbour` (n) masks (the same one for an
    industry with itself), `radii` (k) ascending. `cached` are the `surroundings` of the same points, weights and radii
    for at least the reference firms. Raises ValueError for arguments that cannot be and for a cache of anything else.

    >>> points = [[0, 0], [1, 0], [10, 0], [11, 0]]
    >>> m_function(points, None, [True, True, False, False], [True, True, False, False], [1, 20]).tolist()
    [3.0, 1.0]
    """
    places, steps = checked_points(points), checked_radii(radii)
    held = checked_weights(weights, places.shape[0])
    of, near = _mask(reference, places.shape[0]), _mask(neighbour, places.shape[0])
    around = surroundings(places, held, steps, of) if cached is None else _fitting(cached, places, held, steps, of)
    local, expected, counted = _ratios(places, held, of, near, steps, around)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(
            counted.any(axis=0),
            np.where(counted, local, 0.0).sum(axis=0) / np.where(counted, expected[:, None], 0.0).sum(axis=0),
            np.nan,
        )


def individual_m(
    points: npt.ArrayLike,
    weights: npt.ArrayLike | None,
    reference: npt.ArrayLike,
    neighbour: npt.ArrayLike,
    radii: npt.ArrayLike,
    cached: Surroundings | None = None,
) -> Floats:
    """Give M around each reference firm alone (reference firms, k), for maps; NaN where it has no firm within r.
    Arguments as for `m_function`.

    >>> individual_m([[0, 0], [1, 0], [10, 0]], None, [True, True, False], [True, True, False], [1]).tolist()
    [[2.0], [2.0]]
    """
    places, steps = checked_points(points), checked_radii(radii)
    held = checked_weights(weights, places.shape[0])
    of, near = _mask(reference, places.shape[0]), _mask(neighbour, places.shape[0])
    around = surroundings(places, held, steps, of) if cached is None else _fitting(cached, places, held, steps, of)
    local, expected, counted = _ratios(places, held, of, near, steps, around)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(counted, local / expected[:, None], np.nan)


def m_case_control(
    points: npt.ArrayLike,
    weights: npt.ArrayLike | None,
    cases: npt.ArrayLike,
    controls: npt.ArrayLike,
    radii: npt.ArrayLike,
) -> Floats:
    """Give M of cases against controls at each radius (k): how many more cases than controls stand around a case than
    everywhere.

    M(r) = Σ_i W_cases(i, r)/W_controls(i, r) / Σ_i (W_cases - w_i)/W_controls over the cases i with a control within r.
    Arguments as for `m_function`, `cases` and `controls` (n) masks without a firm in common.

    >>> cases, controls = [True, True, False, False], [False, False, True, True]
    >>> m_case_control([[0, 0], [1, 0], [1, 1], [9, 9]], None, cases, controls, [2]).tolist()
    [2.0]
    """
    places, steps = checked_points(points), checked_radii(radii)
    held = checked_weights(weights, places.shape[0])
    of, against = _mask(cases, places.shape[0]), _mask(controls, places.shape[0])
    if (of & against).any():
        raise ValueError("a firm is a case or a control, not both")
    near_cases, near_controls = _near(places, held, of, of, steps), _near(places, held, of, against, steps)
    counted = near_controls > 0
    expected = (held[of].sum() - held[of]) / held[against].sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        local = np.where(counted, near_cases / near_controls, 0.0).sum(axis=0)
        return np.where(counted.any(axis=0), local / np.where(counted, expected[:, None], 0.0).sum(axis=0), np.nan)


def m_density(
    points: npt.ArrayLike,
    weights: npt.ArrayLike | None,
    reference: npt.ArrayLike,
    neighbour: npt.ArrayLike,
    radii: npt.ArrayLike,
    bandwidth: float | None = None,
) -> Floats:
    """Give Lang, Marcon and Puech's m at each radius: M at a distance of about r, not of up to r.

    m(r) = Σ_i [Σ_j∈N w_j φ((r - d_ij)/h) / Σ_j w_j φ((r - d_ij)/h)] / Σ_i (W_N - w_i 1(i ∈ N))/(W - w_i) over the
    reference firms i, j ≠ i, with φ the normal density: the share of the neighbours among the firms at r, over what it
    is everywhere. NaN where no reference firm has a firm within 38 bandwidths of r. Lang, Marcon & Puech (2020),
    Distance-based measures of spatial concentration: introducing a relative density function, Annals of Regional
    Science 64.

    Arguments as for `m_function`, the last of `radii` above 0; `bandwidth` h is in the unit of the points, None takes
    Silverman's rule on the distances from reference firms to neighbours up to twice the last radius. The work grows
    with reference firms times all firms times radii.

    >>> points = [[0, 0], [1, 0], [10, 0], [11, 0]]
    >>> mask = [True, True, False, False]
    >>> m_density(points, None, mask, mask, [1, 10], bandwidth=1.0).round(3).tolist()
    [3.0, 0.0]
    """
    places, steps = checked_points(points), checked_radii(radii)
    held = checked_weights(weights, places.shape[0])
    of, near = _mask(reference, places.shape[0]), _mask(neighbour, places.shape[0])
    if not steps[-1] > 0:
        raise ValueError("the largest radius is above 0")
    if bandwidth is not None and not bandwidth > 0:
        raise ValueError("a bandwidth is above 0")
    own = bool(np.array_equal(of, near))
    width = bandwidth or silverman_bandwidth(places[of], 2.0 * float(steps[-1]), None if own else places[near])
    if not (width > 0 and of.any() and near.any()):
        return np.full(steps.size, np.nan)
    sources = np.flatnonzero(of)
    everything, of_neighbours = _densities(places, held, near, sources, steps, width)
    counted = everything > 0
    expected = (held[near].sum() - np.where(near[sources], held[sources], 0.0)) / (held.sum() - held[sources])
    with np.errstate(invalid="ignore", divide="ignore"):
        local = np.where(counted, of_neighbours / everything, 0.0).sum(axis=0)
        return np.where(counted.any(axis=0), local / np.where(counted, expected[:, None], 0.0).sum(axis=0), np.nan)


@nb.njit(cache=True, parallel=True)
def _densities(
    places: Floats, held: Floats, near: Mask, sources: npt.NDArray[np.int64], steps: Floats, width: float
) -> tuple[Floats, Floats]:
    """Give the weight of all firms and of the neighbours at each distance from each source, smoothed (sources, k)."""
    everything, of_neighbours = np.zeros((sources.size, steps.size)), np.zeros((sources.size, steps.size))
    for s in nb.prange(sources.size):
        i = sources[s]
        for j in range(places.shape[0]):
            if j == i:
                continue
            distance = np.sqrt((places[j, 0] - places[i, 0]) ** 2 + (places[j, 1] - places[i, 1]) ** 2)
            for k in range(steps.size):
                density = held[j] * np.exp(-0.5 * ((steps[k] - distance) / width) ** 2)
                everything[s, k] += density
                if near[j]:
                    of_neighbours[s, k] += density
    return everything, of_neighbours


def _ratios(
    places: Floats, held: Floats, of: Mask, near: Mask, steps: Floats, around: Surroundings
) -> tuple[Floats, Floats, Mask]:
    """Give for each reference firm the share of neighbours within r (m, k), the share expected (m), and whether it has
    any firm within r (m, k).
    """
    sources = np.flatnonzero(of)
    everything = around.weight[sources]
    counted = everything > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        local = _near(places, held, of, near, steps) / everything
        expected = (held[near].sum() - np.where(near[sources], held[sources], 0.0)) / (held.sum() - held[sources])
    return local, expected, counted


def _fitting(cached: Surroundings, places: Floats, held: Floats, steps: Floats, of: Mask) -> Surroundings:
    given = ((cached.radii, steps), (cached.points, places), (cached.weights, held))
    if not all(np.array_equal(one, other) for one, other in given):
        raise ValueError("the cached surroundings are of other points, weights or radii")
    if np.isnan(cached.weight[of, 0]).any():
        raise ValueError("the cached surroundings leave out some of the reference firms")
    return cached


def _near(places: Floats, held: Floats, of: Mask, near: Mask, steps: Floats) -> Floats:
    """Give the weight of the firms of one kind within each radius of those of another, a firm itself left out (firms of
    the other kind, k).
    """
    sources, targets = np.flatnonzero(of), np.flatnonzero(near)
    if targets.size == 0:
        return np.zeros((sources.size, steps.size))
    cells = sort_into_cells(places[targets], float(steps[-1]))
    position = np.full(places.shape[0], -1)
    position[targets] = np.arange(targets.size)
    return weight_within(cells, held[targets][cells.order], places[sources], steps, position[sources])


def _mask(mask: npt.ArrayLike, count: int) -> Mask:
    found = np.asarray(mask, dtype=bool)
    if found.shape != (count,):
        raise ValueError("a mask has one entry for each point")
    return found
