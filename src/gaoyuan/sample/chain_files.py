"""The files of the sample province's chain as people have them, and the truth of what is planted in it."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import pyarrow as pa
import xlsxwriter

from gaoyuan.sample.chain_bill import SampleBill, fewest_lines, make_bill
from gaoyuan.sample.chain_firms import ChainFirms
from gaoyuan.sample.chain_makers import Maker, choose_makers
from gaoyuan.sample.chain_products import MISSING_LINKS, PLANTED_LINES, SINGLE_POINT, chain_products, chain_uses
from gaoyuan.sample.chain_trades import Production, Trade, produce
from gaoyuan.workspace import SCHEMAS
from gaoyuan.workspace.whole_files import whole_file

PRODUCTS_FILE, USES_FILE, MAKES_FILE, TRADES_FILE = (
    f"sample-{kind}.csv" for kind in ("products", "uses", "makes", "trades")
)
BILL_FILE = "sample-bom.xlsx"
CHAIN_FILES = (PRODUCTS_FILE, USES_FILE, MAKES_FILE, TRADES_FILE, BILL_FILE)
FIRMS_PER_LINE = 10
MOST_LINES = 10_000
FEWEST_ENTERPRISES = 2_000
"""A smaller register has too few manufacturers for a chain."""

_BILL = ("物料编码 item", "物料名称 name", "上级物料 parent", "单位用量 quantity", "损耗率 scrap",
         "装配天数 assembly_days", "交付天数 due_days", "关键 critical", "要求认证 certificates",
         "供应商数 suppliers_wanted", "缺件损失（元/件） penalty", "对应产品 product")  # fmt: skip
_SUPPLIERS = ("供应商 supplier", "供应商名称 name", "可用工时 capacity_hours", "本地 local", "认证 certificates")
_OFFERS = ("物料编码 item", "供应商 supplier", "阶梯价（元） price_tiers", "起订量 moq", "包装数 pack",
           "交货天数 lead_days", "单件工时 hours_per_unit")  # fmt: skip
_WIDTH = 16
_WRITTEN = dt.datetime(2026, 1, 1)
"""The same seed gives the same file, whenever it is written."""


@dataclass(frozen=True, slots=True)
class ChainFiles:
    """The files of the chain: lists of products, uses, makers and trades, and a bill of materials with so many lines to
    be bought.
    """

    products: Path
    uses: Path
    makes: Path
    trades: Path
    bill: Path
    lines: int


def write_chain(folder: Path, firms: ChainFirms, enterprises: int, seed: int) -> tuple[ChainFiles | None, pa.Table]:
    """Write the files of the chain into a folder; gives them with the rows of the table `sample_chain`.

    The bill has a line for every ten enterprises, at most 10,000. A register of fewer than 2,000 enterprises has no
    chain: older files of one go, and there is no truth.
    """
    written = ChainFiles(*(folder / name for name in CHAIN_FILES), lines=0)
    if enterprises < FEWEST_ENTERPRISES:
        for name in CHAIN_FILES:
            (folder / name).unlink(missing_ok=True)
        return None, _truth({})
    makers = choose_makers(firms, seed)
    production = produce(makers, seed)
    bill = make_bill(makers, max(fewest_lines(), min(MOST_LINES, enterprises // FIRMS_PER_LINE)), seed)
    _write_products(written.products)
    _write_uses(written.uses)
    _write_makes(written.makes, makers, production)
    _write_trades(written.trades, production.trades)
    _write_bill(written.bill, bill)
    return ChainFiles(*(folder / name for name in CHAIN_FILES), lines=bill.lines), _truth(bill.planted)


def _truth(lines: Mapping[str, str]) -> pa.Table:
    """Give what is planted: links of the chain, and lines of the bill (part by what is planted there)."""
    planted = [("missing_link", code) for code in MISSING_LINKS] + [("single_point", SINGLE_POINT)] if lines else []
    rows = [{"planted": kind, "product": code, "product_name": chain_products()[code].name} for kind, code in planted]
    for kind, line in lines.items():
        code = PLANTED_LINES[kind]
        rows.append({"planted": kind, "product": code, "product_name": chain_products()[code].name, "line": line})
    schema = pa.schema([field for field in SCHEMAS["sample_chain"].arrow if field.name != "run"])
    return pa.Table.from_pylist(rows, schema=schema)


def _write_products(file: Path) -> None:
    _write(
        file,
        ("产品代码", "产品名称", "别名", "产业链", "计量单位", "行业代码", "进口占比"),
        (
            (one.product, one.name, one.aliases, one.chain, one.unit, one.industry, one.imported_share)
            for one in sorted(chain_products().values(), key=lambda one: (one.product != "L0", one.product))
        ),
    )


def _write_uses(file: Path) -> None:
    name = {code: product.name for code, product in chain_products().items()}
    _write(
        file,
        ("产品代码", "产品名称", "投入品代码", "投入品", "成本占比", "单位用量", "是否关键"),
        (
            (use.product, name[use.product], use.input, name[use.input], use.share, use.quantity,
             "是" if use.essential else "否")
            for use in chain_uses()
        ),
    )  # fmt: skip


def _write_makes(file: Path, makers: Mapping[str, Sequence[Maker]], production: Production) -> None:
    rows: list[tuple[object, ...]] = []
    for code, product in sorted(chain_products().items()):
        figures = zip(makers[code], production.output_yuan[code], production.national_share[code], strict=True)
        for maker, output, share in figures:
            # One firm in eight keeps its figures to itself.
            told = len(rows) % 8 != 5
            rows.append(
                (maker.name, maker.uscc, maker.place, code, product.name,
                 _rounded(output / product.price * 1.25) if told else "",
                 round(output / 1e4, 2) if told else "", share if told else "")
            )  # fmt: skip
    _write(
        file,
        ("企业名称", "统一社会信用代码", "所在地", "产品代码", "产品名称", "年产能", "产品产值(万元)", "全国占比"),
        rows,
    )


def _write_trades(file: Path, trades: Iterable[Trade]) -> None:
    _write(
        file,
        ("单据号", "日期", "卖方", "卖方信用代码", "买方", "买方信用代码", "产品代码", "产品名称", "数量", "金额(元)"),
        (
            (one.number, one.date.isoformat(), one.seller, one.seller_uscc, one.buyer.name, one.buyer.uscc,
             one.product.product, one.product.name, one.quantity, one.amount_yuan)
            for one in trades
        ),
    )  # fmt: skip


def _write_bill(file: Path, bill: SampleBill) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with whole_file(file) as partial, xlsxwriter.Workbook(str(partial), options) as book:
        book.set_properties({"created": _WRITTEN})
        bold = book.add_format({"bold": True, "bottom": 1})
        for title, headings, rows in (
            ("物料清单 BOM", _BILL, bill.rows),
            ("供应商 suppliers", _SUPPLIERS, bill.suppliers),
            ("报价 offers", _OFFERS, bill.offers),
        ):
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(headings) - 1, _WIDTH)
            for at, heading in enumerate(headings):
                sheet.write_string(0, at, heading, bold)
            names = [field.name for field in fields(rows[0])]
            for number, row in enumerate(rows, start=1):
                for at, name in enumerate(names):
                    value = getattr(row, name)
                    if isinstance(value, bool):
                        sheet.write_string(number, at, "是" if value else "否")
                    elif isinstance(value, str):
                        if value:
                            sheet.write_string(number, at, value)
                    elif value is not None:
                        sheet.write_number(number, at, value)


def _rounded(value: float) -> float:
    return round(value, 1) if value < 1_000.0 else round(value)


def _write(file: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with whole_file(file) as partial, partial.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(headings)
        writer.writerows(rows)
