"""Adaptive regional input-output dynamics: how the loss of capital in some industries runs through the others, day by
day, by orders, stocks, rationing and stretched capacity.

Hallegatte (2008), An adaptive regional input-output model and its application to the assessment of the economic cost of
Katrina, Risk Analysis 28; stocks after Hallegatte (2014), Modeling the role of inventories and heterogeneity in the
assessment of the economic costs of natural disasters, Risk Analysis 34. Where these leave a choice, it is the one of
BoARIO 0.7.2, whose series the tests reproduce.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gaoyuan.chain.input_output.ario_dynamics import run_days
from gaoyuan.chain.input_output.ario_model import ArioEconomy, ArioParameters, Indices, Shock
from gaoyuan.chain.input_output.leontief import Matrix, Vector
from gaoyuan.errors import InputError

_OVER_CAPITAL = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class ArioResult:
    """What happened day by day; row 0 is the day before anything can happen, in the unit of the table a day.

    `production`, `capacity`, `intermediate_demand` (what other industries ordered of each), `rebuilding_demand`,
    `lost_capital` (unit of the table, not a day) and `stretch` (capacity over undamaged capacity) are (days,
    industries). `final_unmet` is (days, final users, products). `limiting` (days, industries) is the product whose lack
    held production back, -1 where none did. `usual_output` (industries) is a day's output without a shock.
    """

    production: Matrix
    capacity: Matrix
    intermediate_demand: Matrix
    rebuilding_demand: Matrix
    lost_capital: Matrix
    stretch: Matrix
    final_unmet: Matrix
    limiting: npt.NDArray[np.int64]
    usual_output: Vector

    @property
    def lost_output(self) -> Vector:
        """Output lost by each industry over all days; negative where it made more than usual."""
        return (self.usual_output - self.production).sum(axis=0)

    @property
    def total_lost_output(self) -> float:
        """Output lost by all industries over all days."""
        return float(self.lost_output.sum())

    @property
    def total_final_unmet(self) -> float:
        """Final demand that was not met, over all days."""
        return float(self.final_unmet.sum())

    @property
    def had_shortage(self) -> bool:
        """Whether a lack of inputs ever held production back."""
        return bool((self.limiting >= 0).any())


def simulate_ario(
    economy: ArioEconomy,
    shocks: Sequence[Shock],
    parameters: ArioParameters | None = None,
    *,
    days: int = 365,
) -> ArioResult:
    """Simulate the days after shocks (自适应区域投入产出模型).

    On each day: capacity is usual output times the stretch, less the share of capital that is lost; an industry wants
    to make what is ordered, within capacity; it makes less where the stock of an input is below `psi` times the stock
    that this output calls for; what is made goes to industries, final users and rebuilders in proportion to their
    orders; stocks are used and filled; then inputs are ordered anew: what was used, and a part of what is missing in
    stock. From the third day on, stretch follows scarcity. Equations: docs/methods/ario.md.

    Without a shock nothing ever changes. The unit of money does not matter. A larger shock makes less on its day, but
    does not always lose more over all days, for it also changes who orders and stocks what (see the page). Where no
    maker of a product has any capacity, its orders keep their usual shares. A product that an industry does not use
    never holds it back.

    Raises InputError where the lost capital of an industry exceeds its stock, negative losses, wrong shapes, or where
    nobody makes what an industry needs to be rebuilt.

    >>> from gaoyuan.chain.input_output.ario_model import ario_economy, capacity_shock
    >>> economy = ario_economy([[20.0, 45.0], [15.0, 30.0]], [35.0, 45.0])
    >>> result = simulate_ario(economy, [capacity_shock(economy, [0.5, 0.0], duration=30, recovery_days=30)], days=200)
    >>> (result.production[1] / result.usual_output).round(3).tolist(), result.had_shortage
    ([0.5, 1.0], False)
    """
    settings = parameters or ArioParameters()
    if days < 1:
        raise InputError(f"{days} days", mend="Simulate one day or more.")
    size, products = economy.outputs.size, economy.products
    stock_days = np.asarray(settings.inventory_days, dtype=float)
    if stock_days.ndim and stock_days.shape != (products,):
        raise InputError(f"{stock_days.size} inventory_days for {products} products")
    lost, rebuilt = _lost_by_itself(economy, shocks, days), _to_rebuild(economy, shocks)
    daily = 1.0 / settings.days_a_year
    result = ArioResult(
        *(np.zeros((days, size)) for _ in range(6)),
        final_unmet=np.zeros((days, economy.final.shape[1], products)),
        limiting=np.full((days, size), -1, dtype=np.int64),
        usual_output=economy.outputs * daily,
    )
    # One set of types, so that the days are compiled once.
    run_days(
        np.ascontiguousarray(economy.flows * daily),
        np.ascontiguousarray(economy.final * daily),
        result.usual_output,
        economy.product,
        np.broadcast_to(stock_days, (products,)).copy(),
        np.where(economy.capital > 0.0, economy.capital, 1.0),
        lost,
        rebuilt.orders,
        rebuilt.hit,
        rebuilt.lost_on,
        rebuilt.ordered_from,
        rebuilt.recovery_days,
        float(settings.psi),
        float(settings.restoration_days),
        float(settings.overproduction_max),
        float(settings.overproduction_days),
        bool(settings.prefer_capacity),
        result.production,
        result.capacity,
        result.intermediate_demand,
        result.rebuilding_demand,
        result.lost_capital,
        result.stretch,
        result.final_unmet,
        result.limiting,
    )
    return result


def _lost_by_itself(economy: ArioEconomy, shocks: Sequence[Shock], days: int) -> Matrix:
    """Give the capital (days, industries) that shocks without rebuilding keep lost; refuses more than there is."""
    size, day = economy.outputs.size, np.arange(days)
    lost, total = np.zeros((days, size)), np.zeros((days, size))
    for shock in shocks:
        gone = np.asarray(shock.lost_capital, dtype=float)
        if gone.shape != (size,) or not np.isfinite(gone).all() or (gone < 0.0).any():
            raise InputError(
                f"lost capital of shape {gone.shape} is not one amount, 0 or more, for each of {size} industries"
            )
        # All is still lost on the day after the duration; from the next on a part comes back each day.
        elapsed = np.maximum(day - (shock.day + shock.duration) - 1, 0)
        left = np.maximum(1.0 - elapsed / shock.recovery_days, 0.0) if shock.rebuilding is None else np.ones(days)
        series = ((day >= shock.day) * left)[:, None] * gone
        total += series
        if shock.rebuilding is None:
            lost += series
    over = (total > economy.capital * (1.0 + _OVER_CAPITAL)).any(axis=0)
    if over.any():
        first = int(np.flatnonzero(over)[0])
        raise InputError(
            f"{economy.names[first]} loses {total[:, first].max():g} of capital and has {economy.capital[first]:g}"
            + (f" ({int(over.sum()) - 1} more like it)" if over.sum() > 1 else ""),
            mend="Check the unit of the losses, or give the capital of the industries.",
        )
    return lost


class _ToRebuild(NamedTuple):
    """What shocks leave to be rebuilt: orders (shocks, industries that deliver, `hit` industries), and their times."""

    orders: npt.NDArray[np.float64]
    hit: Indices
    lost_on: Indices
    ordered_from: Indices
    recovery_days: Vector


def _to_rebuild(economy: ArioEconomy, shocks: Sequence[Shock]) -> _ToRebuild:
    rebuilt = [shock for shock in shocks if shock.rebuilding is not None]
    hit = np.flatnonzero(sum((np.asarray(shock.lost_capital) for shock in rebuilt), np.zeros(economy.outputs.size)))
    orders = np.zeros((len(rebuilt), economy.outputs.size, hit.size))
    for number, shock in enumerate(rebuilt):
        orders[number] = _orders_to_rebuild(economy, shock)[:, hit]
    return _ToRebuild(
        orders,
        hit.astype(np.int64),
        np.array([shock.day for shock in rebuilt], dtype=np.int64),
        np.array([shock.day + shock.duration for shock in rebuilt], dtype=np.int64),
        np.array([shock.recovery_days for shock in rebuilt], dtype=float),
    )


def _orders_to_rebuild(economy: ArioEconomy, shock: Shock) -> Matrix:
    """Give what each industry (rows) is to deliver to rebuild each other: a product is bought from its makers in the
    shares in which the industry that lost buys it as an input.
    """
    shares = np.asarray(shock.rebuilding, dtype=float)
    if shares.shape != (economy.products,):
        raise InputError(f"{shares.size} shares of rebuilding for {economy.products} products")
    bought = np.zeros((economy.products, economy.outputs.size))
    np.add.at(bought, economy.product, economy.flows)
    made = np.bincount(economy.product, weights=economy.outputs, minlength=economy.products)
    asked = (shares > 0.0)[:, None] & (np.asarray(shock.lost_capital) > 0.0)
    if (asked & (made <= 0.0)[:, None]).any():
        raise InputError("a product that nobody makes is to rebuild", mend="Give its share to products that are made.")
    # Who does not buy the product as an input buys it from its makers by their size.
    by_use = economy.flows / np.where(bought > 0.0, bought, 1.0)[economy.product]
    by_size = (economy.outputs / np.where(made > 0.0, made, 1.0)[economy.product])[:, None]
    split = np.where((bought > 0.0)[economy.product], by_use, by_size)
    return shares[economy.product][:, None] * split * np.asarray(shock.lost_capital, dtype=float)
