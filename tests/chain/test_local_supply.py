"""The local supply rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.chain.known_chain import read_chain
from gaoyuan.chain.local_supply import local_supply_rate, rates_by_trades, supply_rates
from gaoyuan.errors import StepMissing

AMOUNTS = st.floats(-1e9, 1e9)


def _rows(workspace, place: str | None = "370211"):
    rows = supply_rates(workspace, place).to_pylist()
    return {(row["scope"], row["scope_name"], row["measured_by"]): row for row in rows}


def _figures(row):
    return tuple(row[name] for name in ("local", "known", "total", "rate", "low", "high", "coverage"))


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_the_rate_lies_between_its_bounds(local, unknown, total):
    found = local_supply_rate([local], [unknown], [total])
    if total <= 0:
        assert np.isnan([found.rate[0], found.low[0], found.high[0], found.coverage[0]]).all()
        return
    assert 0 <= found.low[0] <= found.high[0] <= 1 + 1e-12
    if found.known[0] > 0:
        assert found.low[0] - 1e-9 <= found.rate[0] <= found.high[0] + 1e-9


def test_without_trades_the_rate_counts_inputs_that_are_to_be_had_locally(chain_workspace):
    rows = _rows(chain_workspace)
    assert {measured for _, _, measured in rows} == {"products"}
    # Of the capacitor there is a maker of which nobody knows where it is; the chip is imported.
    assert _figures(rows["all", "全部", "products"]) == (4, 5, 6, 4 / 5, 4 / 6, 5 / 6, 5 / 6)
    assert _figures(rows["chain", "轨道交通", "products"]) == (3, 4, 5, 3 / 4, 3 / 5, 4 / 5, 4 / 5)
    assert _figures(rows["chain", "电气机械", "products"]) == (1, 1, 1, 1, 1, 1, 1)
    assert _figures(rows["product", "变流器", "products"]) == (1, 1, 2, 1, 1 / 2, 1, 1 / 2)
    assert _figures(rows["product", "功率模块", "products"]) == (0, 1, 1, 0, 0, 0, 1)
    # What is made of nothing that is known, or not made here, has no rate.
    assert {name for scope, name, _ in rows if scope == "product"} == {"电力机车", "变流器", "功率模块", "电力电容器"}


def test_an_input_whose_industry_nobody_asked_is_unknown(chain_workspace, put):
    uses = chain_workspace.read("uses").to_pylist()
    uses.append({"product": "bogie", "product_name": "转向架", "input": "wafer", "input_name": "硅片"})
    row = _rows(put(chain_workspace, uses=uses))["product", "转向架", "products"]
    assert _figures(row) == (0, 0, 1, None, 0, 1, 0)


def test_makers_buyers_and_uses_of_an_unknown_product_change_no_product(traded_chain, put):
    before = _rows(traded_chain)
    nameless = {"product": None, "product_name": None}
    makes = [*traded_chain.read("makes").to_pylist(), {"enterprise_id": "F1", "name": "企业F1", **nameless}]
    uses = [*traded_chain.read("uses").to_pylist(), {"product": "loco", "input": None, "input_name": None}]
    after = _rows(put(traded_chain, makes=makes, uses=uses))
    assert {key: _figures(row) for key, row in after.items()} == {key: _figures(row) for key, row in before.items()}


def test_with_trades_the_rate_is_one_of_value(traded_chain):
    rows = _rows(traded_chain)
    assert _figures(rows["all", "全部", "trades"]) == pytest.approx((750, 900, 1000, 750 / 900, 0.75, 0.85, 0.9))
    assert _figures(rows["chain", "轨道交通", "trades"])[:3] == (700, 850, 950)
    assert _figures(rows["product", "电力机车", "trades"])[:3] == (400, 400, 400)
    assert _figures(rows["product", "变流器", "trades"])[:3] == (300, 450, 550)
    # Nobody is known to have sold what these need.
    assert {name for scope, name, by in rows if by == "products"} == {"电气机械", "功率模块", "电力电容器"}
    assert _figures(rows["input", "功率模块", "trades"])[:3] == (300, 350, 450)
    assert _figures(rows["input", "支撑电容", "trades"])[:4] == (0, 100, 100, 0)


def test_a_purchase_that_serves_two_products_of_a_chain_counts_once_in_it(chain_workspace, put, sale):
    uses = chain_workspace.read("uses").to_pylist()
    uses.append({"product": "loco", "product_name": "电力机车", "input": "module", "input_name": "功率模块"})
    put(chain_workspace, uses=uses, trade=[sale("F6", "F1", "module", 100.0)])
    rows = _rows(chain_workspace)
    assert rows["product", "电力机车", "trades"]["total"] == 100
    assert rows["product", "变流器", "trades"]["total"] == 100
    assert rows["chain", "轨道交通", "trades"]["total"] == 100


def test_trades_of_products_that_are_no_inputs_serve_no_product(chain_workspace, put, sale):
    chain = read_chain(put(chain_workspace, trade=[sale("F7", "F1", "film", 10.0)]), "370211")
    assert rates_by_trades(chain, np.arange(chain.graph.products), chain.graph.products).total.sum() == 0


def _draw(number, seller, buyer, amount):
    return {"draw": number, "seller_id": seller, "buyer_id": buyer, "amount_yuan": amount}


ESTIMATES = [
    _draw(0, "F6", "F4", 60.0),
    _draw(0, "J1", "F4", 40.0),
    _draw(1, "F6", "F4", 20.0),
    _draw(1, "J1", "F4", 80.0),
    _draw(1, "J2", "J1", 1e9),  # a buyer elsewhere
    _draw(1, "J3", "F8", 100.0),  # a seller that may be local
]


def test_estimated_trades_show_the_spread_of_their_draws(chain_workspace, put):
    rows = _rows(put(chain_workspace, estimated_trade=ESTIMATES))
    row = rows["product", "变流器", "estimated_trades"]
    assert (row["rate"], row["low"], row["high"]) == pytest.approx((0.4, 0.2, 0.6))
    assert (row["local"], row["total"], row["coverage"]) == (40, 100, None)
    assert rows["all", "全部", "estimated_trades"]["known"] == 100
    assert rows["all", "全部", "estimated_trades"]["total"] == 150
    # They are no knowledge: what is known stands beside them.
    assert rows["product", "变流器", "products"]["rate"] == 1
    assert ("product", "电力机车", "estimated_trades") not in rows


def test_estimates_are_left_out_where_trades_are_known(traded_chain, put):
    put(traded_chain, estimated_trade=ESTIMATES)
    assert "estimated_trades" not in {by for _, _, by in _rows(traded_chain)}


def test_an_estimated_purchase_without_a_seller_comes_from_outside_the_register(traded_chain, put):
    outside = [{**one, "seller_id": None} for one in ESTIMATES]
    rows = _rows(put(traded_chain, trade=[], estimated_trade=[*ESTIMATES, *outside]), None)
    assert rows["all", "全部", "estimated_trades"]["rate"] == pytest.approx(0.5)


def test_the_table_keeps_other_places_and_names_the_run(chain_workspace):
    for place in ("370211", "370102", "370211", None):
        given = supply_rates(chain_workspace, place)
    held = chain_workspace.read("supply_rate")
    assert set(held["locality"].to_pylist()) == {"370211", "370102", "register"}
    own = [row for row in held.to_pylist() if row["locality"] == "register"]
    assert sorted(str(row["scope_name"]) for row in own) == sorted(map(str, given["scope_name"].to_pylist()))
    runs = chain_workspace.runs()["run"].to_pylist()
    assert {row["run"] for row in own} == {runs[0]}
    assert not chain_workspace.outdated("supply_rate")


def test_a_place_that_makes_nothing_known_has_no_rates(chain_workspace):
    assert supply_rates(chain_workspace, "370103").num_rows == 0


def test_without_products_it_is_said_how_to_import_them(empty_chain):
    with pytest.raises(StepMissing, match="products"):
        supply_rates(empty_chain)
    assert not empty_chain.has("supply_rate")
