"""Settling a pool by what was delivered: less comes, and the rule fixed at the opening says at which price."""

from __future__ import annotations

from fractions import Fraction

from gaoyuan.errors import InputError
from gaoyuan.exchange.pools.clearing import Clearing, Share
from gaoyuan.exchange.pools.rounding import from_fen, share_out, to_fen

__all__ = ["settle_pool"]


def settle_pool(clearing: Clearing, delivered: int) -> tuple[Share, ...]:
    """Give the shares of a cleared pool when `delivered` of its volume has come, in the clearing's order.

    The goods are shared in proportion to what each was to get, by largest remainder; nobody gets more. Under the rule
    "keep_price" the tier stays (the supplier is short), under "recompute" the tier of the delivered volume holds, but
    for nobody above its limit: the excess is the supplier's. The fixed cost is shared by what was delivered. Bills sum
    to the new invoice to the fen.

    Raises InputError for more than was ordered, or a pool that was not cleared.

    >>> from decimal import Decimal
    >>> from gaoyuan.exchange.pools import Member, Schedule, Tier, clear_pool
    >>> schedule = Schedule((Tier(1, Decimal(10)), Tier(100, Decimal(8))))
    >>> pool = clear_pool([Member("甲", 60, Decimal(12)), Member("乙", 50, Decimal(12))], schedule)
    >>> [(share.quantity, str(share.bill)) for share in settle_pool(pool, 55)]
    [(30, '240.00'), (25, '200.00')]
    """
    if clearing.outcome != "cleared" or not 0 <= delivered <= clearing.volume:
        raise InputError(
            f"{delivered} cannot have been delivered of {clearing.volume}",
            mend="Give what was delivered of the ordered volume.",
            zh=f"交货量 {delivered} 与订货量 {clearing.volume} 不符",
            mend_zh="填写实际交货量",
        )
    schedule = clearing.schedule
    if delivered == 0:
        return ()
    ordered = [share.quantity for share in clearing.shares]
    quantities = share_out(delivered, ordered)
    tier_of = clearing.volume if schedule.on_shortfall == "keep_price" else delivered
    price = schedule.unit_price(tier_of) + Fraction(schedule.fixed_cost) / delivered
    exact = [
        min(price, max(Fraction(share.member.limit), clearing.price)) * quantity
        for share, quantity in zip(clearing.shares, quantities, strict=True)
    ]
    bills = share_out(to_fen(sum(exact, Fraction(0))), exact)
    return tuple(
        Share(share.member, quantity, part, from_fen(fen))
        for share, quantity, part, fen in zip(clearing.shares, quantities, exact, bills, strict=True)
        if quantity
    )
