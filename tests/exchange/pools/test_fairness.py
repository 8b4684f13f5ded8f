"""What members gain."""

from __future__ import annotations

from decimal import Decimal

from gaoyuan.exchange.pools import Member, Schedule, Tier, clear_pool, member_gains


def test_gains_are_told_with_a_warning_for_the_large() -> None:
    schedule = Schedule((Tier(1, Decimal(10)), Tier(90, Decimal(8))))
    done = clear_pool(
        [Member(name, size, Decimal(99)) for name, size in (("甲", 50), ("乙", 30), ("丙", 20))], schedule
    )
    gains = member_gains(done)
    assert [gain.saving for gain in gains] == [100, 60, 40]
    assert sum(gain.saving_share or 0 for gain in gains) == 1
    assert ["38" in gain.en for gain in gains] == [True, False, False]
    assert ["25" in gain.en for gain in gains] == [False, True, False]


def test_who_could_not_buy_alone_has_no_known_saving() -> None:
    schedule = Schedule((Tier(1, Decimal(10)),), minimum=60)
    gains = member_gains(clear_pool([Member("甲", 50, Decimal(99)), Member("乙", 30, Decimal(99))], schedule))
    assert [(gain.saving, gain.saving_share) for gain in gains] == [(None, None), (None, None)]
    assert member_gains(clear_pool([], schedule)) == ()
