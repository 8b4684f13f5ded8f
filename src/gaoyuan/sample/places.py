"""Where the firms of the sample province may stand: towns in real counties, and sites around them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gaoyuan.codes import counties
from gaoyuan.codes.boundaries import county_boundaries
from gaoyuan.codes.tables import rows_of

PROVINCE = "370000"
"""Shandong (山东省): coast and inland, cities and farming counties."""

DEGREE_KM = 111.2
_SITES_PER_COUNTY = 600
_SHARE_AROUND_TOWNS = 0.75
_TOWN_SPREAD_KM = 1.6
_BORDER_KM = 0.6
"""Sites keep this far from the border of their county, so that a firm beside one is still in it."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Places:
    """Sites (n) with their town, county (positions in `town_names`, `counties`), place and share of all firms.

    `grounds` are the counties' polygons without a strip along the border.
    """

    counties: tuple[str, ...]
    town_names: tuple[str, ...]
    town: Ints
    county: Ints
    longitude: Floats
    latitude: Floats
    share: Floats
    grounds: tuple[shapely.Geometry, ...]


def lay_out(seed: int) -> Places:
    """Lay out towns and sites in the counties of the province.

    Counties differ in size by a log-normal factor, and so do the towns in each; three quarters of a county's sites
    lie around its towns, the others anywhere in it.
    """
    random = np.random.default_rng([seed, 1])
    boundaries = county_boundaries()
    codes = tuple(code for code in sorted(counties()) if code[:2] == PROVINCE[:2] and code in boundaries)
    townships: dict[str, list[str]] = {}
    for row in rows_of("townships_2023.csv.gz"):
        townships.setdefault(row["county"], []).append(row["name"])
    names: list[str] = []
    grounds: list[shapely.Geometry] = []
    parts: list[tuple[Ints, Ints, Floats, Floats, Floats]] = []
    for position, code in enumerate(codes):
        ground = _without_border(boundaries[code])
        own = townships.get(code, ["城关镇"])
        towns, longitude, latitude, weight = _sites(ground, len(own), random)
        size = random.lognormal(0.0, 0.7)
        share = size * weight / weight.sum()
        parts.append((towns + len(names), np.full(towns.size, position, np.int32), longitude, latitude, share))
        names.extend(name.removesuffix("管理委员会") for name in own)
        grounds.append(ground)
    town, county, longitude, latitude, share = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Places(codes, tuple(names), town, county, longitude, latitude, share / share.sum(), tuple(grounds))


def km_per_degree(latitude: npt.ArrayLike) -> tuple[Floats, float]:
    """Give how many km a degree of longitude is at a latitude, and a degree of latitude."""
    return DEGREE_KM * np.cos(np.radians(np.asarray(latitude, dtype=np.float64))), DEGREE_KM


def points_in(ground: shapely.Geometry, count: int, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw points (count) evenly in a polygon; gives longitudes and latitudes."""
    west, south, east, north = shapely.bounds(ground)
    longitude, latitude = np.empty(0), np.empty(0)
    while longitude.size < count:
        x, y = random.uniform(west, east, 2 * count + 16), random.uniform(south, north, 2 * count + 16)
        inside = shapely.contains_xy(ground, x, y)
        longitude, latitude = np.concatenate([longitude, x[inside]]), np.concatenate([latitude, y[inside]])
    return longitude[:count], latitude[:count]


def _without_border(boundary: shapely.Geometry) -> shapely.Geometry:
    for strip in (_BORDER_KM, 0.0):
        inner = shapely.buffer(boundary, -strip / (0.8 * DEGREE_KM))
        if shapely.area(inner) > 0.2 * shapely.area(boundary):
            shapely.prepare(inner)
            return inner
    return boundary


def _sites(ground: shapely.Geometry, towns: int, random: np.random.Generator) -> tuple[Ints, Floats, Floats, Floats]:
    """Draw sites in a county; gives the town (from 0), longitude, latitude and weight of each."""
    town_lon, town_lat = points_in(ground, towns, random)
    size = random.lognormal(0.0, 1.0, towns)
    around = int(_SITES_PER_COUNTY * _SHARE_AROUND_TOWNS)
    town = random.choice(towns, around, p=size / size.sum()).astype(np.int32)
    east, north = km_per_degree(town_lat[town])
    longitude = town_lon[town] + random.normal(0.0, _TOWN_SPREAD_KM, around) / east
    latitude = town_lat[town] + random.normal(0.0, _TOWN_SPREAD_KM, around) / north
    inside = shapely.contains_xy(ground, longitude, latitude)
    town, longitude, latitude = town[inside], longitude[inside], latitude[inside]
    rest = _SITES_PER_COUNTY - town.size
    lon, lat = points_in(ground, rest, random)
    nearest = np.argmin((lon[:, None] - town_lon) ** 2 + (lat[:, None] - town_lat) ** 2, axis=1).astype(np.int32)
    weight = random.gamma(0.8, 1.0, _SITES_PER_COUNTY) + 0.05
    return (
        np.concatenate([town, nearest]),
        np.concatenate([longitude, lon]),
        np.concatenate([latitude, lat]),
        weight,
    )
