"""Where firms are, gathered into cells, so that a supplier nearby is drawn without looking at every one.

Positions are points in space on a sphere, so that distances (chords, in km) hold at every latitude: at 1,000 km a chord
is 1 km shorter than the way over the ground.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EARTH_RADIUS_KM = 6371.0
_MOST_CELLS = 1_500
_CELLS_PER_DECAY = 3.0


class Cells(NamedTuple):
    """Firms (n) in c cells: `position` (n, 3) in km, `cell` (n), and of each cell its `centre` (c, 3) and `radius` (c)
    in km, which no firm of it lies beyond.
    """

    position: Floats
    cell: Ints
    centre: Floats
    radius: Floats


def positions(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> Floats:
    """Give points (n, 3) in km from degrees (n); NaN where these are."""
    east, north = np.radians(np.asarray(longitude, np.float64)), np.radians(np.asarray(latitude, np.float64))
    unit = np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
    return EARTH_RADIUS_KM * unit


def filled_positions(position: Floats, *areas: npt.ArrayLike) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Put firms without a position where the others of the first of their areas (n each, −1 unknown) are on average, or
    of the next, or all of them; gives the positions and which were filled. All are at one point where none is known.
    """
    known = np.asarray(np.isfinite(position).all(axis=1), bool)
    filled = position.copy()
    open_ = ~known
    for area in areas:
        of = np.asarray(area, np.int64)
        held = known & (of >= 0)
        if not held.any() or not open_.any():
            continue
        size = int(of.max()) + 1
        count = np.bincount(of[held], minlength=size)
        mean = np.column_stack(
            [np.bincount(of[held], weights=position[held, axis], minlength=size) for axis in range(3)]
        )
        now = open_ & (of >= 0)
        now[now] = count[of[now]] > 0
        filled[now] = mean[of[now]] / count[of[now], None]
        open_ &= ~now
    filled[open_] = position[known].mean(axis=0) if known.any() else 0.0
    return filled, np.logical_not(known)


def gathered(position: Floats, decay_km: float) -> Cells:
    """Gather firms (n, 3) into cubes whose side is a part of the decay, or larger where there would be too many."""
    side = max(decay_km / _CELLS_PER_DECAY, 0.5)
    while True:
        cubes = np.floor(position / side).astype(np.int64)
        _, cell = np.unique(cubes, axis=0, return_inverse=True)
        count = int(cell.max(initial=-1)) + 1
        if count <= _MOST_CELLS:
            break
        side *= 1.3
    cell = cell.ravel().astype(np.int64)
    held = np.bincount(cell, minlength=count)
    centre = np.column_stack([np.bincount(cell, weights=position[:, axis], minlength=count) for axis in range(3)])
    centre /= np.maximum(held, 1)[:, None]
    radius = np.zeros(count)
    np.maximum.at(radius, cell, np.sqrt(((position - centre[cell]) ** 2).sum(axis=1)))
    return Cells(position, cell, centre, radius)
