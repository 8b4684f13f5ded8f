"""No coalition gains by misreporting its limits: tried, not only proven."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from gaoyuan.exchange.pools import Member, Schedule, Tier, games, profitable_deviation
from gaoyuan.exchange.pools.games import misreports
from gaoyuan.exchange.pools.serving import Served, serve

Game = tuple[list[Member], Schedule]


def test_no_coalition_of_up_to_four_gains_with_any_report_at_a_price(game: Callable[..., Game]) -> None:
    assert [seed for seed in range(60) if profitable_deviation(*game(seed, 4)) is not None] == []


def test_no_coalition_of_up_to_six_gains_by_forcing_its_way_in_or_staying_out(game: Callable[..., Game]) -> None:
    for seed in range(1000, 1150):
        members, schedule = game(seed)
        lowest, *_, highest = misreports(members, schedule)
        assert profitable_deviation(members, schedule, (lowest, highest)) is None


def test_the_search_finds_the_lie_that_pays_under_a_mechanism_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where everybody pays half the mean of the limits, reporting less pays."""

    def pay_half_the_mean(members: Sequence[Member], schedule: Schedule) -> Served:
        served = serve(members, schedule)
        mean = sum((Fraction(member.limit) for member in members), Fraction(0)) / len(members)
        return Served(served.members, served.volume, mean / 2, served.dropped)

    members = [Member("甲", 10, Decimal(9)), Member("乙", 10, Decimal(8))]
    schedule = Schedule((Tier(1, Decimal(4)), Tier(15, Decimal(3))))
    assert profitable_deviation(members, schedule) is None
    monkeypatch.setattr(games, "serve", pay_half_the_mean)
    found = profitable_deviation(members, schedule)
    assert found is not None
    assert max(found.gains) > 0
