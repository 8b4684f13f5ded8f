from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from gaoyuan.chain.sourcing import source
from gaoyuan.chain.sourcing.bill_file import read_bill
from gaoyuan.errors import ColumnsMissing, FileUnreadable, InputError

Rows = Sequence[Sequence[object]]
Book = Callable[..., Path]

BILL: Rows = [
    ("物料编码", "物料名称", "上级物料", "单位用量", "装配天数", "交付天数", "关键"),
    ("车", "机车", None, 2, 20, 100, None),
    ("架", "转向架", "车", 2, 30, None, None),
    ("室", "司机室", "车", 1, 5, None, None),
    ("栓", "螺栓 M12", "架", 30, None, None, "否"),
    ("栓", "螺栓 M12", "室", 10, None, None, "是"),
    ("窗", "前窗", "室", 3, None, None, None),
]
SUPPLIERS: Rows = [("供应商", "供应商名称", "可用工时", "本地"), ("甲", "甲厂", 100, "是"), ("乙", None, None, None)]
OFFERS: Rows = [
    ("物料编码", "供应商", "阶梯价", "起订量", "包装数", "交货天数", "单件工时"),
    ("栓", "甲", "1:2.5; 100:2.4", 50, 10, 30, 0.1),
    ("窗", "乙", 800, None, None, 40, None),
]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Writes a workbook of the three sheets, some of them with other rows, or not at all (None)."""

    def write(
        bill: Rows | None = BILL,
        suppliers: Rows | None = SUPPLIERS,
        offers: Rows | None = OFFERS,
        titles: Mapping[str, str] | None = None,
    ) -> Path:
        file = tmp_path / "清单.xlsx"
        sheets = {"物料清单": bill, "供应商": suppliers, "报价": offers}
        with xlsxwriter.Workbook(str(file)) as made:
            for title, rows in sheets.items():
                if rows is not None:
                    sheet = made.add_worksheet((titles or {}).get(title, title))
                    for at, row in enumerate(rows):
                        sheet.write_row(at, 0, ["" if cell is None else cell for cell in row])
        return file

    return write


def _with(rows: Rows, at: int, column: int, cell: object) -> list[list[object]]:
    """Rows with one cell changed; row 0 is the header."""
    changed = [list(row) for row in rows]
    changed[at][column] = cell
    return changed


def test_a_bill_of_several_levels_is_exploded_with_its_dates(book: Book):
    lines = read_bill(book()).lines.set_index("line")
    assert lines["need"].to_dict() == {"栓": 2 * 2 * 30 + 2 * 10, "窗": 6.0}
    assert lines["due_days"].to_dict() == {"栓": 50.0, "窗": 75.0}
    assert lines["path"].to_dict() == {"栓": "车 > 架", "窗": "车 > 室"}
    assert lines["name"].to_dict() == {"栓": "螺栓 M12", "窗": "前窗"}
    assert lines["critical"].to_dict() == {"栓": True, "窗": False}


def test_what_is_empty_is_unknown_and_never_zero(book: Book):
    bill = read_bill(book())
    assert bill.suppliers["local"].tolist() == [True, None]
    assert bill.suppliers["name"].tolist() == ["甲厂", None]
    assert bill.suppliers["capacity_hours"].tolist() == [100.0, pytest.approx(math.nan, nan_ok=True)]
    assert math.isnan(read_bill(book(offers=_with(OFFERS, 2, 5, None))).offers["lead_days"][1])
    assert bill.offers[["moq", "pack", "hours_per_unit"]].to_numpy().tolist() == [[50.0, 10.0, 0.1], [0.0, 1.0, 0.0]]


def test_a_bill_that_was_read_can_be_sourced(book: Book):
    bill = read_bill(book())
    plan = source(bill.lines, bill.suppliers, bill.offers)
    assert plan.assignment == {"栓": "甲", "窗": "乙"}
    assert plan.purchase_cost == pytest.approx(140 * 2.4 + 6 * 800)


def test_sheets_and_headings_may_be_named_in_both_languages_and_stand_below_a_title(book: Book):
    english: Rows = [("", "", ""), ("locomotive", "", ""), ("item", "Qty.", "物料名称 name"), ("bolt", "1,200", "螺栓")]
    offers: Rows = [("物料编码 item", "供应商 supplier", "价格（元） price"), ("bolt", "甲", "2.5"), ("bolt", "乙", "")]
    titles = {"物料清单": "清单 BOM", "报价": "2026年 报价"}
    bill = read_bill(book(bill=english, offers=offers, titles=titles))
    assert bill.lines[["line", "need", "name"]].to_numpy().tolist() == [["bolt", 1200.0, "螺栓"]]
    assert bill.offers["price_tiers"].tolist() == [[[0.0, 2.5]], []]


def test_a_plain_list_needs_no_parents_and_adds_up_what_stands_twice(book: Book):
    rows: Rows = [
        ("物料", "数量", "损耗率", "交货期限", "要求认证", "缺件损失", "供应商数"),
        ("栓", 90, "10%", 60, "CRCC；ISO 9001", 3, None),
        ("窗", 4, None, None, None, None, 2),
        ("栓", 10, None, 40, "CRCC、IRIS", None, None),
    ]
    lines = read_bill(book(bill=rows)).lines.set_index("line")
    assert lines["need"].to_dict() == pytest.approx({"栓": 110.0, "窗": 4.0})
    assert lines["due_days"]["栓"] == 40.0
    assert math.isnan(lines["due_days"]["窗"])
    assert lines["certificates_required"].to_dict() == {"栓": {"CRCC", "ISO 9001", "IRIS"}, "窗": frozenset()}
    assert lines["suppliers_wanted"].to_dict() == {"栓": 1.0, "窗": 2.0}
    assert lines["unserved_penalty"].to_dict() == pytest.approx({"栓": 330.0, "窗": 10 * 800 * 4})


def test_scrap_raises_what_is_bought_for_an_assembly(book: Book):
    rows = [[*row, extra] for row, extra in zip(BILL, ("损耗", None, None, None, 0.25, None, None), strict=True)]
    assert read_bill(book(bill=rows)).lines.set_index("line")["need"]["栓"] == pytest.approx(2 * 2 * 40 + 2 * 10)


def test_a_line_that_nobody_offers_does_not_outweigh_all_others(book: Book):
    rows = [*BILL, ("镜", "后视镜", "室", 4, None, None, None)]
    lines = read_bill(book(bill=rows)).lines.set_index("line")
    served = {"栓": 10 * 140 * 2.5, "窗": 10 * 6 * 800.0}
    assert lines["unserved_penalty"].to_dict() == pytest.approx({**served, "镜": sum(served.values()) / 2})


def test_a_bill_without_any_offer_is_read_and_every_line_stays_open(book: Book):
    bill = read_bill(book(offers=OFFERS[:1]))
    plan = source(bill.lines, bill.suppliers, bill.offers)
    assert set(plan.assignment.values()) == {None}


def test_a_bill_without_rows_has_no_lines(book: Book):
    bill = read_bill(book(bill=BILL[:1]))
    assert len(bill.lines) == 0
    assert bill.unused_offers == 2
    assert source(bill.lines, bill.suppliers, bill.offers).objective == 0.0


def test_offers_for_what_the_bill_does_not_buy_are_counted(book: Book):
    bill = read_bill(book(offers=[*OFFERS, ("架", "甲", 5, None, None, None, None)]))
    assert bill.unused_offers == 1
    assert set(bill.offers["line"]) == {"栓", "窗"}


@pytest.mark.parametrize(
    ("cell", "tiers"),
    [
        ("2.5", [[0.0, 2.5]]),
        ("1：2.5；100：2.4", [[1.0, 2.5], [100.0, 2.4]]),
        ("1:2.5; 1,000:2.4;", [[1.0, 2.5], [1000.0, 2.4]]),
        ("0.5:2", [[0.5, 2.0]]),
    ],
)
def test_prices_are_numbers_or_tiers(book: Book, cell: str, tiers: list[list[float]]):
    assert read_bill(book(offers=_with(OFFERS, 1, 2, cell))).offers["price_tiers"][0] == tiers


@pytest.mark.parametrize("cell", ["面议", "1.2.3", "inf", "-2", "1:2:3", "1:2;1:3", "1e5", "1:2,;x"])
def test_what_is_no_price_is_told_with_its_place(book: Book, cell: str):
    with pytest.raises(InputError) as refused:
        read_bill(book(offers=_with(OFFERS, 1, 2, cell)))
    assert "报价 offers, row 2, 阶梯价" in str(refused.value.where)
    assert repr(cell) in refused.value.what
    assert refused.value.zh


@pytest.mark.parametrize(
    ("part", "rows", "where"),
    [
        ("bill", _with(BILL, 4, 3, "若干"), "物料清单 BOM, row 5, 单位用量"),
        ("bill", _with(BILL, 4, 3, -1), "物料清单 BOM, row 5, 单位用量"),
        ("bill", _with(BILL, 4, 3, None), "物料清单 BOM, row 5, 单位用量"),
        ("bill", _with(BILL, 4, 0, None), "物料清单 BOM, row 5, 物料编码"),
        ("bill", _with(BILL, 3, 2, "厢"), "物料清单 BOM, row 4, 上级物料"),
        ("bill", _with(BILL, 1, 5, "尽快"), "物料清单 BOM, row 2, 交付天数"),
        ("bill", _with(BILL, 4, 6, "也许"), "物料清单 BOM, row 5, 关键"),
        ("bill", [("物料", "数量", "损耗"), ("栓", 1, 1)], "物料清单 BOM, row 2, 损耗"),
        ("bill", [("物料", "数量", "供应商数"), ("栓", 1, 3)], "物料清单 BOM, row 2, 供应商数"),
        ("suppliers", _with(SUPPLIERS, 1, 2, "很多"), "供应商 suppliers, row 2, 可用工时"),
        ("suppliers", _with(SUPPLIERS, 2, 0, "甲"), "供应商 suppliers, row 3, 供应商"),
        ("offers", _with(OFFERS, 2, 1, "丙"), "报价 offers, row 3, 供应商"),
        ("offers", _with(OFFERS, 2, 4, 0), "报价 offers, row 3, 包装数"),
        ("offers", _with(OFFERS, 2, 5, "月底"), "报价 offers, row 3, 交货天数"),
    ],
)
def test_a_cell_that_cannot_be_is_told_with_sheet_row_and_column(book: Book, part: str, rows: Rows, where: str):
    with pytest.raises(InputError) as refused:
        read_bill(book(**{part: rows}))
    assert where in str(refused.value.where)
    assert refused.value.zh
    assert refused.value.mend


def test_a_part_that_contains_itself_is_told_as_a_loop(book: Book):
    rows = [*BILL, ("架", "转向架", "栓", 1, None, None, None)]
    with pytest.raises(InputError, match="contains itself") as refused:
        read_bill(book(bill=rows))
    assert "物料清单 BOM" in str(refused.value.where)
    assert {"架", "栓"} <= set(refused.value.what)
    assert refused.value.zh


@pytest.mark.parametrize("part", ["bill", "suppliers", "offers"])
def test_a_missing_sheet_is_named_and_so_are_those_that_there_are(book: Book, part: str):
    with pytest.raises(InputError, match="has no sheet") as refused:
        read_bill(book(**{part: None}))
    there = {"bill": "物料清单", "suppliers": "供应商", "offers": "报价"}
    assert there.pop(part) in refused.value.what
    assert all(name in str(refused.value.mend) for name in there.values())


@pytest.mark.parametrize(("part", "column"), [("bill", "单位用量"), ("suppliers", "供应商"), ("offers", "阶梯价")])
def test_a_missing_column_is_named(book: Book, part: str, column: str):
    rows = {"bill": BILL, "suppliers": SUPPLIERS, "offers": OFFERS}[part]
    renamed = [["不详" if cell == column else cell for cell in rows[0]], *rows[1:]]
    with pytest.raises(ColumnsMissing) as refused:
        read_bill(book(**{part: renamed}))
    assert "不详" in str(refused.value.mend)


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path):
    listed = tmp_path / "清单.csv"
    listed.write_text("物料,数量\n栓,1\n", encoding="utf-8")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    for file in (listed, broken, tmp_path / "nowhere.xlsx", tmp_path):
        with pytest.raises(FileUnreadable):
            read_bill(file)
