"""The chapters of the annual report on the firms: industry and shares, titles, innovation, digital and green."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.source_words import source_zh
from gaoyuan.assess.facts.wording import amount_zh
from gaoyuan.report.annual_facts import AnnualFacts
from gaoyuan.report.annual_members import Grant, TitledFirm
from gaoyuan.report.annual_wording import UNKNOWN_ZH, metric_zh, noted
from gaoyuan.report.charts import shares
from gaoyuan.report.document import Block, Cell, Column, Figure, Heading, Paragraph, Row, Table
from gaoyuan.report.run_notes import Number

SIZES_ZH = {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}
LEVELS_ZH = {"national": "国家级", "provincial": "省级", "city": "市级"}
INNOVATION = ("sme_rd_growth", "innovation_platforms")
MORE_INNOVATION = ("national_rd_bodies", "provincial_rd_bodies", "patents_per_100m_yuan", "standards_joined")
DIGITAL = ("platform_adoption",)
GREEN = ("green_level",)
MORE_DIGITAL_GREEN = (
    "cluster_platforms", "renewable_share", "green_manufacturing", "cleaner_production", "energy_goal_met",
)  # fmt: skip
_SIZE_RULE = "《统计上大中小微型企业划分办法（2017）》"


def industry(facts: AnnualFacts) -> list[Block]:
    """Give the leading industry, its shares, and the members by size."""
    return [Heading(1, "主导产业与企业构成"), *_shares(facts), *_sizes(facts), *_largest(facts)]


def titles(facts: AnnualFacts) -> list[Block]:
    """Give the firms with titles: how many of each, and who they are."""
    members, day = facts.members, facts.as_of
    blocks: list[Block] = [Heading(1, "优质企业与称号")]
    if not members.count:
        return [*blocks, Paragraph("登记册没有显示出本集群，没有成员名单，拥有称号的企业数未知。")]
    if members.titles is None:
        said = "没有导入任何称号名单，拥有称号的企业数未知（不等于没有）。"
        return [*blocks, Paragraph(f"{said}导入方法：gaoyuan import 工作区 titles 名单文件。")]
    held = [count for count in members.titles if count.holders]
    if members.holders:
        each = "、".join(f"{count.zh} {count.holders} 家" for count in held)
        said = f"截至 {day}，{members.holders} 家成员企业持有有效称号：{each}（一家企业可有多项）。"
    elif members.titled:
        said = f"截至 {day}，没有成员企业的称号确定有效。"
    else:
        said = f"已导入的名单中没有本集群的成员企业（截至 {day}）。名单未必完整，名单之外的称号未知。"
    blocks.append(Paragraph(noted(said, facts.notes.of(*(count.origin for count in held)))))
    rows = tuple(
        ((count.zh, *facts.notes.of(count.origin)), str(count.holders), str(count.open), str(count.ended))
        for count in members.titles
    )
    columns = (
        Column("称号", width=0.46),
        Column("有效", align="right"),
        Column("有效期不明", align="right"),
        Column("已过期", align="right"),
    )
    remark = (
        "单位：家。只列已导入名单的称号，其他称号未知。“有效期不明”指名单与规则都没有给出起止日期，认定标准中按有效计。"
    )
    if members.unmatched:
        remark += f"名单中另有 {members.unmatched} 条记录未能与登记企业对应，其中可能有本集群的企业。"
    blocks.append(Table(columns, rows, f"各类称号企业数（{day}）", remark=remark, label="titles"))
    return [*blocks, *_titled(facts)]


def innovation(facts: AnnualFacts) -> list[Block]:
    """Give research and development and intellectual property, as far as known."""
    rows: list[Row | tuple[Cell, ...]] = [_row(facts, name) for name in INNOVATION]
    spent = facts.of_year("cluster_rd_yuan")
    rows.append(_number_row(facts, f"{facts.year} 年{metrics()['cluster_rd_yuan'].zh}", spent, "cluster_rd_yuan"))
    rows += [_row(facts, name) for name in MORE_INNOVATION if name in facts.numbers]
    rows.append(_row(facts, "hightech_firms"))
    members = facts.members
    if not any(one.metric == "class1_ip" for one in members.reported):
        rows.append((metrics()["class1_ip"].zh, UNKNOWN_ZH, "没有企业填报"))
    for one in members.reported:
        metric = metrics()[one.metric]
        value = f"{'' if one.firms == members.count else '至少 '}{amount_zh(one.total, metric.kind, metric.unit_zh)}"
        said = f"{one.firms:,} / {members.count:,} 家成员填报"
        rows.append((metric.zh, (value, *facts.notes.of(*one.origins)), said))
    unknown = [str(row[0]) for row in rows if isinstance(row, tuple) and row[1] == UNKNOWN_ZH]
    said = "本章数值来自填报的事实和称号名单。"
    said += f"尚未知道的有：{'、'.join(unknown)}。" if unknown else "各项均有数据。"
    growth = facts.number("sme_rd_growth")
    if growth.value is not None:
        said = f"近三年中小企业研发经费年均增长 {metric_zh(growth, 'sme_rd_growth')}。{said}"
    return [
        Heading(1, "创新能力"),
        Paragraph(noted(said, facts.notes.of_numbers([growth]))),
        Table(_COLUMNS, tuple(rows), "创新情况", label="innovation"),
    ]


def digital_green(facts: AnnualFacts) -> list[Block]:
    """Give the digital and green level, as far as known."""
    adoption, green = facts.number("platform_adoption"), facts.number("green_level")
    rows: list[Row | tuple[Cell, ...]] = [Row(("数字化",), "group"), *(_row(facts, name) for name in DIGITAL)]
    levels = facts.members.digital
    if levels is None:
        rows.append(("企业数字化水平等级", UNKNOWN_ZH, "没有导入成员企业的数字化水平评测结果"))
    else:
        said = "、".join(f"{level} 级 {count} 家" for level, count in levels.levels.items())
        known = sum(levels.levels.values())
        rows.append(
            (
                "企业数字化水平等级",
                (said, *facts.notes.of(*levels.origins)),
                f"{levels.title_zh}；{known:,} / {facts.members.count:,} 家成员已知",
            )
        )
    rows += [Row(("绿色化",), "group"), *(_row(facts, name) for name in GREEN)]
    rows += [_row(facts, name) for name in MORE_DIGITAL_GREEN if name in facts.numbers]
    first = (
        "工业互联网平台应用普及率未知"
        if adoption.value is None
        else f"工业互联网平台应用普及率为 {metric_zh(adoption, 'platform_adoption')}"
    )
    if green.value is None:
        second = "绿色化发展水平未知，须由人评审"
    else:
        second = "经评审" + ("具有" if green.value else "不具有") + "较高绿色化发展水平"
    third = "成员企业的数字化水平等级未知" if levels is None else "成员企业的数字化水平等级见下表"
    return [
        Heading(1, "数字化与绿色化"),
        Paragraph(noted(f"{first}；{third}；{second}。", facts.notes.of_numbers([adoption, green]))),
        Table(_COLUMNS, tuple(rows), "数字化与绿色化情况", label="digital"),
    ]


_COLUMNS = (Column("指标", width=0.46), Column("数值", align="right", width=0.2), Column("来源与覆盖"))


def _row(facts: AnnualFacts, metric: str) -> tuple[Cell, ...]:
    return _number_row(facts, metrics()[metric].zh, facts.number(metric), metric)


def _number_row(facts: AnnualFacts, name: str, number: Number, metric: str) -> tuple[Cell, ...]:
    said = metric_zh(number, metric)
    sources = "、".join(dict.fromkeys(source_zh(origin.source) for origin in number.origins if origin.source))
    if number.value is None and not number.claims:
        return name, said, "没有数据"
    return name, (said, *facts.notes.of(*number.origins)), sources or "未注明"


def _shares(facts: AnnualFacts) -> list[Block]:
    leading, smes = facts.number("leading_output_share"), facts.number("sme_output_share")
    position, cluster = facts.position, facts.cluster
    known = [(name, number) for name, number in (("主导产业", leading), ("中小企业", smes)) if number.value is not None]
    blocks: list[Block] = []
    if position.own_share is not None:
        share = amount_zh(position.own_share, "share")
        coded = f"{position.county_firms or 0:,} 家已编码登记企业"
        said = f"{cluster.county_name}的 {coded}中，{cluster.industry_name}占 {share}。"
        blocks.append(Paragraph(noted(said, facts.notes.of(position.region_origin))))
    if not known:
        return [*blocks, Paragraph("主导产业和中小企业产值占集群总产值的比重均未知。")]
    caption = "；".join(
        f"{name}产值占集群总产值 {amount_zh(number.value, 'share')}"
        if number.value is not None
        else f"{name}产值占比未知"
        for name, number in (("主导产业", leading), ("中小企业", smes))
    )
    svg = shares({f"{name}产值": _two_parts(number) for name, number in (("主导产业", leading), ("中小企业", smes))})
    notes = facts.notes.of_numbers([leading, smes])
    return [*blocks, Figure(svg, caption, "条形图：主导产业、中小企业产值占集群总产值的比重", notes, label="shares")]


def _two_parts(number: Number) -> dict[str, float | None]:
    share = number.value
    return {"所占比重": share, "其余": None if share is None else max(0.0, 1 - share)}


def _sizes(facts: AnnualFacts) -> list[Block]:
    members = facts.members
    if not members.count:
        return [Paragraph("登记册没有显示出本集群，成员企业的行业与规模构成未知。")]
    blocks: list[Block] = []
    if len(members.industries) > 1:
        rows = tuple((code, name, f"{count:,}") for code, name, count in members.industries[:10])
        columns = (Column("行业代码"), Column("行业"), Column("成员企业", align="right"))
        blocks.append(Table(columns, rows, "成员企业的行业构成（前十）", facts.notes.of(members.origin)))
    if not members.sized:
        said = f"{members.count:,} 家成员企业的规模数据不足，无一能够按{_SIZE_RULE}划型，规模构成未知。"
        return [*blocks, Paragraph(noted(said, facts.notes.of(members.origin)))]
    named = {SIZES_ZH[name]: count for name, count in members.sizes.items()}
    unknown = members.count - members.sized
    most = max(named, key=lambda name: named[name])
    caption = f"{members.sized:,} 家已知规模的成员企业中，{most}企业最多，有 {named[most]:,} 家"
    caption += f"；另有 {unknown:,} 家规模未知" if unknown else "；所有成员的规模均已知"
    svg = shares({"成员企业": {name: count / members.count for name, count in named.items()}})
    how = f"由登记的从业人员、营业收入、资产按{_SIZE_RULE}划型，数据不足以判定的为未知"
    notes = facts.notes.of(replace(members.origin, how=how))
    table = Table(
        (Column("规模"), Column("企业数", align="right"), Column("占成员", align="right")),
        (
            *((name, f"{count:,}", amount_zh(count / members.count, "share", "", 3)) for name, count in named.items()),
            *([(UNKNOWN_ZH, f"{unknown:,}", amount_zh(unknown / members.count, "share", "", 3))] if unknown else []),
            Row(("合计", f"{members.count:,}", "100%"), "total"),
        ),
        "成员企业按规模",
        notes,
    )
    return [*blocks, Figure(svg, caption, "条形图：成员企业按规模的构成", notes, label="sizes"), table]


def _largest(facts: AnnualFacts) -> list[Block]:
    members = facts.members
    if not members.largest:
        return []
    rows = tuple(
        (
            str(at),
            firm.name,
            UNKNOWN_ZH if firm.revenue_yuan is None else amount_zh(firm.revenue_yuan, "money"),
            UNKNOWN_ZH if firm.employees is None else f"{firm.employees:,}",
        )
        for at, firm in enumerate(members.largest, 1)
    )
    columns = (
        Column("序号", width=0.09),
        Column("企业", width=0.5),
        Column("登记营业收入", align="right"),
        Column("从业人员", align="right"),
    )
    unknown = members.count - members.revenue_firms
    remark = f"另有 {unknown:,} 家成员企业的营业收入未知，其中可能有更大的企业。" if unknown else ""
    caption = f"营业收入最大的 {len(rows)} 家成员企业（登记数据）"
    return [Table(columns, rows, caption, facts.notes.of(members.origin), remark)]


def _titled(facts: AnnualFacts) -> list[Block]:
    firms = facts.members.titled
    if not firms:
        return []
    rows = tuple(row for at, firm in enumerate(firms, 1) for row in _firm_rows(str(at), firm))
    columns = (
        Column("序号", width=0.08),
        Column("企业", width=0.36),
        Column("称号", width=0.3),
        Column("认定", width=0.12),
        Column("有效期至", width=0.14),
    )
    notes = facts.notes.of(*(grant.origin for firm in firms for grant in firm.grants))
    return [Table(columns, rows, f"有称号的成员企业名单（{len(firms)} 家）", notes, label="titled")]


def _firm_rows(at: str, firm: TitledFirm) -> Iterator[tuple[Cell, ...]]:
    """Give a row for each title of a firm; the firm itself is named in the first."""
    first = (at, firm.name)
    for grant in firm.grants:
        level = "" if grant.level == "national" else f"（{LEVELS_ZH.get(grant.level, grant.level)}）"
        yield *first, f"{grant.title_zh}{level}", grant.granted or UNKNOWN_ZH, _until(grant)
        first = ("", "")


def _until(grant: Grant) -> str:
    if grant.valid_to is None:
        return UNKNOWN_ZH
    ended = "（已过期）" if grant.holds is False else ""
    return f"{grant.valid_to.isoformat()}{ended}"
