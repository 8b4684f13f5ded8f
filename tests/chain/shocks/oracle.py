"""The index worked out straight from the equations of Diem et al. (2022), dense and slow."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Losses(NamedTuple):
    """The index, its parts, the steps, and the losses of every firm down- and upstream."""

    esri: float
    down: float
    up: float
    steps: int
    lost_down: Floats
    lost_up: Floats


def cascade(
    sales: Floats,
    sector: npt.NDArray[np.int64],
    essential: npt.NDArray[np.int64],
    shock: Floats,
    *,
    tolerance: float,
    replaceability: bool = True,
    ratio: bool = False,
    revenue: Floats | None = None,
    costs: Floats | None = None,
    weights: Floats | None = None,
    most: int = 1_000_000,
) -> Losses:
    """Step until no loss moves by more than the tolerance, or the index grows by no more than that share of itself, but
    for the most `most` steps.
    """
    sold, bought = sales.sum(axis=1), sales.sum(axis=0)
    weight = sold if weights is None else weights
    weight = weight / weight.sum()
    whole = sold if revenue is None else revenue
    upward = np.divide(sales, whole[:, None], out=np.zeros_like(sales), where=whole[:, None] > 0)
    kind = essential[sector][:, sector]
    of_sector = np.zeros((essential.shape[0], sector.size))
    np.add.at(of_sector, sector, sales)
    own = of_sector[sector]
    leontief = np.divide(sales, own, out=np.zeros_like(sales), where=(kind == 2) & (own > 0))
    linear = np.divide(sales, bought[None, :], out=np.zeros_like(sales), where=(kind == 1) & (bought[None, :] > 0))
    if costs is not None:
        scale = np.divide(bought, costs, out=np.zeros_like(bought), where=costs > 0)
        leontief, linear = leontief * scale, linear * scale
    down, up, before, steps = shock.copy(), shock.copy(), float(weight @ shock), 0
    whole_market = np.bincount(sector, sold, essential.shape[0])[sector]
    while True:
        left = np.bincount(sector, (1.0 - down) * sold, essential.shape[0])[sector]
        share = np.divide(sold, left, out=np.ones_like(sold), where=left > 1e-12 * whole_market)
        passed = (np.minimum(1.0, share) if replaceability else 1.0) * down
        next_down = np.maximum(shock, linear.T @ passed)
        for number in range(essential.shape[0]):
            makers = sector == number
            next_down = np.maximum(next_down, leontief[makers].T @ passed[makers])
        next_down = np.minimum(1.0, next_down)
        next_up = np.minimum(1.0, np.maximum(shock, upward @ up))
        moved = max(np.abs(next_down - down).max(), np.abs(next_up - up).max())
        down, up, steps = next_down, next_up, steps + 1
        index = float(weight @ np.maximum(down, up))
        if steps == most or ((index <= before * (1.0 + tolerance)) if ratio else (moved <= tolerance)):
            return Losses(index, float(weight @ down), float(weight @ up), steps, down, up)
        before = index
