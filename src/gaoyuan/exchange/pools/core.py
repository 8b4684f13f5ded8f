"""Whether a sharing of a pool's cost is stable: no group of members would pay less by itself.

The cost of a group S with volume a(S) is C(S) = p(a(S)) a(S) + F in whole packs, at the list price where it does not
reach the minimum, and unknown (no alternative) where there is no list price. Shares x are in the core (Gillies 1959)
when x(N) = C(N) and x(S) <= C(S) for every S. Equal prices always are, because the price never rises with the volume:
C(S) >= p(a(N)) a(S) = x(S). Shapley's value (Shapley 1953) is in it for sure only where the game is concave, which tier
prices for all units are not; so it is offered only after the check.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial

from gaoyuan.errors import InputError
from gaoyuan.exchange.pools.clearing import Clearing
from gaoyuan.exchange.pools.model import Schedule

__all__ = ["MOST_MEMBERS", "blocking_group", "group_cost", "shapley_in_core", "shapley_shares"]

MOST_MEMBERS = 16
"""Up to how many members all groups are tried: 65,535 of them."""


def group_cost(schedule: Schedule, volume: int) -> Fraction | None:
    """Give what a group pays by itself for a volume, in yuan; None where it has no way to buy it.

    A group may also buy at the list price, and takes what is cheaper; packs are bought whole.
    """
    if volume == 0:
        return Fraction(0)
    ways = []
    packed = schedule.in_packs(volume, up=True)
    if packed >= schedule.minimum and (schedule.cap is None or packed <= schedule.cap):
        ways.append(schedule.cost(packed))
    if schedule.list_price is not None:
        ways.append(Fraction(schedule.list_price) * volume)
    return min(ways, default=None)


def blocking_group(schedule: Schedule, quantities: Sequence[int], shares: Sequence[Fraction]) -> tuple[int, ...] | None:
    """Give the places of a smallest group that would pay less by itself than its shares; None in the core.

    `quantities` are what each member gets, `shares` what each pays in yuan. That the shares sum to the cost is for the
    caller to see. Raises InputError for more than `MOST_MEMBERS` members.

    >>> from decimal import Decimal
    >>> from gaoyuan.exchange.pools.model import Tier
    >>> schedule = Schedule((Tier(1, Decimal(10)), Tier(10, Decimal(8))))
    >>> blocking_group(schedule, [10, 5], [Fraction(80), Fraction(40)]) is None
    True
    >>> blocking_group(schedule, [10, 5], [Fraction(85), Fraction(35)])
    (0,)
    """
    _few_enough(quantities)
    places = range(len(quantities))
    for size in range(1, len(quantities) + 1):
        for group in combinations(places, size):
            cost = group_cost(schedule, sum(quantities[place] for place in group))
            if cost is not None and cost < sum((shares[place] for place in group), Fraction(0)):
                return group
    return None


def shapley_shares(schedule: Schedule, quantities: Sequence[int]) -> tuple[Fraction, ...] | None:
    """Give the Shapley value of each member: its added cost, averaged over all orders of joining.

    Exact, by groups. None where some group has no way to buy, so that its cost is unknown. Raises InputError for more
    than `MOST_MEMBERS` members.

    >>> from decimal import Decimal
    >>> from gaoyuan.exchange.pools.model import Tier
    >>> shapley_shares(Schedule((Tier(1, Decimal(10)), Tier(10, Decimal(8)))), [10, 5])
    (Fraction(75, 1), Fraction(45, 1))
    """
    _few_enough(quantities)
    count = len(quantities)
    volumes = [0] * (1 << count)
    costs: list[Fraction] = [Fraction(0)] * (1 << count)
    for group in range(1, 1 << count):
        lowest = (group & -group).bit_length() - 1
        volumes[group] = volumes[group & (group - 1)] + quantities[lowest]
        cost = group_cost(schedule, volumes[group])
        if cost is None:
            return None
        costs[group] = cost
    weights = [Fraction(factorial(size) * factorial(count - size - 1), factorial(count)) for size in range(count)]
    return tuple(
        sum(
            (
                weights[group.bit_count()] * (costs[group | 1 << place] - costs[group])
                for group in range(1 << count)
                if not group >> place & 1
            ),
            Fraction(0),
        )
        for place in range(count)
    )


def shapley_in_core(clearing: Clearing) -> tuple[Fraction, ...] | None:
    """Give Shapley shares of a cleared pool, by its shares' order, where no group would block them; else None."""
    quantities = [share.quantity for share in clearing.shares]
    if clearing.outcome != "cleared":
        return None
    shares = shapley_shares(clearing.schedule, quantities)
    if shares is None or blocking_group(clearing.schedule, quantities, shares) is not None:
        return None
    return shares


def _few_enough(quantities: Sequence[int]) -> None:
    if len(quantities) > MOST_MEMBERS:
        raise InputError(
            f"{len(quantities)} members have too many groups to try",
            mend=f"Ask for at most {MOST_MEMBERS} members; an equal price is in the core for any number.",
            zh=f"{len(quantities)} 家企业的组合太多",
            mend_zh=f"最多 {MOST_MEMBERS} 家；统一价对任意多家都在核心内",
        )
