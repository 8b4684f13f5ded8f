"""What a link carries: the products that cannot be reached but through it, and the value that flows through it."""

from __future__ import annotations

from typing import TypeAlias

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.chain.product_graph import ProductGraph, split_shares
from gaoyuan.errors import InputError

Ints: TypeAlias = npt.NDArray[np.int32]
Longs: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]

UNREACHED = -2
ROOT = -1

_MOST_SWEEPS = 10_000
_ENOUGH = 1e-12
_CHECKED, _KEPT = 500, 1e-3
"""A loop that loses less than the second in so many sweeps is taken for one that loses nothing."""


def immediate_dominators(graph: ProductGraph, products: npt.ArrayLike | None = None) -> Ints:
    """Give the immediate dominator of each product (n): the nearest one that every path passes.

    Without `products` the paths run from raw material (products that need nothing) to the product: the answer is what
    all that it is made of has come through. With `products` (numbers) they run from the product to these: the answer is
    what it can only come through to them, so that without that link it is lost to them.

    −1 (`ROOT`) stands for a product that no single link dominates, and for one where the paths begin; −2 (`UNREACHED`)
    for one that no path reaches: it hangs on a closed loop alone, or nothing of it goes into `products`. All products
    that a path must pass are found by following the answer up to −1. Loops are allowed.

    Source: Cooper, Harvey and Kennedy (2001), A Simple, Fast Dominance Algorithm; the entry is a node before all those
    where the paths begin. Raises InputError for numbers that are none of a product.

    >>> from gaoyuan.chain.product_graph import product_graph
    >>> graph = product_graph(4, [0, 0, 1, 2], [1, 2, 3, 3])  # 3 goes into 1 and 2, both into 0
    >>> immediate_dominators(graph).tolist(), immediate_dominators(graph, [0]).tolist()
    ([3, 3, 3, -1], [-1, 0, 0, 0])
    """
    forward, backward = (graph.user_start, graph.users), (graph.input_start, graph.inputs)
    begins = np.diff(graph.input_start) == 0
    if products is not None:
        forward, backward = backward, forward
        chosen = np.asarray(products, dtype=np.int64)
        if ((chosen < 0) | (chosen >= graph.products)).any():
            raise InputError("a number is none of a product", mend=f"Products are numbered 0 to {graph.products - 1}.")
        begins = np.zeros(graph.products, dtype=bool)
        begins[chosen] = True
    order, position = _reverse_postorder(*forward, begins)
    found = _dominators(*backward, begins, order, position)
    return np.where(position < 0, UNREACHED, found).astype(np.int32)


def dominated(dominator: Ints) -> Longs:
    """Count for each product (n) the others that are reached only through it, from the immediate dominators (n).

    >>> dominated(np.array([3, 3, 3, -1])).tolist()
    [0, 0, 0, 3]
    """
    own = np.asarray(dominator)
    count = np.zeros(own.size, dtype=np.int64)
    level = _depths(own)
    for node in np.argsort(-level, kind="stable"):
        if own[node] >= 0:
            count[own[node]] += 1 + count[node]
    return count


def dominators_of(dominator: Ints, product: int) -> list[int]:
    """Give the products that every path to a product passes, the nearest first, from the immediate dominators (n)."""
    chain: list[int] = []
    at = int(dominator[product])
    while at >= 0:
        chain.append(at)
        at = int(dominator[at])
    return chain


def needed_by(graph: ProductGraph, products: npt.ArrayLike, counted: npt.ArrayLike) -> Longs:
    """Count for each of some products (k numbers) those of the products counted (n marks) that need it, at any level.

    A product is none of those that need it, also where it goes into itself on a loop.

    >>> from gaoyuan.chain.product_graph import product_graph
    >>> needed_by(product_graph(3, [0, 1], [1, 2]), [2, 1], [True, True, False]).tolist()
    [2, 1]
    """
    asked = np.asarray(products, dtype=np.int64)
    order, _ = _reverse_postorder(graph.user_start, graph.users, np.ones(graph.products, dtype=bool))
    return _reaching(graph.user_start, graph.users, order, asked, np.asarray(counted, dtype=np.bool_))


def carried_value(graph: ProductGraph, final: npt.ArrayLike) -> Floats:
    """Give the value that flows through each product (n) for a bill of final products (n values, such as yuan).

    What is bought of an input is its share of the value of the product: y = f + Sᵀ y, with the shares S of purchases
    (unknown ones as `split_shares` estimates them). A final product carries its own value. The sum runs over all paths;
    in loops whose shares multiply to less than 1 it converges, and it is added up until less than 1e-12 of it moves.

    Source: Leontief's quantity model on product shares. Raises InputError for loops that pass on all of their value for
    ever (shares that multiply to 1), and for values that are negative or not finite.

    >>> from gaoyuan.chain.product_graph import product_graph
    >>> carried_value(product_graph(3, [0, 1], [1, 2], share=[0.5, 0.5]), [100.0, 0.0, 0.0]).tolist()
    [100.0, 50.0, 25.0]
    """
    value = np.asarray(final, dtype=np.float64)
    if value.size != graph.products or not np.isfinite(value).all() or (value < 0).any():
        raise InputError(
            f"the values of the {graph.products:,} products have to be finite numbers of 0 or more",
            mend="Give one for each product, 0 for those that are not final.",
        )
    shares, _ = split_shares(graph)
    own, other = graph.of_edges(), graph.inputs
    total, wave, before = value.copy(), value, np.inf
    for sweep in range(_MOST_SWEEPS):
        wave = np.bincount(other, shares * wave[own], graph.products)
        total += wave
        moved = float(wave.sum())
        if moved <= _ENOUGH * max(float(total.sum()), np.finfo(float).tiny):
            return total
        if sweep % _CHECKED == 0:
            if moved > before * (1 - _KEPT):
                break
            before = moved
    raise InputError(
        "a loop of products passes on all of its value for ever",
        mend="Check the shares: those of the products of a loop cannot all be 1.",
    )


def _depths(dominator: Ints) -> Longs:
    """Give how many dominators each node has; 0 for raw materials and unreached ones."""
    depth = np.where(dominator < 0, 0, -1).astype(np.int64)
    open_nodes = np.flatnonzero(depth < 0)
    while open_nodes.size:
        above = depth[dominator[open_nodes]]
        known = above >= 0
        depth[open_nodes[known]] = above[known] + 1
        open_nodes = open_nodes[~known]
    return depth


@nb.njit(cache=True)
def _reaching(start: Longs, next_of: Ints, order: Ints, asked: Longs, counted: npt.NDArray[np.bool_]) -> Longs:
    """Go through the nodes once for 64 products at a time: bit b of a node says that product b comes to it. In the
    order given only edges that close a loop lead back, and ask for another round.
    """
    nodes = start.size - 1
    position = np.empty(nodes, dtype=np.int64)
    for at in range(nodes):
        position[order[at]] = at
    result = np.zeros(asked.size, dtype=np.int64)
    here = np.empty(nodes, dtype=np.uint64)
    for first in range(0, asked.size, 64):
        here[:] = 0
        size = min(64, asked.size - first)
        for at in range(size):
            here[asked[first + at]] |= np.uint64(1) << np.uint64(at)
        again = True
        while again:
            again = False
            for at in range(nodes):
                node = order[at]
                bits = here[node]
                if bits == 0:
                    continue
                for edge in range(start[node], start[node + 1]):
                    other = next_of[edge]
                    if bits & ~here[other]:
                        here[other] |= bits
                        again |= position[other] < at
        for node in range(nodes):
            bits = here[node]
            if counted[node] and bits:
                for at in range(size):
                    result[first + at] += np.int64(bits >> np.uint64(at) & np.uint64(1))
    for at in range(asked.size):
        result[at] -= np.int64(counted[asked[at]])
    return result


@nb.njit(cache=True)
def _reverse_postorder(start: Longs, next_of: Ints, roots: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Give the nodes reached from the roots in reverse postorder, and the position of each node (−1 not reached)."""
    nodes = start.size - 1
    seen = np.zeros(nodes, dtype=np.uint8)
    stack = np.empty(nodes, dtype=np.int32)
    edge = np.empty(nodes, dtype=np.int64)
    order = np.empty(nodes, dtype=np.int32)
    done = 0
    for root in range(nodes):
        if not roots[root] or seen[root]:
            continue
        seen[root] = 1
        stack[0], edge[0], height = root, start[root], 1
        while height:
            node = stack[height - 1]
            at = edge[height - 1]
            if at == start[node + 1]:
                order[done] = node
                done += 1
                height -= 1
                continue
            edge[height - 1] = at + 1
            other = next_of[at]
            if not seen[other]:
                seen[other] = 1
                stack[height], edge[height] = other, start[other]
                height += 1
    reached = order[:done][::-1].copy()
    position = np.full(nodes, -1, dtype=np.int32)
    for at in range(done):
        position[reached[at]] = at
    return reached, position


@nb.njit(cache=True)
def _dominators(start: Longs, before_of: Ints, roots: npt.NDArray[np.bool_], order: Ints, position: Ints) -> Ints:
    """Iterate over the nodes until no dominator changes; positions count from 1, 0 is the entry before all roots."""
    count = order.size
    found = np.full(count + 1, -1, dtype=np.int64)
    found[0] = 0
    changed = True
    while changed:
        changed = False
        for at in range(count):
            node = order[at]
            new = np.int64(0 if roots[node] else -1)
            for edge in range(start[node], start[node + 1]):
                before = np.int64(position[before_of[edge]]) + 1
                if before == 0 or found[before] < 0:
                    continue
                if new < 0:
                    new = before
                    continue
                one, other = before, new
                while one != other:
                    while one > other:
                        one = found[one]
                    while other > one:
                        other = found[other]
                new = one
            if new >= 0 and found[at + 1] != new:
                found[at + 1] = new
                changed = True
    result = np.full(position.size, -1, dtype=np.int32)
    for at in range(count):
        result[order[at]] = -1 if found[at + 1] <= 0 else order[found[at + 1] - 1]
    return result
