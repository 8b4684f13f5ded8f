"""The local supply rate (本地配套率): how much of what local firms need is bought, or to be had, locally.

It is asked for a product made locally (its inputs), a chain, all local firms together, and one input that they buy.
Where trades are known it is a share of value, else a share of the inputs; see the method page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from gaoyuan.chain.atlas.link_state import UNKNOWN, StateRule, link_states
from gaoyuan.chain.known_chain import Chain, note_inputs, read_chain, replacing_locality
from gaoyuan.chain.makers import LOCAL, UNKNOWN_PLACE
from gaoyuan.workspace import SCHEMAS, Workspace

Longs: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Scope: TypeAlias = Literal["all", "chain", "product", "input"]
MeasuredBy: TypeAlias = Literal["trades", "estimated_trades", "products"]

ALL_ZH = "全部"


@dataclass(frozen=True, slots=True)
class SupplyRates:
    """Local supply rates with their bounds (k each), as shares of 1, NaN where nothing is known or needed.

    `rate` is that of what is known; `low` and `high` are the rate if all that is unknown were not local, or were.
    `local`, `known` and `total` are what they come from (yuan, or inputs); `coverage` is known over total.
    """

    rate: Floats
    low: Floats
    high: Floats
    local: Floats
    known: Floats
    total: Floats
    coverage: Floats


def local_supply_rate(local: npt.ArrayLike, unknown: npt.ArrayLike, total: npt.ArrayLike) -> SupplyRates:
    """Give the local supply rate (本地配套率) of k wholes: what is local, what is not known to be or not, and all.

    Amounts may be net of returns: a total below 0 counts as 0, and no part counts for more than the whole.

    Source: 本地配套率 as development plans of clusters use it, local purchases over all purchases.

    >>> found = local_supply_rate([60.0], [20.0], [100.0])
    >>> found.rate.tolist(), found.low.tolist(), found.high.tolist(), found.coverage.tolist()
    ([0.75], [0.6], [0.8], [0.8])
    """
    whole = np.maximum(0.0, np.asarray(total, dtype=np.float64))
    own = np.clip(np.asarray(local, dtype=np.float64), 0.0, whole)
    open_part = np.clip(np.asarray(unknown, dtype=np.float64), 0.0, whole - own)
    known = whole - open_part

    def over(part: Floats, of: Floats) -> Floats:
        return np.where(of > 0, part / np.where(of > 0, of, 1.0), np.nan)

    return SupplyRates(
        rate=over(own, known),
        low=over(own, whole),
        high=over(own + open_part, whole),
        local=own,
        known=known,
        total=whole,
        coverage=over(known, whole),
    )


def rates_by_products(chain: Chain, states: npt.NDArray[np.int8], group: Longs, groups: int) -> SupplyRates:
    """Give for each group of products the share of its inputs that at least one local firm is known to make.

    `group` (n) says which group each product is of, −1 none. The inputs are those of the products of the group that
    local firms make; each counts once. One without a known local maker is unknown where its state (n, of `link_states`)
    is, and where it has makers of which it is not known where they are; else it is not to be had locally.
    """
    graph = chain.graph
    own = graph.of_edges()
    used = (chain.makers.count(LOCAL)[own] > 0) & (group[own] >= 0)
    pairs = np.unique(group[own[used]] * graph.products + graph.inputs[used])
    of, needed = pairs // graph.products, pairs % graph.products
    local = chain.makers.count(LOCAL)[needed] > 0
    unknown = ~local & ((states[needed] == UNKNOWN) | (chain.makers.count(UNKNOWN_PLACE)[needed] > 0))
    return local_supply_rate(
        np.bincount(of, local, groups), np.bincount(of, unknown, groups), np.bincount(of, minlength=groups)
    )


def rates_by_trades(chain: Chain, group: Longs, groups: int) -> SupplyRates:
    """Give for each group of products the share of value that its local makers buy locally.

    `group` (n) says which group each product is of, −1 none. What counts is what a local maker of a product of the
    group buys of an input of that product; a purchase that serves several of its products counts for each, but once
    within a group. Sellers of which it is not known where they are count as unknown.
    """
    graph, rows = chain.graph, chain.purchases.rows
    product, firm = _local_makes(chain)
    bought = pd.DataFrame({"firm": rows.buyer, "row": np.arange(rows.buyer.size), "input": rows.product})
    bought = bought[(rows.buyer >= 0) & (rows.product >= 0)]
    joined = bought.merge(pd.DataFrame({"firm": firm, "product": product}), on="firm")
    edges = graph.of_edges().astype(np.int64) * graph.products + graph.inputs
    key = joined["product"].to_numpy(np.int64) * graph.products + joined["input"].to_numpy(np.int64)
    of = group[joined["product"].to_numpy(np.int64)]
    serves = np.isin(key, edges) & (of >= 0)
    count = max(rows.buyer.size, 1)
    pairs = np.unique(of[serves] * count + joined["row"].to_numpy(np.int64)[serves])
    of, row = pairs // count, pairs % count
    return local_supply_rate(
        np.bincount(of, rows.local_yuan[row], groups),
        np.bincount(of, rows.unknown_yuan[row], groups),
        np.bincount(of, rows.total_yuan[row], groups),
    )


def supply_rates(workspace: Workspace, place: str | None = None, rule: StateRule | None = None) -> pa.Table:
    """Measure the local supply rate of a locality (see `locality`) into the table `supply_rate`, and give its rows.

    One row for all together, one a chain and one a product that local firms make: by trades where some are known, else
    by products. One a product that local firms bought (scope `input`). Where no trade is known but trades have been
    estimated, further rows say what the estimates give: mean, lowest and highest of the draws; of purchases from
    outside the register they know nothing, so their coverage is null, and where all of it is local there are none.

    Raises as `read_chain`.
    """
    with workspace.run("supply", {"place": place}) as run:
        note_inputs(workspace, run, "estimated_trade")
        chain = read_chain(workspace, place)
        rows = _measured(workspace, chain, rule)
        workspace.write("supply_rate", rows, run, replacing=replacing_locality(workspace, "supply_rate", chain))
    return rows


def _measured(workspace: Workspace, chain: Chain, rule: StateRule | None) -> pa.Table:
    states = link_states(chain, rule)
    products = chain.graph.products
    made = chain.makers.count(LOCAL) > 0
    names, chains = _chains(chain)
    ids = chain.products["product"].to_pylist()
    titles = chain.products["product_name"].to_pylist()
    scopes: list[tuple[Scope, Longs, list[str | None], list[str | None]]] = [
        ("all", np.zeros(products, np.int64), [None], [ALL_ZH]),
        ("chain", chains, [None] * len(names), list(names)),
        ("product", np.where(made, np.arange(products), -1), ids, titles),
    ]
    bought = chain.purchases
    parts: list[pd.DataFrame] = []
    for scope, group, own_ids, own_names in scopes:
        if scope == "all":
            every = bought.rows
            traded = local_supply_rate(
                *([values.sum()] for values in (every.local_yuan, every.unknown_yuan, every.total_yuan))
            )
        else:
            traded = rates_by_trades(chain, group, len(own_ids))
        counted = rates_by_products(chain, states, group, len(own_ids))
        by_trades = traded.total > 0
        parts.append(_frame(scope, own_ids, own_names, "trades", traded, by_trades))
        parts.append(_frame(scope, own_ids, own_names, "products", counted, ~by_trades & (counted.total > 0)))
        if not bought.rows.total_yuan.size and workspace.has("estimated_trade"):
            parts.append(_estimated(workspace, chain, scope, group, own_ids, own_names))
    of_input = local_supply_rate(bought.local_yuan, bought.unknown_yuan, bought.total_yuan)
    parts.append(_frame("input", ids, titles, "trades", of_input, of_input.total > 0))
    frame = pd.concat(parts, ignore_index=True)
    frame["locality"] = chain.locality.name
    order = frame["scope"].map({"all": 0, "chain": 1, "product": 2, "input": 3})
    frame = frame.assign(order=order).sort_values(["order", "product", "scope_name", "measured_by"], kind="stable")
    schema = pa.schema([field for field in SCHEMAS["supply_rate"].arrow if field.name != "run"])
    return pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)


def _frame(
    scope: Scope,
    ids: list[str | None],
    names: list[str | None],
    measured_by: MeasuredBy,
    rates: SupplyRates,
    shown: npt.NDArray[np.bool_],
) -> pd.DataFrame:
    at = np.flatnonzero(shown)
    frame = pd.DataFrame(
        {
            "scope": pd.Series([scope] * at.size, dtype=object),
            "product": pd.Series([ids[place] for place in at], dtype=object),
            "scope_name": pd.Series([names[place] for place in at], dtype=object),
            "measured_by": pd.Series([measured_by] * at.size, dtype=object),
        }
    )
    for name in ("rate", "low", "high", "local", "known", "total", "coverage"):
        frame[name] = getattr(rates, name)[at]
    return frame


def _estimated(
    workspace: Workspace,
    chain: Chain,
    scope: Scope,
    group: Longs,
    ids: list[str | None],
    names: list[str | None],
) -> pd.DataFrame:
    """Give the rate of each group over the draws of estimated trades: all that the group's local makers buy, and for
    all together what all local firms do; a purchase without a seller is one from outside the register. No product is
    known.
    """
    table = workspace.read("estimated_trade", ["draw", "seller_id", "buyer_id", "amount_yuan"])
    table = table.filter(pa.array(chain.locality.holds(table["buyer_id"].combine_chunks())))
    local = chain.locality.holds(table["seller_id"].combine_chunks())
    unknown = chain.locality.unknown(table["seller_id"].combine_chunks())
    amount, draws = np.nan_to_num(table["amount_yuan"].to_numpy()), table["draw"].to_numpy()
    sums = pd.DataFrame(
        {
            "draw": draws,
            "buyer": table["buyer_id"].to_pandas(),
            "local": amount * local,
            "unknown": amount * unknown,
            "total": amount,
        }
    )
    sums = sums.groupby(["draw", "buyer"], as_index=False, sort=True).sum()
    if scope == "all":
        sums["group"] = 0
    else:
        product, firm = _local_makes(chain)
        own = chain.firms["enterprise_id"].to_pandas().to_numpy()[firm]
        of = pd.DataFrame({"buyer": own, "group": group[product]})
        of = of[of["buyer"].notna() & (of["group"] >= 0)].drop_duplicates()
        sums = sums.merge(of, on="buyer")
    by_draw = sums.groupby(["group", "draw"], as_index=False)[["local", "unknown", "total"]].sum()
    drawn = local_supply_rate(by_draw["local"], by_draw["unknown"], by_draw["total"])
    by_draw["rate"], by_draw["known"] = drawn.rate, drawn.known
    over = by_draw.groupby("group").agg(
        rate=("rate", "mean"),
        low=("rate", "min"),
        high=("rate", "max"),
        local=("local", "mean"),
        known=("known", "mean"),
        total=("total", "mean"),
    )
    at = over.index.to_numpy(np.int64)
    frame = pd.DataFrame(
        {
            "scope": pd.Series([scope] * at.size, dtype=object),
            "product": pd.Series([ids[place] for place in at], dtype=object),
            "scope_name": pd.Series([names[place] for place in at], dtype=object),
            "measured_by": pd.Series(["estimated_trades"] * at.size, dtype=object),
        }
    )
    for name in over.columns:
        frame[name] = over[name].to_numpy()
    frame["coverage"] = np.nan
    return frame


def _local_makes(chain: Chain) -> tuple[Longs, Longs]:
    """Give the product and the maker of each row of the makers that are local."""
    held = chain.makers
    product = np.repeat(np.arange(chain.graph.products), np.diff(held.start))
    local = held.place[held.firm] == LOCAL
    return product[local], held.firm[local].astype(np.int64)


def _chains(chain: Chain) -> tuple[list[str], Longs]:
    """Give the names of the chains, in order, and which one each product (n) is of, −1 where that is unknown."""
    codes, names = pd.factorize(chain.products["chain"].to_pandas(), sort=True)
    return [str(name) for name in names], codes.astype(np.int64)
