"""The first pages of the annual report: verdict and key figures, then what the cluster is and where it lies."""

from __future__ import annotations

from collections.abc import Iterable

import shapely

from gaoyuan.assess.logic.states import State
from gaoyuan.report.annual_facts import AnnualFacts, growth
from gaoyuan.report.annual_wording import (
    listed_zh,
    noted,
    over_years_zh,
    parts_zh,
    q_text,
    said_zh,
)
from gaoyuan.report.document import (
    Block,
    Column,
    Figure,
    Heading,
    ItemList,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Table,
)
from gaoyuan.report.footprint_map import footprint_map
from gaoyuan.report.run_notes import UNKNOWN, Number, Origin
from gaoyuan.report.verdict_report import conclusion, criterion_name

_MEANINGS = {
    "firms": "范围内属于该行业的登记企业（成员）",
    "expected": "n·K/N：范围内全部企业数 n × 该行业占全部检验企业的比重 K/N",
    "location_quotient": "成员企业数 ÷ 期望数",
    "p_value": "没有集聚时出现同样多或更多企业的概率（超几何分布精确上尾，最强窗口）",
    "q_value": "按全部检验次数校正后的 p 值（Benjamini–Hochberg）",
    "rank": "同行业已发现集群中按证据强度的位次",
    "area_km2": "成员所在六边形网格（H3 第 8 级）填补单格空隙后的面积",
    "stability": "换用其他窗口半径时成员的平均重合度（Jaccard）",
}
_BOUNDARIES = "界线为开放数据，非国家标准地图，公开出版须换用标准地图。"
_OUTLINE_ALONE = 0.6
"""How wide a map without a footprint is: there is little to see."""
_UNITS = {"firms": "家", "expected": "家", "area_km2": "平方公里"}


def key_figures(facts: AnnualFacts) -> KeyFigures:
    """Give the numbers that matter most, each with its footnotes."""
    year, notes = facts.year, facts.notes
    output, firms = facts.of_year("output_yuan"), facts.measured("firms")
    holders = UNKNOWN
    if facts.members.titles is not None and facts.members.count:
        holders = Number(float(facts.members.holders), _title_origins(facts))
    shown = (
        (f"{year} 年产值", output, parts_zh(output, "money")),
        *_pair(f"{year} 年产值增速", growth(facts.series["output_yuan"], year), "rate"),
        *_pair("登记企业（成员）" if facts.cluster.found_by else "县区同行业企业", firms, "count", "家"),
        *_pair("区位商", facts.measured("location_quotient"), "number"),
        *_pair("占地面积", _area(facts), "area", "平方公里"),
        *_pair("主导产业占产值", facts.number("leading_output_share"), "share"),
        *_pair("有称号企业", holders, "count", "家"),
        *_pair("工业互联网平台普及率", facts.number("platform_adoption"), "share"),
    )
    return KeyFigures(
        tuple(KeyFigure(value, unit, label, notes.of_numbers([number])) for label, number, (value, unit) in shown)
    )


def summary(facts: AnnualFacts) -> list[Block]:
    """Give the first page after the contents: verdict, key figures, what the year brought in a few sentences."""
    series = facts.series["output_yuan"]
    rate = growth(series, facts.year)
    blocks: list[Block] = [
        Heading(1, "摘要与核心指标", numbered=False),
        conclusion(facts.assessment.verdict, facts.cluster.name),
        key_figures(facts),
        ItemList(
            (
                noted(
                    f"{over_years_zh('总产值', series, facts.year, rate.value)}。",
                    facts.notes.of_numbers(series.values()),
                ),
                noted(_firms_sentence(facts), facts.notes.of(facts.cluster.origin)),
                noted(_titles_sentence(facts), facts.notes.of(*_title_origins(facts))),
                _verdict_sentence(facts),
            )
        ),
    ]
    return blocks


def overview(facts: AnnualFacts) -> list[Block]:
    """Give what the cluster is, where it lies, how it was found and how strong it is."""
    cluster = facts.cluster
    blocks: list[Block] = [
        Heading(1, "集群概况"),
        Heading(2, "基本情况"),
        Paragraph(noted(_what(facts), facts.notes.of(cluster.origin))),
        Paragraph(noted(_how_found(facts), facts.notes.of(cluster.origin))),
    ]
    rows = tuple(_figure_rows(facts))
    if rows:
        columns = (Column("指标", width=0.15), Column("数值", align="right", width=0.17), Column("含义与算法"))
        blocks.append(
            Table(
                columns,
                rows,
                "集聚程度及其算法",
                facts.notes.of(cluster.origin),
                "复算：列出的数值可由 gaoyuan explain 逐项以输入复算。",
            )
        )
    return [*blocks, Heading(2, "空间分布"), *_map(facts)]


def _pair(label: str, number: Number, kind: str, unit: str = "") -> Iterable[tuple[str, Number, tuple[str, str]]]:
    yield label, number, parts_zh(number, kind, unit)  # pyright: ignore[reportArgumentType]


def _area(facts: AnnualFacts) -> Number:
    given = facts.number("area_km2")
    return given if given.value is not None or given.claims else facts.measured("area_km2")


def _what(facts: AnnualFacts) -> str:
    cluster = facts.cluster
    where = f"位于{cluster.place}" if cluster.place else "所在县区未知"
    if cluster.industry:
        industry = f"主导产业为{cluster.industry_name}（国民经济行业分类 GB/T 4754-2017，代码 {cluster.industry}）"
    elif cluster.theme:
        industry = f"名单所称产业为“{cluster.theme}”，没有对应的行业代码"
    else:
        industry = "主导产业未知"
    counties = list(facts.members.counties.items())
    spread = ""
    if len(counties) > 1:
        spread = "成员企业分布于" + "、".join(f"{name}（{count} 家）" for name, count in counties[:6])
        spread += f"等 {len(counties)} 个县区。" if len(counties) > 6 else "。"
    return f"{cluster.name}（标识 {cluster.id}）{where}，{industry}。{spread}{_recognition(facts)}"


def _recognition(facts: AnnualFacts) -> str:
    cluster = facts.cluster
    if not cluster.recognised:
        return "本产品内置的认定名单并不完整，其中没有与本集群对应的条目。"
    source = f"（来源：{cluster.recognised_source}）" if cluster.recognised_source else ""
    if not cluster.found_by:
        return f"它见于认定名单{source}。"
    return f"它与认定名单中的“{cluster.recognised}”相对应{source}。"


def _how_found(facts: AnnualFacts) -> str:
    firms, expected = facts.measured("firms"), facts.measured("expected")
    quotient, q = facts.measured("location_quotient"), facts.measured("q_value")
    if not facts.cluster.found_by:
        if firms.value is None:
            return "登记册没有显示出本集群：名单没有给出可核对的县区和行业，其企业数、区位商和范围均为未知。"
        return (
            f"登记册没有显示出本集群：按名单所述县区和（推测的）行业，登记企业 {said_zh(firms, 'count', '家')}，"
            f"按全域比重的期望数为 {said_zh(expected, 'number', '家')}，区位商 {said_zh(quotient, 'number')}。"
            "因此没有成员名单和范围，与之有关的数值均为未知。"
        )
    parameters = facts.explanation.run.get("parameters")
    given = parameters if isinstance(parameters, dict) else {}
    if facts.cluster.found_by == "cells":
        radius = f"，窗口半径 {given['radius_km']} 公里" if "radius_km" in given else ""
        how = f"按企业坐标在六边形网格上搜索{radius}"
    else:
        how = "按县区比较（该县区有坐标的企业不足）"
    said = (
        f"本集群由登记册发现，方法为{how}：成员 {said_zh(firms, 'count', '家')}，"
        f"没有集聚时的期望数为 {said_zh(expected, 'number', '家')}，区位商 {said_zh(quotient, 'number')}；"
        f"按全部检验次数校正后 q 值 {q_text(q.value)}。"
    )
    place, same = facts.measured("rank"), facts.peers.same_industry + 1
    if place.value is not None:
        alone = "它是登记册中该行业唯一的已发现集群"
        said += alone if same == 1 else f"它在该行业 {same} 个已发现集群中按证据强度列第 {place.value:.0f} 位"
        said += "；"
    stable = facts.measured("stability")
    if stable.value is None:
        return f"{said}换用其他窗口半径时的稳定度未知。"
    return f"{said}换用其他窗口半径时，成员平均重合度为 {stable.value:.2f}（1 为完全相同）。"


def _firms_sentence(facts: AnnualFacts) -> str:
    firms, quotient = facts.measured("firms"), facts.measured("location_quotient")
    if firms.value is None:
        return "登记册没有显示出本集群，企业数未知。"
    if not facts.cluster.found_by:
        return f"登记册没有显示出本集群，其县区该行业登记企业 {said_zh(firms, 'count', '家')}。"
    return f"登记册中成员企业 {said_zh(firms, 'count', '家')}，区位商 {said_zh(quotient, 'number')}。"


def _title_origins(facts: AnnualFacts) -> tuple[Origin, ...]:
    """Give the lists that the titles in force are on, all lists where there are none in force."""
    counts = facts.members.titles or ()
    return tuple(count.origin for count in counts if count.holders) or tuple(count.origin for count in counts)


def _titles_sentence(facts: AnnualFacts) -> str:
    members = facts.members
    if not members.count:
        return "没有成员名单，有称号的企业数未知。"
    if members.titles is None:
        return "没有导入称号名单，有称号的企业数未知。"
    if not members.holders:
        return f"已导入的名单中，没有成员企业的称号在 {facts.as_of} 确定有效。"
    most = facts.members.titles or ()
    each = "、".join(f"{count.zh} {count.holders} 家" for count in most if count.holders)
    return f"{members.holders} 家成员企业在 {facts.as_of} 持有有效称号，其中{each}。"


def _verdict_sentence(facts: AnnualFacts) -> str:
    told = facts.assessment.verdict
    unmet = [f"{criterion_name(one.id)} {one.zh}" for one in told.with_state(State.UNMET)]
    unknown = [criterion_name(one.id) for one in told.with_state(State.UNKNOWN)]
    said = f"对照{told.title_zh}，结论为“{told.state.zh}”"
    said += f"；不符合的有：{listed_zh(unmet, 4)}" if unmet else "；没有不符合的条目"
    if unknown:
        said += f"；结论未知的有 {len(unknown)} 条：{'、'.join(unknown)}"
    return f"{said}（见认定标准对照、差距与计划）。"


def _figure_rows(facts: AnnualFacts) -> Iterable[tuple[str, str, str]]:
    for figure in facts.explanation.figures:
        if figure.name not in _MEANINGS or figure.value is None:
            continue
        number = facts.measured(figure.name)
        inputs = "，".join(
            f"{name.split(' ')[0]} = {given:,.4g}" if isinstance(given, float) else f"{name.split(' ')[0]} = {given:,}"
            for name, given in figure.inputs.items()
            if isinstance(given, int | float) and len(name.split(" ")[0]) == 1 and name[0] != "p"
        )
        if figure.name in ("p_value", "q_value"):
            value = q_text(number.value)
        elif figure.name == "rank":
            value = f"第 {number.value:.0f} 位"
        else:
            kind = "area" if figure.name == "area_km2" else "number"
            value = said_zh(number, kind, _UNITS.get(figure.name, ""))
        meaning = _MEANINGS[figure.name] if facts.cluster.found_by or figure.name != "firms" else "县区内该行业登记企业"
        yield figure.zh, value, f"{meaning}（{inputs}）" if inputs else meaning


def _map(facts: AnnualFacts) -> list[Block]:
    cluster, members = facts.cluster, facts.members
    footprint = cluster.footprint if cluster.footprint is not None else shapely.GeometryCollection()
    if cluster.footprint is None and not cluster.outlines:
        return [Paragraph("没有成员坐标，所在县区也没有界线数据，集群范围未知，不能绘图。")]
    points = members.points if members.located else None
    svg = footprint_map(footprint, cluster.outlines, points=points, points_name="成员企业")
    names = "、".join(cluster.outlines) or cluster.place or "所在县区"
    return [
        Figure(
            svg,
            _map_caption(facts),
            f"地图：{names}的界线" + ("，集群范围和成员企业的位置" if members.located else ""),
            facts.notes.of(cluster.origin, *([members.origin] if members.located else [])),
            remark=("" if cluster.footprint is None else "范围由成员企业所在网格围成，不是规划边界。") + _BOUNDARIES,
            width=1.0 if cluster.footprint is not None else _OUTLINE_ALONE,
            label="map",
        )
    ]


def _map_caption(facts: AnnualFacts) -> str:
    members, area = facts.members, facts.measured("area_km2")
    if not members.count:
        return "县区位置；登记册没有显示出本集群，其范围未知"
    if area.value is None:
        ground = "按县区发现，没有范围多边形，面积未知"
    else:
        ground = f"集群范围 {said_zh(area, 'area', '平方公里')}"
    if not members.located:
        return f"{ground}；{members.count} 家成员均没有坐标"
    located = "全部有坐标" if members.located == members.count else f"其中 {members.located} 家有坐标"
    counties = list(members.counties)
    where = f"，均在{counties[0]}" if len(counties) == 1 else f"，分布于 {len(counties)} 个县区" if counties else ""
    return f"{ground}；{members.count} 家成员企业{located}{where}"
