"""Sizes and ratings in the words of a text: DN50–600, PN16, M24, Φ50; and whether one text's range holds another's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gaoyuan.exchange.matching.words import normal_text

__all__ = ["Range", "compare_specifications", "specifications"]

_KEYS = {"dn": "DN", "pn": "PN", "m": "M", "φ": "Φ"}
_NUMBER = r"\d+(?:\.\d+)?"
_FOUND = re.compile(
    rf"(?<![a-z0-9φ])(dn|pn|m|φ)\s?({_NUMBER})(?:\s*(?:-|—|–|~|到|至)\s*(?:\1)?({_NUMBER}))?(?![a-z0-9²³])", re.I
)


@dataclass(frozen=True, slots=True)
class Range:
    """A range of sizes, both ends held; one size has equal ends."""

    low: float
    high: float

    def holds(self, other: Range) -> bool:
        """Whether the whole of another range lies in this one."""
        return self.low <= other.low and other.high <= self.high

    def __str__(self) -> str:
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g}–{self.high:g}"


def specifications(text: str) -> dict[str, Range]:
    """Give the sizes that a text names, by kind: nominal width DN, pressure PN, thread M, diameter Φ in mm.

    Where a kind is named more than once, the range from its least to its greatest: "DN50、DN80" may be either.
    A length in metres ("m2", "5 m") is no thread.

    >>> specifications("法兰 DN50–600 PN16"), specifications("M24×80螺栓")
    ({'DN': Range(low=50.0, high=600.0), 'PN': Range(low=16.0, high=16.0)}, {'M': Range(low=24.0, high=24.0)})
    """
    found: dict[str, Range] = {}
    plain = re.sub(rf"(m{_NUMBER})x{_NUMBER}", r"\1", normal_text(text))
    for match in _FOUND.finditer(plain):
        key = _KEYS[match[1].lower()]
        low = float(match[2])
        high = float(match[3]) if match[3] else low
        if key == "M" and low < 3 and not match[3]:
            continue
        ends = (low, high, *((found[key].low, found[key].high) if key in found else ()))
        found[key] = Range(min(ends), max(ends))
    return found


def compare_specifications(
    asked: Mapping[str, Range], offered: Mapping[str, Range]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the kinds of size that an offer holds, and those that it names but does not hold; others are unknown.

    >>> compare_specifications(specifications("法兰 DN800 PN16"), specifications("法兰 DN50–600 PN10–40"))
    (('PN',), ('DN',))
    """
    both = [key for key in asked if key in offered]
    held = tuple(key for key in both if offered[key].holds(asked[key]))
    return held, tuple(key for key in both if key not in held)
