"""The firms whose failure costs most, and whether that is certain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gaoyuan.chain.shocks.risk import SystemicRisk
from gaoyuan.errors import InputError

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TopK:
    """The K scenarios of the highest index, the highest first.

    `certain` are those that are among the K whatever the exact values within their bounds are; `rivals` the other
    scenarios that may be. Where there are none of these the set of the K is proven.
    """

    scenarios: Indices
    certain: Indices
    rivals: Indices

    @property
    def proven(self) -> bool:
        """Whether it is certain that these are the K."""
        return self.rivals.size == 0


def top_k(found: SystemicRisk, k: int) -> TopK:
    """Give the K scenarios (where each firm fails alone: firms) of the highest index, with a certificate.

    Scenario i has an exact index within `error_bound[i]` of `esri[i]`. It is certainly among the K where fewer than K
    others can be as high, and it is a rival where fewer than K others are certainly higher. Of equal ones the lower
    number comes first. Raises InputError for results of mode `published`, whose distance from the exact values is not
    known, and for a K below 1.

    >>> at = np.array([0.5, 0.3, 0.29, 0.1])
    >>> found = SystemicRisk(at, at, at, np.ones(4, np.int64), np.full(4, 0.02))
    >>> top_k(found, 2).scenarios.tolist(), top_k(found, 2).certain.tolist(), top_k(found, 2).rivals.tolist()
    ([0, 1], [0], [2])
    >>> top_k(found, 3).proven
    True
    """
    if k < 1:
        raise InputError(f"the {k} highest cannot be given", mend="Give a whole number of 1 or more.")
    if np.isnan(found.error_bound).any():
        raise InputError(
            "the results have no error bounds", mend='Work them out with mode="converged", which proves its bounds.'
        )
    low, high = found.esri - found.error_bound, found.esri + found.error_bound
    order = np.argsort(-found.esri, kind="stable")
    chosen, others = order[:k], order[k:]
    if not others.size:
        return TopK(chosen, chosen, others)
    certain = chosen[low[chosen] > high[others].max()]
    rivals = others[high[others] >= low[chosen].min()]
    return TopK(chosen, certain, rivals)
