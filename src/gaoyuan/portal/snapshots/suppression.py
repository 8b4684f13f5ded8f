"""No figure that covers fewer than three enterprises is shown to the public.

The rule is that of statistical offices for business figures: below three, one enterprise could work out another. Cells
that add up hide each other besides (`protected`): a small one cannot be worked out from a total and the others. Between
which bounds it lies is told, that it is not zero too. As in A. Hundepool et al., Statistical Disclosure Control (2012),
chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import lsmr

from gaoyuan.portal.confidentiality import LEAST_FIRMS

_MOST_ROUNDS = 8
_MOST_STEPS = 5_000
_EXACT = 1e-11
_ZERO = 1e-7
"""Noise of size one that has been projected away stays below this, what is free stays far above."""


def hidden(firms: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Say which cells are hidden from the public: those with one or two firms. A cell without any says nothing of any.

    >>> hidden([0, 1, 2, 3]).tolist()
    [False, True, True, False]
    """
    known = np.asarray(firms, dtype=np.float64)
    return (known > 0) & (known < LEAST_FIRMS)


def suppressed(rows: pd.DataFrame, covers: dict[str, str]) -> pd.DataFrame:
    """Give rows with each figure emptied whose number of enterprises is below three; `covers` names for each column of
    figures the column of that number.

    >>> rows = pd.DataFrame({"firms": [2, 5], "revenue_yuan": [7.0, 9.0], "revenue_firms": [2, 1]})
    >>> suppressed(rows, {"firms": "firms", "revenue_yuan": "revenue_firms"}).isna().sum().to_dict()
    {'firms': 1, 'revenue_yuan': 2, 'revenue_firms': 0}
    """
    shown = rows.copy()
    for column, number in covers.items():
        kept = ~hidden(rows[number].fillna(0))
        values = rows[column]
        if not kept.all():
            # Numbers stay numbers, for many of them are written.
            values = values.where(kept) if pd.api.types.is_numeric_dtype(values) else values.where(kept, None)
        shown[column] = values
    return shown


def protected(
    counts: npt.ArrayLike,
    above: Sequence[npt.ArrayLike],
    *,
    hide: npt.ArrayLike | None = None,
    kept: npt.ArrayLike | None = None,
    spare: npt.ArrayLike | None = None,
    exact_cells: int = 200_000,
) -> npt.NDArray[np.bool_]:
    """Say which of some cells that add up to one another are hidden: the small ones, and so many more that no hidden
    count can be worked out from the sums that are shown (secondary suppression).

    `counts` are the enterprises of each cell, totals among them. Each array of `above` gives for every cell the cell
    that it is part of in one way of adding up (counties to prefectures; classes to groups), -1 for none. A cell may be
    part of another in several ways. Where the parts of a cell are fewer than the cell (some enterprises are known to it
    alone) nothing can be worked out, and nothing is hidden for it. `hide` are cells that are hidden in any case, `kept`
    cells that are shown somewhere else too and so cannot serve to hide another. For `spare` cells the sum is hidden
    instead of which they are the most part: a cluster's own county tells more than the prefecture around it.

    In every sum one hidden term alone, or hidden parts that are one enterprise each, call for a second: the smallest
    part that is shown, else the sum itself. Up to `exact_cells` cells what several sums together give is looked for
    too (see `determined`) and hidden from; in larger tables each sum is looked at by itself. A sum all of whose parts
    are hidden may stay shown where every part is one enterprise.

    Two counties of a prefecture, of which one has a single enterprise, and three:

    >>> protected([8, 1, 7], [[-1, 0, 0]]).tolist()
    [False, True, True]
    >>> protected([9, 1, 5, 3], [[-1, 0, 0, 0]]).tolist()
    [False, True, False, True]
    """
    numbers = np.asarray(counts, dtype=np.int64)
    shut = hidden(numbers)
    if hide is not None:
        shut |= np.asarray(hide, dtype=bool) & (numbers > 0)
    fixed = np.zeros(len(numbers), dtype=bool) if kept is None else np.asarray(kept, dtype=bool)
    spared = np.zeros(len(numbers), dtype=bool) if spare is None else np.asarray(spare, dtype=bool)
    sums = [_Sums.of(numbers, np.asarray(one, dtype=np.int64)) for one in above]
    _settle(numbers, sums, shut, fixed, spared, np.flatnonzero(shut))
    for rings in range(_MOST_ROUNDS if len(numbers) <= exact_cells else 0):
        known = determined(numbers, above, shut)
        if not len(known):
            break
        more = _beside(known, sums, shut, fixed, rings)
        shut[more] = True
        _settle(numbers, sums, shut, fixed, spared, more)
    return shut


def determined(
    counts: npt.ArrayLike, above: Sequence[npt.ArrayLike], shut: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Give the hidden cells whose count follows exactly from the cells shown and all sums together.

    The sums are linear equations in the hidden cells. A hidden cell is determined just where every solution of the
    equations without right side is zero at it; of such solutions a random one is taken (the projection of noise, by
    LSMR), which is zero nowhere else but with probability zero.

    >>> determined([8, 1, 7], [[-1, 0, 0]], np.array([False, True, False])).tolist()
    [1]
    """
    numbers = np.asarray(counts, dtype=np.int64)
    unknown = np.flatnonzero(shut)
    column = np.full(len(numbers), -1)
    column[unknown] = np.arange(len(unknown))
    rows: list[npt.NDArray[np.int64]] = []
    cells: list[npt.NDArray[np.int64]] = []
    signs: list[npt.NDArray[np.float64]] = []
    for at, one in enumerate(above):
        sums = _Sums.of(numbers, np.asarray(one, dtype=np.int64))
        parts, wholes = sums.parts[shut[sums.parts]], np.flatnonzero(sums.adds_up & shut)
        rows += [sums.whole[parts] + at * len(numbers), wholes + at * len(numbers)]
        cells += [column[parts], column[wholes]]
        signs += [np.ones(len(parts)), -np.ones(len(wholes))]
    used, row = np.unique(np.concatenate(rows), return_inverse=True)
    if not len(used):
        return np.zeros(0, dtype=np.int64)
    shape = (len(used), len(unknown))
    matrix = csr_matrix((np.concatenate(signs), (row, np.concatenate(cells))), shape=shape)
    same, matrix = _joined(matrix)
    noise = np.random.default_rng(0).normal(size=matrix.shape[1])
    found = lsmr(matrix.T.tocsr(), noise, atol=_EXACT, btol=_EXACT, conlim=0, maxiter=_MOST_STEPS)
    free = np.abs(noise - matrix.T @ found[0]) >= _ZERO
    return unknown[~free[same]]


def _joined(matrix: csr_matrix) -> tuple[npt.NDArray[np.int64], csr_matrix]:
    """Take unknowns together that equations of two say to be equal, a whole and its only hidden part: gives the number
    of each unknown among those that are left, and the equations of these.
    """
    terms = np.diff(matrix.indptr)
    pairs = np.flatnonzero((terms == 2) & (np.asarray(matrix.sum(axis=1)).ravel() == 0))
    first, second = matrix.indices[matrix.indptr[pairs]], matrix.indices[matrix.indptr[pairs] + 1]
    size = matrix.shape[1]
    links = csr_matrix((np.ones(len(pairs)), (first, second)), shape=(size, size))
    number, same = connected_components(links, directed=False)
    into = csr_matrix((np.ones(size), (np.arange(size), same)), shape=(size, number))
    left = (matrix @ into).tocsr()
    left.eliminate_zeros()
    return same.astype(np.int64), left[np.flatnonzero(np.diff(left.indptr))]


@dataclass(slots=True)
class _Sums:
    """One way of adding up: the whole of each cell, the parts sorted by whole and count, the wholes that are the sum of
    their parts, and of each whole how many parts are hidden and what these count together.
    """

    whole: npt.NDArray[np.int64]
    parts: npt.NDArray[np.int64]
    adds_up: npt.NDArray[np.bool_]
    hidden_parts: npt.NDArray[np.int64]
    hidden_count: npt.NDArray[np.int64]

    @classmethod
    def of(cls, counts: npt.NDArray[np.int64], whole: npt.NDArray[np.int64]) -> _Sums:
        number = len(counts)
        parts = np.flatnonzero((whole >= 0) & (counts > 0))
        total = np.bincount(whole[parts], weights=counts[parts], minlength=number)
        adds_up = (total > 0) & (total == counts)
        parts = parts[adds_up[whole[parts]]]
        parts = parts[np.lexsort((counts[parts], whole[parts]))]
        nothing = np.zeros(number, dtype=np.int64)
        return cls(np.where((whole >= 0) & adds_up[whole], whole, -1), parts, adds_up, nothing, nothing.copy())

    def take(self, counts: npt.NDArray[np.int64], fresh: npt.NDArray[np.int64]) -> None:
        """Count cells that have just been hidden."""
        parts = fresh[self.whole[fresh] >= 0]
        wholes = self.whole[parts]
        number = len(counts)
        self.hidden_parts += np.bincount(wholes, minlength=number)
        self.hidden_count += np.bincount(wholes, weights=counts[parts], minlength=number).astype(np.int64)

    def smallest_shown(
        self, wanted: npt.NDArray[np.bool_], shut: npt.NDArray[np.bool_], fixed: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.int64]:
        """Give of each wanted whole the smallest part that is shown and may be hidden, where it has one."""
        parts = self.parts[wanted[self.whole[self.parts]]]
        parts = parts[~shut[parts] & ~fixed[parts]]
        return parts[np.flatnonzero(np.diff(self.whole[parts], prepend=-1))]

    def sparing(
        self, chosen: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], spared: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.int64]:
        """Give of each chosen part that is most of its whole and may be spared the whole instead."""
        whole = self.whole[chosen]
        return np.where((2 * counts[chosen] > counts[whole]) & spared[chosen], whole, chosen)


def _settle(
    counts: npt.NDArray[np.int64],
    sums: list[_Sums],
    shut: npt.NDArray[np.bool_],
    fixed: npt.NDArray[np.bool_],
    spared: npt.NDArray[np.bool_],
    fresh: npt.NDArray[np.int64],
) -> None:
    """Hide cells until no sum by itself gives a hidden one."""
    for one in sums:
        one.take(counts, fresh)
    changed = True
    while changed:
        changed = False
        for one in sums:
            alone = one.adds_up & (one.hidden_parts + shut == 1)
            ones = one.adds_up & ~shut & (one.hidden_parts > 1) & (one.hidden_count == one.hidden_parts)
            chosen = one.smallest_shown(alone | ones, shut, fixed)
            alone[one.whole[chosen]] = False
            open_wholes = np.where(one.whole >= 0, ~shut[one.whole] & ~fixed[one.whole], False)
            chosen = np.unique(one.sparing(chosen, counts, spared & open_wholes))
            chosen = np.concatenate([chosen, np.flatnonzero(alone & ~shut & ~fixed)])
            if len(chosen):
                shut[chosen] = True
                changed = True
                for each in sums:
                    each.take(counts, chosen)


def _beside(
    known: npt.NDArray[np.int64],
    sums: list[_Sums],
    shut: npt.NDArray[np.bool_],
    fixed: npt.NDArray[np.bool_],
    rings: int,
) -> npt.NDArray[np.int64]:
    """Give cells to hide for some that are known: in every sum in which one of them stands, or a hidden cell that is so
    many sums away from it, the smallest part, else the whole.
    """
    left = known
    for _ in range(rings):
        left = np.flatnonzero(_around(left, sums) & shut)
    found = []
    for one in sums:
        wanted = _with(left, one)
        chosen = one.smallest_shown(wanted, shut, fixed)
        wanted[one.whole[chosen]] = False
        found += [chosen, np.flatnonzero(wanted & ~shut & ~fixed)]
    return np.unique(np.concatenate(found))


def _around(cells: npt.NDArray[np.int64], sums: list[_Sums]) -> npt.NDArray[np.bool_]:
    """Say which cells stand in a sum with one of some."""
    near = np.zeros(len(sums[0].whole), dtype=bool)
    for one in sums:
        wanted = _with(cells, one)
        near |= wanted
        near[one.parts[wanted[one.whole[one.parts]]]] = True
    return near


def _with(cells: npt.NDArray[np.int64], sums: _Sums) -> npt.NDArray[np.bool_]:
    """Say which wholes are the sum of some cells, or are among these."""
    wholes = np.zeros(len(sums.whole), dtype=bool)
    wholes[sums.whole[cells[sums.whole[cells] >= 0]]] = True
    wholes[cells[sums.adds_up[cells]]] = True
    return wholes
