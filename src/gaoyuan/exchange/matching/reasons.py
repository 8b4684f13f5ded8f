"""Saying in Chinese and in English why an offer fits a demand, part by part."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from gaoyuan.exchange.matching.distance import distances_km
from gaoyuan.exchange.matching.model import Demand, Offer, Part, Reason
from gaoyuan.exchange.matching.specifications import compare_specifications, specifications

if TYPE_CHECKING:
    from gaoyuan.exchange.matching.index import OfferIndex

__all__ = ["reasons_of"]

Words = tuple[str, str]


def reasons_of(
    demand: Demand, offer: Offer, index: OfferIndex, parts: Mapping[Part, float], weights: Mapping[Part, float]
) -> tuple[Reason, ...]:
    """Give the reasons for a match, those that add most first, then what is unknown; parts that add nothing are left
    out. `parts` are values from 0 to 1, NaN where unknown.
    """
    found = []
    for part, value in parts.items():
        if math.isnan(value):
            zh, en = _UNKNOWN[part]
            found.append(Reason(part, zh, en, 0.0))
        elif value > 0:
            zh, en = _SAID[part](demand, offer, index)
            found.append(Reason(part, zh, en, round(weights[part] * value, 6)))
    return tuple(sorted(found, key=lambda reason: -reason.gain))


def _text(demand: Demand, offer: Offer, index: OfferIndex) -> Words:
    there = set(index.segmenter.words(offer.text))
    asked = index.query_words(demand)
    shared = [word for word in asked if word in there]
    words = [word for word in shared if asked[word] >= 1 and len(word) > 1]
    found = words or shared
    if not found:
        return "模型判断含义相近", "near in meaning by the model"
    return f"含“{'、'.join(found[:6])}”", f'has "{", ".join(found[:6])}"'


def _size(demand: Demand, offer: Offer, index: OfferIndex) -> Words:
    offered = specifications(offer.text)
    held, _ = compare_specifications(specifications(demand.text), offered)
    shown = ", ".join(f"{key}{offered[key]}" for key in held)
    return f"规格符合：{shown}", f"the size fits: {shown}"


def _chain(demand: Demand, offer: Offer, index: OfferIndex) -> Words:
    same = [product for product in offer.products if product in demand.products]
    if same:
        return f"同一产品节点：{'、'.join(same)}", f"the same product: {', '.join(same)}"
    if demand.industry and demand.industry == offer.industry:
        return f"同一行业小类 {offer.industry}", f"the same industry class {offer.industry}"
    return "产业链相邻环节或相近行业", "next to it in the chain, or of a near industry"


def _capacity(demand: Demand, offer: Offer, index: OfferIndex) -> Words:
    most = f"单次可供 {_plain(offer.capacity)} {offer.unit}" if offer.capacity is not None else ""
    least = f"起订量 {_plain(offer.min_quantity)} {offer.unit}" if offer.min_quantity is not None else ""
    most_en = f"can supply {_plain(offer.capacity)} {offer.unit}" if offer.capacity is not None else ""
    least_en = f"minimum {_plain(offer.min_quantity)} {offer.unit}" if offer.min_quantity is not None else ""
    return "，".join(filter(None, (most, least))), ", ".join(filter(None, (most_en, least_en)))


def _price(demand: Demand, offer: Offer, index: OfferIndex) -> Words:
    assert offer.price is not None, "only a known price is compared"
    price = f"{_plain(offer.price)} 元/{offer.unit}", f"{_plain(offer.price)} yuan/{offer.unit}"
    return f"单价 {price[0]} 不超限价", f"{price[1]} is within the limit"


def _lead(demand: Demand, offer: Offer, index: OfferIndex) -> Words:
    return f"交期 {offer.lead_days} 天", f"delivers in {offer.lead_days} days"


def _distance(demand: Demand, offer: Offer, index: OfferIndex) -> Words:
    assert demand.place is not None, "a distance is known between two places"
    assert offer.place is not None, "a distance is known between two places"
    km = float(distances_km(demand.place, np.array([offer.place[0]]), np.array([offer.place[1]]))[0])
    return f"距离 {km:.0f} km", f"{km:.0f} km away"


def _certificates(demand: Demand, offer: Offer, index: OfferIndex) -> Words:
    shown = sorted(demand.certificates)
    return f"具备 {'、'.join(shown)}", f"has {', '.join(shown)}"


def _record(demand: Demand, offer: Offer, index: OfferIndex) -> Words:
    return f"已交付 {offer.delivered} 单类似订单", f"delivered {offer.delivered} similar orders"


def _plain(amount: Decimal) -> str:
    """Give an amount without zeros at its end.

    >>> _plain(Decimal("2500.00")), _plain(Decimal("1E+3"))
    ('2500', '1000')
    """
    return f"{amount.normalize():f}"


_SAID: dict[Part, Callable[[Demand, Offer, OfferIndex], Words]] = {
    "text": _text,
    "size": _size,
    "chain": _chain,
    "capacity": _capacity,
    "price": _price,
    "lead": _lead,
    "distance": _distance,
    "certificates": _certificates,
    "record": _record,
}
_UNKNOWN: dict[Part, Words] = {
    "text": ("文字未知", "its words are unknown"),
    "size": ("规格未说明", "its size is not named"),
    "chain": ("产业链位置未知", "its place in the chain is unknown"),
    "capacity": ("供应量未知，或计量单位不可比", "its capacity is unknown or in another kind of unit"),
    "price": ("价格未知，或计量单位不可比", "its price is unknown or by another kind of unit"),
    "lead": ("交期未知", "its time of delivery is unknown"),
    "distance": ("位置未知", "its place is unknown"),
    "certificates": ("证书未知", "its certificates are unknown"),
    "record": ("履约记录未知", "its record is unknown"),
}
