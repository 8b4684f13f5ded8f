from __future__ import annotations

from collections import defaultdict

from gaoyuan.codes import industries
from gaoyuan.sample.chain_products import (
    IMPORTED,
    LOCOMOTIVE,
    MISSING_LINKS,
    PLANTED_LINES,
    SINGLE_POINT,
    chain_products,
    chain_uses,
)


def test_every_product_stands_before_what_it_is_made_of():
    order = {code: at for at, code in enumerate(chain_products())}
    assert order[LOCOMOTIVE] == 0
    assert all(order[use.product] < order[use.input] for use in chain_uses())


def test_all_of_the_locomotives_chain_goes_into_the_locomotive():
    reached = {LOCOMOTIVE}
    for code in chain_products():
        reached |= {use.input for use in chain_uses() if use.product == code and code in reached}
    assert {code for code, product in chain_products().items() if product.chain == "轨道交通装备"} == reached


def test_products_have_industries_prices_and_names_of_their_own():
    products = chain_products().values()
    assert all(product.industry in industries() and product.price > 0 for product in products)
    names = [name for product in products for name in (product.name, *filter(None, product.aliases.split("|")))]
    assert len(set(names)) == len(names)


def test_the_shares_of_a_products_inputs_are_no_more_than_all_of_its_cost():
    total: dict[str, float] = defaultdict(float)
    for use in chain_uses():
        assert use.quantity > 0
        total[use.product] += use.share
    assert max(total.values()) <= 1.0 + 1e-9


def test_firms_of_the_industries_of_what_is_lacking_make_something_else():
    for code in (*MISSING_LINKS, *IMPORTED):
        industry = chain_products()[code].industry
        others = [one for one, product in chain_products().items() if product.industry == industry]
        assert set(others) - {*MISSING_LINKS, *IMPORTED}


def test_missing_links_are_made_in_the_country_and_imported_products_mostly_are_not():
    products = chain_products()
    assert all(products[code].imported_share < 0.5 for code in MISSING_LINKS)
    assert all(products[code].imported_share >= 0.5 for code in IMPORTED)
    assert {SINGLE_POINT, *PLANTED_LINES.values()} <= set(products)
