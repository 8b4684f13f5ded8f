"""The demands that an offer fits."""

from __future__ import annotations

from decimal import Decimal

from gaoyuan.exchange.matching import Demand, Offer, demands_for, match


def test_an_offer_is_given_the_demands_that_would_be_given_it() -> None:
    offer = Offer(
        "1", "甲厂", "不锈钢法兰 DN50–600", unit="件", capacity=Decimal(1000), place=(120.0, 36.0), reach_km=100
    )
    demands = [
        Demand("乙厂", "求购DN100不锈钢法兰", quantity=Decimal(500), unit="件", place=(120.1, 36.0)),
        Demand("乙厂", "求购DN100不锈钢法兰", quantity=Decimal(5000), unit="件"),
        Demand("丙厂", "求购DN800不锈钢法兰"),
        Demand("丁厂", "求购DN100法兰", place=(100.0, 36.0)),
        Demand("甲厂", "求购DN100不锈钢法兰"),
        Demand("戊厂", "求购毛巾"),
        Demand("己厂", "求购法兰"),
    ]
    found = demands_for(offer, demands)
    assert [place for place, _ in found] == [0, 6]
    assert {place for place, demand in enumerate(demands) if match(demand, [offer])} == {0, 6}
    assert demands_for(offer, demands, top=1) == found[:1]
    assert demands_for(offer, []) == []
