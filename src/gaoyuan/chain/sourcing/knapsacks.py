"""Small knapsacks: what a supplier earns most from its hours when each line that it serves pays a price."""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.chain.sourcing.reading import Floats, Whole

_NODES = 2_000
"""Nodes after which a knapsack is bounded instead of solved."""

Bits = npt.NDArray[np.int8]


@nb.njit(cache=True)
def fill_knapsack(gain: Floats, load: Floats, count: int, capacity: float, best_set: Bits, trial: Bits) -> float:
    """Solve a knapsack of items sorted by gain an hour, by depth first with the bound of Dantzig (1957): mark the best
    set and give its gain, or an upper bound of it where the search was cut off.
    """
    best, root = 0.0, -1.0
    best_set[:count] = 0
    trial[:count] = 0
    at, held, left, nodes = 0, 0.0, capacity, 0
    while True:
        bound, room, reach = held, left, at
        while reach < count and load[reach] <= room:
            room -= load[reach]
            bound += gain[reach]
            reach += 1
        if reach < count:
            bound += gain[reach] * room / load[reach]
        if root < 0.0:
            root = bound
        nodes += 1
        if bound > best + 1e-13 * root and nodes <= _NODES:
            while at < count and load[at] <= left:
                trial[at] = 1
                left -= load[at]
                held += gain[at]
                at += 1
            if at < count:
                at += 1
                if at < count:
                    continue
            if held > best:
                best = held
                best_set[:count] = trial[:count]
        back = min(at, count) - 1
        while back >= 0 and trial[back] == 0:
            back -= 1
        if back < 0:
            break
        trial[back] = 0
        left += load[back]
        held -= gain[back]
        at = back + 1
    return best + 1e-13 * root if nodes <= _NODES else root


@nb.njit(cache=True)
def gather_ways(
    supplier: int,
    without: int,
    supplier_start: Whole,
    by_supplier: Whole,
    line: Whole,
    cost: Floats,
    load: Floats,
    u: Floats,
    gain: Floats,
    taken_load: Floats,
    ways: Whole,
) -> tuple[int, float, float]:
    """Collect the ways of a supplier that earn anything, all but one: their number, gain and load."""
    count = 0
    gained: float = 0.0
    loaded: float = 0.0
    for place in range(supplier_start[supplier], supplier_start[supplier + 1]):
        way = by_supplier[place]
        earned = u[line[way]] - cost[way]
        if earned > 0.0 and way != without:
            gain[count], taken_load[count], ways[count] = earned, load[way], way
            count += 1
            gained += float(earned)
            loaded += float(load[way])
    return count, gained, loaded


@nb.njit(cache=True)
def sort_by_gain(gain: Floats, load: Floats, ways: Whole, count: int) -> None:
    """Sort items by falling gain an hour."""
    if count > 32:
        ratio = np.empty(count)
        for i in range(count):
            ratio[i] = -gain[i] / max(load[i], 1e-300)
        order = np.argsort(ratio, kind="mergesort")
        gain[:count], load[:count], ways[:count] = gain[:count][order], load[:count][order], ways[:count][order]
        return
    for i in range(1, count):
        one, two, three = gain[i], load[i], ways[i]
        j = i - 1
        while j >= 0 and gain[j] * two < one * load[j]:
            gain[j + 1], load[j + 1], ways[j + 1] = gain[j], load[j], ways[j]
            j -= 1
        gain[j + 1], load[j + 1], ways[j + 1] = one, two, three


@nb.njit(cache=True)
def widest_supplier(supplier_start: Whole) -> int:
    """Give the largest number of ways of any supplier."""
    widest = 1
    for s in range(supplier_start.size - 1):
        widest = max(widest, supplier_start[s + 1] - supplier_start[s])
    return widest
