"""The verbs of the chain as functions; each is tried in depth where it lives."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from gaoyuan.errors import InputError, MappingInvalid, NotFound, OutputUnknown, StepMissing
from gaoyuan.sample.chain_files import ChainFiles
from gaoyuan.steps import chains
from gaoyuan.workspace import Workspace, create_workspace, open_workspace

KINDS = {
    "products": ("product", chains.import_products),
    "uses": ("uses", chains.import_uses),
    "makes": ("makes", chains.import_makes),
    "trades": ("trade", chains.import_trades),
}
IO_TABLE = "代码,01,02,FU1,GO\n01,1,2,3,6\n02,2,1,3,6\n"


@pytest.fixture(scope="module")
def province(demonstrated: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demonstrated province, with a small input-output table. The steps write into it."""
    folder = tmp_path_factory.mktemp("chains")
    workspace = open_workspace(shutil.copytree(demonstrated.path, folder / "ws"))
    (folder / "small.csv").write_text(IO_TABLE, encoding="utf-8")
    (imported,) = chains.import_io_table(workspace, [str(folder / "small.csv")], unit="亿元")
    assert (imported.table, imported.sectors, imported.output_yuan) == ("small", 2, 12e8)
    return workspace


@pytest.fixture(scope="module")
def files(demonstrated: Workspace) -> ChainFiles:
    """The files of the province's chain."""
    folder = demonstrated.path / "sample"
    lists = (folder / f"sample-{kind}.csv" for kind in KINDS)
    return ChainFiles(*lists, bill=folder / "sample-bom.xlsx", lines=800)


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_of_the_chain_is_imported_and_a_dry_run_writes_nothing(tmp_path: Path, files: ChainFiles, kind: str):
    table, bring = KINDS[kind]
    workspace = create_workspace(tmp_path / "w")
    (tried,) = bring(workspace, [str(getattr(files, kind))], dry_run=True)
    assert workspace.tables() == []
    (imported,) = bring(workspace, [getattr(files, kind)])
    assert tried.accepted == imported.accepted == workspace.read(table).num_rows > 0
    assert imported.rejected == 0


def test_a_mapping_names_the_columns_of_a_list_and_one_of_another_kind_is_refused(tmp_path: Path):
    workspace = create_workspace(tmp_path / "w")
    (tmp_path / "list.csv").write_text("a,b\n电力机车,变流器\n", encoding="utf-8")
    (tmp_path / "map.toml").write_text('[columns]\nproduct_name = "a"\ninput_name = "b"\n', encoding="utf-8")
    with pytest.raises(MappingInvalid):
        chains.import_products(workspace, [tmp_path / "list.csv"], tmp_path / "map.toml")
    (imported,) = chains.import_uses(workspace, [tmp_path / "list.csv"], str(tmp_path / "map.toml"))
    assert imported.accepted == 1
    (row,) = workspace.read("uses").to_pylist()
    assert (row["product_name"], row["input_name"]) == ("电力机车", "变流器")


def test_a_dry_run_of_an_input_output_table_writes_nothing(tmp_path: Path):
    workspace = create_workspace(tmp_path / "w")
    (tmp_path / "io.csv").write_text(IO_TABLE, encoding="utf-8")
    (tried,) = chains.import_io_table(workspace, [tmp_path / "io.csv"], "cn", "亿元", dry_run=True)
    assert (tried.table, tried.sectors, workspace.tables()) == ("cn", 2, [])


def test_an_atlas_is_written_of_a_product_as_seen_from_a_place(province: Workspace, tmp_path: Path):
    written = chains.atlas(province, "电力机车", str(tmp_path / "a.json"), "370200", upstream=2, downstream=0)
    held = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert written.upstream.levels == 2
    assert {firm["place_kind"] for firm in held["firms"]} >= {"local", "outside"}
    assert "青岛" in written.place


@pytest.mark.parametrize(
    ("product", "out", "profile", "fault"),
    [
        ("没有的产品", "a.json", "four-maps-six-lists", NotFound),
        ("电力机车", "a.foo", "four-maps-six-lists", OutputUnknown),
        ("电力机车", "a.json", "none", NotFound),
    ],
)
def test_an_atlas_that_cannot_be_made_is_refused_and_leaves_no_file(
    province: Workspace, tmp_path: Path, product: str, out: str, profile: str, fault: type[Exception]
):
    with pytest.raises(fault):
        chains.atlas(province, product, tmp_path / out, profile=profile)
    assert list(tmp_path.iterdir()) == []


def test_supply_and_gaps_and_risk_write_the_tables_they_give(province: Workspace):
    rates = chains.supply_rates(province, "370200")
    assert rates.num_rows > 0
    found = chains.gaps(province, product="功率模块")
    assert found.gaps.num_rows > 0
    assert set(found.candidates["product"].to_pylist()) <= set(found.gaps["product"].to_pylist())
    firms = chains.firm_risk(province)
    assert province.read("firm_risk").num_rows == firms.num_rows > 0
    assert [run["step"] for run in province.runs().to_pylist()[:2]] == ["risk", "gaps"]


def test_a_shock_hits_the_firms_that_are_named_and_those_of_a_park(province: Workspace):
    trades = province.read("trade", ["seller_id"]).to_pandas().dropna()
    lost = chains.shock(province, {str(trades["seller_id"].min()): 0.5})
    assert (lost.shocked, lost.network) == (1, "trades")
    both = chains.shock(province, {str(trades["seller_id"].min()): 0.5}, park="370200", share=0.1)
    assert both.shocked > 1
    assert both.esri > lost.esri > 0


def test_sectors_and_their_shock_are_those_of_the_table(province: Workspace):
    assert chains.sectors(province)["code"].to_pylist() == ["01", "02"]
    rows = chains.sector_shock(province, {"01": 0.5}, "small", duration=5, recovery_days=5, days=10).to_pylist()
    assert {row["code"]: row["lost_share"] for row in rows} == {"01": 0.5, "02": 0.0}
    with pytest.raises(NotFound):
        chains.sectors(province, "none")
    with pytest.raises(InputError):
        chains.sector_shock(province, {"01": 2.0})


def test_trades_are_not_estimated_on_a_table_whose_sectors_are_not_known(province: Workspace):
    with pytest.raises(InputError, match="no sector map belongs to table small"):
        chains.reconstruct(province, draws=1)
    assert not province.has("estimated_trade")


@pytest.mark.parametrize(
    "step",
    [
        lambda workspace: chains.reconstruct(workspace),
        lambda workspace: chains.sectors(workspace),
        lambda workspace: chains.firm_risk(workspace, estimated=True),
        lambda workspace: chains.shock(workspace, {"X": 1.0}, estimated=True),
    ],
    ids=["reconstruct", "sectors", "risk", "shock"],
)
def test_a_step_that_another_has_to_precede_says_so(demonstrated: Workspace, step: Callable[[Workspace], object]):
    with pytest.raises(StepMissing):
        step(demonstrated)


def test_a_bill_is_sourced_and_its_plan_written(province: Workspace, small_bill: Callable[..., Path], tmp_path: Path):
    bill = small_bill(tmp_path / "bom.xlsx")
    sourced = chains.source(province, str(bill), str(tmp_path / "plan.xlsx"), goal="most local", curve=True)
    assert (sourced.served, sourced.plan.local_share, len(sourced.curve)) == (2, 1.0, 6)
    assert "本地化代价 curve" in openpyxl.load_workbook(tmp_path / "plan.xlsx").sheetnames
    before = province.runs().num_rows
    with pytest.raises(OutputUnknown):
        chains.source(province, bill, tmp_path / "plan.foo")
    # What cannot be written is refused before it is worked out.
    assert province.runs().num_rows == before
    assert chains.source(province, bill, nonlocal_premium=0.2).curve == ()


def test_the_demonstration_made_every_part_of_the_chain(demonstrated: Workspace):
    steps = [run["step"] for run in demonstrated.runs().to_pylist()]
    assert steps[:6] == ["source", "gaps", "import", "import", "import", "import"]
    rows = demonstrated.read("chain_gap", ["product_name", "state"]).to_pylist()
    assert {row["product_name"] for row in rows if row["state"] == "missing"} == {"支撑电容", "闸片", "叠层母排"}
    assert {row["product_name"] for row in rows if row["state"] == "single_source"} == {"功率模块"}
