"""The atlas of a product: what it needs and what needs it, level by level, with the firms that make each."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.chain.atlas.link_state import STATES, StateRule, highest_local_share, link_states
from gaoyuan.chain.atlas.taking import count_regions, edges_within, take_columns, take_makers
from gaoyuan.chain.known_chain import Chain
from gaoyuan.chain.makers import LOCAL, OUTSIDE, UNKNOWN_PLACE
from gaoyuan.chain.product_graph import levels
from gaoyuan.errors import InputError

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_Number = TypeVar("_Number", np.int32, np.int64, np.float64)

DEFAULT_LEVELS = 5
DEFAULT_FIRMS = 10
_STATES = pa.array(STATES)
_PLACES = pa.array(["unknown", "outside", "local"])
_CODED = pa.dictionary(pa.int32(), pa.large_string())
_MADE = pa.schema([(name, pa.float64()) for name in ("capacity", "output_yuan", "national_share")])


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

    `texts` are the different texts of each text column. `cells` is k × (text columns + 1): the position of each text,
    −1 where unknown, and the place + 1. `figures` is k × number columns, whose names are `numbers`, NaN where unknown.
    Columns of which nothing at all is known are not among them. `seats` is k × 2: the firm, and twice the position of
    its division in `divisions`, the last of which is null for unknown, and 1 more for a local firm.
    """

    texts: Mapping[str, pa.Array]
    cells: Ints
    numbers: tuple[str, ...]
    figures: Floats
    divisions: pa.Array
    seats: Ints


@dataclass(frozen=True, slots=True)
class AtlasIndex:
    """A chain made ready for questions: the figures of every product, computed once.

    `states` (n) are positions in `STATES`. `figures` is n × 9, NaN where not known: local, outside, unknown and
    possible firms, local output, national share, lowest and highest local supply, imported share.
    """

    chain: Chain
    states: npt.NDArray[np.int8]
    figures: Floats
    product_texts: Mapping[str, pa.Array]
    maker_rows: MakerRows


_COUNTS = ("local_firms", "outside_firms", "unknown_firms", "possible_firms")
_FIGURES = ("local_output_yuan", "national_share", "local_supply_low", "local_supply_high", "imported_share")
_PRODUCT_TEXTS = ("product", "product_name", "chain", "industry")


def atlas_index(chain: Chain, rule: StateRule | None = None) -> AtlasIndex:
    """Make a chain ready for `atlas`."""
    held, bought = chain.makers, chain.purchases
    known = bought.total_yuan > 0
    figures = [
        *(held.count(place) for place in (LOCAL, OUTSIDE, UNKNOWN_PLACE)),
        np.where(chain.industry_firms >= 0, chain.industry_firms - chain.asked_firms, np.nan),
        held.local_sum(held.output_yuan),
        np.minimum(1.0, held.local_sum(held.national_share)),
        np.where(known, np.minimum(1.0, bought.local_yuan / np.where(known, bought.total_yuan, 1.0)), np.nan),
        highest_local_share(chain),
        _one_piece(chain.products["imported_share"]).to_numpy(zero_copy_only=False).astype(np.float64),
    ]
    return AtlasIndex(
        chain,
        link_states(chain, rule),
        np.stack(figures, axis=1, dtype=np.float64),
        {name: _one_piece(chain.products[name]) for name in _PRODUCT_TEXTS},
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
        elif column.null_count < len(column):
            encoded = column.dictionary_encode()
            texts[name] = encoded.dictionary
            cells.append(pc.fill_null(encoded.indices, -1).to_numpy().astype(np.int32)[held.firm])
    numbers |= {"capacity": held.capacity, "output_yuan": held.output_yuan, "national_share": held.national_share}
    numbers = {name: values for name, values in numbers.items() if not np.isnan(values).all()}
    encoded = _one_piece(firms["division"]).dictionary_encode()
    division = pc.fill_null(encoded.indices, len(encoded.dictionary)).to_numpy()[held.firm]
    place = held.place[held.firm]
    return MakerRows(
        texts,
        np.stack([*cells, place.astype(np.int32) + np.int32(1)], axis=1),
        tuple(numbers),
        np.stack(list(numbers.values()), axis=1) if numbers else np.empty((place.size, 0)),
        pa.concat_arrays([encoded.dictionary, pa.nulls(1, encoded.dictionary.type)]),
        np.stack([held.firm, 2 * division + (place == LOCAL)], axis=1, dtype=np.int32, casting="same_kind"),
    )


def _coded(positions: Ints, texts: pa.Array) -> pa.DictionaryArray:
    """Give texts by their positions, null where that is below 0."""
    return pa.DictionaryArray.from_arrays(_nullable(positions, positions < 0), texts, safe=False)


def _nullable(values: Ints | Floats, unknown: npt.NDArray[np.bool_]) -> pa.Array:
    """Give values (n) as an Arrow array over the same memory, null where unknown."""
    known = pa.py_buffer(np.packbits(~unknown, bitorder="little")) if unknown.any() else None
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), values.size, [known, pa.py_buffer(values)])


def _numbers(values: Floats) -> pa.Array:
    """Give numbers (n), null where they are not known (NaN)."""
    return _nullable(values, np.isnan(values))


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
    # Whole numbers that hold several things sort many times faster than columns: first by product, within one the
    # nearer side before the other and upstream before downstream, then by level.
    ways = [np.int64(above) << 32 | up << 1, np.int64(below[1:]) << 32 | down[1:] << 1 | 1]
    way = np.sort(np.concatenate(ways))
    product = way >> 32
    first = np.flatnonzero(np.diff(product, prepend=-1))
    loop = np.diff(first, append=way.size) > 1
    steps = (way[first] & 0xFFFFFFFF) >> 1
    level = np.where(way[first] & 1, steps, -steps)
    shown = np.sort(level << 32 | product[first] << 1 | loop)
    return (shown >> 1 & 0x7FFFFFFF).astype(np.int32), (shown >> 32).astype(np.int32), (shown & 1).astype(np.bool_)


def _nodes(index: AtlasIndex, found: Ints, level: Ints, loop: npt.NDArray[np.bool_]) -> pa.Table:
    at = pa.array(found)
    figures = take_columns(index.figures, found)
    columns = {name: texts.take(at) for name, texts in index.product_texts.items()}
    columns |= {
        "level": pa.array(level.astype(np.int64)),
        "loop": pa.array(loop),
        "state": _STATES.take(pa.array(index.states[found])),
    }
    columns |= {name: _numbers(values) for name, values in zip((*_COUNTS, *_FIGURES), figures, strict=True)}
    columns |= {name: columns[name].cast(pa.int64()) for name in _COUNTS}
    return pa.table(columns)


def _links(index: AtlasIndex, found: Ints) -> pa.Table:
    graph = index.chain.graph
    edges, own = edges_within(graph.input_start, graph.inputs, found)
    ids = index.product_texts["product"]
    marks = graph.essential[edges]
    return pa.table(
        {
            "product": _coded(own, ids),
            "input": _coded(graph.inputs[edges], ids),
            "share": _numbers(graph.share[edges]),
            "quantity": _numbers(graph.quantity[edges]),
            "essential": pa.array(marks == 1, mask=marks < 0),
        }
    )


def _firms(index: AtlasIndex, found: Ints, most: int) -> pa.Table:
    own, start = index.maker_rows, index.chain.makers.start
    count = int(np.minimum(start[found + 1] - start[found], most).sum())
    product, rank = _room((count,), np.int32), _room((count,), np.int64)
    cells, figures = _room((own.cells.shape[1], count), np.int32), _room((own.figures.shape[1], count), np.float64)
    take_makers(start, own.cells, own.figures, found, np.int64(most), product, rank, cells, figures)
    columns: dict[str, pa.Array] = {
        "product": _coded(product, index.product_texts["product"]),
        "rank": pa.array(rank),
        "place_kind": _coded(cells[-1], _PLACES),
    }
    about = {name: _coded(positions, known) for (name, known), positions in zip(own.texts.items(), cells, strict=False)}
    about |= {name: _numbers(values) for name, values in zip(own.numbers, figures, strict=True)}
    unknown = {
        field.name: pa.nulls(count, field.type if pa.types.is_floating(field.type) else _CODED)
        for field in (*index.chain.firms.schema, *_MADE)
    }
    return pa.table(columns | unknown | about)


def _room(shape: tuple[int, ...], dtype: type[_Number]) -> npt.NDArray[_Number]:
    """Give room for numbers, in memory that Arrow keeps between questions: new pages cost as much as filling them."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    return np.frombuffer(pa.allocate_buffer(size), dtype).reshape(shape)


def _regions(index: AtlasIndex, found: Ints) -> pa.Table:
    held, own = index.chain.makers, index.maker_rows
    firms, local, products = count_regions(
        held.start, own.seats, np.int64(held.place.size), np.int64(len(own.divisions)), found
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
