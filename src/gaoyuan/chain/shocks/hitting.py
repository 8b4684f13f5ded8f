"""Upstream losses of chosen scenarios, firm by firm, with a proven bound on their weighted sum.

x = max(s, Q x) is swept for several scenarios at a time. Whatever x a sweep ends with, its residual r = F(x) − x tells
how far it is off: the solution lies between x − G r⁻ and x + G r⁺, and its weighted sum is off by at most
Σ (w G)_i |r_i|, where w G are the visits that `upstream` has solved for all firms at once.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from gaoyuan.chain.shocks.network import Floats, Offsets, Places

_SWEEPS = 3
_GAIN = 0.95
_MOST_SWEEPS = 6_000
_NO_GAIN = 40


@nb.njit(cache=True)
def sweep_losses(
    begins: Offsets,
    follower: Places,
    chance: Floats,
    visits: Floats,
    duration: Floats,
    slack: float,
    start: Floats,
    tolerance: float,
    losses: Floats,
    given: bool,
) -> tuple[Floats, float, int]:
    """Fill `losses` (states, scenarios) for the shocks `start` (states, scenarios).

    Gives the proven error of each scenario's weighted sum, the largest residual and the number of sweeps. `given`:
    `losses` already hold a guess. `slack` is what `visits` may lack, times the longest walk. Sweeps take the newest
    losses (Gauss and Seidel); between them one step along `duration`, the direction in which sweeps converge slowest,
    takes out what is left in it.
    """
    states, width = start.shape
    error, push, total = np.empty(width), np.empty(width), np.empty(width)
    best, since, sweeps = np.inf, 0, 0
    if not given:
        losses[:] = start
    partial = bool(((start > 0.0) & (start < 1.0)).any())
    hold = _hold(begins, follower, chance, visits, duration, start, losses)
    while True:
        error[:] = 0.0
        push[:] = 0.0
        largest = 0.0
        for i in range(states):
            _sum_row(begins, follower, chance, losses, i, total)
            for c in range(width):
                rest = max(start[i, c], min(1.0, total[c])) - losses[i, c]
                error[c] += visits[i] * abs(rest)
                largest = max(largest, abs(rest))
                push[c] += 0.0 if _stays(start[i, c], losses[i, c]) else visits[i] * rest
        for c in range(width):
            # No walk is endless where nothing is left to correct.
            error[c] += slack * largest if largest > 0.0 else 0.0
        worst = error.max()
        since = 0 if worst < _GAIN * best else since + 1
        best = min(best, worst)
        if worst <= tolerance or sweeps >= _MOST_SWEEPS or since > _NO_GAIN:
            return error, largest, sweeps
        if partial:
            hold = _hold(begins, follower, chance, visits, duration, start, losses)
        for c in range(width):
            push[c] = push[c] / hold[c] if hold[c] > 0.0 else 0.0
        if since == 0 or since % 2 == 0:
            for i in range(states):
                for c in range(width):
                    if losses[i, c] > 0.0 and not _stays(start[i, c], losses[i, c]):
                        losses[i, c] = min(1.0, max(start[i, c], losses[i, c] + push[c] * duration[i]))
        for _ in range(_SWEEPS):
            sweeps += 1
            for i in range(states):
                _sum_row(begins, follower, chance, losses, i, total)
                for c in range(width):
                    losses[i, c] = max(start[i, c], min(1.0, total[c]))


@nb.njit(cache=True, inline="always")
def _stays(start: float, loss: float) -> bool:
    """Say whether a firm loses just what it was shocked by, whatever its buyers lose."""
    return start > 0.0 and loss <= start


@nb.njit(cache=True, inline="always")
def _sum_row(begins: Offsets, follower: Places, chance: Floats, losses: Floats, i: int, total: Floats) -> None:
    total[:] = 0.0
    for link in range(begins[i], begins[i + 1]):
        share, j = chance[link], follower[link]
        for c in range(total.size):
            total[c] += share * losses[j, c]


@nb.njit(cache=True)
def _hold(
    begins: Offsets,
    follower: Places,
    chance: Floats,
    visits: Floats,
    duration: Floats,
    start: Floats,
    losses: Floats,
) -> Floats:
    """What one unit of `duration` takes out of the residuals, weighted by visits, for each scenario."""
    states, width = start.shape
    found = np.zeros(width)
    for i in range(states):
        for c in range(width):
            if not _stays(start[i, c], losses[i, c]):
                found[c] += visits[i]
        for link in range(begins[i], begins[i + 1]):
            j = follower[link]
            for c in range(width):
                if _stays(start[j, c], losses[j, c]) and not _stays(start[i, c], losses[i, c]):
                    found[c] += visits[i] * chance[link] * duration[j]
    return found
