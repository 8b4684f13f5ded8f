"""Demands and offers whose numbers cannot be are refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gaoyuan.exchange.matching import Demand, MatchingInvalid, Offer, neighbours_of


def test_impossible_amounts_and_places_are_refused_in_both_languages() -> None:
    with pytest.raises(MatchingInvalid, match="quantity"):
        Demand("甲", "法兰", quantity=Decimal(0))
    with pytest.raises(MatchingInvalid, match="price"):
        Offer("1", "甲", "法兰", price=Decimal(-1))
    with pytest.raises(MatchingInvalid, match="capacity"):
        Offer("1", "甲", "法兰", capacity=Decimal("Infinity"))
    with pytest.raises(MatchingInvalid, match="place") as refused:
        Demand("甲", "法兰", place=(31.0, 121.0))
    assert "经度" in refused.value.zh


def test_a_product_is_nearest_to_itself() -> None:
    near = neighbours_of([("a", "b"), ("b", "c"), ("a", "a")])
    assert near["a"] == {"a": 1.0, "b": 0.5}
    assert near["b"] == {"b": 1.0, "a": 0.5, "c": 0.5}
