"""Why a line is not bought locally, why it is not served, and what was assumed: read off a finished plan."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace

import numpy as np

from gaoyuan.chain.sourcing.choices import Choices
from gaoyuan.chain.sourcing.local_search import room_left
from gaoyuan.chain.sourcing.offer_costs import (
    LEAD_UNKNOWN,
    NO_PRICE,
    NOT_CERTIFIED,
    ROUNDING,
    TOO_LARGE,
    TOO_LATE,
    USABLE,
    Priced,
    price_offers,
)
from gaoyuan.chain.sourcing.plan import About, Reason, SecondSource
from gaoyuan.chain.sourcing.problem import Problem
from gaoyuan.chain.sourcing.reading import Floats, Mask, Whole

_FAULTS = {
    NO_PRICE: "no price",
    NOT_CERTIFIED: "not certified",
    LEAD_UNKNOWN: "lead time unknown",
    TOO_LATE: "too late",
    TOO_LARGE: "capacity too small",
}
_DEARER, _TAKEN, _ONE_MORE, _PENALTY = 10, 11, 12, 13
_CODES = {
    **_FAULTS,
    _DEARER: "dearer",
    _TAKEN: "capacity taken",
    _ONE_MORE: "one supplier more",
    _PENALTY: "dearer than the penalty",
}


def reasons_of(
    problem: Problem,
    priced: Priced,
    choices: Choices,
    taken: Whole,
    stand_ins: Mapping[Hashable, SecondSource],
) -> dict[Hashable, tuple[Reason, ...]]:
    """Give the reasons of every line, in the order of the lines; () where there is nothing to tell.

    For each line that is not bought locally, every obstacle that some local offer meets is told once, by the offer that
    meets the fewest and then comes nearest to overcoming it; in the same way for each line that is not served, by all
    offers. `stand_ins` are the second sources of the plan: a critical line without one, or without room there, says so.
    """
    n = len(problem.lines)
    told: list[list[Reason]] = [[] for _ in range(n)]
    ways = np.where(taken >= 0, taken, 0)
    suppliers: Whole = choices.supplier[ways] if choices.supplier.size else ways
    bought = taken >= 0
    served: Mask = bought[:, 0]
    foreign = np.zeros(n, dtype=bool)
    if problem.local.size:
        foreign[:] = (bought & ~problem.local[suppliers]).any(axis=1)
    needed = problem.need > 0
    room, users = room_left(choices, taken)
    nearby = problem.local[problem.supplier] & foreign[problem.line]
    _obstacles(problem, priced, choices, taken, room, users, nearby, "not local", told)
    for line in np.flatnonzero(foreign).tolist():
        near = [
            int(one) for one, at in zip(suppliers[line], taken[line], strict=True) if at >= 0 and problem.local[one]
        ]
        if not told[line] and near:
            told[line].append(Reason("not local", "one half each", problem.suppliers[near[0]]))
        elif not told[line]:
            told[line].append(Reason("not local", "no local offer"))
        for slot in range(2):
            if taken[line, slot] >= 0 and not problem.place_known[suppliers[line, slot]]:
                told[line].append(Reason("not local", "place unknown", problem.suppliers[int(suppliers[line, slot])]))
    lost = ~served & needed
    _obstacles(problem, priced, choices, taken, room, users, lost[problem.line], "not served", told)
    for line in np.flatnonzero(~served).tolist():
        if not told[line]:
            told[line].append(Reason("not served", "no offer" if needed[line] else "nothing needed"))
    unknown = np.isnan(problem.capacity)
    if unknown.any():
        for line, slot in zip(*np.nonzero(bought & unknown[suppliers]), strict=True):
            told[line].append(Reason("assumed", "capacity unknown", problem.suppliers[int(suppliers[line, slot])]))
    for line in np.flatnonzero(served & (problem.wanted == 2) & (priced.wanted == 1)).tolist():
        told[line].append(Reason("second source", "only one supplier"))
    for line in np.flatnonzero(served & problem.critical & (problem.wanted == 1)).tolist():
        stand_in = stand_ins.get(problem.lines[line])
        if stand_in is None:
            told[line].append(Reason("second source", "only one supplier"))
        elif not stand_in.has_room:
            told[line].append(Reason("second source", "stand-in without room", stand_in.supplier))
    return {name: tuple(said) for name, said in zip(problem.lines, told, strict=True)}


def _obstacles(
    problem: Problem,
    priced: Priced,
    choices: Choices,
    taken: Whole,
    room: Floats,
    users: Whole,
    offers: Mask,
    about: About,
    told: list[list[Reason]],
) -> None:
    """Tell what keeps the chosen offers out: each obstacle of a line once, by the offer that meets the fewest, then by
    the smallest amount.
    """
    faulty = np.flatnonzero(offers & (priced.fault != USABLE))
    ways = np.flatnonzero(offers[priced.offer])
    # A supplier that has the line already cannot take the other half of it too.
    of_way, by_way = choices.line[ways], choices.supplier[ways]
    told_of = np.ones(ways.size, dtype=bool)
    for slot in range(2):
        held = taken[of_way, slot]
        told_of &= (held < 0) | (choices.supplier[np.maximum(held, 0)] != by_way)
    fits = choices.load[ways] <= room[by_way]
    if about == "not served":
        # Where a line is split and one supplier alone has room, capacity is what keeps it out.
        pairs = np.unique(np.stack([of_way[fits], by_way[fits]]), axis=1)
        enough = np.bincount(pairs[0], minlength=len(problem.lines)) >= priced.wanted
        told_of &= ~fits | enough[of_way]
    ways = ways[told_of]
    line = np.concatenate([problem.line[faulty], of_way[told_of]])
    supplier = np.concatenate([problem.supplier[faulty], by_way[told_of]])
    least_price, least_hours = _least(problem, priced)
    hours = np.concatenate([least_hours[faulty], choices.load[ways]])
    price = np.concatenate([least_price[faulty], priced.quantity[ways] * priced.price[ways]])
    cost = np.concatenate([least_price[faulty], choices.cost[ways]])
    if about == "not local":
        paid, limit = _dearest(problem, priced, choices, taken)
        extra, dearer, dear = price - paid[line], _DEARER, cost > limit[line] * (1.0 + ROUNDING)
    else:
        extra = cost * priced.wanted[line] - choices.penalty[line]
        dearer, dear = _PENALTY, extra > 0
    none = np.zeros(ways.size, dtype=bool)
    fault, late = priced.fault[faulty], problem.lead_days[faulty] - problem.due_days[problem.line[faulty]]
    dated = problem.due_days[problem.line[faulty]] < np.inf
    over, short = hours - problem.capacity[supplier], hours - room[supplier]
    large = np.concatenate([fault == TOO_LARGE, none]) | (over > problem.capacity[supplier] * ROUNDING)
    met: dict[int, tuple[Mask, Floats | None]] = {
        NO_PRICE: (np.concatenate([fault == NO_PRICE, none]), None),
        NOT_CERTIFIED: (np.concatenate([~problem.certified[faulty], none]), None),
        LEAD_UNKNOWN: (np.concatenate([np.isnan(problem.lead_days[faulty]) & dated, none]), None),
        TOO_LATE: (np.concatenate([late > 0, none]), np.concatenate([late, none])),
        TOO_LARGE: (large, over),
        dearer: (dear, extra),
        _TAKEN: ((short > 0) & ~large, short),
    }
    free = ~np.logical_or.reduce([mask for mask, _ in met.values()])
    # An offer that meets none of these is left out for what it would add to the suppliers, or within the plan's gap.
    alone = free & (extra < 0) & (users[supplier] == 0)
    met |= {_ONE_MORE: (alone, extra), dearer: (dear | (free & ~alone), extra)}
    _tell(problem, met, line, supplier, about, told)


def _tell(
    problem: Problem,
    met: dict[int, tuple[Mask, Floats | None]],
    line: Whole,
    supplier: Whole,
    about: About,
    told: list[list[Reason]],
) -> None:
    """Tell each obstacle of a line once; `met` says by its code which offers meet it, and by how much."""
    number = np.sum([mask for mask, _ in met.values()], axis=0)
    rows = [(code, at, 0.0 if by is None else by[at]) for code, (mask, by) in met.items() for at in [mask.nonzero()[0]]]
    codes = np.concatenate([np.full(at.size, code) for code, at, _ in rows])
    at = np.concatenate([at for _, at, _ in rows])
    amounts = np.concatenate([np.broadcast_to(by, at.size) for _, at, by in rows])
    order = np.lexsort((supplier[at], amounts, number[at], codes, line[at]))
    at, codes, amounts = at[order], codes[order], amounts[order]
    first = np.ones(order.size, dtype=bool)
    first[1:] = (np.diff(line[at]) != 0) | (np.diff(codes) != 0)
    for one, code, by in zip(at[first].tolist(), codes[first].tolist(), amounts[first].tolist(), strict=True):
        told[int(line[one])].append(Reason(about, _CODES[code], problem.suppliers[int(supplier[one])], by))


def _least(problem: Problem, priced: Priced) -> tuple[Floats, Floats]:
    """Give the least that each offer would cost and the least hours it would take, usable or not; NaN without price."""
    open_to_all = replace(
        problem,
        due_days=np.full(len(problem.lines), np.inf),
        wanted=priced.wanted,
        capacity=np.full(len(problem.suppliers), np.nan),
        certified=np.ones(problem.line.size, dtype=bool),
    )
    could = price_offers(open_to_all)
    price, hours = (np.full(problem.line.size, np.nan) for _ in range(2))
    np.fmin.at(price, could.offer, could.quantity * could.price)
    np.fmin.at(hours, could.offer, could.hours)
    return price, hours


def _dearest(problem: Problem, priced: Priced, choices: Choices, taken: Whole) -> tuple[Floats, Floats]:
    """Give what each line pays for the dearest of its purchases that are not local, and what that costs the plan."""
    paid, cost = np.zeros(len(problem.lines)), np.zeros(len(problem.lines))
    for slot in range(2):
        lines = np.flatnonzero(taken[:, slot] >= 0)
        ways = taken[lines, slot]
        away = ~problem.local[choices.supplier[ways]]
        lines, ways = lines[away], ways[away]
        paid[lines] = np.maximum(paid[lines], priced.quantity[ways] * priced.price[ways])
        cost[lines] = np.maximum(cost[lines], choices.cost[ways])
    return paid, cost
