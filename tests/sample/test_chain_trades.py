from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace

import pytest

from gaoyuan.sample.chain_products import chain_products, chain_uses


def test_firms_buy_what_their_products_need_from_those_who_make_it(chain: SimpleNamespace):
    makes = {(maker.name, code) for code, own in chain.makers.items() for maker in own}
    users = defaultdict(set)
    for use in chain_uses():
        users[use.input] |= {maker.uscc for maker in chain.makers[use.product] if maker.local}
    for trade in chain.production.trades:
        assert (trade.seller, trade.product.product) in makes
        assert trade.buyer.uscc in users[trade.product.product]
        assert trade.seller_uscc != trade.buyer.uscc
        assert trade.date.year == 2025
    numbers = [trade.number for trade in chain.production.trades]
    assert len(set(numbers)) == len(numbers)


def test_nobody_sells_more_than_it_makes(chain: SimpleNamespace):
    sold: dict[tuple[str, str], float] = defaultdict(float)
    for trade in chain.production.trades:
        sold[trade.seller, trade.product.product] += trade.amount_yuan
    made = {
        (maker.name, code): output
        for code, own in chain.makers.items()
        for maker, output in zip(own, chain.production.output_yuan[code], strict=True)
    }
    assert all(amount <= made[key] for key, amount in sold.items())


def test_what_a_firm_buys_of_an_input_is_its_share_of_the_output(chain: SimpleNamespace):
    bought: dict[str, float] = defaultdict(float)
    for trade in chain.production.trades:
        if trade.amount_yuan > 0:
            bought[trade.product.product] += trade.amount_yuan
    needed: dict[str, float] = defaultdict(float)
    for use in chain_uses():
        own = zip(chain.makers[use.product], chain.production.output_yuan[use.product], strict=True)
        needed[use.input] += sum(use.share * output for maker, output in own if maker.local)
    for code in ("A04", "B13", "B14", "C01", "D06"):
        assert bought[code] == pytest.approx(needed[code], rel=1e-6)


def test_about_four_fifths_are_bought_in_the_province_and_some_things_go_back(chain: SimpleNamespace):
    local = {maker.name for own in chain.makers.values() for maker in own if maker.local}
    trades = chain.production.trades
    total = sum(trade.amount_yuan for trade in trades)
    assert 0.7 < sum(trade.amount_yuan for trade in trades if trade.seller in local) / total < 0.9
    assert 0 < sum(trade.amount_yuan < 0 for trade in trades) < 0.05 * len(trades)
    assert 0 < sum(not trade.seller_uscc for trade in trades) < 0.15 * len(trades)


def test_shares_of_the_country_add_up_to_no_more_than_the_country(chain: SimpleNamespace):
    for code in chain_products():
        shares = chain.production.national_share[code]
        assert all(0 <= share <= 1 for share in shares)
        assert sum(shares) <= 1.001
