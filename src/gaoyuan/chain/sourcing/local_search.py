"""Plans: built from the bound's prices, then improved by moves on their true cost until none helps.

Moves: a line changes its way (shift), a line takes a place by pushing another one elsewhere or out (eject; a swap is
one), a line that is not served enters, one that costs more than its penalty leaves, a supplier is closed and its lines
spread, a supplier is opened and lines drawn to it. Every move that is made lowers the cost, so the search ends.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from gaoyuan.chain.sourcing.choices import Choices
from gaoyuan.chain.sourcing.knapsacks import Bits
from gaoyuan.chain.sourcing.moves import enter, move, refuge
from gaoyuan.chain.sourcing.opening import open_and_close
from gaoyuan.chain.sourcing.reading import Floats, Whole

_LOOK = 64
"""Ways of a supplier that are tried for ejection by one line."""
_PASSES = 20
_ROUNDING = 1e-11
_SELDOM = 0.05


def build_plan(choices: Choices, u: Floats, selected: Bits) -> Whole:
    """Make a plan (lines, 2; -1 for none) from the ways that suppliers chose at earnings `u`: doubles are dropped,
    lines without are filled in, the most urgent first, and the whole is improved.
    """
    taken = _begin(choices.line_start, choices.supplier, choices.cost, selected, choices.wanted, choices.penalty)
    fill_in(choices, taken, u)
    improve(choices, taken)
    return taken


def round_plan(choices: Choices, u: Floats, share: Floats) -> Whole:
    """Make a plan from how often each way was chosen: lines take their most frequent way in the order of how sure it
    is, as room allows; the rest as in `build_plan`.
    """
    taken = np.full((choices.penalty.size, 2), -1)
    order = np.argsort(-share, kind="stable")
    _round(order[share[order] > _SELDOM], choices.line, choices.supplier, choices.load, choices.wanted, taken,
           choices.capacity.copy())  # fmt: skip
    fill_in(choices, taken, u)
    improve(choices, taken)
    return taken


def fill_in(choices: Choices, taken: Whole, u: Floats) -> None:
    """Serve what is not served as far as room is left, in place; lines with the most to lose first."""
    order = np.argsort(-(choices.penalty - u * choices.wanted), kind="stable")
    room, users = room_left(choices, taken)
    _fill_in(
        order[taken[order, 0] < 0],
        choices.line_start,
        choices.supplier,
        choices.cost,
        choices.load,
        choices.penalty,
        choices.wanted,
        choices.opening,
        taken,
        room,
        users,
    )


def improve(choices: Choices, taken: Whole) -> None:
    """Improve a plan in place until no move lowers its cost."""
    room, users = room_left(choices, taken)
    _improve(
        choices.line,
        choices.supplier,
        choices.cost,
        choices.load,
        choices.line_start,
        choices.penalty,
        choices.wanted,
        choices.opening,
        choices.supplier_start,
        choices.by_supplier,
        taken,
        room,
        users,
        bool(choices.opening.any()),
    )


def room_left(choices: Choices, taken: Whole) -> tuple[Floats, Whole]:
    """Give the hours that a plan leaves to each supplier (m), and how many ways it takes of each (m)."""
    ways = taken[taken >= 0]
    suppliers = choices.supplier[ways]
    count = choices.capacity.size
    return choices.capacity - np.bincount(suppliers, choices.load[ways], count), np.bincount(suppliers, minlength=count)


@nb.njit(cache=True)
def _begin(line_start: Whole, supplier: Whole, cost: Floats, selected: Bits, wanted: Whole, penalty: Floats) -> Whole:
    taken = np.full((wanted.size, 2), -1)
    for line in range(wanted.size):
        for slot in range(wanted[line]):
            for way in range(line_start[line], line_start[line + 1]):
                if not selected[way] or (slot == 1 and supplier[way] == supplier[taken[line, 0]]):
                    continue
                if taken[line, slot] < 0 or cost[way] < cost[taken[line, slot]]:
                    taken[line, slot] = way
            if taken[line, slot] < 0:
                taken[line] = -1
                break
        if taken[line, 0] >= 0:
            total = cost[taken[line, 0]] + (cost[taken[line, 1]] if wanted[line] == 2 else 0.0)
            if total >= penalty[line]:
                taken[line] = -1
    return taken


@nb.njit(cache=True)
def _round(order: Whole, line: Whole, supplier: Whole, load: Floats, wanted: Whole, taken: Whole, room: Floats) -> None:
    for way in order:
        i, s = line[way], supplier[way]
        slot = 0 if taken[i, 0] < 0 else 1
        if slot >= wanted[i] or taken[i, slot] >= 0 or load[way] > room[s]:
            continue
        if slot == 1 and supplier[taken[i, 0]] == s:
            continue
        taken[i, slot] = way
        room[s] -= load[way]
    for i in range(wanted.size):
        # A line that only half of was found for is left to the search for room.
        if wanted[i] == 2 and taken[i, 1] < 0:
            taken[i, 0] = -1


@nb.njit(cache=True)
def _fill_in(
    order: Whole,
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
) -> None:
    for line in order:
        enter(int(line), line_start, supplier, cost, load, penalty, wanted, opening, taken, room, users)


@nb.njit(cache=True)
def _improve(
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
    opens: bool,
) -> None:
    for _ in range(_PASSES):
        better = False
        for line in range(wanted.size):
            if taken[line, 0] < 0 and enter(
                line, line_start, supplier, cost, load, penalty, wanted, opening, taken, room, users
            ):
                better = True
            for slot in range(wanted[line]):
                current = taken[line, slot]
                if current < 0 and wanted[line] == 2:
                    continue
                here, paid, held = -1, float(penalty[line]), 0.0
                alone = False
                if current >= 0:
                    here, held = int(supplier[current]), float(load[current])
                    alone = users[here] == 1
                    paid = cost[current] + (opening[here] if alone else 0.0)
                    if wanted[line] == 1 and paid > penalty[line] * (1.0 + _ROUNDING):
                        move(line, slot, -1, supplier, load, taken, room, users)
                        better = True
                        continue
                # A gain below this is rounding, and could be made and unmade for ever.
                least = _ROUNDING * paid
                sibling = taken[line, 1 - slot]
                way, price = refuge(
                    line, slot, -1, here, held, 1, line_start, supplier, cost, load, opening, taken, room, users
                )
                if way >= 0 and price < paid - least:
                    move(line, slot, way, supplier, load, taken, room, users)
                    better = True
                    continue
                for way in range(line_start[line], line_start[line + 1]):
                    s = supplier[way]
                    if s == here or way == current or (sibling >= 0 and s == supplier[sibling]):
                        continue
                    gain = paid - cost[way]
                    if gain <= least or load[way] <= room[s]:
                        continue
                    best, best_way, victim, victim_slot = least, -1, -1, 0
                    count = supplier_start[s + 1] - supplier_start[s]
                    begin = line % count if count > _LOOK else 0
                    for step in range(min(count, _LOOK)):
                        place = begin + step
                        if place >= count:
                            place -= count
                        other = by_supplier[supplier_start[s] + place]
                        theirs = int(line_of[other])
                        if theirs == line or room[s] + load[other] < load[way]:
                            continue
                        where = 0 if taken[theirs, 0] == other else 1
                        if taken[theirs, where] != other:
                            continue
                        out, there = refuge(
                            theirs,
                            where,
                            s,
                            here,
                            held,
                            1,
                            line_start,
                            supplier,
                            cost,
                            load,
                            opening,
                            taken,
                            room,
                            users,
                        )
                        if wanted[theirs] == 1 and penalty[theirs] < there:
                            out, there = -1, penalty[theirs]
                        if gain - (there - cost[other]) > best:
                            best, best_way = gain - (there - cost[other]), out
                            victim, victim_slot = theirs, where
                    if victim >= 0:
                        move(victim, victim_slot, -1, supplier, load, taken, room, users)
                        move(line, slot, way, supplier, load, taken, room, users)
                        move(victim, victim_slot, best_way, supplier, load, taken, room, users)
                        better = True
                        break
            if wanted[line] == 2 and taken[line, 0] >= 0:
                one, two = taken[line, 0], taken[line, 1]
                saved = cost[one] + cost[two] - penalty[line]
                saved += opening[supplier[one]] if users[supplier[one]] == 1 else 0.0
                saved += opening[supplier[two]] if users[supplier[two]] == 1 else 0.0
                if saved > _ROUNDING * penalty[line]:
                    move(line, 0, -1, supplier, load, taken, room, users)
                    move(line, 1, -1, supplier, load, taken, room, users)
                    better = True
        if opens and open_and_close(
            line_of, supplier, cost, load, line_start, penalty, wanted, opening, supplier_start, by_supplier, taken,
            room, users,
        ):  # fmt: skip
            better = True
        if not better:
            break
