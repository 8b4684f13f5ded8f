"""Settling by what was delivered."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.errors import InputError
from gaoyuan.exchange.pools import (
    Member,
    Schedule,
    Tier,
    charge_withdrawals,
    clear_pool,
    ordered_volume,
    settle_after_withdrawals,
    settle_pool,
)
from gaoyuan.exchange.pools.rounding import from_fen, to_fen

Game = tuple[list[Member], Schedule]
TWO_TIERS = (Tier(1, Decimal(10)), Tier(100, Decimal(8)))


def test_under_recompute_the_lower_tier_holds_but_nobody_pays_above_the_limit() -> None:
    members = [Member("甲", 60, Decimal(9)), Member("乙", 50, Decimal(12))]
    done = clear_pool(members, Schedule(TWO_TIERS, on_shortfall="recompute"))
    assert [share.bill for share in settle_pool(done, 55)] == [30 * 9, 25 * 10]


def test_what_was_never_ordered_cannot_be_delivered() -> None:
    done = clear_pool([Member("甲", 60, Decimal(19))], Schedule(TWO_TIERS))
    for wrong in (-1, 61):
        with pytest.raises(InputError, match="cannot have been delivered"):
            settle_pool(done, wrong)
    assert settle_pool(done, 0) == ()


@given(st.integers(0, 10**9), st.data())
def test_settled_bills_sum_and_the_whole_delivery_settles_as_cleared(
    game: Callable[..., Game], seed: int, data: st.DataObject
) -> None:
    done = clear_pool(*game(seed, packs=True))
    if done.outcome != "cleared":
        return
    assert [share.bill for share in settle_pool(done, done.volume)] == [share.bill for share in done.shares]
    delivered = data.draw(st.integers(0, done.volume))
    shares = settle_pool(done, delivered)
    assert sum(share.quantity for share in shares) == delivered
    exact = sum((share.exact for share in shares), Fraction(0))
    assert sum((share.bill for share in shares), Decimal(0)) == from_fen(to_fen(exact))
    for share in shares:
        cleared = done.share_of(share.member.name)
        assert cleared is not None
        assert share.quantity <= cleared.quantity


def test_a_pool_that_fell_back_settles_each_share_at_the_list_price() -> None:
    schedule = Schedule(TWO_TIERS, minimum=1000, list_price=Decimal("11.005"), on_failure="fall_back")
    done = clear_pool(
        [Member("甲", 3, Decimal(12)), Member("乙", 2, Decimal(12)), Member("丙", 9, Decimal(5))], schedule
    )
    assert [share.bill for share in settle_pool(done, 5)] == [Decimal("33.02"), Decimal("22.01")]
    after = settle_after_withdrawals(done, ["甲"], 2)
    assert ([share.bill for share in after.shares], after.charges[0].charge) == ([Decimal("22.01")], 0)


@given(st.integers(0, 10**9), st.data())
def test_after_withdrawals_bills_and_charges_cover_the_invoice_and_no_charge_rises(
    game: Callable[..., Game], seed: int, data: st.DataObject
) -> None:
    done = clear_pool(*game(seed, packs=True))
    if done.outcome != "cleared":
        return
    names = data.draw(st.lists(st.sampled_from([share.member.name for share in done.shares]), unique=True))
    at_first = {one.name: one for one in charge_withdrawals(done, names)}
    ordered = ordered_volume(done, names)
    whole = settle_after_withdrawals(done, names, ordered)
    for share in whole.shares:
        cleared = done.share_of(share.member.name)
        assert cleared is not None
        assert (share.quantity, share.bill) == (cleared.quantity, cleared.bill)
    if ordered:
        assert [one.charge for one in whole.charges] == [one.charge for one in at_first.values()]
    part = settle_after_withdrawals(done, names, data.draw(st.integers(0, ordered)))
    leaving = [one for one in part.charges if not one.keeps_goods]
    paid = sum((share.bill for share in part.shares), Decimal(0)) + sum((one.charge for one in leaving), Decimal(0))
    assert paid == part.invoice
    assert all(one.charge <= at_first[one.name].charge for one in leaving)
