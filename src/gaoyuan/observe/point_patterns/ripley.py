"""Ripley's K: how many neighbours a point has within r, against a pattern without any clustering.

Ripley (1977), Modelling spatial patterns, JRSS B 39; edge corrections as in Baddeley, Rubak & Turner (2015), Spatial
Point Patterns, ch. 7.
"""

from __future__ import annotations

from typing import Literal, get_args

import numba as nb
import numpy as np
import numpy.typing as npt
import shapely
import shapely.affinity

from gaoyuan.observe.point_patterns.pairs import Floats, checked_points, checked_radii, sort_into_cells, weight_within

Edge = Literal["none", "border", "isotropic", "translation"]

_MOST_WEIGHT = 100.0
_BLOCK = 200_000


def k_function(
    points: npt.ArrayLike, radii: npt.ArrayLike, area: float | shapely.Geometry, edge: Edge = "none"
) -> Floats:
    """Give Ripley's K at each radius, in the square of the unit of the points.

    K(r) = A / (n (n - 1)) · Σ_i Σ_j≠i e_ij 1(d_ij ≤ r), with A the area of the window; π r² without clustering.

    `points` (n, 2), `radii` (k) ascending; `area` is the area of the window, or the window itself, which edge
    corrections need. `edge`: `none` (e = 1), `border` (only points at least r from the edge count), `isotropic`
    (Ripley: one over the share of the circle through j around i that lies in the window, at most 100) or `translation`
    (A over the window's overlap with itself moved by the pair). The answer (k) is NaN for fewer than two points, and
    under `border` where no point is far enough from the edge. Raises ValueError for points, radii or an area that
    cannot be, and for an edge correction without a window.

    >>> k_function([[0, 0], [1, 0], [0, 1]], [0.5, 1, 2], area=4.0).round(3).tolist()
    [0.0, 2.667, 4.0]
    """
    places, steps = checked_points(points), checked_radii(radii)
    if edge not in get_args(Edge):
        raise ValueError(f"edge is one of {', '.join(get_args(Edge))}, not {edge!r}")
    window = area if isinstance(area, shapely.Geometry) else None
    surface = float(shapely.area(area) if isinstance(area, shapely.Geometry) else area)
    if not surface > 0:
        raise ValueError("the area of the window is above 0")
    if edge != "none" and window is None:
        raise ValueError(f"the edge correction {edge!r} needs the window itself as area")
    count = places.shape[0]
    if count < 2:
        return np.full(steps.size, np.nan)
    if window is None or edge == "none":
        return surface / (count * (count - 1.0)) * _neighbours(places, steps).sum(axis=0)
    if edge == "border":
        return _border(places, steps, window, surface)
    first, second, distance = _close_pairs(places, float(steps[-1]))
    if edge == "isotropic":
        rings = np.concatenate(
            [_edges(ring) for polygon in shapely.get_parts(window) for ring in (polygon.exterior, *polygon.interiors)]
        )
        weights = np.minimum(1.0 / np.maximum(_share_inside(places[first], distance, rings), 1e-12), _MOST_WEIGHT)
    else:
        weights = _translation(places, first, second, window, surface)
    order = np.argsort(distance, kind="stable")
    summed = np.concatenate([[0.0], np.cumsum(weights[order])])
    return surface / (count * (count - 1.0)) * summed[np.searchsorted(distance[order], steps, side="right")]


def _neighbours(places: Floats, steps: Floats) -> Floats:
    cells = sort_into_cells(places, float(steps[-1]))
    return weight_within(cells, np.ones(places.shape[0]), places, steps, np.arange(places.shape[0]))


def _border(places: Floats, steps: Floats, window: shapely.Geometry, surface: float) -> Floats:
    depth = np.asarray(shapely.distance(shapely.points(places), shapely.boundary(window)))
    inner = depth[:, None] >= steps[None, :]
    within = np.where(inner, _neighbours(places, steps), 0.0).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return surface / (places.shape[0] - 1.0) * within / inner.sum(axis=0)


def _close_pairs(places: Floats, reach: float) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Give the ordered pairs of points within reach of each other, with their distances."""
    dots = np.asarray(shapely.points(places))
    first, second = shapely.STRtree(dots).query(dots, predicate="dwithin", distance=reach * (1.0 + 1e-12))
    other = first != second
    first, second = first[other], second[other]
    distance = np.sqrt(((places[first] - places[second]) ** 2).sum(axis=1))
    return first, second, distance


def _translation(
    places: Floats,
    first: npt.NDArray[np.int64],
    second: npt.NDArray[np.int64],
    window: shapely.Geometry,
    surface: float,
) -> Floats:
    shift = np.round(places[second] - places[first], 9)
    # A shift and its opposite overlap alike, and gridded points share many.
    flipped = (shift[:, 0] < 0) | ((shift[:, 0] == 0) & (shift[:, 1] < 0))
    distinct, back = np.unique(np.where(flipped[:, None], -shift, shift), axis=0, return_inverse=True)
    overlap = np.empty(distinct.shape[0])
    for begin in range(0, distinct.shape[0], _BLOCK):
        moved = [shapely.affinity.translate(window, dx, dy) for dx, dy in distinct[begin : begin + _BLOCK]]
        overlap[begin : begin + _BLOCK] = shapely.area(shapely.intersection(window, np.array(moved, dtype=object)))
    return surface / np.maximum(overlap, surface / _MOST_WEIGHT)[back.ravel()]


def _edges(ring: shapely.Geometry) -> Floats:
    corners = shapely.get_coordinates(ring)
    return np.hstack([corners[:-1], corners[1:]])


@nb.njit(cache=True, parallel=True)
def _share_inside(centres: Floats, radius: Floats, edges: Floats) -> Floats:
    """Give the share of each circle (n centres and radii) that lies inside the polygon whose edges (m, 4) these are."""
    share = np.empty(radius.size)
    for i in nb.prange(radius.size):
        angles = np.empty(2 * edges.shape[0] + 2)
        count = 0
        for e in range(edges.shape[0]):
            ax, ay = edges[e, 0] - centres[i, 0], edges[e, 1] - centres[i, 1]
            dx, dy = edges[e, 2] - edges[e, 0], edges[e, 3] - edges[e, 1]
            a = dx * dx + dy * dy
            b = ax * dx + ay * dy
            c = ax * ax + ay * ay - radius[i] * radius[i]
            inner = b * b - a * c
            if a > 0.0 and inner > 0.0:
                root = np.sqrt(inner)
                for t in ((-b - root) / a, (-b + root) / a):
                    if 0.0 <= t < 1.0:
                        angles[count] = np.arctan2(ay + t * dy, ax + t * dx)
                        count += 1
        cuts = np.sort(angles[:count])
        inside = 0.0
        for k in range(max(1, count)):
            begin = cuts[k] if count else 0.0
            end = cuts[k + 1] if k + 1 < count else (cuts[0] if count else 0.0) + 2.0 * np.pi
            middle = (begin + end) / 2.0
            if _is_inside(
                centres[i, 0] + radius[i] * np.cos(middle), centres[i, 1] + radius[i] * np.sin(middle), edges
            ):
                inside += end - begin
        share[i] = inside / (2.0 * np.pi)
    return share


@nb.njit(cache=True)
def _is_inside(x: float, y: float, edges: Floats) -> bool:
    inside = False
    for e in range(edges.shape[0]):
        x0, y0, x1, y1 = edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3]
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside
