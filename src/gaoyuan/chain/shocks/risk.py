"""How much of an economy stops when firms do: the economic systemic risk index."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from gaoyuan.chain.shocks.converged import Converged
from gaoyuan.chain.shocks.network import Floats, compile_network
from gaoyuan.chain.shocks.published import Stop, run_published
from gaoyuan.chain.shocks.scenarios import checked_scenarios
from gaoyuan.errors import InputError

Mode = Literal["published", "converged"]

MOST_STEPS = 1_000_000


@dataclass(frozen=True, slots=True)
class SystemicRisk:
    """The index of each scenario: the weighted share of all production that is lost.

    `esri` counts the larger of a firm's downstream and upstream loss, `esri_down` and `esri_up` one of them.
    `iterations`: the steps of the published cascade; in mode `converged` the passes and sweeps spent on the scenario
    alone. `error_bound`: no one of the three is farther than this from the least fixed point (absolute, 1 is the whole
    economy); NaN in mode `published`, of whose distance nothing is known. It is at most the tolerance, but for
    scenarios of which a RuntimeWarning tells.
    """

    esri: Floats
    esri_down: Floats
    esri_up: Floats
    iterations: npt.NDArray[np.int64]
    error_bound: Floats


def systemic_risk(
    supplier: npt.ArrayLike,
    buyer: npt.ArrayLike,
    value: npt.ArrayLike,
    sector: npt.ArrayLike,
    essential: npt.ArrayLike,
    *,
    mode: Mode = "published",
    tolerance: float = 1e-2,
    replaceability: bool = True,
    shocks: npt.ArrayLike | sp.sparray | sp.spmatrix | None = None,
    revenue: npt.ArrayLike | None = None,
    costs: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    stop: Stop = "firm",
) -> SystemicRisk:
    """Give the economic systemic risk index of each scenario (经济系统性风险指数).

    Firms are numbered 0 … n − 1. Link l is a sale of `value[l]`, at least 0 and in any unit, by `supplier[l]` to
    `buyer[l]`; links of the same two firms add up, links of 0 are none, and a sale to itself is a sale. `sector` (n) is
    the product of each firm, a row of `essential` (sectors, sectors): whether the row's product is essential (2),
    non-essential (1) or negligible (0) to makers of the column's. `shocks` (scenarios, n), dense or scipy sparse, is
    the share of its production that each firm loses at first; None is one scenario a firm, in which it fails wholly and
    alone. `replaceability`: other firms of the market make good a loss as far as they can.

    `revenue` (n) takes the place of what a firm sells to firms in its upstream loss, `costs` (n) that of what it buys
    downstream. `weights` (n) say how much each firm counts, in proportion; what it sells to firms where None.

    `mode`: `published` steps as Diem et al. did, until no firm's loss moves by more than `tolerance` in a step (`stop`
    is `firm`), or the index grows by no more than that share of itself (`ratio`), which leaves out what would still
    come, and after 1,000,000 steps at the latest, of which a RuntimeWarning tells. `converged` gives the least fixed
    point within `tolerance`, with a proven bound on the error; a RuntimeWarning tells of scenarios whose bound is
    wider, because the work that one call may take was spent, or because rounding of an amount decides on the loss.

    Raises InputError for lengths that differ, firms or sectors out of range, amounts below 0 or missing, shares not in
    0 … 1, a network where nobody sells anything and no weights are given, and, in mode `converged`, firms that sell or
    buy more than their revenue or costs.

    Source: Diem, Borsos, Reisch, Kertész & Thurner (2022), Quantifying firm-level economic systemic risk from
    nation-wide supply networks, Scientific Reports 12:7719.

    >>> found = systemic_risk([0, 1], [1, 2], [4.0, 4.0], [0, 1, 2], [[2] * 3] * 3, mode="converged", tolerance=1e-6)
    >>> found.esri.round(3).tolist()
    [1.0, 1.0, 1.0]
    >>> found.esri_down.round(3).tolist()
    [1.0, 0.5, 0.0]
    """
    if mode not in get_args(Mode):
        raise InputError(f"mode is {' or '.join(get_args(Mode))}, not {mode!r}")
    check_tolerance(tolerance, stop)
    network = compile_network(supplier, buyer, value, sector, essential, revenue=revenue, costs=costs, weights=weights)
    scenarios = checked_scenarios(shocks, network.output.size)
    if mode == "published":
        both, down, up, steps = run_published(network, scenarios, tolerance, replaceability, stop, MOST_STEPS)
        warn_of_steps(steps)
        return SystemicRisk(both, down, up, steps, np.full(both.size, np.nan))
    solver = Converged(network, scenarios, replaceability, tolerance)
    found = solver.solved()
    both, down, up, off = found.figures(solver.shocked, tolerance)
    warn_of_bounds(off, tolerance)
    return SystemicRisk(both, down, up, found.work, off)


def check_tolerance(tolerance: float, stop: Stop) -> None:
    """Raise InputError for a tolerance or a stop rule that cannot be."""
    if not (np.isfinite(tolerance) and tolerance > 0):
        raise InputError(f"tolerance is a number above 0, not {tolerance}")
    if stop not in get_args(Stop):
        raise InputError(f"stop is {' or '.join(get_args(Stop))}, not {stop!r}")


def warn_of_steps(steps: npt.NDArray[np.int64]) -> None:
    """Warn the caller of the public function of scenarios that the published cascade did not bring to its stop rule."""
    cut = np.flatnonzero(steps >= MOST_STEPS)
    if cut.size:
        warnings.warn(
            f"{cut.size} of {steps.size} scenarios (first: {cut[0]}) were cut off after {MOST_STEPS:,} steps, before "
            'they met the tolerance. Give a larger tolerance, or mode="converged", which needs no such steps.',
            RuntimeWarning,
            stacklevel=3,
        )


def warn_of_bounds(off: Floats, tolerance: float) -> None:
    """Warn the caller of the public function of scenarios whose error is not proven to be within the tolerance."""
    wide = np.flatnonzero(off > tolerance)
    if wide.size:
        worst = int(wide[np.argmax(off[wide])])
        warnings.warn(
            f"{wide.size} of {off.size} scenarios have an error_bound above the tolerance of {tolerance:g}; the widest "
            f"is {off[worst]:.3g}, of scenario {worst}. Figures hold within error_bound. Give these scenarios alone "
            "as shocks, so that more work goes into each; what stays wide then is where the network is critical: "
            "rounding of its amounts decides on the loss.",
            RuntimeWarning,
            stacklevel=3,
        )
