"""Sourcing a bill of materials, against the mixed-integer solver HiGHS on the same choices.

    python -m benchmarks.chain_sourcing [--peer]

Six instances of 10,000 lines, 5,000 suppliers and about 45,000 offers: in product groups or all in one component, with
ample to scarce capacity. Reading the tables and telling the reasons count in our time, not in the solver's.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.measuring import measured
from gaoyuan.chain.sourcing import source
from gaoyuan.chain.sourcing.choices import choices_of
from gaoyuan.chain.sourcing.exact import settle
from gaoyuan.chain.sourcing.offer_costs import price_offers
from gaoyuan.chain.sourcing.problem import read_problem

INSTANCES = (("groups", 3.0), ("groups", 1.25), ("groups", 0.9), ("one", 2.0), ("one", 1.0), ("one", 0.6))
LINES, SUPPLIERS, OFFERS = 10_000, 5_000, 45_000
PREMIUM = 0.1


def instance(
    kind: str, capacity: float, lines: int = LINES, suppliers: int = SUPPLIERS, offers: int = OFFERS, seed: int = 1
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Make the three tables: suppliers of a product group of twenty lines, or any supplier ("one"); `capacity` is that
    of all suppliers over the hours that all lines take.
    """
    random = np.random.default_rng(seed)
    need = np.round(np.exp(random.normal(4.5, 1.2, lines))) + 1
    price = np.exp(random.normal(3.0, 1.0, lines)).round(2)
    groups = max(1, lines // 20) if kind == "groups" else 1
    of_line, of_supplier = random.integers(0, groups, lines), random.permutation(np.arange(suppliers) % groups)
    members = [np.flatnonzero(of_supplier == group) for group in range(groups)]
    chosen = [
        random.choice(pool, min(count, pool.size), replace=False)
        for count, pool in zip(
            random.poisson(offers / lines - 1, lines) + 1, (members[g] for g in of_line), strict=True
        )
    ]
    line = np.repeat(np.arange(lines), [pool.size for pool in chosen])
    supplier = np.concatenate(chosen)
    count = line.size
    base = (price[line] * np.exp(random.normal(0, 0.15, count))).round(2)
    hours = (np.exp(random.normal(-2.5, 0.5, lines))[line] * np.exp(random.normal(0, 0.2, count))).round(4)
    first = random.choice([50, 100, 200], count)
    demand = float((need * pd.Series(hours).groupby(line).mean().to_numpy()).sum())
    share = np.exp(random.normal(0, 0.6, suppliers))
    return (
        pd.DataFrame(
            {
                "line": [f"L{i}" for i in range(lines)],
                "need": need,
                "due_days": random.integers(20, 90, lines).astype(float),
                "unserved_penalty": (3 * need * price).round(2),
            }
        ),
        pd.DataFrame(
            {
                "supplier": [f"S{i}" for i in range(suppliers)],
                "capacity_hours": (capacity * demand * share / share.sum()).round(3),
                "local": random.random(suppliers) < 0.4,
            }
        ),
        pd.DataFrame(
            {
                "line": [f"L{i}" for i in line],
                "supplier": [f"S{i}" for i in supplier],
                "price_tiers": [
                    [[1.0, p], [float(q), round(p * 0.96, 4)], [5.0 * q, round(p * 0.92, 4)]]
                    for p, q in zip(base.tolist(), first.tolist(), strict=True)
                ],
                "moq": random.choice([1.0, 10.0, 50.0, 100.0], count, p=[0.5, 0.3, 0.15, 0.05]),
                "pack": random.choice([1.0, 5.0, 10.0, 20.0], count, p=[0.5, 0.2, 0.2, 0.1]),
                "lead_days": random.integers(3, 60, count).astype(float),
                "hours_per_unit": hours,
            }
        ),
    )


def ours(kind: str, capacity: float, gap: float) -> Callable[[], float]:
    """Source an instance; gives the gap reached."""
    tables = instance(kind, capacity)
    return lambda: source(*tables, nonlocal_premium=PREMIUM, gap=gap).gap


def theirs(kind: str, capacity: float, gap: float) -> Callable[[], float]:
    """Solve the same choices by HiGHS alone; gives the gap reached."""
    problem = read_problem(*instance(kind, capacity))
    priced = price_offers(problem)
    supplier = problem.supplier[priced.offer]
    cost = priced.quantity * priced.price * np.where(problem.local[supplier], 1.0, 1.0 + PREMIUM)
    choices = choices_of(
        problem.line[priced.offer],
        supplier,
        cost,
        priced.hours,
        problem.penalty,
        priced.wanted,
        problem.capacity,
        np.zeros(len(problem.suppliers)),
    )
    lines = np.arange(LINES)
    nothing = np.full((LINES, 2), -1)
    cheapest = problem.penalty.copy()
    np.minimum.at(cheapest, choices.line, choices.cost)

    def work() -> float:
        settled = settle(choices, lines, nothing, gap * float(cheapest.sum()), 120.0)
        return (settled.cost - settled.lower_bound) / settled.cost

    return work


def main(words: Sequence[str] | None = None) -> None:
    """Run the six instances and print their table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", action="store_true", help="also run HiGHS alone")
    given = parser.parse_args(words)
    print(f"{'instance':<16}{'to reach':>9}{'ours s':>9}{'core s':>9}{'gap':>10}{'HiGHS core s':>14}{'gap':>10}")
    for kind, capacity in INSTANCES:
        for gap in (0.02, 0.001):
            own = measured(partial(ours, kind, capacity, gap))
            row = f"{kind + ' ' + str(capacity):<16}{gap:>9.1%}"
            row += f"{own.seconds:>9.2f}{own.core_seconds:>9.2f}{own.answer:>10.3%}"
            if given.peer and gap == 0.001:
                peer = measured(partial(theirs, kind, capacity, gap), 1, False)
                row += f"{peer.core_seconds:>14.2f}{peer.answer:>10.3%}"
            print(row, flush=True)


if __name__ == "__main__":
    main()
