"""Why a line is not bought locally, why it is not served, and what was assumed: read off a finished plan."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from gaoyuan.chain.sourcing.choices import Choices
from gaoyuan.chain.sourcing.local_search import room_left
from gaoyuan.chain.sourcing.offer_costs import (
    LEAD_UNKNOWN,
    NO_PRICE,
    NOT_CERTIFIED,
    TOO_LARGE,
    TOO_LATE,
    USABLE,
    Priced,
)
from gaoyuan.chain.sourcing.plan import About, Reason
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


def reasons_of(problem: Problem, priced: Priced, choices: Choices, taken: Whole) -> dict[Hashable, tuple[Reason, ...]]:
    """Give the reasons of every line, in the order of the lines; () where there is nothing to tell.

    For each line that is not bought locally, every obstacle that some local offer meets is told once, by the offer that
    comes nearest to overcoming it; in the same way for each line that is not served, by all offers.
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
        if not told[line]:
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
    """Tell what keeps the chosen offers out: each obstacle of a line once, by the smallest amount."""
    faulty = np.flatnonzero(offers & (priced.fault != USABLE))
    amount = np.zeros(faulty.size)
    late, large = priced.fault[faulty] == TOO_LATE, priced.fault[faulty] == TOO_LARGE
    amount[late] = (problem.lead_days[faulty] - problem.due_days[problem.line[faulty]])[late]
    least = np.maximum(problem.need / priced.wanted, 0.0)[problem.line[faulty]]
    amount[large] = (least * problem.hours[faulty] - problem.capacity[problem.supplier[faulty]])[large]
    ways = np.flatnonzero(offers[priced.offer])
    line, supplier = choices.line[ways], choices.supplier[ways]
    price = priced.quantity[ways] * priced.price[ways]
    short = choices.load[ways] - room[supplier]
    # A supplier that has the line already cannot take the other half of it too.
    told_of = np.ones(ways.size, dtype=bool)
    for slot in range(2):
        held = taken[line, slot]
        told_of &= (held < 0) | (choices.supplier[np.maximum(held, 0)] != supplier)
    fits = short <= 0
    if about == "not local":
        extra = price - _dearest(problem, priced, choices, taken)[line]
        code = np.where(fits, np.where((extra < 0) & (users[supplier] == 0), _ONE_MORE, _DEARER), _TAKEN)
    else:
        extra = price * priced.wanted[line] - choices.penalty[line]
        # Where a line is split and one supplier alone has room, capacity is what keeps it out.
        pairs = np.unique(np.stack([line[fits], supplier[fits]]), axis=1)
        enough = np.bincount(pairs[0], minlength=len(problem.lines)) >= priced.wanted
        told_of &= ~fits | enough[line]
        code = np.where(fits, np.where(extra < 0, _ONE_MORE, _PENALTY), _TAKEN)
    lines = np.concatenate([problem.line[faulty], line[told_of]])
    codes = np.concatenate([priced.fault[faulty], code[told_of]])
    amounts = np.concatenate([amount, np.where(fits, extra, short)[told_of]])
    who = np.concatenate([problem.supplier[faulty], supplier[told_of]])
    order = np.lexsort((who, amounts, codes, lines))
    first = np.ones(order.size, dtype=bool)
    first[1:] = (np.diff(lines[order]) != 0) | (np.diff(codes[order]) != 0)
    chosen = order[first]
    for at, which, by, named in zip(
        lines[chosen].tolist(), codes[chosen].tolist(), amounts[chosen].tolist(), who[chosen].tolist(), strict=True
    ):
        told[at].append(Reason(about, _CODES[which], problem.suppliers[named], by))


def _dearest(problem: Problem, priced: Priced, choices: Choices, taken: Whole) -> Floats:
    """Give what each line pays for the dearest of its purchases that are not local."""
    paid = np.zeros(len(problem.lines))
    for slot in range(2):
        lines = np.flatnonzero(taken[:, slot] >= 0)
        ways = taken[lines, slot]
        away = ~problem.local[choices.supplier[ways]]
        lines, ways = lines[away], ways[away]
        paid[lines] = np.maximum(paid[lines], priced.quantity[ways] * priced.price[ways])
    return paid
