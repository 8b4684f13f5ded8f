"""The ground that a cluster covers, drawn from its members' own cells."""

from __future__ import annotations

import h3ronpy
import h3ronpy.vector
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

Cells = npt.NDArray[np.uint64]

OFFICIAL_LIMIT_KM2 = 100.0
"""The area that the official rules allow a cluster."""


def closed(cells: npt.ArrayLike) -> Cells:
    """Close gaps of one cell in a set of cells: grow it by one ring, then take off every cell with a neighbour outside
    (morphological closing). Cells of the set stay.

    The answer covers the set and the holes and notches in it without growing beyond, so that a lone firm does not claim
    the seven cells around it.
    """
    own = np.unique(np.asarray(cells, dtype=np.uint64))
    if own.size == 0:
        return own
    grown = np.unique(_disks(own).ravel())
    kept = np.isin(_disks(grown), grown).all(axis=1)
    return np.union1d(own, grown[kept])


def area_km2(cells: npt.ArrayLike) -> float:
    """Give the area of a set of cells in km²."""
    return float(np.asarray(pa.array(h3ronpy.cells_area_km2(pa.array(np.asarray(cells, dtype=np.uint64))))).sum())


def outline(cells: npt.ArrayLike) -> shapely.Geometry:
    """Give the outline of a set of cells as one (multi)polygon, longitude and latitude in WGS-84 degrees."""
    shapes = pa.array(
        h3ronpy.vector.cells_to_wkb_polygons(pa.array(np.asarray(cells, dtype=np.uint64)), link_cells=True)
    )
    joined = shapely.union_all(shapely.from_wkb(np.array(shapes.to_pylist(), dtype=object)))
    return shapely.normalize(joined)  # the same ground begins at the same corner each time


def _disks(cells: Cells) -> Cells:
    """Give each cell with its six neighbours (n, 7)."""
    found = np.asarray(pa.array(h3ronpy.grid_disk(pa.array(cells), 1, flatten=True)))
    return found.reshape(cells.size, -1)
