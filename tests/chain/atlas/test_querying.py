"""The atlas of a product: levels, states, makers and places, each on a chain that can be counted by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.chain.atlas import STATES, StateRule, atlas, atlas_index, link_states
from gaoyuan.chain.known_chain import read_chain
from gaoyuan.errors import InputError, NotFound


def _index(workspace, place="370211", rule=None):
    return atlas_index(read_chain(workspace, place), rule)


def _levels(found):
    return dict(zip(found.nodes["product"].to_pylist(), found.nodes["level"].to_pylist(), strict=True))


def _node(found, product):
    return next(row for row in found.nodes.to_pylist() if row["product"] == product)


def test_inputs_stand_below_and_users_above(chain_workspace):
    found = atlas(_index(chain_workspace), "支撑电容")
    assert _levels(found) == {"film": -1, "cap": 0, "conv": 1, "loco": 2}
    assert (found.product, found.product_name) == ("cap", "支撑电容")


def test_a_product_is_found_by_another_of_its_names(chain_workspace):
    assert atlas(_index(chain_workspace), "ｉｇｂｔ组件").product == "module"


def test_levels_are_as_many_as_asked_for(chain_workspace):
    index = _index(chain_workspace)
    assert _levels(atlas(index, "loco", upstream=1)) == {"loco": 0, "conv": -1, "bogie": -1}
    assert _levels(atlas(index, "conv", upstream=0, downstream=0)) == {"conv": 0}
    assert min(_levels(atlas(index, "loco")).values()) == -4


def test_links_are_those_between_the_products_shown(chain_workspace):
    found = atlas(_index(chain_workspace), "cap", downstream=1)
    links = {(row["product"], row["input"]): row["share"] for row in found.links.to_pylist()}
    assert links == {("cap", "film"): 0.6, ("conv", "cap"): 0.2}


def test_a_product_on_both_sides_stands_on_the_nearer_one(chain_workspace, put):
    loop = [*chain_workspace.read("uses").to_pylist(), {"product": "wafer", "input": "loco"}]
    found = atlas(_index(put(chain_workspace, uses=loop)), "loco", upstream=4, downstream=4)
    rows = {row["product"]: (row["level"], row["loop"]) for row in found.nodes.to_pylist()}
    assert rows["wafer"] == (1, True)
    assert rows["conv"] == (-1, True)
    assert rows["bogie"] == (-1, False)
    assert rows["loco"] == (0, False)


def test_a_node_counts_its_makers_by_place(chain_workspace):
    node = _node(atlas(_index(chain_workspace), "cap"), "cap")
    assert (node["local_firms"], node["outside_firms"], node["unknown_firms"]) == (0, 3, 1)
    # F9 has said what it makes, FB has not.
    assert node["possible_firms"] == 1
    assert node["local_output_yuan"] is None


def test_states_are_those_of_the_rule(chain_workspace):
    rule = StateRule(few_makers=2)
    chain = read_chain(chain_workspace, "370211")
    found = atlas(atlas_index(chain, rule), "loco")
    states = [STATES[state] for state in link_states(chain, rule)]
    expected = dict(zip(chain.products["product"].to_pylist(), states, strict=True))
    assert {row["product"]: row["state"] for row in found.nodes.to_pylist()} == {
        product: expected[product] for product in _levels(found)
    }


def test_local_makers_come_first_and_the_largest_of_them(chain_workspace):
    found = atlas(_index(chain_workspace, "370102"), "cap", upstream=0, downstream=0)
    rows = [(row["rank"], row["place_kind"], row["name"]) for row in found.firms.to_pylist()]
    assert rows[:3] == [(1, "local", "企业J1"), (2, "outside", "株洲电容公司"), (3, "outside", "厦门薄膜电容")]
    assert rows[3][1:] == ("unknown", "不知何处电容厂")


def test_a_maker_comes_with_what_the_register_and_its_lists_say(chain_workspace):
    found = atlas(_index(chain_workspace, "370102"), "cap", upstream=0, downstream=0)
    first, second, *_, last = found.firms.to_pylist()
    assert (first["division"], first["industry"], first["employees"]) == ("370102", "3822", 400)
    assert (first["revenue_yuan"], first["output_yuan"], first["titles"]) == (1e8, 5e7, "little_giant")
    assert (second["enterprise_id"], second["place"], second["national_share"]) == (None, "湖南省株洲市", 0.3)
    assert (last["division"], last["titles"], last["employees"]) == (None, None, None)


def test_only_so_many_makers_of_a_product_are_listed_and_all_are_counted(chain_workspace):
    found = atlas(_index(chain_workspace), "cap", upstream=0, downstream=0, firms=1)
    assert found.firms.num_rows == 1
    assert sum(found.regions["firms"].to_pylist()) == 4


def test_regions_count_each_firm_once_and_every_product(chain_workspace):
    found = atlas(_index(chain_workspace), "loco")
    regions = {row["division"]: row for row in found.regions.to_pylist()}
    # F1 to F8 make them here; F1 makes three of them.
    assert regions["370211"]["firms"] == regions["370211"]["local_firms"] == 8
    assert regions["370211"]["products"] == 5
    assert (regions["430200"]["firms"], regions["430200"]["local_firms"]) == (1, 0)
    assert regions[None]["firms"] == 1


def test_a_chain_without_makers_has_its_levels(chain_workspace, put):
    found = atlas(_index(put(chain_workspace, makes=[])), "loco")
    assert found.nodes.num_rows == 8
    assert found.firms.num_rows == found.regions.num_rows == 0


def test_a_product_that_is_not_known_names_those_near_it(chain_workspace):
    with pytest.raises(NotFound, match="支撑电容"):
        atlas(_index(chain_workspace), "支撑电容器")


@pytest.mark.parametrize("name", ["upstream", "downstream", "firms"])
def test_a_negative_number_is_refused(chain_workspace, name):
    with pytest.raises(InputError, match=f"{name} is -1"):
        atlas(_index(chain_workspace), "loco", **{name: -1})


@pytest.fixture(scope="module")
def made_chain():
    """Give a chain without makers from pairs of numbers of products, product and input."""
    import datetime as dt

    import numpy as np
    import pyarrow as pa

    from gaoyuan.chain.known_chain import _FIRM, Chain
    from gaoyuan.chain.locality import REGISTER, Locality
    from gaoyuan.chain.makers import makers
    from gaoyuan.chain.product_graph import product_graph
    from gaoyuan.chain.purchases import PurchaseRows, Purchases
    from gaoyuan.registry.chain_files.product_names import index_of_products

    def make(count, pairs):
        names = [f"p{number:02d}" for number in range(count)]
        nothing = pa.nulls(count, pa.large_string())
        products = pa.table(
            {
                "product": pa.array(names, pa.large_string()),
                "product_name": pa.array(names, pa.large_string()),
                **dict.fromkeys(("aliases", "chain", "unit", "industry"), nothing),
                "imported_share": pa.nulls(count, pa.float64()),
            }
        )
        graph = product_graph(count, [own for own, _ in pairs], [other for _, other in pairs])
        zero, no_rows, no_number = np.zeros(count), np.zeros(0), np.zeros(0, np.int64)
        rows = PurchaseRows(no_number, no_number, no_rows, no_rows, no_rows)
        bought = Purchases(zero, zero, zero, np.zeros(count, np.int64), rows)
        nobody = pa.array([], pa.large_string())
        minus = np.full(count, -1, np.int64)
        return Chain(
            Locality(REGISTER, "", nobody, nobody),
            dt.date(2026, 1, 1),
            products,
            graph,
            makers(count, [], [], np.zeros(0, np.int8)),
            _FIRM.empty_table(),
            minus,
            minus,
            bought,
            index_of_products(products),
        )

    return make


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40), st.integers(0, 3), st.integers(0, 3))
def test_levels_are_the_shortest_ways(made_chain, pairs, up, down):
    found = atlas(atlas_index(made_chain(12, pairs)), "p00", upstream=up, downstream=down)

    def ways(edges, most):
        steps, edge = {0: 0}, {0}
        for step in range(1, most + 1):
            edge = {other for own, other in edges if own in edge} - steps.keys()
            steps |= dict.fromkeys(edge, step)
        return steps

    above, below = ways(pairs, up), ways([(other, own) for own, other in pairs], down)
    expected = {
        f"p{product:02d}": -above[product]
        if product in above and above[product] <= below.get(product, 99)
        else below[product]
        for product in above.keys() | below.keys()
    }
    assert _levels(found) == expected
    shown = {(row["product"], row["input"]) for row in found.links.to_pylist()}
    assert shown == {
        (f"p{own:02d}", f"p{other:02d}")
        for own, other in pairs
        if own != other and f"p{own:02d}" in expected and f"p{other:02d}" in expected
    }
