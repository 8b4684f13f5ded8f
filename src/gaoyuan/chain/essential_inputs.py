"""Which sector's products makers of another sector cannot do without.

Systemic risk asks it of every pair of sectors. Where the products of a chain say it (`uses.essential`) that counts; for
all other pairs there is a rule of our own: goods (GB/T 4754 sections A to D: farming, mining, manufacturing, energy and
water) are essential to whoever makes goods or builds (sections A to E), all else is non-essential. The survey of
analysts that the literature takes instead (Pichler et al. 2022) may not ship; it calls fewer inputs essential, so that
losses by this rule lie rather high.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from gaoyuan.chain.shocks.network import ESSENTIAL, NON_ESSENTIAL
from gaoyuan.codes import industries

_GOODS = frozenset("ABCD")
_MAKERS_OF_GOODS = frozenset("ABCDE")


def essential_inputs(
    members: Sequence[Sequence[str]], needs: Iterable[tuple[str, str, bool]] = ()
) -> npt.NDArray[np.int8]:
    """Give how far each of s sectors (rows) is needed by makers of each (columns): 2 essential, 1 non-essential.

    `members` (s) are the industries (GB/T 4754, any level) that firms of a sector are in, the most frequent first,
    which says by its section what the sector makes; none where that is not known, which makes it non-essential both
    ways. `needs` are the industry of an input, that of the product that needs it, and whether it is essential: a pair
    of sectors is essential where one of its needs is, non-essential where all of them say so, by the rule where there
    is none.

    >>> steel, trains, software = ["3110"], ["3711"], ["6513"]
    >>> essential_inputs([steel, trains, software]).tolist()
    [[2, 2, 1], [2, 2, 1], [1, 1, 1]]
    >>> needs = [("6513", "3711", True), ("3110", "371", False)]
    >>> essential_inputs([steel, trains, software], needs)[:, 1].tolist()
    [1, 2, 2]
    """
    sections = [industries()[own[0]].section if own else "" for own in members]
    goods = np.array([section in _GOODS for section in sections], bool)
    makers = np.array([section in _MAKERS_OF_GOODS for section in sections], bool)
    found = np.where(goods[:, None] & makers[None, :], ESSENTIAL, NON_ESSENTIAL).astype(np.int8)
    said: dict[tuple[int, int], bool] = {}
    holding = _sectors_by_industry(members)
    for of_input, of_product, essential in needs:
        for row in holding.get(of_input, ()):
            for column in holding.get(of_product, ()):
                said[row, column] = said.get((row, column), False) or essential
    for pair, essential in said.items():
        found[pair] = ESSENTIAL if essential else NON_ESSENTIAL
    return found


def _sectors_by_industry(members: Sequence[Sequence[str]]) -> dict[str, set[int]]:
    """Give the sectors that hold a part of each industry, at any level above those of the members."""
    found: dict[str, set[int]] = {}
    for number, own in enumerate(members):
        for code in own:
            for length in range(1, len(code) + 1):
                found.setdefault(code[:length], set()).add(number)
    return found
