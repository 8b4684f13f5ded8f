"""Compile every kernel before it is needed: `python -m gaoyuan.cli.compiling`.

Compiled code is kept, so this takes a minute once and nothing afterwards.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np

import gaoyuan

_FIRMS = 2_000


def compile_kernels() -> float:
    """Run every step once on a small sample, and each kernel of point patterns; gives the seconds that it took."""
    from gaoyuan.observe import k_function, kd, m_function, observe
    from gaoyuan.registry import import_enterprises
    from gaoyuan.sample import write_sample

    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        workspace = gaoyuan.create(Path(folder) / "workspace")
        import_enterprises(workspace, [write_sample(workspace, _FIRMS).file])
        observe(workspace)
    random = np.random.default_rng(1)
    points, radii = random.uniform(0.0, 10_000.0, (60, 2)), np.array([500.0, 1_000.0])
    chosen = np.arange(60) < 20
    k_function(points, radii, 1e8)
    m_function(points, np.ones(60), chosen, chosen, radii)
    kd(points, radii)
    _compile_chain()
    _compile_matching()
    return time.perf_counter() - began


def _compile_matching() -> None:
    """Run the kernels of the search in texts once on two offers."""
    from gaoyuan.exchange.matching import Demand, Offer, match

    match(Demand("1", "法兰"), [Offer("1", "2", "不锈钢法兰"), Offer("2", "3", "法兰 DN50")], top=1)


def _compile_chain() -> None:
    """Run the kernels of the chain once on a few products and firms."""
    from gaoyuan.chain import shocks, sourcing
    from gaoyuan.chain.criticality import carried_value, immediate_dominators
    from gaoyuan.chain.input_output import ario_economy, capacity_shock, simulate_ario
    from gaoyuan.chain.product_graph import levels, product_graph

    graph = product_graph(3, [0, 1], [1, 2], share=[0.5, 0.5])
    levels(graph, 0, "up", 2)
    immediate_dominators(graph)
    immediate_dominators(graph, [0])
    carried_value(graph, [1.0, 0.0, 0.0])
    economy = ario_economy([[20.0, 45.0], [15.0, 30.0]], [35.0, 45.0])
    simulate_ario(economy, [capacity_shock(economy, [0.5, 0.0])], days=3)
    shocks.compile_kernels()
    sourcing.compile_kernels()


if __name__ == "__main__":
    print(f"内核已编译 kernels compiled in {compile_kernels():.0f} s")
