"""How titles stand in rules: the metric of a cluster that counts a title's firms, and that of a firm that holds it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_ALSO: Mapping[str, tuple[str, ...]] = MappingProxyType({"little_giant": ("key_little_giant",)})
"""The titles that include another one: a key little giant is a little giant too."""


def counted_as(title: str) -> tuple[str, ...]:
    """Give the titles whose holders hold a title: itself, and those that include it.

    >>> counted_as("little_giant"), counted_as("gazelle")
    (('little_giant', 'key_little_giant'), ('gazelle',))
    """
    return (title, *_ALSO.get(title, ()))


COUNT_OF_TITLE: Mapping[str, str] = MappingProxyType(
    {
        "single_champion": "single_champions",
        "little_giant": "little_giants",
        "srdi_sme": "srdi_smes",
        "innovative_sme": "innovative_smes",
        "hightech_firm": "hightech_firms",
    }
)
"""The metric of a cluster that counts the firms of each title (`counted_as`)."""

FLAG_OF_TITLE: Mapping[str, str] = MappingProxyType(
    {
        "single_champion": "single_champion_title_in_force",
        "little_giant": "little_giant_title_in_force",
        "srdi_sme": "provincial_title_in_force",
        "innovative_sme": "innovative_title_in_force",
        "hightech_firm": "hightech_title_in_force",
    }
)
"""The metric that says of a firm that it holds a title (`counted_as`)."""

TITLES_OF_COUNT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {metric: counted_as(title) for title, metric in COUNT_OF_TITLE.items()}
)
"""The titles that each metric of a cluster counts."""
