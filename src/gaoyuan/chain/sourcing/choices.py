"""The decision behind a plan, without names: which way of buying each line takes under the suppliers' capacities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaoyuan.chain.sourcing.offer_costs import ROUNDING
from gaoyuan.chain.sourcing.reading import Floats, Whole


@dataclass(frozen=True, slots=True)
class Choices:
    """Ways to buy, sorted by line: those of line l stand at line_start[l]:line_start[l + 1].

    Of each way: `line`, `supplier`, `cost` in yuan (what the goal counts, not only the price), `load` in hours. Of each
    line: `penalty` in yuan when not served, `wanted` 1 or 2 different suppliers. Of each supplier: `capacity` in hours
    (infinite: no limit), `opening` in yuan for being used at all. `by_supplier` holds the ways sorted by supplier,
    those of supplier s at supplier_start[s]:supplier_start[s + 1].

    To be minimised: the cost of the ways taken, the opening of the suppliers used, the penalties of lines not served.
    """

    line: Whole
    supplier: Whole
    cost: Floats
    load: Floats
    line_start: Whole
    penalty: Floats
    wanted: Whole
    capacity: Floats
    opening: Floats
    supplier_start: Whole
    by_supplier: Whole


def choices_of(
    line: Whole,
    supplier: Whole,
    cost: Floats,
    load: Floats,
    penalty: Floats,
    wanted: Whole,
    capacity: Floats,
    opening: Floats,
) -> Choices:
    """Index ways to buy, which are sorted by line already. Capacities get the tolerance of rounding."""
    return _indexed(line, supplier, cost, load, penalty, wanted, capacity * (1.0 + ROUNDING), opening)


def restricted(choices: Choices, ways: Whole) -> Choices:
    """Keep only the ways of these numbers, ascending; they are numbered anew."""
    return _indexed(
        choices.line[ways],
        choices.supplier[ways],
        choices.cost[ways],
        choices.load[ways],
        choices.penalty,
        choices.wanted,
        choices.capacity,
        choices.opening,
    )


def _indexed(
    line: Whole,
    supplier: Whole,
    cost: Floats,
    load: Floats,
    penalty: Floats,
    wanted: Whole,
    capacity: Floats,
    opening: Floats,
) -> Choices:
    by_supplier = np.argsort(supplier, kind="stable")
    return Choices(
        line=line,
        supplier=supplier,
        cost=cost,
        load=load,
        line_start=np.searchsorted(line, np.arange(penalty.size + 1)),
        penalty=penalty,
        wanted=wanted,
        # What all ways together cannot exhaust is no limit.
        capacity=np.where(np.bincount(supplier, load, capacity.size) <= capacity, np.inf, capacity),
        opening=opening,
        supplier_start=np.searchsorted(supplier[by_supplier], np.arange(capacity.size + 1)),
        by_supplier=by_supplier,
    )


def total_cost(choices: Choices, taken: Whole) -> float:
    """Add up what the ways `taken` (lines, 2; -1 for none) cost, with penalties and opening costs."""
    ways = taken[taken >= 0]
    served = (taken >= 0).sum(axis=1) == choices.wanted
    used = np.unique(choices.supplier[ways])
    return float(choices.cost[ways].sum() + choices.penalty[~served].sum() + choices.opening[used].sum())
