"""Finding clusters: none where there are none, planted ones whole, and every figure from its evidence."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from scipy.stats import beta, hypergeom

from gaoyuan.codes.boundaries import cells_of_points
from gaoyuan.observe import DetectionSettings, find_clusters
from gaoyuan.observe.footprints import area_km2, closed, outline

NOBODY = np.empty(0, np.int32)
EVERYTHING = DetectionSettings(fewest_firms=1, least_quotient=0.0, least_excess_share=-np.inf, other_radii_km=())
"""Every significant window is a cluster, however few its firms."""


@pytest.fixture(scope="module")
def planted(town_world):
    return town_world(4, discs=6)


@pytest.fixture(scope="module")
def found(planted):
    on_cells, _ = find_clusters(planted.industry, planted.cells, NOBODY, NOBODY)
    assert on_cells is not None
    return on_cells


def _cluster_of_firms(found, industry, cells):
    """Give the number of the cluster of each firm, -1 for none."""
    of = np.repeat(np.arange(found.pairs.begins.size - 1), np.diff(found.pairs.begins))
    numbers = {
        (int(i), int(found.grid.cells[c])): int(n) for i, c, n in zip(of, found.pairs.cell, found.cluster, strict=True)
    }
    return np.array([numbers.get((int(i), int(c)), -1) for i, c in zip(industry, cells, strict=True)])


def _f1(member, truth):
    both = (member & truth).sum()
    return 2.0 * both / (member.sum() + truth.sum())


def _limit(flagged, runs):
    """The upper 95 % limit of a rate (Clopper & Pearson 1934)."""
    return beta.ppf(0.95, flagged + 1, runs - flagged)


def test_worlds_without_clusters_have_findings_in_at_most_one_of_twenty(town_world):
    """Twelve industries of 10 to 1,000 firms are thrown on the firms of towns 100 times; every significant window
    counts as a finding. The limit below which the rate lies with 95 % certainty is at most 5 %.
    """
    layouts = [town_world(seed, firms=3_000).cells for seed in range(4)]
    sizes = [1_000, 500, 300, 200, 120, 80, 50, 40, 30, 20, 15, 10]
    draw, flagged = np.random.default_rng(99), 0
    for world in range(100):
        industry = np.repeat(np.arange(13, dtype=np.int32), [*sizes, 3_000 - sum(sizes)])
        on_cells, _ = find_clusters(draw.permutation(industry), layouts[world % 4], NOBODY, NOBODY, EVERYTHING)
        assert on_cells is not None
        flagged += on_cells.industry.size > 0
    assert _limit(flagged, 100) <= 0.05


def test_counties_without_clusters_have_findings_in_at_most_one_of_twenty():
    draw, flagged = np.random.default_rng(98), 0
    for _ in range(100):
        county = draw.choice(60, 6_000, p=draw.dirichlet(np.ones(60))).astype(np.int32)
        industry = draw.choice(40, 6_000, p=draw.dirichlet(np.ones(40))).astype(np.int32)
        _, on_counties = find_clusters(NOBODY, NOBODY.astype(np.uint64), industry, county, EVERYTHING)
        flagged += on_counties.county.size > 0
    assert _limit(flagged, 100) <= 0.05


@pytest.mark.parametrize("radius", [1_500.0, 2_500.0])
def test_planted_clusters_of_sixty_firms_are_found_firm_by_firm(town_world, radius):
    """Six discs among 20,000 firms of which 2.75 % are of the industry anyway; those of them inside a disc count
    against the finding, though no one could tell them apart, and so do members of any other industry.
    """
    scores = []
    for seed in range(8):
        world = town_world(seed, discs=6, radius=radius)
        found, _ = find_clusters(world.industry, world.cells, NOBODY, NOBODY)
        member = _cluster_of_firms(found, world.industry, world.cells) >= 0
        scores.append(_f1(member, world.planted >= 0))
    assert np.mean(scores) >= 0.95


def test_planted_clusters_in_a_dense_industry_are_found_on_their_ground(town_world):
    """1,600 firms of the industry among 60,000 anyhow: those that stand on the cells of planted ones are as good
    members as the planted.
    """
    scores = []
    for seed in range(6):
        world = town_world(seed, firms=60_000, own=1_600, discs=6)
        found, _ = find_clusters(world.industry, world.cells, NOBODY, NOBODY)
        member = _cluster_of_firms(found, world.industry, world.cells) >= 0
        ground = np.isin(world.cells, closed(world.cells[world.planted >= 0]))
        scores.append(_f1(member, ground & (world.industry == 0)))
    assert np.mean(scores) >= 0.95


def _found_and_false(town_world, seeds, settings, discs, size):
    """Count the clusters found, and those that hold no planted firm, where thirteen industries of 10 to 2,000 firms are
    thrown on the firms of no disc.
    """
    sizes, found, false = [2_000, 1_000, 500, 300, 200, 120, 80, 50, 40, 30, 20, 15, 10], 0, 0
    for seed in seeds:
        world = town_world(seed, discs=discs, size=size)
        rest = np.flatnonzero(world.industry == 1)
        thrown = np.repeat(np.arange(1, 15, dtype=np.int32), [rest.size - sum(sizes), *sizes])
        industry = world.industry.copy()
        industry[rest] = np.random.default_rng(seed).permutation(thrown)
        on_cells, _ = find_clusters(industry, world.cells, NOBODY, NOBODY, settings)
        assert on_cells is not None
        member = _cluster_of_firms(on_cells, industry, world.cells)
        found += on_cells.industry.size
        false += on_cells.industry.size - np.unique(member[(world.planted >= 0) & (member >= 0)]).size
    return found, false


@pytest.mark.parametrize(("discs", "size"), [(6, 30), (20, 100)])
def test_clusters_that_hold_no_planted_firm_are_at_most_one_of_twenty(town_world, discs, size):
    """The false discovery rate is one of windows: strong clusters with many windows allow false ones elsewhere."""
    found, false = _found_and_false(town_world, range(100, 124), DetectionSettings(other_radii_km=()), discs, size)
    assert found >= 24 * discs * 0.75
    assert _limit(false, found) <= 0.05


def test_windows_alone_without_the_conditions_on_clusters_do_not_keep_that_rate(town_world):
    """What joins significant windows is false far more often than the windows are; the conditions hold the rate."""
    found, false = _found_and_false(town_world, range(100, 106), EVERYTHING, 20, 100)
    assert false / found > 0.2


def test_a_register_without_any_cluster_gives_an_empty_answer(random):
    cells = cells_of_points(random.uniform(113.0, 113.5, 300), random.uniform(29.5, 30.0, 300))
    found, _ = find_clusters(np.arange(300, dtype=np.int32) % 20, cells, NOBODY, NOBODY)
    assert found is not None
    assert found.industry.size == found.q_value.size == found.evidence.firms.size == 0
    assert (found.cluster == -1).all()


def test_every_figure_of_a_cluster_follows_from_its_evidence(found):
    evidence = found.evidence
    expected = evidence.place_firms * evidence.industry_firms / evidence.tested_firms
    np.testing.assert_allclose(evidence.expected, expected, rtol=1e-14)
    np.testing.assert_allclose(found.location_quotient, evidence.firms / expected, rtol=1e-14)
    tail = hypergeom.logsf(
        evidence.window_firms - 1, evidence.tested_firms, evidence.industry_firms, evidence.window_place_firms
    )
    np.testing.assert_allclose(found.log_p_value, tail, rtol=1e-6)
    # A q value is at least p, and at most p times the tests made.
    assert (np.log(found.q_value) >= found.log_p_value - 1e-9).all()
    assert (np.log(found.q_value) <= found.log_p_value + np.log(evidence.tests) + 1e-9).all()


def test_the_evidence_of_a_cluster_counts_the_firms_that_are_there(planted, found):
    member = _cluster_of_firms(found, planted.industry, planted.cells)
    assert found.evidence.tested_firms == planted.cells.size
    assert found.evidence.tests == np.unique(planted.cells).size * 2
    for number in range(found.industry.size):
        own = member == number
        assert (planted.industry[own] == found.industry[number]).all()
        assert found.evidence.firms[number] == own.sum()
        assert found.evidence.place_firms[number] == np.isin(planted.cells, planted.cells[own]).sum()
        assert found.evidence.industry_firms[number] == (planted.industry == found.industry[number]).sum()


def test_the_evidence_of_a_county_is_the_county(random):
    county = random.integers(0, 20, 4_000).astype(np.int32)
    industry = np.where(county == 7, random.integers(0, 3, 4_000), random.integers(0, 30, 4_000)).astype(np.int32)
    _, found = find_clusters(NOBODY, NOBODY.astype(np.uint64), industry, county)
    assert {(7, 0), (7, 1), (7, 2)} <= set(zip(found.county.tolist(), found.industry.tolist(), strict=True))
    evidence = found.evidence
    for position, (there, own) in enumerate(zip(found.county, found.industry, strict=True)):
        firms, place = ((county == there) & (industry == own)).sum(), (county == there).sum()
        assert evidence.firms[position] == evidence.window_firms[position] == firms
        assert evidence.place_firms[position] == evidence.window_place_firms[position] == place
        assert evidence.industry_firms[position] == (industry == own).sum()
    assert evidence.tests == 20 * 30
    np.testing.assert_allclose(found.location_quotient, evidence.firms / evidence.expected)
    tail = hypergeom.logsf(evidence.firms - 1, 4_000, evidence.industry_firms, evidence.place_firms)
    np.testing.assert_allclose(found.log_p_value, tail, rtol=1e-8)


def test_one_correction_covers_cells_and_counties(planted, random):
    county = random.integers(0, 20, 1_000).astype(np.int32)
    industry = random.integers(0, 2, 1_000).astype(np.int32)
    on_cells, on_counties = find_clusters(planted.industry, planted.cells, industry, county, EVERYTHING)
    assert on_cells is not None
    tests = np.unique(planted.cells).size * 2 + 20 * 2
    assert on_cells.evidence.tests == on_counties.evidence.tests == tests


def test_a_planted_cluster_is_stable_over_windows_of_two_three_and_five_kilometres(town_world):
    """Its members barely move with the radius, and neither does the ground that they stand on."""
    world, members, areas = town_world(11, discs=3, radius=2_000.0), [], []
    for radius in (2.0, 3.0, 5.0):
        settings = DetectionSettings(radius_km=radius, other_radii_km=tuple({2.0, 3.0, 5.0} - {radius}))
        found, _ = find_clusters(world.industry, world.cells, NOBODY, NOBODY, settings)
        assert found is not None
        assert (found.stability >= 0.8).all()
        members.append(_cluster_of_firms(found, world.industry, world.cells) >= 0)
        areas.append(area_km2(closed(np.unique(world.cells[members[-1]]))))
    for member in members[1:]:
        assert _f1(member, members[0]) >= 0.95
    assert max(areas) <= 1.5 * min(areas)


def test_without_other_radii_the_stability_is_unknown(planted):
    found, _ = find_clusters(planted.industry, planted.cells, NOBODY, NOBODY, DetectionSettings(other_radii_km=()))
    assert found is not None
    assert found.industry.size > 0
    assert np.isnan(found.stability).all()


def test_stability_is_a_share_and_low_for_what_only_one_radius_sees(town_world):
    world = town_world(12, firms=8_000, own=200, discs=1, size=14, radius=700.0)
    settings = DetectionSettings(radius_km=1.0, other_radii_km=(8.0, 12.0), fewest_firms=5)
    found, _ = find_clusters(world.industry, world.cells, NOBODY, NOBODY, settings)
    assert found is not None
    assert found.industry.size > 0
    assert ((found.stability >= 0.0) & (found.stability <= 1.0)).all()
    assert found.stability.min() < 0.5


def test_a_footprint_is_the_ground_of_its_members_and_not_of_its_window(planted, found):
    member = _cluster_of_firms(found, planted.industry, planted.cells)
    for number in range(found.industry.size):
        cells = np.unique(planted.cells[member == number])
        ground = closed(cells)
        assert np.isin(cells, ground).all()
        assert not shapely.is_empty(outline(ground))
        # A disc of 2.5 km has 20 km²; its window reaches 3 km further and would have 95.
        assert 8.0 < area_km2(ground) < 45.0


def test_the_order_of_firms_and_the_numbers_of_industries_change_nothing(planted, found):
    order = np.random.default_rng(1).permutation(planted.cells.size)
    again, _ = find_clusters(planted.industry[order], planted.cells[order], NOBODY, NOBODY)
    swapped, _ = find_clusters(1 - planted.industry, planted.cells, NOBODY, NOBODY)
    assert again is not None
    assert swapped is not None
    np.testing.assert_array_equal(again.cluster, found.cluster)
    np.testing.assert_array_equal(again.q_value, found.q_value)
    np.testing.assert_array_equal(swapped.industry, 1 - found.industry)
    np.testing.assert_array_equal(swapped.evidence.firms, found.evidence.firms)


def test_clusters_too_small_or_too_weak_are_left_out(planted):
    for settings in (DetectionSettings(fewest_firms=10_000), DetectionSettings(least_quotient=1_000.0)):
        found, _ = find_clusters(planted.industry, planted.cells, NOBODY, NOBODY, settings)
        assert found is not None
        assert found.industry.size == 0
        assert (found.cluster == -1).all()


def test_no_firms_or_none_with_a_place_give_no_clusters():
    no_cells = NOBODY.astype(np.uint64)
    on_cells, on_counties = find_clusters(NOBODY, no_cells, NOBODY, NOBODY)
    assert on_cells is None
    assert on_counties.county.size == 0


def test_firms_without_an_industry_or_a_county_are_left_out(planted):
    with_unknown = np.concatenate([planted.industry, np.full(500, -1, np.int32)])
    cells = np.concatenate([planted.cells, planted.cells[:500]])
    left, _ = find_clusters(with_unknown, cells, NOBODY, NOBODY)
    right, _ = find_clusters(planted.industry, planted.cells, NOBODY, NOBODY)
    assert left is not None
    assert right is not None
    assert left.evidence.tested_firms == right.evidence.tested_firms
    np.testing.assert_array_equal(left.cluster, right.cluster)
    unknown = np.full(3, -1, np.int32)
    nowhere, on_counties = find_clusters(unknown, planted.cells[:3], unknown, np.arange(3, dtype=np.int32))
    assert nowhere is None or nowhere.industry.size == 0
    assert on_counties.county.size == 0
    assert on_counties.evidence.tested_firms == 0
