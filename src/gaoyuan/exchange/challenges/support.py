"""Support money of the office for a challenge: its own record, apart from what the firm pays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gaoyuan.exchange.challenges.need import ChallengeInvalid

__all__ = ["Payment", "SupportBalance", "support_balance"]


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that was paid (positive) or taken back (negative), in yuan to the fen, when, and why."""

    amount: Decimal
    when: dt.datetime
    why: str

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount != self.amount.quantize(Decimal("0.01")) or not self.amount:
            raise ChallengeInvalid(f"{self.amount} is no sum in yuan and fen", zh=f"{self.amount} 不是以分为单位的金额")
        if not self.why.strip():
            raise ChallengeInvalid("a payment without its reason", zh="拨付须写明理由")


@dataclass(frozen=True, slots=True)
class SupportBalance:
    """What was granted, paid and is left, in yuan."""

    granted: Decimal
    paid: Decimal
    left: Decimal


def support_balance(granted: Decimal, payments: Sequence[Payment]) -> SupportBalance:
    """Add up payments against a grant. Raises ChallengeInvalid where at any moment more had been paid than granted, or
    more taken back than paid.

    >>> paid = [Payment(Decimal("60000"), dt.datetime(2026, 5, 1), "第一个里程碑")]
    >>> support_balance(Decimal("100000"), paid).left
    Decimal('40000')
    """
    sum_paid = Decimal(0)
    for payment in sorted(payments, key=lambda one: one.when):
        sum_paid += payment.amount
        if sum_paid > granted:
            raise ChallengeInvalid(
                f"{sum_paid} yuan paid by {payment.when:%Y-%m-%d}, granted are {granted}",
                zh=f"截至 {payment.when:%Y-%m-%d} 已拨付 {sum_paid} 元，超过核定的 {granted} 元",
            )
        if sum_paid < 0:
            raise ChallengeInvalid(
                f"more was taken back than paid by {payment.when:%Y-%m-%d}",
                zh=f"截至 {payment.when:%Y-%m-%d} 收回的多于拨付的",
            )
    return SupportBalance(granted, sum_paid, granted - sum_paid)
