"""Withdrawing after the deadline."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.errors import NotFound
from gaoyuan.exchange.pools import Member, Schedule, Tier, charge_withdrawals, clear_pool
from gaoyuan.exchange.pools.rounding import from_fen, to_fen

Game = tuple[list[Member], Schedule]
TWO_TIERS = (Tier(1, Decimal(10)), Tier(100, Decimal(8)))


def pool(quantities: list[int], **rules: object):
    members = [Member(f"厂{at}", quantity, Decimal(99)) for at, quantity in enumerate(quantities)]
    return clear_pool(members, Schedule(TWO_TIERS, **rules))  # type: ignore[arg-type]


def test_who_does_not_change_the_tier_leaves_for_nothing() -> None:
    (charged,) = charge_withdrawals(pool([60, 50, 20]), ["厂2"])
    assert (charged.charge, charged.keeps_goods) == (0, False)


def test_who_breaks_the_tier_pays_what_the_others_would_lose() -> None:
    (charged,) = charge_withdrawals(pool([60, 50]), ["厂1"])
    assert (charged.charge, charged.keeps_goods) == (60 * 2, False)


def test_who_breaks_the_minimum_or_would_pay_more_than_the_bill_keeps_the_goods() -> None:
    (charged,) = charge_withdrawals(pool([60, 50], minimum=100), ["厂1"])
    assert (charged.charge, charged.keeps_goods) == (50 * 8, True)
    (charged,) = charge_withdrawals(pool([98, 2]), ["厂1"])
    assert (charged.charge, charged.keeps_goods) == (2 * 8, True)


def test_a_charge_falls_when_one_leaves_too_who_had_to_be_made_whole() -> None:
    first, second = charge_withdrawals(pool([60, 50, 30]), ["厂1", "厂2"])
    assert (first.charge, second.charge) == (60 * 2, 0)


def test_who_left_before_pays_nothing_for_the_tier_that_a_later_one_breaks() -> None:
    first, second = charge_withdrawals(pool([90, 10, 10]), ["厂1", "厂2"])
    assert (first.charge, first.keeps_goods, second.keeps_goods) == (0, False, True)


def test_only_a_member_with_a_share_withdraws_and_only_once() -> None:
    done = pool([60, 50])
    for names in (["厂9"], ["厂1", "厂1"]):
        with pytest.raises(NotFound, match="has no share"):
            charge_withdrawals(done, names)


@given(st.integers(0, 10**9), st.booleans(), st.data())
def test_bills_and_charges_sum_to_what_the_supplier_then_asks(
    game: Callable[..., Game], seed: int, packs: bool, data: st.DataObject
) -> None:
    done = clear_pool(*game(seed, packs=packs))
    names = [share.member.name for share in done.shares]
    if done.outcome != "cleared":
        return
    leaving = data.draw(st.permutations(names))[: data.draw(st.integers(1, len(names)))]
    charged = charge_withdrawals(done, leaving)
    keeping = {one.name for one in charged if one.keeps_goods}
    bought = sum(
        share.quantity for share in done.shares if share.member.name not in leaving or share.member.name in keeping
    )
    volume = done.schedule.in_packs(bought, up=True)
    paid = sum((share.bill for share in done.shares if share.member.name not in leaving), Decimal(0))
    paid += sum((one.charge for one in charged), Decimal(0))
    over = paid - from_fen(to_fen(done.schedule.cost(volume)))
    assert 0 <= over <= Decimal("0.01") * len(names) if volume else paid == 0
    for one in charged:
        share = done.share_of(one.name)
        assert share is not None
        assert 0 <= one.charge <= share.bill
        alone = charge_withdrawals(done, leaving[: leaving.index(one.name) + 1])[-1]
        assert one.charge <= alone.charge
