"""Opening and closing suppliers, where it costs something to use one at all."""

from __future__ import annotations

import numba as nb
import numpy as np

from gaoyuan.chain.sourcing.moves import move, refuge
from gaoyuan.chain.sourcing.reading import Floats, Whole

_ROUNDING = 1e-11


@nb.njit(cache=True)
def open_and_close(
    line_of: Whole,
    supplier: Whole,
    cost: Floats,
    load: Floats,
    line_start: Whole,
    penalty: Floats,
    wanted: Whole,
    opening: Floats,
    supplier_start: Whole,
    by_supplier: Whole,
    taken: Whole,
    room: Floats,
    users: Whole,
) -> bool:
    """Close suppliers that cost more than they save, and open those that save more than they cost."""
    better = False
    widest = 1
    for s in range(users.size):
        widest = max(widest, supplier_start[s + 1] - supplier_start[s])
    moved, before, gains = np.empty(widest, np.int64), np.empty(widest, np.int64), np.empty(widest)
    for s in range(users.size):
        if opening[s] <= 0.0:
            continue
        count, saved = 0, opening[s]
        if users[s] > 0:
            for place in range(supplier_start[s], supplier_start[s + 1]):
                way = int(by_supplier[place])
                line = int(line_of[way])
                slot = 0 if taken[line, 0] == way else 1
                if taken[line, slot] != way:
                    continue
                out, price = refuge(
                    line, slot, s, -1, 0.0, 0, line_start, supplier, cost, load, opening, taken, room, users
                )
                if wanted[line] == 1 and penalty[line] < price:
                    out, price = -1, penalty[line]
                saved += cost[way] - price
                if out < 0 and wanted[line] == 2:
                    saved = -np.inf
                    break
                move(line, slot, out, supplier, load, taken, room, users)
                moved[count], before[count] = 2 * line + slot, way
                count += 1
        else:
            for place in range(supplier_start[s], supplier_start[s + 1]):
                way = int(by_supplier[place])
                line = int(line_of[way])
                gains[place - supplier_start[s]] = _saving(
                    line, way, supplier, cost, penalty, wanted, opening, taken, users
                )
            saved = -opening[s]
            width = supplier_start[s + 1] - supplier_start[s]
            order = np.argsort(-gains[:width])
            for place in order:
                way = int(by_supplier[supplier_start[s] + place])
                line = int(line_of[way])
                gain = _saving(line, way, supplier, cost, penalty, wanted, opening, taken, users)
                if gain <= 0.0 or load[way] > room[s]:
                    continue
                if wanted[line] == 2 and (
                    taken[line, 0] < 0 or supplier[taken[line, 1]] == s or supplier[taken[line, 0]] == s
                ):
                    continue
                slot = 0
                if taken[line, 0] >= 0 and wanted[line] == 2 and cost[taken[line, 1]] > cost[taken[line, 0]]:
                    slot = 1
                if taken[line, slot] >= 0 and supplier[taken[line, slot]] == s:
                    continue
                saved += gain
                moved[count], before[count] = 2 * line + slot, taken[line, slot]
                move(line, slot, way, supplier, load, taken, room, users)
                count += 1
        if saved > _ROUNDING * opening[s] and count > 0:
            better = True
            continue
        for i in range(count - 1, -1, -1):
            move(moved[i] // 2, moved[i] % 2, before[i], supplier, load, taken, room, users)
    return better


@nb.njit(cache=True)
def _saving(
    line: int,
    way: int,
    supplier: Whole,
    cost: Floats,
    penalty: Floats,
    wanted: Whole,
    opening: Floats,
    taken: Whole,
    users: Whole,
) -> float:
    """Give what a line saves by changing to a way of a supplier that is opened anyhow; the dearer slot changes."""
    if taken[line, 0] < 0:
        return penalty[line] - cost[way] if wanted[line] == 1 else -1.0
    current = taken[line, 0]
    if wanted[line] == 2 and cost[taken[line, 1]] > cost[current]:
        current = taken[line, 1]
    s = supplier[current]
    return cost[current] - cost[way] + (opening[s] if users[s] == 1 else 0.0)
