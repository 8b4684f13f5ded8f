"""What a route saves, and what each of its loads pays of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from gaoyuan.exchange.freight.alone import alone_cost_fen
from gaoyuan.exchange.freight.model import Freight
from gaoyuan.exchange.freight.plan import Route, cost_fen, stop_of

__all__ = ["Ways", "load_prices_fen", "share_fen", "ways_of"]


@dataclass(frozen=True, slots=True)
class Ways:
    """How far a vehicle drives, how far of it empty, and the same if it carried each of its loads alone, in metres."""

    metres: int
    empty: int
    alone: int
    alone_empty: int

    def __add__(self, other: Ways) -> Ways:
        return Ways(
            self.metres + other.metres,
            self.empty + other.empty,
            self.alone + other.alone,
            self.alone_empty + other.alone_empty,
        )


def ways_of(route: Route, freight: Freight) -> Ways:
    """Measure a route, and the same vehicle carrying each load from its start and back alone."""
    vehicle, metres = freight.vehicle_of[route.vehicle], freight.travel.metres
    place, board, empty = vehicle.start, 0, 0
    for visit in route.visits:
        then = stop_of(freight, visit).place
        empty += 0 if board else int(metres[place, then])
        board += 1 if visit.kind == "pickup" else -1
        place = then
    if vehicle.end is not None:
        empty += int(metres[place, vehicle.end])
    alone = alone_empty = 0
    for key in route.loads:
        load = freight.load_of[key]
        there = int(metres[vehicle.start, load.pickup.place])
        back = 0 if vehicle.end is None else int(metres[load.delivery.place, vehicle.end])
        alone_empty += there + back
        alone += there + back + int(metres[load.pickup.place, load.delivery.place])
    return Ways(route.metres, empty, alone, alone_empty)


def load_prices_fen(route: Route, freight: Freight) -> dict[str, int] | None:
    """Share what a route costs among its loads, in proportion to what each would cost alone on the same vehicle and
    never above what it pays at most. None where all that they pay does not cover the route.

    So nobody pays more than alone as long as the route costs no more than its loads do one by one.
    """
    vehicle = freight.vehicle_of[route.vehicle]
    alone = [max(alone_cost_fen(freight.load_of[key], vehicle, freight) or 0.0, 1.0) for key in route.loads]
    shares = share_fen(round(cost_fen(route, freight)), alone, [freight.load_of[key].pay for key in route.loads])
    return None if shares is None else dict(zip(route.loads, shares, strict=True))


def share_fen(total: int, weights: Sequence[float], limits: Sequence[int | None]) -> list[int] | None:
    """Share whole fen in proportion to weights, none above its limit; what one may not pay the others do. The rest of
    rounding goes to the largest remainders. None where the limits do not add up to the total.

    >>> share_fen(100, [1, 1, 2], [None, 10, None])
    [30, 10, 60]
    >>> share_fen(100, [1, 1], [30, 60]) is None
    True
    """
    shares = [0.0] * len(weights)
    capped: set[int] = set()
    while True:
        left = total - sum(limits[at] or 0 for at in capped)
        free = [at for at in range(len(weights)) if at not in capped]
        whole = sum(weights[at] for at in free)
        for at in free:
            shares[at] = left * weights[at] / whole
        over = {at for at in free if (limit := limits[at]) is not None and shares[at] > limit}
        if not over:
            break
        capped |= over
        for at in over:
            shares[at] = float(limits[at] or 0)
    if not free and sum(limits[at] or 0 for at in capped) < total:
        return None
    rounded = [floor(share) for share in shares]
    by_remainder = sorted(
        (at for at in range(len(shares)) if (limit := limits[at]) is None or rounded[at] < limit),
        key=lambda at: (rounded[at] - shares[at], at),
    )
    for at in by_remainder[: total - sum(rounded)]:
        rounded[at] += 1
    return rounded if sum(rounded) == total else None
