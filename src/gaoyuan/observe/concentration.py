"""How concentrated industries are over regions: Ellison–Glaeser, coagglomeration, Gini, Hoover, Krugman, cluster index.

Ellison & Glaeser (1997), Geographic concentration in U.S. manufacturing industries: a dartboard approach, JPE 105;
(2010, with Kerr) What causes industry agglomeration?, AER 100.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from gaoyuan.observe.specialisation import Matrix, Vector, checked_amounts, checked_table

Labels: TypeAlias = "Sequence[object] | npt.NDArray[np.generic] | pd.Series | pd.Index"
RegionSizes: TypeAlias = Mapping[str, float] | Mapping[int, float] | Mapping[float, float]

_NEGLIGIBLE = 1e-12
"""Below this 1 - Σ x² and 1 - H are rounding: all is in one region, or in one plant."""


def ellison_glaeser(
    size: npt.ArrayLike, industry: Labels, region: Labels, region_size: RegionSizes | None = None
) -> pd.DataFrame:
    """Give the Ellison–Glaeser index of agglomeration (EG 指数) of each industry.

    γ = (G - (1 - Σ_m x_m²) H) / ((1 - Σ_m x_m²) (1 - H)), with G = Σ_m (s_m - x_m)², s_m the region's share of the
    industry, x_m its share of everything and H the Herfindahl index of the industry's plants. 0 is what chance alone
    gives; above 0.05 is called strongly agglomerated.

    `size`, `industry`, `region` (plants): size ≥ 0, any labels. `region_size` gives the regions' sizes where they are
    not the sums of the plants. The answer is indexed by industry, in order of label, with `gamma`, `raw_concentration`
    (G), `herfindahl` (H), `plants` and `z` (G against its variance under chance); γ and z are NaN where undefined: an
    industry with one plant (H = 1), one without size, a table with one region. Raises ValueError for sizes that are
    negative or missing and for arrays of unequal length.

    >>> table = ellison_glaeser([5, 5, 1, 1], ["a", "a", "b", "b"], ["x", "x", "x", "y"])
    >>> table.loc["a"].round(3).tolist()
    [-0.818, 0.014, 0.5, 2.0, -0.347]
    """
    plants = _Plants(size, industry, region, region_size)
    raw, herfindahl, spread = plants.raw_concentration(), plants.herfindahl(), plants.spread()
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(spread > _NEGLIGIBLE, (raw - spread * herfindahl) / np.sqrt(plants.variance()), np.nan)
    return pd.DataFrame(
        {
            "gamma": _gamma(raw, herfindahl, spread),
            "raw_concentration": raw,
            "herfindahl": herfindahl,
            "plants": plants.counts(),
            "z": np.where(np.isfinite(z), z, np.nan),
        },
        index=pd.Index(plants.industries, name="industry"),
    )


def ellison_glaeser_of_table(table: npt.ArrayLike, squares: npt.ArrayLike) -> tuple[Vector, Vector, Vector]:
    """Give γ, raw concentration and Herfindahl index of each industry (industries each) from sums, where single plants
    are not at hand.

    `table` (regions, industries) holds the summed sizes, `squares` (industries) the summed squares of the plants'
    sizes. NaN as for `ellison_glaeser`.

    >>> [part.round(3).tolist() for part in ellison_glaeser_of_table([[10, 1], [0, 1]], [50, 2])]
    [[-0.818, 3.545], [0.014, 0.347], [0.5, 0.5]]
    """
    sizes = checked_table(table)
    totals, everything = sizes.sum(axis=0), sizes.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        shares, of_regions = sizes / totals, sizes.sum(axis=1) / everything
        herfindahl = np.asarray(squares, dtype=np.float64) / totals**2
        raw = ((shares - of_regions[:, None]) ** 2).sum(axis=0)
        spread = 1.0 - float((of_regions**2).sum())
    return _gamma(raw, herfindahl, spread), raw, herfindahl


def coagglomeration_of_table(table: npt.ArrayLike) -> Matrix:
    """Give the coagglomeration of each pair of industries (industries, industries) from summed sizes (regions,
    industries); as `coagglomeration`.

    >>> coagglomeration_of_table([[1, 2], [1, 0]]).round(3).tolist()
    [[0.333, -0.333], [-0.333, 0.333]]
    """
    sizes = checked_table(table)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_regions = sizes.sum(axis=1) / sizes.sum()
        deviation = sizes / sizes.sum(axis=0) - of_regions[:, None]
        spread = 1.0 - float((of_regions**2).sum())
    return _joint_index(deviation, 0.0, spread)


def coagglomeration(
    size: npt.ArrayLike, industry: Labels, region: Labels, region_size: RegionSizes | None = None
) -> pd.DataFrame:
    """Give the Ellison–Glaeser index of coagglomeration (共聚指数) of each pair of industries.

    γ_ij = Σ_m (s_im - x_m)(s_jm - x_m) / (1 - Σ_m x_m²); for pairs the form of 1997 and that of 2010 are the same.
    Arguments as for `ellison_glaeser`.

    The answer is a square table, in order of label, with the same formula for i = j on the diagonal (which is not the
    index of agglomeration: it does not take plant sizes out). NaN where an industry has no size or the table one
    region.

    >>> coagglomeration([1, 1, 1, 1], ["a", "a", "b", "b"], ["x", "y", "x", "x"]).loc["a", "b"].round(3).item()
    -0.333
    """
    plants = _Plants(size, industry, region, region_size)
    index = _joint_index(plants.shares - plants.region_shares[:, None], plants.elsewhere[2], plants.spread())
    labels = pd.Index(plants.industries, name="industry")
    return pd.DataFrame(index, index=labels, columns=labels)


def group_coagglomeration(
    size: npt.ArrayLike, industry: Labels, region: Labels, region_size: RegionSizes | None = None
) -> float:
    """Give the Ellison–Glaeser index of coagglomeration of all industries of a table taken as one group (1997, p. 914).

    γᶜ = (G/(1 - Σ x²) - H - Σ_j γ_j w_j² (1 - H_j)) / (1 - Σ_j w_j²), w_j the industries' shares of the group, H = Σ_j
    w_j² H_j. NaN where an industry's own index is undefined.

    >>> round(group_coagglomeration([1, 1, 1, 1], ["a", "a", "b", "b"], ["x", "y", "x", "x"]), 3)
    -0.333
    """
    plants = _Plants(size, industry, region, region_size)
    own = ellison_glaeser(size, industry, region, region_size)
    weight = plants.totals / plants.totals.sum()
    of_group = plants.shares @ weight
    raw = ((of_group - plants.region_shares) ** 2).sum() + plants.elsewhere[2]
    herfindahl = own["herfindahl"].to_numpy()
    mean_herfindahl = (weight**2 * herfindahl).sum()
    agglomeration = (own["gamma"].to_numpy() * weight**2 * (1.0 - herfindahl)).sum()
    if plants.spread() <= _NEGLIGIBLE or 1.0 - (weight**2).sum() <= _NEGLIGIBLE:
        return float("nan")
    return float((raw / plants.spread() - mean_herfindahl - agglomeration) / (1.0 - (weight**2).sum()))


def gini(values: npt.ArrayLike, reference: npt.ArrayLike | None = None) -> float:
    """Give the Gini coefficient of values over places, or that of their Lorenz curve against a reference (Hoover 1936).

    `values` (places) ≥ 0; `reference` (places) > 0, such as population or all firms: places are then ordered by the
    ratio of the two. 0 is proportional, towards 1 all in the place that matters least. NaN where the values sum to
    zero.

    >>> gini([0, 10, 10, 30, 50]), round(gini([0, 10, 10, 30, 50], [10, 15, 20, 25, 30]), 3)
    (0.48, 0.31)
    """
    amounts = checked_amounts(values)
    weights = np.ones_like(amounts) if reference is None else checked_amounts(reference, amounts.size)
    if amounts.sum() <= 0 or weights.sum() <= 0:
        return float("nan")
    held = weights > 0
    order = np.argsort(amounts[held] / weights[held], kind="stable")
    share, base = amounts[held][order] / amounts[held].sum(), weights[held][order] / weights[held].sum()
    cumulated = np.concatenate([[0.0], np.cumsum(share)])
    return float(1.0 - (base * (cumulated[1:] + cumulated[:-1])).sum())


def locational_gini(x: npt.ArrayLike) -> Vector:
    """Give the locational Gini coefficient (区位基尼系数) of each industry over regions (industries): 0 to 0.5; NaN
    for an empty industry.

    Half the Gini of the location quotients with each region weighted by its share of everything, the area between
    Krugman's (1991) curve and its diagonal.

    >>> locational_gini([[2, 0], [1, 1]]).round(3).tolist()
    [0.083, 0.25]
    """
    table = checked_table(x)
    totals = table.sum(axis=1)
    return np.array([gini(column, totals) for column in table.T]) / 2.0


def specialisation_gini(own: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Give the Gini coefficient of location quotients over k industries or regions, each weighing the same (Farhauer &
    Kröll 2013).

    G = 2/(k² mean(R)) Σ_i i (R_i - mean(R)), R the ratios of shares in order of size. NaN where a reference is zero.

    >>> round(specialisation_gini([700, 600, 500, 10000, 40000], [30000, 15000, 10000, 60000, 50000]), 4)
    0.6222
    """
    amounts = checked_amounts(own)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = _normalised(amounts) / _normalised(checked_amounts(reference, amounts.size))
    if not np.isfinite(ratio).all():
        return float("nan")
    ordered, count = np.sort(ratio), ratio.size
    return float(2.0 / (count**2 * ordered.mean()) * (np.arange(1, count + 1) * (ordered - ordered.mean())).sum())


def hoover_index(values: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Give Hoover's index: the share that would have to move to make `values` proportional to `reference` (both over
    places); 0 to 1, NaN for no values.

    >>> round(hoover_index([0, 10, 10, 30, 50], [10, 15, 20, 25, 30]), 3)
    0.25
    """
    amounts = checked_amounts(values)
    return float(np.abs(_normalised(amounts) - _normalised(checked_amounts(reference, amounts.size))).sum() / 2.0)


def krugman_concentration(x: npt.ArrayLike) -> Vector:
    """Give Krugman's index of concentration of each industry (industries): Σ_i |s_ij - s_i|, 0 to 2, s_i the region's
    share of everything; NaN for an empty industry.

    >>> krugman_concentration([[2, 0], [1, 1]]).round(3).tolist()
    [0.333, 1.0]
    """
    table = checked_table(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = table / table.sum(axis=0, keepdims=True)
        totals = table.sum(axis=1, keepdims=True) / table.sum()
    return np.abs(shares - totals).sum(axis=0)


def cluster_index(
    employees: npt.ArrayLike, firms: npt.ArrayLike, area: npt.ArrayLike, population: npt.ArrayLike
) -> Matrix:
    """Give the cluster index of Litzenberger & Sternberg (2006) of each industry in each region.

    CI = IS · ID / PS: relative industrial density (employees of the industry per area over the same everywhere) times
    relative industrial stock (the same per person) over the relative size of firms. Also written LQ-like:
    ((e_ij/e_i)/(a_j/a)) · ((e_ij/e_i)/(p_j/p)) / ((e_ij/b_ij)/(e_i/b_i)).

    `employees`, `firms` (regions, industries) ≥ 0; `area`, `population` (regions) > 0. NaN where an industry is empty,
    0 where the region has none of it.

    >>> cluster_index([[4], [1]], [[2], [1]], [1, 1], [1, 1]).round(2).tolist()
    [[2.13], [0.27]]
    """
    jobs, plants = checked_table(employees), checked_table(firms)
    if jobs.shape != plants.shape:
        raise ValueError(f"employees and firms are tables of the same shape, not {jobs.shape} and {plants.shape}")
    area_share = _normalised(checked_amounts(area, jobs.shape[0]))[:, None]
    population_share = _normalised(checked_amounts(population, jobs.shape[0]))[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = jobs / jobs.sum(axis=0, keepdims=True)
        plant_size = (jobs / plants) / (jobs.sum(axis=0, keepdims=True) / plants.sum(axis=0, keepdims=True))
        index = (share / area_share) * (share / population_share) / plant_size
    return np.where(jobs > 0, index, np.where(jobs.sum(axis=0, keepdims=True) > 0, 0.0, np.nan))


def colocation_index(firm_industry: Labels, firm_region: Labels, one: object, other: object) -> float:
    """Give the share of pairs of firms of two industries that stand in one region (Howard, Newman & Tarp 2016); NaN
    where one has no firm.

    >>> round(colocation_index(list("ABABAB"), list("XXXYYX"), "A", "B"), 3)
    0.556
    """
    industry, region = np.asarray(firm_industry), np.asarray(firm_region)
    places, positions = np.unique(region, return_inverse=True)
    first = np.bincount(positions[industry == one], minlength=places.size)
    second = np.bincount(positions[industry == other], minlength=places.size)
    pairs = first.sum() * second.sum()
    return float((first * second).sum() / pairs) if pairs else float("nan")


class _Plants:
    """Plants summed to a table of regions and industries, and what the Ellison–Glaeser indices need of it."""

    def __init__(self, size: npt.ArrayLike, industry: Labels, region: Labels, region_size: RegionSizes | None) -> None:
        sizes = np.asarray(size, dtype=np.float64)
        industry_of, self.industries = pd.factorize(pd.Series(industry), sort=True)
        region_of, regions = pd.factorize(pd.Series(region), sort=True)
        if not sizes.shape == industry_of.shape == region_of.shape:
            raise ValueError("size, industry and region have one entry for each plant")
        if not np.isfinite(sizes).all() or (sizes < 0).any():
            raise ValueError("sizes are numbers of at least 0, none missing")
        if (industry_of < 0).any() or (region_of < 0).any():
            raise ValueError("every plant has an industry and a region; leave out those where one is unknown")
        self._sizes, self._industry_of = sizes, industry_of
        cells = np.bincount(
            region_of * self.industries.size + industry_of, sizes, minlength=regions.size * self.industries.size
        )
        table = cells.reshape(regions.size, self.industries.size)
        self.totals: Vector = table.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            self.shares: Matrix = table / self.totals
        of_regions = table.sum(axis=1)
        of_all = of_regions
        if region_size is not None:
            missing = [label for label in regions if label not in region_size]
            if missing:
                raise ValueError(f"region_size lacks the region {missing[0]!r}")
            of_all = np.array([float(share) for share in region_size.values()])
            if not np.isfinite(of_all).all() or (of_all < 0).any():
                raise ValueError("region_size holds numbers of at least 0, none missing")
            of_regions = np.array([float(region_size[label]) for label in regions])
        total = of_all.sum() if of_all.sum() > 0 else 1.0
        self.region_shares: Vector = of_regions / total
        powers = {power: float(((of_all / total) ** power).sum()) for power in (2, 3)}
        # Regions without a plant of these industries count in the sums of shares too.
        self.elsewhere = {
            power: summed - float((self.region_shares**power).sum()) if region_size is not None else 0.0
            for power, summed in powers.items()
        }
        self._powers = powers

    def counts(self) -> npt.NDArray[np.int64]:
        return np.bincount(self._industry_of, minlength=self.industries.size)

    def spread(self) -> float:
        """1 - Σ x², the chance that two darts hit different regions."""
        return 1.0 - self._powers[2]

    def raw_concentration(self) -> Vector:
        return ((self.shares - self.region_shares[:, None]) ** 2).sum(axis=0) + self.elsewhere[2]

    def herfindahl(self) -> Vector:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.bincount(self._industry_of, self._sizes**2, minlength=self.industries.size) / self.totals**2

    def variance(self) -> Vector:
        """Variance of G when plants are thrown at random (Ellison & Glaeser 1997, p. 907)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            fourth = np.bincount(self._industry_of, self._sizes**4, minlength=self.industries.size) / self.totals**4
        second, third = self._powers[2], self._powers[3]
        herfindahl = self.herfindahl()
        return 2.0 * (
            herfindahl**2 * (second - 2.0 * third + second**2) - fourth * (second - 4.0 * third + 3.0 * second**2)
        )


def _gamma(raw: Vector, herfindahl: Vector, spread: float) -> Vector:
    """Give γ of each industry; NaN where everything is in one region or an industry in one plant."""
    with np.errstate(divide="ignore", invalid="ignore"):
        defined = (1.0 - herfindahl > _NEGLIGIBLE) & (spread > _NEGLIGIBLE)
        return np.where(defined, (raw - spread * herfindahl) / (spread * (1.0 - herfindahl)), np.nan)


def _joint_index(deviation: Matrix, elsewhere: float, spread: float) -> Matrix:
    """Give γ_ij of each pair from the deviations of shares (regions, industries), to whose products regions without any
    plant add `elsewhere`; NaN where everything is in one region.
    """
    joint = deviation.T @ deviation + elsewhere
    return joint / spread if spread > _NEGLIGIBLE else np.full_like(joint, np.nan)


def _normalised(amounts: Vector) -> Vector:
    with np.errstate(divide="ignore", invalid="ignore"):
        return amounts / amounts.sum()
