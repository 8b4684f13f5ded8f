"""What each offer costs: all-units price tiers, packs and minimum quantities; and which offers cannot be used at all.

An all-units tier prices the whole quantity at the tier that the quantity reaches, so that a little more may cost less:
InvenTree, Odoo and most catalogues quote prices in this way. For each offer the cheapest quantity is the least one that
can be ordered or the least one in some higher tier; a larger quantity takes more of the supplier's hours, so every
quantity that is cheaper than all smaller ones stays a choice of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np

from gaoyuan.chain.sourcing.problem import Problem
from gaoyuan.chain.sourcing.reading import Floats, Mask, Whole

USABLE, NO_PRICE, NOT_CERTIFIED, LEAD_UNKNOWN, TOO_LATE, TOO_LARGE = range(6)
"""What may be wrong with an offer, in the order in which it is asked."""

ROUNDING = 1e-9
"""Relative tolerance with which quantities fill packs and hours fill capacities."""


@dataclass(frozen=True, slots=True)
class Priced:
    """Ways to buy from the offers: one row for each offer and quantity worth considering, sorted by line.

    `offer` is the number of the offer, `quantity` in units, `price` in yuan a unit, `tier` the least quantity of the
    tier, `hours` of the supplier that it takes. `fault` (offers) says why an offer has no row, `wanted` (lines) how
    many suppliers the line is split between: 1 where fewer than two can deliver.
    """

    offer: Whole
    quantity: Floats
    price: Floats
    tier: Floats
    hours: Floats
    fault: Whole
    wanted: Whole


def price_offers(problem: Problem) -> Priced:
    """Price every offer for what its line needs, or for half of it where the line is split between two suppliers.

    An offer that would take more than its supplier's whole capacity is of no use, which sharpens the bound; one whose
    lead time is not known is of no use to a line with a date.
    """
    wanted = problem.wanted.copy()
    rows, fault = _ways(problem, wanted)
    if (wanted == 2).any():
        able = np.zeros(len(problem.lines), dtype=np.int64)
        pairs = np.unique(np.stack([problem.line[fault == USABLE], problem.supplier[fault == USABLE]]), axis=1)
        np.add.at(able, pairs[0], 1)
        if ((wanted == 2) & (able < 2)).any():
            wanted[able < 2] = 1
            rows, fault = _ways(problem, wanted)
    order = np.argsort(problem.line[rows[0]], kind="stable")
    offer, quantity, price, tier, hours = rows
    return Priced(offer[order], quantity[order], price[order], tier[order], hours[order], fault, wanted)


def _ways(problem: Problem, wanted: Whole) -> tuple[tuple[Whole, Floats, Floats, Floats, Floats], Whole]:
    capacity = np.where(np.isnan(problem.capacity), np.inf, problem.capacity)
    offer, quantity, price, tier, hours, fault = _price(
        problem.line,
        problem.supplier,
        problem.tiers.start,
        problem.tiers.quantity,
        problem.tiers.price,
        problem.moq,
        problem.pack,
        problem.lead_days,
        problem.hours,
        problem.certified,
        problem.need / wanted,
        problem.due_days,
        capacity,
    )
    return (offer, quantity, price, tier, hours), fault


@nb.njit(cache=True)
def whole_packs(quantity: float, pack: float) -> float:
    """Round a quantity up to whole packs; what lacks a rounding error to a whole pack is one."""
    packs = quantity / pack
    nearest = np.round(packs)
    if abs(packs - nearest) <= ROUNDING * max(1.0, nearest):
        return nearest * pack
    return np.ceil(packs) * pack


@nb.njit(cache=True)
def _price(
    line: Whole,
    supplier: Whole,
    start: Whole,
    tier_quantity: Floats,
    tier_price: Floats,
    moq: Floats,
    pack: Floats,
    lead: Floats,
    hours_each: Floats,
    certified: Mask,
    need: Floats,
    due: Floats,
    capacity: Floats,
) -> tuple[Whole, Floats, Floats, Floats, Floats, Whole]:
    count = line.size
    room = tier_quantity.size + count
    offers, fault = np.empty(room, np.int64), np.zeros(count, np.int64)
    quantities, prices, tiers, hours = np.empty(room), np.empty(room), np.empty(room), np.empty(room)
    row = 0
    for i in range(count):
        which = line[i]
        first, last = start[i], start[i + 1]
        if first == last:
            fault[i] = NO_PRICE
        elif not certified[i]:
            fault[i] = NOT_CERTIFIED
        elif np.isnan(lead[i]) and due[which] < np.inf:
            fault[i] = LEAD_UNKNOWN
        elif lead[i] > due[which]:
            fault[i] = TOO_LATE
        if fault[i] != USABLE or need[which] == 0:
            continue
        # Below the first tier no price is quoted: its quantity is a minimum too.
        least = whole_packs(max(need[which], moq[i], tier_quantity[first]), pack[i])
        cheapest, fits = np.inf, False
        at = first
        for target in range(first, last):
            if target > first and tier_quantity[target] <= least:
                continue
            quantity = least if target == first else whole_packs(tier_quantity[target], pack[i])
            while at + 1 < last and tier_quantity[at + 1] <= quantity * (1.0 + ROUNDING):
                at += 1
            cost = quantity * tier_price[at]
            if cost >= cheapest:
                continue
            cheapest = cost
            taken = quantity * hours_each[i]
            if taken > capacity[supplier[i]] * (1.0 + ROUNDING):
                break
            fits = True
            offers[row], quantities[row], prices[row], tiers[row] = i, quantity, tier_price[at], tier_quantity[at]
            hours[row] = taken
            row += 1
        if not fits:
            fault[i] = TOO_LARGE
    return offers[:row], quantities[:row], prices[:row], tiers[:row], hours[:row], fault
