"""What local firms buy."""

from __future__ import annotations

import pytest

from gaoyuan.chain.known_chain import read_chain


def _bought(chain, product):
    at, bought = chain.number(product), chain.purchases
    return (
        bought.total_yuan[at].item(),
        bought.local_yuan[at].item(),
        bought.unknown_yuan[at].item(),
        bought.sales[at].item(),
    )


def test_purchases_are_added_up_by_where_the_seller_is(traded_chain):
    chain = read_chain(traded_chain, "370211")
    assert _bought(chain, "module") == (450.0, 300.0, 100.0, 3)
    assert _bought(chain, "cap") == (100.0, 0.0, 0.0, 1)


def test_returns_are_taken_off_and_sales_to_oneself_left_out(traded_chain):
    assert _bought(read_chain(traded_chain, "370211"), "conv") == (400.0, 400.0, 0.0, 2)


def test_a_product_of_which_more_was_returned_than_bought_has_nothing(chain_workspace, put, sale):
    put(chain_workspace, trade=[sale("F4", "F1", "conv", 100.0), sale("F4", "F1", "conv", -300.0)])
    assert _bought(read_chain(chain_workspace, "370211"), "conv") == (0.0, 0.0, 0.0, 2)


def test_two_sides_without_any_name_are_not_one_firm(chain_workspace, put, sale):
    local = {"seller_uscc": None, "seller": None, "buyer": None}
    put(chain_workspace, trade=[sale(None, "F1", "conv", 10.0, **local)])
    assert _bought(read_chain(chain_workspace, "370211"), "conv") == (10.0, 0.0, 10.0, 1)


def test_a_buyer_that_the_register_lacks_is_local_by_its_credit_code(chain_workspace, put, sale):
    other = {"buyer": "新企业", "buyer_uscc": "91370211MA00000000"}
    put(chain_workspace, trade=[sale("F4", None, "conv", 10.0, **other)])
    assert _bought(read_chain(chain_workspace, "370211"), "conv") == (10.0, 10.0, 0.0, 1)


def test_each_row_says_who_bought_what(traded_chain):
    chain = read_chain(traded_chain, "370211")
    rows, names = chain.purchases.rows, chain.firms["name"].to_pylist()
    found = {
        (names[buyer] if buyer >= 0 else None, chain.name(product) if product >= 0 else None): (total, local, unknown)
        for buyer, product, total, local, unknown in zip(
            *(column.tolist() for column in (rows.buyer, rows.product)),
            *(column.tolist() for column in (rows.total_yuan, rows.local_yuan, rows.unknown_yuan)),
            strict=True,
        )
    }
    assert found == {
        ("企业F1", "变流器"): (400.0, 400.0, 0.0),
        ("企业F4", "支撑电容"): (100.0, 0.0, 0.0),
        ("企业F4", "功率模块"): (300.0, 300.0, 0.0),
        ("企业F5", "功率模块"): (150.0, 0.0, 100.0),
        ("企业F4", None): (50.0, 50.0, 0.0),
    }


def test_without_trades_nothing_is_bought(chain_workspace):
    bought = read_chain(chain_workspace, "370211").purchases
    assert bought.total_yuan.sum() == bought.sales.sum() == bought.rows.total_yuan.size == 0


@pytest.mark.parametrize("place", [None, "370200", "370211"])
def test_the_parts_never_exceed_the_whole_where_nothing_is_returned(chain_workspace, put, sale, place):
    firms = ["F1", "F4", "J1", "J3", None]
    put(
        chain_workspace,
        trade=[sale(one, other, "cap", 10.0, seller="甲") for one in firms for other in firms if one != other],
    )
    bought = read_chain(chain_workspace, place).purchases
    assert (bought.local_yuan + bought.unknown_yuan <= bought.total_yuan).all()


def test_a_seller_that_makes_things_nobody_knows_where_is_of_unknown_place(chain_workspace, put, sale):
    makes = [
        *chain_workspace.read("makes").to_pylist(),
        {"name": "无地厂", "product": "conv", "product_name": "变流器"},
    ]
    assert any(row.get("division") for row in makes)
    put(chain_workspace, makes=makes, trade=[sale(None, "F1", "conv", 10.0, seller="无地厂", seller_uscc=None)])
    assert _bought(read_chain(chain_workspace, "370211"), "conv") == (10.0, 0.0, 10.0, 1)
