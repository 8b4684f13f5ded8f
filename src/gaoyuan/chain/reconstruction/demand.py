"""How much each sector of a region buys of each other one inside the region: the national table, regionalised.

Technical coefficients of home-made goods are those of the country; what a region makes too little of it buys
elsewhere. That share is estimated by location quotients (`regional_shares`). Then no sector sells more inside the
region than the part of its output that goes to firms in the country (`regional_flows`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from gaoyuan.errors import InputError

Floats = npt.NDArray[np.float64]
Quotient: TypeAlias = Literal["flq", "slq"]

FLQ_EXPONENT = 0.3
"""δ of Flegg & Webber; it differs by country, and this value is a choice of ours."""


@dataclass(frozen=True, slots=True)
class RegionalFlows:
    """What sectors (n) of a region buy of each other in a year, in yuan: `flows` (n, n) row sells to column inside the
    region, `inputs` (n) all that each buys, `for_firms` (n) what each can sell to firms at most.
    """

    flows: Floats
    inputs: Floats
    for_firms: Floats


def regional_shares(
    regional: npt.ArrayLike, national: npt.ArrayLike, quotient: Quotient = "flq", exponent: float = FLQ_EXPONENT
) -> Floats:
    """Give the share of its need of each product (n, rows) that each sector (n, columns) of a region buys inside it.

    `regional` and `national` (n) are outputs. `slq`: min(1, SLQ_k), SLQ_k = (x_k / x) / (X_k / X), for all buyers.
    `flq`: min(1, CILQ_kl · λ), CILQ_kl = SLQ_k / SLQ_l (SLQ_k where k = l), λ = log₂(1 + x / X)^δ, which takes account
    of the size of the region: a small one buys more elsewhere. 0 where the region or the country makes none of it.

    Source: Flegg & Webber (1997), On the appropriate use of location quotients in generating regional input-output
    tables: reply, Regional Studies 31:795-805.

    >>> regional_shares([50.0, 25.0], [100.0, 100.0], "slq").tolist()
    [[1.0, 1.0], [0.6666666666666666, 0.6666666666666666]]
    >>> regional_shares([100.0, 100.0], [100.0, 100.0], "flq").tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    here, country = np.asarray(regional, np.float64), np.asarray(national, np.float64)
    if here.shape != country.shape or here.ndim != 1:
        raise InputError(f"outputs of shapes {here.shape} and {country.shape} are not of the same sectors")
    if (here < 0).any() or (country < 0).any():
        raise InputError("outputs are at least 0")
    total, of_country = here.sum(), country.sum()
    if not total > 0 or not of_country > 0:
        return np.zeros((here.size, here.size))
    made = np.divide(here / total, country / of_country, out=np.zeros(here.size), where=country > 0)
    if quotient == "slq":
        return np.repeat(np.minimum(1.0, made)[:, None], here.size, axis=1)
    across = np.divide(made[:, None], made[None, :], out=np.zeros((here.size, here.size)), where=made[None, :] > 0)
    np.fill_diagonal(across, made)
    size = np.log2(1.0 + min(1.0, total / of_country)) ** exponent
    return np.minimum(1.0, across * size)


def regional_flows(
    home_made: Floats, inputs: Floats, national: Floats, regional: Floats, shares: Floats
) -> RegionalFlows:
    """Give the flows inside a region from the national flows of home-made goods (n, n), all inputs bought (n) and
    outputs (n), the region's outputs (n) and the shares bought inside it (n, n).

    A row that would sell more than the part of its output that goes to firms in the country is scaled down to it; what
    is not sold is bought elsewhere.
    """
    scale = np.divide(regional, national, out=np.zeros(national.size), where=national > 0)
    flows = home_made * scale[None, :] * shares
    to_firms = np.divide(home_made.sum(axis=1), national, out=np.zeros(national.size), where=national > 0)
    for_firms = regional * np.minimum(1.0, to_firms)
    sold = flows.sum(axis=1)
    flows *= np.divide(for_firms, sold, out=np.ones(national.size), where=sold > for_firms)[:, None]
    return RegionalFlows(flows, np.maximum(inputs * scale, flows.sum(axis=0)), for_firms)
