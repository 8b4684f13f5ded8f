"""Units."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gaoyuan.exchange.matching import in_unit
from gaoyuan.exchange.matching.quantities import UNITS


@pytest.mark.parametrize(
    ("quantity", "unit", "wanted", "expected"),
    [("1", "吨", "kg", "1000"), ("500", "斤", "t", "0.25"), ("3", "公里", "m", "3000"), ("3", "亩", "平方米", "2000")],
)
def test_quantities_are_converted_within_a_kind(quantity: str, unit: str, wanted: str, expected: str) -> None:
    found = in_unit(Decimal(quantity), unit, wanted)
    assert found is not None
    assert round(found, 9) == Decimal(expected)


def test_quantities_of_other_or_unknown_kinds_are_not_compared() -> None:
    assert in_unit(Decimal(1), "件", "kg") is None
    assert in_unit(Decimal(1), "卷", "件") is None
    assert all(factor > 0 for _, factor in UNITS.values())
