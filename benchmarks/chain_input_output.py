"""Input-output analysis: extraction by one inversion against solving anew for each sector, and adaptive dynamics a day
against the time quoted of BoARIO.

    python -m benchmarks.chain_input_output

BoARIO 0.7.2 was measured by us on a machine with two cores (core seconds a day simulated); it is not part of this
project's environment.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.measuring import measured
from gaoyuan.chain.input_output import ario_economy, capacity_shock, extraction_loss, simulate_ario

SECTORS = 153
DAYS = 365
QUOTED_DAY = {(1, 42): 0.75e-3, (1, 153): 2.4e-3, (31, 42): 49e-3}
"""Regions and sectors of a table, with BoARIO's core seconds a day."""


def table(regions: int, sectors: int) -> tuple[np.ndarray, np.ndarray]:
    """Make dense flows and final use of as many regions with as many sectors each, as uneven as real ones."""
    random = np.random.default_rng(1)
    size = regions * sectors
    flows = random.lognormal(0.0, 2.0, (size, size))
    final = random.lognormal(0.0, 1.0, size) * flows.sum(axis=1).mean()
    outputs = flows.sum(axis=1) + final
    return flows * np.minimum(1.0, 0.6 * outputs / flows.sum(axis=0)), final


def by_one_inversion() -> Callable[[], float]:
    """The loss of every sector, ours."""
    flows, final = table(1, SECTORS)
    outputs = flows.sum(axis=1) + final
    return lambda: float(extraction_loss(flows, outputs).sum())


def by_solving_anew() -> Callable[[], float]:
    """The same by a system of equations a sector, as the method is usually done."""
    flows, final = table(1, SECTORS)
    outputs = flows.sum(axis=1) + final
    coefficients = flows / outputs

    def work() -> float:
        lost = 0.0
        for sector in range(SECTORS):
            left = np.delete(np.arange(SECTORS), sector)
            own = coefficients[np.ix_(left, left)]
            lost += outputs.sum() - np.linalg.solve(np.eye(left.size) - own, final[left]).sum()
        return float(lost)

    return work


def a_year(regions: int, sectors: int) -> Callable[[], float]:
    """365 days after a tenth of the industries of the first region lost half of their capacity; gives what is lost."""
    flows, final = table(regions, sectors)
    economy = ario_economy(flows, final, product=np.arange(regions * sectors) % sectors)
    lost = np.zeros(regions * sectors)
    lost[: max(sectors // 10, 1)] = 0.5
    shock = capacity_shock(economy, lost, duration=30)
    return lambda: simulate_ario(economy, [shock], days=DAYS).total_lost_output


def main() -> None:
    """Print both comparisons."""
    ours, anew = measured(by_one_inversion), measured(by_solving_anew)
    same = "same" if np.isclose(ours.answer, anew.answer, rtol=1e-9) else f"DIFFERS: {ours.answer} {anew.answer}"
    ratio = anew.core_seconds / ours.core_seconds
    print(f"extraction of all of {SECTORS} sectors: {ours.core_seconds * 1e3:.2f} ms of core time, ", end="")
    print(f"solved anew {anew.core_seconds * 1e3:.1f} ms: {ratio:.0f} × ({same})")
    for (regions, sectors), quoted in QUOTED_DAY.items():
        spent = measured(partial(a_year, regions, sectors)).core_seconds / DAYS
        print(f"one day, {regions} × {sectors} industries: {spent * 1e3:.3f} ms, ", end="")
        print(f"BoARIO (quoted) {quoted * 1e3:.2f} ms: {quoted / spent:.0f} ×")


if __name__ == "__main__":
    main()
