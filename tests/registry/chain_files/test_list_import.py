from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gaoyuan.errors import ColumnsMissing, FileUnreadable
from gaoyuan.registry import UserMapping, import_enterprises
from gaoyuan.registry.chain_files import LIST_KINDS, ImportedRows, import_list, match_chain
from gaoyuan.workspace import Workspace

WriteCsv = Callable[..., Path]
MakeCode = Callable[..., str]
TODAY = dt.date(2026, 11, 22)


def bring(workspace: Workspace, kind: str, path: Path, **options: Any) -> ImportedRows:
    """Import a file and check that no row is lost and every rejected one says why, in both languages."""
    (result,) = import_list(workspace, [path], LIST_KINDS[kind], today=TODAY, **options)
    assert result.accepted + result.rejected == result.rows
    if not options.get("dry_run"):
        own = [row for row in workspace.read("rejected").to_pylist() if row["kind"] == kind]
        for row in own:
            assert row["reason_zh"]
            assert row["mend_zh"]
            json.loads(row["record"])
    return result


def rows(workspace: Workspace, table: str) -> list[dict[str, Any]]:
    return sorted(workspace.read(table).to_pylist(), key=lambda row: (row["file"], row["row"]))


def reasons(workspace: Workspace, kind: str) -> dict[int, str]:
    return {row["row"]: row["reason"] for row in workspace.read("rejected").to_pylist() if row["kind"] == kind}


@pytest.fixture
def register(workspace: Workspace, write_csv: WriteCsv, credit_code: MakeCode) -> Workspace:
    path = write_csv(
        "企业名称,统一社会信用代码,成立日期",
        f"甲轴承厂,{credit_code(1)},2001-01-01",
        f"乙机车厂,{credit_code(2)},2001-01-01",
    )
    import_enterprises(workspace, [path], today=TODAY)
    return workspace


PRODUCTS = (
    "产品代码,产品名称,别名,所属产业链,计量单位,行业代码,进口占比(%)",
    "L0,电力机车,机车;整车,轨道交通装备,台,3712,0",
    "A1,轴箱轴承,高速轴承|轴承,轨道交通装备,套,C3451,85",
)


def test_products_are_read_with_their_other_names_their_industry_and_percent(
    workspace: Workspace, write_csv: WriteCsv
) -> None:
    bring(workspace, "products", write_csv(*PRODUCTS, ",闸片,,,,,", name="products.csv"))
    first, second, third = rows(workspace, "product")
    assert (first["product"], first["aliases"], first["imported_share"]) == ("L0", "机车|整车", 0.0)
    assert (second["industry"], second["imported_share"]) == ("3451", 0.85)
    assert (third["product"], third["industry"], third["imported_share"]) == ("闸片", None, None)


def test_rows_that_cannot_be_used_are_set_aside_with_their_reason(workspace: Workspace, write_csv: WriteCsv) -> None:
    path = write_csv(*PRODUCTS, ",,又名,,,,", ",制动盘,,,,9999,", "A1,轴承,,,,,", ",车轮,,,,,185", name="products.csv")
    result = bring(workspace, "products", path)
    assert (result.accepted, result.rejected) == (2, 4)
    assert reasons(workspace, "products") == {
        4: "the name of the product is missing",
        5: "no such industry in GB/T 4754-2017 or 2011",
        6: "a row above has the same product",
        7: "no share of 0 to 1",
    }


def test_uses_find_products_by_code_name_and_other_name(workspace: Workspace, write_csv: WriteCsv) -> None:
    bring(workspace, "products", write_csv(*PRODUCTS, name="products.csv"))
    path = write_csv(
        "产品,投入品,成本占比,单位用量,是否关键",
        "整车,高速 轴承,12%,6,是",
        "电力机车,螺栓,0.03,200,否",
        "机车,螺栓,0.03,200,否",
        "螺栓,螺栓,0.03,200,否",
        "机车,车钩,35,1,也许",
        name="uses.csv",
    )
    result = bring(workspace, "uses", path)
    held = [(row["product"], row["input"], row["share"], row["essential"]) for row in rows(workspace, "uses")]
    assert held == [("L0", "A1", 0.12, True), ("L0", "螺栓", 0.03, False)]
    assert result.rejected == 3
    assert reasons(workspace, "uses")[4] == "a row above has the same product and input"
    assert reasons(workspace, "uses")[5] == "a product that needs itself"


def test_shares_that_add_up_to_more_than_the_whole_are_told(workspace: Workspace, write_csv: WriteCsv) -> None:
    result = bring(workspace, "uses", write_csv("产品,投入品,占比", "机车,轴承,0.7", "机车,车轮,0.6", name="u.csv"))
    assert result.accepted == 2
    assert "机车" in result.notes[0]


def test_products_that_come_later_give_earlier_rows_their_code(workspace: Workspace, write_csv: WriteCsv) -> None:
    bring(workspace, "uses", write_csv("产品,投入品", "机车,轴承", name="uses.csv"))
    assert rows(workspace, "uses")[0]["input"] == "轴承"
    bring(workspace, "products", write_csv(*PRODUCTS, name="products.csv"))
    match_chain(workspace)
    assert (rows(workspace, "uses")[0]["product"], rows(workspace, "uses")[0]["input"]) == ("L0", "A1")
    version = workspace.version("uses")
    match_chain(workspace)
    assert workspace.version("uses") == version


def test_makers_are_found_in_the_register_and_others_placed_by_their_address(
    register: Workspace, write_csv: WriteCsv, credit_code: MakeCode
) -> None:
    path = write_csv(
        "企业名称,统一社会信用代码,所在地,产品,年产能,产品产值(万元),市场占有率",
        "甲轴承厂,,,轴承,1000,5000,3%",
        f"改了名的厂,{credit_code(2)},,电力机车,,,",
        "洛阳某厂,,河南省洛阳市,轴承,1,2,30%",
        "某厂,,,轴承,-5,2,",
        name="makes.csv",
    )
    result = bring(register, "makes", path)
    first, second, third = rows(register, "makes")
    assert (first["matched_by"], first["output_yuan"], first["national_share"]) == ("name", 5e7, 0.03)
    assert second["matched_by"] == "credit_code"
    assert (third["enterprise_id"], third["division"]) == (None, "410300")
    assert result.rejected == 1
    assert "2" in result.notes[0]


def test_a_register_that_comes_later_finds_the_firms(
    workspace: Workspace, write_csv: WriteCsv, credit_code: MakeCode
) -> None:
    bring(workspace, "makes", write_csv("企业名称,产品", "甲轴承厂,轴承", name="makes.csv"))
    assert rows(workspace, "makes")[0]["enterprise_id"] is None
    code = credit_code(1)
    register = write_csv("企业名称,统一社会信用代码", f"甲轴承厂,{code}", name="register.csv")
    import_enterprises(workspace, [register], today=TODAY)
    match_chain(workspace)
    assert rows(workspace, "makes")[0]["enterprise_id"] == code


TRADES = (
    "卖方,买方,产品,金额(万元),数量,日期,发票号码",
    "甲轴承厂,乙机车厂,轴承,120,60,2025-03-01,1",
    "甲轴承厂,乙机车厂,轴承,-20,-10,2025-04-01,2",
    "甲轴承厂,乙机车厂,轴承,30,,2025年5月,",
    "甲轴承厂,乙机车厂,轴承,30,,2025年5月,",
)


def test_returns_and_rows_without_a_number_are_kept(register: Workspace, write_csv: WriteCsv) -> None:
    bring(register, "trades", write_csv(*TRADES, name="trades.csv"))
    held = rows(register, "trade")
    assert [row["amount_yuan"] for row in held] == [1.2e6, -2e5, 3e5, 3e5]
    assert held[1]["quantity"] == -10
    assert held[2]["date"] == dt.date(2025, 5, 1)
    assert all(row["seller_id"] and row["buyer_id"] for row in held)


def test_trades_that_cannot_be_are_set_aside(register: Workspace, write_csv: WriteCsv) -> None:
    path = write_csv(
        TRADES[0],
        TRADES[1],
        TRADES[1],
        "甲轴承厂,甲轴承厂,轴承,1,1,2025-03-01,9",
        "甲轴承厂,乙机车厂,轴承,很多,1,2025-03-01,8",
        "甲轴承厂,乙机车厂,轴承,1,1,2031-03-01,7",
        ",乙机车厂,轴承,1,1,2025-03-01,6",
        name="trades.csv",
    )
    assert bring(register, "trades", path).accepted == 1
    assert reasons(register, "trades") == {
        3: "a row above has the same document, seller, buyer and product",
        4: "seller and buyer are the same firm",
        5: "no amount of money",
        6: "no date, or one in the future",
        7: "the seller is missing",
    }


def test_a_file_that_is_there_already_changes_nothing(register: Workspace, write_csv: WriteCsv) -> None:
    path = write_csv(*TRADES, name="trades.csv")
    bring(register, "trades", path)
    before = {state.name: state.version for state in register.tables()}
    assert bring(register, "trades", path).unchanged
    assert {state.name: state.version for state in register.tables()} == before


def test_a_newer_file_updates_the_rows_of_an_older_and_the_older_again_updates_back(
    workspace: Workspace, write_csv: WriteCsv
) -> None:
    old = write_csv("产品,投入品,占比", "机车,轴承,0.1", "机车,车轮,0.2", name="old.csv")
    new = write_csv("产品,投入品,占比", "机车,轴承,0.3", name="new.csv")
    bring(workspace, "uses", old)
    assert bring(workspace, "uses", new).updated == 1
    assert sorted(row["share"] for row in rows(workspace, "uses")) == [0.2, 0.3]
    assert not bring(workspace, "uses", old).unchanged
    assert sorted(row["share"] for row in rows(workspace, "uses")) == [0.1, 0.2]


def test_a_dry_run_writes_nothing(workspace: Workspace, write_csv: WriteCsv) -> None:
    result = bring(workspace, "uses", write_csv("产品,投入品", "机车,轴承", name="u.csv"), dry_run=True)
    assert result.accepted == 1
    assert not workspace.has("uses")
    assert not workspace.has("import")


def test_a_missing_column_is_named_before_anything_is_imported(workspace: Workspace, write_csv: WriteCsv) -> None:
    good = write_csv("产品,投入品", "机车,轴承", name="good.csv")
    bad = write_csv("产品,单价", "机车,3", name="bad.csv")
    with pytest.raises(ColumnsMissing) as raised:
        import_list(workspace, [good, bad], LIST_KINDS["uses"], today=TODAY)
    assert "投入品" in str(raised.value.zh)
    assert not workspace.has("uses")


def test_a_mapping_names_columns_of_its_own(workspace: Workspace, write_csv: WriteCsv) -> None:
    path = write_csv("东西,用到", "机车,轴承", name="u.csv")
    mapping = UserMapping({"product_name": ("东西", None), "input_name": ("用到", None)})
    (result,) = import_list(workspace, [path], LIST_KINDS["uses"], mapping, today=TODAY)
    assert result.accepted == 1


def test_a_file_without_rows_is_refused(workspace: Workspace, write_csv: WriteCsv) -> None:
    with pytest.raises(FileUnreadable):
        bring(workspace, "uses", write_csv("产品,投入品", name="u.csv"))


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_does_not_matter(workspace: Workspace, write_csv: WriteCsv, seed: int) -> None:
    lines = [f"产品{a},投入{b},{b / 100}" for a in range(4) for b in range(5)]
    bring(workspace, "uses", write_csv("产品,投入品,占比", *lines, name="u.csv"))
    wanted = {(row["product"], row["input"], row["share"]) for row in rows(workspace, "uses")}
    random.Random(seed).shuffle(lines)
    bring(workspace, "uses", write_csv("产品,投入品,占比", *lines, name="v.csv"))
    assert {(row["product"], row["input"], row["share"]) for row in rows(workspace, "uses")} == wanted
