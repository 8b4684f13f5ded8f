"""Spatial autocorrelation of a value over places: Moran's I, Geary's C, Getis and Ord's G, and their local forms.

Weights are a table (n, n) of neighbours, 0 on the diagonal; what a measure does to them is said with it. Analytical
values only, no permutations. Moran (1950); Geary (1954); Getis & Ord (1992), Ord & Getis (1995); Anselin (1995), Local
indicators of spatial association.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]


class Moran(NamedTuple):
    """Moran's I, what chance lets expect, and its z values under normality and under randomisation."""

    statistic: float
    expected: float
    variance_normal: float
    variance_randomised: float
    z_normal: float
    z_randomised: float


class GeneralG(NamedTuple):
    """Getis and Ord's general G, its expectation, variance and z value."""

    statistic: float
    expected: float
    variance: float
    z: float


def row_standardised(weights: npt.ArrayLike) -> Matrix:
    """Divide each row of weights by its sum; rows without neighbours stay zero.

    >>> row_standardised([[0, 2], [1, 0]]).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    given = np.asarray(weights, dtype=np.float64)
    sums = given.sum(axis=1, keepdims=True)
    return np.divide(given, sums, out=np.zeros_like(given), where=sums > 0)


def global_moran(values: npt.ArrayLike, weights: npt.ArrayLike) -> Moran:
    """Give Moran's I with row-standardised weights: 0 without pattern, above where like values are neighbours.

    `values` (n), `weights` (n, n). Raises ValueError where they do not fit or all values are equal.

    >>> round(global_moran([1, 1, 5, 5], [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]).statistic, 3)
    0.5
    """
    deviation, table = _deviation(values, weights, linked=True)
    w = row_standardised(table)
    n, total = deviation.size, w.sum()
    statistic = n / total * (deviation @ w @ deviation) / (deviation @ deviation)
    s1 = ((w + w.T) ** 2).sum() / 2.0
    s2 = ((w.sum(axis=1) + w.sum(axis=0)) ** 2).sum()
    expected = -1.0 / (n - 1.0)
    normal = (n**2 * s1 - n * s2 + 3.0 * total**2) / ((n**2 - 1.0) * total**2) - expected**2
    kurtosis = (deviation**4).mean() / (deviation**2).mean() ** 2
    first = n * ((n**2 - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * total**2)
    second = kurtosis * ((n**2 - n) * s1 - 2.0 * n * s2 + 6.0 * total**2)
    randomised = (first - second) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * total**2) - expected**2
    return Moran(
        float(statistic),
        expected,
        float(normal),
        float(randomised),
        float((statistic - expected) / np.sqrt(normal)),
        float((statistic - expected) / np.sqrt(randomised)),
    )


def local_moran(values: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[Vector, npt.NDArray[np.int64]]:
    """Give the local Moran of each place with row-standardised weights (n), and its quadrant (n): 1 high among high, 2
    low among high, 3 low among low, 4 high among low.

    I_i = (n - 1) z_i Σ_j w_ij z_j / Σ z², z the deviations from the mean.

    >>> local_moran([1, 1, 5, 5], [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]])[1].tolist()
    [3, 3, 4, 1]
    """
    deviation, table = _deviation(values, weights)
    lag = row_standardised(table) @ deviation
    statistic = (deviation.size - 1.0) * deviation * lag / (deviation @ deviation)
    high, high_around = deviation > 0, lag > 0
    quadrant = np.where(high & high_around, 1, np.where(~high & high_around, 2, np.where(~high & ~high_around, 3, 4)))
    return statistic, quadrant


def geary(values: npt.ArrayLike, weights: npt.ArrayLike) -> float:
    """Give Geary's C with row-standardised weights: 1 without pattern, below where like values are neighbours.

    >>> round(geary([1, 1, 5, 5], [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]), 3)
    0.375
    """
    deviation, table = _deviation(values, weights, linked=True)
    w = row_standardised(table)
    differences = (w * (deviation[:, None] - deviation[None, :]) ** 2).sum()
    return float((deviation.size - 1.0) * differences / (2.0 * w.sum() * (deviation @ deviation)))


def getis_ord(
    values: npt.ArrayLike, weights: npt.ArrayLike, *, star: bool = True, standardised: bool = False
) -> Vector:
    """Give the z value of Getis and Ord's local G of each place (n): above 0 where high values gather.

    With `star` a place is its own neighbour (G*). `standardised` gives instead how many standard deviations the mean of
    the neighbourhood lies from the mean of all, as ESDA does for weights that are divided by their sums. NaN where a
    place has no neighbours or all others for neighbours, and where the values it is held against are all equal.

    >>> getis_ord([1, 1, 5, 5], [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]).round(2).tolist()
    [-1.73, -1.0, 1.0, 1.73]
    """
    _, table = _deviation(values, weights)
    x = np.asarray(values, dtype=np.float64)
    n = x.size
    w = table + np.eye(n) if star else table.copy()
    if standardised:
        sums = w.sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            return ((w / sums) @ x - x.mean()) / x.std()
    if star:
        mean, deviation, count = np.full(n, x.mean()), np.full(n, x.std()), n
    else:
        count = n - 1
        mean = (x.sum() - x) / count
        square = (np.sum(x**2) - x**2) / count
        deviation = np.sqrt(_unless_rounding(square - mean**2, square))
    sums, squares = w.sum(axis=1), (w**2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        room = _unless_rounding(count * squares - sums**2, count * squares) / (count - 1.0)
        return np.where((deviation > 0) & (room > 0), (w @ x - mean * sums) / (deviation * np.sqrt(room)), np.nan)


def getis_ord_general(values: npt.ArrayLike, weights: npt.ArrayLike) -> GeneralG:
    """Give Getis and Ord's general G with weights as they are: Σ w_ij x_i x_j / Σ_{i≠j} x_i x_j, for values of at least
    0.

    >>> round(getis_ord_general([1, 1, 5, 5], [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]).statistic, 3)
    0.674
    """
    _, w = _deviation(values, weights, linked=True)
    x = np.asarray(values, dtype=np.float64)
    n = float(x.size)
    products = np.outer(x, x)
    statistic = (w * products).sum() / (products.sum() - np.trace(products))
    s0, s1, s2 = w.sum(), ((w + w.T) ** 2).sum() / 2.0, ((w.sum(axis=1) + w.sum(axis=0)) ** 2).sum()
    m1, m2, m3, m4 = ((x**power).sum() for power in (1, 2, 3, 4))
    b0 = (n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2
    b1 = -((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    b2 = -(2 * n * s1 - (n + 3) * s2 + 6 * s0**2)
    b3 = 4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * s0**2
    b4 = s1 - s2 + s0**2
    moment = (b0 * m2**2 + b1 * m4 + b2 * m1**2 * m2 + b3 * m1 * m3 + b4 * m1**4) / (
        (m1**2 - m2) ** 2 * n * (n - 1) * (n - 2) * (n - 3)
    )
    expected = s0 / (n * (n - 1))
    variance = moment - expected**2
    return GeneralG(
        float(statistic), float(expected), float(variance), float((statistic - expected) / np.sqrt(variance))
    )


def _unless_rounding(difference: Vector, of: Vector) -> Vector:
    """Give differences, 0 where they are no more than what rounding leaves of equal numbers."""
    return np.where(difference > 1e-12 * of, difference, 0.0)


def _deviation(values: npt.ArrayLike, weights: npt.ArrayLike, *, linked: bool = False) -> tuple[Vector, Matrix]:
    x, w = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if x.ndim != 1 or w.shape != (x.size, x.size):
        raise ValueError(f"{x.size} values need a square table of weights of that size, not {w.shape}")
    if not np.isfinite(x).all() or not np.isfinite(w).all() or (np.diag(w) != 0).any():
        raise ValueError("values and weights are finite, and no place is its own neighbour")
    if x.size == 0 or np.ptp(x) == 0:
        raise ValueError("all values are equal, so nothing can be said of their pattern")
    if linked and not w.any():
        raise ValueError("the weights have at least one pair of neighbours")
    return x - x.mean(), w
