"""Downstream losses of single scenarios between two proven bounds, where pushing comes to no end: Newton's method.

Near a critical supply, where a loss comes back to a firm almost whole, steps of F hardly move and small slack grows
large. F is monotone, and its slope J only rises with losses, but for where a loss or a share that is not replaced
reaches its cap of 1. So, with x below the least solution, r = F(x) − x and J the slope at x,

- the steps of e = r + J e from 0 lie below what the steps of F bring, as long as x + e stays below the caps, and so
  does their limit where J has a v > 0 with J v < v: any d ≥ 0 with d ≤ r + J d is below it;
- a solution y of y = F(y) + ε is above the least solution. It is sought by Newton's method too, of which nothing need
  be proven: that F(y) ≤ y is tried on what it gives, and is all that counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as spla

from gaoyuan.chain.shocks.network import Floats, Network, Places
from gaoyuan.chain.shocks.reach import Numbers, Reach, grouped, image, reach_of, slope, swept

_ROUNDS = 100
_SWEEPS = 200
_FEW = 600
_DOUBLINGS = 60
_TRIES = 30
_FINER = 1e-2
_LEAST_SLACK = 1e-14
# What sums of F may lack by rounding.
_ROUNDED = 1.0 + 2e-15
_ROUNDING = 2e-16
_FLOPS_A_STEP = 10.0


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Lower and upper bounds of the downstream losses of firms `firm`, all others lose nothing; the work it took, about
    in steps along a link, and how many rounds there were.
    """

    firm: Numbers
    low: Floats
    high: Floats
    work: float
    rounds: int


def narrowed(
    network: Network, firms: Places, losses: Floats, width: float, replaceable: bool, most_work: float
) -> Narrowed:
    """Narrow the downstream losses of a scenario until the weighted sums of both bounds are at most `width` apart, or
    the work is spent, or nothing more can be gained.
    """
    single = reach_of(network, firms, losses)
    weights = single.weights
    low, high = swept(single, single.start, replaceable, _SWEEPS, True), np.ones(single.firm.size)
    work, turn = float(_SWEEPS * single.share.size), 0
    tries = 1
    while turn < _ROUNDS and work < most_work:
        turn += 1
        reach = grouped(single, image(single, low, replaceable)[2])
        below, above = _of_nodes(reach, low, True), _of_nodes(reach, high, False)
        raised, unit, spent = _raised(reach, below, replaceable)
        work += spent
        # The upper bound is worth its work only once the lower one is near; it is tried ever more seldom.
        last = turn == _ROUNDS or bool((raised == below).all())
        if turn == tries or last:
            tries *= 2
            above, spent = _lowered(reach, raised, above, unit, width, replaceable)
            work += spent
        low, high = raised[reach.node], np.maximum(raised, above)[reach.node]
        if last or float(weights @ (high - low)) <= width:
            break
    return Narrowed(single.firm, low, high, work, turn)


def _of_nodes(reach: Reach, losses: Floats, lower: bool) -> Floats:
    """Give bounds of nodes from those of firms: firms of one node lose alike, so any bound holds for all."""
    found = np.zeros(reach.start.size) if lower else np.ones(reach.start.size)
    (np.maximum if lower else np.minimum).at(found, reach.node, losses)
    return found


class _Solution(NamedTuple):
    """d with d ≈ base + J d, and v ≥ 1 + J v where there is one."""

    found: Floats
    unit: Floats | None
    work: float


class _Slope:
    """The slope J at some losses, over nodes and markets."""

    def __init__(self, reach: Reach, losses: Floats, decides: Numbers, kept: Floats, left: Floats) -> None:
        size = reach.start.size + reach.total.size
        rows, columns, values = slope(reach, losses, decides, kept, left)
        table = sp.coo_array((values, (rows, columns)), shape=(size, size))
        self.dense = table.toarray() if size <= _FEW else None
        self.matrix = sp.csr_array(table) if self.dense is None else self.dense
        self.size, self.markets = size, reach.total.size

    def times(self, vector: Floats) -> Floats:
        return np.asarray(self.matrix @ vector, np.float64)

    def solved(self, base: Floats) -> _Solution:
        """Solve d = base + J d over nodes; what base a market has is 0."""
        both, found = np.ones((self.size, 2)), np.empty((self.size, 2))
        both[:, 0] = np.concatenate([base, np.zeros(self.markets)])
        if self.dense is not None:
            work = self.size**3 / _FLOPS_A_STEP
            try:
                found[:] = np.linalg.solve(np.eye(self.size) - self.dense, both)
            except np.linalg.LinAlgError:
                return _Solution(both[:, 0], None, work)
        else:
            system = sp.csr_array(sp.eye_array(self.size) - self.matrix)
            steps = 0

            def count(_: object) -> None:
                nonlocal steps
                steps += 1

            for k in (0, 1):
                found[:, k], _ = spla.bicgstab(system, both[:, k], rtol=1e-13, atol=0.0, maxiter=1000, callback=count)
            work = 4.0 * steps * system.nnz
        unit = found[:, 1]
        least = float((unit - self.times(unit)).min()) if np.isfinite(found).all() else 0.0
        proven = least > 0.5 and bool((unit > 0.0).all())
        return _Solution(found[:, 0], unit / least if proven else None, work)

    def doubled(self, base: Floats, room: Floats) -> tuple[Floats, float]:
        """Give e after as many steps e = base + J e from 0, of a power of 2, as leave it below `room`, and the work.

        A matrix of many rows is not squared: it stays with one step.
        """
        found = np.concatenate([base, np.zeros(self.markets)])
        if self.dense is None:
            return found, 0.0
        power, squared = self.dense, 0
        for _ in range(_DOUBLINGS):
            further = found + power @ found
            if not (further[: room.size] <= room).all() or (further <= found * (1.0 + 1e-9)).all():
                break
            found, power, squared = further, power @ power, squared + 1
        return found * (1.0 - 1e-12), squared * 2.0 * self.size**3 / _FLOPS_A_STEP


def _raised(reach: Reach, low: Floats, replaceable: bool) -> tuple[Floats, Floats, float]:
    """Raise a lower bound; gives it, how much of a slack of 1 everywhere would gather in each node, and the work."""
    low = swept(reach, low, replaceable, _SWEEPS, True)
    found, decides, kept, left = image(reach, low, replaceable)
    nodes = low.size
    rest = np.maximum(0.0, found - low)
    matrix = _Slope(reach, low, decides, kept, left)
    solution = matrix.solved(rest)
    work = solution.work + float(_SWEEPS * reach.share.size)
    unit = np.ones(nodes) if solution.unit is None else solution.unit[:nodes]
    if solution.unit is not None:
        step = solution.found
        # What is too much for d ≤ r + J d is taken back, as far as a slack of so much can have made it.
        excess = float((step - matrix.times(step) - np.concatenate([rest, np.zeros(matrix.markets)])).max())
        excess = max(0.0, excess) + _ROUNDING * float(np.abs(step).max())
        step = np.maximum(0.0, step - excess * solution.unit)[:nodes]
        # d may be scaled down: where a loss reaches 1 the rest waits for the next round.
        over = step > 1.0 - low
        part = float(((1.0 - low[over]) / step[over]).min()) if over.any() else 1.0
        following = np.minimum(1.0, low + part * step)
        if _below_caps(reach, following, kept, replaceable):
            return np.maximum(low, following), unit, work
    room = _room_below_caps(reach, low, kept, left)
    step, spent = matrix.doubled(rest, room)
    following = np.minimum(1.0, low + np.minimum(step[:nodes], room))
    if (step[:nodes] <= room).all() and _below_caps(reach, following, kept, replaceable):
        low = np.maximum(low, following)
    return np.maximum(low, found), unit, work + spent


def _below_caps(reach: Reach, losses: Floats, kept: Floats, replaceable: bool) -> bool:
    """Say whether markets still replace some of each loss of which they did replace some."""
    replaced = (kept < 1.0) & (reach.output > 0.0)
    return bool((image(reach, losses, replaceable)[2][replaced] < 1.0).all())


def _room_below_caps(reach: Reach, low: Floats, kept: Floats, left: Floats) -> Floats:
    """How much more each node may lose before it has lost all, or a market may come to replace nothing more."""
    room = 1.0 - low
    open_ = (kept < 1.0) & (reach.output > 0.0)
    spare = np.full(reach.total.size, np.inf)
    np.minimum.at(spare, reach.market[open_], (left[reach.market] - reach.output)[open_])
    sold = np.bincount(reach.market, reach.output, reach.total.size)
    # Each firm of the market may lose the same share more.
    share = np.divide(spare, sold, out=np.full(spare.size, np.inf), where=sold > 0.0)
    np.minimum.at(room, reach.node, share[reach.market])
    return room


def _lowered(
    reach: Reach, low: Floats, high: Floats, unit: Floats, width: float, replaceable: bool
) -> tuple[Floats, float]:
    """Lower an upper bound: try ever smaller ε until both bounds are near enough; gives it and the work."""
    slack = min(width, 0.5 * width / max(float(reach.weights @ unit), 1e-300))
    work = 0.0
    while True:
        slack = max(slack, _LEAST_SLACK)
        found, spent = _above(reach, low, slack, replaceable)
        work += spent
        if found is not None:
            # The lower of two y with F(y) ≤ y is one again.
            high = swept(reach, np.minimum(high, found), replaceable, _SWEEPS, False)
        if float(reach.weights @ (high - low)) <= width or slack == _LEAST_SLACK:
            return high, work
        slack *= _FINER


def _above(reach: Reach, low: Floats, slack: float, replaceable: bool) -> tuple[Floats | None, float]:
    """Look for y = min(1, F(y) + slack) from below; gives a y with F(y) ≤ y, if one was found, and the work."""
    losses, work = low, 0.0
    for _ in range(_TRIES):
        found, decides, kept, left = image(reach, losses, replaceable)
        if (np.minimum(1.0, np.where(decides >= 0, found * _ROUNDED, found)) <= losses).all():
            return losses, work
        decides = np.where(found + slack < 1.0, decides, -1)
        wanted = np.minimum(1.0, found + slack)
        solution = _Slope(reach, losses, decides, kept, left).solved(wanted - losses)
        work += solution.work
        if solution.unit is None:
            losses = np.minimum(1.0, swept(reach, np.maximum(losses, wanted), replaceable, _SWEEPS, True) + slack)
            work += float(_SWEEPS * reach.share.size)
        else:
            losses = np.clip(losses + solution.found[: losses.size], low, 1.0)
    return None, work
