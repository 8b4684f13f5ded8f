"""Where a sector stands between raw material and final use, and what would be lost without it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gaoyuan.chain.input_output.leontief import (
    Vector,
    allocation_inverse,
    checked_table,
    checked_vector,
    ghosh,
    leontief,
)
from gaoyuan.errors import InputError


def upstreamness(
    Z: npt.ArrayLike,
    x: npt.ArrayLike,
    *,
    exports: npt.ArrayLike | None = None,
    imports: npt.ArrayLike | None = None,
    inventory: npt.ArrayLike | None = None,
    names: Sequence[str] | None = None,
) -> Vector:
    """Give the upstreamness (上游度) of sectors: the mean number of steps from their output to final use, 1 at least.

    U = (I - B)⁻¹ 1 with B[i, j] = Z[i, j] / x[i], the row sums of the Ghosh inverse. With `exports`, `imports` or
    changes of `inventory` (one number a sector each, imports as positive amounts) the shares are of what is used at
    home, B[i, j] = Z[i, j] / (x[i] - exports[i] + imports[i] - inventory[i]): goods that leave the country or wait in
    store are taken to be used as the others are. Antràs, Chor, Fally & Hillberry (2012), Measuring the upstreamness of
    production and trade flows, American Economic Review 102; equation 3 for the corrected shares.

    NaN for a sector that makes nothing. Raises InputError as `leontief` does, and where the corrected denominator is
    not positive though the sector sells.

    >>> upstreamness([[20.0, 45.0], [15.0, 30.0]], [100.0, 90.0]).round(4).tolist()
    [2.4364, 2.1091]
    """
    flows, outputs = checked_table(Z, x, names=names)
    if exports is None and imports is None and inventory is None:
        steps = ghosh(flows, outputs, names=names).sum(axis=1)
        return np.where(outputs > 0.0, steps, np.nan)
    used = outputs.copy()
    for sign, amounts, what in ((-1.0, exports, "exports"), (1.0, imports, "imports"), (-1.0, inventory, "inventory")):
        if amounts is None:
            continue
        vector = checked_vector(amounts, outputs.size, what)
        if what != "inventory" and (vector < 0.0).any():
            raise InputError(f"negative {what}", mend="Give the amounts that cross the border, without a sign.")
        used += sign * vector
    if (wrong := np.flatnonzero((used <= 0.0) & (flows.sum(axis=1) > 0.0))).size:
        first = wrong[0] if names is None else names[wrong[0]]
        raise InputError(
            f"sector {first}: output less exports, plus imports, less what went into store, is not positive",
            mend="Leave re-exports and sales from older stock out, or do without the correction.",
        )
    return np.where(used > 0.0, allocation_inverse(flows, used, names).sum(axis=1), np.nan)


def downstreamness(Z: npt.ArrayLike, x: npt.ArrayLike, *, names: Sequence[str] | None = None) -> Vector:
    """Give the downstreamness (下游度) of sectors: the mean number of steps from primary inputs to them, 1 at least.

    D = 1ᵀ (I - A)⁻¹ with A[i, j] = Z[i, j] / x[j], the column sums of the Leontief inverse, which are also the output
    multipliers. Antràs & Chor (2018), On the measurement of upstreamness and downstreamness in global value chains;
    Miller & Temurshoev (2017), Output upstreamness and input downstreamness, International Regional Science Review 40.

    NaN for a sector that makes nothing; errors as for `leontief`.

    >>> downstreamness([[20.0, 45.0], [15.0, 30.0]], [100.0, 90.0]).round(4).tolist()
    [1.7818, 2.8364]
    """
    flows, outputs = checked_table(Z, x, names=names)
    return np.where(outputs > 0.0, leontief(flows, outputs, names=names).sum(axis=0), np.nan)


def extraction_loss(Z: npt.ArrayLike, x: npt.ArrayLike, *, names: Sequence[str] | None = None) -> Vector:
    """Give for each sector the output that the whole economy loses without it (假设抽取法), its own included.

    Sector j neither sells nor buys any more and its final demand is not met; everybody else's final demand stays, and
    what j delivered comes from nowhere else. The loss 1ᵀx - 1ᵀx₋ⱼ is x[j] D[j] / L[j, j] with L the Leontief inverse
    and D its column sums, so that one inversion serves all sectors: what is left of L without row and column j is
    L - L[:, j] L[j, :] / L[j, j].

    In the unit of `x`; 0 for a sector that makes nothing; errors as for `leontief`. Dietzenbacher, van der Linden &
    Steenge (1993), The regional extraction method, Economic Systems Research 5; Miller & Lahr (2001), A taxonomy of
    extractions.

    >>> extraction_loss([[20.0, 45.0], [15.0, 30.0]], [100.0, 90.0]).round(4).tolist()
    [122.5, 146.25]
    """
    flows, outputs = checked_table(Z, x, names=names)
    inverse = leontief(flows, outputs, names=names)
    return outputs * inverse.sum(axis=0) / np.diag(inverse)
