"""The kernels against the programs that people use now."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gaoyuan.observe import (
    economic_complexity,
    kd,
    local_excess,
    m_function,
    proximity,
    relatedness_density,
    specialised,
    surroundings,
)

REGIONS, INDUSTRIES = 3_000, 1_400
CELLS = 100_000
FIRMS, SECTOR_SHARE = 100_000, 0.0808
RADII = np.linspace(2_000.0, 20_000.0, 10)
KD_RADII = np.linspace(0.0, 30_000.0, 512)


def counts() -> np.ndarray:
    """Make firms by region and industry, nested as real ones are: able regions have more, and rarer, industries."""
    random = np.random.default_rng(1)
    ability, difficulty = random.normal(0.0, 1.0, (REGIONS, 1)), random.normal(0.0, 1.0, (1, INDUSTRIES))
    strong = random.random((REGIONS, INDUSTRIES)) < 1.0 / (1.0 + np.exp(1.5 + 1.5 * (difficulty - ability)))
    return random.lognormal(np.where(strong, 3.0, 0.0), 1.0)


def cells() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make counts of an industry and of all firms on a square grid, a tenth of the cells with a local excess."""
    random = np.random.default_rng(2)
    totals = random.poisson(20.0, CELLS)
    share = np.where(random.random(CELLS) < 0.1, 0.05, 0.01)
    side = int(np.sqrt(CELLS))
    places = np.stack(np.divmod(np.arange(CELLS), side), axis=1).astype(float)
    return random.binomial(totals, share), totals, places


def firms() -> tuple[np.ndarray, np.ndarray]:
    """Make firms in and around 40 towns, in metres, and which of them are in the sector."""
    random = np.random.default_rng(3)
    towns = random.uniform(0.0, 100_000.0, (40, 2))
    near = towns[random.integers(0, 40, FIRMS)] + random.normal(0.0, 2_000.0, (FIRMS, 2))
    points = np.where(random.random((FIRMS, 1)) < 0.6, near, random.uniform(0.0, 100_000.0, (FIRMS, 2)))
    return points, random.random(FIRMS) < SECTOR_SHARE


def our_complexity() -> Callable[[], float]:
    """Presence, complexity, proximity and density from firms by region and industry, ours; gives the sum of |ECI|."""
    table = counts()

    def work() -> float:
        present = specialised(table)
        relatedness_density(present, proximity(present))
        return float(np.abs(economic_complexity(present).eci).sum())

    return work


def their_complexity() -> Callable[[], float]:
    """The same by ecomplexity, which takes a long table and computes all of it in one call."""
    import pandas as pd
    from ecomplexity import ecomplexity

    table = counts()
    region, industry = np.divmod(np.arange(table.size), INDUSTRIES)
    long = pd.DataFrame({"time": 1, "loc": region, "prod": industry, "val": table.ravel()})
    columns = {"time": "time", "loc": "loc", "prod": "prod", "val": "val"}
    return lambda: float(ecomplexity(long, columns).groupby("loc")["eci"].first().abs().sum())


def our_excess() -> Callable[[], float]:
    """Exact local excess of one industry."""
    counts, totals, _ = cells()
    return lambda: float((local_excess(counts, totals).q_value <= 0.05).sum())


def their_excess() -> Callable[[], float]:
    """Getis and Ord's Gi* with 999 permutations by esda, on the same cells."""
    from esda.getisord import G_Local
    from libpysal.weights import KNN

    counts, totals, places = cells()
    rates = counts / np.maximum(totals, 1)
    weights = KNN.from_array(places, k=8)
    weights.transform = "B"

    def work() -> float:
        found = G_Local(rates, weights, star=True, permutations=999, seed=1, n_jobs=1)
        return float((found.p_sim <= 0.05).sum())

    return work


def our_m() -> Callable[[], float]:
    """M of the sector at ten radii, with the denominators cached as they are for many industries."""
    points, sector = firms()
    cached = surroundings(points, None, RADII)
    return lambda: float(m_function(points, None, sector, sector, RADII, cached).sum())


def our_m_alone() -> Callable[[], float]:
    """M of the sector at ten radii, denominators included."""
    points, sector = firms()
    return lambda: float(m_function(points, None, sector, sector, RADII).sum())


def our_kd() -> Callable[[], float]:
    """K_d of the sector."""
    points, sector = firms()
    return lambda: float(kd(points[sector], KD_RADII).sum())
