"""Peers: where a figure stands among those of others, told only where there are enough that it is nobody's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["FEWEST_PEERS", "PEER_FIGURES", "Quartiles", "quartiles"]

FEWEST_PEERS = 10
"""Of fewer peers no figure is given at all."""

PEER_FIGURES = ("months_with_sales", "growth_bp", "customers", "largest_customer_bp", "three_largest_bp", "hhi_bp")
"""The figures that peers are compared by: those that `pack.figures.sales_figures` gives of anybody's sales."""


@dataclass(frozen=True, slots=True)
class Quartiles:
    """The quartiles of a figure among peers, and in which quarter (1 to 4, None: unknown) the enterprise's own lies."""

    lower: int
    median: int
    upper: int
    quarter: int | None


def quartiles(peers: Sequence[int | None], own: int | None) -> Quartiles | None:
    """Give the quartiles of a figure, rounded half up, and where the enterprise's own stands; None for too few peers.

    Peers of whom the figure is unknown do not count. Quartiles are interpolated between the two nearest values (Hyndman
    and Fan 1996, definition 7, as spreadsheets do). The own figure is no peer.

    >>> quartiles(list(range(1, 12)), 9)
    Quartiles(lower=4, median=6, upper=9, quarter=3)
    >>> quartiles([1, 2, 3, None, 4, 5, 6, 7, 8, 9], 5) is None
    True
    """
    known = sorted(one for one in peers if one is not None)
    if len(known) < FEWEST_PEERS:
        return None
    lower, median, upper = (_quantile(known, part) for part in (1, 2, 3))
    quarter = None if own is None else 1 + sum(own > cut for cut in (lower, median, upper))
    return Quartiles(lower, median, upper, quarter)


def _quantile(known: Sequence[int], quarters: int) -> int:
    """Interpolate at so many quarters of the way, in whole numbers."""
    place, rest = divmod((len(known) - 1) * quarters, 4)
    if not rest:
        return known[place]
    # Four times the value between two, then rounded half up.
    fourfold = known[place] * (4 - rest) + known[place + 1] * rest
    return (fourfold + 2) // 4
