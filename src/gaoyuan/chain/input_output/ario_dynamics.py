"""The days of an adaptive regional input-output simulation, one after the other.

The two passes over the flows are all that grows with the square of the industries. An order of buyer j for a product is
split over the makers i of it by flows[i, j] · weight[i]; so all orders follow from the orders by product and the
weights, and no matrix of orders is kept.
"""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.chain.input_output.ario_model import Indices
from gaoyuan.chain.input_output.leontief import Matrix, Vector

_AT_BALANCE = 1e-12
"""Scarcity, or a lack of stock, that is no more than rounding."""
_LEAST_WEIGHT = 1e-15
"""Weight of a maker without capacity: where no maker has any, orders keep their usual shares."""


@nb.njit(cache=True)
def run_days(
    flows: Matrix,
    final: Matrix,
    usual: Vector,
    product: Indices,
    stock_days: Vector,
    capital: Vector,
    lost_by_itself: Matrix,
    to_rebuild: npt.NDArray[np.float64],
    hit: Indices,
    lost_on: Indices,
    ordered_from: Indices,
    rebuilding_days: Vector,
    psi: float,
    restoration_days: float,
    stretch_max: float,
    stretch_days: float,
    prefer_capacity: bool,
    production: Matrix,
    capacity: Matrix,
    intermediate: Matrix,
    rebuilding: Matrix,
    lost_capital: Matrix,
    stretches: Matrix,
    unmet: npt.NDArray[np.float64],
    limiting: npt.NDArray[np.int64],
) -> None:
    """Fill the series of `ArioResult`, from `production` on, which come as zeros (`limiting` as -1).

    `flows` (industries, industries), `final` (industries, users) and `usual` output are those of a day; `capital` is
    above 0; `to_rebuild` (shocks, industries, hit industries) is what each industry has to deliver to each in `hit`.
    """
    days, size, products = production.shape[0], usual.size, stock_days.size
    stretch, weight, new_weight = np.ones(size), np.ones(size), np.ones(size)
    served, wanted, least = np.ones(size), np.zeros(size), np.ones(size)
    final_total, to_rebuild_of = np.zeros(size), np.zeros((to_rebuild.shape[0], size))
    for i in range(size):
        for user in range(final.shape[1]):
            final_total[i] += final[i, user]
        for shock in range(to_rebuild.shape[0]):
            for c in range(hit.size):
                to_rebuild_of[shock, i] += to_rebuild[shock, i, c]
    split, _ = _by_product(flows, weight, weight, product, products)
    orders = split.copy()
    use, stock, limited = np.zeros((products, size)), np.zeros((products, size)), np.zeros((products, size), np.bool_)
    for k in range(products):
        for j in range(size):
            use[k, j] = split[k, j] / usual[j] if usual[j] > 0.0 else 0.0
            limited[k, j] = use[k, j] > 0.0 and np.isfinite(stock_days[k])
            stock[k, j] = stock_days[k] * split[k, j] if limited[k, j] else 0.0
    missing = np.ones((to_rebuild.shape[0], size))
    for day in range(days):
        _orders_received(flows, weight, product, orders, split, intermediate[day])
        lost_capital[day] = lost_by_itself[day]
        for shock in range(missing.shape[0]):
            if day >= lost_on[shock]:
                for i in range(size):
                    for c in range(hit.size):
                        lost_capital[day, hit[c]] += to_rebuild[shock, i, c] * missing[shock, i]
            if day >= ordered_from[shock]:
                for i in range(size):
                    rebuilding[day, i] += to_rebuild_of[shock, i] * missing[shock, i] / rebuilding_days[shock]
        for i in range(size):
            demand = intermediate[day, i] + final_total[i] + rebuilding[day, i]
            if day > 1 and demand > 0.0:
                scarcity = (demand - production[day - 1, i]) / demand
                if abs(scarcity) > _AT_BALANCE:
                    stretch[i] += (stretch_max - stretch[i]) * scarcity / stretch_days
                else:
                    stretch[i] += (1.0 - stretch[i]) / stretch_days
                stretch[i] = max(stretch[i], 1.0)
            intact = max(1.0 - lost_capital[day, i] / capital[i], 0.0)
            capacity[day, i] = usual[i] * intact * stretch[i]
            wanted[i] = min(demand, capacity[day, i])
            stretches[day, i] = stretch[i]
            new_weight[i] = max(intact * stretch[i], _LEAST_WEIGHT) if prefer_capacity else 1.0
        least[:] = 1.0
        for k in range(products):
            for i in range(size):
                if limited[k, i]:
                    needed = psi * stock_days[k] * use[k, i] * wanted[i]
                    if stock[k, i] < needed * least[i] * (1.0 - _AT_BALANCE):
                        least[i] = stock[k, i] / needed
                        limiting[day, i] = k
        for i in range(size):
            production[day, i] = wanted[i] * least[i]
            demand = intermediate[day, i] + final_total[i] + rebuilding[day, i]
            served[i] = production[day, i] / demand if demand > 0.0 else 1.0
            for user in range(final.shape[1]):
                unmet[day, user, product[i]] += final[i, user] * (1.0 - served[i])
            # What is left of the day's rebuilding orders adds to what is stocked up for; other unserved demand counts
            # in full, as in the reference.
            wanted[i] = min(
                intermediate[day, i] + final_total[i] + rebuilding[day, i] * (1.0 - served[i]), capacity[day, i]
            )
            for shock in range(missing.shape[0]):
                if day >= ordered_from[shock]:
                    missing[shock, i] *= 1.0 - served[i] / rebuilding_days[shock]
        arrived, next_split = _by_product(flows, weight * served, new_weight, product, products)
        for k in range(products):
            for j in range(size):
                used = use[k, j] * production[day, j]
                gap = 0.0
                if limited[k, j]:
                    stock[k, j] += orders[k, j] * arrived[k, j] / split[k, j] - used
                    gap = max(stock_days[k] * use[k, j] * wanted[j] - stock[k, j], 0.0)
                orders[k, j] = gap / restoration_days + used
        split = next_split
        weight[:] = new_weight


@nb.njit(cache=True)
def _by_product(flows: Matrix, one: Vector, other: Vector, product: Indices, products: int) -> tuple[Matrix, Matrix]:
    """Sum flows[i, j] · weight[i] over the makers i of each product, for two weights."""
    ones, others = np.zeros((products, flows.shape[1])), np.zeros((products, flows.shape[1]))
    for i in range(flows.shape[0]):
        row, into, beside = flows[i], ones[product[i]], others[product[i]]
        first, second = one[i], other[i]
        for j in range(row.size):
            into[j] += row[j] * first
            beside[j] += row[j] * second
    return ones, others


@nb.njit(cache=True, fastmath={"reassoc"})
def _orders_received(
    flows: Matrix, weight: Vector, product: Indices, orders: Matrix, split: Matrix, received: Vector
) -> None:
    """Sum what each maker i is ordered: orders[k, j] · flows[i, j] · weight[i] / split[k, j] over the buyers j."""
    rate = np.zeros_like(orders)
    for k in range(orders.shape[0]):
        for j in range(orders.shape[1]):
            if split[k, j] > 0.0:
                rate[k, j] = orders[k, j] / split[k, j]
    for i in range(flows.shape[0]):
        row, rates, total = flows[i], rate[product[i]], 0.0
        for j in range(row.size):
            total += row[j] * rates[j]
        received[i] = total * weight[i]
