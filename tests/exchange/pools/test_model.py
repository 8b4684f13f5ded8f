"""Schedules and commitments that contradict themselves are refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gaoyuan.exchange.pools import Member, PoolInvalid, Schedule, Tier

ONE = (Tier(1, Decimal(10)),)


@pytest.mark.parametrize(
    ("tiers", "rules", "what"),
    [
        ((), {}, "no tier prices"),
        ((Tier(1, Decimal(0)),), {}, "not above zero"),
        ((Tier(-1, Decimal(1)),), {}, "begins below zero"),
        ((*ONE, Tier(1, Decimal(9))), {}, "do not rise in volume"),
        ((*ONE, Tier(5, Decimal(11))), {}, "price rises"),
        (ONE, {"minimum": 0}, "minimum is not above zero"),
        (ONE, {"minimum": 9, "cap": 8}, "cap is below"),
        (ONE, {"pack_size": 0}, "pack holds nothing"),
        (ONE, {"fixed_cost": Decimal(-1)}, "below zero"),
        (ONE, {"fixed_cost": Decimal("NaN")}, "below zero, too great"),
        ((Tier(1, Decimal("1E+999999")),), {}, "too great"),
        ((Tier(1, Decimal("1E-999999")),), {}, "too fine"),
        (ONE, {"list_price": Decimal(0)}, "list price is not above"),
        (ONE, {"on_failure": "fall_back"}, "no list price"),
        (ONE, {"on_failure": "extend"}, "no days"),
    ],
)
def test_a_schedule_that_contradicts_itself_is_refused(
    tiers: tuple[Tier, ...], rules: dict[str, object], what: str
) -> None:
    with pytest.raises(PoolInvalid, match=what) as refused:
        Schedule(tiers, **rules)  # type: ignore[arg-type]
    assert refused.value.zh


@pytest.mark.parametrize(
    ("name", "quantity", "limit", "tolerance"),
    [
        (" ", 1, "1", 0),
        ("甲", 0, "1", 0),
        ("甲", 1, "0", 0),
        ("甲", 1, "NaN", 0),
        ("甲", 1, "Infinity", 0),
        ("甲", 1, "1E+999999", 0),
        ("甲", 10**13, "1", 0),
        ("甲", 1, "1", -1),
    ],
)
def test_an_impossible_commitment_is_refused(name: str, quantity: int, limit: str, tolerance: int) -> None:
    with pytest.raises(PoolInvalid):
        Member(name, quantity, Decimal(limit), tolerance)
