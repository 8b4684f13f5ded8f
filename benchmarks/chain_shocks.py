"""Systemic risk of all firms of drawn networks: the published cascade against the times of the published program, and
the least fixed point with its proven error.

    python -m benchmarks.chain_shocks [--large] [--heavy] [--only WORD]

Networks are scale-free, five links a firm, with the mix of essential products that the published survey matrix has;
nothing is sold outside the network, which is the hardest case upstream. `--large` adds a million firms, `--heavy` a
network whose largest firms sell hundreds of times what others do, so that failures of hundreds of firms spread to a
third of the network. The times of the published program (GLcascade and fastcascade 0.9.3.1, C++ from R) are quoted:
core seconds for one scenario on networks of the same size, measured on a machine with two cores.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from benchmarks.measuring import Work, measured
from gaoyuan.chain import systemic_risk

LINKS_A_FIRM = 5
NEGLIGIBLE, NON_ESSENTIAL, ESSENTIAL = 0.709, 0.119, 0.172
TOLERANCE = 1e-3
SCENARIOS = 2_000
QUOTED = {(10_000, 100): 0.078, (10_000, 600): 0.588, (100_000, 100): 1.87}


class Links(NamedTuple):
    """What `systemic_risk` takes first."""

    supplier: np.ndarray
    buyer: np.ndarray
    value: np.ndarray
    sector: np.ndarray
    essential: np.ndarray


def scale_free(firms: int, sectors: int, seed: int = 1) -> Links:
    """Draw links between firms whose expected numbers of links follow a power law with exponent 3."""
    random = np.random.default_rng(seed)
    ends = []
    for _ in range(2):
        drawn = random.random(firms) ** -0.5
        ends.append(random.choice(firms, LINKS_A_FIRM * firms, p=drawn / drawn.sum()))
    value = random.lognormal(0.0, 1.5, LINKS_A_FIRM * firms)
    return Links(ends[0], ends[1], value, random.integers(0, sectors, firms), _needs(random, sectors))


def uneven(firms: int, sectors: int, power: float, seed: int = 1) -> Links:
    """Draw links between firms whose sizes follow a Pareto law, large ones buying and selling more and dearer, in
    sectors of which some have many more firms than others.
    """
    random = np.random.default_rng(seed)
    size = random.pareto(power, firms) + 1.0
    buys = size * random.lognormal(0.0, 0.5, firms)
    supplier = random.choice(firms, LINKS_A_FIRM * firms, p=size / size.sum())
    buyer = random.choice(firms, LINKS_A_FIRM * firms, p=buys / buys.sum())
    value = random.lognormal(0.0, 1.0, supplier.size) * np.sqrt(size[supplier] * size[buyer])
    common = np.arange(1, sectors + 1) ** -0.6
    sector = random.choice(sectors, firms, p=common / common.sum())
    return Links(supplier, buyer, value, sector, _needs(random, sectors))


def _needs(random: np.random.Generator, sectors: int) -> np.ndarray:
    return random.choice([0, 1, 2], (sectors, sectors), p=[NEGLIGIBLE, NON_ESSENTIAL, ESSENTIAL])


def published(draw: Callable[[], Links]) -> Callable[[], float]:
    """The published cascade of firms drawn at random, each failing alone; gives the mean index."""
    links = draw()
    firms = links.sector.size
    count = min(firms, SCENARIOS)
    chosen = np.random.default_rng(2).choice(firms, count, replace=False)
    shocks = sp.csr_array((np.ones(count), (np.arange(count), chosen)), shape=(count, firms))
    return lambda: float(systemic_risk(*links, shocks=shocks).esri.mean())


def converged(draw: Callable[[], Links]) -> Callable[[], float]:
    """The least fixed point for all firms; gives the number of firms whose error is not proven to be small enough."""
    links = draw()
    # A small network first, so that no compiling is timed.
    systemic_risk(*scale_free(500, 10), mode="converged", tolerance=TOLERANCE)

    def work() -> float:
        found = systemic_risk(*links, mode="converged", tolerance=TOLERANCE)
        return float((found.error_bound > TOLERANCE).sum())

    return work


def main(words: Sequence[str] | None = None) -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="also a million firms")
    parser.add_argument("--heavy", action="store_true", help="also networks where many failures spread far")
    parser.add_argument("--only", default="", help="only the work whose name contains this word")
    given = parser.parse_args(words)
    for firms, sectors in ((10_000, 100), (10_000, 600), (100_000, 100)):
        for kind, draw in (
            ("scale-free", partial(scale_free, firms, sectors)),
            ("Pareto 1.5", partial(uneven, firms, sectors, 1.5)),
        ):
            name = f"published, {firms:,} firms, {sectors} sectors, {kind}"
            if given.only in name:
                ours = measured(partial(published, draw), repeat=1)
                each, quoted = ours.core_seconds / SCENARIOS, QUOTED[firms, sectors]
                ratio = f"{quoted / each:,.0f} × the quoted {quoted * 1e3:,.0f} ms"
                print(f"{name:<64}{each * 1e3:>8.2f} ms of core time a scenario, {ratio}", flush=True)
    tasks: list[tuple[str, Work]] = []
    for kind, draw in (
        ("100,000 firms, 100 sectors, scale-free", partial(scale_free, 100_000, 100)),
        ("100,000 firms, 600 sectors, scale-free", partial(scale_free, 100_000, 600)),
        ("100,000 firms, 100 sectors, Pareto 1.5", partial(uneven, 100_000, 100, 1.5)),
    ):
        tasks.append((f"converged, {kind}", partial(converged, draw)))
    if given.heavy:
        tasks.append(("converged, 100,000 firms, 100 sectors, Pareto 1.2", _heavy(100_000, 100, 1.2)))
        tasks.append(("converged, 100,000 firms, 600 sectors, Pareto 1.5", _heavy(100_000, 600, 1.5)))
    if given.large:
        tasks.append(("converged, 1,000,000 firms, 600 sectors, scale-free", _large(600)))
        tasks.append(("converged, 1,000,000 firms, 100 sectors, scale-free", _large(100)))
        tasks.append(("converged, 1,000,000 firms, 600 sectors, Pareto 1.5", _heavy(1_000_000, 600, 1.5)))
    for name, work in tasks:
        if given.only in name:
            ours = measured(work, repeat=1, warm=False)
            spent = f"{ours.seconds:>8.1f} s{ours.core_seconds:>8.1f} core s{ours.gigabytes:>7.2f} GB"
            print(f"{name:<64}{spent}   {ours.answer:.0f} firms not within {TOLERANCE}", flush=True)


def _heavy(firms: int, sectors: int, power: float) -> Work:
    return partial(converged, partial(uneven, firms, sectors, power))


def _large(sectors: int) -> Work:
    return partial(converged, partial(scale_free, 1_000_000, sectors))


if __name__ == "__main__":
    main()
