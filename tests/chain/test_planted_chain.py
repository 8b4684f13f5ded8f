from __future__ import annotations

import math
import shutil

import pyarrow as pa
import pytest

from gaoyuan.chain.gaps import gaps
from gaoyuan.chain.planted_chain import planted_chain
from gaoyuan.chain.sourcing.sourced_bill import SourcedBill, source_bill
from gaoyuan.errors import StepMissing
from gaoyuan.registry.chain_files import LIST_KINDS, import_list
from gaoyuan.workspace import SCHEMAS, Workspace, open_workspace


@pytest.fixture(scope="module")
def province(sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample province with its chain imported and its gaps found. Read it only."""
    workspace = open_workspace(shutil.copytree(sample_workspace.path, tmp_path_factory.mktemp("province") / "ws"))
    for kind in LIST_KINDS.values():
        import_list(workspace, [workspace.path / "sample" / f"sample-{kind.kind}.csv"], kind)
    gaps(workspace)
    return workspace


@pytest.fixture(scope="module")
def sourced(province: Workspace) -> SourcedBill:
    """The plan for the locomotive."""
    return source_bill(province, province.path / "sample" / "sample-bom.xlsx", gap=0.01)


def test_all_that_is_planted_is_found_and_nothing_else_of_its_kind(province: Workspace, sourced: SourcedBill):
    found = planted_chain(province, sourced)
    assert {link.product_name: link.state for link in found.links} == {
        "支撑电容": "missing",
        "闸片": "missing",
        "叠层母排": "missing",
        "功率模块": "single_source",
    }
    assert all(link.rank is not None and link.rank <= 6 for link in found.links)
    assert found.others == ()
    assert [line.found for line in found.lines] == [True, True, True]
    assert found.all_found
    assert found.bill_gap <= 0.01
    assert "缺失环节 missing links 3/3" in str(found)
    assert "2,400 行 lines" in str(found)
    assert "植入行 planted lines 3/3" in str(found)


def test_without_a_plan_the_bill_is_not_spoken_of(province: Workspace):
    found = planted_chain(province)
    assert found.all_found
    assert found.lines == ()
    assert math.isnan(found.bill_gap)
    assert "物料清单" not in str(found)


def test_a_link_in_another_state_is_not_found_and_one_that_was_not_planted_is_told(
    province: Workspace, sourced: SourcedBill, tmp_path_factory: pytest.TempPathFactory
):
    workspace = open_workspace(shutil.copytree(province.path, tmp_path_factory.mktemp("changed") / "ws"))
    rows = workspace.read("chain_gap").to_pylist()
    for row in rows:
        row["state"] = {"支撑电容": "weak", "光刻胶": "missing"}.get(row["product_name"], row["state"])
    with workspace.run("gaps") as run:
        schema = pa.schema([field for field in SCHEMAS["chain_gap"].arrow if field.name != "run"])
        workspace.write("chain_gap", pa.Table.from_pylist(rows, schema=schema), run)
    found = planted_chain(workspace)
    assert [link.product_name for link in found.links if not link.found] == ["支撑电容"]
    assert found.others == ("光刻胶",)
    assert not found.all_found


def test_the_rank_of_the_only_maker_by_systemic_risk_is_told_where_it_was_measured(
    province: Workspace, tmp_path_factory: pytest.TempPathFactory
):
    workspace = open_workspace(shutil.copytree(province.path, tmp_path_factory.mktemp("risk") / "ws"))
    assert planted_chain(workspace).firm_rank is None
    makes = workspace.read("makes", ["enterprise_id", "product"]).to_pylist()
    (only,) = [row["enterprise_id"] for row in makes if row["product"] == "B13" and row["enterprise_id"]]
    with workspace.run("risk") as run:
        schema = pa.schema([field for field in SCHEMAS["firm_risk"].arrow if field.name != "run"])
        rows = [{"rank": 1, "enterprise_id": "other"}, {"rank": 2, "enterprise_id": only}]
        table = pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema=schema)
        workspace.write("firm_risk", table, run)
    assert planted_chain(workspace).firm_rank == 2


def test_without_gaps_the_step_that_is_missing_is_named(sample_workspace: Workspace):
    with pytest.raises(StepMissing):
        planted_chain(sample_workspace)
