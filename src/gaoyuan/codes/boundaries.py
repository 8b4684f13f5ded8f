"""County boundaries and which county a point lies in.

The shipped boundaries are OpenStreetMap's of 2019 (ODbL), WGS-84, simplified. They are NOT the official standard map of
China; users bring approved boundaries of their own where a map is to be published. Codes of 2019 are carried to the
current edition, counties that merged are joined.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Collection
from functools import cache

import h3ronpy.vector
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from gaoyuan.codes.administrative_divisions import current_counties
from gaoyuan.codes.tables import data_file

BOUNDARIES_EDITION = 2019
BOUNDARIES_NOTICE = (
    "Boundaries © OpenStreetMap contributors 2019 (ODbL), WGS-84; "
    "not the official standard map of China. 非国家标准地图"
)

_FEATURE = re.compile(r'\{"type":"Feature","properties":\{"code":"(\d{6})"')
"""How a county begins in the file."""
_CELL_RESOLUTION = 8
_OUTSIDE = -1
_SEVERAL = -2


@cache
def county_boundaries() -> dict[str, shapely.Geometry]:
    """Give the boundary of each current county that has one, longitude and latitude in WGS-84 degrees.

    Counties founded after 2019 by splitting another, and development zones, have none.
    """
    return _boundaries(None)


def boundaries_of(codes: Collection[str]) -> dict[str, shapely.Geometry]:
    """Give the boundaries of a few counties as `county_boundaries` does, in a fraction of the time.

    A code without a boundary is left out.

    >>> {code: round(shape.area, 3) for code, shape in boundaries_of(["110101", "000000"]).items()}
    {'110101': 0.004}
    """
    return _boundaries(frozenset(codes))


def _boundaries(wanted: Collection[str] | None) -> dict[str, shapely.Geometry]:
    """Read the boundaries of the wanted counties, of all where None."""
    with gzip.open(data_file("county_boundaries_osm2019.geojson.gz"), "rt", encoding="utf-8") as file:
        text = file.read()
    decoder = json.JSONDecoder()
    shapes: dict[str, list[shapely.Geometry]] = {}
    # Most of the time goes into coordinates: those of counties that nobody asks for are passed over as text.
    for found in _FEATURE.finditer(text):
        successors = current_counties(found[1])
        if successors and (wanted is None or successors[0] in wanted):
            feature, _ = decoder.raw_decode(text, found.start())
            shapes.setdefault(successors[0], []).append(shapely.geometry.shape(feature["geometry"]))
    return {code: shapely.make_valid(shapely.union_all(parts)) for code, parts in sorted(shapes.items())}


class CountyFinder:
    """Finds the county of many points; remembers the hexagons that lie in one county whole.

    A hexagon (H3, resolution 8, 0.7 km²) that touches only one county answers for all its points, also for those just
    off the coast; in a hexagon on a border each point is tested against the boundary itself.
    """

    def __init__(self) -> None:
        boundaries = county_boundaries()
        self.codes: tuple[str, ...] = tuple(boundaries)
        self._shapes = np.array(list(boundaries.values()), dtype=object)
        self._tree = shapely.STRtree(self._shapes)
        self._cells = np.empty(0, dtype=np.uint64)
        self._owners = np.empty(0, dtype=np.int32)

    def find(self, longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
        """Give for points (n) the positions of their counties in `codes`, -1 outside all counties or where a coordinate
        is NaN.
        """
        found = np.full(longitude.shape, _OUTSIDE, dtype=np.int32)
        known = np.flatnonzero(_on_earth(longitude, latitude))
        if known.size == 0:
            return found
        lon, lat = longitude[known], latitude[known]
        cells = cells_of_points(lon, lat)
        self._learn(np.unique(cells))
        owners = self._owners[np.searchsorted(self._cells, cells)]
        border = np.flatnonzero(owners == _SEVERAL)
        if border.size:
            points, counties = self._tree.query(shapely.points(lon[border], lat[border]), predicate="intersects")
            owners[border] = _OUTSIDE
            owners[border[points]] = counties
        found[known] = owners
        return found

    def distance_outside_km(
        self, county: str, longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """Give how far points (n) lie outside a county in km, 0 inside; NaN where the county has no boundary."""
        try:
            shape = self._shapes[self.codes.index(county)]
        except ValueError:
            return np.full(longitude.shape, np.nan)
        nearest = shapely.get_point(shapely.shortest_line(shape, shapely.points(longitude, latitude)), 0)
        north = (shapely.get_y(nearest) - latitude) * 111.2
        east = (shapely.get_x(nearest) - longitude) * 111.2 * np.cos(np.radians(latitude))
        return np.hypot(north, east)

    def _learn(self, cells: npt.NDArray[np.uint64]) -> None:
        new = cells[~np.isin(cells, self._cells, assume_unique=True)]
        if new.size == 0:
            return
        hexagons = shapely.from_wkb(
            np.asarray(pa.array(h3ronpy.vector.cells_to_wkb_polygons(pa.array(new))).to_pylist(), dtype=object)
        )
        which, counties = self._tree.query(hexagons, predicate="intersects")
        touched = np.bincount(which, minlength=new.size)
        owners = np.full(new.size, _OUTSIDE, dtype=np.int32)
        owners[which] = counties
        owners[touched > 1] = _SEVERAL
        order = np.argsort(merged := np.concatenate([self._cells, new]), kind="stable")
        self._cells = merged[order]
        self._owners = np.concatenate([self._owners, owners])[order]


def cells_of_points(
    longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64], resolution: int = _CELL_RESOLUTION
) -> npt.NDArray[np.uint64]:
    """Give the H3 cells of points (n), longitude and latitude in degrees; all must be finite."""
    return np.asarray(pa.array(h3ronpy.vector.coordinates_to_cells(latitude, longitude, resolution)))


def _on_earth(longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    return (np.abs(longitude) <= 180.0) & (np.abs(latitude) <= 90.0)
