"""Settling a pool by what was delivered: less comes, and the rule fixed at the opening says at which price."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from gaoyuan.errors import InputError
from gaoyuan.exchange.pools.clearing import Clearing, Share
from gaoyuan.exchange.pools.rounding import from_fen, share_out, to_fen
from gaoyuan.exchange.pools.withdrawal import Withdrawal, charge_withdrawals

__all__ = ["Settlement", "ordered_volume", "settle_after_withdrawals", "settle_pool"]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What everyone owes in the end: the shares of those who stayed, the charges of those who withdrew, the supplier's
    invoice that both cover to the fen, and the units of the last pack that are nobody's.
    """

    shares: tuple[Share, ...]
    charges: tuple[Withdrawal, ...]
    invoice: Decimal
    surplus: int


def settle_pool(clearing: Clearing, delivered: int) -> tuple[Share, ...]:
    """Give the shares of a cleared pool when `delivered` of its volume has come, in the clearing's order.

    The goods are shared in proportion to what each was to get, by largest remainder; nobody gets more. Under the rule
    "keep_price" the tier stays (the supplier is short), under "recompute" the tier of the delivered volume holds, but
    for nobody above its limit: the excess is the supplier's. The fixed cost is shared by what was delivered. Bills sum
    to the new invoice to the fen.

    A pool that fell back to the list price settles at it, each share by itself. Raises InputError for more than was
    ordered, or a pool that bought nothing.

    >>> from decimal import Decimal
    >>> from gaoyuan.exchange.pools import Member, Schedule, Tier, clear_pool
    >>> schedule = Schedule((Tier(1, Decimal(10)), Tier(100, Decimal(8))))
    >>> pool = clear_pool([Member("甲", 60, Decimal(12)), Member("乙", 50, Decimal(12))], schedule)
    >>> [(share.quantity, str(share.bill)) for share in settle_pool(pool, 55)]
    [(30, '240.00'), (25, '200.00')]
    """
    return settle_after_withdrawals(clearing, (), delivered).shares


def ordered_volume(clearing: Clearing, names: Sequence[str]) -> int:
    """Give what the supplier is asked for once the members named have withdrawn after the deadline, in whole packs."""
    if clearing.outcome not in ("cleared", "fallen_back"):
        return 0
    gone = {one.name for one in charge_withdrawals(clearing, names) if not one.keeps_goods}
    kept = sum(share.quantity for share in clearing.shares if share.member.name not in gone)
    return clearing.schedule.in_packs(kept, up=True) if clearing.outcome == "cleared" else kept


def settle_after_withdrawals(clearing: Clearing, names: Sequence[str], delivered: int) -> Settlement:
    """Settle a pool from which the members named have withdrawn after the deadline, in their order, when `delivered` of
    what was then ordered has come.

    Those who stayed pay as if nobody had left: after a full delivery their bills of the clearing, after a partial one
    as in `settle_pool`, with what was withdrawn counted as delivered. What is then missing to the supplier's invoice is
    the charge of those who left, at most what it was when they did.

    >>> from gaoyuan.exchange.pools import Member, Schedule, Tier, clear_pool
    >>> schedule = Schedule((Tier(1, Decimal(10)), Tier(100, Decimal(8))))
    >>> pool = clear_pool([Member("甲", 60, Decimal(12)), Member("乙", 50, Decimal(12))], schedule)
    >>> done = settle_after_withdrawals(pool, ["乙"], 60)
    >>> str(done.invoice), [str(share.bill) for share in done.shares], [str(one.charge) for one in done.charges]
    ('600.00', ['480.00'], ['120.00'])
    """
    ordered = ordered_volume(clearing, names)
    if clearing.outcome not in ("cleared", "fallen_back") or not 0 <= delivered <= ordered:
        raise InputError(
            f"{delivered} cannot have been delivered of {ordered}",
            mend="Give what was delivered of the ordered volume.",
            zh=f"交货量 {delivered} 与订货量 {ordered} 不符",
            mend_zh="填写实际交货量",
        )
    charges = charge_withdrawals(clearing, names)
    gone = {one.name for one in charges if not one.keeps_goods}
    staying = [share for share in clearing.shares if share.member.name not in gone]
    if delivered == 0:
        return Settlement((), tuple(replace(one, charge=Decimal("0.00")) for one in charges), from_fen(0), 0)
    shared = min(delivered, sum(share.quantity for share in staying))
    quantities = share_out(shared, [share.quantity for share in staying])
    shares = staying if delivered == ordered else _of_delivered(clearing, staying, quantities, delivered, ordered)
    billed = _fen(share.bill for share in shares)
    charged = _of_withdrawn(clearing, charges, delivered, ordered, billed)
    invoice = from_fen(billed + _fen(one.charge for one in charged if not one.keeps_goods))
    return Settlement(tuple(share for share in shares if share.quantity), charged, invoice, delivered - shared)


def _of_delivered(
    clearing: Clearing, staying: Sequence[Share], quantities: Sequence[int], delivered: int, ordered: int
) -> list[Share]:
    schedule = clearing.schedule
    if clearing.outcome == "fallen_back":
        parts = [clearing.price * quantity for quantity in quantities]
        bills = [to_fen(part) for part in parts]
    else:
        # Who stays pays as if those who left had taken theirs.
        counted = delivered + clearing.volume - ordered
        tier_of = clearing.volume if schedule.on_shortfall == "keep_price" else counted
        price = schedule.unit_price(tier_of) + Fraction(schedule.fixed_cost) / counted
        parts = [
            min(price, max(Fraction(share.member.limit), clearing.price)) * quantity
            for share, quantity in zip(staying, quantities, strict=True)
        ]
        bills = list(share_out(to_fen(sum(parts, Fraction(0))), parts))
    return [
        Share(share.member, quantity, part, from_fen(fen))
        for share, quantity, part, fen in zip(staying, quantities, parts, bills, strict=True)
    ]


def _of_withdrawn(
    clearing: Clearing, charges: Sequence[Withdrawal], delivered: int, ordered: int, billed: int
) -> tuple[Withdrawal, ...]:
    leaving = [0 if one.keeps_goods else _fen([one.charge]) for one in charges]
    most = sum(leaving)
    if not most:
        return tuple(charges)
    schedule = clearing.schedule
    tier_of = ordered if schedule.on_shortfall == "keep_price" else delivered
    invoice = to_fen(schedule.unit_price(tier_of) * delivered + Fraction(schedule.fixed_cost))
    parts = share_out(min(max(invoice - billed, 0), most), leaving)
    return tuple(
        one if one.keeps_goods else replace(one, charge=from_fen(part))
        for one, part in zip(charges, parts, strict=True)
    )


def _fen(amounts: Iterable[Decimal]) -> int:
    return int(sum(amounts, Decimal(0)) * 100)
