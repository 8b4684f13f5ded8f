"""A cluster's place among industries and peers."""

from __future__ import annotations

from collections.abc import Callable

from gaoyuan.report.annual_facts import AnnualFacts
from gaoyuan.report.annual_position import read_peers, read_position
from gaoyuan.workspace import Workspace


def test_related_industries_come_nearest_first_with_what_the_county_has(
    sample_workspace: Workspace, sample_annual: Callable[[str], AnnualFacts]
):
    cluster = sample_annual("passes").cluster
    position = read_position(sample_workspace, cluster.county, cluster.industry)
    nearness = [one.proximity for one in position.related]
    assert nearness == sorted(nearness, key=lambda one: -(one or 0))
    held = {
        row["industry"]: row["firms"]
        for row in sample_workspace.read("region_industry").to_pylist()
        if row["region"] == cluster.county and row["industry_level"] == "class"
    }
    assert {one.code: one.firms for one in position.related} == {
        one.code: held.get(one.code, 0) for one in position.related
    }
    assert position.own_share


def test_a_cluster_without_an_industry_has_no_position(sample_workspace: Workspace):
    assert read_position(sample_workspace, "370211", "").related == ()


def test_peers_are_ranked_with_the_places_between_which_each_may_lie(sample_annual: Callable[[str], AnnualFacts]):
    peers = sample_annual("passes").peers
    assert len(peers.places) == len(peers.peers)
    assert sum(peer.own for peer in peers.peers) == 1
    assert all(1 <= place.low <= place.rank <= place.high <= len(peers.places) for place in peers.places)
    own = next(peer for peer in peers.peers if peer.own)
    assert own.area_km2
    assert own.density == own.firms / own.area_km2


def test_counts_across_provinces_of_uneven_coverage_are_refused_and_not_ranked(real_workspace: Workspace):
    clusters = real_workspace.read("cluster", ["cluster_id", "county", "industry", "found_by"]).to_pandas()
    found = clusters[clusters["found_by"].notna()]
    province = found["county"].str[:2]
    abroad = found[province == "36"]["industry"]
    cluster = str(found[(province == "13") & found["industry"].isin(abroad)]["cluster_id"].min())
    peers = read_peers(real_workspace, cluster)
    away = {peer.id for peer in peers.peers if peer.county[:2] != "13"}
    assert away
    assert peers.firms_refused
    assert {peer.id for peer in peers.peers if not peer.counted} == away
    assert not away & {place.id for place in peers.places}


def test_a_cluster_that_the_register_does_not_show_has_no_peers(sample_annual: Callable[[str], AnnualFacts]):
    peers = sample_annual("recognised").peers
    assert peers.peers == ()
    assert peers.unranked
