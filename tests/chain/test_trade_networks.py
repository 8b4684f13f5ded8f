from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from gaoyuan.chain.trade_networks import TradeNetwork, read_networks
from gaoyuan.errors import StepMissing
from gaoyuan.workspace import SCHEMAS, Workspace, create_workspace


def write(workspace: Workspace, table: str, *rows: dict[str, Any]) -> None:
    with workspace.run("import") as run:
        workspace.write(table, pa.Table.from_pylist(list(rows), schema=SCHEMAS[table].arrow), run)


def firm(number: str, industry: str | None, revenue: float | None = None) -> dict[str, Any]:
    return {"enterprise_id": number, "name": f"{number}厂", "industry": industry, "revenue_yuan": revenue}


def sale(seller: str, buyer: str, yuan: float | None, day: str = "2025-03-01", product: str = "p") -> dict[str, Any]:
    """A sale of firms of the register; a name that begins with * is of a firm that it has not."""
    row: dict[str, Any] = {"amount_yuan": yuan, "date": dt.date.fromisoformat(day), "product": product}
    for side, name in (("seller", seller), ("buyer", buyer)):
        row[side] = name
        row[f"{side}_id"] = None if name.startswith("*") else name
    return row


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = create_workspace(tmp_path / "workspace")
    write(workspace, "enterprise", firm("A", "3110", 5e6), firm("B", "3711"), firm("C", None, 10.0))
    return workspace


def links(network: TradeNetwork) -> dict[tuple[str, str], float]:
    keys = network.firms["name"].tolist()
    pairs = zip(network.supplier, network.buyer, network.value, strict=True)
    return {(keys[seller], keys[buyer]): float(value) for seller, buyer, value in pairs}


def test_sales_of_the_same_firms_add_up_net_of_returns_and_nobody_sells_to_itself(workspace: Workspace):
    write(
        workspace,
        "trade",
        sale("A", "B", 100.0),
        sale("A", "B", -30.0),
        sale("B", "A", 5.0),
        sale("B", "A", -9.0),
        sale("A", "A", 50.0),
        sale("A", "C", None),
        sale("*X", "B", 7.0),
    )
    (network,) = read_networks(workspace)
    assert links(network) == {("A", "B"): 70.0, ("*X", "B"): 7.0}
    assert network.firms["enterprise_id"].isna().sum() == 1


def test_amounts_are_those_of_a_year(workspace: Workspace):
    write(workspace, "trade", sale("A", "B", 100.0, "2024-01-01"), sale("A", "B", 100.0, "2025-12-31"))
    (network,) = read_networks(workspace)
    assert links(network)["A", "B"] == pytest.approx(100.0, rel=0.001)


def test_revenue_is_that_of_the_register_unless_more_is_sold(workspace: Workspace):
    write(workspace, "trade", sale("A", "B", 100.0), sale("C", "B", 40.0), sale("B", "*X", 60.0))
    (network,) = read_networks(workspace)
    revenue = dict(zip(network.firms["name"], network.revenue, strict=True))
    # B is not known and buys 140 and sells 60; C sells 40 and not 10; the firm outside buys 60.
    assert revenue == {"A": 5e6, "B": 140.0, "C": 40.0, "*X": 60.0}
    assert network.costs is None


def test_a_firm_of_unknown_industry_is_of_that_of_what_it_sells_most(workspace: Workspace):
    write(workspace, "product", {"product": "p", "industry": "3484"}, {"product": "q", "industry": "6513"})
    write(
        workspace,
        "trade",
        sale("C", "A", 10.0, product="q"),
        sale("C", "B", 90.0),
        sale("*X", "A", 1.0, product="r"),
        sale("*Y", "A", 1.0, product="q"),
    )
    (network,) = read_networks(workspace)
    at = {name: place for place, name in enumerate(network.firms["name"])}
    sector = {name: int(network.sector[place]) for name, place in at.items()}
    assert len(set(sector.values())) == 5
    essential = network.essential
    assert essential[sector["C"], sector["B"]] == 2
    assert essential[sector["*Y"], sector["B"]] == 1
    assert essential[sector["*X"], sector["B"]] == 1


def test_what_a_product_needs_says_what_is_essential(workspace: Workspace):
    write(workspace, "product", {"product": "steel", "industry": "3110"}, {"product": "train", "industry": "3711"})
    write(workspace, "uses", {"product": "train", "input": "steel", "essential": False})
    write(workspace, "trade", sale("A", "B", 10.0))
    (network,) = read_networks(workspace)
    assert network.essential[network.sector[0], network.sector[1]] == 1


def test_estimates_give_a_network_for_each_draw_with_what_is_traded_elsewhere(workspace: Workspace):
    def row(draw: int, seller: str | None, buyer: str | None, yuan: float) -> dict[str, Any]:
        sector = {"A": "31", "B": "37", None: None}
        return {
            "draw": draw, "seller_id": seller, "buyer_id": buyer, "amount_yuan": yuan,
            "seller_sector": sector[seller], "buyer_sector": sector[buyer],
        }  # fmt: skip

    write(
        workspace,
        "estimated_trade",
        row(0, "A", "B", 10.0),
        row(0, None, "B", 30.0),
        row(0, "B", None, 90.0),
        row(1, "A", "B", 20.0),
        row(1, "A", None, 5.0),
    )
    first, second = read_networks(workspace, estimated=True)
    assert first.firms["enterprise_id"].tolist() == ["A", "B"]
    assert (first.value.tolist(), second.value.tolist()) == ([10.0], [20.0])
    assert first.revenue.tolist() == [10.0, 90.0]
    assert first.costs is not None
    assert first.costs.tolist() == [0.0, 40.0]
    assert second.revenue.tolist() == [25.0, 0.0]
    assert first.essential[first.sector[0], first.sector[1]] == 2


def test_without_trades_or_estimates_it_is_said_what_to_do(workspace: Workspace):
    with pytest.raises(StepMissing, match="no trades") as missing:
        read_networks(workspace)
    assert "import" in (missing.value.mend or "")
    with pytest.raises(StepMissing, match="estimated yet"):
        read_networks(workspace, estimated=True)
