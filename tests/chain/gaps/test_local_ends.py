"""The ends of the chains of a place."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.chain.gaps.local_ends import final_products, final_values, needed_products
from gaoyuan.chain.product_graph import product_graph

SIZE = 8
EDGES = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), max_size=20)
MARKS = st.lists(st.booleans(), min_size=SIZE, max_size=SIZE)


def _needs(edges):
    """For each product all that it needs, at any level."""
    needs = {one: {other for own, other in edges if own == one and other != one} for one in range(SIZE)}
    for _ in range(SIZE):
        needs = {one: others.union(*(needs[other] for other in others)) for one, others in needs.items()}
    return needs


def _graph(edges):
    return product_graph(SIZE, [one for one, _ in edges], [other for _, other in edges])


@given(EDGES, MARKS)
def test_a_final_product_is_needed_by_no_other_local_one_but_those_of_its_own_loop(edges, local):
    needs = _needs(edges)
    expected = [
        one
        for one in range(SIZE)
        if local[one]
        and not any(
            local[user] and one in needs[user] and user not in needs[one] for user in range(SIZE) if user != one
        )
    ]
    assert final_products(_graph(edges), local).tolist() == expected


@given(EDGES, MARKS)
def test_all_that_local_products_need_is_needed_by_the_final_ones(edges, local):
    graph, needs = _graph(edges), _needs(edges)
    found = needed_products(graph, final_products(graph, local))
    # What is needed by a loop of final products is not told from what they need of themselves.
    assert set(np.flatnonzero(found)) == set().union(*(needs[one] for one in range(SIZE) if local[one]))


def test_without_local_products_nothing_is_final_and_nothing_needed():
    graph = _graph([(0, 1)])
    assert final_products(graph, [False] * SIZE).tolist() == []
    assert not needed_products(graph, []).any()
    assert final_values([], np.full(SIZE, np.nan))[0].tolist() == [0.0] * SIZE


def test_an_unknown_output_counts_as_the_median_of_the_known_ones():
    values, guessed = final_values([0, 1, 2, 3], np.array([10.0, np.nan, 30.0, 20.0, 99.0]))
    assert (values.tolist(), guessed) == ([10.0, 20.0, 30.0, 20.0, 0.0], True)
    assert final_values([0], np.array([10.0, np.nan]))[1] is False


def test_where_no_output_is_known_final_products_count_alike():
    assert final_values([0, 2], np.array([np.nan, 5.0, 0.0]))[0].tolist() == [1.0, 0.0, 1.0]
