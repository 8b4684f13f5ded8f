"""Sharing a whole amount in whole parts: the method of the largest remainder (Hamilton's, Hare–Niemeyer)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

__all__ = ["from_fen", "share_out", "to_fen"]


def share_out(total: int, weights: Sequence[Fraction | int]) -> tuple[int, ...]:
    """Share `total` in whole parts in proportion to weights that are not negative, to the last unit.

    Each part is its exact share rounded down or up; what is left over goes to the largest remainders, of equal ones to
    the earlier. Raises ValueError where all weights are zero and the total is not.

    >>> share_out(10, [1, 1, 1]), share_out(5, [3, 0, 7])
    ((4, 3, 3), (2, 0, 3))
    """
    whole = sum(weights, Fraction(0))
    if whole == 0:
        if total:
            raise ValueError("nobody has a weight to share by")
        return (0,) * len(weights)
    exact = [Fraction(total) * weight / whole for weight in weights]
    parts = [int(share) for share in exact]
    order = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[: total - sum(parts)]:
        parts[at] += 1
    return tuple(parts)


def to_fen(amount: Fraction) -> int:
    """Round an amount in yuan that is not negative to whole fen, halves up.

    >>> to_fen(Fraction(Decimal("1.005"))), to_fen(Fraction(1, 3))
    (101, 33)
    """
    return int(amount * 100 + Fraction(1, 2))


def from_fen(fen: int) -> Decimal:
    """Give whole fen in yuan.

    >>> from_fen(1234)
    Decimal('12.34')
    """
    return Decimal(fen).scaleb(-2)
