"""Names that several products share: nothing is guessed, whichever list comes first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gaoyuan.registry.chain_files import LIST_KINDS, ImportedRows, import_list, match_chain
from gaoyuan.workspace import Workspace, create_workspace

WriteCsv = Callable[..., Path]

PRODUCTS = (
    "产品代码,产品名称,别名",
    "P1,车,",
    "P3,轮,轮子;车",
    "P4,轴,轮子",
    "P7,螺栓,",
    "P8,螺栓,",
)
USES = (
    "产品名称,产品代码,投入品,投入品代码,成本占比",
    "车,,螺栓,,0.1",
    "轮子,,轴,,0.2",
    "车,,螺栓,P8,0.3",
    "螺栓,P7,轴,,0.4",
)
MAKES = ("企业名称,产品名称,产品代码", "甲厂,螺栓,", "甲厂,螺栓,P8", "乙厂,轮子,")
TRADES = ("卖方,买方,产品名称,产品代码,金额(元)", "甲厂,乙厂,螺栓,,7", "甲厂,乙厂,轮子,P4,8")
LISTS = {"products": PRODUCTS, "uses": USES, "makes": MAKES, "trades": TRADES}
OTHERS = ("uses", "makes", "trades")


def bring(workspace: Workspace, kind: str, path: Path) -> ImportedRows:
    (result,) = import_list(workspace, [path], LIST_KINDS[kind])
    return result


def linked(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Give which products the rows of the lists mean, in the order of the rows."""
    match_chain(workspace)
    columns = {"uses": ("product", "input"), "makes": ("product",), "trade": ("product",)}
    return {
        table: [
            tuple(row[name] for name in names)
            for row in sorted(workspace.read(table).to_pylist(), key=lambda row: row["row"])
        ]
        for table, names in columns.items()
    }


@pytest.mark.parametrize("order", [(*OTHERS[:at], "products", *OTHERS[at:]) for at in range(len(OTHERS) + 1)])
def test_a_shared_name_is_linked_to_none_whichever_list_comes_first(
    workspace: Workspace, write_csv: WriteCsv, order: tuple[str, ...]
) -> None:
    for kind in order:
        result = bring(workspace, kind, write_csv(*LISTS[kind], name=f"{kind}.csv"))
        assert result.rejected == 0
    assert linked(workspace) == {
        "uses": [("P1", None), (None, "P4"), ("P1", "P8"), ("P7", "P4")],
        "makes": [(None,), ("P8",), (None,)],
        "trade": [(None,), ("P4",)],
    }


def test_an_import_tells_the_shared_names_with_their_codes_in_both_languages(
    workspace: Workspace, write_csv: WriteCsv
) -> None:
    bring(workspace, "products", write_csv(*PRODUCTS, name="products.csv"))
    for kind, rows, said in (
        ("uses", "2 行 rows", ("螺栓: P7, P8", "轮子: P3, P4")),
        ("makes", "2 行 rows", ("螺栓: P7, P8", "轮子: P3, P4")),
        ("trades", "1 行 rows", ("螺栓: P7, P8",)),
    ):
        notes = bring(workspace, kind, write_csv(*LISTS[kind], name=f"{kind}.csv")).notes
        (note,) = [note for note in notes if "several products" in note]
        assert rows in note
        assert "产品代码" in note
        assert all(one in note for one in said)


def test_products_tell_their_shared_names_also_those_of_another_file_and_the_rows_that_use_them(
    workspace: Workspace, write_csv: WriteCsv
) -> None:
    bring(workspace, "uses", write_csv(*USES, name="uses.csv"))
    bring(workspace, "makes", write_csv(*MAKES, name="makes.csv"))
    first = bring(workspace, "products", write_csv(*PRODUCTS[:3], "P7,螺栓,", name="a.csv"))
    assert not any("several products" in note for note in first.notes)
    second = bring(workspace, "products", write_csv(PRODUCTS[0], "P4,轴,轮子", "P8,螺栓,", name="b.csv"))
    (shared,) = [note for note in second.notes if "several products" in note]
    assert "螺栓: P7, P8" in shared
    assert "轮子: P3, P4" in shared
    assert "uses 2 行 rows" in shared
    assert "makes 2 行 rows" in shared


def test_another_name_that_is_the_name_of_another_product_is_told(workspace: Workspace, write_csv: WriteCsv) -> None:
    result = bring(workspace, "products", write_csv(*PRODUCTS, name="products.csv"))
    (note,) = [note for note in result.notes if "other names" in note]
    assert "车: P1" in note


def test_a_name_that_is_no_longer_shared_finds_its_product(workspace: Workspace, write_csv: WriteCsv) -> None:
    for kind, lines in LISTS.items():
        bring(workspace, kind, write_csv(*lines, name=f"{kind}.csv"))
    assert linked(workspace)["makes"][0] == (None,)
    bring(workspace, "products", write_csv(PRODUCTS[0], "P8,高强螺栓,", name="newer.csv"))
    assert linked(workspace)["makes"] == [("P7",), ("P8",), (None,)]
    assert linked(workspace)["uses"][0] == ("P1", "P7")


def test_a_name_that_becomes_shared_loses_its_product_and_a_code_keeps_it(
    workspace: Workspace, write_csv: WriteCsv
) -> None:
    bring(workspace, "products", write_csv(PRODUCTS[0], "P7,螺栓,", name="a.csv"))
    bring(workspace, "makes", write_csv("企业名称,产品名称,产品代码", "甲厂,螺栓,", "乙厂,螺栓,P7", name="m.csv"))
    assert linked_makes(workspace) == ["P7", "P7"]
    bring(workspace, "products", write_csv(PRODUCTS[0], "P8,螺栓,", name="b.csv"))
    assert linked_makes(workspace) == [None, "P7"]


def linked_makes(workspace: Workspace) -> list[str | None]:
    match_chain(workspace)
    return [row["product"] for row in sorted(workspace.read("makes").to_pylist(), key=lambda row: row["row"])]


def test_a_shared_name_does_not_make_rows_repeat_for_ever(workspace: Workspace, write_csv: WriteCsv) -> None:
    bring(workspace, "products", write_csv(*PRODUCTS, name="products.csv"))
    bring(workspace, "makes", write_csv("企业名称,产品,年产能", "甲厂,螺栓,1", name="old.csv"))
    newer = bring(workspace, "makes", write_csv("企业名称,产品,年产能", "甲厂,螺 栓,2", name="new.csv"))
    assert newer.updated == 1
    assert [row["capacity"] for row in workspace.read("makes").to_pylist()] == [2.0]


@pytest.mark.parametrize(
    ("kind", "lines", "table", "found"),
    [
        ("uses", ("产品代码,投入品代码,成本占比", "P1,P8,0.1", "P1,Z9,0.2"), "uses", ["P8", "Z9"]),
        ("makes", ("企业名称,产品代码", "甲厂,P8", "甲厂,Z9"), "makes", ["P8", "Z9"]),
        ("trades", ("卖方,买方,产品代码,金额(元)", "甲厂,乙厂,P8,1", "甲厂,乙厂,Z9,1"), "trade", ["P8", "Z9"]),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_codes_alone_name_products(
    tmp_path: Path,
    write_csv: WriteCsv,
    kind: str,
    lines: tuple[str, ...],
    table: str,
    found: list[str],
    late: bool,
) -> None:
    workspace = create_workspace(tmp_path / "w")
    products = write_csv(*PRODUCTS, name="products.csv")
    if not late:
        bring(workspace, "products", products)
    result = bring(workspace, kind, write_csv(*lines, name="list.csv"))
    assert (result.accepted, result.rejected) == (2, 0)
    if late:
        bring(workspace, "products", products)
        match_chain(workspace)
    rows = sorted(workspace.read(table).to_pylist(), key=lambda row: row["row"])
    assert [row["input" if table == "uses" else "product"] for row in rows] == found


def test_a_row_without_a_name_needs_a_code_and_repetitions_by_code_are_set_aside(
    workspace: Workspace, write_csv: WriteCsv
) -> None:
    path = write_csv("产品代码,投入品代码", "P1,P8", "P1,P8", ",P8", "P1,", "P1,P1", name="uses.csv")
    result = bring(workspace, "uses", path)
    assert (result.accepted, result.rejected) == (1, 4)
    rejected = workspace.read("rejected").to_pylist()
    assert {row["row"]: (row["column"], row["reason"]) for row in rejected} == {
        3: ("产品代码", "a row above has the same product and input"),
        4: ("产品代码", "the name of the product is missing"),
        5: ("投入品代码", "the name of the product that is needed is missing"),
        6: ("投入品代码", "a product that needs itself"),
    }
    assert all(row["reason_zh"] and row["mend_zh"] for row in rejected)


def test_either_of_name_and_code_does_and_shares_add_up_by_product(workspace: Workspace, write_csv: WriteCsv) -> None:
    bring(workspace, "products", write_csv(*PRODUCTS, name="products.csv"))
    path = write_csv(
        "产品代码,产品名称,投入品代码,投入品,占比", "P1,,,轴,0.7", ",车,P8,,0.6", "P7,,,轴,0.7", "P8,,,轴,0.6",
        name="uses.csv",
    )  # fmt: skip
    result = bring(workspace, "uses", path)
    assert result.accepted == 4
    (note,) = [note for note in result.notes if "more than 1" in note]
    assert "1 种产品" in note
    assert "P1" in note
