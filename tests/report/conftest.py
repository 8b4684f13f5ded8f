"""A browser, the map pages of the shared workspaces, and a report with all that a report can hold."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from gaoyuan.errors import ExtraMissing
from gaoyuan.report import write_map
from gaoyuan.report.annual_facts import AnnualFacts, gather
from gaoyuan.report.charts import bars_over_years
from gaoyuan.report.document import (
    Callout,
    Column,
    Contents,
    Document,
    Figure,
    Heading,
    ItemList,
    KeyFigure,
    KeyFigures,
    Note,
    PageBreak,
    Paragraph,
    Reference,
    Row,
    StateMark,
    Strong,
    Table,
)
from gaoyuan.workspace import Workspace, open_workspace

HOSTILE_PRODUCT = "</script><img src=x onerror=\"document.title='taken'\"><b>甲</b>"


@pytest.fixture(scope="session")
def sample_annual(sample_workspace: Workspace) -> Callable[[str], AnnualFacts]:
    """What the report of 2025 says of a cluster of the sample: a planted one that `passes`, `fails_by_one` or
    `lacks_facts`, or one that is only `recognised`.
    """

    @cache
    def read(case: str) -> AnnualFacts:
        return gather(sample_workspace, cluster_of(sample_workspace, case), 2025)

    return read


def cluster_of(workspace: Workspace, case: str) -> str:
    """Give the id of the first cluster of a kind."""
    if case == "recognised":
        clusters = workspace.read("cluster", ["cluster_id", "found_by", "firms"]).to_pandas()
        return str(clusters[clusters["found_by"].isna() & clusters["firms"].notna()]["cluster_id"].min())
    verdicts = workspace.read("sample_verdict").to_pandas().sort_values("planted")
    return str(verdicts[verdicts["expected"] == case]["cluster_id"].iloc[0])


@pytest.fixture(scope="session")
def sample_map(sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map page of the sample province."""
    return write_map(sample_workspace, tmp_path_factory.mktemp("map") / "sample.html").file


@pytest.fixture(scope="session")
def atlas_workspace(sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample province with a chain of 340 products on both sides of 试验机车, imported from files. Names are long,
    one is markup; each state occurs. Read it only.
    """
    from gaoyuan.registry.chain_files import LIST_KINDS, import_list

    folder = tmp_path_factory.mktemp("atlas")
    workspace = open_workspace(shutil.copytree(sample_workspace.path, folder / "w"))
    firms = workspace.read("enterprise", ["name", "uscc", "industry"]).to_pylist()[:400]
    asked = {firm["industry"] for firm in firms}
    industries = workspace.read("enterprise", ["industry"])["industry"].to_pylist()
    unasked = next(one for one in industries if one is not None and one not in asked)
    up = [f"u{number}" for number in range(300)]
    down = [f"d{number}" for number in range(39)]
    names = {"p": "试验机车", **{one: f"大功率永磁同步牵引电动机定子绝缘系统总成{one}" for one in up + down}}
    names["u0"] = HOSTILE_PRODUCT
    products = [f'{one},"{name.replace(chr(34), chr(34) * 2)}",轨道交通,,' for one, name in names.items()]
    products[2] = f"u1,{names['u1']},轨道交通,,90"
    products[3] = f"u2,{names['u2']},轨道交通,{unasked},"
    parents = ["p", *up]
    uses = [f"{parents[number // 9]},{one},{5 + number % 7}%" for number, one in enumerate(up)]
    uses += [f"{one},{'p' if number < 6 else down[number - 6]},20%" for number, one in enumerate(down)]
    makes = ["外地u2厂,湖南省株洲市,u2,50,1%"]
    for number, one in enumerate([*up[3:], *down[1:], "p"]):
        local = (firms[(7 * number + firm) % 400]["name"] for firm in range(number % 5))
        makes.extend(f"{name},,{one},{100 + number}," for name in local)
        makes.append(f"外地{one}厂,{'湖南省株洲市' if number % 2 else ''},{one},50,1%")
    for kind, heading, rows in (
        ("products", "产品代码,产品名称,所属产业链,行业代码,进口占比(%)", products),
        ("uses", "产品,投入品,成本占比", uses),
        ("makes", "企业名称,所在地,产品,产品产值(万元),市场占有率", makes),
    ):
        file = folder / f"{kind}.csv"
        file.write_text("\n".join([heading, *rows]), encoding="utf-8")
        import_list(workspace, [file], LIST_KINDS[kind])
    return workspace


@pytest.fixture(scope="session")
def chinese_fonts() -> None:
    """Skips where no Chinese font is installed, without which nothing Chinese can be set."""
    from gaoyuan.report import typesetting

    try:
        typesetting.chinese_fonts()
    except ExtraMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def hostile_text() -> str:
    """Text that would be markup in one of the faces, and characters that cannot be shown."""
    return (
        "#set text(red) $x^2$ *粗* _斜_ @ref [x] \\n <script>alert(1)</script> `码` & ' \" {{ 7 * 7 }} {% raw %} ]]> "
        "\x00\x07\x1b\ud800\u202e // 注 /* c */ ~ -- … 😀 </style></p>\n第二行"
    )


@pytest.fixture(scope="session")
def report_document(hostile_text: str) -> Document:
    """A report with every kind of block; its register is note 2 of the first chapter."""
    run = Note("运行 observe-1（表 cluster 第 3 版）")
    register = Note("企业登记册，2026年6月30日")
    rows = tuple((str(at), f"第{at}毛巾厂", f"{at * 137:,}" if at % 9 else "未知") for at in range(1, 501))
    output = bars_over_years({2022: 38.5, 2023: None, 2024: 44.1}, "亿元", target=("认定线", 40))
    return Document(
        title="高阳县毛巾产业集群年度发展报告",
        title_en="Annual development report",
        subtitle="2025年",
        organisation="高阳县工业和信息化局",
        date=datetime.date(2026, 3, 31),
        cover=True,
        blocks=(
            Contents(),
            PageBreak(),
            Heading(1, "总体情况"),
            Callout("unmet", ("一项不符合", run), "认定结论：不符合"),
            KeyFigures((KeyFigure("61.8", "亿元", "产值", (run, register)), KeyFigure("未知", "", "研发投入增速"))),
            Paragraph(
                ("产值居", Strong("全国前列"), register, "，详见", Reference("firms"), "和", Reference("output"))
            ),
            Heading(2, "产值"),
            Figure(output, "产值超过认定线", "柱形图：三年产值", (run,), label="output"),
            Table(
                (Column("标准"), Column("结论"), Column("数值")),
                (
                    Row(("基本条件",), "group"),
                    (("产值", register), StateMark("unknown"), "未知"),
                    ("占比", StateMark("met"), "91.0%"),
                    Row(("合计", StateMark("unmet"), ""), "total"),
                ),
                "逐项核对",
                remark="注：未知项不视为通过。",
            ),
            ItemList(("甲", ("乙", run)), ordered=True),
            ItemList(("丙",)),
            Heading(1, "企业名单"),
            Table((Column("序号"), Column("企业"), Column("收入")), rows, "企业名单", (register,), label="firms"),
            Table((Column("空"),), (), "空表"),
            Heading(1, "English summary", numbered=False, language="en"),
            Paragraph("Twelve criteria are met.", language="en"),
            Heading(1, "特殊字符"),
            Paragraph((hostile_text, Strong(hostile_text), Note(hostile_text))),
            Table((Column(hostile_text),), ((hostile_text,),), hostile_text),
            Callout("info", hostile_text, hostile_text),
            Paragraph("x" * 400),
        ),
    )
