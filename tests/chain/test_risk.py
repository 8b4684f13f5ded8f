from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from gaoyuan.chain.risk import RISK_TOLERANCE, firm_risk, shock
from gaoyuan.errors import InputError, NotFound
from gaoyuan.workspace import SCHEMAS, Workspace, create_workspace

FIRMS = {"A": "3110", "B": "3484", "C": "3711", "D": "3110"}
LINKS = [("A", "B", 60.0), ("D", "B", 20.0), ("B", "C", 90.0)]
"""Two makers of steel sell to a maker of parts, and that one to the maker of trains, which sells to final users."""


def write(workspace: Workspace, table: str, rows: list[dict[str, Any]]) -> None:
    with workspace.run("import") as run:
        workspace.write(table, pa.Table.from_pylist(rows, schema=SCHEMAS[table].arrow), run)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = create_workspace(tmp_path / "workspace")
    revenue = {"A": 100.0, "B": 100.0, "C": 200.0, "D": 100.0}
    places = {"A": "370202", "B": "370202", "C": "370703", "D": "370703"}
    write(
        workspace,
        "enterprise",
        [
            {"enterprise_id": name, "uscc": f"U{name}", "name": f"{name}厂", "industry": industry,
             "revenue_yuan": revenue[name], "county": places[name], "prefecture": places[name][:4] + "00"}
            for name, industry in FIRMS.items()
        ],
    )  # fmt: skip
    write(
        workspace,
        "trade",
        [
            {"seller_id": seller, "seller_uscc": f"U{seller}", "seller": f"{seller}厂", "buyer_id": buyer,
             "buyer_uscc": f"U{buyer}", "buyer": f"{buyer}厂", "amount_yuan": yuan, "date": dt.date(2025, 5, 1)}
            for seller, buyer, yuan in LINKS
        ],
    )  # fmt: skip
    return workspace


def estimate(workspace: Workspace, factors: tuple[float, ...]) -> None:
    rows: list[dict[str, Any]] = []
    for draw, factor in enumerate(factors):
        for seller, buyer, yuan in LINKS:
            rows.append(
                {"draw": draw, "seller_id": seller, "buyer_id": buyer, "seller_sector": FIRMS[seller],
                 "buyer_sector": FIRMS[buyer], "amount_yuan": yuan * factor if seller == "A" else yuan}
            )  # fmt: skip
        rows.append({"draw": draw, "seller_id": "C", "seller_sector": FIRMS["C"], "amount_yuan": 200.0})
    write(workspace, "estimated_trade", rows)


def losses(table: pa.Table) -> dict[str, float]:
    return dict(zip(table["enterprise_id"].to_pylist(), table["loss"].to_pylist(), strict=True))


def test_the_risk_of_every_firm_is_what_is_lost_of_all_revenue(workspace: Workspace):
    rows = firm_risk(workspace).to_pylist()
    risk = {row["enterprise_id"]: row for row in rows}
    assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)
    # Nobody else makes parts: with B stands C (200), and A and D lose what they sell to B: 60 and 20.
    assert risk["B"]["esri"] == pytest.approx((100 + 200 + 60 + 20) / 500, abs=RISK_TOLERANCE)
    assert risk["B"]["rank"] == 1
    # C buys 90 of what B sells in 100, and B 60 and 20 of what A and D sell in 100.
    assert risk["C"]["esri"] == pytest.approx((200 + 90 + 0.9 * 80) / 500, abs=RISK_TOLERANCE)
    assert {row["network"] for row in rows} == {"trades"}
    for row in rows:
        assert row["low"] == row["esri"] == row["high"]
        assert 0 <= row["error_bound"] <= RISK_TOLERANCE
    assert workspace.read("firm_risk").num_rows == 4


def test_the_risk_on_estimates_has_the_spread_of_its_draws(workspace: Workspace):
    estimate(workspace, (1.0, 0.5, 2.0))
    rows = firm_risk(workspace, estimated=True).to_pylist()
    assert {row["network"] for row in rows} == {"estimated_trades"}
    assert len(rows) == 4
    for row in rows:
        assert row["low"] <= row["esri"] <= row["high"]
    (first,) = [row for row in rows if row["enterprise_id"] == "A"]
    assert first["low"] < first["high"]


def test_a_whole_failure_is_what_the_risk_of_the_firm_says(workspace: Workspace):
    lost = shock(workspace, {"B": 1.0})
    risk = {row["enterprise_id"]: row["esri"] for row in firm_risk(workspace).to_pylist()}
    assert lost.esri == pytest.approx(risk["B"], abs=RISK_TOLERANCE)
    assert losses(lost.firms) == pytest.approx({"A": 0.6, "B": 1.0, "C": 1.0, "D": 0.2})
    assert lost.lost_yuan == pytest.approx(380.0)
    assert lost.firms["loss_yuan"].to_pylist() == sorted(lost.firms["loss_yuan"].to_pylist(), reverse=True)
    assert (lost.low, lost.high, lost.draws, lost.shocked) == (lost.esri, lost.esri, 1, 1)
    assert "1 家企业受创" in str(lost)


def test_a_larger_shock_never_loses_less(workspace: Workspace):
    parts = [shock(workspace, {"B": share}) for share in (0.0, 0.3, 0.6, 1.0)]
    assert [part.esri for part in parts] == sorted(part.esri for part in parts)
    assert parts[0].esri == 0
    both = losses(shock(workspace, {"A": 0.5, "B": 0.3}).firms)
    assert all(both[name] >= loss - 1e-9 for name, loss in losses(parts[1].firms).items())


def test_firms_are_named_by_id_code_or_name_and_a_park_is_all_of_its_firms(workspace: Workspace):
    by = [losses(shock(workspace, {name: 1.0}).firms) for name in ("B", "UB", "B厂")]
    assert by[0] == by[1] == by[2]
    park = shock(workspace, {}, park="370202", share=0.5)
    alone = shock(workspace, {"A": 0.5, "B": 0.5})
    assert losses(park.firms) == losses(alone.firms)
    assert park.shocked == 2
    # A firm of the park that is named as well loses the larger share.
    assert losses(shock(workspace, {"A": 1.0}, park="370202", share=0.5).firms)["A"] == 1.0


def test_a_shock_on_estimates_has_the_spread_of_its_draws(workspace: Workspace):
    estimate(workspace, (1.0, 0.5))
    lost = shock(workspace, {"A": 1.0}, estimated=True)
    assert lost.draws == 2
    assert lost.low < lost.esri < lost.high
    for row in lost.firms.to_pylist():
        assert row["low"] <= row["loss"] <= row["high"]
    assert "估计" in str(lost)


def test_no_order_of_rows_and_no_unit_of_money_matters(workspace: Workspace):
    before = firm_risk(workspace).drop_columns("esri_up")
    rows = workspace.read("trade").to_pylist()[::-1]
    write(workspace, "trade", [row | {"amount_yuan": row["amount_yuan"] * 1e4} for row in rows])
    firms = workspace.read("enterprise").to_pylist()[::-1]
    write(workspace, "enterprise", [row | {"revenue_yuan": row["revenue_yuan"] * 1e4} for row in firms])
    after = firm_risk(workspace)
    assert after["enterprise_id"].to_pylist() == before["enterprise_id"].to_pylist()
    np.testing.assert_allclose(after["esri"].to_numpy(), before["esri"].to_numpy(), atol=1e-9)


def test_an_empty_network_has_no_risk(workspace: Workspace):
    write(workspace, "trade", [])
    assert firm_risk(workspace).num_rows == 0


@pytest.mark.parametrize(
    ("firms", "options", "error", "said"),
    [
        ({}, {}, InputError, "nothing is shocked"),
        ({"B": 1.5}, {}, InputError, "1.5 is no share"),
        ({}, {"park": "370202", "share": -0.1}, InputError, "-0.1 is no share"),
        ({"Z": 1.0}, {}, NotFound, "no firm 'Z' in the network"),
        ({}, {"park": "130628"}, NotFound, "no firm of 130628"),
    ],
)
def test_a_shock_that_cannot_be_is_refused(
    workspace: Workspace, firms: dict[str, float], options: dict[str, Any], error: type[InputError], said: str
):
    with pytest.raises(error, match=said):
        shock(workspace, firms, **options)


def test_a_name_of_several_firms_is_refused_with_their_codes(workspace: Workspace):
    rows = workspace.read("trade").to_pylist()
    write(workspace, "trade", [row | {"seller": "同名厂"} if row["seller_id"] in "AD" else row for row in rows])
    with pytest.raises(InputError, match="2 firms are called '同名厂'") as refused:
        shock(workspace, {"同名厂": 1.0})
    assert "UA, UD" in (refused.value.mend or "")
