"""Settling by what was delivered."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.errors import InputError
from gaoyuan.exchange.pools import Member, Schedule, Tier, clear_pool, settle_pool
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
