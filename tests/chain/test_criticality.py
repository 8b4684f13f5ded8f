"""Dominators, the value carried, and what needs what, against brute force over all products."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.chain.criticality import (
    ROOT,
    UNREACHED,
    carried_value,
    dominated,
    dominators_of,
    immediate_dominators,
    needed_by,
)
from gaoyuan.chain.product_graph import product_graph
from gaoyuan.errors import InputError

SIZE = 9
EDGES = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), max_size=26)
MARKS = st.lists(st.booleans(), min_size=SIZE, max_size=SIZE)


def _graph(edges, size=SIZE):
    return product_graph(size, [one for one, _ in edges], [other for _, other in edges])


def _reached(begins, steps, without=None):
    found, todo = set(), [one for one in begins if one != without]
    while todo:
        at = todo.pop()
        if at not in found:
            found.add(at)
            todo += [end for start, end in steps if start == at and end != without]
    return found


def _passed(begins, steps):
    """For each product that a path reaches, the others without which none does."""
    whole = _reached(begins, steps)
    lost = {one: whole - _reached(begins, steps, one) for one in whole}
    return {one: {other for other in whole if other != one and one in lost[other]} for one in whole}


def _check(found, passed):
    for product in range(found.size):
        if product not in passed:
            assert found[product] == UNREACHED
            continue
        chain = dominators_of(found, product)
        assert set(chain) == passed[product]
        assert len(chain) == len(set(chain))
        # The nearest first: each is passed on the way to the one before.
        assert all(later in passed[earlier] for earlier, later in pairwise(chain))
    counts = [sum(one in others for others in passed.values()) for one in range(found.size)]
    assert dominated(found).tolist() == counts


@given(EDGES)
def test_dominators_from_raw_material_are_what_every_path_passes(edges):
    edges = [(one, other) for one, other in edges if one != other]
    raw = set(range(SIZE)) - {one for one, _ in edges}
    _check(immediate_dominators(_graph(edges)), _passed(raw, [(other, one) for one, other in edges]))


@given(EDGES, st.sets(st.integers(0, SIZE - 1), min_size=1, max_size=3))
def test_dominators_to_final_products_are_what_every_path_passes(edges, final):
    edges = [(one, other) for one, other in edges if one != other]
    _check(immediate_dominators(_graph(edges), sorted(final)), _passed(final, edges))


def test_a_long_chain_is_walked_without_recursion():
    size = 50_000
    graph = product_graph(size, np.arange(size - 1), np.arange(1, size))
    assert immediate_dominators(graph, [0])[1:].tolist() == list(range(size - 1))
    assert dominated(immediate_dominators(graph, [0]))[0] == size - 1


def test_what_hangs_on_a_closed_loop_alone_is_not_reached_from_raw_material():
    found = immediate_dominators(_graph([(0, 1), (1, 0), (2, 1), (3, 4)], 5))
    assert found.tolist() == [UNREACHED, UNREACHED, UNREACHED, 4, ROOT]


def test_without_final_products_nothing_is_reached():
    assert immediate_dominators(_graph([(0, 1)]), []).tolist() == [UNREACHED] * SIZE


def test_an_empty_graph_has_no_dominators():
    found = immediate_dominators(product_graph(0, [], []))
    assert found.tolist() == dominated(found).tolist() == []


@pytest.mark.parametrize("number", [-1, SIZE])
def test_a_number_of_no_product_is_refused(number):
    with pytest.raises(InputError, match="none of a product"):
        immediate_dominators(_graph([]), [number])


@given(EDGES, st.data())
def test_the_value_carried_solves_the_quantity_model(edges, data):
    # Shares that leave something, so that every loop loses value.
    pairs = sorted({(one, other) for one, other in edges if one != other})
    shares = [data.draw(st.floats(0, 0.9)) for _ in pairs]
    scale = {one: sum(s for (own, _), s in zip(pairs, shares, strict=True) if own == one) for one, _ in pairs}
    shares = [share / max(1.0, scale[one] / 0.9) for (one, _), share in zip(pairs, shares, strict=True)]
    final = np.array(data.draw(st.lists(st.floats(0, 1e9), min_size=SIZE, max_size=SIZE)))
    graph = product_graph(SIZE, [one for one, _ in pairs], [other for _, other in pairs], share=shares)
    matrix = np.zeros((SIZE, SIZE))
    for (one, other), share in zip(pairs, shares, strict=True):
        matrix[other, one] = share
    expected = np.linalg.solve(np.eye(SIZE) - matrix, final)
    assert carried_value(graph, final) == pytest.approx(expected, rel=1e-8, abs=1e-6)


def test_the_value_carried_follows_the_unit_of_money():
    graph = product_graph(3, [0, 0, 1], [1, 2, 2], share=[0.5, np.nan, 0.5])
    yuan, thousands = carried_value(graph, [1000.0, 0, 5.0]), carried_value(graph, [1.0, 0, 0.005])
    assert yuan == pytest.approx(1000 * thousands)


def test_without_final_products_nothing_is_carried():
    assert carried_value(_graph([(0, 1)]), np.zeros(SIZE)).tolist() == [0.0] * SIZE


def test_a_loop_that_keeps_all_of_its_value_is_refused():
    with pytest.raises(InputError, match="for ever"):
        carried_value(product_graph(2, [0, 1], [1, 0]), [1.0, 0.0])


def test_a_loop_that_no_value_reaches_does_no_harm():
    graph = product_graph(4, [0, 1, 2], [1, 0, 3], share=[1.0, 1.0, 0.5])
    assert carried_value(graph, [0, 0, 10.0, 0]).tolist() == [0, 0, 10.0, 5.0]


@pytest.mark.parametrize("final", [[1.0], [-1.0, 0.0], [np.nan, 0.0], [np.inf, 0.0]])
def test_values_that_cannot_be_are_refused(final):
    with pytest.raises(InputError, match="finite numbers of 0 or more"):
        carried_value(product_graph(2, [], []), final)


@given(EDGES, MARKS)
def test_a_product_is_needed_by_all_that_it_goes_into(edges, counted):
    steps = [(other, one) for one, other in edges if one != other]
    expected = [sum(counted[one] for one in _reached([product], steps) if one != product) for product in range(SIZE)]
    assert needed_by(_graph(edges), np.arange(SIZE), counted).tolist() == expected


def test_more_than_sixty_four_products_can_be_asked_for_at_once():
    size = 200
    graph = product_graph(size, np.arange(size - 1), np.arange(1, size))
    asked = np.arange(size)[::-1]
    assert needed_by(graph, asked, np.ones(size, dtype=bool)).tolist() == asked.tolist()
