"""Lower bounds by Lagrangian relaxation, and the prices from which plans are built.

Two relaxations, one after the other:

- of the capacities: an hour of supplier s costs λ_s, each line takes its cheapest way. Its best bound is that of the
  linear program (Geoffrion 1974, integrality property); it is found fast and gives the start of the other;
- of the lines: a line that is served earns u_l, each supplier fills its capacity with the ways that earn most, a small
  knapsack. Its bound is at least as high (Fisher, Jaikumar & Van Wassenhove 1986; Guignard & Rosenwein 1989 on the
  generalised assignment problem), and with nine offers a supplier it is nearly tight.

    L(u) = Σ_l [wanted_l u_l + min(0, penalty_l - wanted_l u_l)] - Σ_s max(0, K_s(u) - opening_s)
    K_s(u) = max Σ (u_l - cost) over sets of ways with Σ load <= capacity_s

Any u gives a valid bound, whatever the iteration did. Steps are those of Polyak (1969), with a deflected direction
(Camerini, Fratta & Maffioli 1975).
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np

from gaoyuan.chain.sourcing.choices import Choices
from gaoyuan.chain.sourcing.knapsacks import Bits, fill_knapsack, gather_ways, sort_by_gain, widest_supplier
from gaoyuan.chain.sourcing.reading import Floats, Whole

_MOMENTUM = 0.6
_SHRINK = 0.7
_RECENT = 0.05
_PATIENCE = 10
_SLACK = 1e-11
"""What floating-point sums may lose, relative; taken off every bound."""


@dataclass(slots=True)
class Ascent:
    """Where the ascent on u stands: the earnings `u` (lines), the last direction and step; the best bound and its u;
    the ways that suppliers chose last, and how often of late (`share`, ways): an estimate of the solution of the
    linear program behind the bound (the volume algorithm of Barahona & Anbil 2000).
    """

    u: Floats
    direction: Floats
    state: Floats
    best_u: Floats
    selected: Bits
    share: Floats

    @property
    def bound(self) -> float:
        """The best bound so far, with the tolerance of floating-point sums taken off."""
        return float(self.state[0] - _SLACK * abs(self.state[2]))

    @property
    def stalled(self) -> bool:
        """Whether steps became too small to matter."""
        return bool(self.state[1] < 1e-3)


def capacity_prices(choices: Choices, above: float, iterations: int) -> tuple[float, Floats]:
    """Give the best bound of the relaxed capacities, and the price λ (m) of an hour of each supplier.

    `above` is the cost of some plan. Opening costs are left out, which only lowers the bound.
    """
    return _capacity_ascent(
        choices.line_start,
        choices.supplier,
        choices.cost,
        choices.load,
        choices.capacity,
        choices.penalty,
        choices.wanted,
        above,
        iterations,
    )


def begin_ascent(choices: Choices, prices: Floats) -> Ascent:
    """Start the relaxation of the lines at what each line's cheapest way costs under the prices of hours."""
    reduced = choices.cost + prices[choices.supplier] * choices.load
    u = np.minimum(_cheapest(choices.line_start, reduced), choices.penalty / choices.wanted)
    zeros = np.zeros(u.size)
    return Ascent(
        u,
        zeros,
        np.array([-np.inf, 1.0, 0.0, 0.0]),
        u.copy(),
        np.zeros(choices.line.size, np.int8),
        np.zeros(choices.line.size),
    )


def ascend(choices: Choices, ascent: Ascent, above: float, iterations: int) -> None:
    """Go on with the ascent in place. `selected` and `share` tell what suppliers chose."""
    _line_ascent(
        choices.supplier_start,
        choices.by_supplier,
        choices.line,
        choices.cost,
        choices.load,
        choices.capacity,
        choices.opening,
        choices.penalty,
        choices.wanted,
        ascent.u,
        ascent.direction,
        ascent.state,
        ascent.best_u,
        ascent.selected,
        ascent.share,
        above,
        iterations,
    )


def forcing_costs(choices: Choices, u: Floats) -> Floats:
    """Give for each way by how much the bound at `u` rises when it is taken (ways): where bound and rise together
    exceed the cost of a plan, no better plan takes it.
    """
    return _forcing(
        choices.supplier_start,
        choices.by_supplier,
        choices.line,
        choices.cost,
        choices.load,
        choices.capacity,
        choices.opening,
        u,
    )


def bound_by_part(choices: Choices, u: Floats, part_of_line: Whole, part_of_supplier: Whole, parts: int) -> Floats:
    """Split the bound at `u` into those of independent parts (parts)."""
    served = choices.wanted * u + np.minimum(0.0, choices.penalty - choices.wanted * u)
    earned = _earnings(
        choices.supplier_start,
        choices.by_supplier,
        choices.line,
        choices.cost,
        choices.load,
        choices.capacity,
        choices.opening,
        u,
    )
    # What a supplier without limit earns belongs to the lines that it earns it from.
    free = ~(np.isfinite(choices.capacity) | (choices.opening > 0))
    earned[free] = 0.0
    gained = np.where(free[choices.supplier], np.maximum(0.0, u[choices.line] - choices.cost), 0.0)
    bound = np.zeros(parts)
    np.add.at(bound, part_of_line, served)
    np.add.at(bound, part_of_supplier, -earned)
    np.add.at(bound, part_of_line[choices.line], -gained)
    return bound


@nb.njit(cache=True)
def _cheapest(line_start: Whole, reduced: Floats) -> Floats:
    lowest = np.full(line_start.size - 1, np.inf)
    for line in range(lowest.size):
        for way in range(line_start[line], line_start[line + 1]):
            lowest[line] = min(lowest[line], reduced[way])
    return lowest


@nb.njit(cache=True)
def _capacity_ascent(
    line_start: Whole,
    supplier: Whole,
    cost: Floats,
    load: Floats,
    capacity: Floats,
    penalty: Floats,
    wanted: Whole,
    above: float,
    iterations: int,
) -> tuple[float, Floats]:
    prices, best_prices = np.zeros(capacity.size), np.zeros(capacity.size)
    used, direction = np.zeros(capacity.size), np.zeros(capacity.size)
    best, step, bad = -np.inf, 1.0, 0
    for _ in range(iterations):
        used[:] = 0.0
        value = 0.0
        for line in range(penalty.size):
            first, second, way_1, way_2 = np.inf, np.inf, -1, -1
            for way in range(line_start[line], line_start[line + 1]):
                price = cost[way] + prices[supplier[way]] * load[way]
                if price < first:
                    if way_1 >= 0 and supplier[way_1] != supplier[way]:
                        second, way_2 = first, way_1
                    first, way_1 = price, way
                elif price < second and supplier[way] != supplier[way_1]:
                    second, way_2 = price, way
            least = first if wanted[line] == 1 else first + second
            if least >= penalty[line]:
                value += penalty[line]
                continue
            value += least
            used[supplier[way_1]] += load[way_1]
            if wanted[line] == 2:
                used[supplier[way_2]] += load[way_2]
        norm = 0.0
        for s in range(capacity.size):
            if capacity[s] == np.inf:
                continue
            value -= prices[s] * capacity[s]
            excess = used[s] - capacity[s]
            if prices[s] <= 0.0 and excess < 0.0:
                excess = 0.0
            direction[s] = excess + _MOMENTUM * direction[s]
            norm += direction[s] * direction[s]
        if value > best:
            best, bad = value, 0
            best_prices[:] = prices
        else:
            bad += 1
            if bad >= _PATIENCE:
                step, bad = step * _SHRINK, 0
        if norm == 0.0 or value >= above:
            break
        length = step * (above - value) / norm
        for s in range(capacity.size):
            prices[s] = max(0.0, prices[s] + length * direction[s])
    return best, best_prices


@nb.njit(cache=True)
def _line_ascent(
    supplier_start: Whole,
    by_supplier: Whole,
    line: Whole,
    cost: Floats,
    load: Floats,
    capacity: Floats,
    opening: Floats,
    penalty: Floats,
    wanted: Whole,
    u: Floats,
    direction: Floats,
    state: Floats,
    best_u: Floats,
    selected: Bits,
    share: Floats,
    above: float,
    iterations: int,
) -> None:
    """Ascend; `state` holds the best bound, the step, the size of the sums and the count of bad steps."""
    widest = widest_supplier(supplier_start)
    gain, taken_load, ways = np.empty(widest), np.empty(widest), np.empty(widest, np.int64)
    best_set, trial = np.zeros(widest, np.int8), np.zeros(widest, np.int8)
    missing = np.empty(penalty.size)
    for _ in range(iterations):
        value, size = 0.0, 0.0
        for i in range(penalty.size):
            u[i] = min(u[i], penalty[i] / wanted[i])
            value += wanted[i] * u[i]
            missing[i] = wanted[i]
        size = abs(value)
        selected[:] = 0
        for s in range(capacity.size):
            count, gained, loaded = gather_ways(
                s, -1, supplier_start, by_supplier, line, cost, load, u, gain, taken_load, ways
            )
            if count == 0:
                continue
            if loaded <= capacity[s]:
                best_set[:count] = 1
            else:
                sort_by_gain(gain, taken_load, ways, count)
                gained = fill_knapsack(gain, taken_load, count, capacity[s], best_set, trial)
            if gained <= opening[s]:
                continue
            value -= gained - opening[s]
            size += gained
            for i in range(count):
                if best_set[i]:
                    selected[ways[i]] = 1
                    missing[line[ways[i]]] -= 1.0
        for way in range(share.size):
            share[way] += _RECENT * (selected[way] - share[way])
        norm = 0.0
        for i in range(penalty.size):
            lacking = missing[i]
            if lacking > 0.0 and u[i] >= penalty[i] / wanted[i]:
                lacking = 0.0
            direction[i] = lacking + _MOMENTUM * direction[i]
            norm += direction[i] * direction[i]
        if value > state[0]:
            if value > state[0] + 1e-5 * abs(state[0]):
                state[3] = 0.0
            state[0], state[2] = value, size
            best_u[:] = u
        else:
            state[3] += 1.0
        if state[3] >= _PATIENCE:
            state[1] *= _SHRINK
            state[3] = 0.0
        if norm == 0.0 or value >= above:
            break
        length = state[1] * (above - value) / norm
        for i in range(penalty.size):
            u[i] += length * direction[i]


@nb.njit(cache=True)
def _earnings(
    supplier_start: Whole,
    by_supplier: Whole,
    line: Whole,
    cost: Floats,
    load: Floats,
    capacity: Floats,
    opening: Floats,
    u: Floats,
) -> Floats:
    """Give what each supplier earns at most above its opening cost."""
    widest = widest_supplier(supplier_start)
    gain, taken_load, ways = np.empty(widest), np.empty(widest), np.empty(widest, np.int64)
    best_set, trial = np.zeros(widest, np.int8), np.zeros(widest, np.int8)
    earned = np.zeros(capacity.size)
    for s in range(capacity.size):
        count, gained, loaded = gather_ways(
            s, -1, supplier_start, by_supplier, line, cost, load, u, gain, taken_load, ways
        )
        if loaded > capacity[s]:
            sort_by_gain(gain, taken_load, ways, count)
            gained = fill_knapsack(gain, taken_load, count, capacity[s], best_set, trial)
        earned[s] = max(0.0, gained - opening[s])
    return earned


@nb.njit(cache=True)
def _forcing(
    supplier_start: Whole,
    by_supplier: Whole,
    line: Whole,
    cost: Floats,
    load: Floats,
    capacity: Floats,
    opening: Floats,
    u: Floats,
) -> Floats:
    earned = _earnings(supplier_start, by_supplier, line, cost, load, capacity, opening, u)
    widest = widest_supplier(supplier_start)
    gain, taken_load, ways = np.empty(widest), np.empty(widest), np.empty(widest, np.int64)
    best_set, trial = np.zeros(widest, np.int8), np.zeros(widest, np.int8)
    rise = np.zeros(cost.size)
    for s in range(capacity.size):
        for place in range(supplier_start[s], supplier_start[s + 1]):
            way = by_supplier[place]
            count, gained, loaded = gather_ways(
                s, way, supplier_start, by_supplier, line, cost, load, u, gain, taken_load, ways
            )
            room = capacity[s] - load[way]
            if loaded > room:
                sort_by_gain(gain, taken_load, ways, count)
                gained = fill_knapsack(gain, taken_load, count, room, best_set, trial)
            forced = gained + u[line[way]] - cost[way] - opening[s]
            rise[way] = max(0.0, earned[s] - forced)
    return rise
