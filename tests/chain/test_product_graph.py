"""The graph of products."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.chain.product_graph import ESSENTIAL, UNKNOWN, levels, product_graph, split_shares
from gaoyuan.errors import InputError

EDGES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=40)


def test_inputs_and_users_are_the_same_edges_from_both_sides():
    graph = product_graph(4, [2, 0, 0, 1], [3, 2, 1, 3], share=[0.2, 0.4, 0.6, 1.0])
    assert graph.inputs.tolist() == [1, 2, 3, 3]
    assert graph.share.tolist() == [0.6, 0.4, 1.0, 0.2]
    assert graph.users.tolist() == [0, 0, 1, 2]
    assert graph.of_edges()[graph.user_edge].tolist() == graph.users.tolist()
    assert (graph.products, graph.edges) == (4, 4)


def test_a_product_that_needs_itself_is_left_out():
    assert product_graph(2, [0, 0], [0, 1]).inputs.tolist() == [1]


def test_a_pair_that_stands_twice_is_taken_once_with_its_sum():
    graph = product_graph(2, [0, 0], [1, 1], share=[0.2, 0.3], quantity=[1.0, np.nan], essential=[UNKNOWN, ESSENTIAL])
    assert graph.share.tolist() == [0.5]
    assert np.isnan(graph.quantity).tolist() == [True]
    assert graph.essential.tolist() == [ESSENTIAL]


def test_a_graph_without_uses_has_no_edges():
    graph = product_graph(3, [], [])
    assert (graph.products, graph.edges) == (3, 0)
    assert levels(graph, 1, "up", 5)[0].tolist() == [1]


def test_a_graph_without_products_is_empty():
    assert product_graph(0, [], []).products == 0


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"product": [3], "needed": [0]}, "3 is no product"),
        ({"product": [0], "needed": [-1]}, "-1 is no product"),
        ({"product": [0], "needed": [1], "share": [0.1, 0.2]}, "2 values for 1 uses"),
        ({"product": [0], "needed": [1], "share": [-0.1]}, "-0.1 cannot be"),
        ({"product": [0], "needed": [1], "quantity": [np.inf]}, "inf cannot be"),
    ],
)
def test_columns_that_cannot_be_are_refused(columns, said):
    with pytest.raises(InputError, match=said):
        product_graph(3, **columns)


@given(EDGES, st.integers(0, 8), st.integers(0, 5), st.sampled_from(["up", "down"]))
def test_levels_are_the_shortest_ways(edges, product, depth, direction):
    graph = product_graph(9, [one for one, _ in edges], [other for _, other in edges])
    found, steps = levels(graph, product, direction, depth)
    way = {product: 0}
    for step in range(1, depth + 1):
        for one, other in edges:
            start, end = (one, other) if direction == "up" else (other, one)
            if way.get(start) == step - 1 and end not in way:
                way[end] = step
    expected = sorted(way.items(), key=lambda item: (item[1], item[0]))
    assert list(zip(found.tolist(), steps.tolist(), strict=True)) == expected


@given(EDGES, st.randoms(use_true_random=False))
def test_the_graph_does_not_depend_on_the_order_of_the_uses(edges, order):
    mixed = list(edges)
    order.shuffle(mixed)
    one, other = (product_graph(9, [a for a, _ in rows], [b for _, b in rows]) for rows in (edges, mixed))
    assert one.inputs.tolist() == other.inputs.tolist()
    assert one.users.tolist() == other.users.tolist()


def test_what_known_shares_leave_is_split_evenly_over_the_others():
    graph = product_graph(4, [0, 0, 0], [1, 2, 3], share=[0.4, np.nan, np.nan])
    share, estimated = split_shares(graph)
    assert share.tolist() == pytest.approx([0.4, 0.3, 0.3])
    assert estimated.tolist() == pytest.approx([0.6, 0, 0, 0])


def test_known_shares_above_one_are_scaled_and_unknown_ones_get_nothing():
    share, estimated = split_shares(product_graph(3, [0, 0], [1, 2], share=[2.0, np.nan]))
    assert share.tolist() == [1.0, 0.0]
    assert estimated.tolist() == [0, 0, 0]


def test_known_shares_below_one_stay():
    assert split_shares(product_graph(3, [0, 0], [1, 2], share=[0.2, 0.3]))[0].tolist() == [0.2, 0.3]


@given(st.lists(st.one_of(st.none(), st.floats(0, 3)), min_size=1, max_size=6))
def test_the_shares_of_a_product_never_sum_to_more_than_one(shares):
    given_shares = [np.nan if one is None else one for one in shares]
    inputs = list(range(1, len(shares) + 1))
    split, _ = split_shares(product_graph(7, [0] * len(shares), inputs, share=given_shares))
    assert (split >= 0).all()
    assert split.sum() <= 1 + 1e-9
    if None in shares:
        assert split.sum() == pytest.approx(1.0)
