"""The graph of products: which product needs which, compiled so that questions take milliseconds.

Products are numbered 0 … n−1. An edge is a product with one of its inputs; the edges of a product stand together, in
the order of the products (compressed rows), and a second index gives the edges by input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.errors import InputError

Ints: TypeAlias = npt.NDArray[np.int32]
Longs: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Direction: TypeAlias = Literal["up", "down"]

UNKNOWN, NOT_ESSENTIAL, ESSENTIAL = -1, 0, 1


@dataclass(frozen=True, slots=True)
class ProductGraph:
    """Products (n) and their uses (m edges).

    `input_start` (n+1) and `inputs` (m): the inputs of product p are `inputs[input_start[p]:input_start[p+1]]`; `share`
    (m) the share of the product's purchases (NaN unknown), `quantity` (m) units of input in a unit of product (NaN
    unknown), `essential` (m) 1, 0, or −1 where unknown. `user_start` (n+1), `users` (m), `user_edge` (m): the products
    that use product p, and which edge each is.
    """

    input_start: Longs
    inputs: Ints
    share: Floats
    quantity: Floats
    essential: npt.NDArray[np.int8]
    user_start: Longs
    users: Ints
    user_edge: Longs

    @property
    def products(self) -> int:
        """How many products there are."""
        return self.input_start.size - 1

    @property
    def edges(self) -> int:
        """How many uses there are."""
        return self.inputs.size

    def of_edges(self) -> Ints:
        """Give the product of each edge (m)."""
        return np.repeat(np.arange(self.products, dtype=np.int32), np.diff(self.input_start))


def product_graph(
    products: int,
    product: npt.ArrayLike,
    needed: npt.ArrayLike,
    share: npt.ArrayLike | None = None,
    quantity: npt.ArrayLike | None = None,
    essential: npt.ArrayLike | None = None,
) -> ProductGraph:
    """Compile the uses (m rows) of `products` products: `product[e]` needs `needed[e]`.

    A product that needs itself (a closed loop of scrap or seed) is left out, for it says nothing about others; a pair
    that stands twice is taken once, with the sum of its shares and quantities (unknown where one is unknown), and
    essential where one row says so. Raises InputError for numbers of products out of range, columns of different
    lengths, and shares or quantities that are negative or infinite.

    >>> graph = product_graph(3, [0, 1, 0], [1, 2, 2], share=[0.7, 1.0, 0.3])
    >>> graph.inputs.tolist(), graph.users.tolist()
    ([1, 2, 2], [0, 0, 1])
    """
    own, other = np.asarray(product, dtype=np.int64), np.asarray(needed, dtype=np.int64)
    count = own.size
    shares = _column(share, count, "share")
    quantities = _column(quantity, count, "quantity")
    marks = np.full(count, UNKNOWN, np.int8) if essential is None else np.asarray(essential, dtype=np.int8)
    for name, values in (("product", own), ("needed", other)):
        wrong = np.flatnonzero((values < 0) | (values >= products))
        if wrong.size:
            raise InputError(
                f"{int(values[wrong[0]])} is no product",
                where=f"{name}[{int(wrong[0])}]",
                mend=f"Products are numbered 0 to {products - 1}.",
            )
    if not own.size == other.size == marks.size:
        raise InputError("product, needed and essential differ in length", mend="Give one value per use.")
    kept = own != other
    own, other, shares, quantities, marks = own[kept], other[kept], shares[kept], quantities[kept], marks[kept]
    pair = own * products + other
    order = np.argsort(pair, kind="stable")
    first = np.flatnonzero(np.diff(pair[order], prepend=-1))
    if first.size:
        shares = np.add.reduceat(shares[order], first)
        quantities = np.add.reduceat(quantities[order], first)
        marks = np.maximum.reduceat(marks[order], first)
    own, other = own[order][first], other[order][first]
    by_input = np.argsort(other, kind="stable")
    return ProductGraph(
        input_start=_starts(own, products),
        inputs=other.astype(np.int32),
        share=shares,
        quantity=quantities,
        essential=marks,
        user_start=_starts(other[by_input], products),
        users=own[by_input].astype(np.int32),
        user_edge=by_input.astype(np.int64),
    )


def levels(graph: ProductGraph, product: int, direction: Direction, depth: int) -> tuple[Ints, Ints]:
    """Give the products within `depth` steps of a product, and how many steps each is away (k products, k steps).

    `up` goes to inputs, `down` to users. The product itself comes first, with 0; then the others by their distance,
    within one by their number. A product on several paths has the shortest one; loops end where they began.
    """
    start, next_of = (graph.input_start, graph.inputs) if direction == "up" else (graph.user_start, graph.users)
    found, steps = _breadth_first(start, next_of, np.int64(product), np.int64(depth))
    # One whole number for step and product sorts many times faster than the two.
    both = np.sort(steps.astype(np.int64) << 32 | found)
    return (both & 0x7FFFFFFF).astype(np.int32), (both >> 32).astype(np.int32)


def split_shares(graph: ProductGraph) -> tuple[Floats, Floats]:
    """Give the share of each edge (m) with the unknown ones estimated, and of each product (n) how much of its
    purchases is estimated.

    What the known shares of a product leave of 1 is split evenly over its inputs of unknown share; where the known ones
    are more than 1 (rounding, double entry) they are scaled to 1 and unknown ones get nothing. Known shares of less
    than 1 with none unknown stay: the rest is bought that the table does not name.
    """
    own = graph.of_edges()
    known = ~np.isnan(graph.share)
    total = np.bincount(own, np.where(known, graph.share, 0.0), graph.products)
    open_inputs = np.bincount(own, ~known, graph.products)
    scale = np.where(total > 1.0, 1.0 / np.maximum(total, 1.0), 1.0)
    rest = np.where(open_inputs > 0, np.maximum(0.0, 1.0 - total), 0.0)
    each = rest / np.maximum(open_inputs, 1)
    return np.where(known, graph.share * scale[own], each[own]), rest


def _column(values: npt.ArrayLike | None, count: int, name: str) -> Floats:
    if values is None:
        return np.full(count, np.nan)
    column = np.asarray(values, dtype=np.float64)
    if column.size != count:
        raise InputError(f"{name} has {column.size:,} values for {count:,} uses", mend="Give one per use.")
    wrong = np.flatnonzero((column < 0) | np.isinf(column))
    if wrong.size:
        raise InputError(
            f"{column[wrong[0]]} cannot be", where=f"{name}[{int(wrong[0])}]", mend="Give a number of 0 or more."
        )
    return column


def _starts(sorted_numbers: Longs, products: int) -> Longs:
    return np.searchsorted(sorted_numbers, np.arange(products + 1)).astype(np.int64)


@nb.njit(cache=True)
def _breadth_first(start: Longs, next_of: Ints, first: np.int64, depth: np.int64) -> tuple[Ints, Ints]:
    seen = np.zeros(start.size - 1, dtype=np.uint8)
    room = np.empty(start.size - 1, dtype=np.int32)
    steps = np.empty(start.size - 1, dtype=np.int32)
    room[0], steps[0], seen[first] = first, 0, 1
    count, at = 1, 0
    while at < count:
        own, step = room[at], steps[at]
        at += 1
        if step == depth:
            continue
        for edge in range(start[own], start[own + 1]):
            other = next_of[edge]
            if not seen[other]:
                seen[other] = 1
                room[count], steps[count] = other, step + 1
                count += 1
    return room[:count].copy(), steps[:count].copy()
