"""Clusters of points by density alone (HDBSCAN*), for a first look at a map.

It knows nothing of where firms are anyhow, so on firms it finds towns as well as clusters: in worlds without any
clusters it labels more than half of an industry. `find_clusters` is the one that tests.

Campello, Moulavi & Sander (2013), Density-based clustering based on hierarchical density estimates, PAKDD; terms of
McInnes, Healy & Astels (2017), hdbscan, JOSS 2(11).
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from gaoyuan.observe.point_patterns.pairs import Floats, checked_points

Ints = npt.NDArray[np.int64]


class DensityClusters(NamedTuple):
    """The cluster of each point (n), -1 for none, numbered by their first point; and how firmly it belongs there (n), 0
    to 1.
    """

    label: Ints
    membership: Floats


def density_clusters(points: npt.ArrayLike, min_cluster_size: int = 15, min_samples: int = 5) -> DensityClusters:
    """Find groups of points that are denser than what lies between them, at whatever density each has.

    Points are joined by mutual reachability, the largest of their distance and their two core distances (to the
    `min_samples`-th nearest point, itself counted); groups of fewer than `min_cluster_size` fall off as points; of the
    rest the ones that last longest are chosen (excess of mass). All points together are never one cluster.

    `points` (n, 2). The work grows with n². Raises ValueError for arguments that cannot be.

    >>> two = [[x, y] for x in (0, 1, 2, 50, 51, 52) for y in (0, 1, 2)]
    >>> density_clusters([*two, [25, 300]], min_cluster_size=5, min_samples=3).label.tolist()
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1]
    """
    places = checked_points(points)
    if min_cluster_size < 2 or min_samples < 1:
        raise ValueError("min_cluster_size is at least 2 and min_samples at least 1")
    count = places.shape[0]
    if count < max(2, min_cluster_size, min_samples):
        return DensityClusters(np.full(count, -1), np.zeros(count))
    core = np.asarray(cKDTree(places).query(places, k=[min_samples])[0])[:, 0]
    first, second, length = _spanning_tree(np.ascontiguousarray(places), core)
    order = np.argsort(length, kind="stable")
    children, height, size = _linkage(first[order], second[order], length[order])
    with np.errstate(divide="ignore"):
        density = 1.0 / height
    parent_of_point, left_at, parent, born, mass = _condensed(children, density, size, count, min_cluster_size)
    chosen = _chosen(parent, mass)
    cluster = np.array([_first_chosen(of, parent, chosen) for of in range(parent.size)])[parent_of_point]
    last = np.zeros(parent.size)
    np.maximum.at(last, parent_of_point, left_at)
    np.maximum.at(last, parent[1:], born[1:])
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(np.isfinite(left_at), np.minimum(left_at / last[cluster], 1.0), 1.0)
    return DensityClusters(_numbered(cluster), np.where(cluster >= 0, share, 0.0))


@nb.njit(cache=True)
def _spanning_tree(places: Floats, core: Floats) -> tuple[Ints, Ints, Floats]:
    """Give the minimum spanning tree of mutual reachability (Prim): both ends and the length of each edge (n - 1)."""
    count = places.shape[0]
    nearest, origin = np.full(count, np.inf), np.zeros(count, np.int64)
    inside = np.zeros(count, np.bool_)
    first, second, length = np.empty(count - 1, np.int64), np.empty(count - 1, np.int64), np.empty(count - 1)
    at = 0
    for edge in range(count - 1):
        inside[at] = True
        following, least = -1, np.inf
        for other in range(count):
            if inside[other]:
                continue
            dx, dy = places[other, 0] - places[at, 0], places[other, 1] - places[at, 1]
            reach = max(np.sqrt(dx * dx + dy * dy), core[at], core[other])
            if reach < nearest[other]:
                nearest[other], origin[other] = reach, at
            if nearest[other] < least:
                following, least = other, nearest[other]
        first[edge], second[edge], length[edge] = origin[following], following, least
        at = following
    return first, second, length


@nb.njit(cache=True)
def _linkage(first: Ints, second: Ints, length: Floats) -> tuple[Ints, Floats, Ints]:
    """Join groups along the edges from the shortest: the two parts, the height and the size of each join (n - 1)."""
    joins = first.size
    count = joins + 1
    above, top = np.full(2 * count - 1, -1, np.int64), np.arange(2 * count - 1)
    children, size = np.empty((joins, 2), np.int64), np.ones(2 * count - 1, np.int64)
    for join in range(joins):
        for side in range(2):
            node = first[join] if side == 0 else second[join]
            root = node
            while above[top[root]] >= 0:
                root = above[top[root]]
            while node != root and above[node] >= 0:
                above[node], node = root, above[node]
            children[join, side] = root
        node = count + join
        above[children[join, 0]] = above[children[join, 1]] = node
        size[node] = size[children[join, 0]] + size[children[join, 1]]
    return children, length, size


@nb.njit(cache=True)
def _condensed(
    children: Ints, density: Floats, size: Ints, count: int, fewest: int
) -> tuple[Ints, Floats, Ints, Floats, Floats]:
    """Walk the joins from the top, letting small parts fall off.

    Gives for each point the group that it falls off and at which density (n, n), and for each group its parent (-1 for
    the first, which is all points), the density that it begins at, and its excess of mass.
    """
    fell_off, left_at = np.zeros(count, np.int64), np.zeros(count)
    parent, born, mass = np.full(count, -1, np.int64), np.zeros(count), np.zeros(count)
    nodes, groups = np.empty(2 * count, np.int64), np.empty(2 * count, np.int64)
    nodes[0], groups[0] = 2 * count - 2, 0
    head, tail, known = 0, 1, 1
    below = np.empty(2 * count, np.int64)
    while head < tail:
        node, group = nodes[head], groups[head]
        head += 1
        join = node - count
        splits = size[children[join, 0]] >= fewest and size[children[join, 1]] >= fewest
        for side in range(2):
            child = children[join, side]
            # Points at one place are infinitely dense; they all leave together, so that nothing is gained by it.
            gain = density[join] - born[group] if density[join] < np.inf else 0.0
            if splits:
                mass[group] += gain * size[child]
                parent[known], born[known] = group, density[join]
                nodes[tail], groups[tail] = child, known
                known += 1
                tail += 1
            elif size[child] >= fewest:
                nodes[tail], groups[tail] = child, group
                tail += 1
            else:
                mass[group] += gain * size[child]
                below[0], depth = child, 1
                while depth > 0:
                    depth -= 1
                    part = below[depth]
                    if part < count:
                        fell_off[part], left_at[part] = group, density[join]
                    else:
                        below[depth], below[depth + 1] = children[part - count, 0], children[part - count, 1]
                        depth += 2
    return fell_off, left_at, parent[:known], born[:known], mass[:known]


def _chosen(parent: Ints, mass: Floats) -> npt.NDArray[np.bool_]:
    """Choose each group that has at least the mass of the best choice among the groups within it."""
    best, within = mass.copy(), np.zeros(mass.size)
    chosen = np.zeros(mass.size, dtype=bool)
    # Groups come after their parents, so from the last on all within are known.
    for group in range(mass.size - 1, 0, -1):
        chosen[group] = mass[group] >= within[group]
        best[group] = max(mass[group], within[group])
        within[parent[group]] += best[group]
    for group in range(1, mass.size):
        above = parent[group]
        while above > 0 and chosen[group]:
            chosen[group] = not chosen[above]
            above = parent[above]
    return chosen


def _first_chosen(group: int, parent: Ints, chosen: npt.NDArray[np.bool_]) -> int:
    while group >= 0 and not chosen[group]:
        group = int(parent[group])
    return group


def _numbered(cluster: Ints) -> Ints:
    groups, at, back = np.unique(cluster, return_index=True, return_inverse=True)
    number = np.full(groups.size, -1)
    held = np.flatnonzero(groups >= 0)
    number[held[np.argsort(at[held])]] = np.arange(held.size)
    return number[back]
