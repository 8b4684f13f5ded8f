"""Which county a firm is in."""

from gaoyuan.registry.locating.gazetteer import places
from gaoyuan.registry.locating.locator import (
    LOCATING_COLUMNS,
    LocatedBy,
    Locations,
    Locator,
    learn_authorities,
    unclear_authorities,
)

__all__ = [
    "LOCATING_COLUMNS",
    "LocatedBy",
    "Locations",
    "Locator",
    "learn_authorities",
    "places",
    "unclear_authorities",
]
