"""The way to the next tier."""

from __future__ import annotations

from decimal import Decimal

from gaoyuan.exchange.pools import Schedule, Tier, own_bills, pool_progress

TIERS = (Tier(1, Decimal(10)), Tier(100, Decimal(8)), Tier(200, Decimal(7)))


def test_below_the_minimum_the_minimum_is_the_next_step() -> None:
    at = pool_progress(20, 0, Schedule(TIERS, minimum=50))
    assert at.price is None
    assert at.next_step is not None
    assert (at.next_step.volume, at.next_step.missing, at.next_step.reaches_minimum) == (50, 30, True)


def test_the_tolerance_counts_towards_the_next_tier() -> None:
    at = pool_progress(150, 20, Schedule(TIERS))
    assert at.next_step is not None
    assert (at.price, at.next_step.missing, at.next_step.price) == (8, 30, 7)


def test_at_the_last_tier_or_under_the_cap_there_is_no_next_step() -> None:
    assert pool_progress(250, 0, Schedule(TIERS)).next_step is None
    capped = pool_progress(150, 0, Schedule(TIERS, cap=180))
    assert (capped.next_step, capped.room) == (None, 30)


def test_a_pool_without_members_shows_the_way_to_its_first_volume() -> None:
    at = pool_progress(0, 0, Schedule(TIERS))
    assert (at.volume, at.price) == (0, None)
    assert at.next_step is not None
    assert at.next_step.missing == 1


def test_a_bill_is_bounded_by_the_members_own_limit() -> None:
    schedule = Schedule(TIERS, fixed_cost=Decimal(30))
    bills = own_bills(10, pool_progress(60, 0, schedule), schedule, Decimal("10.8"))
    assert bills == {"now": Decimal("105.00"), "at_next": Decimal("83.00"), "at_worst": Decimal("108.00")}
