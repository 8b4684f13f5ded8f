from __future__ import annotations

from gaoyuan.chain.essential_inputs import essential_inputs

STEEL, TRAINS, BANKS, BUILDING = ["3110"], ["3711", "3712"], ["6621"], ["4710"]


def test_goods_are_essential_to_makers_of_goods_and_builders_and_services_to_none():
    found = essential_inputs([STEEL, TRAINS, BANKS, BUILDING])
    assert found.tolist() == [[2, 2, 1, 2], [2, 2, 1, 2], [1, 1, 1, 1], [1, 1, 1, 1]]


def test_a_sector_of_unknown_industries_is_never_essential():
    assert essential_inputs([STEEL, []]).tolist() == [[2, 1], [1, 1]]


def test_what_a_chain_says_of_a_product_takes_the_place_of_the_rule():
    found = essential_inputs([STEEL, TRAINS, BANKS], [("3110", "3712", False), ("6621", "3711", True)])
    assert found[:, 1].tolist() == [1, 2, 2]
    # One product that cannot do without it is enough.
    found = essential_inputs([STEEL, TRAINS], [("3110", "3711", True), ("3110", "3712", False)])
    assert found[0, 1] == 2


def test_an_industry_that_no_firm_is_in_says_nothing():
    assert essential_inputs([STEEL], [("1311", "3110", True)]).tolist() == [[2]]
