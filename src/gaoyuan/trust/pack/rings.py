"""Signs of self-dealing among trades: partners on both sides, mirrored pairs, rings.

Firms that sell to one another in a circle raise everybody's turnover and nobody's business. Such trades leave traces in
the shape of the network: two firms that are customer and supplier of one another, sales and purchases of the same
amount within days, chains that end where they began. None is a proof, as honest neighbours trade both ways too; all are
figures for somebody who then asks (compare the tests for wash trading in Victor & Weintraud, "Detecting and quantifying
wash trading", WWW 2021, which look for cycles and for positions that return to where they were).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gaoyuan.trust.pack.trades import Trade

__all__ = ["Overlap", "mirrored_pairs", "overlap", "rings"]

MIRROR_DAYS = 30
"""A sale and a purchase that lie further apart are no mirrored pair."""

MIRROR_SHARE = 100
"""The amounts of a mirrored pair differ by at most one part in so many."""

MAX_RINGS = 1000
"""So many are counted at most."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Partners who both buy and sell, and the smaller of the two flows with each, in fen."""

    partners: int
    both_ways: int


def overlap(trades: Iterable[Trade]) -> Overlap:
    """Measure how much of a firm's trade goes both ways with the same partners."""
    flows: dict[str, list[int]] = {}
    for one in trades:
        flow = flows.setdefault(one.partner, [0, 0])
        flow[one.sold] += one.amount or 0
    both = [min(flow) for flow in flows.values() if min(flow) > 0]
    return Overlap(len(both), sum(both))


def mirrored_pairs(trades: Iterable[Trade]) -> int:
    """Count pairs of a sale to a partner and a purchase from it, of nearly one amount within thirty days; each trade is
    in one pair at most. Both sides are walked by amount, then day, and what fits nothing yet to come is left behind.
    """
    flows: dict[str, tuple[list[Trade], list[Trade]]] = {}
    for one in trades:
        if one.amount:
            flows.setdefault(one.partner, ([], []))[one.sold].append(one)
    return sum(_pairs(sorted(bought, key=_order), sorted(sold, key=_order)) for bought, sold in flows.values())


def rings(edges: Mapping[str, Iterable[str]], longest: int = 4, through: str | None = None) -> list[tuple[str, ...]]:
    """Find the rings of 2 to `longest` sellers, each of whom sells to the next and the last to the first.

    Each ring is found once, from its smallest name, or from `through`, where only the rings that it is in are asked
    for. Shorter ones come first; at most a thousand are found.

    >>> rings({"a": ["b"], "b": ["a", "c"], "c": ["a"]})
    [('a', 'b'), ('a', 'b', 'c')]
    >>> rings({"a": ["b"], "b": ["a", "c"], "c": ["a"]}, through="c")
    [('c', 'a', 'b')]
    """
    following = {one: sorted(set(others) - {one}) for one, others in edges.items()}
    found: list[tuple[str, ...]] = []
    before: dict[str, set[str]] = {}
    for one, others in following.items():
        for other in others:
            before.setdefault(other, set()).add(one)
    for start in sorted(following) if through is None else [through]:
        paths: deque[tuple[str, ...]] = deque([(start,)])
        closing = before.get(start, set())
        while paths and len(found) < MAX_RINGS:
            path = paths.popleft()
            for after in following.get(path[-1], ()):
                if after == start and len(path) > 1:
                    found.append(path)
                    continue
                # Of the last firms only those are walked to that lead back.
                leads = len(path) + 1 < longest or (len(path) < longest and after in closing)
                if leads and (through is not None or after > start) and after not in path:
                    paths.append((*path, after))
    return found[:MAX_RINGS]


def _pairs(bought: Sequence[Trade], sold: Sequence[Trade]) -> int:
    found = at = other = 0
    while at < len(bought) and other < len(sold):
        one, two = bought[at], sold[other]
        less, more = sorted((one.amount or 0, two.amount or 0))
        alike = (more - less) * MIRROR_SHARE <= more
        if alike and abs((one.on - two.on).days) <= MIRROR_DAYS:
            found, at, other = found + 1, at + 1, other + 1
        elif (one.on < two.on) if alike else (one.amount or 0) < (two.amount or 0):
            at += 1
        else:
            other += 1
    return found


def _order(trade: Trade) -> tuple[int, str, int]:
    return trade.amount or 0, trade.on.isoformat(), trade.record.index
