"""What local firms buy: of which product, for how much, and how much of it of local sellers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.chain.locality import Locality, placed, registered_in
from gaoyuan.chain.makers import LOCAL, UNKNOWN_PLACE
from gaoyuan.workspace import Workspace

Longs: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]

_NAMELESS = "name "


@dataclass(frozen=True, slots=True)
class PurchaseRows:
    """What each local firm buys of each product (r rows), in yuan and net of returns, so that it may be negative.

    `buyer` numbers the makers of the chain, −1 for a firm that is not known to make anything; `product` is −1 where the
    trade names none. `local_yuan` and `unknown_yuan` are the parts of `total_yuan` from local sellers, and from sellers
    of which it is not known where they are.
    """

    buyer: Longs
    product: Longs
    total_yuan: Floats
    local_yuan: Floats
    unknown_yuan: Floats


@dataclass(frozen=True, slots=True)
class Purchases:
    """What local firms buy of each product (n), in yuan: all of it, from local sellers, and from sellers of which it is
    not known where they are; `sales` are the trades that it is taken from, `rows` the same by buyer.

    Returns are taken off: a product of which more was returned than bought has 0. Sales of a firm to itself, and those
    of which the amount is not known, are left out.
    """

    total_yuan: Floats
    local_yuan: Floats
    unknown_yuan: Floats
    sales: Longs
    rows: PurchaseRows


def firm_keys(ids: pa.ChunkedArray, codes: pa.ChunkedArray, names: pa.ChunkedArray) -> pd.Series:
    """Give what tells firms (k) apart: the id in the register, else the credit code, else the name, as given."""
    named = pc.binary_join_element_wise("name", pc.coalesce(codes, names, pa.scalar("")), " ")
    return pc.coalesce(ids, named).to_pandas()


def purchases(
    workspace: Workspace, trade: pa.Table, products: pd.Index, makers: pd.Series[str], here: Locality
) -> Purchases:
    """Add up the trades of local buyers, by the products (n ids) and the makers of a chain (f divisions, null where
    unknown, by their keys of `firm_keys`). A firm that the register has not is placed by its division as a maker, else
    by the one in its credit code.
    """
    seller, buyer = (firm_keys(trade[f"{side}_id"], trade[f"{side}_uscc"], trade[side]) for side in ("seller", "buyer"))
    at_seller, at_buyer = (
        placed(workspace, trade[f"{side}_id"].combine_chunks(), _divisions(keys, makers, trade[f"{side}_uscc"]), here)
        for side, keys in (("seller", seller), ("buyer", buyer))
    )
    amount = trade["amount_yuan"].to_numpy()
    to_itself = ((seller == buyer) & (seller != _NAMELESS)).to_numpy()
    bought = np.flatnonzero((at_buyer == LOCAL) & ~np.isnan(amount) & ~to_itself)
    product = products.get_indexer(trade["product"].to_pandas())[bought].astype(np.int64)
    by = makers.index.get_indexer(pd.Index(buyer))[bought].astype(np.int64)
    amount, place = amount[bought], at_seller[bought]

    count = len(products)
    pairs, row = np.unique((by + 1) * (count + 1) + product + 1, return_inverse=True)

    def summed(chosen: npt.NDArray[np.bool_]) -> Floats:
        return np.bincount(row, np.where(chosen, amount, 0.0), pairs.size).astype(np.float64)

    rows = PurchaseRows(
        buyer=pairs // (count + 1) - 1,
        product=pairs % (count + 1) - 1,
        total_yuan=summed(np.ones(bought.size, dtype=bool)),
        local_yuan=summed(place == LOCAL),
        unknown_yuan=summed(place == UNKNOWN_PLACE),
    )
    named = rows.product >= 0

    def by_product(values: Floats) -> Floats:
        return np.maximum(0.0, np.bincount(rows.product[named], values[named], count))

    return Purchases(
        by_product(rows.total_yuan),
        by_product(rows.local_yuan),
        by_product(rows.unknown_yuan),
        np.bincount(product[product >= 0], minlength=count).astype(np.int64),
        rows,
    )


def _divisions(keys: pd.Series[str], makers: pd.Series[str], codes: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give the divisions of firms (k keys), as makers, else by their credit codes (k)."""
    divisions = makers.to_dict()
    named = pa.array([divisions.get(key) for key in keys], pa.string(), from_pandas=True)
    return pc.coalesce(pa.chunked_array([named]), registered_in(codes).cast(pa.string()))
