"""Offers made ready to be searched: their words, their sizes and their terms as columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from gaoyuan.exchange.matching.bm25 import Bm25Index, index_texts
from gaoyuan.exchange.matching.model import Demand, Offer
from gaoyuan.exchange.matching.quantities import UNITS
from gaoyuan.exchange.matching.specifications import Range, specifications
from gaoyuan.exchange.matching.words import Segmenter, standard_segmenter

__all__ = ["OfferIndex", "index_offers"]

Column = npt.NDArray[np.float64]

_ASKING_WORDS = "求购 需要 需求 采购 购买 寻找 寻求 求 急需 急求 长期 大量 供应 提供 承接 联系 want need buy seek"
ASKING = frozenset(_ASKING_WORDS.split())
"""Words that say that something is sought or offered, not what."""

WEAK = 0.25
"""What a word within a word, or a pair of characters that is no word, counts in a query, against 1 of a word."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of offers as columns; NaN is unknown. Quantities are in the own unit of their kind (`UNITS`), or, of a
    unit that is not known, in that; `unit_kind` numbers the kinds in `kinds`.
    """

    min_quantity: Column
    capacity: Column
    price: Column
    lead_days: Column
    longitude: Column
    latitude: Column
    delivered: Column
    reach_km: Column
    unit_kind: npt.NDArray[np.int32]
    kinds: tuple[str, ...]
    industry: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class OfferIndex:
    """Offers in the order given, an index of their texts, their terms, and which offers name a product or a
    certificate, and the sizes that they name. It does not change; offers are added and taken out by making it anew.
    """

    offers: Sequence[Offer]
    segmenter: Segmenter
    texts: Bm25Index
    terms: Terms
    by_product: dict[str, npt.NDArray[np.int32]]
    by_certificate: dict[str, npt.NDArray[np.int32]]
    sizes: dict[int, dict[str, Range]]

    def query_words(self, demand: Demand) -> dict[str, float]:
        """Give the words of a demand with their weights."""
        return query_words(self.segmenter, demand.text)


def query_words(segmenter: Segmenter, text: str) -> dict[str, float]:
    """Give the words of a text that asks, with their weights.

    >>> query_words(standard_segmenter(), "求购 法兰盘")
    {'法兰盘': 1.0, '法兰': 0.25, '兰盘': 0.25}
    """
    strong, weak = segmenter.cut(text)
    asked = {word: float(times) for word, times in Counter(strong).items() if word not in ASKING}
    for word, times in Counter(weak).items():
        asked[word] = max(asked.get(word, 0.0), WEAK * times)
    return asked


def index_offers(offers: Sequence[Offer], *, segmenter: Segmenter | None = None, texts: bool = True) -> OfferIndex:
    """Make offers ready to be searched. Give a `segmenter` to keep words of your own products whole; without `texts`
    their words are left out, and nothing can be found by them.

    >>> index = index_offers([Offer("1", "甲厂", "深沟球轴承 6204-2RS"), Offer("2", "乙厂", "法兰 DN50–600")])
    >>> index.texts.count
    2
    """
    cutter = segmenter or standard_segmenter()
    return OfferIndex(
        offers,
        cutter,
        index_texts(cutter.words(offer.text) for offer in offers if texts),
        _terms(offers),
        _postings([offer.products for offer in offers]),
        _postings([tuple(map(certificate_key, offer.certificates)) for offer in offers]),
        {place: found for place, offer in enumerate(offers) if (found := specifications(offer.text))},
    )


def certificate_key(name: str) -> str:
    """Give a certificate's name in one spelling.

    >>> certificate_key("ISO 9001") == certificate_key("iso9001：2015")
    True
    """
    plain = name.lower().replace(" ", "").replace("：", ":").replace("-", ":")
    return plain.split(":")[0]


def _postings(lists: Sequence[Sequence[str]]) -> dict[str, npt.NDArray[np.int32]]:
    found: dict[str, list[int]] = {}
    for place, names in enumerate(lists):
        for name in dict.fromkeys(names):
            found.setdefault(name, []).append(place)
    return {name: np.array(places, dtype=np.int32) for name, places in found.items()}


def _terms(offers: Sequence[Offer]) -> Terms:
    kinds: dict[str, int] = {}
    unit_kind = np.empty(len(offers), dtype=np.int32)
    factors = np.empty(len(offers))
    for place, offer in enumerate(offers):
        kind, factor = unit_of(offer.unit)
        unit_kind[place] = kinds.setdefault(kind, len(kinds))
        factors[place] = factor
    price = _column([offer.price for offer in offers])
    return Terms(
        _column([offer.min_quantity for offer in offers]) * factors,
        _column([offer.capacity for offer in offers]) * factors,
        price / factors,
        _column([offer.lead_days for offer in offers]),
        _column([offer.place[0] if offer.place else None for offer in offers]),
        _column([offer.place[1] if offer.place else None for offer in offers]),
        _column([offer.delivered for offer in offers]),
        _column([offer.reach_km for offer in offers]),
        unit_kind,
        tuple(kinds),
        np.array([class_number(offer.industry) for offer in offers], dtype=np.int32),
    )


def unit_of(unit: str) -> tuple[str, float]:
    """Give the kind of a unit and how many of the kind's own unit it is; a unit that is not known is its own kind.

    >>> unit_of("吨"), unit_of("卷")
    (('mass', 1000.0), ('卷', 1.0))
    """
    name = unit.strip().lower()
    kind, factor = UNITS.get(name, (name, Decimal(1)))
    return kind, float(factor)


def class_number(industry: str) -> int:
    """Give the code of an industry as a number of four digits, -1 for none; a shorter code ends in zeros.

    >>> class_number("0111"), class_number("171"), class_number("")
    (111, 1710, -1)
    """
    return int(industry.ljust(4, "0")[:4]) if industry.isdecimal() else -1


def _column(values: Sequence[Decimal | float | None]) -> Column:
    return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
