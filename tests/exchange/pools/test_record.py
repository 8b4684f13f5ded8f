"""A clearing replays from its record."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.pools import (
    ClearingBroken,
    Member,
    PoolInvalid,
    Schedule,
    Tier,
    clear_pool,
    disclosed,
    record_of,
    replay_clearing,
    seal_of,
)

Game = tuple[list[Member], Schedule]


@given(st.integers(0, 10**9), st.booleans())
def test_the_same_record_gives_the_same_clearing(game: Callable[..., Game], seed: int, packs: bool) -> None:
    done = clear_pool(*game(seed, packs=packs))
    assert replay_clearing(record_of(done)) == done


def test_a_record_that_was_changed_is_found() -> None:
    record = record_of(clear_pool([Member("甲", 60, Decimal(9))], Schedule((Tier(1, Decimal("8.5")),))))
    data = json.loads(record)
    data["result"]["shares"][0][2] = "1"
    wrong = [json.dumps(data), record.replace('"8.5"', '"8.6"'), record.replace('"limit":"9"', '"limit":"10"')]
    wrong += [record.replace('"60"', "x")[:-3], "{}", "[]", record.replace('"limit":"9"', '"limit":"nine"')]
    for text in wrong:
        with pytest.raises(ClearingBroken):
            replay_clearing(text)


def test_a_seal_hides_the_limit_and_binds_it() -> None:
    salt = "0123456789abcdef"
    nine, same, ten = (Member("甲", 60, Decimal(limit)) for limit in ("9", "9.00", "10"))
    assert seal_of(nine, salt) == seal_of(same, salt)
    assert len({seal_of(nine, salt), seal_of(ten, salt), seal_of(nine, salt + "x")}) == 3
    with pytest.raises(PoolInvalid, match="salt"):
        seal_of(nine, "short")


@given(st.integers(0, 10**9), st.booleans())
def test_what_is_shown_of_the_limits_clears_alike_and_does_not_depend_on_them(
    game: Callable[..., Game], seed: int, packs: bool
) -> None:
    members, schedule = game(seed, packs=packs)
    done = clear_pool(members, schedule)
    told = disclosed(done)
    assert told is not None
    assert [(share.member.name, share.bill) for share in told.shares] == [
        (share.member.name, share.bill) for share in done.shares
    ]
    assert [(left.member.name, left.reason) for left in told.left] == [
        (left.member.name, left.reason) for left in done.left
    ]
    again = disclosed(told)
    assert again is not None
    assert record_of(again) == record_of(told)
    higher = [
        replace(member, limit=member.limit + 1000) if done.share_of(member.name) else member for member in members
    ]
    if done.outcome == "cleared" and schedule.list_price is None:
        raised = disclosed(clear_pool(higher, schedule))
        assert raised is not None
        assert record_of(raised) == record_of(told)
