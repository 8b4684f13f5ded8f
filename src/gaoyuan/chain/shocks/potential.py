"""How much a small loss can still do further down the chain: the potential by which dropped losses are bounded.

Let M(e) be what buyers lose, at most, when every firm i loses e_i more: M(e)_j is the largest, over j's segments, of
the sum of share · σ̂ · e over its suppliers, where σ̂ is a bound on the share of a loss that the market does not
replace. M is monotone and sublinear, and M(1) ≤ 1. So v, the mean of 1, M(1), … M^(m-1)(1), has M(v) ≤ v, and what is
left, v − M(v) = (1 − M^m(1)) / m or more, is the room in which dropped losses may lie.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from gaoyuan.chain.shocks.network import Floats, Network, Offsets, Places

_MARGIN = 0.05
_POWERS = 32


class Potential(NamedTuple):
    """`level` v (n) and its `room` v − M(v) (n); `holding` (n) the least room among a firm's buyers, which bounds what
    the firm may keep back; `kept` σ̂ (n); `passed` (m) what each segment
    loses when its suppliers lose v, at most; for each sector `reserve`, the sum of v · output, and its firms
    `firm_of_sector[sector_begins[s]]` …; `margin` is how far availability may fall before σ̂ holds no more.
    """

    level: Floats
    room: Floats
    holding: Floats
    kept: Floats
    passed: Floats
    reserve: Floats
    sector_begins: Offsets
    firm_of_sector: Places
    margin: float


def potential_of(network: Network, replaceability: bool) -> Potential:
    """Give the potential of a network whose segments' shares sum to at most 1."""
    firms, sectors = network.output.size, network.sector_output.size
    kept = np.ones(firms)
    if replaceability:
        market = network.sector_output[network.sector]
        kept = np.minimum(
            1.0, (1.0 + _MARGIN) * np.divide(network.output, market, out=np.ones(firms), where=market > 0)
        )
    level, power = np.zeros(firms), np.ones(firms)
    for _ in range(_POWERS):
        level += power / _POWERS
        power = _buyers(network, _passed(network, kept, power))
    passed = _passed(network, kept, level)
    room = np.maximum(0.0, level - _buyers(network, passed))
    # What rounding makes of no room at all.
    room[room < 1e-12] = 0.0
    order = np.argsort(network.sector, kind="stable").astype(np.int32)
    begins = np.concatenate([[0], np.cumsum(np.bincount(network.sector, minlength=sectors))]).astype(np.int64)
    reserve = np.bincount(network.sector, weights=level * network.output, minlength=sectors).astype(np.float64)
    return Potential(level, room, _holding(network, room), kept, passed, reserve, begins, order, _MARGIN)


@nb.njit(cache=True)
def _passed(network: Network, kept: Floats, losses: Floats) -> Floats:
    """What each segment loses at most when its suppliers lose that much."""
    found = np.zeros(network.segment_buyer.size)
    for segment in range(found.size):
        for link in range(network.segment_begins[segment], network.segment_begins[segment + 1]):
            i = network.segment_supplier[link]
            found[segment] += network.segment_share[link] * kept[i] * losses[i]
    return found


@nb.njit(cache=True)
def _buyers(network: Network, passed: Floats) -> Floats:
    """What each buyer loses: the largest of its segments."""
    found = np.zeros(network.output.size)
    for segment in range(passed.size):
        j = network.segment_buyer[segment]
        found[j] = max(found[j], min(1.0, passed[segment]))
    return found


@nb.njit(cache=True)
def _holding(network: Network, room: Floats) -> Floats:
    found = np.full(room.size, np.inf)
    for i in range(room.size):
        for link in range(network.down_begins[i], network.down_begins[i + 1]):
            found[i] = min(found[i], room[network.segment_buyer[network.down_segment[link]]])
    return found
