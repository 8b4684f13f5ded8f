"""Routes as arrays, and the least changes to them: a load is put where it costs least, or taken out."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

__all__ = [
    "Asked", "Flags", "Floats", "Longs", "Routes", "cheapest_insertion", "copy_all", "copy_route", "cost_of", "measure",
    "no_routes", "put_load", "put_route", "take_load",
]  # fmt: skip

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_BLINK = 0.01


class Asked(NamedTuple):
    """What is asked. Places are numbered: `first` depots, then pick-up and delivery of each load by turns, and where
    open routes end. By place: `metres`, `seconds`, `early`, `late`, `service`. By load: `amounts` (loads, dimensions)
    and `prize`, lost where it stays behind. By kind of vehicle: the number, the ends as places, capacity, times,
    costs, and the loads that it may carry.
    """

    first: int
    metres: Longs
    seconds: Longs
    early: Longs
    late: Longs
    service: Longs
    amounts: Longs
    prize: Floats
    number: Longs
    start: Longs
    end: Longs
    capacity: Longs
    begins: Longs
    ends: Longs
    longest: Longs
    fixed: Floats
    per_metre: Floats
    per_second: Floats
    allowed: Flags


class Routes(NamedTuple):
    """Routes side by side: places in their order, and of each when it is left, the latest that handing over may begin,
    and what is on board afterwards. `of` is each load's route, −1 where it has none.
    """

    places: Longs
    length: Longs
    kind: Longs
    leaves: Longs
    latest: Longs
    board: Longs
    metres: Longs
    cost: Floats
    of: Longs
    used: Longs


def no_routes(asked: Asked, slots: int) -> Routes:
    """Give room for so many routes."""
    loads, dimensions = asked.amounts.shape
    size = (slots, 2 * loads + 2)

    def whole(*shape: int) -> Longs:
        return np.zeros(shape, dtype=np.int64)

    return Routes(
        whole(*size), whole(slots), whole(slots), whole(*size), whole(*size), whole(*size, dimensions), whole(slots),
        np.zeros(slots), np.full(loads, -1, dtype=np.int64), whole(len(asked.number)),
    )  # fmt: skip


@nb.njit(cache=True)
def measure(asked: Asked, routes: Routes, at: int) -> None:
    """Write down the times, what is on board, and the cost of a route."""
    kind, count = routes.kind[at], routes.length[at]
    if not count:
        routes.metres[at], routes.cost[at] = 0, 0.0
        return
    place, now, metres, seconds = asked.start[kind], asked.begins[kind], 0, 0
    for step in range(count):
        then = routes.places[at, step]
        metres += asked.metres[place, then]
        seconds += asked.seconds[place, then]
        now = max(now + asked.seconds[place, then], asked.early[then]) + asked.service[then]
        routes.leaves[at, step] = now
        load, sign = (then - asked.first) // 2, 1 - 2 * ((then - asked.first) % 2)
        for one in range(asked.amounts.shape[1]):
            before = routes.board[at, step - 1, one] if step else 0
            routes.board[at, step, one] = before + sign * asked.amounts[load, one]
        place = then
    metres += asked.metres[place, asked.end[kind]]
    seconds += asked.seconds[place, asked.end[kind]]
    latest, then = asked.ends[kind], asked.end[kind]
    for step in range(count - 1, -1, -1):
        place = routes.places[at, step]
        latest = min(asked.late[place], latest - asked.seconds[place, then] - asked.service[place])
        routes.latest[at, step] = latest
        then = place
    routes.metres[at] = metres
    routes.cost[at] = asked.fixed[kind] + asked.per_metre[kind] * metres + asked.per_second[kind] * seconds


@nb.njit(cache=True)
def copy_route(source: Routes, target: Routes, at: int) -> None:
    """Make one route of `target` that of `source`."""
    count = source.length[at]
    target.length[at], target.kind[at] = count, source.kind[at]
    target.metres[at], target.cost[at] = source.metres[at], source.cost[at]
    target.places[at, :count] = source.places[at, :count]
    target.leaves[at, :count] = source.leaves[at, :count]
    target.latest[at, :count] = source.latest[at, :count]
    target.board[at, :count] = source.board[at, :count]


@nb.njit(cache=True)
def copy_all(source: Routes, target: Routes) -> None:
    """Make `target` what `source` is."""
    for at in range(len(source.length)):
        copy_route(source, target, at)
    target.of[:] = source.of
    target.used[:] = source.used


@nb.njit(cache=True)
def cost_of(asked: Asked, routes: Routes) -> float:
    """Give what all routes cost, and what is lost by loads that stay behind."""
    total = routes.cost.sum()
    for load in range(len(asked.prize)):
        if routes.of[load] < 0:
            total += asked.prize[load]
    return total


@nb.njit(cache=True)
def _fits(asked: Asked, kind: int, board: Longs, load: int) -> bool:
    for one in range(asked.amounts.shape[1]):
        if board[one] + asked.amounts[load, one] > asked.capacity[kind, one]:
            return False
    return True


@nb.njit(cache=True)
def _way(asked: Asked, kind: int, one: int, other: int) -> float:
    return asked.per_metre[kind] * asked.metres[one, other] + asked.per_second[kind] * asked.seconds[one, other]


@nb.njit(cache=True)
def cheapest_insertion(
    asked: Asked, routes: Routes, at: int, kind: int, load: int, most: float, chance: np.random.Generator
) -> tuple[float, int, int]:
    """Give the cheapest way to put a load into a route that costs less than `most`: cost, and after how many of the
    route's stops it is picked up and delivered; −1 where there is none.
    """
    count = routes.length[at]
    pick, drop = asked.first + 2 * load, asked.first + 2 * load + 1
    found, first, second = most, -1, -1
    end, room = asked.end[kind], asked.longest[kind] - routes.metres[at]
    before, leaves = asked.start[kind], asked.begins[kind]
    for step in range(count + 1):
        if step:
            before, leaves = routes.places[at, step - 1], routes.leaves[at, step - 1]
        begins = max(leaves + asked.seconds[before, pick], asked.early[pick])
        if begins > asked.late[pick]:
            break
        if step and not _fits(asked, kind, routes.board[at, step - 1], load):
            continue
        then = routes.places[at, step] if step < count else end
        skipped = _way(asked, kind, before, then) if count else 0.0
        detour = _way(asked, kind, before, pick) + _way(asked, kind, pick, then) - skipped
        now, last = begins + asked.service[pick], pick
        if step < count and detour >= found:
            continue
        for later in range(step, count + 1):
            then = routes.places[at, later] if later < count else end
            begins = max(now + asked.seconds[last, drop], asked.early[drop])
            if begins > asked.late[drop]:
                break
            allowed = routes.latest[at, later] if later < count else asked.ends[kind]
            if begins + asked.service[drop] + asked.seconds[drop, then] <= allowed and chance.random() >= _BLINK:
                if later == step:
                    way = (
                        _way(asked, kind, before, pick) + _way(asked, kind, pick, drop) + _way(asked, kind, drop, then)
                    )
                    cost = way - skipped
                    metres = asked.metres[before, pick] + asked.metres[pick, drop] + asked.metres[drop, then]
                    metres -= asked.metres[before, then] if count else 0
                else:
                    way = _way(asked, kind, last, drop) + _way(asked, kind, drop, then)
                    cost = detour + way - _way(asked, kind, last, then)
                    after = routes.places[at, step]
                    metres = asked.metres[before, pick] + asked.metres[pick, after] - asked.metres[before, after]
                    metres += asked.metres[last, drop] + asked.metres[drop, then] - asked.metres[last, then]
                if cost < found and metres <= room:
                    found, first, second = cost, step, later
            if later == count:
                break
            begins = max(now + asked.seconds[last, then], asked.early[then])
            if begins > routes.latest[at, later] or not _fits(asked, kind, routes.board[at, later], load):
                break
            now, last = begins + asked.service[then], then
    return found, first, second


@nb.njit(cache=True)
def put_load(asked: Asked, routes: Routes, at: int, load: int, first: int, second: int) -> None:
    """Put a load into a route, where `cheapest_insertion` has said."""
    count = routes.length[at]
    for step in range(count - 1, second - 1, -1):
        routes.places[at, step + 2] = routes.places[at, step]
    for step in range(second - 1, first - 1, -1):
        routes.places[at, step + 1] = routes.places[at, step]
    routes.places[at, first] = asked.first + 2 * load
    routes.places[at, second + 1] = asked.first + 2 * load + 1
    routes.length[at] = count + 2
    routes.of[load] = at
    measure(asked, routes, at)


@nb.njit(cache=True)
def take_load(asked: Asked, routes: Routes, load: int) -> None:
    """Take a load out of its route; `measure` has to follow."""
    at, kept = routes.of[load], 0
    for step in range(routes.length[at]):
        if (routes.places[at, step] - asked.first) // 2 != load:
            routes.places[at, kept] = routes.places[at, step]
            kept += 1
    routes.length[at] = kept
    routes.of[load] = -1
    if not kept:
        routes.used[routes.kind[at]] -= 1


@nb.njit(cache=True)
def put_route(asked: Asked, routes: Routes, at: int, kind: int, places: Longs) -> None:
    """Write a route down as it is."""
    routes.kind[at], routes.length[at] = kind, len(places)
    routes.places[at, : len(places)] = places
    routes.used[kind] += 1
    for place in places:
        routes.of[(place - asked.first) // 2] = at
    measure(asked, routes, at)
