from __future__ import annotations

import pytest

from gaoyuan.chain.sourcing import locality_curve, source
from gaoyuan.errors import InputError


def test_a_higher_premium_buys_more_locally_at_a_higher_price():
    lines = [{"line": i, "need": 10, "due_days": None, "unserved_penalty": 900} for i in range(20)]
    suppliers = [
        {"supplier": "near", "capacity_hours": 1e6, "local": True},
        {"supplier": "far", "capacity_hours": 1e6, "local": False},
    ]
    usual = {"moq": 1, "pack": 1, "lead_days": 1, "hours_per_unit": 1.0}
    offers = [
        {**usual, "line": i, "supplier": name, "price_tiers": [[1, price]]}
        for i in range(20)
        for name, price in (("far", 10.0), ("near", 10.0 + 0.5 * i))
    ]
    premiums = (0.0, 0.05, 0.1, 0.5, 2.0)
    curve = locality_curve(lines, suppliers, offers, premiums)
    # A local offer dearer by less than the premium is taken, and one that is as dear.
    assert [point.local_lines for point in curve] == [1, 2, 3, 11, 20]
    costs = [point.purchase_cost for point in curve]
    assert costs == sorted(costs)
    assert [point.unserved_lines for point in curve] == [0] * 5
    for point in curve:
        alone = source(lines, suppliers, offers, nonlocal_premium=point.premium)
        assert point.objective == pytest.approx(alone.objective)
        assert point.gap == pytest.approx(0.0, abs=1e-9)


def test_a_premium_below_zero_is_refused():
    with pytest.raises(InputError, match="premiums"):
        locality_curve([], [], [], (-0.1,))
