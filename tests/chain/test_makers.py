"""Who makes what."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.chain.makers import LOCAL, OUTSIDE, UNKNOWN_PLACE, makers

ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), max_size=30)


def test_local_makers_come_first_then_those_outside_then_those_nobody_can_place():
    held = makers(
        1, [0] * 5, [0, 1, 2, 3, 4], place=[UNKNOWN_PLACE, OUTSIDE, LOCAL, LOCAL, OUTSIDE], output_yuan=[9, 1, 1, 2, 3]
    )
    assert held.firm[held.of(0)].tolist() == [3, 2, 4, 1, 0]


def test_an_unknown_output_comes_after_all_known_ones():
    held = makers(1, [0, 0, 0], [0, 1, 2], place=[1, 1, 1], output_yuan=[np.nan, 0.0, 5.0])
    assert held.firm.tolist() == [2, 1, 0]


def test_a_firm_that_stands_twice_counts_once():
    held = makers(1, [0, 0], [0, 0], place=[LOCAL], output_yuan=[3.0, 4.0])
    assert held.count(LOCAL).tolist() == [1]
    assert held.output_yuan.tolist() == [3.0]


def test_a_row_without_a_known_product_makes_nothing():
    held = makers(2, [-1, 1], [0, 0], place=[LOCAL], output_yuan=[9.0, 5.0])
    assert held.count(LOCAL).tolist() == [0, 1]
    assert (held.firm.tolist(), held.output_yuan.tolist(), held.start.tolist()) == ([0], [5.0], [0, 0, 1])


def test_the_sum_over_local_makers_is_unknown_where_it_is_of_none():
    held = makers(3, [0, 0, 1, 2], [0, 1, 1, 0], place=[LOCAL, OUTSIDE], output_yuan=[5.0, 7.0, 7.0, np.nan])
    assert np.nan_to_num(held.local_sum(held.output_yuan), nan=-1).tolist() == [5.0, -1, -1]


def test_products_without_makers_have_none():
    held = makers(2, [], [], place=[])
    assert held.count(LOCAL).tolist() == [0, 0]
    assert held.firm[held.of(1)].tolist() == []


@given(ROWS, st.lists(st.sampled_from([LOCAL, OUTSIDE, UNKNOWN_PLACE]), min_size=6, max_size=6))
def test_counts_are_those_of_the_distinct_pairs(rows, place):
    held = makers(5, [product for product, _ in rows], [firm for _, firm in rows], place=place)
    for kind in (LOCAL, OUTSIDE, UNKNOWN_PLACE):
        pairs = {(product, firm) for product, firm in rows if place[firm] == kind}
        assert held.count(kind).tolist() == [sum(one == product for one, _ in pairs) for product in range(5)]
    assert [set(held.firm[held.of(product)].tolist()) for product in range(5)] == [
        {firm for one, firm in rows if one == product} for product in range(5)
    ]
