"""Which industries go together, and how near a region's strengths are to an industry it lacks.

Presence tables have regions in rows and industries in columns, 1 where the region is strong in the industry (see
`specialised`).
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from gaoyuan.observe.specialisation import Matrix, Vector, checked_presence, checked_table

Association = Literal["association", "probability", "cosine", "jaccard"]


def co_occurrence(presence: npt.ArrayLike) -> Matrix:
    """Give in how many regions each pair of industries is present together (industries, industries), diagonal 0.

    >>> co_occurrence([[1, 1], [1, 0]]).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    together = _together(checked_presence(presence))
    np.fill_diagonal(together, 0.0)
    return together


def proximity(presence: npt.ArrayLike) -> Matrix:
    """Give the proximity (邻近度) of each pair of industries (industries, industries), 0 to 1, diagonal 1.

    φ_ij = regions with both / the larger number of regions with one: the smaller of the two conditional probabilities
    (Hidalgo, Klinger, Barabási & Hausmann 2007). An industry present nowhere has proximity 0 to all others.

    >>> proximity([[1, 1], [1, 0]]).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    together = _together(checked_presence(presence))
    ubiquity = np.diag(together).copy()
    together /= np.maximum(np.maximum(ubiquity[:, None], ubiquity[None, :]), 1.0)
    np.fill_diagonal(together, 1.0)
    return together


def relatedness_density(presence: npt.ArrayLike, proximity: npt.ArrayLike) -> Matrix:
    """Give the relatedness density (关联密度) of each industry in each region (regions, industries), 0 to 1.

    ω_rj = Σ_k M_rk φ_jk / Σ_k φ_jk: the share of the industry's related industries, weighed by proximity, that the
    region is strong in. An industry with no proximity to any has NaN. Raises ValueError where the tables do not fit
    each other.

    >>> relatedness_density([[1, 0], [1, 1]], [[1, 0.5], [0.5, 1]]).round(2).tolist()
    [[0.67, 0.33], [1.0, 1.0]]
    """
    table = checked_presence(presence)
    near = _proximities(proximity, table.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        # Rounding can lift a full neighbourhood a hair above 1.
        return np.minimum(table @ near.T / near.sum(axis=1), 1.0)


def complexity_outlook(
    presence: npt.ArrayLike, proximity: npt.ArrayLike, product_complexity: npt.ArrayLike
) -> tuple[Vector, Matrix]:
    """Give each region's complexity outlook (regions) and the outlook gain of each industry in each region (regions,
    industries).

    Outlook: Σ_j (1 - M_rj) ω_rj PCI_j, how complex the industries are that a region lacks and is near to. Gain: (1 -
    M_rj) Σ_k (1 - M_rk) φ_jk/Σ_l φ_kl PCI_k, how much an industry would bring other complex ones nearer. Neither is
    standardised. Hausmann et al. (2014), The Atlas of Economic Complexity. Industries with NaN complexity, and those
    with no proximity to any, count nothing.

    >>> complexity_outlook([[1, 0], [1, 1]], [[1, 0.5], [0.5, 1]], [-1, 1])[0].round(2).tolist()
    [0.33, 0.0]
    """
    table = checked_presence(presence)
    near = _proximities(proximity, table.shape[1])
    complexity = np.nan_to_num(np.asarray(product_complexity, dtype=np.float64), nan=0.0)
    if complexity.shape != (table.shape[1],):
        raise ValueError(f"there is one complexity for each industry: {table.shape[1]}, not {complexity.shape}")
    lacking = 1.0 - table
    density = np.nan_to_num(relatedness_density(table, near), nan=0.0)
    outlook = (lacking * density) @ complexity
    reach = near.sum(axis=1)
    gain = lacking * (
        lacking @ (near * np.divide(complexity, reach, out=np.zeros_like(reach), where=reach > 0)[:, None])
    )
    return outlook, gain


def association(co_occurrences: npt.ArrayLike, method: Association = "association") -> Matrix:
    """Give a normalised association of industries from how often they occur together (industries, industries), diagonal
    0.

    With c_ij the co-occurrences (the diagonal is not counted), s_i = Σ_j c_ij and T = Σ s_i: `association` T c_ij /
    (s_i s_j); `probability` the same with pairs drawn from different industries, 2 c_ij / (s_i s_j (1/(T - s_i) + 1/(T
    - s_j))); `cosine` c_ij / √(s_i s_j); `jaccard` c_ij / (s_i + s_j - c_ij). 0 where an industry never occurs with
    another. Van Eck & Waltman (2009); Steijn (2021).

    >>> association([[0, 2], [2, 0]]).tolist()
    [[0.0, 2.0], [2.0, 0.0]]
    """
    if method not in get_args(Association):
        raise ValueError(f"method is one of {', '.join(get_args(Association))}, not {method!r}")
    together = checked_table(co_occurrences).copy()
    if together.shape[0] != together.shape[1]:
        raise ValueError(f"co-occurrences are a square table, not {together.shape}")
    np.fill_diagonal(together, 0.0)
    sums = together.sum(axis=1)
    total = sums.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        product = np.outer(sums, sums)
        if method == "association":
            related = together * total / product
        elif method == "probability":
            related = together / (product * (1.0 / (total - sums)[:, None] + 1.0 / (total - sums)[None, :]) / 2.0)
        elif method == "cosine":
            related = together / np.sqrt(product)
        else:
            related = together / (sums[:, None] + sums[None, :] - together)
    related = np.nan_to_num(related, nan=0.0, posinf=0.0)
    np.fill_diagonal(related, 0.0)
    return related


def _together(table: Matrix) -> Matrix:
    # Single precision counts exactly to 2^24, in half the time.
    counted = table.astype(np.float32) if table.shape[0] < 1 << 24 else table
    return (counted.T @ counted).astype(np.float64)


def _proximities(proximity: npt.ArrayLike, industries: int) -> Matrix:
    near = np.asarray(proximity, dtype=np.float64)
    if near.shape != (industries, industries):
        raise ValueError(f"{industries} industries need a square table of proximities of that size, not {near.shape}")
    if not np.isfinite(near).all() or (near < 0).any():
        raise ValueError("proximities are numbers of at least 0, none missing")
    return near
