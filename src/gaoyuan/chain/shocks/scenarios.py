"""What fails: scenarios of firms that lose a share of their production."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from gaoyuan.chain.shocks.network import Floats, Offsets, Places
from gaoyuan.errors import InputError


class Scenarios(NamedTuple):
    """Losses that a scenario begins with: those of scenario k are `begins[k]` … `begins[k + 1]` of `firm`, `loss`."""

    begins: Offsets
    firm: Places
    loss: Floats


def each_alone(count: int) -> Scenarios:
    """Give one scenario for each of `count` firms, in which that firm fails wholly and alone."""
    return Scenarios(np.arange(count + 1, dtype=np.int64), np.arange(count, dtype=np.int32), np.ones(count))


def checked_scenarios(shocks: npt.ArrayLike | sp.sparray | sp.spmatrix | None, count: int) -> Scenarios:
    """Give scenarios from lost shares (scenarios, firms), dense or scipy sparse; None is `each_alone`.

    Raises InputError where they have another number of columns than there are firms, or a share is not in 0 … 1.
    """
    if shocks is None:
        return each_alone(count)
    table = sp.csr_array(shocks) if sp.issparse(shocks) else None  # type: ignore[arg-type]
    if table is None:
        dense = np.atleast_2d(np.asarray(shocks, np.float64))
        if dense.ndim != 2:
            raise InputError(f"shocks are a table of scenarios × firms, not of shape {dense.shape}")
        if not np.isfinite(dense).all():
            raise InputError("shocks hold a share that is missing", mend="0 where a firm loses nothing")
        table = sp.csr_array(dense)
    else:
        table.sum_duplicates()
    if table.shape[1] != count:
        raise InputError(f"shocks have {table.shape[1]} columns for {count} firms")
    lost = np.asarray(table.data, np.float64)
    if not ((lost >= 0) & (lost <= 1)).all():
        scenario = int(np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))[~((lost >= 0) & (lost <= 1))][0])
        raise InputError(f"a lost share of scenario {scenario} is not in 0 … 1", where="shocks")
    table.data = lost
    table.eliminate_zeros()
    return Scenarios(table.indptr.astype(np.int64), table.indices.astype(np.int32), table.data)
