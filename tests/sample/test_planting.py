from __future__ import annotations

import numpy as np
import pytest
import shapely

from gaoyuan.codes import classes
from gaoyuan.codes.boundaries import county_boundaries
from gaoyuan.sample.places import PROVINCE, Places, km_per_degree, lay_out, points_in
from gaoyuan.sample.planting import FEWEST_FIRMS, PlantedCluster, member_points, plant


@pytest.fixture(scope="module")
def places() -> Places:
    return lay_out(1)


@pytest.mark.parametrize(
    ("enterprises", "clusters"), [(1, 0), (3_999, 0), (4_000, 1), (24_000, 6), (100_000, 24), (50_000_000, 24)]
)
def test_there_is_one_cluster_for_4000_firms_and_24_at_most(places: Places, enterprises: int, clusters: int):
    planted = plant(places, enterprises, 1)
    assert [cluster.number for cluster in planted] == list(range(1, clusters + 1))
    assert all(cluster.firms >= FEWEST_FIRMS for cluster in planted)


def test_clusters_are_about_a_twentieth_of_all_firms_and_fall_from_six_to_one(places: Places):
    sizes = [cluster.firms for cluster in plant(places, 1_000_000, 1)]
    assert 0.0495 * 1_000_000 < sum(sizes) <= 0.05 * 1_000_000
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] / sizes[-1] == pytest.approx(6.0, rel=0.01)


@pytest.mark.parametrize("seed", range(5))
def test_each_cluster_has_a_county_and_a_manufacturing_class_of_its_own(seed: int):
    planted = plant(lay_out(seed), 100_000, seed)
    assert len({cluster.county for cluster in planted}) == len({cluster.industry for cluster in planted}) == 24
    assert {cluster.county[:2] for cluster in planted} == {PROVINCE[:2]}
    assert all("13" <= cluster.industry[:2] <= "43" and cluster.industry in classes() for cluster in planted)


@pytest.mark.parametrize("seed", range(5))
def test_a_cluster_lies_in_its_county_whole(seed: int):
    planted = plant(lay_out(seed), 100_000, seed)
    number = np.repeat([cluster.number for cluster in planted], 200)
    longitude, latitude = member_points(planted, number, np.random.default_rng(seed))
    boundaries = county_boundaries()
    for cluster in planted:
        own = number == cluster.number
        assert shapely.contains_xy(boundaries[cluster.county], longitude[own], latitude[own]).all()


def test_members_lie_evenly_over_the_disc_of_their_cluster():
    cluster = PlantedCluster(1, "370782", "1771", 119.0, 36.5, 2.0, 60)
    longitude, latitude = member_points((cluster,), np.ones(20_000, dtype=np.int64), np.random.default_rng(1))
    east, north = km_per_degree(36.5)
    distance = np.hypot((longitude - 119.0) * east, (latitude - 36.5) * north)
    assert distance.max() < 2.001
    # An even disc has a quarter of its points within half of its radius: 5,000, give or take 61.
    assert abs((distance < 1.0).sum() - 5_000) < 6 * 61


def test_points_in_a_polygon_are_in_it_and_as_many_as_asked_for():
    ground = shapely.Polygon([(119.0, 36.0), (119.2, 36.0), (119.0, 36.2)])
    longitude, latitude = points_in(ground, 1_000, np.random.default_rng(1))
    assert longitude.size == latitude.size == 1_000
    assert shapely.contains_xy(ground, longitude, latitude).all()


def test_sites_lie_in_their_county_and_their_shares_are_all_of_the_firms(places: Places):
    boundaries = county_boundaries()
    assert places.share.sum() == pytest.approx(1.0)
    assert (places.share > 0).all()
    for position, county in enumerate(places.counties):
        own = places.county == position
        assert own.any()
        assert shapely.contains_xy(boundaries[county], places.longitude[own], places.latitude[own]).all()


def test_a_seed_lays_out_the_same_places_and_another_seed_others(places: Places):
    again, other = lay_out(1), lay_out(2)
    assert np.array_equal(places.longitude, again.longitude)
    assert np.array_equal(places.share, again.share)
    assert places.town_names == again.town_names
    assert not np.array_equal(places.longitude, other.longitude)
