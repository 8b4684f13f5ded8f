"""The least fixed point of the cascade, within a proven error: bounds for all scenarios, then work on the wide ones.

Downstream losses are pushed for every scenario (`downstream`). The upstream loss of a firm that fails alone comes, for
all firms at once, from the visits of one walk (`upstream`); only where its bounds, or those of the combination, stay
wider than asked are losses swept firm by firm (`hitting`): first for groups of firms, then for single scenarios. Where
pushing does not come to a proven end, Newton's method does (`newton`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from gaoyuan.chain.shocks.bounding import Rows, Steps, bound_down, bound_single, chances_back
from gaoyuan.chain.shocks.brackets import ROUNDING, Brackets
from gaoyuan.chain.shocks.network import Floats, Network, compile_network
from gaoyuan.chain.shocks.newton import Narrowed, narrowed
from gaoyuan.chain.shocks.potential import potential_of
from gaoyuan.chain.shocks.published import published_losses, run_published
from gaoyuan.chain.shocks.scenarios import Scenarios, checked_scenarios
from gaoyuan.chain.shocks.upstream import stopped_walk, walk_of
from gaoyuan.errors import InputError

_DOWN_SHARE = 0.35
_DOWN_WIDTH = 0.9
_UP_SHARE = 0.25
_LARGEST_SCALE = 0.01
_LARGEST_GROUP = 512
_SMALLEST_GROUP = 4
_ABOVE_ONE = 1e-9
_MOST_SLOW = 1_000
# Steps along a link that Newton's method may take in one call, a minute or two.
_MOST_WORK = 2e10


class Converged:
    """A network and scenarios made ready: `bounds` gives brackets of all scenarios, `refined` narrows chosen ones."""

    def __init__(self, network: Network, scenarios: Scenarios, replaceability: bool, tolerance: float) -> None:
        _check_shares(network)
        self.network, self.scenarios, self.replaceability = network, scenarios, replaceability
        self.tolerance = tolerance
        self.potential = potential_of(network, replaceability)
        self.walk = walk_of(network)
        self.steps = Steps(
            self.walk.state,
            self.walk.begins,
            self.walk.follower,
            self.walk.chance,
            self.walk.visits,
            self.walk.duration,
            self.walk.slack,
        )
        self.shocked = shocked_weight(network, scenarios)
        self._alone = _alone(scenarios)
        self._attempts = np.zeros(self._alone.size, np.int64)
        self._narrowed: dict[int, Narrowed] = {}
        self._work_left = _MOST_WORK

    def solved(self) -> Brackets:
        """Give brackets of all scenarios, refined until a figure within the tolerance can be given for each."""
        found = self.grouped(self.bounds())
        return self.refined(found, np.flatnonzero(found.needs_work(self.tolerance)), self.tolerance)

    def bounds(self) -> Brackets:
        """Give brackets of all scenarios, as narrow as they come without upstream work on single scenarios."""
        rows = np.arange(self.scenarios.begins.size - 1)
        low, high, work = self._down(rows, self.tolerance)
        up_low, up_high, up_likely = self._up()
        nothing = np.zeros(rows.size)
        return Brackets(nothing, nothing + 1.0, low, high, up_low, up_high, up_likely, work).narrowed(self.shocked)

    def grouped(self, found: Brackets) -> Brackets:
        """Narrow the upstream brackets of firms that fail alone by bounds on the chance that a walk comes back.

        u(k) = visits(k) · (1 − chance to come back to k), and to come back to k is to come back to any group with k.
        """
        rows = np.flatnonzero(found.needs_work(self.tolerance) & (self._alone >= 0))
        states = self.walk.state[self._alone[rows]]
        passing = ~self.walk.closed[states]
        order = np.argsort(self.walk.visits[states[passing]], kind="stable")
        rows, states = rows[passing][order], states[passing][order]
        begins = _groups(self.walk.visits[states], self.tolerance)
        rows, states = rows[: begins[-1]], states[: begins[-1]]
        if not rows.size:
            return found
        back = chances_back(self.steps, begins, states, _UP_SHARE * self.tolerance)
        least = self.walk.visits[states] * (1.0 - back) - self.walk.missing
        low, likely = found.up_low.copy(), found.up_likely.copy()
        low[rows] = np.minimum(found.up_high[rows], np.maximum(low[rows], least))
        likely[rows] = np.clip(likely[rows], low[rows], found.up_high[rows])
        return replace(found, up_low=low, up_likely=likely).narrowed(self.shocked)

    def refined(self, found: Brackets, rows: Rows, tolerance: float) -> Brackets:
        """Give the brackets with those of some scenarios worked out one by one."""
        if not rows.size:
            return found
        # Scenarios of one batch are swept until the last of them is done, so likes go together.
        rows = rows[np.argsort(-found.up_high[rows], kind="stable")]
        down_low, down_high, work = found.down_low[rows], found.down_high[rows], found.work[rows]
        again = np.flatnonzero(down_high - down_low > _DOWN_WIDTH * tolerance)
        if again.size and tolerance < self.tolerance:
            down_low[again], down_high[again], more = self._down(rows[again], tolerance)
            work[again] += more
        up, down, both, off, sweeps = self._single(rows, tolerance)
        # Where sweeps end short of it, walks hardly ever leave some part of the network.
        for slow in np.flatnonzero(off > _UP_SHARE * tolerance)[:_MOST_SLOW]:
            guess = stopped_walk(self.walk, self._start(int(rows[slow])))
            one = slice(slow, slow + 1)
            again = self._single(rows[one], tolerance, guess[None])
            if again[3][0] < off[slow]:
                up[one], down[one], both[one], off[one], _ = again
            sweeps[one] += again[4]
        part = Brackets(
            both - off,
            both + off + np.maximum(0.0, down_high - down),
            down_low,
            down_high,
            np.maximum(found.up_low[rows], up - off),
            np.minimum(found.up_high[rows], up + off),
            up,
            work + sweeps,
        )
        part = replace(part, up_high=np.maximum(part.up_low, part.up_high))
        return found.with_rows(rows, part.narrowed(self.shocked[rows]))

    def _down(self, rows: Rows, tolerance: float) -> tuple[Floats, Floats, Rows]:
        low, high, work, self._attempts[rows] = bound_down(
            self.network,
            self.potential,
            self.scenarios,
            rows,
            self._scale(tolerance),
            _DOWN_WIDTH * tolerance,
            self.replaceability,
        )
        for at in np.flatnonzero(high - low > _DOWN_WIDTH * tolerance):
            if self._work_left <= 0.0:
                break
            found = self._narrow(int(rows[at]), _DOWN_WIDTH * tolerance)
            weights = self.network.weights[found.firm]
            low[at] = max(low[at], float(weights @ found.low))
            high[at] = max(low[at], min(high[at], float(weights @ found.high)))
            work[at] += found.rounds
        return low, high, work

    def _narrow(self, row: int, width: float) -> Narrowed:
        part = slice(int(self.scenarios.begins[row]), int(self.scenarios.begins[row + 1]))
        found = narrowed(
            self.network,
            self.scenarios.firm[part],
            self.scenarios.loss[part],
            width,
            self.replaceability,
            self._work_left,
        )
        self._work_left -= found.work
        self._narrowed[row] = found
        return found

    def losses(self) -> tuple[Floats, Floats, Floats]:
        """Give each firm's downstream and upstream loss (scenarios, firms), and for each scenario the bound on the
        weighted sum of what they are off.
        """
        count, firms = self.scenarios.begins.size - 1, self.network.output.size
        rows = np.arange(count)
        down_losses, up_losses = np.empty((count, firms)), np.empty((count, firms))
        _, high, _ = self._down(rows, self.tolerance)
        _, down, _, off, _ = self._single(rows, self.tolerance, None, (down_losses, up_losses))
        for slow in np.flatnonzero(off > _UP_SHARE * self.tolerance)[:_MOST_SLOW]:
            guess = stopped_walk(self.walk, self._start(int(slow)))
            one = slice(slow, slow + 1)
            again = (np.empty((1, firms)), np.empty((1, firms)))
            found = self._single(rows[one], self.tolerance, guess[None], again)
            if found[3][0] < off[slow]:
                off[one], up_losses[one] = found[3], again[1]
        return down_losses, up_losses, np.maximum(off, np.maximum(0.0, high - down)) + ROUNDING

    def _single(
        self, rows: Rows, tolerance: float, guesses: Floats | None = None, filled: tuple[Floats, Floats] | None = None
    ) -> tuple[Floats, Floats, Floats, Floats, Rows]:
        found = self._swept(rows, tolerance, guesses, filled)
        _, down, both, _, _ = found
        # Of scenarios that were narrowed the downstream losses are better known than pushing tells.
        for at in np.flatnonzero([int(row) in self._narrowed for row in rows]):
            better = self._narrowed[int(rows[at])]
            if filled is None:
                lost = (np.empty((1, self.network.output.size)), np.empty((1, self.network.output.size)))
                self._swept(rows[at : at + 1], tolerance, None if guesses is None else guesses[at : at + 1], lost)
                losses, up_losses = lost[0][0], lost[1][0]
            else:
                losses, up_losses = filled[0][at], filled[1][at]
            losses[better.firm] = np.maximum(losses[better.firm], better.low)
            down[at] = self.network.weights @ losses
            both[at] = self.network.weights @ np.maximum(losses, up_losses)
        return found

    def _swept(
        self, rows: Rows, tolerance: float, guesses: Floats | None, filled: tuple[Floats, Floats] | None
    ) -> tuple[Floats, Floats, Floats, Floats, Rows]:
        return bound_single(
            self.network,
            self.potential,
            self.scenarios,
            self.steps,
            rows,
            self._attempts[rows],
            self._scale(tolerance),
            _UP_SHARE * tolerance,
            self.replaceability,
            guesses,
            filled,
        )

    def _start(self, row: int) -> Floats:
        """What each state of the walk loses at first in a scenario."""
        found = np.zeros(self.walk.visits.size)
        part = slice(int(self.scenarios.begins[row]), int(self.scenarios.begins[row + 1]))
        np.maximum.at(found, self.walk.state[self.scenarios.firm[part]], self.scenarios.loss[part])
        return found

    def _scale(self, tolerance: float) -> float:
        """How much of the potential may be dropped: a fixed part of the tolerance."""
        harm = float(self.network.weights @ self.potential.level)
        return min(_LARGEST_SCALE, _DOWN_SHARE * tolerance / harm) if harm > 0.0 else _LARGEST_SCALE

    def _up(self) -> tuple[Floats, Floats, Floats]:
        """Give what the walk says of each scenario at once: bounds of the upstream index, and what is likely."""
        low, high = self.shocked.copy(), np.ones(self.shocked.size)
        rows = np.flatnonzero(self._alone >= 0)
        states = self.walk.state[self._alone[rows]]
        visits, missing = self.walk.visits[states], self.walk.missing
        low[rows] = np.where(self.walk.closed[states], visits - missing, self.walk.nearby[states])
        high[rows] = np.minimum(1.0, visits * (1.0 - np.minimum(1.0, self.walk.returning[states])) + missing)
        low = np.clip(low, 0.0, 1.0)
        high = np.maximum(low, high)
        likely = low.copy()
        # Who comes back late comes from anywhere, as if the walk began anew.
        likely[rows] = np.clip(high[rows] / (1.0 + visits), low[rows], high[rows])
        return low, high, likely


def compile_kernels() -> None:
    """Run every kernel of shocks once on three firms, so that none is compiled when it is needed."""
    network = compile_network([0, 1, 2, 0], [1, 2, 0, 2], [3.0, 2.0, 1.0, 1.0], [0, 1, 1], [[2, 1], [1, 0]])
    scenarios = checked_scenarios(np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.2]]), 3)
    for stop in ("firm", "ratio"):
        run_published(network, scenarios, 1e-2, True, stop, 10)
        published_losses(network, scenarios, 1e-2, True, stop, 10)
    solver = Converged(network, scenarios, True, 1e-6)
    solver.solved()
    solver.losses()
    for replaceability in (True, False):
        narrowed(network, scenarios.firm[:1], scenarios.loss[:1], 1e-6, replaceability, 1e6)
    states = solver.walk.state[:1]
    chances_back(solver.steps, np.array([0, states.size], np.int64), states, 1e-3)


def shocked_weight(network: Network, scenarios: Scenarios) -> Floats:
    """Give the weighted sum of what each scenario begins with."""
    row = np.repeat(np.arange(scenarios.begins.size - 1), np.diff(scenarios.begins))
    lost = network.weights[scenarios.firm] * scenarios.loss
    return np.bincount(row, weights=lost, minlength=scenarios.begins.size - 1).astype(np.float64)


def _alone(scenarios: Scenarios) -> npt.NDArray[np.int64]:
    """Give the firm that fails wholly and alone in each scenario, −1 where it is another kind of scenario."""
    first = np.minimum(scenarios.begins[:-1], max(0, scenarios.firm.size - 1))
    if not scenarios.firm.size:
        return np.full(first.size, -1)
    single = (np.diff(scenarios.begins) == 1) & (scenarios.loss[first] == 1.0)
    return np.where(single, scenarios.firm[first], -1).astype(np.int64)


def _groups(visits: Floats, tolerance: float) -> Rows:
    """Cut firms, by rising visits, into groups so small that coming back to the group is not much likelier than to one
    of it; gives where each begins and the last ends. Firms too often visited to share a group are left out.
    """
    begins = [0]
    while begins[-1] < visits.size:
        first = begins[-1]
        ends = np.arange(first + 1, min(visits.size, first + _LARGEST_GROUP) + 1)
        fits = (ends - first) * visits[ends - 1] ** 2 <= tolerance
        size = int(fits.sum()) if fits.all() else int(np.argmin(fits))
        if size < min(_SMALLEST_GROUP, visits.size - first):
            break
        begins.append(first + size)
    return np.array(begins, np.int64)


def _check_shares(network: Network) -> None:
    """Raise InputError where a firm sells or buys more than its revenue or costs, for which no bound is known."""
    for begins, shares, name, does in (
        (network.up_begins, network.up_share, "revenue", "sells"),
        (network.segment_begins, network.segment_share, "costs", "buys"),
    ):
        total = np.add.reduceat(np.append(shares, 0.0), begins[:-1]) if begins.size > 1 else np.empty(0)
        total[np.diff(begins) == 0] = 0.0
        if (total > 1.0 + _ABOVE_ONE).any():
            at = int(np.argmax(total))
            firm = at if name == "revenue" else int(network.segment_buyer[at])
            raise InputError(
                f"firm {firm} {does} more than its {name}",
                mend=f"give {name} of at least what the firm {does}, or mode='published'",
            )
