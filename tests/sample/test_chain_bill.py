from __future__ import annotations

from types import SimpleNamespace

import pytest

from gaoyuan.sample.chain_bill import LOCOMOTIVES, SampleBill, fewest_lines, make_bill
from gaoyuan.sample.chain_products import LATE_OFFERS, NO_OFFER, OUTSIDE_OFFERS, PLANTED_LINES, WHOLE_PARTS


def _bought(bill: SampleBill) -> set[str]:
    parents = {row.parent for row in bill.rows}
    return {row.item for row in bill.rows if row.item not in parents}


def test_a_bill_has_as_many_lines_as_asked_for(chain: SimpleNamespace):
    assert chain.bill.lines == 800 == len(_bought(chain.bill))
    fewest = make_bill(chain.makers, fewest_lines(), 7)
    assert fewest.lines == fewest_lines() == len(_bought(fewest))


def test_the_bill_hangs_together_in_five_levels(chain: SimpleNamespace):
    parents: dict[str, set[str]] = {}
    for row in chain.bill.rows:
        parents.setdefault(row.item, set()).add(row.parent)
        assert row.quantity > 0

    def level(item: str) -> int:
        return 0 if parents[item] == {""} else 1 + max(level(parent) for parent in parents[item])

    assert [row.quantity for row in chain.bill.rows if not row.parent] == [LOCOMOTIVES]
    assert {level(item) for item in _bought(chain.bill)} == {1, 2, 3, 4}


def test_lines_are_offered_by_makers_of_their_product_at_falling_prices(chain: SimpleNamespace):
    product = {row.item: row.product for row in chain.bill.rows}
    makers = {code: {maker.uscc for maker in own} for code, own in chain.makers.items()}
    assert {offer.supplier for offer in chain.bill.offers} == {one.supplier for one in chain.bill.suppliers}
    for offer in chain.bill.offers:
        assert offer.supplier in makers[product[offer.item]]
        tiers = [tuple(map(float, tier.split(":"))) for tier in offer.price_tiers.split(";")]
        assert len(tiers) in (2, 3)
        assert [least for least, _ in tiers] == sorted({least for least, _ in tiers})
        assert tiers[0][0] == pytest.approx(offer.moq, abs=1e-3)
        assert tiers[1][1] == pytest.approx(0.96 * tiers[0][1], rel=0.02)
    pairs = [(offer.item, offer.supplier) for offer in chain.bill.offers]
    assert len(set(pairs)) == len(pairs)
    assert 3.5 < len(pairs) / chain.bill.lines < 5.0


def test_the_planted_lines_are_as_planted(chain: SimpleNamespace):
    local = {maker.uscc for own in chain.makers.values() for maker in own if maker.local}
    rows = {row.item: row for row in chain.bill.rows}
    offers = {kind: [o for o in chain.bill.offers if o.item == item] for kind, item in chain.bill.planted.items()}
    assert {kind: rows[item].product for kind, item in chain.bill.planted.items()} == PLANTED_LINES
    assert offers[NO_OFFER] == []
    assert offers[LATE_OFFERS]
    assert all(offer.lead_days > 240 for offer in offers[LATE_OFFERS])
    assert offers[OUTSIDE_OFFERS]
    assert not {offer.supplier for offer in offers[OUTSIDE_OFFERS]} & local


def test_what_is_bought_whole_is_critical_and_not_taken_apart(chain: SimpleNamespace):
    whole = [row for row in chain.bill.rows if row.product in WHOLE_PARTS]
    assert {row.product for row in whole} == set(WHOLE_PARTS)
    assert all(row.critical and row.item in _bought(chain.bill) for row in whole)


def test_the_register_is_left_to_say_which_suppliers_are_local(chain: SimpleNamespace):
    local = {maker.uscc for own in chain.makers.values() for maker in own if maker.local}
    assert all((one.local is None) == (one.supplier in local) for one in chain.bill.suppliers)
    assert any("CRCC" in one.certificates for one in chain.bill.suppliers)
    assert any(row.certificates for row in chain.bill.rows)
