"""Finding clusters: significant windows, their firms, joined to clusters, and how stable they are.

Firms with coordinates are tested in windows of hexagonal cells, firms of which only the county is known in counties;
both test the excess of an industry over all firms of the place, so that only shares within a place count. One
Benjamini–Hochberg correction covers all places and industries of both: windows around cells without a firm of the
industry are not evaluated and count as p = 1, which can only raise q. The rate that it keeps is one of windows, not of
clusters, and overlapping windows depend on each other; that it holds here is shown by simulation, not proven.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gaoyuan.observe.excess import benjamini_hochberg, hypergeometric_log_tail
from gaoyuan.observe.windows import (
    CellGrid,
    IndustryCells,
    cell_grid,
    industry_cells,
    join_cells,
    rings_of,
    window_counts,
    window_log_p,
    window_totals,
)

Ints = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

RADIUS_KM = 3.0
OTHER_RADII_KM = (2.0, 5.0)


@dataclass(frozen=True, slots=True)
class DetectionSettings:
    """What counts as a cluster: the false discovery rate, the fewest firms, the least location quotient; and the radii
    of the windows in km.
    """

    false_discovery_rate: float = 0.05
    fewest_firms: int = 10
    least_quotient: float = 2.0
    radius_km: float = RADIUS_KM
    other_radii_km: tuple[float, ...] = OTHER_RADII_KM
    join_gap: int = 2
    least_excess_share: float = 0.5


class Evidence(NamedTuple):
    """What the figures of each cluster come from (clusters): firms of the industry and of all industries on its ground
    and in its strongest window (for a county both are the county), firms of the industry and of all industries in the
    whole test; and the number of tests that were made.
    """

    firms: Counts
    place_firms: Counts
    window_firms: Counts
    window_place_firms: Counts
    industry_firms: Counts
    tested_firms: int
    tests: int

    @property
    def expected(self) -> Floats:
        """The firms expected on each cluster's ground from its size and the industry's share everywhere."""
        return self.place_firms * self.industry_firms / max(1, self.tested_firms)

    def take(self, kept: npt.NDArray[np.bool_]) -> Evidence:
        """Give the evidence of some clusters."""
        return Evidence(
            self.firms[kept],
            self.place_firms[kept],
            self.window_firms[kept],
            self.window_place_firms[kept],
            self.industry_firms[kept],
            self.tested_firms,
            self.tests,
        )


class CellClusters(NamedTuple):
    """Clusters found on cells. Each pair of industry and cell has the number of its cluster, -1 for none; each cluster
    has an industry, its evidence, location quotient, the log p and q of its strongest window, and its stability.
    """

    pairs: IndustryCells
    grid: CellGrid
    cluster: Ints
    industry: Ints
    evidence: Evidence
    location_quotient: Floats
    log_p_value: Floats
    q_value: Floats
    stability: Floats


class CountyClusters(NamedTuple):
    """Clusters found on counties: the county and industry of each (positions), evidence, location quotient, log p and
    q.
    """

    county: Ints
    industry: Ints
    evidence: Evidence
    location_quotient: Floats
    log_p_value: Floats
    q_value: Floats


class _Scan(NamedTuple):
    log_p: Floats
    q: Floats
    member: npt.NDArray[np.bool_]
    cluster: Ints


def find_clusters(
    industry: Ints,
    cell: npt.NDArray[np.uint64],
    county_industry: Ints,
    county: Ints,
    settings: DetectionSettings = DetectionSettings(),
) -> tuple[CellClusters | None, CountyClusters]:
    """Find the clusters among firms with coordinates and among firms of which only the county is known.

    `industry` (n) positions of industries and `cell` (n) the H3 cells of firms with coordinates; `county_industry` and
    `county` (m) positions of the others. Firms with a negative position are left out. Deterministic. No cell clusters
    (None) where no firm has coordinates.
    """
    industries = int(max(industry.max(initial=-1), county_industry.max(initial=-1))) + 1
    counties = _CountyTest(county_industry, county, industries)
    if cell.size == 0:
        return None, counties.clusters(benjamini_hochberg(np.exp(counties.log_p), tests=counties.tests), settings)
    cells = _CellTest(industry, cell, industries, settings)
    cells.all_tests = counties.all_tests = cells.tests + counties.tests
    log_p = cells.log_p(settings.radius_km)
    q = benjamini_hochberg(np.exp(np.concatenate([log_p, counties.log_p])), tests=max(1, cells.all_tests))
    return cells.clusters(log_p, q[: log_p.size], settings), counties.clusters(q[log_p.size :], settings)


class _CellTest:
    """The windows of all industries on cells."""

    def __init__(
        self, industry: Ints, cell: npt.NDArray[np.uint64], industries: int, settings: DetectionSettings
    ) -> None:
        known = industry >= 0
        cells, position = np.unique(cell[known], return_inverse=True)
        rings = rings_of(max((settings.radius_km, *settings.other_radii_km)))
        self.grid = cell_grid(cells, rings)
        self.totals = np.bincount(position, minlength=cells.size).astype(np.int32)
        self.pairs = industry_cells(industry[known], position.astype(np.int32), industries)
        # Every window of every industry is a test; those around a cell without a firm of it are taken as p = 1.
        self.tests = self.all_tests = cells.size * int((np.diff(self.pairs.begins) > 0).sum())
        self._of_pair = np.repeat(np.arange(industries), np.diff(self.pairs.begins))

    def log_p(self, radius_km: float) -> Floats:
        rings = rings_of(radius_km)
        counts, windows = window_counts(self.pairs, self.grid, rings), window_totals(self.totals, self.grid, rings)
        return window_log_p(self.pairs, counts, windows, self.totals)

    def clusters(self, log_p: Floats, q: Floats, settings: DetectionSettings) -> CellClusters:
        main = self._scan(log_p, q, settings)
        stability = np.full(int(main.cluster.max(initial=-1)) + 1, 0.0 if settings.other_radii_km else np.nan)
        for radius in settings.other_radii_km:
            other_p = self.log_p(radius)
            other = self._scan(other_p, benjamini_hochberg(np.exp(other_p), tests=max(1, self.tests)), settings)
            stability += self._overlap(main.cluster, other.cluster) / len(settings.other_radii_km)
        return self._described(main, stability, settings)

    def _scan(self, log_p: Floats, q: Floats, settings: DetectionSettings) -> _Scan:
        flagged = q <= settings.false_discovery_rate
        member = flagged & (self._excess_share(flagged) >= settings.least_excess_share)
        return _Scan(log_p, q, member, join_cells(self.pairs, member, self.grid, settings.join_gap))

    def _excess_share(self, flagged: npt.NDArray[np.bool_]) -> Floats:
        """Give for each pair the share of the industry's firms in the cell and its neighbours that is above what the
        industry's share outside flagged windows lets expect.

        A window is wider than a cluster; at its fringe this share falls to nothing, inside it is near one.
        """
        counts = window_counts(self.pairs, self.grid, 1)
        around = window_totals(self.totals, self.grid, 1)[self.pairs.cell]
        industries = self.pairs.begins.size - 1
        firms = np.bincount(self._of_pair, self.pairs.firms, minlength=industries)
        inside = np.bincount(self._of_pair, np.where(flagged, self.pairs.firms, 0), minlength=industries)
        inside_all = np.bincount(
            self._of_pair, np.where(flagged, self.totals[self.pairs.cell], 0), minlength=industries
        )
        background = (firms - inside) / np.maximum(self.totals.sum() - inside_all, 1.0)
        return 1.0 - around * background[self._of_pair] / counts

    def _overlap(self, cluster: Ints, other: Ints) -> Floats:
        """Give for each cluster the Jaccard overlap of its firms with those of the other scan's clusters that share any
        with it.
        """
        clusters = int(cluster.max(initial=-1)) + 1
        own = np.bincount(cluster[cluster >= 0], self.pairs.firms[cluster >= 0], minlength=clusters)
        sizes = np.bincount(other[other >= 0], self.pairs.firms[other >= 0], minlength=int(other.max(initial=-1)) + 1)
        both = (cluster >= 0) & (other >= 0)
        shared = np.bincount(cluster[both], self.pairs.firms[both], minlength=clusters)
        touched = np.unique(np.stack([cluster[both], other[both]]), axis=1)
        reached = np.bincount(touched[0], sizes[touched[1]], minlength=clusters) if touched.size else np.zeros(clusters)
        union = own + reached - shared
        return np.where(union > 0, shared / np.maximum(union, 1.0), 0.0)

    def _described(self, scan: _Scan, stability: Floats, settings: DetectionSettings) -> CellClusters:
        clusters = stability.size
        held = scan.cluster >= 0
        of = scan.cluster[held]
        industry = np.zeros(clusters, np.int32)
        industry[of] = self._of_pair[held]
        # The strongest window of each cluster is the first of its pairs by log p.
        pairs = np.flatnonzero(held)
        order = np.lexsort((scan.log_p[held], of))
        strongest = pairs[order[np.searchsorted(of[order], np.arange(clusters))]]
        rings = rings_of(settings.radius_km)
        of_industry = np.bincount(self._of_pair, self.pairs.firms, minlength=self.pairs.begins.size - 1)
        evidence = Evidence(
            np.bincount(of, self.pairs.firms[held], minlength=clusters).astype(np.int64),
            np.bincount(of, self.totals[self.pairs.cell[held]], minlength=clusters).astype(np.int64),
            window_counts(self.pairs, self.grid, rings)[strongest],
            window_totals(self.totals, self.grid, rings)[self.pairs.cell[strongest]],
            of_industry[industry].astype(np.int64),
            int(self.totals.sum()),
            self.all_tests,
        )
        quotient = evidence.firms / np.maximum(evidence.expected, 1e-300)
        kept = (evidence.firms >= settings.fewest_firms) & (quotient >= settings.least_quotient)
        # The last one is for the pairs of no cluster, which have the number -1.
        renumbered = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1).astype(np.int32)[scan.cluster]
        return CellClusters(
            self.pairs,
            self.grid,
            renumbered,
            industry[kept],
            evidence.take(kept),
            quotient[kept],
            scan.log_p[strongest][kept],
            scan.q[strongest][kept],
            stability[kept],
        )


class _CountyTest:
    """All industries in all counties."""

    def __init__(self, industry: Ints, county: Ints, industries: int) -> None:
        known = (industry >= 0) & (county >= 0)
        counties = int(county.max(initial=-1)) + 1
        keys, firms = np.unique(
            county[known].astype(np.int64) * max(1, industries) + industry[known], return_counts=True
        )
        self.county, self.industry = (
            (keys // max(1, industries)).astype(np.int32),
            (keys % max(1, industries)).astype(np.int32),
        )
        totals = np.bincount(county[known], minlength=counties)
        of_industry = np.bincount(industry[known], minlength=industries)
        everything = int(totals.sum())
        of_county = totals[self.county]
        self.tests = self.all_tests = int((totals > 0).sum()) * int((of_industry > 0).sum())
        self._counts = (firms, of_county, firms, of_county, of_industry[self.industry], everything)
        self.log_p = hypergeometric_log_tail(firms, everything, of_industry[self.industry], of_county)

    def clusters(self, q: Floats, settings: DetectionSettings) -> CountyClusters:
        evidence = Evidence(*self._counts, self.all_tests)
        quotient = evidence.firms / np.maximum(evidence.expected, 1e-300)
        kept = (
            (q <= settings.false_discovery_rate)
            & (evidence.firms >= settings.fewest_firms)
            & (quotient >= settings.least_quotient)
        )
        return CountyClusters(
            self.county[kept], self.industry[kept], evidence.take(kept), quotient[kept], self.log_p[kept], q[kept]
        )
