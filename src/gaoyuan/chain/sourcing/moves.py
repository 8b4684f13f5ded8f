"""Single moves of a plan: where a line can go, and going there."""

from __future__ import annotations

import numba as nb
import numpy as np

from gaoyuan.chain.sourcing.reading import Floats, Whole


@nb.njit(cache=True)
def enter(
    line: int,
    line_start: Whole,
    supplier: Whole,
    cost: Floats,
    load: Floats,
    penalty: Floats,
    wanted: Whole,
    opening: Floats,
    taken: Whole,
    room: Floats,
    users: Whole,
) -> bool:
    """Serve a line where there is room, if that costs less than its penalty."""
    first, second, way_1, way_2 = np.inf, np.inf, -1, -1
    for way in range(line_start[line], line_start[line + 1]):
        s = supplier[way]
        if load[way] > room[s]:
            continue
        price = cost[way] + (opening[s] if users[s] == 0 else 0.0)
        if price < first:
            if way_1 >= 0 and supplier[way_1] != s:
                second, way_2 = first, way_1
            first, way_1 = price, way
        elif price < second and s != supplier[way_1]:
            second, way_2 = price, way
    if way_1 < 0 or (wanted[line] == 2 and way_2 < 0):
        return False
    if (first if wanted[line] == 1 else first + second) >= penalty[line]:
        return False
    for slot in range(wanted[line]):
        way = way_1 if slot == 0 else way_2
        taken[line, slot] = way
        room[supplier[way]] -= load[way]
        users[supplier[way]] += 1
    return True


@nb.njit(cache=True)
def refuge(
    line: int,
    slot: int,
    avoid: int,
    freed: int,
    freed_room: float,
    freed_users: int,
    line_start: Whole,
    supplier: Whole,
    cost: Floats,
    load: Floats,
    opening: Floats,
    taken: Whole,
    room: Floats,
    users: Whole,
) -> tuple[int, float]:
    """Find the cheapest other way for a slot of a line, its supplier not `avoid`, when `freed_room` hours and
    `freed_users` places of the supplier `freed` become free: the way, or -1, and what it costs.
    """
    sibling = taken[line, 1 - slot]
    best, cheapest = -1, np.inf
    for way in range(line_start[line], line_start[line + 1]):
        s = supplier[way]
        if s == avoid or way == taken[line, slot] or (sibling >= 0 and s == supplier[sibling]):
            continue
        left, there = room[s], users[s]
        if s == freed:
            left, there = left + freed_room, there - freed_users
        price = cost[way] + (opening[s] if there == 0 else 0.0)
        if price < cheapest and load[way] <= left:
            best, cheapest = way, price
    return best, cheapest


@nb.njit(cache=True)
def move(
    line: int, slot: int, way: int, supplier: Whole, load: Floats, taken: Whole, room: Floats, users: Whole
) -> None:
    """Give a slot of a line another way, -1 for none."""
    old = taken[line, slot]
    if old >= 0:
        room[supplier[old]] += load[old]
        users[supplier[old]] -= 1
    if way >= 0:
        room[supplier[way]] -= load[way]
        users[supplier[way]] += 1
    taken[line, slot] = way
