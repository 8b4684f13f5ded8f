"""The other way round: the demands that an offer fits, by the same rules and reasons as `match`."""

from __future__ import annotations

from collections.abc import Sequence

from gaoyuan.exchange.matching.index import index_offers
from gaoyuan.exchange.matching.matching import match
from gaoyuan.exchange.matching.model import Demand, Match, Neighbours, Offer
from gaoyuan.exchange.matching.words import Segmenter

__all__ = ["demands_for"]


def demands_for(
    offer: Offer,
    demands: Sequence[Demand],
    *,
    top: int = 20,
    neighbours: Neighbours | None = None,
    segmenter: Segmenter | None = None,
) -> list[tuple[int, Match]]:
    """Give the demands that an offer fits, each as its place among `demands` with the match, best first, of equal ones
    the earlier. The texts of all demands say which words are rare.

    >>> offer = Offer("1", "甲厂", "不锈钢法兰 DN50–600")
    >>> wanted = [Demand("乙厂", "求购深沟球轴承"), Demand("丙厂", "求购DN100不锈钢法兰"), Demand("甲厂", "法兰")]
    >>> [(place, one.reasons[0].zh) for place, one in demands_for(offer, wanted)]
    [(1, '含“不锈钢、法兰”')]
    """
    background = [Offer("", f"\0{place}", one.text) for place, one in enumerate(demands)]
    index = index_offers([offer, *background], segmenter=segmenter)
    found = []
    for place, demand in enumerate(demands):
        fits = match(demand, index, top=len(index.offers), neighbours=neighbours)
        own = next((one for one in fits if one.offer is offer), None)
        if own is not None:
            found.append((place, own))
    found.sort(key=lambda pair: (-pair[1].score, pair[0]))
    return found[:top]
