"""The state of each link of a chain in a locality: strong, weak, from one source, missing, imported, or unknown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gaoyuan.chain.known_chain import Chain
from gaoyuan.chain.makers import LOCAL

STATES = ("strong", "weak", "single_source", "missing", "imported", "unknown")
STATES_ZH = {
    "strong": "强",
    "weak": "弱",
    "single_source": "单一来源",
    "missing": "缺失",
    "imported": "依赖进口",
    "unknown": "未知",
}
STRONG, WEAK, SINGLE_SOURCE, MISSING, IMPORTED, UNKNOWN = range(len(STATES))


@dataclass(frozen=True, slots=True)
class StateRule:
    """Where the states part: fewer local makers than `few_makers`, or a smaller local share of known purchases than
    `low_local_share`, is weak; a product without local makers of which the country imports `imported_share` or more is
    imported. No official text gives these numbers: they are this product's own, and a profile may give others.
    """

    few_makers: int = 3
    low_local_share: float = 0.3
    imported_share: float = 0.5


def link_states(chain: Chain, rule: StateRule | None = None) -> npt.NDArray[np.int8]:
    """Give the state of each product (n), as positions in `STATES`.

    Without a local maker a product is `unknown` where local firms of its industry exist and none of them has said what
    it makes, or where its industry is unknown and nobody at all is known to make it; else `imported` or `missing`. With
    one local maker it is `single_source`. With more it is `weak` where they are few, or where less than a part of what
    local firms buy of it can come from local sellers; else `strong`.
    """
    rule = rule or StateRule()
    local = chain.makers.count(LOCAL)
    any_maker = np.diff(chain.makers.start) > 0
    unasked = np.where(chain.industry_firms >= 0, (chain.industry_firms > 0) & (chain.asked_firms == 0), ~any_maker)
    imported = np.nan_to_num(chain.products["imported_share"].to_numpy(), nan=0.0) >= rule.imported_share
    share = highest_local_share(chain)
    weak = (local < rule.few_makers) | (share < rule.low_local_share)
    return np.select(
        [
            (local == 0) & unasked,
            (local == 0) & imported,
            local == 0,
            local == 1,
            weak,
        ],
        [UNKNOWN, IMPORTED, MISSING, SINGLE_SOURCE, WEAK],
        STRONG,
    ).astype(np.int8)


def highest_local_share(chain: Chain) -> npt.NDArray[np.float64]:
    """Give the share of local purchases of each product (n) that comes from local sellers, if all sellers of which it
    is not known were local; NaN where no purchase is known.
    """
    bought = chain.purchases
    known = bought.total_yuan > 0
    could = np.minimum(bought.local_yuan + bought.unknown_yuan, bought.total_yuan)
    return np.where(known, could / np.where(known, bought.total_yuan, 1.0), np.nan)
