"""Firms and what they sell each other, checked and laid out for the kernels of shocks.

Every link is stored three times: by supplier for losses that run down the chain, by supplier and by buyer for losses
that run up it. Downstream links lead to segments: a segment is one buyer together with one essential product, or with
all its non-essential products, so that a buyer's loss is the largest of its segments. Nothing of size firms × sectors
is ever made.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from gaoyuan.errors import InputError

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int32]
Offsets = npt.NDArray[np.int64]

ESSENTIAL, NON_ESSENTIAL, NEGLIGIBLE = 2, 1, 0
_MOST_FIRMS = 2**31 - 2


class Network(NamedTuple):
    """A compiled network of n firms, s sectors and m segments; made by `compile_network`.

    `sector` (n), `output` (n) is what a firm sells to firms, in the unit of the values given, `sector_output` (s) its
    sum by sector, `weights` (n) what a firm counts, summing to 1.

    Downstream: the links of supplier i are `down_begins[i]` … `down_begins[i + 1]`: `down_segment`, `down_share`; the
    segments of buyer j are `buyer_begins[j]` … `buyer_begins[j + 1]`, whose suppliers and shares are
    `segment_begins`, `segment_supplier`, `segment_share`, and whose buyer is `segment_buyer`.

    Upstream: the share of supplier i's sales that goes to each buyer is `up_begins`, `up_buyer`, `up_share` by
    supplier, and `back_begins`, `back_supplier`, `back_share` by buyer.
    """

    sector: Places
    output: Floats
    sector_output: Floats
    weights: Floats
    down_begins: Offsets
    down_segment: Places
    down_share: Floats
    buyer_begins: Offsets
    segment_buyer: Places
    segment_begins: Offsets
    segment_supplier: Places
    segment_share: Floats
    up_begins: Offsets
    up_buyer: Places
    up_share: Floats
    back_begins: Offsets
    back_supplier: Places
    back_share: Floats


def compile_network(
    supplier: npt.ArrayLike,
    buyer: npt.ArrayLike,
    value: npt.ArrayLike,
    sector: npt.ArrayLike,
    essential: npt.ArrayLike,
    *,
    revenue: npt.ArrayLike | None = None,
    costs: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
) -> Network:
    """Check a network of firms and lay it out for the kernels; see `systemic_risk` for what each argument means.

    Raises InputError for numbers that cannot be: lengths that differ, firms or sectors out of range, an amount below 0
    or missing, an entry of `essential` that is none of 0, 1 and 2.
    """
    of_firm = _whole(sector, "sector")
    count = of_firm.size
    if count > _MOST_FIRMS:
        raise InputError(f"{count} firms are more than {_MOST_FIRMS}")
    needs = _needs(essential)
    if count and (of_firm.min() < 0 or of_firm.max() >= needs.shape[0]):
        wrong = int(np.flatnonzero((of_firm < 0) | (of_firm >= needs.shape[0]))[0])
        raise InputError(
            f"sector {of_firm[wrong]} of firm {wrong} is not a row of essential, which has {needs.shape[0]}",
            mend="number the sectors 0 … rows of essential − 1",
        )
    traded = _trade(supplier, buyer, value, count)
    output = np.asarray(traded.sum(axis=1), np.float64).ravel()
    bought = np.asarray(traded.sum(axis=0), np.float64).ravel()
    sector32 = of_firm.astype(np.int32)
    up = _upstream(traded, output, _amounts(revenue, "revenue", count, output, "sells"))
    back = up.T.tocsr()
    factor = np.ones(count)
    given_costs = _amounts(costs, "costs", count, bought, "buys")
    if given_costs is not None:
        factor = np.divide(bought, given_costs, out=np.ones(count), where=bought > 0)
    down = _downstream(traded, sector32, needs, bought, factor)
    return Network(
        sector32,
        output,
        np.bincount(of_firm, weights=output, minlength=needs.shape[0]).astype(np.float64),
        _weights(weights, output),
        *down,
        up.indptr.astype(np.int64),
        up.indices.astype(np.int32),
        up.data.astype(np.float64),
        back.indptr.astype(np.int64),
        back.indices.astype(np.int32),
        back.data.astype(np.float64),
    )


def _whole(given: npt.ArrayLike, name: str) -> npt.NDArray[np.int64]:
    found = np.asarray(given)
    if found.ndim != 1:
        raise InputError(f"{name} is one number for each, not an array of shape {found.shape}")
    if found.size == 0:
        return np.empty(0, np.int64)
    if not np.issubdtype(found.dtype, np.integer):
        raise InputError(f"{name} holds whole numbers, not {found.dtype}", mend="number from 0; give an integer array")
    return found.astype(np.int64)


def _needs(essential: npt.ArrayLike) -> npt.NDArray[np.int8]:
    table = np.asarray(essential)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:
        raise InputError(f"essential is a square table, sectors × sectors, not of shape {table.shape}")
    if not np.isin(table, (NEGLIGIBLE, NON_ESSENTIAL, ESSENTIAL)).all():
        row, column = np.argwhere(~np.isin(table, (NEGLIGIBLE, NON_ESSENTIAL, ESSENTIAL)))[0]
        raise InputError(
            f"essential[{row}, {column}] is {table[row, column]}",
            mend="2 is essential, 1 non-essential, 0 negligible",
        )
    return table.astype(np.int8)


def _trade(supplier: npt.ArrayLike, buyer: npt.ArrayLike, value: npt.ArrayLike, count: int) -> sp.csr_array:
    """Give amounts (firms, firms), links of the same two firms added up, without links of nothing."""
    sells, buys = _whole(supplier, "supplier"), _whole(buyer, "buyer")
    amounts = np.asarray(value, np.float64)
    if not sells.shape == buys.shape == amounts.shape:
        raise InputError(
            f"supplier, buyer and value have one entry for each link, not {sells.shape}, {buys.shape}, {amounts.shape}"
        )
    for firms, name in ((sells, "supplier"), (buys, "buyer")):
        if firms.size and (firms.min() < 0 or firms.max() >= count):
            wrong = int(np.flatnonzero((firms < 0) | (firms >= count))[0])
            raise InputError(f"{name} {firms[wrong]} of link {wrong} is none of the {count} firms that have a sector")
    if not (np.isfinite(amounts).all() and (amounts >= 0).all()):
        wrong = int(np.flatnonzero(~(np.isfinite(amounts) & (amounts >= 0)))[0])
        raise InputError(
            f"link {wrong} has the value {amounts[wrong]}",
            mend="a value is at least 0; leave out links whose value is unknown, and book returns against sales first",
        )
    some = amounts > 0
    made = sp.csr_array((amounts[some], (sells[some], buys[some])), shape=(count, count))
    made.sum_duplicates()
    return made


def _amounts(given: npt.ArrayLike | None, name: str, count: int, traded: Floats, does: str) -> Floats | None:
    if given is None:
        return None
    found = np.asarray(given, np.float64)
    if found.shape != (count,):
        raise InputError(f"{name} is one number for each of the {count} firms, not of shape {found.shape}")
    wrong = ~np.isfinite(found) | (found < 0) | ((found == 0) & (traded > 0))
    if wrong.any():
        firm = int(np.flatnonzero(wrong)[0])
        raise InputError(
            f"{name} of firm {firm} is {found[firm]}",
            mend=f"{name} is at least 0, and above 0 where the firm {does} anything",
        )
    return found


def _weights(given: npt.ArrayLike | None, output: Floats) -> Floats:
    if given is None:
        total = float(output.sum())
        if output.size and total == 0:
            raise InputError("no firm sells anything, so none has a weight", mend="give weights")
        return output / total if output.size else output
    found = np.asarray(given, np.float64)
    if found.shape != output.shape:
        raise InputError(f"weights are one number for each of the {output.size} firms, not of shape {found.shape}")
    if not np.isfinite(found).all() or (found < 0).any() or (found.size and found.sum() == 0):
        raise InputError("weights are numbers of at least 0, none missing, and not all 0")
    return found / found.sum()


def _upstream(traded: sp.csr_array, output: Floats, revenue: Floats | None) -> sp.csr_array:
    base = output if revenue is None else revenue
    share = traded.copy()
    share.data = traded.data / np.repeat(base, np.diff(traded.indptr))
    return share


def _downstream(
    traded: sp.csr_array, sector: Places, needs: npt.NDArray[np.int8], bought: Floats, factor: Floats
) -> tuple[Offsets, Places, Floats, Offsets, Places, Offsets, Places, Floats]:
    """Give the downstream part of a Network, in the order of its fields."""
    count, sectors = sector.size, needs.shape[0]
    purchases = cast("sp.csc_array", traded.tocsc())
    buys = np.repeat(np.arange(count, dtype=np.int64), np.diff(purchases.indptr))
    sells, amount = purchases.indices.astype(np.int64), purchases.data
    kind = needs[sector[sells], sector[buys]]
    used = kind != NEGLIGIBLE
    buys, sells, amount, kind = buys[used], sells[used], amount[used], kind[used]
    # The pool of non-essential products comes after the last product.
    key = buys * (sectors + 1) + np.where(kind == ESSENTIAL, sector[sells], sectors)
    order = np.argsort(key, kind="stable")
    buys, sells, amount, kind, key = buys[order], sells[order], amount[order], kind[order], key[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if key.size else np.empty(0, np.int64)
    begins = np.append(starts, key.size)
    segment = np.repeat(np.arange(starts.size, dtype=np.int64), np.diff(begins))
    of_product = np.bincount(segment, weights=amount, minlength=starts.size)
    base = np.where(kind == ESSENTIAL, of_product[segment] if segment.size else 0.0, bought[buys])
    share = amount / base * factor[buys]
    segment_buyer = buys[starts]
    by_supplier = np.argsort(sells, kind="stable")
    return (
        _begins(sells, count),
        segment[by_supplier].astype(np.int32),
        share[by_supplier],
        _begins(segment_buyer, count),
        segment_buyer.astype(np.int32),
        begins.astype(np.int64),
        sells.astype(np.int32),
        share,
    )


def _begins(of: npt.NDArray[np.int64], count: int) -> Offsets:
    return np.concatenate([[0], np.cumsum(np.bincount(of, minlength=count))]).astype(np.int64)
