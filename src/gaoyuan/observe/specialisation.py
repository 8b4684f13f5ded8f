"""How specialised places are: location quotients and the indices of one place's mix of industries.

Tables have regions in rows and industries in columns; entries are counts or amounts ≥ 0. A region or industry whose
total is zero has no share, so what rests on it is NaN.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

Matrix = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]


def location_quotient(x: npt.ArrayLike) -> Matrix:
    """Give the location quotient (区位商) of each industry in each region.

    LQ_ij = (x_ij / x_i.) / (x_.j / x_..): the industry's share of the region over its share everywhere; 1 is the
    average, also called revealed comparative advantage (Balassa 1965).

    `x` (regions, industries) ≥ 0; the answer has the same shape, NaN where the region or the industry is empty. Raises
    ValueError for a table that is not two-dimensional or has negative or missing entries.

    >>> location_quotient([[2, 0], [1, 1]]).round(2).tolist()
    [[1.33, 0.0], [0.67, 2.0]]
    """
    table = checked_table(x)
    regions = table.sum(axis=1, keepdims=True)
    industries = table.sum(axis=0, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((regions > 0) & (industries > 0), (table / regions) / (industries / table.sum()), np.nan)


def location_quotient_interval(
    count: npt.ArrayLike, expected: npt.ArrayLike, level: float = 0.95
) -> tuple[Vector, Vector]:
    """Give the ends of the confidence interval of location quotients: how far chance alone lets each be told.

    Firms found and decided upon one by one are taken as a Poisson count k whose mean is the quotient times the
    `expected` count E = n K / N; the exact interval of that mean (Garwood 1936, Biometrika 28) over E is that of the
    quotient (Moineddin, Beyene & Boyle 2003, Geographical Analysis 35, give the same idea for large counts). A register
    that counts every firm has no sampling error: the interval says how stable the quotient is against single firms.

    `count` ≥ 0 and `expected` ≥ 0 of the same shape; the answers have it too, NaN where the expected count is 0 or one
    of them is missing. 0 firms have the lower end 0. Raises ValueError for negative numbers or a level outside 0 to 1.

    >>> low, high = location_quotient_interval([4, 0], [2.0, 2.0])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.545, 0.0], [5.121, 1.844])
    """
    k, mean = np.broadcast_arrays(np.asarray(count, dtype=np.float64), np.asarray(expected, dtype=np.float64))
    if (k < 0).any() or (mean < 0).any():
        raise ValueError("counts of firms, found and expected, are at least 0")
    if not 0.0 < level < 1.0:
        raise ValueError(f"a level of confidence lies between 0 and 1, not {level}")
    tail = (1.0 - level) / 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(k > 0, chi2.ppf(tail, 2.0 * k), 0.0) / (2.0 * mean)
        high = chi2.ppf(1.0 - tail, 2.0 * (k + 1.0)) / (2.0 * mean)
    known = (mean > 0) & ~np.isnan(k)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def specialised(x: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Tell where the location quotient is at least 1 (a presence table); empty regions and industries are present
    nowhere.

    >>> specialised([[2, 0], [1, 1]]).tolist()
    [[True, False], [False, True]]
    """
    quotients = location_quotient(x)
    return np.nan_to_num(quotients, nan=0.0) >= 1.0


def mean_location_quotient(x: npt.ArrayLike) -> Vector:
    """Give each region's mean location quotient weighted by its own shares, Σ_j s_ij LQ_ij (regions); NaN for an empty
    region.

    1 is a region with the average mix (O'Donoghue & Gleave 2004). Its inverse is the Hachman index.

    >>> mean_location_quotient([[2, 0], [1, 1]]).round(3).tolist()
    [1.333, 1.333]
    """
    shares = _region_shares(x)
    weighted = shares * np.nan_to_num(location_quotient(x), nan=0.0)
    return np.where(np.isnan(shares).all(axis=1), np.nan, np.nansum(weighted, axis=1))


def hachman(x: npt.ArrayLike) -> Vector:
    """Give the Hachman index of each region (regions): 1 for the average mix, towards 0 the more it differs; NaN for an
    empty region.

    >>> hachman([[2, 0], [1, 1]]).round(3).tolist()
    [0.75, 0.75]
    """
    return 1.0 / mean_location_quotient(x)


def herfindahl(x: npt.ArrayLike) -> Vector:
    """Give the Herfindahl index of each region's industries (regions): Σ_j s_ij², from 1/industries to 1; NaN for an
    empty region.

    >>> herfindahl([[2, 0], [1, 1], [0, 0]]).tolist()
    [1.0, 0.5, nan]
    """
    shares = _region_shares(x)
    return (shares**2).sum(axis=1)


def entropy(x: npt.ArrayLike) -> Vector:
    """Give the Shannon entropy of each region's industries in bits (regions): 0 for one industry alone; NaN for an
    empty region.

    >>> entropy([[2, 0], [1, 1]]).tolist()
    [0.0, 1.0]
    """
    shares = _region_shares(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = np.where(shares > 0, -shares * np.log2(shares), 0.0)
    return np.where(np.isnan(shares).any(axis=1), np.nan, bits.sum(axis=1))


def krugman_specialisation(x: npt.ArrayLike, reference: npt.ArrayLike | None = None) -> Vector:
    """Give Krugman's index of specialisation of each region (regions): Σ_j |s_ij - s_j|, 0 for the reference mix to 2
    for none of it.

    `reference` (industries) is the mix compared with, the sum of all regions unless given. Krugman (1991), Geography
    and Trade.

    >>> krugman_specialisation([[2, 0], [1, 1]]).tolist()
    [0.5, 0.5]
    """
    table = checked_table(x)
    against = table.sum(axis=0) if reference is None else checked_amounts(reference, table.shape[1])
    return np.abs(_region_shares(table) - _shares(against)).sum(axis=1)


def krugman_between(own: npt.ArrayLike, others: npt.ArrayLike) -> float:
    """Give Krugman's index of one place or industry against others: Σ |s_k - mean of the others' shares|.

    `own` (k), `others` (others, k): each other counts with its shares, not with its size. For industries this is the
    index of concentration, for regions that of specialisation (Farhauer & Kröll 2013).

    >>> round(krugman_between([3, 1], [[1, 1], [1, 3]]), 3)
    0.75
    """
    compared = checked_table(np.atleast_2d(np.asarray(others, dtype=np.float64)))
    amounts = checked_amounts(own, compared.shape[1])
    return float(np.abs(_shares(amounts) - _region_shares(compared).mean(axis=0)).sum())


def specialisation_coefficient(x: npt.ArrayLike) -> Vector:
    """Give Hoover's coefficient of specialisation of each region (regions): half of Krugman's index, 0 to 1.

    >>> specialisation_coefficient([[2, 0], [1, 1]]).tolist()
    [0.25, 0.25]
    """
    return krugman_specialisation(x) / 2.0


def checked_table(x: npt.ArrayLike) -> Matrix:
    """Give a table as floats, or raise ValueError where it is not two-dimensional or has negative, missing or infinite
    entries.
    """
    table = np.asarray(x, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"a table of regions and industries has two dimensions, not {table.ndim}")
    if not np.isfinite(table).all() or (table < 0).any():
        raise ValueError("a table of regions and industries holds numbers of at least 0, none missing")
    return table


def checked_presence(presence: npt.ArrayLike) -> Matrix:
    """Give a presence table as floats, or raise ValueError where it is no table or holds anything but 0 and 1."""
    table = checked_table(presence)
    if not np.isin(table, (0.0, 1.0)).all():
        raise ValueError("a presence table holds 0 and 1 only; make one with specialised()")
    return table


def checked_amounts(values: npt.ArrayLike, count: int | None = None) -> Vector:
    """Give amounts as floats (n), or raise ValueError where they are not one-dimensional, not `count`, negative or
    missing.
    """
    amounts = np.asarray(values, dtype=np.float64)
    if amounts.ndim != 1 or (count is not None and amounts.size != count):
        raise ValueError(f"amounts have one entry for each place or industry: {count or 'n'}, not {amounts.shape}")
    if not np.isfinite(amounts).all() or (amounts < 0).any():
        raise ValueError("amounts are numbers of at least 0, none missing")
    return amounts


def _region_shares(x: npt.ArrayLike) -> Matrix:
    table = checked_table(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        return table / table.sum(axis=1, keepdims=True)


def _shares(values: Vector) -> Vector:
    with np.errstate(divide="ignore", invalid="ignore"):
        return values / values.sum()
