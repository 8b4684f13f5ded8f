"""The levels of a product's chain."""

from __future__ import annotations

from gaoyuan.portal.chains.walking import walk

CHAIN = {
    "product": ["car", "axle", "steel", "scrap", "train"],
    "product_name": ["car", "axle", "steel", "scrap", "train"],
    # steel is made of scrap and, in a loop, of cars
    "links": {"of": [0, 1, 2, 2, 4], "input": [1, 2, 3, 0, 1]},
}


def levels(product: str, within: int = 5) -> dict[str, int]:
    return {node.figures["product"]: node.level for node in walk(CHAIN, product, within) or []}


def test_inputs_stand_below_and_users_above():
    assert levels("axle") == {"scrap": -2, "steel": -1, "axle": 0, "car": -2, "train": 1} | {"car": 1}


def test_a_product_on_both_sides_stands_on_the_nearer_one():
    assert levels("steel")["car"] == -1


def test_levels_end_where_asked():
    assert levels("axle", 1) == {"steel": -1, "axle": 0, "car": 1, "train": 1}


def test_a_node_names_what_it_goes_into_on_the_next_level():
    (axle,) = [node for node in walk(CHAIN, "car") or [] if node.figures["product"] == "axle"]
    assert (axle.feeds, axle.feeds_to) == (("car",), ("car",))


def test_a_product_that_the_chain_has_not_is_told():
    assert walk(CHAIN, "ship") is None
