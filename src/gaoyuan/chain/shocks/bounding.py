"""The kernels that bound many scenarios, a few at a time, on all cores."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.chain.shocks.downstream import new_field, push_down, repair_upper, wipe_field
from gaoyuan.chain.shocks.hitting import sweep_losses
from gaoyuan.chain.shocks.network import Floats, Network, Offsets, Places
from gaoyuan.chain.shocks.potential import Potential
from gaoyuan.chain.shocks.scenarios import Scenarios

Rows = npt.NDArray[np.int64]

WIDTH = 8
_CHUNKS = 32
_FLOOR = 0.3
_ATTEMPTS = 4
_FINER = 0.1
_FINER_FLOOR = 1e-4
_LEAST_FLOOR = 1e-13


class Steps(NamedTuple):
    """What the kernels need of a walk; see `upstream.Walk`."""

    state: Places
    begins: Offsets
    follower: Places
    chance: Floats
    visits: Floats
    duration: Floats
    slack: float


def bound_down(
    network: Network,
    potential: Potential,
    scenarios: Scenarios,
    rows: Rows,
    scale: float,
    width: float,
    replaceable: bool,
) -> tuple[Floats, Floats, Rows, Rows]:
    """Give lower and upper bounds of the downstream index of some scenarios, the passes and the attempts made.

    Bounds wider than `width` are tried again with a smaller scale.
    """
    harm = float(network.weights @ potential.level)
    return _bound_down(network, potential, scenarios, rows, scale, width, harm, replaceable, _CHUNKS)


def bound_single(
    network: Network,
    potential: Potential,
    scenarios: Scenarios,
    steps: Steps,
    rows: Rows,
    attempts: Rows,
    scale: float,
    tolerance: float,
    replaceable: bool,
    guesses: Floats | None = None,
    filled: tuple[Floats, Floats] | None = None,
) -> tuple[Floats, Floats, Floats, Floats, Rows]:
    """Give, for some scenarios, the upstream index, a lower bound of the downstream index, the combined index of both,
    the bound on what the upstream part is off, and the number of sweeps. `guesses` (scenarios, states) are where the
    sweeps begin. `filled`, where given, takes up each firm's downstream and upstream loss (scenarios, firms).
    """
    begin = np.empty((0, steps.visits.size)) if guesses is None else guesses
    down, up = (np.empty((0, 0)), np.empty((0, 0))) if filled is None else filled
    return _bound_single(
        network, potential, scenarios, steps, rows, attempts, scale, tolerance, replaceable, begin, down, up
    )


@nb.njit(cache=True)
def _fineness(scale: float, attempt: int) -> tuple[float, float]:
    """Give the scale and the floor of the push at an attempt."""
    return scale * _FINER**attempt, max(_LEAST_FLOOR, _FLOOR * scale * _FINER_FLOOR**attempt)


@nb.njit(cache=True, parallel=True)
def _bound_down(
    network: Network,
    potential: Potential,
    scenarios: Scenarios,
    rows: Rows,
    scale: float,
    width: float,
    harm: float,
    replaceable: bool,
    chunks: int,
) -> tuple[Floats, Floats, Rows, Rows]:
    low, high = np.zeros(rows.size), np.ones(rows.size)
    work, attempts = np.zeros(rows.size, np.int64), np.zeros(rows.size, np.int64)
    for chunk in nb.prange(chunks):
        field = new_field(network)
        for row in range(chunk, rows.size, chunks):
            first, last = scenarios.begins[rows[row]], scenarios.begins[rows[row] + 1]
            firms, shares = scenarios.firm[first:last], scenarios.loss[first:last]
            for attempt in range(_ATTEMPTS):
                finer, floor = _fineness(scale, attempt)
                reached, passes = push_down(network, potential, field, firms, shares, finer, floor, replaceable)
                special, holds = repair_upper(network, potential, field, reached, finer, replaceable)
                work[row] += passes
                least, raised = 0.0, 0.0
                for k in range(special):
                    i = field.special[k]
                    least += network.weights[i] * field.loss[i]
                    raised += network.weights[i] * field.raised[i]
                wipe_field(network, field, reached, special)
                low[row] = max(low[row], least)
                if holds:
                    high[row] = min(high[row], least + finer * harm + raised)
                attempts[row] = attempt
                if high[row] - low[row] <= width:
                    break
            high[row] = max(low[row], high[row])
    return low, high, work, attempts


@nb.njit(cache=True, parallel=True)
def _bound_single(
    network: Network,
    potential: Potential,
    scenarios: Scenarios,
    steps: Steps,
    rows: Rows,
    attempts: Rows,
    scale: float,
    tolerance: float,
    replaceable: bool,
    guesses: Floats,
    down_losses: Floats,
    up_losses: Floats,
) -> tuple[Floats, Floats, Floats, Floats, Rows]:
    states, count = steps.visits.size, rows.size
    up, down, both = np.zeros(count), np.zeros(count), np.zeros(count)
    off, work = np.zeros(count), np.zeros(count, np.int64)
    for batch in nb.prange((count + WIDTH - 1) // WIDTH):
        first, last = batch * WIDTH, min(count, (batch + 1) * WIDTH)
        start, losses = np.zeros((states, last - first)), np.empty((states, last - first))
        for row in range(first, last):
            for at in range(scenarios.begins[rows[row]], scenarios.begins[rows[row] + 1]):
                state = steps.state[scenarios.firm[at]]
                start[state, row - first] = max(start[state, row - first], scenarios.loss[at])
            if guesses.shape[0]:
                losses[:, row - first] = guesses[row]
        error, _, sweeps = sweep_losses(
            steps.begins,
            steps.follower,
            steps.chance,
            steps.visits,
            steps.duration,
            steps.slack,
            start,
            tolerance,
            losses,
            guesses.shape[0] > 0,
        )
        field = new_field(network)
        for row in range(first, last):
            c = row - first
            for i in range(network.weights.size):
                up[row] += network.weights[i] * losses[steps.state[i], c]
            begin, end = scenarios.begins[rows[row]], scenarios.begins[rows[row] + 1]
            finer, floor = _fineness(scale, attempts[row])
            reached, _ = push_down(
                network,
                potential,
                field,
                scenarios.firm[begin:end],
                scenarios.loss[begin:end],
                finer,
                floor,
                replaceable,
            )
            beyond = 0.0
            for k in range(reached):
                i = field.reached[k]
                down[row] += network.weights[i] * field.loss[i]
                beyond += network.weights[i] * max(0.0, field.loss[i] - losses[steps.state[i], c])
            both[row] = up[row] + beyond
            if down_losses.size:
                down_losses[row] = field.loss
                for i in range(network.weights.size):
                    up_losses[row, i] = losses[steps.state[i], c]
            wipe_field(network, field, reached, 0)
            off[row] = error[c]
            work[row] = sweeps
    return up, down, both, off, work


@nb.njit(cache=True, parallel=True)
def chances_back(steps: Steps, begins: Rows, members: Places, tolerance: float) -> Floats:
    """Give, for each member, an upper bound on the chance that a walk from it comes back to any member of its group.

    Group g is `members[begins[g]:begins[g + 1]]`.
    """
    states, groups = steps.visits.size, begins.size - 1
    found = np.ones(members.size)
    for batch in nb.prange((groups + WIDTH - 1) // WIDTH):
        first, last = batch * WIDTH, min(groups, (batch + 1) * WIDTH)
        start, losses = np.zeros((states, last - first)), np.empty((states, last - first))
        for group in range(first, last):
            for at in range(begins[group], begins[group + 1]):
                start[members[at], group - first] = 1.0
        _, largest, _ = sweep_losses(
            steps.begins,
            steps.follower,
            steps.chance,
            steps.visits,
            steps.duration,
            steps.slack,
            start,
            tolerance,
            losses,
            False,
        )
        for group in range(first, last):
            for at in range(begins[group], begins[group + 1]):
                k = members[at]
                total = 0.0
                for link in range(steps.begins[k], steps.begins[k + 1]):
                    j = steps.follower[link]
                    total += steps.chance[link] * min(1.0, losses[j, group - first] + largest * steps.duration[j])
                found[at] = min(1.0, total)
    return found
