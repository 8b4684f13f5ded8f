"""Matching supply and demand (供需对接): text, chain, sizes, capacity, terms and distance, with reasons."""

from gaoyuan.exchange.matching.bm25 import Bm25Index, index_texts
from gaoyuan.exchange.matching.fitting import demands_for
from gaoyuan.exchange.matching.index import OfferIndex, index_offers
from gaoyuan.exchange.matching.matching import WEIGHTS, match
from gaoyuan.exchange.matching.model import Demand, Match, MatchingInvalid, Neighbours, Offer, Reason, neighbours_of
from gaoyuan.exchange.matching.plausible import quantities_in, unit_confusion
from gaoyuan.exchange.matching.quantities import in_unit
from gaoyuan.exchange.matching.specifications import Range, compare_specifications, specifications
from gaoyuan.exchange.matching.words import Segmenter

__all__ = [
    "WEIGHTS",
    "Bm25Index",
    "Demand",
    "Match",
    "MatchingInvalid",
    "Neighbours",
    "Offer",
    "OfferIndex",
    "Range",
    "Reason",
    "Segmenter",
    "compare_specifications",
    "demands_for",
    "in_unit",
    "index_offers",
    "index_texts",
    "match",
    "neighbours_of",
    "quantities_in",
    "specifications",
    "unit_confusion",
]
