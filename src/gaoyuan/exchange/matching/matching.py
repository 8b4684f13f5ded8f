"""Matching a demand with offers: what cannot be is left out, the rest is ranked by what is known to fit.

Two stages. The text (BM25) and the chain choose candidates; of these, offers whose own words or terms contradict the
demand are left out: another size, a minimum above the quantity, a capacity below it, a higher price, a longer time,
too far for either, a certificate that is not shown, the demander's own. The rest is ordered by a sum of parts
(`WEIGHTS`), each between 0 and 1. What is unknown adds nothing and is said to be unknown; it never counts as a
contradiction.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gaoyuan.exchange.matching.bm25 import best
from gaoyuan.exchange.matching.distance import distances_km
from gaoyuan.exchange.matching.index import OfferIndex, certificate_key, class_number, index_offers, unit_of
from gaoyuan.exchange.matching.model import Demand, Match, Neighbours, Offer, Part
from gaoyuan.exchange.matching.reasons import reasons_of
from gaoyuan.exchange.matching.specifications import Range, compare_specifications, specifications

__all__ = ["WEIGHTS", "match"]

Places = npt.NDArray[np.int32]
Column = npt.NDArray[np.float64]
Scores = npt.NDArray[np.float32]
Parts = dict[Part, Column]

WEIGHTS: dict[Part, float] = {
    "text": 0.40,
    "size": 0.10,
    "chain": 0.10,
    "distance": 0.10,
    "capacity": 0.08,
    "price": 0.07,
    "lead": 0.05,
    "certificates": 0.05,
    "record": 0.05,
}
"""What each part of a match counts; they sum to 1."""
CANDIDATES = 2000
"""How many of the best offers by text and chain are looked at closely; all are, where too few of these remain."""
HALF_WAY_KM = 50.0
"""At which distance its part has fallen to a half."""


def match(
    demand: Demand,
    offers: Sequence[Offer] | OfferIndex,
    *,
    top: int = 20,
    neighbours: Neighbours | None = None,
    similarity: Sequence[float] | None = None,
    relevance: Sequence[float] | None = None,
) -> list[Match]:
    """Give the best offers for a demand, at most `top`, best first (of equal ones the earlier offer), with reasons.

    `offers` that are asked more than once are better indexed once (`index_offers`). `neighbours` say which products
    are near in the chain (`neighbours_of`); without them only the same product counts. `similarity` is how near each
    offer is in meaning by a language model of your own, from 0 to 1: it counts where it exceeds that of the words.
    `relevance` is how well the words of each fit, from 0 to 1, where a search of your own has found that out among more
    offers than these; then their texts are not indexed here.

    >>> demand = Demand("丙厂", "求购DN100不锈钢法兰")
    >>> found = match(demand, [Offer("1", "甲厂", "不锈钢法兰 DN50–600"), Offer("2", "乙厂", "深沟球轴承")])
    >>> [(one.offer.id, [reason.zh for reason in one.reasons]) for one in found]
    [('1', ['含“不锈钢、法兰”', '规格符合：DN50–600'])]
    """
    index = offers if isinstance(offers, OfferIndex) else index_offers(offers, texts=relevance is None)
    text = _text(demand, index) if relevance is None else np.asarray(relevance, dtype=np.float32)
    if similarity is not None:
        text = np.maximum(text, np.nan_to_num(np.clip(np.asarray(similarity, dtype=np.float32), 0, 1)))
    chain = _chain(demand, index, neighbours or {})
    base = text if chain is None else _blend(text, chain)
    for most in (CANDIDATES, len(index.offers)):
        places, _ = best(base, most)
        left = _possible(demand, index, places)
        if len(left) >= top or len(places) < most:
            break
    parts = _parts(demand, index, left, text, chain)
    total = sum((WEIGHTS[part] * np.nan_to_num(value) for part, value in parts.items()), np.zeros(len(left)))
    chosen = np.lexsort((left, -total))[:top]
    return [
        Match(
            offer := index.offers[int(left[at])],
            round(float(total[at]), 6),
            reasons_of(demand, offer, index, {part: float(value[at]) for part, value in parts.items()}, WEIGHTS),
        )
        for at in chosen
    ]


def _text(demand: Demand, index: OfferIndex) -> Scores:
    words = index.query_words(demand)
    ideal = index.texts.ideal(words)
    scores = index.texts.score(words)
    return scores / np.float32(ideal) if ideal > 0 else scores


def _chain(demand: Demand, index: OfferIndex, neighbours: Neighbours) -> Scores | None:
    """Give how near each offer's products are to those of the demand, None where nothing is known of its products."""
    if not demand.products:
        return None
    near = np.zeros(len(index.offers), dtype=np.float32)
    for product in demand.products:
        for other, closeness in {**neighbours.get(product, {}), product: 1.0}.items():
            places = index.by_product.get(other)
            if places is not None:
                near[places] = np.maximum(near[places], np.float32(closeness))
    return near


def _blend(text: Scores, chain: Scores) -> Scores:
    return (WEIGHTS["text"] * text + WEIGHTS["chain"] * chain).astype(np.float32)


def _possible(demand: Demand, index: OfferIndex, places: Places) -> Places:
    """Leave out the offers that contradict the demand; comparisons with NaN, the unknown, are false."""
    terms = index.terms
    kind, factor = unit_of(demand.unit)
    comparable = terms.unit_kind[places] == _kind_number(index, kind)
    wrong = np.zeros(len(places), dtype=np.bool_)
    if demand.quantity is not None:
        wanted = float(demand.quantity) * factor
        wrong |= comparable & ((terms.min_quantity[places] > wanted) | (terms.capacity[places] < wanted))
    if demand.max_price is not None:
        wrong |= comparable & (terms.price[places] * factor > float(demand.max_price) * (1 + 1e-12))
    if demand.within_days is not None:
        wrong |= terms.lead_days[places] > demand.within_days
    if demand.place is not None:
        away = distances_km(demand.place, terms.longitude[places], terms.latitude[places])
        wrong |= away > terms.reach_km[places]
        if demand.within_km is not None:
            wrong |= away > demand.within_km
    for name in demand.certificates:
        holders = index.by_certificate.get(certificate_key(name), np.empty(0, dtype=np.int32))
        wrong |= ~np.isin(places, holders)
    asked = specifications(demand.text)
    for at in np.flatnonzero(~wrong):
        place = int(places[at])
        wrong[at] = index.offers[place].firm == demand.firm or _other_size(asked, index.sizes.get(place))
    return places[~wrong]


def _other_size(asked: dict[str, Range], offered: dict[str, Range] | None) -> bool:
    return bool(asked) and offered is not None and bool(compare_specifications(asked, offered)[1])


def _kind_number(index: OfferIndex, kind: str) -> int:
    return index.terms.kinds.index(kind) if kind and kind in index.terms.kinds else -1


def _parts(demand: Demand, index: OfferIndex, places: Places, text: Scores, chain: Scores | None) -> Parts:
    """Give each part that the demand asks about, NaN where it is unknown of an offer."""
    terms = index.terms
    kind, factor = unit_of(demand.unit)
    comparable = terms.unit_kind[places] == _kind_number(index, kind)
    parts: Parts = {
        "text": np.minimum(text[places].astype(np.float64), 1.0),
        "record": _record(terms.delivered[places]),
    }
    asked = specifications(demand.text)
    if asked:
        parts["size"] = np.array([_size(asked, index.sizes.get(int(place))) for place in places], dtype=np.float64)
    if chain is not None or demand.industry:
        parts["chain"] = _nearness(demand, index, places, chain)
    if demand.quantity is not None:
        known = 0.5 * ~np.isnan(terms.min_quantity[places]) + 0.5 * ~np.isnan(terms.capacity[places])
        parts["capacity"] = np.where(comparable & (known > 0), known, np.nan)
    if demand.max_price is not None:
        ratio = terms.price[places] * factor / float(demand.max_price)
        parts["price"] = np.where(comparable, 1 - ratio / 2, np.nan)
    if demand.within_days is not None:
        parts["lead"] = 1 - terms.lead_days[places] / (2 * max(demand.within_days, 1))
    if demand.place is not None:
        away = distances_km(demand.place, terms.longitude[places], terms.latitude[places])
        parts["distance"] = HALF_WAY_KM / (HALF_WAY_KM + away)
    if demand.certificates:
        parts["certificates"] = np.ones(len(places))
    return parts


def _record(delivered: Column) -> Column:
    return delivered / (delivered + 2)


def _size(asked: dict[str, Range], offered: dict[str, Range] | None) -> float:
    if offered is None:
        return np.nan
    held, _ = compare_specifications(asked, offered)
    return len(held) / len(asked) if held else np.nan


def _nearness(demand: Demand, index: OfferIndex, places: Places, chain: Scores | None) -> Column:
    near = np.zeros(len(places)) if chain is None else chain[places].astype(np.float64)
    industry, own = index.terms.industry[places], class_number(demand.industry)
    if own >= 0:
        for digits, closeness in ((100, 0.2), (10, 0.35), (1, 0.5)):
            same = (industry >= 0) & (industry // digits == own // digits)
            near = np.where(same, np.maximum(near, closeness), near)
    return near
