"""Which products are related: those that share inputs or users."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from gaoyuan.chain.product_graph import ProductGraph

Ints: TypeAlias = npt.NDArray[np.int32]
Floats: TypeAlias = npt.NDArray[np.float64]
Longs: TypeAlias = npt.NDArray[np.int64]


def related_products(graph: ProductGraph, product: int) -> tuple[Longs, Floats]:
    """Give the products that share an input or a user with a product (k numbers, in order), and how much they do: the
    Jaccard index of what they are linked to, |shared| / |of either|, inputs and users counted apart.

    >>> from gaoyuan.chain.product_graph import product_graph
    >>> found, share = related_products(product_graph(4, [0, 1, 1], [2, 2, 3]), 0)
    >>> found.tolist(), share.tolist()
    ([1], [0.5])
    """
    inputs, users = inputs_of(graph, product), users_of(graph, product)
    sharing = [users_of(graph, one) for one in inputs.tolist()] + [inputs_of(graph, one) for one in users.tolist()]
    if not sharing:
        return np.zeros(0, np.int64), np.zeros(0)
    found, shared = np.unique(np.concatenate(sharing).astype(np.int64), return_counts=True)
    other = found != product
    found, shared = found[other], shared[other]
    links = graph.input_start[found + 1] - graph.input_start[found]
    links = links + graph.user_start[found + 1] - graph.user_start[found]
    return found, shared / (inputs.size + users.size + links - shared)


def shared_links(graph: ProductGraph, one: int, other: int) -> tuple[Ints, Ints, int]:
    """Give the inputs and the users that two products share, and how many both have in all."""
    inputs = np.intersect1d(inputs_of(graph, one), inputs_of(graph, other))
    users = np.intersect1d(users_of(graph, one), users_of(graph, other))
    links = sum(linked(graph, at).size for linked in (inputs_of, users_of) for at in (one, other))
    return inputs, users, int(links - inputs.size - users.size)


def inputs_of(graph: ProductGraph, product: int) -> Ints:
    """Give the inputs of a product."""
    return graph.inputs[graph.input_start[product] : graph.input_start[product + 1]]


def users_of(graph: ProductGraph, product: int) -> Ints:
    """Give the products that use a product."""
    return graph.users[graph.user_start[product] : graph.user_start[product + 1]]
