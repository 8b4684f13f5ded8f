"""Taking rows of products out of large tables: what the loops give is what whole-array code gives."""

from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.chain.atlas.reading_ahead import ROWS_AHEAD
from gaoyuan.chain.atlas.taking import count_regions, edges_within, take_columns, take_makers

_PRODUCTS, _MAKERS, _FIRMS, _DIVISIONS = 60, 400, 90, 5


@pytest.fixture(scope="module")
def start() -> np.ndarray:
    made = np.sort(np.random.default_rng(1).integers(0, _PRODUCTS, _MAKERS))
    return np.searchsorted(made, np.arange(_PRODUCTS + 1)).astype(np.int64)


def _found(count: int) -> np.ndarray:
    return np.random.default_rng(2).permutation(_PRODUCTS)[:count].astype(np.int32)


@pytest.mark.parametrize("count", [0, 1, ROWS_AHEAD, ROWS_AHEAD + 1, _PRODUCTS])
def test_columns_are_those_of_the_products_in_their_order(count):
    figures, found = np.random.default_rng(3).random((_PRODUCTS, 4)), _found(count)
    assert np.array_equal(take_columns(figures, found), figures[found].T)


@pytest.mark.parametrize("count", [0, 1, ROWS_AHEAD, ROWS_AHEAD + 1, _PRODUCTS])
@pytest.mark.parametrize("most", [0, 1, 3, 1_000_000])
def test_makers_are_the_first_rows_of_each_product(start, count, most):
    random, found = np.random.default_rng(4), _found(count)
    cells = random.integers(-1, 9, (_MAKERS, 3)).astype(np.int32)
    figures = random.random((_MAKERS, 2))
    rows = [(p, row) for p in found.tolist() for row in range(start[p], min(start[p + 1], start[p] + most))]
    at = np.array([row for _, row in rows], dtype=np.int64)
    of_product, rank = np.empty(at.size, np.int32), np.empty(at.size, np.int64)
    cells_found, figures_found = np.empty((3, at.size), np.int32), np.empty((2, at.size))
    take_makers(start, cells, figures, found, np.int64(most), of_product, rank, cells_found, figures_found)
    assert of_product.tolist() == [product for product, _ in rows]
    assert rank.tolist() == [row - start[product] + 1 for product, row in rows]
    assert np.array_equal(cells_found, cells[at].T)
    assert np.array_equal(figures_found, figures[at].T)


@pytest.mark.parametrize("count", [0, 1, ROWS_AHEAD + 1, _PRODUCTS])
def test_regions_count_each_firm_once_and_each_product_once(start, count):
    random, found = np.random.default_rng(5), _found(count)
    home, local = random.integers(0, _DIVISIONS, _FIRMS), random.integers(0, 2, _FIRMS)
    firm = random.integers(0, _FIRMS, _MAKERS)
    seats = np.stack([firm, 2 * home[firm] + local[firm]], axis=1).astype(np.int32)
    firms, here, products = count_regions(start, seats, np.int64(_FIRMS), np.int64(_DIVISIONS), found)
    makers = {p: set(firm[start[p] : start[p + 1]].tolist()) for p in found.tolist()}
    each = sorted(set().union(*makers.values()))
    assert firms.tolist() == [sum(home[one] == division for one in each) for division in range(_DIVISIONS)]
    assert here.tolist() == [sum(home[one] == d and local[one] for one in each) for d in range(_DIVISIONS)]
    assert products.tolist() == [
        sum(any(home[one] == division for one in own) for own in makers.values()) for division in range(_DIVISIONS)
    ]


@pytest.mark.parametrize("count", [0, 1, ROWS_AHEAD + 1, _PRODUCTS])
def test_edges_have_both_ends_among_the_products(start, count):
    inputs, found = np.random.default_rng(6).integers(0, _PRODUCTS, _MAKERS).astype(np.int32), _found(count)
    edges, own = edges_within(start, inputs, found)
    inside = set(found.tolist())
    expected = [(p, e) for p in found.tolist() for e in range(start[p], start[p + 1]) if int(inputs[e]) in inside]
    assert list(zip(own.tolist(), edges.tolist(), strict=True)) == expected
