"""Random pools that the tests of the mechanism share."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

import pytest

from gaoyuan.exchange.pools import Member, Schedule, Tier

Game = tuple[list[Member], Schedule]


def random_game(seed: int, most: int = 6, *, packs: bool = False) -> Game:
    """Draw a pool of two to `most` members whose limits lie around the tier prices, often exactly on one."""
    draw = random.Random(seed)
    volumes = sorted(draw.sample(range(1, 60), draw.randint(1, 4)))
    prices = sorted((Decimal(draw.randint(500, 1500)).scaleb(-2) for _ in volumes), reverse=True)
    tiers = tuple(Tier(volume, price) for volume, price in zip(volumes, prices, strict=True))
    members = [
        Member(
            f"厂{place}",
            draw.randint(1, 30),
            draw.choice([*prices, Decimal(draw.randint(400, 1700)).scaleb(-2)]),
            draw.choice([0, 0, 5]),
        )
        for place in range(draw.randint(2, most))
    ]
    total = sum(member.quantity for member in members)
    schedule = Schedule(
        tiers,
        minimum=draw.choice([1, max(1, total // 2)]),
        cap=draw.choice([None, None, total, total * 3 // 4]),
        pack_size=draw.choice([1, 4, 10]) if packs else 1,
        fixed_cost=draw.choice([Decimal(0), Decimal("33.33")]),
        list_price=draw.choice([None, prices[0] + 1]),
    )
    return members, schedule


@pytest.fixture(scope="session")
def game() -> Callable[..., Game]:
    return random_game
