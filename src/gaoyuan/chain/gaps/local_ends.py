"""What a place makes for others: the ends of its chains, and the value that they begin with."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from gaoyuan.chain.criticality import UNREACHED, immediate_dominators
from gaoyuan.chain.product_graph import ProductGraph, product_graph

Flags: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float64]
Longs: TypeAlias = npt.NDArray[np.int64]


def final_products(graph: ProductGraph, local: npt.ArrayLike) -> Longs:
    """Give the final products of a place, in order: those of its products (n marks) that none other of them needs, at
    any level. Products of a closed loop that only need each other count as final together.

    >>> final_products(product_graph(4, [0, 1], [1, 2]), [False, True, True, True]).tolist()
    [1, 3]
    """
    made = np.asarray(local, dtype=np.bool_)
    edges = csr_array(
        (np.ones(graph.edges, dtype=np.int8), graph.inputs, graph.input_start), shape=(graph.products, graph.products)
    )
    count, loop = connected_components(edges, directed=True, connection="strong")
    # With every loop taken for one product, what goes into a local one is no end.
    whole = product_graph(int(count), loop[graph.of_edges()], loop[graph.inputs])
    made_whole = np.zeros(int(count), dtype=bool)
    made_whole[loop[made]] = True
    inputs = np.unique(whole.inputs[made_whole[whole.of_edges()]])
    needed = immediate_dominators(whole, inputs) != UNREACHED
    return np.flatnonzero(made & ~needed[loop])


def needed_products(graph: ProductGraph, final: npt.ArrayLike) -> Flags:
    """Tell of each product (n) whether some products (numbers) need it, at any level; one of these itself only where
    another one of them, or a loop, needs it.
    """
    chosen = np.zeros(graph.products, dtype=bool)
    chosen[np.asarray(final, dtype=np.int64)] = True
    inputs = np.unique(graph.inputs[chosen[graph.of_edges()]])
    return immediate_dominators(graph, inputs) != UNREACHED


def final_values(final: npt.ArrayLike, output_yuan: Floats) -> tuple[Floats, bool]:
    """Give the value (n) of each final product, 0 for others, and whether some were not known.

    An output that is not known counts as the median of the known ones; where none is above 0, each counts 1.
    """
    at = np.asarray(final, dtype=np.int64)
    values = np.zeros(output_yuan.size)
    own = output_yuan[at]
    known = ~np.isnan(own)
    if not (own[known] > 0).any():
        values[at] = 1.0
        return values, at.size > 0
    values[at] = np.where(known, own, np.median(own[known]))
    return values, bool((~known).any())
