"""How titles stand in rules: the metric of a cluster that counts a title's firms, and that of a firm that holds it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

COUNT_OF_TITLE: Mapping[str, str] = MappingProxyType(
    {
        "single_champion": "single_champions",
        "little_giant": "little_giants",
        "srdi_sme": "srdi_smes",
        "innovative_sme": "innovative_smes",
        "hightech_firm": "hightech_firms",
    }
)
"""The metric of a cluster that counts the firms of each title."""

FLAG_OF_TITLE: Mapping[str, str] = MappingProxyType(
    {
        "single_champion": "single_champion_title_in_force",
        "little_giant": "little_giant_title_in_force",
        "srdi_sme": "provincial_title_in_force",
        "innovative_sme": "innovative_title_in_force",
        "hightech_firm": "hightech_title_in_force",
    }
)
"""The metric that says of a firm that it holds a title."""
