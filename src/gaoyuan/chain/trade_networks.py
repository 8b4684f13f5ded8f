"""The networks of who sells to whom: one of the known trades of a workspace, or one for each draw of estimated ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from gaoyuan.chain.essential_inputs import essential_inputs
from gaoyuan.chain.purchases import firm_keys
from gaoyuan.codes import industries
from gaoyuan.errors import StepMissing
from gaoyuan.registry.chain_files import match_chain
from gaoyuan.workspace import Workspace

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
NetworkKind: TypeAlias = Literal["trades", "estimated_trades"]

_DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class TradeNetwork:
    """Firms (n) and what they sell each other in a year (m links, in yuan, no two of the same firms).

    `firms` has the columns key, enterprise_id (null for a firm that the register has not), uscc and name, sorted by
    key. `sector` (n) is a row of `essential` (s, s). `revenue` (n) is what a firm sells in all and `costs` (n) what it
    buys in all, elsewhere as well; None where that is not known.
    """

    firms: pd.DataFrame
    supplier: Ints
    buyer: Ints
    value: Floats
    sector: Ints
    essential: npt.NDArray[np.int8]
    revenue: Floats
    costs: Floats | None


def read_networks(workspace: Workspace, *, estimated: bool = False) -> Iterator[TradeNetwork]:
    """Give the network of the known trades, or those of the draws of estimated ones.

    Known: sales of the same two firms are added up, returns taken off, sales of a firm to itself and those of unknown
    amount left out, and all divided by the years that they span. A firm's sector is its industry, or that of what it
    sells most of where the register has none. Its revenue is that of the register, or what it sells or buys where that
    is more or the register has none.

    Estimated: sectors are those of the input-output table; revenue and costs are those of the draw.

    Raises StepMissing where there are no trades, or no estimates.
    """
    if estimated:
        if not workspace.has("estimated_trade"):
            raise StepMissing(
                "no trades have been estimated yet",
                where=str(workspace.path),
                mend=f"Estimate them first: gaoyuan chain {workspace.path} reconstruct",
                zh="尚未估计企业间交易",
                mend_zh=f"先运行：gaoyuan chain {workspace.path} reconstruct",
            )
        return _estimated(workspace)
    if not workspace.has("trade"):
        raise StepMissing(
            "the workspace has no trades",
            where=str(workspace.path),
            mend=f"Import them: gaoyuan import {workspace.path} trades FILE; or estimate them (chain reconstruct) and "
            "add --estimated.",
            zh="工作区没有交易数据",
            mend_zh=f"导入交易：gaoyuan import {workspace.path} trades FILE；"
            "或先估计（chain reconstruct），再加 --estimated",
        )
    match_chain(workspace)
    return iter([_known(workspace)])


def _known(workspace: Workspace) -> TradeNetwork:
    trade = workspace.read("trade")
    sides = {
        side: pd.DataFrame(
            {
                "key": firm_keys(trade[f"{side}_id"], trade[f"{side}_uscc"], trade[side]),
                "enterprise_id": trade[f"{side}_id"].to_pandas(),
                "uscc": trade[f"{side}_uscc"].to_pandas(),
                "name": trade[side].to_pandas(),
            }
        )
        for side in ("seller", "buyer")
    }
    every = pd.concat(sides.values(), ignore_index=True).sort_values(["key", "name", "uscc"], kind="stable")
    firms = every.drop_duplicates("key", ignore_index=True)
    keys = pd.Index(firms["key"])
    links = pd.DataFrame(
        {
            "supplier": keys.get_indexer(pd.Index(sides["seller"]["key"])),
            "buyer": keys.get_indexer(pd.Index(sides["buyer"]["key"])),
            "product": trade["product"].to_pandas(),
            "value": trade["amount_yuan"].to_numpy(),
        }
    )
    links["value"] /= _years(trade)
    links = links[links["value"].notna() & (links["supplier"] != links["buyer"])]
    pairs = links.groupby(["supplier", "buyer"], as_index=False, sort=True)["value"].sum()
    pairs = pairs[pairs["value"] > 0]
    supplier, buyer = pairs["supplier"].to_numpy(np.int64), pairs["buyer"].to_numpy(np.int64)
    value = pairs["value"].to_numpy(np.float64)
    count = len(firms)
    register = _register(workspace).reindex(firms["enterprise_id"])
    industry = register["industry"].to_numpy(object)
    sold = _most_sold(workspace, links, count)
    industry = np.where(pd.isna(industry), sold, industry)
    sector, labels = pd.factorize(pd.Series(industry, dtype=object), sort=True, use_na_sentinel=True)
    sector = np.where(sector < 0, len(labels), sector).astype(np.int64)
    members = [[str(label)] for label in labels] + [[]]
    given = register["revenue_yuan"].to_numpy(np.float64, na_value=np.nan)
    sells = np.bincount(supplier, weights=value, minlength=count)
    buys = np.bincount(buyer, weights=value, minlength=count)
    revenue = np.where(given >= sells, given, np.maximum(sells, buys))
    essential = essential_inputs(members, _needs(workspace))
    return TradeNetwork(firms, supplier, buyer, value, sector, essential, revenue, None)


def _years(trade: pa.Table) -> float:
    """Give how many years trades span, at least one."""
    dates = trade["date"].to_pandas().dropna()
    if not len(dates):
        return 1.0
    return max(1.0, ((max(dates) - min(dates)).days + 1) / _DAYS_A_YEAR)


def _most_sold(workspace: Workspace, links: pd.DataFrame, count: int) -> npt.NDArray[np.object_]:
    """Give the industry of the product that each firm (n) sells most of, None where that is not known."""
    found = np.full(count, None, dtype=object)
    if not workspace.has("product"):
        return found
    products = workspace.read("product", ["product", "industry"]).to_pandas()
    of_product = products.dropna().drop_duplicates("product").set_index("product")["industry"]
    of_product = of_product[of_product.isin(list(industries()))]
    sales = links.assign(industry=links["product"].map(of_product)).dropna(subset=["industry"])
    sums = sales.groupby(["supplier", "industry"])["value"].sum().reset_index()
    sums = sums.sort_values(["supplier", "industry"], kind="stable")
    sums = sums.sort_values("value", ascending=False, kind="stable")
    most = sums.drop_duplicates("supplier")
    found[most["supplier"].to_numpy()] = most["industry"].to_numpy()
    return found


def _needs(workspace: Workspace) -> list[tuple[str, str, bool]]:
    """Give the industries of inputs and of products that need them, where it is known whether they are essential."""
    if not (workspace.has("uses") and workspace.has("product")):
        return []
    products = workspace.read("product", ["product", "industry"]).to_pandas().drop_duplicates("product")
    industry = products.dropna().set_index("product")["industry"]
    uses = workspace.read("uses", ["product", "input", "essential"]).to_pandas().dropna()
    pairs = pd.DataFrame(
        {
            "input": uses["input"].map(industry),
            "product": uses["product"].map(industry),
            "essential": uses["essential"].astype(bool),
        }
    ).dropna()
    said: dict[tuple[str, str], bool] = {}
    for of_input, of_product, essential in pairs.itertuples(index=False, name=None):
        said[of_input, of_product] = said.get((of_input, of_product), False) or bool(essential)
    return [(*pair, essential) for pair, essential in sorted(said.items())]


def _register(workspace: Workspace) -> pd.DataFrame:
    columns = ["enterprise_id", "uscc", "name", "industry", "revenue_yuan"]
    if not workspace.has("enterprise"):
        return pd.DataFrame(columns=columns[1:], index=pd.Index([], name="enterprise_id"))
    rows = workspace.read("enterprise", columns).to_pandas()
    return rows.drop_duplicates("enterprise_id").set_index("enterprise_id")


def _estimated(workspace: Workspace) -> Iterator[TradeNetwork]:
    table = workspace.table("estimated_trade")
    draws = sorted(workspace.to_arrow(table.select("draw").distinct())["draw"].to_pylist())
    register, needs = _register(workspace), _needs(workspace)
    for draw in draws:
        rows = workspace.to_arrow(table.filter(table.draw == draw)).to_pandas()
        rows = rows.sort_values(["seller_id", "buyer_id"], kind="stable")
        yield _of_draw(register, needs, rows)


def _of_draw(register: pd.DataFrame, needs: list[tuple[str, str, bool]], rows: pd.DataFrame) -> TradeNetwork:
    sides = [
        rows[[f"{side}_id", f"{side}_sector"]].set_axis(["enterprise_id", "sector"], axis=1)
        for side in ("seller", "buyer")
    ]
    firms = pd.concat(sides).dropna(subset=["enterprise_id"]).drop_duplicates("enterprise_id")
    firms = firms.sort_values("enterprise_id", ignore_index=True)
    held = register.reindex(firms["enterprise_id"])
    firms["key"] = firms["enterprise_id"]
    firms["uscc"], firms["name"] = held["uscc"].to_numpy(), held["name"].to_numpy()
    index = pd.Index(firms["enterprise_id"])
    supplier, buyer = (index.get_indexer(pd.Index(rows[f"{side}_id"])) for side in ("seller", "buyer"))
    amount = rows["amount_yuan"].to_numpy(np.float64)
    sells, buys = supplier >= 0, buyer >= 0
    link = sells & buys
    sector, labels = pd.factorize(firms["sector"], sort=True)
    industry = pd.DataFrame({"sector": sector, "industry": held["industry"].to_numpy(object)}).dropna()
    counts = industry.value_counts(["sector", "industry"], sort=False).reset_index(name="firms")
    counts = counts.sort_values(["sector", "firms", "industry"], ascending=[True, False, True], kind="stable")
    by_sector = counts.groupby("sector")["industry"].agg(list)
    members = [by_sector.get(number, []) for number in range(len(labels))]
    return TradeNetwork(
        firms[["key", "enterprise_id", "uscc", "name"]],
        supplier[link].astype(np.int64),
        buyer[link].astype(np.int64),
        amount[link],
        sector.astype(np.int64),
        essential_inputs(members, needs),
        np.bincount(supplier[sells], weights=amount[sells], minlength=len(firms)).astype(np.float64),
        np.bincount(buyer[buys], weights=amount[buys], minlength=len(firms)).astype(np.float64),
    )
