"""How far a pool is: the next tier, what is missing to it, and a member's bill now, there and at worst.

Only totals go in and come out: members see the pool's volume, never each other's.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from gaoyuan.exchange.pools.model import Schedule
from gaoyuan.exchange.pools.rounding import from_fen, to_fen
from gaoyuan.exchange.pools.serving import pool_volume

__all__ = ["NextStep", "Progress", "own_bills", "pool_progress"]


@dataclass(frozen=True, slots=True)
class NextStep:
    """A volume to be reached next: what is missing, and the price of a unit there, all costs included."""

    volume: int
    missing: int
    price: Fraction
    reaches_minimum: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a pool stands: the volume that would be ordered now, its price (None below the minimum), the room under the
    cap (None without one), and the way to the next step (None at the last tier or where the cap is in the way).
    """

    volume: int
    price: Fraction | None
    room: int | None
    next_step: NextStep | None


def pool_progress(wanted: int, tolerated: int, schedule: Schedule) -> Progress:
    """Say how far a pool is whose members want `wanted` and accept up to `tolerated` more. Limits are still sealed, so
    that members may drop out: the price is what it is if nobody does.

    >>> from gaoyuan.exchange.pools.model import Tier
    >>> schedule = Schedule((Tier(1, Decimal(10)), Tier(100, Decimal(8))), minimum=50, cap=500)
    >>> at = pool_progress(70, 0, schedule)
    >>> at.price, at.room, at.next_step
    (Fraction(10, 1), 430, NextStep(volume=100, missing=30, price=Fraction(8, 1), reaches_minimum=False))
    """
    volume = pool_volume(wanted, tolerated, schedule)
    reached = volume >= schedule.minimum and volume > 0
    price = schedule.all_in_price(volume) if reached else None
    room = None if schedule.cap is None else max(schedule.cap - wanted, 0)
    steps = {schedule.minimum, *(start for start, _ in schedule.prices if start >= schedule.minimum)}
    ahead = sorted(schedule.in_packs(step, up=True) for step in steps)
    step = next((one for one in ahead if one > volume or not reached), None)
    if step is None or (schedule.cap is not None and step > schedule.cap):
        return Progress(volume, price, room, None)
    missing = max(step - wanted - tolerated, 0)
    return Progress(volume, price, room, NextStep(step, missing, schedule.all_in_price(step), not reached))


def own_bills(quantity: int, progress: Progress, schedule: Schedule, limit: Decimal) -> dict[str, Decimal | None]:
    """Give a member's bill for a quantity, in yuan: `now` and `at_next` if nobody drops out, and `at_worst`, which its
    own limit bounds. None where it is not known. Each may differ by a fen when the invoice is shared.

    >>> from gaoyuan.exchange.pools.model import Tier
    >>> schedule = Schedule((Tier(1, Decimal(10)), Tier(100, Decimal(8))), minimum=50)
    >>> own_bills(5, pool_progress(70, 0, schedule), schedule, Decimal(9))
    {'now': Decimal('50.00'), 'at_next': Decimal('40.00'), 'at_worst': Decimal('45.00')}
    """
    following = progress.next_step
    worst = min(Fraction(limit), schedule.all_in_price(max(schedule.in_packs(schedule.minimum, up=True), 1)))
    prices = {"now": progress.price, "at_next": following.price if following else None, "at_worst": worst}
    return {name: None if price is None else from_fen(to_fen(price * quantity)) for name, price in prices.items()}
