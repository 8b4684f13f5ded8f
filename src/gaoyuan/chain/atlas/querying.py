"""The atlas of a product: what it needs and what needs it, level by level, with the firms that make each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numba as nb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.chain.atlas.link_state import STATES, StateRule, highest_local_share, link_states
from gaoyuan.chain.known_chain import Chain
from gaoyuan.chain.makers import LOCAL, OUTSIDE, UNKNOWN_PLACE
from gaoyuan.chain.product_graph import levels
from gaoyuan.errors import InputError

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

DEFAULT_LEVELS = 5
DEFAULT_FIRMS = 10
_PLACES = pa.array(["unknown", "outside", "local"])


@dataclass(frozen=True, slots=True)
class Atlas:
    """What a product needs and what needs it, as tables.

    `nodes`: product, product_name, chain, industry, level (0 the product, −1 … its inputs, 1 … its users), loop (it is
    both an input and a user), state, local_firms, outside_firms, unknown_firms (makers of which it is not known where
    they are), possible_firms (local firms of the industry that nobody asked, null where the industry is unknown),
    local_output_yuan, national_share (of the local makers, as far as known), local_supply_low and local_supply_high
    (share of local purchases that is local), imported_share.
    `links`: product, input, share, quantity, essential. `firms`: product, rank, place_kind (local, outside, unknown),
    and the columns of `Chain.firms` with capacity, output_yuan, national_share; the largest of each product.
    Texts of `links` and `firms` are Arrow dictionaries; `to_pylist` gives them as text.
    `regions`: division (null where unknown), firms (makers of any of the products, each once), local_firms, products
    (how many of the products are made there); of all makers, the most firms first. Titles are those held on `as_of`.
    """

    product: str
    product_name: str
    as_of: dt.date
    nodes: pa.Table
    links: pa.Table
    firms: pa.Table
    regions: pa.Table


@dataclass(frozen=True, slots=True)
class MakerRows:
    """What is known of each maker of each product (k rows, as in `Makers`), put so that the rows of a product lie
    together in memory and taking them copies no text.

    `texts` are the different texts of each text column. `cells` is k × (text columns + 1 + 2 × number columns): the
    position of each text, −1 where unknown; the place + 1; and the numbers, each in the bits of two cells. `division`
    (k) is the position of the division in `divisions`, the last of which is null, for unknown.
    """

    texts: Mapping[str, pa.Array]
    numbers: tuple[str, ...]
    cells: Ints
    divisions: pa.Array
    division: Ints


@dataclass(frozen=True, slots=True)
class AtlasIndex:
    """A chain made ready for questions: the figures of every product (n), computed once."""

    chain: Chain
    states: npt.NDArray[np.int8]
    local_firms: Longs
    outside_firms: Longs
    unknown_firms: Longs
    local_output_yuan: Floats
    national_share: Floats
    supply_low: Floats
    supply_high: Floats
    product_columns: Mapping[str, pa.Array]
    maker_rows: MakerRows


def atlas_index(chain: Chain, rule: StateRule | None = None) -> AtlasIndex:
    """Make a chain ready for `atlas`."""
    held, bought = chain.makers, chain.purchases
    known = bought.total_yuan > 0
    low = np.where(known, np.minimum(1.0, bought.local_yuan / np.where(known, bought.total_yuan, 1.0)), np.nan)
    return AtlasIndex(
        chain,
        link_states(chain, rule),
        held.count(LOCAL),
        held.count(OUTSIDE),
        held.count(UNKNOWN_PLACE),
        held.local_sum(held.output_yuan),
        np.minimum(1.0, held.local_sum(held.national_share)),
        low,
        highest_local_share(chain),
        {name: _one_piece(chain.products[name]) for name in chain.products.column_names},
        _maker_rows(chain),
    )


def _maker_rows(chain: Chain) -> MakerRows:
    held, firms = chain.makers, chain.firms
    texts: dict[str, pa.Array] = {}
    cells: list[Ints] = []
    numbers: dict[str, Floats] = {}
    for name in firms.column_names:
        column = _one_piece(firms[name])
        if pa.types.is_floating(column.type):
            numbers[name] = column.to_numpy(zero_copy_only=False).astype(np.float64)[held.firm]
        else:
            encoded = column.dictionary_encode()
            texts[name] = encoded.dictionary
            cells.append(pc.fill_null(encoded.indices, -1).to_numpy().astype(np.int32)[held.firm])
    numbers |= {"capacity": held.capacity, "output_yuan": held.output_yuan, "national_share": held.national_share}
    place = held.place[held.firm].astype(np.int32) + np.int32(1)
    halves = [np.ascontiguousarray(values)[:, None].view(np.int32) for values in numbers.values()]
    division, divisions = cells[list(texts).index("division")], texts["division"]
    return MakerRows(
        texts,
        tuple(numbers),
        np.concatenate([np.stack([*cells, place], axis=1), *halves], axis=1),
        pa.concat_arrays([divisions, pa.nulls(1, divisions.type)]),
        np.where(division < 0, len(divisions), division).astype(np.int32),
    )


def _coded(positions: Ints, texts: pa.Array) -> pa.DictionaryArray:
    """Give texts by their positions, null where that is below 0."""
    unknown = positions < 0
    indices = pa.array(positions, mask=unknown) if unknown.any() else pa.array(positions)
    return pa.DictionaryArray.from_arrays(indices, texts, safe=False)


def _one_piece(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays([pa.array([], column.type), *column.chunks])


def atlas(
    index: AtlasIndex,
    product: str,
    *,
    upstream: int = DEFAULT_LEVELS,
    downstream: int = DEFAULT_LEVELS,
    firms: int = DEFAULT_FIRMS,
) -> Atlas:
    """Give what a product needs within `upstream` levels and what needs it within `downstream`, and of each up to
    `firms` makers, local ones before others, the largest first.

    A product that is both upstream and downstream stands on the nearer side, upstream where both are as near. Raises
    NotFound for a product that is not known, InputError for a negative number of levels or firms.
    """
    for name, value in (("upstream", upstream), ("downstream", downstream), ("firms", firms)):
        if value < 0:
            raise InputError(f"{name} is {value}", mend="Give 0 or more.")
    chain = index.chain
    number = chain.number(product)
    found, level, loop = _both_ways(chain, number, upstream, downstream)
    return Atlas(
        product=str(chain.products["product"][number].as_py()),
        product_name=chain.name(number),
        as_of=chain.as_of,
        nodes=_nodes(index, found, level, loop),
        links=_links(index, found),
        firms=_firms(index, found, firms),
        regions=_regions(index, found),
    )


def every_product(index: AtlasIndex, *, firms: int = DEFAULT_FIRMS) -> Atlas:
    """Give all products of the chain at once, each at level 0, with all links and up to `firms` makers of each: what a
    page is made from that walks the levels itself. The atlas is of no product: its `product` is empty.
    """
    found: Ints = np.arange(len(index.chain.products), dtype=np.int32)
    return Atlas(
        product="",
        product_name="",
        as_of=index.chain.as_of,
        nodes=_nodes(index, found, np.zeros_like(found), np.zeros(found.size, dtype=np.bool_)),
        links=_links(index, found),
        firms=_firms(index, found, firms),
        regions=_regions(index, found),
    )


def _both_ways(chain: Chain, number: int, upstream: int, downstream: int) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
    """Give the products, ordered by level and name, their levels, and which are on both sides."""
    above, up = levels(chain.graph, number, "up", upstream)
    below, down = levels(chain.graph, number, "down", downstream)
    found = np.concatenate([above, below[1:]])
    level = np.concatenate([-up, down[1:]])
    # The nearer side comes first, upstream before downstream.
    order = np.lexsort((level, np.abs(level), found))
    first = np.flatnonzero(np.diff(found[order], prepend=-1))
    times = np.diff(np.append(first, found.size))
    found, level = found[order][first], level[order][first]
    shown = np.lexsort((found, level))
    return found[shown], level[shown], (times > 1)[shown]


def _nodes(index: AtlasIndex, found: Ints, level: Ints, loop: npt.NDArray[np.bool_]) -> pa.Table:
    chain, at = index.chain, pa.array(found)
    own = index.product_columns
    asked = chain.industry_firms >= 0
    columns = {name: own[name].take(at) for name in ("product", "product_name", "chain", "industry")}
    columns |= {
        "level": pa.array(level.astype(np.int64)),
        "loop": pa.array(loop),
        "state": pa.array(STATES).take(pa.array(index.states[found])),
        "local_firms": pa.array(index.local_firms[found]),
        "outside_firms": pa.array(index.outside_firms[found]),
        "unknown_firms": pa.array(index.unknown_firms[found]),
        "possible_firms": pa.array((chain.industry_firms - chain.asked_firms)[found], mask=~asked[found]),
    }
    for name, values in (
        ("local_output_yuan", index.local_output_yuan),
        ("national_share", index.national_share),
        ("local_supply_low", index.supply_low),
        ("local_supply_high", index.supply_high),
    ):
        columns[name] = pa.array(values[found], from_pandas=True)
    columns["imported_share"] = own["imported_share"].take(at)
    return pa.table(columns)


def _links(index: AtlasIndex, found: Ints) -> pa.Table:
    graph = index.chain.graph
    edges, own = _edges_within(graph.input_start, graph.inputs, found)
    ids = index.product_columns["product"]
    marks = graph.essential[edges]
    return pa.table(
        {
            "product": _coded(own, ids),
            "input": _coded(graph.inputs[edges], ids),
            "share": pa.array(graph.share[edges], from_pandas=True),
            "quantity": pa.array(graph.quantity[edges], from_pandas=True),
            "essential": pa.array(marks == 1, mask=marks < 0),
        }
    )


def _firms(index: AtlasIndex, found: Ints, most: int) -> pa.Table:
    own = index.maker_rows
    texts = len(own.texts)
    product, rank, cells, numbers = _largest_makers(
        index.chain.makers.start, own.cells, np.int64(texts + 1), found, np.int64(most)
    )
    columns: dict[str, pa.Array] = {
        "product": _coded(product, index.product_columns["product"]),
        "rank": pa.array(rank),
        "place_kind": _coded(cells[texts], _PLACES),
    }
    about = {name: _coded(cells[at], known) for at, (name, known) in enumerate(own.texts.items())}
    about |= {name: pa.array(numbers[at], from_pandas=True) for at, name in enumerate(own.numbers)}
    columns |= {name: about.pop(name) for name in index.chain.firms.column_names}
    return pa.table(columns | about)


def _regions(index: AtlasIndex, found: Ints) -> pa.Table:
    held, own = index.chain.makers, index.maker_rows
    firms, local, products = _count_regions(
        held.start, held.firm, held.place, own.division, np.int64(len(own.divisions)), found
    )
    there = np.flatnonzero(firms)
    there = there[np.argsort(-firms[there], kind="stable")]
    return pa.table(
        {
            "division": own.divisions.take(pa.array(there)),
            "firms": pa.array(firms[there]),
            "local_firms": pa.array(local[there]),
            "products": pa.array(products[there]),
        }
    )


@nb.njit(cache=True)
def _largest_makers(
    start: Longs, cells: Ints, whole: np.int64, found: Ints, most: np.int64
) -> tuple[Ints, Longs, Ints, Floats]:
    """Give the first `most` makers of each product: product, rank, and a row for each column of `cells`, of which the
    first `whole` are whole numbers, the others halves of numbers.
    """
    count = 0
    for product in found:
        count += min(start[product + 1] - start[product], most)
    of_product, rank = np.empty(count, np.int32), np.empty(count, np.int64)
    texts = np.empty((whole, count), np.int32)
    halves = np.empty(((cells.shape[1] - whole) // 2, 2 * count), np.int32)
    at = 0
    for product in found:
        first = start[product]
        for row in range(first, min(start[product + 1], first + most)):
            of_product[at], rank[at] = product, row - first + 1
            for column in range(whole):
                texts[column, at] = cells[row, column]
            for column in range(halves.shape[0]):
                halves[column, 2 * at] = cells[row, whole + 2 * column]
                halves[column, 2 * at + 1] = cells[row, whole + 2 * column + 1]
            at += 1
    return of_product, rank, texts, halves.view(np.float64)


@nb.njit(cache=True)
def _count_regions(
    start: Longs, firm: Ints, place: npt.NDArray[np.int8], division_of: Ints, divisions: np.int64, found: Ints
) -> tuple[Longs, Longs, Longs]:
    """Count by division the makers of the products found, the local ones, and the products made there."""
    seen = np.zeros(place.size, dtype=np.uint8)
    last = np.full(divisions, -1, dtype=np.int64)
    firms, local, products = np.zeros(divisions, np.int64), np.zeros(divisions, np.int64), np.zeros(divisions, np.int64)
    for product in found:
        for row in range(start[product], start[product + 1]):
            own = firm[row]
            division = division_of[row]
            if not seen[own]:
                seen[own] = 1
                firms[division] += 1
                local[division] += place[own] == 1
            if last[division] != product:
                last[division] = product
                products[division] += 1
    return firms, local, products


@nb.njit(cache=True)
def _edges_within(start: Longs, inputs: Ints, found: Ints) -> tuple[Longs, Ints]:
    """Give the edges of which both ends are among the products found, and the product of each."""
    inside = np.zeros(start.size - 1, dtype=np.uint8)
    most = 0
    for product in found:
        inside[product] = 1
        most += start[product + 1] - start[product]
    edges, own = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int32)
    at = 0
    for product in found:
        for edge in range(start[product], start[product + 1]):
            if inside[inputs[edge]]:
                edges[at], own[at] = edge, product
                at += 1
    return edges[:at], own[:at]
