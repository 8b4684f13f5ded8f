"""Amounts of the database in yuan, and of the ledgers' arithmetic in fen."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["to_fen", "to_yuan"]


def to_fen(amount: Decimal) -> int:
    """Give an amount of whole fen in fen.

    >>> to_fen(Decimal("12.30"))
    1230
    """
    return int(amount * 100)


def to_yuan(fen: int) -> Decimal:
    """Give fen in yuan.

    >>> to_yuan(1230)
    Decimal('12.30')
    """
    return Decimal(fen).scaleb(-2)
