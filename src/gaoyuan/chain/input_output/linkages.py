"""How strongly sectors pull at those before them and push those after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gaoyuan.chain.input_output.leontief import Matrix, Vector, checked_table, ghosh, leontief


@dataclass(frozen=True, slots=True)
class Linkages:
    """Linkages of sectors, each an array with one number a sector.

    `backward` (影响力): total output that one unit of final demand for the sector calls for, column sums of the
    Leontief inverse. `forward` (推动力, supply side): output that one unit of the sector's value added passes through,
    row sums of the Ghosh inverse. `sensitivity` (感应度, demand side): output of the sector if final demand for every
    sector rose by one unit, row sums of the Leontief inverse.

    The `_index` of each is the same divided by its mean over the sectors that make something, so that 1 is the
    average: 影响力系数, 推动力系数, 感应度系数. `backward_spread` and `forward_spread` are the coefficients of
    variation (sample, n - 1) of the columns of the Leontief and the rows of the Ghosh inverse: a high one means that
    the linkage goes to few sectors. `key` marks sectors with both indices, backward and forward, above 1.
    """

    backward: Vector
    forward: Vector
    sensitivity: Vector
    backward_index: Vector
    forward_index: Vector
    sensitivity_index: Vector
    backward_spread: Vector
    forward_spread: Vector
    key: npt.NDArray[np.bool_]


def linkages(Z: npt.ArrayLike, x: npt.ArrayLike, *, names: Sequence[str] | None = None) -> Linkages:
    """Give the backward and forward linkages of all sectors, plain and normalised.

    Rasmussen (1956), Studies in Inter-Sectoral Relations (indices and coefficients of variation); forward linkages by
    the Ghosh inverse after Jones (1976), The measurement of Hirschmanian linkages, Quarterly Journal of Economics 90,
    since the row sums of the Leontief inverse ask for one unit more of every sector, however small.

    Sectors that make nothing get NaN, do not enter the means, and are no key sectors. Errors as for `leontief`.

    >>> found = linkages([[20.0, 45.0], [15.0, 30.0]], [100.0, 90.0])
    >>> found.backward_index.round(3).tolist(), found.forward_index.round(3).tolist(), found.key.tolist()
    ([0.772, 1.228], [1.072, 0.928], [False, False])
    """
    flows, outputs = checked_table(Z, x, names=names)
    made = outputs > 0.0
    demand, supply = leontief(flows, outputs, names=names), ghosh(flows, outputs, names=names)
    demand, supply = demand[np.ix_(made, made)], supply[np.ix_(made, made)]

    def of_all(values: Vector) -> Vector:
        spread = np.full(outputs.size, np.nan)
        spread[made] = values
        return spread

    sums = (demand.sum(axis=0), supply.sum(axis=1), demand.sum(axis=1))
    backward, forward, sensitivity = (of_all(values) for values in sums)
    indices = [of_all(values / values.mean()) if values.size else of_all(values) for values in sums]
    return Linkages(
        backward,
        forward,
        sensitivity,
        *indices,
        backward_spread=of_all(_variation(demand.T)),
        forward_spread=of_all(_variation(supply)),
        key=(indices[0] > 1.0) & (indices[1] > 1.0),
    )


def _variation(rows: Matrix) -> Vector:
    if len(rows) < 2:
        return np.full(len(rows), np.nan)
    return rows.std(axis=1, ddof=1) / rows.mean(axis=1)
