"""Who makes which product: compiled by product, the largest local maker first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int32]
Longs: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]

OUTSIDE, LOCAL, UNKNOWN_PLACE = 0, 1, -1


@dataclass(frozen=True, slots=True)
class Makers:
    """The makers of n products among f firms (k rows).

    `start` (n+1) and `firm` (k): the makers of product p are `firm[start[p]:start[p+1]]`; local ones come first, then
    those outside, then those whose place is not known, each by output and share of the country. `place` (f) is 1 for a
    local firm, 0 for one outside, −1 where unknown. `capacity`, `output_yuan`, `national_share` (k) are NaN where
    unknown.
    """

    start: Longs
    firm: Ints
    capacity: Floats
    output_yuan: Floats
    national_share: Floats
    place: npt.NDArray[np.int8]

    def count(self, place: int) -> Longs:
        """Count the makers of each product (n) by place: local, outside or unknown."""
        return self._sums((self.place[self.firm] == place).astype(np.float64)).astype(np.int64)

    def local_sum(self, values: Floats) -> Floats:
        """Add up what is known of the local makers of each product (n); NaN where it is known of none."""
        known = (self.place[self.firm] == LOCAL) & ~np.isnan(values)
        total = self._sums(np.where(known, values, 0.0))
        return np.where(self._sums(known.astype(np.float64)) > 0, total, np.nan)

    def of(self, product: int) -> slice:
        """Give the rows of the makers of a product."""
        return slice(int(self.start[product]), int(self.start[product + 1]))

    def _sums(self, values: Floats) -> Floats:
        products = self.start.size - 1
        own = np.repeat(np.arange(products), np.diff(self.start))
        return np.bincount(own, values[self.start[0] : self.start[-1]], products).astype(np.float64)


def makers(
    products: int,
    product: npt.ArrayLike,
    firm: npt.ArrayLike,
    place: npt.ArrayLike,
    capacity: npt.ArrayLike | None = None,
    output_yuan: npt.ArrayLike | None = None,
    national_share: npt.ArrayLike | None = None,
) -> Makers:
    """Compile who makes what: row r says that `firm[r]` makes `product[r]`; `place` says of each firm where it is.

    A firm that stands twice for a product counts once, with the first of its rows. A row whose product is −1 (not
    known) is left out.

    >>> held = makers(2, [0, 1, 0], [0, 0, 1], place=[0, 1], output_yuan=[5e6, 1e6, 2e6])
    >>> held.firm.tolist(), held.count(LOCAL).tolist()
    ([1, 0, 0], [1, 0])
    """
    given_products = np.asarray(product, dtype=np.int64)
    known = np.flatnonzero(given_products >= 0)
    own, by = given_products[known], np.asarray(firm, dtype=np.int64)[known]
    where = np.asarray(place, dtype=np.int8)
    columns = [
        np.full(own.size, np.nan) if given is None else np.asarray(given, dtype=np.float64)[known]
        for given in (capacity, output_yuan, national_share)
    ]
    firms = max(where.size, 1)
    _, first = np.unique(own * firms + by, return_index=True)
    own, by = own[first], by[first]
    columns = [column[first] for column in columns]
    _, output, share = columns
    # Local before outside before unknown; a value that is not known comes after all known ones.
    order = np.lexsort(
        (
            by,
            -np.nan_to_num(share, nan=-1.0),
            -np.nan_to_num(output, nan=-1.0),
            -np.where(where < 0, -1, where)[by],
            own,
        )
    )
    return Makers(
        start=np.searchsorted(own[order], np.arange(products + 1)).astype(np.int64),
        firm=by[order].astype(np.int32),
        capacity=columns[0][order],
        output_yuan=output[order],
        national_share=share[order],
        place=where,
    )
