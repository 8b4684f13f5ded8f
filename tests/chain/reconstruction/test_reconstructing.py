from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from gaoyuan.chain.reconstruction import reconstruct
from gaoyuan.errors import InputError, NotFound, StepMissing
from gaoyuan.workspace import Workspace, create_workspace, open_workspace


@pytest.fixture
def workspace(made_workspace: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(made_workspace.path, tmp_path / "copy")
    return open_workspace(tmp_path / "copy")


def trades(workspace: Workspace) -> pd.DataFrame:
    return workspace.read("estimated_trade").to_pandas().drop(columns="run")


def test_draws_are_marked_seeded_and_spread(workspace: Workspace):
    told = reconstruct(workspace, draws=3, seed=4)
    rows = trades(workspace)
    assert sorted(rows["draw"].unique()) == [0, 1, 2]
    links = rows[rows["seller_id"].notna() & rows["buyer_id"].notna()]
    assert (links["seller_id"] != links["buyer_id"]).all()
    assert not links.duplicated(["draw", "seller_id", "buyer_id"]).any()
    mean, low, high = told.links
    assert low <= mean <= high
    assert links.groupby("draw").size().tolist() == pytest.approx([mean] * 3, rel=0.1)
    sums = links.groupby("draw")["amount_yuan"].sum()
    assert sums.std() > 0
    assert told.sold_yuan == pytest.approx((sums.mean(), sums.min(), sums.max()))
    assert "不是记录" in str(told)
    reconstruct(workspace, draws=2, seed=4)
    again = trades(workspace)
    pd.testing.assert_frame_equal(again, rows[rows["draw"] < 2].reset_index(drop=True))
    reconstruct(workspace, draws=1, seed=5)
    other = trades(workspace)
    assert not other.equals(again[again["draw"] == 0].reset_index(drop=True))


def test_what_a_firm_sells_in_all_is_its_known_revenue(workspace: Workspace):
    told = reconstruct(workspace, draws=2)
    rows = trades(workspace)
    sold = rows[rows["seller_id"].notna()].groupby(["draw", "seller_id"])["amount_yuan"].sum()
    firms = workspace.read("enterprise").to_pandas().set_index("enterprise_id")
    # Wholesale is booked at its margin.
    known = firms[firms["revenue_yuan"].notna() & firms["industry"].notna() & (firms["industry"] != "5171")]
    for draw in (0, 1):
        np.testing.assert_allclose(sold[draw][known.index], known["revenue_yuan"], rtol=1e-5)
    assert told.firms + told.unsectored == 600
    assert told.unsectored == firms["industry"].isna().sum()
    assert 0.3 < told.imputed_share < 0.7


def test_purchases_elsewhere_are_the_leak(workspace: Workspace):
    told = reconstruct(workspace, draws=1)
    rows = trades(workspace)
    bought = rows[rows["buyer_id"].notna()]
    inside = bought.loc[bought["seller_id"].notna(), "amount_yuan"].sum()
    assert inside / bought["amount_yuan"].sum() == pytest.approx(told.regional_share[0], abs=0.01)
    assert told.regional_share[0] < 0.9


def test_the_order_of_firms_does_not_matter(workspace: Workspace):
    reconstruct(workspace, draws=1)
    before = trades(workspace)
    rows = workspace.read("enterprise")
    order = np.random.default_rng(0).permutation(rows.num_rows)
    with workspace.run("import") as run:
        workspace.write("enterprise", rows.take(pa.array(order)), run)
    reconstruct(workspace, draws=1)
    pd.testing.assert_frame_equal(trades(workspace), before)


def test_a_place_has_only_its_own_firms(workspace: Workspace):
    reconstruct(workspace, draws=1, place="370200")
    rows = trades(workspace)
    firms = workspace.read("enterprise").to_pandas().set_index("enterprise_id")
    ids = pd.concat([rows["seller_id"], rows["buyer_id"]]).dropna().unique()
    assert (firms.loc[ids, "prefecture"] == "370200").all()


def test_what_is_missing_is_said_with_how_to_mend_it(workspace: Workspace, tmp_path: Path):
    with pytest.raises(NotFound, match="no table 'x'"):
        reconstruct(workspace, "x")
    with pytest.raises(InputError, match="draws is at least 1"):
        reconstruct(workspace, draws=0)
    empty = create_workspace(tmp_path / "empty")
    with pytest.raises(StepMissing, match="no register yet"):
        reconstruct(empty)
    rows = workspace.read("enterprise")
    with empty.run("import") as run:
        empty.write("enterprise", rows, run)
    with pytest.raises(StepMissing, match="no input-output table"):
        reconstruct(empty)
    assert not empty.has("estimated_trade")
    at = rows.schema.get_field_index("revenue_yuan")
    unknown = rows.set_column(at, rows.schema.field(at), pa.nulls(rows.num_rows, pa.float64()))
    with workspace.run("import") as run:
        workspace.write("enterprise", unknown, run)
    with pytest.raises(InputError, match="revenue of 0 firms"):
        reconstruct(workspace)
    assert not workspace.has("estimated_trade")
