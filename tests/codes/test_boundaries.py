from __future__ import annotations

import gzip
import json

import numpy as np
import pytest
import shapely

from gaoyuan.codes import counties
from gaoyuan.codes.administrative_divisions import current_counties
from gaoyuan.codes.boundaries import CountyFinder, boundaries_of, county_boundaries
from gaoyuan.codes.tables import data_file


@pytest.fixture(scope="module")
def finder() -> CountyFinder:
    return CountyFinder()


def test_boundaries_are_sound_and_of_counties_of_the_current_edition():
    boundaries = county_boundaries()
    assert set(boundaries) <= set(counties())
    assert all(shapely.is_valid(shape) and not shapely.is_empty(shape) for shape in boundaries.values())


def test_boundaries_of_a_few_counties_are_those_of_all():
    few = boundaries_of(["370211", "110101", "000000"])
    assert list(few) == ["110101", "370211"]
    assert all(shapely.equals(shape, county_boundaries()[code]) for code, shape in few.items())


def test_no_feature_of_the_file_is_passed_over():
    with gzip.open(data_file("county_boundaries_osm2019.geojson.gz"), "rt", encoding="utf-8") as file:
        named = [feature["properties"]["code"] for feature in json.load(file)["features"]]
    kept = {successors[0] for code in named if (successors := current_counties(code))}
    assert set(county_boundaries()) == kept


def test_only_zones_and_a_few_new_counties_have_no_boundary():
    missing = set(counties()) - set(county_boundaries())
    assert len([code for code in missing if not counties()[code].is_zone]) == 9
    assert not any(counties()[code].is_zone for code in county_boundaries())


def test_the_county_of_a_point_is_the_one_whose_boundary_holds_it(finder: CountyFinder):
    random = np.random.default_rng(7)
    lon, lat = random.uniform(113.0, 118.0, 3000), random.uniform(36.0, 41.0, 3000)
    found = finder.find(lon, lat)
    shapes = list(county_boundaries().values())
    tree = shapely.STRtree(shapes)
    points, holders = tree.query(shapely.points(lon, lat), predicate="intersects")
    held: dict[int, set[int]] = {}
    for point, holder in zip(points.tolist(), holders.tolist(), strict=True):
        held.setdefault(point, set()).add(holder)
    # Off the coast a hexagon that touches one county answers for all its points.
    wrong = [i for i in range(lon.size) if i in held and found[i] not in held[i]]
    far_off = [
        i
        for i in range(lon.size)
        if i not in held and found[i] >= 0 and shapely.distance(shapes[found[i]], shapely.Point(lon[i], lat[i])) > 0.02
    ]
    assert wrong == []
    assert far_off == []
    assert len(held) > 2500


def test_known_places_lie_in_their_counties(finder: CountyFinder):
    lon, lat = np.array([115.7784, 116.4164, 113.75]), np.array([38.7001, 39.9284, 23.02])
    assert [finder.codes[i] for i in finder.find(lon, lat)] == ["130628", "110101", "441900"]


def test_points_in_no_county_and_points_unknown_are_told_apart_from_none(finder: CountyFinder):
    lon = np.array([np.nan, 116.4, 140.0, 0.0, 1e9, np.inf])
    lat = np.array([39.9, np.nan, 35.7, 0.0, 1e9, 39.9])
    assert finder.find(lon, lat).tolist() == [-1] * 6
    assert finder.find(np.empty(0), np.empty(0)).tolist() == []


def test_the_answer_for_a_point_does_not_depend_on_what_was_asked_before(finder: CountyFinder):
    random = np.random.default_rng(3)
    lon, lat = random.uniform(120.0, 121.0, 500), random.uniform(30.0, 31.0, 500)
    whole = finder.find(lon, lat)
    apart = np.concatenate([CountyFinder().find(lon[:250], lat[:250]), finder.find(lon[250:], lat[250:])])
    assert np.array_equal(whole, apart)


def test_the_distance_outside_a_county_is_zero_inside_and_kilometres_beyond(finder: CountyFinder):
    inside, beyond = (115.7784, 38.7001), (116.4164, 39.9284)
    lon, lat = np.array([inside[0], beyond[0]]), np.array([inside[1], beyond[1]])
    distance = finder.distance_outside_km("130628", lon, lat)
    assert distance[0] == 0.0
    assert 120.0 < distance[1] < 160.0
    assert np.isnan(finder.distance_outside_km("130171", lon, lat)).all()
