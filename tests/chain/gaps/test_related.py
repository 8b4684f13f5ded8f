"""Related products."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.chain.gaps.related import related_products, shared_links
from gaoyuan.chain.product_graph import product_graph

SIZE = 8
EDGES = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), max_size=24)


@given(EDGES, st.integers(0, SIZE - 1))
def test_products_are_related_by_the_share_of_their_links_that_both_have(edges, product):
    edges = {(one, other) for one, other in edges if one != other}
    links = [
        {("input", other) for one, other in edges if one == own}
        | {("user", one) for one, other in edges if other == own}
        for own in range(SIZE)
    ]
    graph = product_graph(SIZE, [one for one, _ in edges], [other for _, other in edges])
    found, share = related_products(graph, product)
    expected = {
        other: len(links[product] & links[other]) / len(links[product] | links[other])
        for other in range(SIZE)
        if other != product and links[product] & links[other]
    }
    assert dict(zip(found.tolist(), share.tolist(), strict=True)) == pytest.approx(expected)
    assert (np.diff(found) > 0).all()
    for other in found.tolist():
        inputs, users, either = shared_links(graph, product, other)
        assert {("input", one) for one in inputs} | {("user", one) for one in users} == links[product] & links[other]
        assert either == len(links[product] | links[other])


def test_a_product_without_links_is_related_to_none():
    assert related_products(product_graph(2, [], []), 0)[0].tolist() == []
