"""The services of a cluster as pure logic: one process engine, pooled orders, matching, booking.

Nothing here stores anything, shows anything or reads a clock; what an act gives back is a new value or a refusal.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gaoyuan.exchange.matching import Demand, Offer, OfferIndex, index_offers, match
    from gaoyuan.exchange.pools import Member, Schedule, Tier, clear_pool
    from gaoyuan.exchange.process import process_keys
    from gaoyuan.exchange.refusal import Refusal

__all__ = [
    "Demand",
    "Member",
    "Offer",
    "OfferIndex",
    "Refusal",
    "Schedule",
    "Tier",
    "clear_pool",
    "index_offers",
    "match",
    "process_keys",
]

_MODULES = {
    "matching": ("Demand", "Offer", "OfferIndex", "index_offers", "match"),
    "pools": ("Member", "Schedule", "Tier", "clear_pool"),
    "process": ("process_keys",),
    "refusal": ("Refusal",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    # The word lists and the compiled kernels are loaded when they are first asked for.
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
