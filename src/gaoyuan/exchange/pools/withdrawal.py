"""Withdrawing after the deadline: who leaves pays what the others would lose by it, so that no other bill changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gaoyuan.errors import NotFound
from gaoyuan.exchange.pools.clearing import Clearing, Share
from gaoyuan.exchange.pools.model import Schedule
from gaoyuan.exchange.pools.rounding import from_fen, share_out, to_fen

__all__ = ["Withdrawal", "charge_withdrawals"]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a withdrawal costs who withdraws, in yuan. With `keeps_goods` the goods are bought for it all the same and
    the charge is its bill, because leaving would cost it more or would break the pool's minimum.
    """

    name: str
    charge: Decimal
    keeps_goods: bool
    zh: str
    en: str


def charge_withdrawals(clearing: Clearing, names: Sequence[str]) -> tuple[Withdrawal, ...]:
    """Charge members of a cleared pool who withdraw after the deadline, in the order in which they do.

    Each pays by how much its leaving raises what is missing: the supplier's invoice for what is then still bought, less
    the bills of those who stay. Where that falls again, because a later one leaves too and no longer has to be made
    whole, the excess goes back to those who paid, in proportion: a charge only falls when more leave. Bills and charges
    cover the new invoice, to the fen but for fen that the sharing of the old one left. Packs stay whole.

    From a pool that fell back to the list price everyone leaves for nothing, for each buys for itself. Raises NotFound
    for who has no share.

    >>> from gaoyuan.exchange.pools.clearing import clear_pool
    >>> from gaoyuan.exchange.pools.model import Member, Schedule, Tier
    >>> schedule = Schedule((Tier(1, Decimal(10)), Tier(100, Decimal(8))))
    >>> pool = clear_pool([Member("甲", 60, Decimal(12)), Member("乙", 50, Decimal(12))], schedule)
    >>> [(one.name, str(one.charge)) for one in charge_withdrawals(pool, ["乙"])]
    [('乙', '120.00')]
    """
    staying = {share.member.name: share for share in clearing.shares}
    alone = clearing.outcome == "fallen_back"
    asked: set[str] = set()
    charges: dict[str, int] = {}
    keeps: set[str] = set()
    most = missing = 0
    for name in names:
        if name not in staying or name in asked:
            raise NotFound(
                f"{name} has no share to withdraw",
                mend="Check the name and the outcome of the pool.",
                zh=f"{name} 没有可退出的份额",
                mend_zh="核对企业名称和出清结果",
            )
        asked.add(name)
        own = staying.pop(name)
        if alone:
            charges[name] = 0
            continue
        then = _missing(clearing.schedule, list(staying.values()))
        bill = _fen(own.bill)
        if then is None or then - most >= bill:
            staying[name] = own
            keeps.add(name)
            charges[name] = bill
            continue
        missing = then
        charges[name] = max(missing - most, 0)
        most = max(most, missing)
    if alone:
        return tuple(Withdrawal(name, from_fen(0), False, *_ALONE) for name in names)
    leaving = [name for name in names if name not in keeps]
    back = share_out(most - missing, [charges[name] for name in leaving])
    charges |= {name: charges[name] - fen for name, fen in zip(leaving, back, strict=True)}
    return tuple(
        Withdrawal(name, from_fen(charges[name]), name in keeps, *(_KEEPS if name in keeps else _LEAVES))
        for name in names
    )


_KEEPS = ("按原账单付款，货物仍归其所有", "pays its bill and keeps the goods")
_ALONE = ("按零售价各自购买，退出不收费", "each buys for itself at the list price; leaving costs nothing")
_LEAVES = ("付清差额后退出，其他成员账单不变", "leaves for the difference; no other bill changes")


def _missing(schedule: Schedule, staying: Sequence[Share]) -> int | None:
    """Give how many fen the bills of those who stay lack to the invoice for their goods, None under the minimum."""
    volume = schedule.in_packs(sum(share.quantity for share in staying), up=True)
    if volume < schedule.minimum:
        return None
    return max(to_fen(schedule.cost(volume)) - sum(_fen(share.bill) for share in staying), 0)


def _fen(amount: Decimal) -> int:
    return int(amount * 100)
