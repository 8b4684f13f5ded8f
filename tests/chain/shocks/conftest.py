"""Networks to try cascades on, and the cascade as its equations stand."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest


class Links(NamedTuple):
    """What `systemic_risk` takes first."""

    supplier: np.ndarray
    buyer: np.ndarray
    value: np.ndarray
    sector: np.ndarray
    essential: np.ndarray

    @property
    def table(self):
        """Amounts, firms × firms."""
        traded = np.zeros((self.sector.size,) * 2)
        np.add.at(traded, (self.supplier, self.buyer), self.value)
        return traded


@pytest.fixture(scope="session")
def slow_cascade() -> Callable[..., Any]:
    """The cascade of `oracle.py` for links: dense, straight from the equations; 1e-14 is until nothing moves."""
    spec = importlib.util.spec_from_file_location("oracle", Path(__file__).with_name("oracle.py"))
    assert spec is not None
    assert spec.loader is not None
    oracle = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(oracle)

    def run(links: Links, shock: Any, *, tolerance: float = 1e-14, **options: Any) -> Any:
        given = np.asarray(shock, float)
        return oracle.cascade(links.table, links.sector, links.essential, given, tolerance=tolerance, **options)

    return run


@pytest.fixture(scope="session")
def small_network() -> Callable[..., Links]:
    """Draw a network of a few firms, seeded; some trade with themselves, twice, or not at all."""

    def draw(seed: int, firms: int | None = None, needs=(0, 1, 2)) -> Links:
        random = np.random.default_rng(seed)
        count = firms or int(random.integers(3, 16))
        sectors, links = int(random.integers(1, 6)), int(random.integers(2, 4 * count))
        return Links(
            random.integers(0, count, links),
            random.integers(0, count, links),
            np.round(random.lognormal(0.0, 1.5, links), 2) + 0.01,
            random.integers(0, sectors, count),
            random.choice(needs, (sectors, sectors)),
        )

    return draw


@pytest.fixture(scope="session")
def scale_free() -> Callable[..., Links]:
    """Draw a network of many firms whose numbers of links follow a power law, seeded."""

    def draw(firms: int, sectors: int, seed: int = 1) -> Links:
        random = np.random.default_rng(seed)
        ends = []
        for _ in range(2):
            drawn = random.random(firms) ** -0.5
            ends.append(random.choice(firms, 5 * firms, p=drawn / drawn.sum()))
        return Links(
            ends[0],
            ends[1],
            random.lognormal(0.0, 1.5, 5 * firms),
            random.integers(0, sectors, firms),
            random.choice([0, 1, 2], (sectors, sectors), p=[0.709, 0.119, 0.172]),
        )

    return draw
