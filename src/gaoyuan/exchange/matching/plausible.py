"""Figures that are a thousand times too large or too small: kg taken for t, a price by the ton taken for one by the kg.

Nothing is refused for that: whoever typed it is asked back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from statistics import median

from gaoyuan.exchange.matching.quantities import UNITS, in_unit
from gaoyuan.exchange.matching.words import normal_text

__all__ = ["FEWEST", "quantities_in", "unit_confusion"]

FEWEST = 3
"""From how many figures of others on these say anything."""
_FAR = 300
"""How many times away a figure is asked about: a thousand, less the spread that there is anyway."""
_NAMED = re.compile(
    rf"(\d[\d,]*(?:\.\d+)?)\s*(万)?\s*({'|'.join(sorted(map(re.escape, UNITS), key=len, reverse=True))})(?![a-z0-9])"
)


def quantities_in(text: str) -> list[tuple[Decimal, str]]:
    """Give the quantities with units that a text names.

    >>> quantities_in("毛巾 2,000 件，合 1.5 吨；螺栓M24")
    [(Decimal('2000'), '件'), (Decimal('1.5'), '吨')]
    """
    found = _NAMED.finditer(normal_text(text))
    return [(Decimal(one[1].replace(",", "")) * (10_000 if one[2] else 1), one[3]) for one in found]


def unit_confusion(
    figure: Decimal, unit: str, others: Sequence[tuple[Decimal, str]] = (), text: str = "", *, per_unit: bool = False
) -> Decimal | None:
    """Give the figure that is probably meant the other way, as others post it or the own text names it, where this one
    is about a thousand times away; None where nothing looks wrong. `others` are figures with their units; `per_unit`
    tells that the figures are prices of a unit, which change the other way with it.

    >>> unit_confusion(Decimal(20000), "t", [(Decimal(15), "t"), (Decimal(20), "t"), (Decimal(30000), "kg")])
    Decimal('20')
    >>> unit_confusion(Decimal(500), "t", text="需要 500 kg 法兰")
    Decimal('0.500')
    >>> unit_confusion(Decimal(500), "t", text="需要 500 吨法兰") is None
    True
    """
    named = [] if per_unit else [one for one in _in(unit, quantities_in(text), per_unit=False) if one > 0]
    if named and not any(one == figure for one in named):
        for one in named:
            if one / figure in (Decimal(1000), Decimal("0.001")):
                return one
    like = [one for one in _in(unit, others, per_unit=per_unit) if one > 0]
    if len(like) < FEWEST:
        return None
    usual = median(like)
    return usual if not usual / _FAR < figure < usual * _FAR else None


def _in(unit: str, figures: Sequence[tuple[Decimal, str]], *, per_unit: bool) -> list[Decimal]:
    found = []
    for figure, own in figures:
        one = in_unit(Decimal(1), own, unit)
        if one is not None:
            found.append(figure / one if per_unit else figure * one)
    return found
