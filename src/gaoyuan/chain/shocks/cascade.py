"""Who loses what: every firm's loss in given scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from gaoyuan.chain.shocks.converged import Converged
from gaoyuan.chain.shocks.network import Floats, compile_network
from gaoyuan.chain.shocks.published import Stop, published_losses
from gaoyuan.chain.shocks.risk import MOST_STEPS, Mode, check_tolerance, warn_of_bounds, warn_of_steps
from gaoyuan.chain.shocks.scenarios import checked_scenarios
from gaoyuan.errors import InputError


@dataclass(frozen=True, slots=True)
class Cascade:
    """The share of its production that each firm loses (scenarios, firms): `down` for want of supplies, `up` for want
    of buyers, and `loss`, the larger of the two.

    `error_bound` (scenarios): the weighted sum over firms of what `down`, and of what `up`, are off from the least
    fixed point is at most this; NaN in mode `published`.
    """

    down: Floats
    up: Floats
    loss: Floats
    error_bound: Floats


def cascade(
    supplier: npt.ArrayLike,
    buyer: npt.ArrayLike,
    value: npt.ArrayLike,
    sector: npt.ArrayLike,
    essential: npt.ArrayLike,
    shocks: npt.ArrayLike | sp.sparray | sp.spmatrix,
    *,
    mode: Mode = "published",
    tolerance: float = 1e-2,
    replaceability: bool = True,
    revenue: npt.ArrayLike | None = None,
    costs: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    stop: Stop = "firm",
) -> Cascade:
    """Give every firm's loss in some scenarios; arguments, errors, warnings and source as in `systemic_risk`.

    The answer is dense, scenarios × firms: for the index of many scenarios ask `systemic_risk`.

    >>> cascade([0, 1], [1, 2], [4.0, 4.0], [0, 1, 2], [[2] * 3] * 3, [[0.0, 0.5, 0.0]]).loss.tolist()
    [[0.5, 0.5, 0.5]]
    """
    if mode not in get_args(Mode):
        raise InputError(f"mode is {' or '.join(get_args(Mode))}, not {mode!r}")
    check_tolerance(tolerance, stop)
    network = compile_network(supplier, buyer, value, sector, essential, revenue=revenue, costs=costs, weights=weights)
    scenarios = checked_scenarios(shocks, network.output.size)
    if mode == "published":
        down, up, steps = published_losses(network, scenarios, tolerance, replaceability, stop, MOST_STEPS)
        warn_of_steps(steps)
        off = np.full(down.shape[0], np.nan)
    else:
        down, up, off = Converged(network, scenarios, replaceability, tolerance).losses()
        warn_of_bounds(off, tolerance)
    return Cascade(down, up, np.maximum(down, up), off)
