"""Losses that run up the chain, for all firms at once: who sells to whom read as a random walk.

A firm that loses buyers loses the share of its sales that went to them, so the upstream loss of firm i when k fails is
the chance that a walk, which goes from a supplier to each buyer by its share of sales, comes from i to k. With Q the
shares, G = (I − Q)⁻¹ counts visits, and the weighted loss is u(k) = (w G)_k / G_kk: one system of equations for the
numerators of all firms. A walk that can never leave a group of firms again is there for good: once it enters such a
closed group it comes to each of its firms, which is why the group counts as one firm here and G always exists.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import scipy.sparse.csgraph as csgraph
import scipy.sparse.linalg as spla

from gaoyuan.chain.shocks.network import Floats, Network, Places

_LEAK = 1e-12
_RESIDUAL = 1e-10
_FEW = 400
_MOST_POLICIES = 50
_MOST_SWEEPS = 20_000


@dataclass(frozen=True, slots=True)
class Walk:
    """The walk over states: firms, with each closed group of them as one state.

    `state` (firms) is the state of each firm; `begins`, `follower`, `chance` the steps from each state (none from a
    closed group); `weights` (states) what the state counts; `closed` (states) whether it is a closed group; `visits`
    (states) is w G up to `missing`: u of any firm differs by no more from visits / G_kk; `duration` (states) an upper
    bound on the steps that a walk takes until it ends. `nearby` (states) is the part of u that comes in at most one
    step, and `returning` (states) the chance to be back in at most two, a lower bound of 1 − 1 / G_kk.
    """

    state: Places
    begins: npt.NDArray[np.int64]
    follower: Places
    chance: Floats
    weights: Floats
    closed: npt.NDArray[np.bool_]
    visits: Floats
    missing: float
    duration: Floats
    nearby: Floats
    returning: Floats

    @property
    def slack(self) -> float:
        """What `visits` may lack for a residual of 1 everywhere."""
        longest = float(self.duration.max(initial=0.0))
        return self.missing * longest if np.isfinite(longest) else np.inf


def walk_of(network: Network) -> Walk:
    """Give the walk of a network in which no firm sells more to firms than its revenue."""
    firms = network.output.size
    shares = sp.csr_array((network.up_share, network.up_buyer, network.up_begins), shape=(firms, firms))
    state, closed = _states(shares)
    states = closed.size
    joined = sp.csr_array((np.ones(firms), (np.arange(firms), state)), shape=(firms, states))
    steps = sp.csr_array(joined.T @ shares @ joined)
    steps = sp.csr_array(sp.diags_array((~closed).astype(np.float64)) @ steps)
    steps.eliminate_zeros()
    steps.sort_indices()
    weights = np.bincount(state, weights=network.weights, minlength=states).astype(np.float64)
    back = sp.csr_array(steps.T)
    visits = _solved(back, weights, steps.shape[0])
    missing = float(np.abs(weights + back @ visits - visits).sum())
    duration = _solved(steps, np.ones(states), states)
    worst = float(np.abs(1.0 + np.asarray(steps @ duration) - duration).max(initial=0.0))
    duration = duration / (1.0 - worst) if worst < 0.5 else np.full(states, np.inf)
    itself = np.asarray(steps.diagonal(), np.float64)
    there_and_back = np.asarray((steps * back).sum(axis=1), np.float64).ravel()
    return Walk(
        state.astype(np.int32),
        steps.indptr.astype(np.int64),
        steps.indices.astype(np.int32),
        steps.data.astype(np.float64),
        weights,
        closed,
        np.maximum(visits, 0.0),
        missing,
        duration,
        weights + np.asarray(back @ weights, np.float64) - weights * itself,
        itself + there_and_back - itself**2,
    )


def stopped_walk(walk: Walk, start: Floats) -> Floats:
    """Give the upstream losses x = max(s, Q x) of one scenario by improving where the walk stops (Howard 1960).

    Slower than sweeps, but also where walks hardly ever leave a part of the network. Whoever uses it checks what it
    gives by its residual.
    """
    size = start.size
    steps = sp.csr_array((walk.chance, walk.follower, walk.begins), shape=(size, size))
    stops = start > 0.0
    losses = start.copy()
    for _ in range(_MOST_POLICIES):
        moving = np.flatnonzero(~stops)
        inner, outer = steps[moving][:, moving], steps[moving][:, np.flatnonzero(stops)]
        losses = start.copy()
        losses[moving] = np.minimum(
            1.0, _solved(sp.csr_array(inner), np.asarray(outer @ start[stops], np.float64), moving.size)
        )
        better = stops & (np.asarray(steps @ losses) > start * (1.0 + 1e-12))
        if not better.any():
            break
        stops &= ~better
    return np.clip(losses, start, 1.0)


def _states(shares: sp.csr_array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Number the states, and say which are closed groups: no walk in them ends or leaves."""
    firms = shares.shape[0]
    if firms == 0:
        return np.empty(0, np.int64), np.empty(0, np.bool_)
    count, group = csgraph.connected_components(shares, directed=True, connection="strong")
    leaving = np.zeros(count, np.bool_)
    stays = np.asarray(shares.sum(axis=1)).ravel() >= 1.0 - _LEAK
    leaving[group[~stays]] = True
    seller = np.repeat(np.arange(firms), np.diff(shares.indptr))
    leaving[group[seller[group[seller] != group[shares.indices]]]] = True
    closed_firm = ~leaving[group]
    # A closed group is one state, any other firm a state of its own.
    label = np.where(closed_firm, group, count + np.arange(firms))
    names, state = np.unique(label, return_inverse=True)
    # Firms that many sell to come first, so that what sweeps read most lies together.
    degree = np.bincount(state[shares.indices], minlength=names.size)
    order = np.argsort(-degree, kind="stable")
    place = np.empty(names.size, np.int64)
    place[order] = np.arange(names.size)
    return place[state], (names < count)[order]


def _solved(steps: sp.csr_array, base: Floats, size: int) -> Floats:
    """Solve x = base + steps x, which is the sum of steps^t base, by whichever way comes near enough."""
    if size == 0:
        return base
    matrix = sp.csr_array(sp.eye_array(size) - steps)
    if size <= _FEW:
        return np.asarray(np.linalg.solve(matrix.toarray(), base), np.float64)
    scale = float(np.abs(base).sum())
    found, _ = spla.bicgstab(matrix, base, rtol=1e-13, atol=0.0, maxiter=500)
    found = found if np.isfinite(found).all() else base.copy()
    for _ in range(_MOST_SWEEPS):
        following = base + steps @ found
        moved = float(np.abs(following - found).sum())
        found = following
        if moved <= _RESIDUAL * scale:
            break
    return found
