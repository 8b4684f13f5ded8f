"""Local excess: where there are more firms of an industry than the place's size explains, with exact probabilities and
a controlled share of false findings.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt
from scipy.special import gammainc, gammaln

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

_NEGLIGIBLE = 1e-17
_LEAST_TAIL = 1e-280


class LocalExcess(NamedTuple):
    """For each cell (n): firms expected, location quotient, exact upper tail p, q corrected for the number of cells,
    and log p, which does not underflow.
    """

    expected: Floats
    location_quotient: Floats
    p_value: Floats
    q_value: Floats
    log_p_value: Floats


def local_excess(counts: npt.ArrayLike, totals: npt.ArrayLike) -> LocalExcess:
    """Test each cell for more firms of an industry than its size explains.

    Without clustering, the K firms of the industry are any K of all N firms, so a cell with n firms has a
    hypergeometric number of them. `expected` is n K/N, `location_quotient` (k/n)/(K/N), `p_value` the exact P(X ≥ k),
    `q_value` its Benjamini–Hochberg correction over the cells that hold any firm. p is never 0: below the smallest
    double it is that, and `log_p_value` keeps its size.

    `counts` (n) firms of the industry, `totals` (n) all firms, whole numbers with counts ≤ totals. Cells without firms
    get NaN. Raises ValueError for counts that cannot be.

    >>> result = local_excess([3, 0, 1], [4, 6, 10])
    >>> result.expected.round(1).tolist(), result.p_value.round(4).tolist(), result.q_value.round(4).tolist()
    ([0.8, 1.2, 2.0], [0.0134, 1.0, 0.9567], [0.0402, 1.0, 1.0])
    """
    firms, everything = _whole(counts), _whole(totals)
    if firms.shape != everything.shape or firms.ndim != 1:
        raise ValueError("counts and totals have one entry for each cell")
    if (firms > everything).any():
        raise ValueError("a cell has no more firms of one industry than firms")
    of_industry, of_all = int(firms.sum()), int(everything.sum())
    held = everything > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = np.where(held, everything * (of_industry / max(1, of_all)), np.nan)
        quotient = np.where(held & (of_industry > 0), firms / expected, np.nan)
    logs = np.where(held, hypergeometric_log_tail(firms, of_all, of_industry, everything), np.nan)
    p_values = np.maximum(np.exp(logs), np.nextafter(0.0, 1.0))
    return LocalExcess(expected, quotient, p_values, benjamini_hochberg(p_values), logs)


def benjamini_hochberg(p_values: npt.ArrayLike, tests: int | None = None) -> Floats:
    """Give q values (n): the smallest false discovery rate at which each test would be a finding (Benjamini & Hochberg
    1995). NaN stays NaN and does not count.

    `tests` is the number of tests made where not all p values are given. Those left out count as p = 1, whatever they
    are: that is exact where they are 1, as in a place without a firm of the industry, and else only raises q, so the
    rate is kept and some findings may be missed. Raises ValueError for p values that cannot be.

    The rate is proven for tests that are independent or positively dependent (positive regression dependence, Benjamini
    & Yekutieli 2001), not for all.

    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    >>> benjamini_hochberg([0.01], tests=3).round(3).tolist()
    [0.03]
    """
    given = np.asarray(p_values, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(given))
    order = known[np.argsort(given[known], kind="stable")]
    if ((given[known] < 0) | (given[known] > 1)).any():
        raise ValueError("p values lie between 0 and 1; NaN stands for an unknown one")
    count = order.size if tests is None else tests
    if count < order.size:
        raise ValueError(f"there are at least as many tests as p values, not {count} for {order.size}")
    raised = given[order] * count / np.arange(1, order.size + 1)
    found = np.full(given.shape, np.nan)
    found[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return found


def hypergeometric_log_tail(
    successes: npt.ArrayLike, population: npt.ArrayLike, marked: npt.ArrayLike, drawn: npt.ArrayLike
) -> Floats:
    """Give log P(X ≥ successes) for X marked ones among `drawn` of a `population` with `marked` (all broadcast to n),
    with p itself right to 12 digits.

    The tail on the shorter side is summed term by term from its largest, each from the one before.

    >>> np.exp(hypergeometric_log_tail([3], 20, 4, 4)).round(6).tolist()
    [0.013416]
    """
    k, n, m, d = (np.array(part, dtype=np.int64) for part in np.broadcast_arrays(successes, population, marked, drawn))
    return _log_tails(k.ravel(), n.ravel(), m.ravel(), d.ravel()).reshape(k.shape)


def poisson_log_tail(counts: npt.ArrayLike, means: npt.ArrayLike) -> Floats:
    """Give log P(X ≥ counts) for Poisson variables of these means (both broadcast to n), also where p is too small for
    a float.

    Counts need not be whole: between whole numbers the tail is the regularised gamma function P(counts, mean), of which
    it is the value at whole ones. 0 for counts of 0.

    >>> poisson_log_tail([2, 3_000], [1.0, 10.0]).round(3).tolist()
    [-1.331, -14126.266]
    """
    count, mean = np.broadcast_arrays(np.asarray(counts, dtype=np.float64), np.asarray(means, dtype=np.float64))
    if not (np.isfinite(count).all() and np.isfinite(mean).all()) or (count < 0).any() or (mean < 0).any():
        raise ValueError("counts and means are numbers of at least 0, none missing")
    tail = np.where(count > 0, gammainc(np.maximum(count, 1e-300), mean), 1.0)
    with np.errstate(divide="ignore"):
        found = np.array(np.log(tail))
    lost = (tail < _LEAST_TAIL) & (mean > 0)
    # x^a e^-x / Γ(a + 1) · (1 + x/(a + 1) + x²/((a + 1)(a + 2)) + …), whose terms fall, for so far out x is below a.
    a, x = count[lost], mean[lost]
    term, total, k = np.ones_like(a), np.ones_like(a), 0
    while a.size and (term > total * _NEGLIGIBLE).any():
        k += 1
        term = term * x / (a + k)
        total += term
    found[lost] = a * np.log(x) - x - gammaln(a + 1.0) + np.log(total)
    return found


@nb.njit(cache=True, parallel=True)
def _log_tails(successes: Counts, population: Counts, marked: Counts, drawn: Counts) -> Floats:
    found = np.empty(successes.size)
    for i in nb.prange(successes.size):
        found[i] = _log_tail(successes[i], population[i], marked[i], drawn[i])
    return found


@nb.njit(cache=True)
def _log_tail(k: int, population: int, marked: int, drawn: int) -> float:
    least = max(0, drawn + marked - population)
    most = min(marked, drawn)
    if k <= least:
        return 0.0
    if k > most:
        return -np.inf
    mode = int((drawn + 1.0) * (marked + 1.0) / (population + 2.0))
    if k > mode:
        term, total = 1.0, 1.0
        for x in range(k, most):
            term *= (marked - x) * 1.0 / (x + 1.0) * (drawn - x) / (population - marked - drawn + x + 1.0)
            total += term
            if term < total * _NEGLIGIBLE:
                break
        return min(0.0, _log_mass(k, population, marked, drawn) + np.log(total))
    term, total = 1.0, 1.0
    for x in range(k - 1, least, -1):
        term *= x * 1.0 / (marked - x + 1.0) * (population - marked - drawn + x) / (drawn - x + 1.0)
        total += term
        if term < total * _NEGLIGIBLE:
            break
    below = np.exp(_log_mass(k - 1, population, marked, drawn) + np.log(total))
    return np.log1p(-min(below, 1.0 - 1e-16))


@nb.njit(cache=True)
def _log_mass(k: int, population: int, marked: int, drawn: int) -> float:
    """Log of the hypergeometric mass as a quotient of binomial ones, each by Loader's saddle-point expansion, which
    loses no digits at large numbers.
    """
    if drawn == 0 or drawn == population:
        return 0.0
    p = drawn / population
    q = (population - drawn) / population
    return (
        _log_binomial(k, marked, p, q)
        + _log_binomial(drawn - k, population - marked, p, q)
        - _log_binomial(drawn, population, p, q)
    )


@nb.njit(cache=True)
def _log_binomial(x: int, n: int, p: float, q: float) -> float:
    if x == 0:
        return n * math.log(q) if n == 0 or p < 0.1 else -_deviance(n, n * q) - n * p
    if x == n:
        return n * math.log(p) if q < 0.1 else -_deviance(n, n * p) - n * q
    correction = _stirling_error(n) - _stirling_error(x) - _stirling_error(n - x)
    return (
        correction
        - _deviance(x, n * p)
        - _deviance(n - x, n * q)
        + 0.5 * (math.log(n / (2.0 * math.pi)) - math.log(x) - math.log(n - x))
    )


@nb.njit(cache=True)
def _stirling_error(n: int) -> float:
    """Log n! minus Stirling's formula (Loader 2000, Fast and accurate computation of binomial probabilities)."""
    if n < 16:
        return math.lgamma(n + 1.0) - (n + 0.5) * math.log(n) + n - 0.5 * math.log(2.0 * math.pi) if n else 0.0
    square = 1.0 * n * n
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n


@nb.njit(cache=True)
def _deviance(x: float, mean: float) -> float:
    """X log(x / mean) + mean - x, by its series where x is near the mean."""
    if abs(x - mean) < 0.1 * (x + mean):
        v = (x - mean) / (x + mean)
        total = (x - mean) * v
        term = 2.0 * x * v
        j = 1
        while True:
            term *= v * v
            longer = total + term / (2 * j + 1)
            if longer == total:
                return longer
            total = longer
            j += 1
    return x * math.log(x / mean) + mean - x


def _whole(values: npt.ArrayLike) -> Counts:
    given = np.asarray(values)
    whole = np.asarray(given, dtype=np.float64)
    if not np.isfinite(whole).all() or (whole < 0).any() or (whole != np.floor(whole)).any():
        raise ValueError("counts of firms are whole numbers of at least 0, none missing")
    return whole.astype(np.int64)
