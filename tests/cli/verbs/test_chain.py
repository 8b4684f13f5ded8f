"""Needs the pages' bundles, which `make setup` builds."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from gaoyuan.chain.input_output.sectors import sector_map
from gaoyuan.registry.chain_files import import_io_table
from gaoyuan.workspace import Workspace, open_workspace

_FARMING = "01"


@pytest.fixture(scope="module")
def province(demonstrated: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demonstrated province, with a made-up table of flows of the 42 sectors. The verbs write into it."""
    folder = tmp_path_factory.mktemp("chain")
    workspace = open_workspace(shutil.copytree(demonstrated.path, folder / "ws"))
    sectors = sector_map("2017_42").sectors
    flows = np.random.default_rng(3).gamma(0.5, 1.0, (42, 42)) * 1e6
    output = 1.2 * np.maximum(flows.sum(axis=0), flows.sum(axis=1))
    lines = [",".join(["Code", "DescriptionInChinese", *(sector.code for sector in sectors), "GO"])]
    lines += [
        ",".join([sector.code, f'"{sector.name_zh}"', *map(str, flows[row]), str(output[row])])
        for row, sector in enumerate(sectors)
    ]
    (folder / "made.csv").write_text("\n".join(lines), encoding="utf-8")
    import_io_table(workspace, [folder / "made.csv"], unit="万元")
    return workspace


@pytest.fixture(scope="module")
def seller(province: Workspace) -> str:
    """A firm of the register that sells."""
    sellers = province.read("trade", ["seller_id"])["seller_id"].drop_null().to_pylist()
    return str(min(sellers))


def test_an_atlas_is_written_and_says_what_to_look_at_first(gaoyuan, province: Workspace, tmp_path: Path):
    shown = gaoyuan("chain", province.path, "atlas", "电力机车", "--out", tmp_path / "a.html")
    assert (shown.code, shown.err) == (0, "")
    assert "Upstream: 5 levels" in shown.out
    assert "支撑电容" in shown.out.split("先看 look first")[1]
    assert "<html" in (tmp_path / "a.html").read_text(encoding="utf-8")
    # A product is found by its code and by another of its names as well.
    got = gaoyuan("chain", province.path, "atlas", "L0", "--out", tmp_path / "a.json", "--up", 1, "--json")
    assert (got.code, got.err) == (0, "")
    assert (got.json["product"], got.json["product_name"], got.json["upstream"]["levels"]) == ("L0", "电力机车", 1)
    held = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert {node["level"] for node in held["nodes"]} == {0, -1}
    quiet = gaoyuan("chain", province.path, "atlas", "L0", "--out", tmp_path / "a.xlsx", "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True).sheetnames


def test_local_supply_is_told_by_product_and_chain_and_in_all(gaoyuan, province: Workspace):
    shown = gaoyuan("chain", province.path, "supply", "--top", 2)
    assert shown.code == 0
    assert {"本地配套率", "rate", "coverage", "轨道交通装备"} <= set(shown.out.split())
    rates = gaoyuan("chain", province.path, "supply", "--json").json
    assert f"共 {len(rates):,} 行，显示 2 行" in shown.out
    assert {row["scope"] for row in rates} == {"all", "chain", "product", "input"}
    assert all(0 <= row["low"] <= row["rate"] <= row["high"] <= 1 for row in rates if row["rate"] is not None)
    city = gaoyuan("chain", province.path, "supply", "--place", "370200", "--json").json
    assert city[0]["rate"] < rates[0]["rate"]


def test_gaps_are_ranked_with_reasons_and_firms_to_invite(gaoyuan, province: Workspace):
    shown = gaoyuan("chain", province.path, "gaps", "--top", 2)
    got = gaoyuan("chain", province.path, "gaps", "--json")
    assert (shown.code, got.code, got.err) == (0, 0, "")
    gaps = got.json["gaps"]
    assert [gap["rank"] for gap in gaps] == sorted(gap["rank"] for gap in gaps)
    assert {gap["product_name"] for gap in gaps if gap["state"] == "missing"} == {"支撑电容", "闸片", "叠层母排"}
    for gap in gaps[:2]:
        assert f"{gap['rank']}. {gap['product_name']}：{gap['reasons_zh']}" in shown.out
    assert f"\n{gaps[2]['rank']}. {gaps[2]['product_name']}" not in shown.out
    assert f"gaoyuan export {province.path} gap_candidate candidates.xlsx" in shown.out
    assert {row["product"] for row in got.json["candidates"]} <= {gap["product"] for gap in gaps}
    assert got.json["candidates"]
    quiet = gaoyuan("chain", province.path, "gaps", "--quiet")
    assert "gap_candidate" not in quiet.out
    assert "支撑电容" in quiet.out


def test_gaps_of_a_product_are_those_of_its_own_chain(gaoyuan, province: Workspace):
    got = gaoyuan("chain", province.path, "gaps", "功率模块", "--json")
    names = {gap["product_name"] for gap in got.json["gaps"]}
    assert "光刻胶" in names
    assert "闸片" not in names


def test_trades_are_estimated_and_marked_as_estimates_and_firms_are_ranked_on_them(gaoyuan, province: Workspace):
    shown = gaoyuan("chain", province.path, "reconstruct", "--draws", 2, "--seed", 7)
    assert shown.code == 0
    assert "估计交易（不是记录）estimated trades, not records: 2 次抽样 draws, 种子 seed 7, 表 table made" in shown.out
    got = gaoyuan("chain", province.path, "reconstruct", "--draws", 2, "--seed", 7, "--place", "370200", "--json")
    assert (got.code, got.err) == (0, "")
    assert (got.json["draws"], got.json["seed"], got.json["region"] != "") == (2, 7, True)
    assert 0 < got.json["firms"] < 8_000
    risks = gaoyuan("chain", province.path, "risk", "--estimated", "--json")
    assert len(risks.json) == got.json["firms"]
    assert {row["network"] for row in risks.json} == {"estimated_trades"}
    assert all(row["low"] <= row["esri"] <= row["high"] for row in risks.json)


def test_firms_are_ranked_by_systemic_risk(gaoyuan, province: Workspace):
    shown = gaoyuan("chain", province.path, "risk", "--top", 3)
    rows = gaoyuan("chain", province.path, "risk", "--json").json
    assert shown.code == 0
    assert {"系统性风险", "esri"} <= set(shown.out.split())
    assert rows[0]["name"] in shown.out
    assert f"共 {len(rows):,} 行，显示 3 行 {len(rows):,} rows, 3 shown" in shown.out
    assert [row["esri"] for row in rows] == sorted((row["esri"] for row in rows), reverse=True)
    assert all(0 <= row["esri"] <= 1 for row in rows)


def test_a_failure_costs_others_and_a_smaller_one_less(gaoyuan, province: Workspace, seller: str):
    shown = gaoyuan("chain", province.path, "shock", "--firm", seller, "--top", 2)
    assert (shown.code, shown.err) == (0, "")
    assert "1 家企业受创 firms lose output of themselves" in shown.out
    whole = gaoyuan("chain", province.path, "shock", "--firm", seller, "--json").json
    part = gaoyuan("chain", province.path, "shock", "--firm", f"{seller}=20%", "--json").json
    own = next(row for row in part["firms"] if row["enterprise_id"] == seller)
    assert own["shock"] == 0.2
    assert 0 < part["esri"] < whole["esri"] <= 1
    # Of a firm that is named twice the larger loss holds, whichever stands first.
    for pair in (("=0.2", "=1"), ("=1", "=0.2")):
        options = [part for share in pair for part in ("--firm", seller + share)]
        assert gaoyuan("chain", province.path, "shock", *options, "--json").json["esri"] == whole["esri"]


def test_a_whole_park_loses_a_share(gaoyuan, province: Workspace):
    got = gaoyuan("chain", province.path, "shock", "--park", "370200", "--share", 0.5, "--json")
    assert got.code == 0
    county = province.read("enterprise", ["enterprise_id", "prefecture"]).to_pandas()
    inside = set(county[county["prefecture"] == "370200"]["enterprise_id"])
    hit = [row for row in got.json["firms"] if row["shock"] > 0]
    assert len(hit) > 1
    assert all(row["shock"] == 0.5 and row["enterprise_id"] in inside for row in hit)


def test_sectors_of_a_table_have_their_indicators(gaoyuan, province: Workspace):
    shown = gaoyuan("chain", province.path, "sectors", "--top", 3)
    assert shown.code == 0
    assert {"影响力系数", "backward", "upstreamness"} <= set(shown.out.split())
    assert "共 42 行，显示 3 行" in shown.out
    rows = gaoyuan("chain", province.path, "sectors", "--table", "made", "--json").json
    assert len(rows) == 42
    assert np.mean([row["backward_linkage"] for row in rows]) == pytest.approx(1.0)


def test_a_sector_is_named_by_code_or_name_and_its_loss_spreads(gaoyuan, province: Workspace):
    name = gaoyuan("chain", province.path, "sectors", "--json").json[0]["name"]
    days = ("--duration", 10, "--recovery", 5, "--days", 30)
    shown = gaoyuan("chain", province.path, "sector-shock", "--lose", f"{_FARMING}=30%", *days, "--top", 1)
    assert shown.code == 0
    assert "部门冲击 30 天 sector shock, 30 days" in shown.out
    got = gaoyuan("chain", province.path, "sector-shock", "--lose", f"{name}=0.3", *days, "--json")
    own = next(row for row in got.json if row["code"] == _FARMING)
    assert (own["name"], own["lost_share"]) == (name, 0.3)
    assert own["worst_day_share"] == pytest.approx(0.7, abs=0.01)
    assert [row["lost_share"] for row in got.json].count(0.0) == 41
    whole = gaoyuan("chain", province.path, "sector-shock", "--lose", _FARMING, *days, "--json").json
    assert max(row["lost_output_yuan"] for row in whole) > own["lost_output_yuan"]


NOT_USABLE = [
    (("atlas", "电力机", "--out", "a.html"), "电力机车"),
    (("atlas", "没有的东西", "--out", "a.html"), "product"),
    (("atlas", "电力机车", "--out", "a.foo"), ".html"),
    (("atlas", "电力机车", "--out", "a"), ".html"),
    (("atlas", "电力机车", "--out", "a.html", "--profile", "none"), "four-maps-six-lists"),
    (("gaps", "电力机"), "电力机车"),
    (("shock",), "--firm"),
    (("shock", "--firm", "没有的企业"), "没有的企业"),
    (("shock", "--firm", "X=2"), "--firm X=0.3"),
    (("shock", "--firm", "X=many"), "--firm X=0.3"),
    (("shock", "--park", "370200", "--share", "3"), "--share"),
    (("sectors", "--table", "none"), "made"),
    (("sector-shock",), "--lose"),
    (("sector-shock", "--lose", "X=2"), "--lose X=0.3"),
    (("sector-shock", "--lose", "X=-1"), "--lose X=0.3"),
    (("sector-shock", "--lose", "X=nan"), "--lose X=0.3"),
    (("sector-shock", "--lose", "没有的部门=0.3"), "没有的部门"),
    (("sector-shock", "--lose", "01=0.3", "--lose", "农林牧渔产品和服务=0.5"), "'01'"),
    (("reconstruct", "--draws", "0"), "--draws"),
    (("gaps", "--top", "0"), "--top"),
    (("weave",), "weave"),
    ((), "缺少命令"),
    (("gaps", "--tops", "3"), "用法见 gaoyuan chain WS gaps -h"),
    (("gaps", "--place", "37"), "370200"),
    (("supply", "--place", "济南市"), "370200"),
]


@pytest.mark.parametrize(("given", "said"), NOT_USABLE, ids=[" ".join(given) for given, _ in NOT_USABLE])
def test_what_cannot_be_used_ends_with_2_and_is_told_in_both_languages(
    gaoyuan, province: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], said: str
):
    monkeypatch.chdir(tmp_path)
    shown = gaoyuan("chain", province.path, *given)
    assert (shown.code, shown.out) == (2, "")
    _is_told(shown.err, said)
    assert list(tmp_path.iterdir()) == []


PLACES = [("999999", "370800"), ("没有的集群", "cluster")]


@pytest.mark.parametrize(("place", "said"), PLACES)
@pytest.mark.parametrize("verb", [("supply", "--place"), ("gaps", "--place"), ("shock", "--park")])
def test_an_unknown_place_ends_with_2_and_is_told(
    gaoyuan, province: Workspace, verb: tuple[str, str], place: str, said: str
):
    shown = gaoyuan("chain", province.path, *verb, place)
    assert (shown.code, shown.out) == (2, "")
    assert place in shown.err
    _is_told(shown.err, said)


@pytest.mark.parametrize("given", [("sectors",), ("sector-shock", "--lose", "X=0.5"), ("reconstruct",)])
def test_without_an_input_output_table_the_verb_that_imports_one_is_named(
    gaoyuan, demonstrated: Workspace, given: tuple[str, ...]
):
    before = demonstrated.tables()
    shown = gaoyuan("chain", demonstrated.path, *given)
    assert (shown.code, shown.out) == (3, "")
    assert f"gaoyuan import {demonstrated.path} io FILE" in shown.err
    assert demonstrated.tables() == before


def test_a_missing_input_output_table_is_told_in_both_languages(gaoyuan, demonstrated: Workspace):
    _is_told(gaoyuan("chain", demonstrated.path, "sectors").err, "io FILE")


def test_without_estimates_the_verb_that_makes_them_is_named(gaoyuan, demonstrated: Workspace):
    for verb in (("risk",), ("shock", "--firm", "X")):
        shown = gaoyuan("chain", demonstrated.path, *verb, "--estimated")
        assert (shown.code, shown.out) == (3, "")
        _is_told(shown.err, f"gaoyuan chain {demonstrated.path} reconstruct")


def test_a_folder_that_is_no_workspace_ends_with_3(gaoyuan, tmp_path: Path):
    shown = gaoyuan("chain", tmp_path / "none", "supply")
    assert (shown.code, shown.out) == (3, "")
    _is_told(shown.err, f"gaoyuan init {tmp_path / 'none'}")


def test_with_json_an_error_is_json_too(gaoyuan, province: Workspace):
    shown = gaoyuan("chain", province.path, "sector-shock", "--lose", "X=2", "--json")
    assert (shown.code, shown.out) == (2, "")
    error = json.loads(shown.err)["error"]
    assert (error["where"], error["what"], error["what_zh"]) == ("--lose X=2", "'2' is no share", "'2' 不是份额")


def _is_told(text: str, said: str) -> None:
    """What is wrong, and how to mend it, stands there in Chinese and English."""
    assert "Traceback" not in text
    (wrong,) = [line.removeprefix("错误 error: ") for line in text.splitlines() if line.startswith("错误 error: ")]
    chinese = [letter for letter in wrong if "一" <= letter <= "鿿"]
    assert chinese, wrong
    assert any(word.isascii() and word.isalpha() for word in wrong.split()), wrong
    assert "改法 mend: " in text
    assert said in text
