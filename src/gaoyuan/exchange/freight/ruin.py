"""Ruin and recreate: routes that lie near one another lose stretches of their stops, and the loads are put back where
they cost least. Fewer vehicles first, then less way.

J. Christiaens and G. Vanden Berghe, Slack Induction by String Removals for Vehicle Routing Problems, Transportation
Science 54 (2020): removal of strings, insertion with blinks, and fewer vehicles by counting how often a load was left
over; here for pairs of stops and vehicles of several kinds. What comes out can be driven; it is where PyVRP goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numba as nb
import numpy as np

from gaoyuan.exchange.freight.route_arrays import (
    Asked,
    Flags,
    Floats,
    Longs,
    Routes,
    cheapest_insertion,
    copy_all,
    copy_route,
    cost_of,
    measure,
    no_routes,
    put_load,
    put_route,
    take_load,
)

__all__ = ["ruin_and_recreate"]

_ROUND = 200
_FLEET_SHARE = 0.85
_FLEET, _COST = 0, 1
_SPLIT, _STAY, _LONGEST, _REMOVED = 0.5, 0.01, 20, 20.0
_WARMEST, _COLDEST = 0.5, 0.005


def ruin_and_recreate(
    asked: Asked,
    share: Callable[[], float],
    seed: int = 1,
    most: int | None = None,
    begin: Sequence[tuple[int, Sequence[int]]] = (),
) -> tuple[list[tuple[int, list[int]]], list[int]]:
    """Give routes as the kind of vehicle with its places, and the loads that no route carries; where it begins is of
    the same form.

    `share` says how much of the time is over, from 0 to 1; at most `most` rounds of some hundred changes are made, with
    0 loads are only put where they cost least.
    """
    loads = len(asked.prize)
    slots = int(min(asked.number.sum(), loads))
    current, candidate, best = (no_routes(asked, slots) for _ in range(3))
    ends = slice(asked.first, asked.first + 2 * loads)
    near = np.argsort(asked.metres[ends, ends], axis=1) + asked.first
    absent = np.ones(loads)
    chance = np.random.default_rng(seed)
    for at, (kind, places) in enumerate(begin):
        put_route(asked, current, at, kind, np.array(places, dtype=np.int64))
    _recreate_all(asked, current, candidate, best, chance)
    leg = max(float(best.cost.sum() - asked.fixed @ best.used), 1.0) / (2 * loads)
    rounds = 0
    for mode, until in ((_FLEET, _FLEET_SHARE), (_COST, 1.0)):
        if mode == _FLEET and not asked.fixed.any():
            continue
        _restore(best, current, candidate)
        began = share() if most is None else max(share(), rounds / max(most, 1))
        while (over := share() if most is None else max(share(), (rounds + (most == 0)) / max(most, 1))) < until:
            done = (over - began) / (until - began)
            warmth = leg * _WARMEST * (_COLDEST / _WARMEST) ** done
            if not _work(asked, current, candidate, best, near, absent, mode, warmth, chance):
                break
            rounds += 1
    routes = [
        (int(best.kind[at]), best.places[at, : best.length[at]].tolist()) for at in range(slots) if best.length[at]
    ]
    return routes, [int(load) for load in np.flatnonzero(best.of < 0)]


@nb.njit(cache=True)
def _restore(best: Routes, current: Routes, candidate: Routes) -> None:
    copy_all(best, current)
    copy_all(best, candidate)


@nb.njit(cache=True)
def _ruin(asked: Asked, routes: Routes, near: Longs, touched: Flags, chance: np.random.Generator) -> None:
    """Take stretches of stops out of routes that pass near one another."""
    running = 0
    for at in range(len(routes.length)):
        running += routes.length[at] > 0
    if not running:
        return
    stops = routes.length.sum()
    longest = min(float(_LONGEST), stops / running)
    most = 4 * _REMOVED / (1 + longest) - 1
    strings, done = int(chance.random() * most + 1), 0
    seed = int(chance.random() * (near.shape[0]))
    ruined = np.zeros(len(routes.length), dtype=np.bool_)
    for number in range(near.shape[1]):
        if done >= strings:
            break
        place = near[seed, number]
        at = int(routes.of[(place - asked.first) // 2])
        if at < 0 or ruined[at]:
            continue
        count = routes.length[at]
        size = int(chance.random() * min(count, longest) + 1)
        kept = 0
        if chance.random() < _SPLIT:
            while size + kept < count and chance.random() > _STAY:
                kept += 1
                if chance.random() < 0.5:
                    break
        where = 0
        while routes.places[at, where] != place:
            where += 1
        lowest = max(0, where - size - kept + 1)
        begin = lowest + int(chance.random() * (min(where, count - size - kept) - lowest + 1))
        hole = begin + (int(chance.random() * (size) if size > 1 else 0))
        gone = routes.places[at, begin : begin + size + kept].copy()
        for one in range(size + kept):
            if not hole < begin + one <= hole + kept:
                load = (gone[one] - asked.first) // 2
                if routes.of[load] == at:
                    take_load(asked, routes, load)
        measure(asked, routes, at)
        ruined[at] = touched[at] = True
        done += 1


@nb.njit(cache=True)
def _order(asked: Asked, chance: np.random.Generator, left: Longs) -> Longs:
    """Give the loads that are left over in an order that is drawn: any, large, far, near, narrow, early or late."""
    drawn = chance.random() * 15
    key = chance.random(len(left))
    for number in range(len(left)):
        load = left[number]
        pick, drop = asked.first + 2 * load, asked.first + 2 * load + 1
        if 4 <= drawn < 7:
            key[number] = -asked.amounts[load].sum()
        elif 7 <= drawn < 9:
            key[number] = -float(asked.metres[asked.start[0], pick] + asked.metres[pick, drop])
        elif 9 <= drawn < 10:
            key[number] = float(asked.metres[asked.start[0], pick] + asked.metres[pick, drop])
        elif 10 <= drawn < 12:
            key[number] = float(asked.late[pick] - asked.early[pick] + asked.late[drop] - asked.early[drop])
        elif 12 <= drawn < 13.5:
            key[number] = float(asked.early[pick])
        elif drawn >= 13.5:
            key[number] = -float(asked.late[drop])
    return left[np.argsort(key)]


@nb.njit(cache=True)
def _recreate(asked: Asked, routes: Routes, touched: Flags, grow: bool, chance: np.random.Generator) -> None:
    """Put loads that are left over where they cost least; into new routes only where `grow` says so."""
    for load in _order(asked, chance, np.flatnonzero(routes.of < 0)):
        cheapest, where, first, second = float(asked.prize[load]), -1, -1, -1
        free = -1
        for at in range(len(routes.length)):
            if not routes.length[at]:
                free = at
            elif asked.allowed[routes.kind[at], load]:
                cost, pick, drop = cheapest_insertion(asked, routes, at, routes.kind[at], load, cheapest, chance)
                if pick >= 0:
                    cheapest, where, first, second = cost, at, pick, drop
        kind = -1
        if grow and free >= 0:
            routes.metres[free] = 0
            for one in range(len(asked.number)):
                if routes.used[one] < asked.number[one] and asked.allowed[one, load]:
                    cost, pick, drop = cheapest_insertion(
                        asked, routes, free, one, load, cheapest - asked.fixed[one], chance
                    )
                    if pick >= 0:
                        cheapest, where, first, second, kind = cost + float(asked.fixed[one]), free, pick, drop, one
        if where >= 0:
            if kind >= 0:
                routes.kind[where] = kind
                routes.used[kind] += 1
            touched[where] = True
            put_load(asked, routes, where, load, first, second)


@nb.njit(cache=True)
def _recreate_all(asked: Asked, current: Routes, candidate: Routes, best: Routes, chance: np.random.Generator) -> None:
    _recreate(asked, current, np.zeros(len(current.length), dtype=np.bool_), True, chance)
    copy_all(current, candidate)
    copy_all(current, best)


@nb.njit(cache=True)
def _drop_route(asked: Asked, routes: Routes, absent: Floats, touched: Flags) -> bool:
    """Give up the route whose loads were left over least often."""
    least, chosen = np.inf, -1
    for at in range(len(routes.length)):
        if routes.length[at]:
            weight = 0.0
            for step in range(routes.length[at]):
                weight += absent[(routes.places[at, step] - asked.first) // 2]
            if weight < least:
                least, chosen = weight, at
    if chosen < 0:
        return False
    for load in np.flatnonzero(routes.of == chosen):
        take_load(asked, routes, int(load))
    measure(asked, routes, chosen)
    touched[chosen] = True
    return True


@nb.njit(cache=True)
def _work(
    asked: Asked,
    current: Routes,
    candidate: Routes,
    best: Routes,
    near: Longs,
    absent: Floats,
    mode: int,
    warmth: float,
    chance: np.random.Generator,
) -> bool:
    """Change `current` so many times; `best` takes what costs less. False where there is nothing left to do."""
    touched = np.zeros(len(current.length), dtype=np.bool_)
    now, lowest = cost_of(asked, current), cost_of(asked, best)
    for _ in range(_ROUND):
        touched[:] = False
        if mode == _FLEET and (current.of >= 0).all():
            if not _drop_route(asked, candidate, absent, touched) or current.used.sum() <= 1:
                return False
        else:
            _ruin(asked, candidate, near, touched, chance)
            _recreate(asked, candidate, touched, mode == _COST, chance)
        cost = cost_of(asked, candidate)
        if mode == _FLEET:
            left, was = 0.0, 0.0
            whole = 0
            for load in range(len(absent)):
                if candidate.of[load] < 0:
                    left += absent[load]
                    whole += 1
                if current.of[load] < 0:
                    was += absent[load]
            taken = left < was or was == 0 or (left == was and cost < now - warmth * np.log(chance.random()))
            for load in range(len(absent)):
                if candidate.of[load] < 0:
                    absent[load] += 1
            better = not whole and cost < lowest
        else:
            taken = cost < now - warmth * np.log(chance.random())
            better = cost < lowest
        source, target = (candidate, current) if taken else (current, candidate)
        for at in range(len(touched)):
            if touched[at]:
                copy_route(source, target, at)
        target.of[:] = source.of
        target.used[:] = source.used
        if taken:
            now = cost
            if better:
                lowest = cost
                copy_all(candidate, best)
    return True
