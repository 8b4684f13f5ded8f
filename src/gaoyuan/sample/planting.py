"""The clusters that are planted in the sample province: their truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gaoyuan.codes import classes, industry_name
from gaoyuan.sample.places import Floats, Places, km_per_degree, points_in

FEWEST_FIRMS = 60
_MOST_CLUSTERS = 24
_FIRMS_PER_CLUSTER = 4_000
_SHARE_PLANTED = 0.05
_RADII_KM = (1.0, 2.5)


@dataclass(frozen=True, slots=True)
class PlantedCluster:
    """A planted cluster: `firms` firms of `industry` within `radius_km` around a point of `county`."""

    number: int
    county: str
    industry: str
    longitude: float
    latitude: float
    radius_km: float
    firms: int


def plant(places: Places, enterprises: int, seed: int) -> tuple[PlantedCluster, ...]:
    """Choose the clusters to plant among `enterprises` firms.

    Up to 24 clusters of different manufacturing classes in different counties that hold them whole, of 60 firms at
    least and together about 5 % of all firms, their sizes falling from one to a sixth; one per 4,000 firms, and none
    below that.
    """
    random = np.random.default_rng([seed, 2])
    count = min(_MOST_CLUSTERS, enterprises // _FIRMS_PER_CLUSTER)
    if count == 0:
        return ()
    named = [code for code in classes() if "13" <= code[:2] <= "41" and not industry_name(code).startswith("其他")]
    industries = random.choice(named, count, replace=False)
    roomy = [i for i, ground in enumerate(places.grounds) if _has_room(ground, _RADII_KM[1])]
    counties = random.choice(roomy, count, replace=False)
    sizes = np.geomspace(6.0, 1.0, count)
    sizes = np.maximum(FEWEST_FIRMS, sizes / sizes.sum() * _SHARE_PLANTED * enterprises).astype(int)
    planted = []
    for number in range(count):
        county = int(counties[number])
        radius = float(random.uniform(*_RADII_KM))
        lon, lat = points_in(_centres(places.grounds[county], radius), 1, random)
        planted.append(
            PlantedCluster(
                number + 1,
                places.counties[county],
                str(industries[number]),
                float(lon[0]),
                float(lat[0]),
                radius,
                int(sizes[number]),
            )
        )
    return tuple(planted)


def _centres(ground: shapely.Geometry, radius_km: float) -> shapely.Geometry:
    """Give the part of a county in which a disc around a point lies in the county whole."""
    return shapely.buffer(ground, -radius_km / 90.0)


def _has_room(ground: shapely.Geometry, radius_km: float) -> bool:
    return bool(shapely.area(_centres(ground, radius_km)) > 0.05 * shapely.area(ground))


def member_points(
    clusters: tuple[PlantedCluster, ...], number: np.ndarray, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draw a point for each member (n) of the clusters by `number` (from 1): evenly over the cluster's disc."""
    index = number - 1
    radius = np.array([cluster.radius_km for cluster in clusters])[index] * np.sqrt(random.random(index.size))
    angle = random.uniform(0.0, 2.0 * np.pi, index.size)
    longitude = np.array([cluster.longitude for cluster in clusters])[index]
    latitude = np.array([cluster.latitude for cluster in clusters])[index]
    east, north = km_per_degree(latitude)
    return longitude + radius * np.cos(angle) / east, latitude + radius * np.sin(angle) / north
