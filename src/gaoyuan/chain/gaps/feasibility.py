"""How near industries are to what a region is strong in: relatedness density, read from what observing has measured.

The table `region_industry` has a density only for industries that a county has already, and a gap's industry may be one
that it lacks. So the density is worked out here for all industries, by the same equations, from the location quotients
of that table; where the table has a density, it is the same number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import ibis
import numpy as np
import numpy.typing as npt
import pandas as pd

from gaoyuan.chain.locality import REGISTER, Locality
from gaoyuan.codes import region_prefix
from gaoyuan.workspace import Workspace

Floats: TypeAlias = npt.NDArray[np.float64]

_LEVELS = {2: "province", 4: "prefecture", 6: "county"}


@dataclass(frozen=True, slots=True)
class Feasibility:
    """The relatedness density of classes of industry in a region, and its percentile among them; both by class, and
    empty where the region was not observed.
    """

    region: str | None
    density: dict[str, float]
    percentile: dict[str, float]


def relatedness_density(presence: npt.ArrayLike, here: npt.ArrayLike) -> Floats:
    """Give the relatedness density (关联密度) of each industry (c) in a region, 0 to 1, NaN for one near to none.

    `presence` (regions, c) tells where which industry is strong, `here` (c) which ones are strong in the region itself:
    ω_j = Σ_k here_k φ_jk / Σ_k φ_jk, with the proximity φ_jk = regions strong in both / the larger number of regions
    strong in one, and φ_jj = 1.

    Source: Hidalgo, Klinger, Barabási & Hausmann (2007), The product space conditions the development of nations,
    Science 317; Hausmann et al. (2014), The Atlas of Economic Complexity.

    >>> relatedness_density([[1, 0], [1, 1]], [1, 0]).round(2).tolist()
    [0.67, 0.33]
    """
    table = np.asarray(presence, dtype=np.float64)
    near = table.T @ table
    held = np.diag(near).copy()
    near /= np.maximum(np.maximum(held[:, None], held[None, :]), 1.0)
    np.fill_diagonal(near, 1.0)
    return np.minimum(1.0, near @ np.asarray(here, dtype=np.float64) / near.sum(axis=1))


def percentiles(values: npt.ArrayLike) -> Floats:
    """Give for each value (c) the share of the others that it is above of, a tie counting half; NaN stays.

    >>> percentiles([0.1, 0.3, 0.3, float("nan")]).tolist()
    [0.0, 0.75, 0.75, nan]
    """
    given = np.asarray(values, dtype=np.float64)
    known = np.sort(given[~np.isnan(given)])
    below = np.searchsorted(known, given, side="left")
    tied = np.searchsorted(known, given, side="right") - below - 1
    others = known.size - 1
    return np.where(np.isnan(given), np.nan, (below + tied / 2) / others if others > 0 else np.nan)


def feasibility(workspace: Workspace, here: Locality) -> Feasibility:
    """Read how near classes of industry are to what the region of a locality is strong in (location quotient of at
    least 1): a division, or the county of a cluster.

    Empty where the workspace was not observed, where all of the register is local, and where the register covers no
    other region of that level, for a region is strong only beside others. Raises ResultsOutdated where the register has
    changed since it was observed.
    """
    region = _region(workspace, here)
    empty = Feasibility(region, {}, {})
    if region is None or not workspace.has("region_industry"):
        return empty
    workspace.require_current("region_industry")
    strong = _strong(workspace, "county")
    level = _LEVELS[len(region_prefix(region))]
    own = strong if level == "county" else _strong(workspace, level)
    if own["region"].nunique() < 2 or region not in set(own["region"]):
        return empty
    table = pd.crosstab(strong["region"], strong["industry"])
    classes = table.columns
    present = classes.isin(own.loc[own["region"] == region, "industry"])
    density = relatedness_density(table.to_numpy() > 0, present)
    return Feasibility(
        region,
        dict(zip(classes, density.tolist(), strict=True)),
        dict(zip(classes, percentiles(density).tolist(), strict=True)),
    )


def _region(workspace: Workspace, here: Locality) -> str | None:
    if here.name == REGISTER:
        return None
    if here.name.isdecimal():
        return here.name
    clusters = workspace.table("cluster")
    rows = workspace.to_arrow(clusters.filter(clusters.cluster_id == here.name).select("county")).to_pylist()
    return rows[0]["county"] if rows else None


def _strong(workspace: Workspace, level: str) -> pd.DataFrame:
    rows = workspace.table("region_industry")
    chosen = rows.filter(
        (rows.region_level == level) & (rows.industry_level == "class") & (rows.location_quotient >= ibis.literal(1.0))
    )
    return workspace.to_arrow(chosen.select("region", "industry")).to_pandas()
