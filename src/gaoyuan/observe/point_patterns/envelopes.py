"""What chance alone would give: simulated envelopes of K, M and K_d, seeded.

A pointwise envelope says nothing about the curve as a whole: over many radii something leaves it by chance.
`Envelope.p_value` therefore tests the whole curve at once, by its largest deviation in units of the simulations' spread
(Duranton & Overman 2005 and Baddeley et al. 2014 correct for the same thing).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from gaoyuan.observe.point_patterns.concentration_m import m_function, surroundings
from gaoyuan.observe.point_patterns.kd import kd
from gaoyuan.observe.point_patterns.pairs import Floats, checked_points, checked_radii, checked_weights
from gaoyuan.observe.point_patterns.ripley import Edge, k_function

Null = Literal["locations", "labels"]


class Envelope(NamedTuple):
    """An observed curve (k) among simulated ones: their mean and their quantiles at each radius, the p value of each
    radius, upwards and downwards, and that of the whole curve.
    """

    observed: Floats
    mean: Floats
    lower: Floats
    upper: Floats
    p_concentrated: Floats
    p_dispersed: Floats
    p_value: float


def k_envelope(
    points: npt.ArrayLike,
    radii: npt.ArrayLike,
    among: npt.ArrayLike,
    area: float,
    *,
    simulations: int = 99,
    level: float = 0.05,
    seed: int = 0,
    edge: Edge = "none",
) -> Envelope:
    """Compare Ripley's K of `points` with that of as many points drawn from the sites `among` (m, 2), without
    replacement.

    >>> points, among = [[0, 0], [0, 1], [1, 0]], [[x, y] for x in range(9) for y in range(9)]
    >>> bool(k_envelope(points, [1.5], among, area=81.0).p_value <= 0.05)
    True
    """
    places, sites = _drawable(points, among)

    def simulate(random: np.random.Generator) -> Floats:
        return k_function(sites[random.choice(sites.shape[0], places.shape[0], replace=False)], radii, area, edge)

    return _envelope(k_function(places, radii, area, edge), simulate, simulations, level, seed)


def m_envelope(
    points: npt.ArrayLike,
    weights: npt.ArrayLike | None,
    industry: npt.ArrayLike,
    radii: npt.ArrayLike,
    *,
    null: Null = "locations",
    simulations: int = 99,
    level: float = 0.05,
    seed: int = 0,
) -> Envelope:
    """Compare M of an industry (a mask over all firms) with that under chance.

    `null`: with `locations` the firms with their weights and industries are thrown anew on all sites, the null of
    Marcon & Puech; with `labels` the sites keep their weights and only which firm belongs to the industry is drawn.

    >>> points = [[x, y] for x in range(9) for y in range(9)]
    >>> industry = [x + y < 3 for x in range(9) for y in range(9)]
    >>> bool(m_envelope(points, None, industry, [1.5]).p_value <= 0.05)
    True
    """
    if null not in get_args(Null):
        raise ValueError(f"null is one of {', '.join(get_args(Null))}, not {null!r}")
    places, steps = checked_points(points), checked_radii(radii)
    held, of = checked_weights(weights, places.shape[0]), np.asarray(industry, dtype=bool)
    around = surroundings(places, held, steps)

    def simulate(random: np.random.Generator) -> Floats:
        order = random.permutation(places.shape[0])
        if null == "labels":
            return m_function(places, held, of[order], of[order], steps, around)
        moved = places[order]
        cached = None if np.ptp(held) else around._replace(weight=around.weight[order], points=moved)
        return m_function(moved, held, of, of, steps, cached)

    return _envelope(m_function(places, held, of, of, steps, around), simulate, simulations, level, seed)


def kd_envelope(
    points: npt.ArrayLike,
    radii: npt.ArrayLike,
    among: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    bandwidth: float | None = None,
    *,
    simulations: int = 99,
    level: float = 0.05,
    seed: int = 0,
) -> Envelope:
    """Compare K_d of an industry's firms with that of as many firms drawn from all sites `among` (m, 2); each
    simulation takes its own bandwidth unless one is given.

    >>> points, among = [[0, 0], [0, 1], [1, 0], [1, 1]], [[x, y] for x in range(9) for y in range(9)]
    >>> bool(kd_envelope(points, [1.0, 5.0], among).p_value <= 0.05)
    True
    """
    places, sites = _drawable(points, among)

    def simulate(random: np.random.Generator) -> Floats:
        return kd(sites[random.choice(sites.shape[0], places.shape[0], replace=False)], radii, weights, bandwidth)

    return _envelope(kd(places, radii, weights, bandwidth), simulate, simulations, level, seed)


def _drawable(points: npt.ArrayLike, among: npt.ArrayLike) -> tuple[Floats, Floats]:
    places, sites = checked_points(points), checked_points(among)
    if sites.shape[0] < places.shape[0]:
        raise ValueError(
            f"points are drawn from at least as many sites as points, not {places.shape[0]} from {sites.shape[0]}"
        )
    return places, sites


def _envelope(
    observed: Floats, simulate: Callable[[np.random.Generator], Floats], simulations: int, level: float, seed: int
) -> Envelope:
    if simulations < 1 or not 0 < level < 1:
        raise ValueError("at least one simulation, and a level between 0 and 1")
    random = np.random.default_rng(seed)
    curves = np.array([simulate(random) for _ in range(simulations)])
    known = np.isfinite(curves) & np.isfinite(observed)
    # The observed curve is one of simulations + 1 that chance gives equally, so no p value is ever 0.
    higher = (1.0 + (known & (curves >= observed)).sum(axis=0)) / (1.0 + known.sum(axis=0))
    lower = (1.0 + (known & (curves <= observed)).sum(axis=0)) / (1.0 + known.sum(axis=0))
    every = np.vstack([observed, curves])
    usable = np.isfinite(every).all(axis=0)
    spread = every[:, usable].std(axis=0)
    moving = spread > 0
    deviations = np.abs((every[:, usable][:, moving] - every[:, usable][:, moving].mean(axis=0)) / spread[moving])
    largest = deviations.max(axis=1, initial=0.0)
    low, high = (
        np.nanquantile(curves, [level / 2.0, 1.0 - level / 2.0], axis=0)
        if np.isfinite(curves).any()
        else np.full((2, observed.size), np.nan)
    )
    return Envelope(
        observed, _mean(curves), low, high, higher, lower, float((largest >= largest[0] * (1.0 - 1e-12)).mean())
    )


def _mean(curves: Floats) -> Floats:
    known = np.isfinite(curves)
    with np.errstate(invalid="ignore"):
        return np.where(known, curves, 0.0).sum(axis=0) / np.where(known.any(axis=0), known.sum(axis=0), np.nan)
