"""Samples of weights, uniform over all that are possible or over those that restrictions leave.

Uniform on the simplex: Dirichlet(1, …, 1); under a full order of importance its sorted values. Under intervals or a
partial order: hit-and-run, Smith (1984), Efficient Monte Carlo procedures for generating points uniformly distributed
over bounded regions, Operations Research 32; for weights Tervonen, van Valkenhoef, Baştürk & Postmus (2013),
Hit-and-run enables efficient weight generation for simulation-based multiple criteria decision analysis, EJOR 224.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from gaoyuan.assess.scoring.facts import Matrix, Vector
from gaoyuan.errors import InputError

_CHAINS = 200
_ROOM = 1e-9


@dataclass(frozen=True)
class Restrictions:
    """What is known of the weights: `order`, names from the most to the least important; `intervals` of weights (0..1).

    Both may leave indicators out, which are then free.
    """

    order: tuple[str, ...] = ()
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def sample_weights(
    names: Sequence[str], samples: int, draw: np.random.Generator, restrictions: Restrictions | None = None
) -> Matrix:
    """Give weights (samples, m) that sum to 1, uniformly distributed over those that the restrictions allow.

    Without intervals and with a full order or none the samples are independent; otherwise they come from 200 chains of
    hit-and-run, started apart in the interior and thinned, and are uniform up to the chains' mixing. Raises InputError
    for names that are no indicators, intervals that are none, and restrictions that leave no weights or only a point.

    >>> draw = np.random.default_rng(1)
    >>> weights = sample_weights(["a", "b", "c"], 4000, draw, Restrictions(order=("b", "a", "c")))
    >>> weights.mean(axis=0).round(1).tolist(), bool((weights[:, 1] >= weights[:, 2]).all())
    ([0.3, 0.6, 0.1], True)
    """
    held = restrictions or Restrictions()
    order = _checked(names, held)
    free = draw.dirichlet(np.ones(len(names)), samples) if not held.intervals else np.empty((0, len(names)))
    if len(names) == 1 or (not held.intervals and not order):
        return free if len(free) else np.ones((samples, 1))
    if not held.intervals and len(order) == len(names):
        free = -np.sort(-free, axis=1)
        return free[:, np.argsort(order)]
    return _hit_and_run(*_half_spaces(names, held, order), samples, draw)


def _checked(names: Sequence[str], restrictions: Restrictions) -> list[int]:
    for name in (*restrictions.order, *restrictions.intervals):
        if name not in names:
            raise InputError(f"{name!r} is restricted but no indicator", mend=f"Indicators are: {', '.join(names)}.")
    if len(set(restrictions.order)) < len(restrictions.order):
        raise InputError("an indicator is in the order of importance twice", mend="Name each once.")
    for name, (low, high) in restrictions.intervals.items():
        if not 0 <= low <= high <= 1:
            raise InputError(f"{low} to {high} is no interval of weights", where=name, mend="Give 0 ≤ low ≤ high ≤ 1.")
    return [list(names).index(name) for name in restrictions.order]


def _half_spaces(names: Sequence[str], restrictions: Restrictions, order: list[int]) -> tuple[Matrix, Vector]:
    """Give A (k, m) and b (k) of the half-spaces A w ≤ b."""
    eye = np.eye(len(names))
    ends = [restrictions.intervals.get(name, (0.0, 1.0)) for name in names]
    above = [eye[less] - eye[more] for more, less in pairwise(order)]
    return np.vstack([eye, -eye, *above]), np.array([e[1] for e in ends] + [-e[0] for e in ends] + [0.0] * len(above))


def _hit_and_run(a: Matrix, b: Vector, samples: int, draw: np.random.Generator) -> Matrix:
    size = a.shape[1]
    start = _interior(a, b)
    points = np.tile(start, (min(_CHAINS, samples), 1))
    # Mixing takes a number of steps that grows with the dimension; the start is left behind before the first sample.
    thinning = max(2 * size, 10)
    taken: list[Matrix] = []
    rounds = -(-samples // len(points))
    for step in range(thinning * (size + 10 + rounds)):
        direction = draw.standard_normal(points.shape)
        direction -= direction.mean(axis=1, keepdims=True)
        speed, room = direction @ a.T, np.maximum(b - points @ a.T, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = room / speed
        ahead = np.where(speed > _ROOM, reach, np.inf).min(axis=1)
        behind = np.where(speed < -_ROOM, reach, -np.inf).max(axis=1)
        points = points + (behind + (ahead - behind) * draw.random(len(points)))[:, None] * direction
        if step >= thinning * (size + 10) and step % thinning == thinning - 1:
            taken.append(points)
    weights = np.maximum(np.concatenate(taken)[:samples], 0.0)
    return weights / weights.sum(axis=1, keepdims=True)


def _interior(a: Matrix, b: Vector) -> Vector:
    """Give the weights that are furthest inside the restrictions, from a linear programme."""
    size = a.shape[1]
    norms = np.linalg.norm(a, axis=1)
    # Restrictions are rare, and importing scipy.optimize is slow.
    import scipy.optimize

    found = scipy.optimize.linprog(
        np.append(np.zeros(size), -1.0),
        A_ub=np.column_stack([a, norms]),
        b_ub=b,
        A_eq=np.append(np.ones(size), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0, 1)] * size + [(None, 1)],
    )
    if found.x is None or found.x[-1] <= _ROOM:
        raise InputError(
            "no weights that sum to 1 keep all the restrictions, or they leave no room between them",
            mend="Widen them: low ends sum to less than 1, high ends to more, and the order agrees with both.",
        )
    return np.asarray(found.x[:-1], dtype=np.float64)
