"""Economic complexity of regions and industries, from which region is strong in which industry.

Hidalgo & Hausmann (2009), The building blocks of economic complexity, PNAS 106; eigenvector form of Hausmann et al.
(2014), The Atlas of Economic Complexity; fitness of Tacchella et al. (2012), A new metrics for countries' fitness and
products' complexity.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse
import scipy.sparse.csgraph
import scipy.sparse.linalg

from gaoyuan.observe.specialisation import Vector, checked_presence

_SMALL = 64


class Complexity(NamedTuple):
    """Economic complexity of regions, product complexity of industries, and how many separate parts the table has."""

    eci: Vector
    pci: Vector
    components: int


def economic_complexity(presence: npt.ArrayLike) -> Complexity:
    """Give the economic complexity index of regions (经济复杂度) and the product complexity index of industries.

    The second eigenvector of D⁻¹ M U⁻¹ Mᵀ, found as the second singular vector of D^-½ M U^-½. ECI has mean 0 and
    population standard deviation 1; PCI is on ECI's scale, so that ECI is the mean PCI of the industries present. Its
    sign is that in which it correlates with diversity.

    `presence` (regions, industries) of 0 and 1. Empty regions and industries get NaN and do not touch the rest.
    `components` is the number of parts without an industry in common: with more than one, the index only tells parts
    apart and says nothing inside them. All NaN where fewer than two regions or industries are left or all regions are
    alike.

    >>> result = economic_complexity([[1, 1, 1], [1, 1, 0], [1, 0, 0]])
    >>> result.eci.round(2).tolist(), result.components
    ([1.22, -0.0, -1.22], 1)
    """
    table = checked_presence(presence)
    rows, columns = table.any(axis=1), table.any(axis=0)
    eci, pci = np.full(table.shape[0], np.nan), np.full(table.shape[1], np.nan)
    held = scipy.sparse.csr_array(table[np.ix_(rows, columns)])
    components = _components(held)
    if min(held.shape) < 2:
        return Complexity(eci, pci, components)
    diversity, ubiquity = held.sum(axis=1), held.sum(axis=0)
    right = _second_right_vector(held, diversity, ubiquity)
    products = right / np.sqrt(ubiquity)
    regions = np.asarray(held @ products) / diversity
    mean, deviation = regions.mean(), regions.std()
    if deviation > 1e-9 * max(1.0, np.abs(regions).max()):
        sign = _sign(regions, diversity)
        eci[rows] = sign * (regions - mean) / deviation
        pci[columns] = sign * (products - mean) / deviation
    return Complexity(eci, pci, components)


def method_of_reflections(presence: npt.ArrayLike, steps: int) -> tuple[Vector, Vector]:
    """Give the reflections of regions and industries after a number of steps: (regions), (industries).

    k_r,0 = diversity, k_j,0 = ubiquity; k_r,n = Σ_j M_rj k_j,n-1 / k_r,0 and the same for industries. Even steps of
    regions tend to the complexity index, slowly. NaN for what is empty.

    >>> method_of_reflections([[1, 1], [1, 0]], 1)[0].tolist()
    [1.5, 2.0]
    """
    table = checked_presence(presence)
    diversity, ubiquity = table.sum(axis=1), table.sum(axis=0)
    regions, industries = diversity, ubiquity
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(steps):
            regions, industries = (
                np.where(diversity > 0, table @ np.nan_to_num(industries) / diversity, np.nan),
                np.where(ubiquity > 0, table.T @ np.nan_to_num(regions) / ubiquity, np.nan),
            )
    return regions, industries


def fitness(presence: npt.ArrayLike, iterations: int = 20, extremality: float = 1.0) -> tuple[Vector, Vector]:
    """Give the fitness of regions and the quality of industries (regions), (industries), each with mean 1.

    F_r = Σ_j M_rj Q_j and Q_j = (Σ_r M_rj F_r^-γ)^(-1/γ) with γ the `extremality`, both divided by their means, from
    all ones, `iterations` times. 0 for empty regions; NaN for empty industries.

    >>> [v.round(3).tolist() for v in fitness([[1, 1], [1, 0]], 2)]
    [[1.5, 0.5], [0.5, 1.5]]
    """
    table = checked_presence(presence)
    rows, columns = table.any(axis=1), table.any(axis=0)
    held = table[np.ix_(rows, columns)]
    if held.size == 0:
        return np.zeros(table.shape[0]), np.full(table.shape[1], np.nan)
    regions, industries = np.ones(held.shape[0]), np.ones(held.shape[1])
    for _ in range(iterations):
        new_regions = held @ industries
        with np.errstate(divide="ignore"):
            new_industries = (held.T @ regions**-extremality) ** (-1.0 / extremality)
        regions, industries = new_regions / new_regions.mean(), new_industries / new_industries.mean()
    of_regions, of_industries = np.zeros(table.shape[0]), np.full(table.shape[1], np.nan)
    of_regions[rows], of_industries[columns] = regions, industries
    return of_regions, of_industries


def _second_right_vector(held: scipy.sparse.csr_array, diversity: Vector, ubiquity: Vector) -> Vector:
    scaled = scipy.sparse.diags_array(diversity**-0.5) @ held @ scipy.sparse.diags_array(ubiquity**-0.5)
    if min(held.shape) <= _SMALL:
        return np.linalg.svd(scaled.toarray(), full_matrices=False)[2][1]
    # The first pair of singular vectors is known, √diversity and √ubiquity with value 1; without it the second is the
    # first.
    first_left, first_right = np.sqrt(diversity / diversity.sum()), np.sqrt(ubiquity / ubiquity.sum())
    operator = scipy.sparse.linalg.LinearOperator(
        scaled.shape,
        matvec=lambda v: scaled @ v.ravel() - first_left * (first_right @ v.ravel()),
        rmatvec=lambda v: scaled.T @ v.ravel() - first_right * (first_left @ v.ravel()),
        dtype=np.float64,
    )
    start = np.random.default_rng(0).standard_normal(min(held.shape))
    found = scipy.sparse.linalg.svds(
        operator,
        k=1,
        v0=start,
        return_singular_vectors="vh",  # pyright: ignore[reportArgumentType] - the stubs call it "v", SciPy itself "vh"
    )
    return found[2][0]


def _sign(regions: Vector, diversity: Vector) -> float:
    covariance = ((regions - regions.mean()) * (diversity - diversity.mean())).sum()
    if abs(covariance) > 1e-9 * regions.std() * diversity.std() * regions.size:
        return float(np.sign(covariance))
    return float(np.sign(regions[np.argmax(np.abs(regions - regions.mean()))]) or 1.0)


def _components(held: scipy.sparse.csr_array) -> int:
    """Count the parts without an industry in common; every region and industry of the table has a one."""
    # Mostly there is one part, and walking through it from one region takes a few products.
    regions = np.zeros(held.shape[0])
    regions[:1] = 1.0
    reached = 0
    while reached < (now := int(np.count_nonzero(regions))):
        reached = now
        regions = (held @ (held.T @ regions > 0).astype(np.float64) > 0).astype(np.float64)
    if reached == held.shape[0]:
        return min(1, reached)
    graph = scipy.sparse.block_array([[None, held], [held.T, None]])
    return scipy.sparse.csgraph.connected_components(graph, directed=False)[0]
