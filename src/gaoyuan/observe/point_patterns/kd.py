"""Duranton and Overman's K_d: the density of distances between the firms of an industry.

Duranton & Overman (2005), Testing for localization using micro-geographic data, Review of Economic Studies 72;
bandwidth rule and reflection as in the R package dbmss, but one rule at every number of firms.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gaoyuan.observe.point_patterns.pairs import (
    Floats,
    checked_points,
    checked_radii,
    checked_weights,
    distance_histogram,
)

_BINS = 1 << 14
_REFLECTED_WIDTHS = 4.0
_FINEST = 24.0
_MOST_EXACT = 1 << 22


def kd(
    points: npt.ArrayLike,
    radii: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    bandwidth: float | None = None,
    others: npt.ArrayLike | None = None,
    other_weights: npt.ArrayLike | None = None,
) -> Floats:
    """Give the density of the distances between firms at each radius, per unit of length.

    K_d(r) = 1/(N h) Σ_pairs w_i w_j φ((r - d_ij)/h), φ the normal density, N the summed weight of the pairs, with
    distances below 4 h reflected at 0 so that no density is lost below it. Pairs further apart than twice the largest
    radius are left out of the sum, which they could not reach, and of the bandwidth.

    `points` (n, 2) are the firms of the industry, `radii` (k) ascending with a last one above 0, `weights` (n) such as
    employees; with `others` (m, 2) the pairs are those of a firm with another industry's. `bandwidth` h is in the unit
    of the points; None takes Silverman's rule (see `silverman_bandwidth`) on the distances up to twice the last radius.
    NaN where there is no pair of positive weight. Raises ValueError for arguments that cannot be.

    Distances are counted in 16,384 equal bins, or more where the bandwidth is so small that a bin would exceed a 24th
    of it; the density errs by less than 1 in 10,000 of its peak.

    >>> kd([[0, 0], [1, 0], [0, 1]], [0.5, 1.0], bandwidth=0.2).round(4).tolist()
    [0.0584, 1.4076]
    """
    places, steps = checked_points(points), checked_radii(radii)
    held = None if weights is None else checked_weights(weights, places.shape[0])
    there = None if others is None else checked_points(others)
    there_held = None if there is None else checked_weights(other_weights, there.shape[0])
    if not steps[-1] > 0:
        raise ValueError("the largest radius is above 0")
    if bandwidth is not None and not bandwidth > 0:
        raise ValueError("a bandwidth is above 0")
    if there is None and other_weights is not None:
        raise ValueError("the weights of others need others")
    limit = 2.0 * float(steps[-1])
    own_held = np.ones(places.shape[0]) if held is None and there is not None else held
    histogram, moments = distance_histogram(places, own_held, there, there_held, limit, _BINS)
    if bandwidth is not None:
        width = bandwidth
    elif held is None and other_weights is None:
        width = _silverman(places, there, histogram, moments, limit)
    else:
        width = silverman_bandwidth(places, limit, there)
    everything = _weight_of_pairs(places, held, there, there_held)
    if not (everything > 0 and width > 0):
        return np.full(steps.size, np.nan)
    if limit / _BINS > width / _FINEST:
        histogram, _ = distance_histogram(
            places, own_held, there, there_held, limit, int(np.ceil(limit * _FINEST / width))
        )
    return _smoothed(histogram, limit, steps, width) / everything


def silverman_bandwidth(points: npt.ArrayLike, limit: float, others: npt.ArrayLike | None = None) -> float:
    """Give Silverman's bandwidth 0.9 min(s, IQR/1.34) n^(-1/5) of the distances between firms up to `limit`, in the
    unit of the points.

    `s` is their standard deviation (n - 1), IQR their interquartile range (type 7), n their number; unweighted. The
    same rule at every number of firms. NaN for fewer than two distances or none that differ. Silverman (1986), Density
    Estimation, eq. 3.31.

    >>> round(silverman_bandwidth([[0, 0], [1, 0], [0, 2]], 10.0), 4)
    0.3332
    """
    if not limit > 0:
        raise ValueError("the limit of distances is above 0")
    places = checked_points(points)
    there = None if others is None else checked_points(others)
    own = None if there is None else np.ones(places.shape[0])
    histogram, moments = distance_histogram(
        places, own, there, None if there is None else np.ones(there.shape[0]), limit, _BINS
    )
    return _silverman(places, there, histogram, moments, limit)


def _silverman(places: Floats, there: Floats | None, histogram: Floats, moments: Floats, limit: float) -> float:
    count, first, second = moments
    if count < 2:
        return float("nan")
    deviation = np.sqrt(max(0.0, (second - first**2 / count) / (count - 1.0)))
    lower, upper = (_quantile(places, there, histogram, limit, share) for share in (0.25, 0.75))
    spread = min(deviation, (upper - lower) / 1.34) or deviation
    return float(0.9 * spread * count**-0.2) if spread > 0 else float("nan")


def _quantile(places: Floats, there: Floats | None, histogram: Floats, limit: float, share: float) -> float:
    """Give a quantile of the distances, exactly while they are few, else within a bin of 1/16,384 of the limit."""
    target = places if there is None else there
    if places.shape[0] * target.shape[0] <= _MOST_EXACT:
        distances = np.sqrt(((places[:, None, :] - target[None, :, :]) ** 2).sum(axis=2))
        each = distances[np.triu_indices(places.shape[0], 1)] if there is None else distances.ravel()
        return float(np.quantile(each[each <= limit], share))
    position = share * (histogram.sum() - 1.0)
    reached = np.cumsum(histogram)
    at = int(np.searchsorted(reached, position, side="right"))
    before = reached[at - 1] if at else 0.0
    return float((at + (position - before + 0.5) / histogram[at]) * limit / histogram.size)


def _weight_of_pairs(places: Floats, held: Floats | None, there: Floats | None, there_held: Floats | None) -> float:
    own = np.ones(places.shape[0]) if held is None else held
    if there is not None and there_held is not None:
        return float(own.sum() * there_held.sum())
    return float((own.sum() ** 2 - (own**2).sum()) / 2.0)


def _smoothed(histogram: Floats, limit: float, steps: Floats, width: float) -> Floats:
    """Give the sum of normal kernels over a histogram of distances, those below 4 widths reflected at 0."""
    centres = (np.arange(histogram.size) + 0.5) * limit / histogram.size
    filled = np.flatnonzero(histogram)
    centres, counts = centres[filled], histogram[filled]
    density = np.zeros(steps.size)
    for i, radius in enumerate(steps):
        near = slice(*np.searchsorted(centres, (radius - 9.0 * width, radius + 9.0 * width)))
        density[i] = (counts[near] * np.exp(-0.5 * ((radius - centres[near]) / width) ** 2)).sum()
        mirrored = slice(
            0,
            int(np.searchsorted(centres, min(_REFLECTED_WIDTHS * width, max(0.0, 9.0 * width - radius)), side="right")),
        )
        density[i] += (counts[mirrored] * np.exp(-0.5 * ((radius + centres[mirrored]) / width) ** 2)).sum()
    return density / (width * np.sqrt(2.0 * np.pi))
