"""The economy, the parameters and the shocks of an adaptive regional input-output (ARIO) simulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from gaoyuan.chain.input_output.leontief import Matrix, Vector, as_numbers, checked_table, checked_vector
from gaoyuan.errors import InputError

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ArioEconomy:
    """An input-output table made ready for simulation; made by `ario_economy`.

    `flows` (industries, industries) and `final` (industries, final users) of home-made goods and `outputs`
    (industries), a year's worth; `product` says which product each industry makes: industries with the same number can
    stand in for each other (the same sector in several regions). `capital` (industries) is what shocks destroy.
    """

    flows: Matrix
    final: Matrix
    outputs: Vector
    product: Indices
    capital: Vector
    names: tuple[str, ...]

    @property
    def products(self) -> int:
        """How many products there are."""
        return int(self.product.max(initial=-1)) + 1


@dataclass(frozen=True, slots=True)
class ArioParameters:
    """How an economy adapts; times in days.

    `inventory_days`: days of use that are kept in stock of each input, one number or one a product; infinity for what
    cannot run out. `psi` in 0–1: output falls as soon as stock is below this share of what it should be.
    `restoration_days`: how fast gaps in stock are ordered. `overproduction_max`, `overproduction_days`: how far
    capacity can be stretched (1 not at all) and how fast. `prefer_capacity`: buyers turn to the suppliers of a product
    that have capacity left (`alt` in BoARIO), else they keep their shares (`noalt`).
    """

    inventory_days: float | Sequence[float] = 90.0
    psi: float = 0.8
    restoration_days: float = 60.0
    overproduction_max: float = 1.25
    overproduction_days: float = 365.0
    prefer_capacity: bool = True
    days_a_year: float = 365.0

    def __post_init__(self) -> None:
        """Refuse what is no share, no time or no stretch."""
        if not 0.0 <= self.psi <= 1.0:
            raise InputError(f"psi {self.psi} is no share", mend="psi lies between 0 and 1; 0.8 is usual.")
        if not self.overproduction_max >= 1.0:
            raise InputError(f"overproduction_max {self.overproduction_max} is below 1", mend="1 allows no stretch.")
        for name in ("restoration_days", "overproduction_days", "days_a_year"):
            if not 1.0 <= getattr(self, name) < np.inf:
                raise InputError(f"{name} {getattr(self, name)} is no time of a day or more")
        days = np.asarray(self.inventory_days, dtype=float)
        if np.isnan(days).any() or (days < 1.0).any():
            raise InputError(
                f"inventory_days {self.inventory_days}: a stock that does not last the day cannot feed production",
                mend="Give a day or more, or infinity for what cannot run out.",
            )


@dataclass(frozen=True, slots=True, eq=False)
class Shock:
    """Capital that is lost on a day, stays lost for `duration` days, and then comes back.

    `lost_capital` (industries), in the unit of the table. Without `rebuilding` it comes back by itself in equal parts
    over `recovery_days`. With `rebuilding`, a share for each product (they sum to 1), it has to be bought: on each day
    the part 1 / `recovery_days` of what is still missing is ordered, and it comes back as it is delivered.
    """

    lost_capital: Vector
    day: int = 1
    duration: int = 1
    recovery_days: float = 180.0
    rebuilding: Vector | None = field(default=None)

    def __post_init__(self) -> None:
        """Refuse times that lie before the first day, and shares that are none."""
        if self.day < 0 or self.duration < 0:
            raise InputError(f"a shock on day {self.day} for {self.duration} days", mend="Days count from 0.")
        if not 1.0 <= self.recovery_days < np.inf:
            raise InputError(f"recovery_days {self.recovery_days} is no time of a day or more")
        if self.rebuilding is not None:
            shares = np.asarray(self.rebuilding, dtype=float)
            if not (shares >= 0.0).all() or not np.isclose(shares.sum(), 1.0):
                raise InputError(
                    f"shares of rebuilding products that sum to {shares.sum():g}",
                    mend="Give every product its share in rebuilding, 0 for most; they sum to 1.",
                )


def ario_economy(
    Z: npt.ArrayLike,
    final: npt.ArrayLike,
    *,
    product: npt.ArrayLike | None = None,
    capital: npt.ArrayLike | None = None,
    capital_to_value_added: float = 4.0,
    names: Sequence[str] | None = None,
) -> ArioEconomy:
    """Make a table ready for simulation.

    `Z` (industries, industries) yearly flows of home-made goods, `final` (industries) or (industries, final users)
    yearly final use of them, exports included and imports left out (see `domestic_flows`); gross output is their sum.
    `product` (industries) numbers from 0, without gaps, what each industry makes; by default each makes its own.
    `capital` (industries) in the unit of the table; by default `capital_to_value_added` times value added, and none
    where value added is negative.

    Raises InputError for what `leontief` refuses, for negative final use (a fall of stocks: add it up over a few users
    or years), and for wrong shapes or product numbers.

    >>> economy = ario_economy([[20.0, 45.0], [15.0, 30.0]], [35.0, 45.0])
    >>> economy.outputs.tolist(), economy.capital.tolist(), economy.products
    ([100.0, 90.0], [260.0, 60.0], 2)
    """
    flows, users = as_numbers(Z, "flows", "中间流量"), as_numbers(final, "final use", "最终使用")
    users = users[:, None] if users.ndim == 1 else users
    if flows.ndim != 2 or users.ndim != 2 or users.shape[0] != flows.shape[0]:
        raise InputError(
            f"flows of shape {flows.shape} and final use of shape {np.shape(final)} are no table",
            mend="Give both one row for each industry.",
        )
    called = tuple(names) if names is not None else tuple(str(number) for number in range(len(flows)))
    if (wrong := ~((users >= 0.0) & np.isfinite(users)).all(axis=1)).any():
        listed = ", ".join(called[i] for i in np.flatnonzero(wrong)[:8])
        raise InputError(
            f"{listed}: negative or missing final use",
            mend="Take imports out of the table, and add a fall of stocks to another final use of the same goods.",
            zh=f"{listed}：最终使用为负或缺失",
            mend_zh="从表中扣除进口；存货减少并入同类产品的其他最终使用",
        )
    flows, outputs = checked_table(flows, flows.sum(axis=1) + users.sum(axis=1), names=names)
    idle = (outputs <= 0.0) & (flows.sum(axis=0) > 0.0)
    if idle.any():
        listed = ", ".join(called[i] for i in np.flatnonzero(idle)[:8])
        raise InputError(
            f"{listed}: buys but sells nothing",
            mend="Take its column out of the flows.",
            zh=f"{listed}：有购入而无销售",
            mend_zh="从中间流量中去掉这一列",
        )
    added = outputs - flows.sum(axis=0)
    stock = (
        np.maximum(added, 0.0) * capital_to_value_added
        if capital is None
        else checked_vector(capital, outputs.size, "capital")
    )
    if (stock < 0.0).any() or not np.isfinite(stock).all():
        raise InputError("negative capital", mend="Give the capital of each industry, 0 where there is none.")
    return ArioEconomy(flows, users, outputs, _products(product, outputs.size), stock, called)


def capacity_shock(
    economy: ArioEconomy,
    lost_shares: npt.ArrayLike,
    *,
    day: int = 1,
    duration: int = 1,
    recovery_days: float = 180.0,
    rebuilding: npt.ArrayLike | None = None,
) -> Shock:
    """Make the shock in which industries lose a share of their capacity, 0–1 each.

    >>> economy = ario_economy([[20.0, 45.0], [15.0, 30.0]], [35.0, 45.0])
    >>> capacity_shock(economy, [0.5, 0.0]).lost_capital.tolist()
    [130.0, 0.0]
    """
    shares = checked_vector(lost_shares, economy.outputs.size, "lost shares")
    if (shares < 0.0).any() or (shares > 1.0).any():
        raise InputError(
            "lost shares outside 0–1",
            mend="0.3 says that three tenths of the capacity are lost.",
            zh="损失份额应在 0 到 1 之间",
            mend_zh="0.3 表示损失三成产能",
        )
    bought = None if rebuilding is None else as_numbers(rebuilding, "rebuilding", "重建份额")
    return Shock(shares * economy.capital, day, duration, recovery_days, bought)


def _products(product: npt.ArrayLike | None, size: int) -> Indices:
    if product is None:
        return np.arange(size, dtype=np.int64)
    numbers = np.asarray(product)
    if numbers.shape != (size,) or numbers.dtype.kind not in "iu":
        raise InputError(f"product numbers of shape {numbers.shape} are not one whole number for each industry")
    if size and not np.array_equal(np.unique(numbers), np.arange(int(numbers.max()) + 1)):
        raise InputError("product numbers leave gaps", mend="Number the products 0, 1, 2 … without gaps.")
    return numbers.astype(np.int64)
