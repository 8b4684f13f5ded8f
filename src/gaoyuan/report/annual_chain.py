"""The chapter of the annual report on the cluster's place in its chains, and on the industries related to its own."""

from __future__ import annotations

from collections.abc import Iterator

from gaoyuan.assess.facts.wording import amount_zh
from gaoyuan.chain.atlas.link_state import STATES_ZH
from gaoyuan.report.annual_facts import AnnualFacts
from gaoyuan.report.annual_position import STRONG_Q
from gaoyuan.report.annual_supply import Link, LocalRate
from gaoyuan.report.annual_wording import UNKNOWN_ZH, listed_zh, noted, q_text
from gaoyuan.report.document import Block, Cell, Column, Heading, Paragraph, Reference, StateMark, Table

_MOST_LINKS = 12
_MARKS = {"strong": "met", "weak": "manual_review", "single_source": "manual_review", "unknown": "unknown"}


def chain(facts: AnnualFacts) -> list[Block]:
    """Give what the cluster's firms make and lack, how much of it is local, and the industries related to its own."""
    return [Heading(1, "产业链位置"), *_supply(facts), *_related(facts)]


def _related(facts: AnnualFacts) -> list[Block]:
    position, cluster = facts.position, facts.cluster
    blocks: list[Block] = [Heading(2, "关联行业")]
    if not cluster.industry or not cluster.county:
        missing = "行业代码" if not cluster.industry else "所在县区"
        return [*blocks, Paragraph(f"本集群的{missing}未知，不能给出关联行业和所在县区的其他优势行业。")]
    county = cluster.county_name
    strong = [one.name for one in position.related if one.strong]
    if not position.related:
        blocks.append(Paragraph("登记册中没有与主导产业共同出现得足够多的行业，关联行业未知。"))
    else:
        said = f"与主导产业最常在同一县区共同形成优势的行业列出 {len(position.related)} 个，见"
        if strong:
            after = f"；其中{county}也具有优势的有 {len(strong)} 个：{listed_zh(strong)}。"
        else:
            after = f"；{county}在这些行业都还没有形成优势（q 均高于 {STRONG_Q}），可作为补链时核对的方向。"
        blocks.append(Paragraph((said, Reference("related"), *noted(after, facts.notes.of(position.pair_origin)))))
    if position.related:
        blocks.append(_related_table(facts))
    if position.strengths:
        names = listed_zh([one.name for one in position.strengths])
        blocks.append(Paragraph(noted(f"{county}的其他优势行业有：{names}。", facts.notes.of(position.region_origin))))
        blocks.append(_strengths_table(facts))
    else:
        said = f"除主导产业外，{county}没有其他行业的企业数显著多于期望（q ≤ {STRONG_Q}）。"
        blocks.append(Paragraph(noted(said, facts.notes.of(position.region_origin))))
    return [*blocks, Paragraph("说明：行业关联只反映地理上的共现，不等于上下游交易。")]


def _supply(facts: AnnualFacts) -> list[Block]:
    """Give the chapter's part that rests on lists of products, uses, makers and trades."""
    supply, blocks = facts.supply, list[Block]([Heading(2, "产品与配套")])
    if not supply.known:
        return [*blocks, Paragraph("工作区没有产品、投入和交易的清单，成员生产的产品、上游供给和本地配套率未知。")]
    notes = facts.notes.of(*supply.origins)
    if not supply.made:
        blocks.append(Paragraph("没有成员企业在清单中列有产品，成员生产的产品和上游供给未知。"))
    else:
        said = f"清单中成员企业生产的产品有 {len(supply.made)} 种，见"
        needs = f"，需要 {supply.inputs} 种投入品" if supply.inputs else "，清单没有列出它们的投入品"
        lacking = "；环节均为强" if supply.inputs and not supply.needed else ""
        if supply.needed:
            lacking = f"，其中 {len(supply.needed)} 种在{_where(facts)}不是强环节，可作为补链强链的方向"
        blocks.append(Paragraph((said, Reference("made"), *noted(f"{needs}{lacking}。", notes))))
        blocks.append(_made_table(facts))
        if supply.needed:
            blocks.append(_needed_table(facts))
    blocks += [Paragraph(noted(_rate_zh(one, facts), notes)) for one in supply.rates]
    if not supply.rates:
        blocks.append(Paragraph("没有可用的交易或投入品数据，本地配套率未知。"))
    return blocks


def unknown_of_chain(facts: AnnualFacts) -> Iterator[str]:
    """Give what is not known of the cluster's place in its chains, one thing a sentence."""
    supply = facts.supply
    if not supply.known:
        yield "成员生产的产品、上游供给与本地配套率：工作区中没有产品、投入和交易的清单"
        return
    if not supply.made:
        yield "成员生产的产品与上游供给：清单中没有成员企业的产品"
    elif not supply.inputs:
        yield "上游供给：清单中没有成员产品的投入品"
    if not supply.rates:
        yield "本地配套率：没有可用的交易或投入品数据"


def _where(facts: AnnualFacts) -> str:
    return facts.cluster.county_name if facts.cluster.county else "全部登记企业中"


def _rate_zh(rate: LocalRate, facts: AnnualFacts) -> str:
    scope = "集群内" if rate.scope == "cluster" else facts.cluster.county_name
    if rate.by == "trades":
        what = f"{scope}企业已知采购 {amount_zh(rate.total, 'money')}，其中由{scope}企业供应的占"
    else:
        what = f"{scope}企业的产品需要 {rate.total:,.0f} 种投入品（没有交易数据），其中{scope}有企业生产的占"
    exact = rate.low == rate.high
    share = amount_zh(rate.low, "share") + ("" if exact else f" 至 {amount_zh(rate.high, 'share')}")
    after = "" if exact else f"（卖方所在地已知的部分为 {amount_zh(rate.coverage, 'share')}）"
    if rate.by == "products" and not exact:
        after = f"（生产情况已知的部分为 {amount_zh(rate.coverage, 'share')}）"
    return f"本地配套率：{what} {share}{after}。"


def _made_table(facts: AnnualFacts) -> Table:
    shown = facts.supply.made[:_MOST_LINKS]
    columns = (
        Column("产品", width=0.34),
        Column("成员生产企业", align="right"),
        Column("县内生产企业", align="right"),
        Column("占全国份额", align="right"),
        Column("环节状态", width=0.16),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            f"{link.name}（{link.product}）",
            f"{link.members:,}",
            UNKNOWN_ZH if link.in_county is None else f"{link.in_county:,}",
            UNKNOWN_ZH if link.national_share is None else f"至少 {amount_zh(link.national_share, 'share')}",
            _state(link),
        )
        for link in shown
    ]
    remark = "份额为已申报份额的成员之和；环节状态的界限是本产品的默认设置，没有官方文本规定。"
    if len(facts.supply.made) > len(shown):
        remark += f"列出生产企业最多的 {len(shown)} 种。"
    notes = facts.notes.of(*facts.supply.origins)
    return Table(columns, tuple(rows), f"成员生产的产品及其在{_where(facts)}的环节状态", notes, remark, label="made")


def _needed_table(facts: AnnualFacts) -> Table:
    shown = facts.supply.needed[:_MOST_LINKS]
    columns = (
        Column("投入品", width=0.3),
        Column("用于", width=0.34),
        Column("县内生产企业", align="right"),
        Column("环节状态", width=0.16),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            f"{link.name}（{link.product}）",
            listed_zh(list(link.needed_for)),
            UNKNOWN_ZH if link.in_county is None else f"{link.in_county:,}",
            _state(link),
        )
        for link in shown
    ]
    more = len(facts.supply.needed) - len(shown)
    remark = f"另有 {more} 种未列出。" if more else ""
    return Table(columns, tuple(rows), "需要补强的投入品（缺失者在前）", facts.notes.of(*facts.supply.origins), remark)


def _state(link: Link) -> StateMark:
    return StateMark(_MARKS.get(link.state, "unmet"), STATES_ZH[link.state])


def _related_table(facts: AnnualFacts) -> Table:
    columns = (
        Column("行业", width=0.34),
        Column("邻近度", align="right"),
        Column("当地企业", align="right"),
        Column("区位商", align="right"),
        Column("q 值", align="right"),
        Column("当地优势", width=0.14),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in facts.position.related:
        state = StateMark("met", "有") if one.strong else StateMark("not_applicable", "无")
        rows.append(
            (
                f"{one.code} {one.name}",
                UNKNOWN_ZH if one.proximity is None else f"{one.proximity:.2f}",
                f"{one.firms:,}",
                "0" if one.location_quotient is None else amount_zh(one.location_quotient, "number", "", 3),
                "—" if one.q_value is None else q_text(one.q_value),
                state,
            )
        )
    remark = (
        "邻近度：一个县区在两行业之一有优势时，在另一行业也有优势的条件概率（取两个方向中较小者）。"
        f"“当地优势”指区位商不低于 1 且 q 不高于 {STRONG_Q}；企业数很少时区位商虽高也不足为据。"
    )
    notes = facts.notes.of(facts.position.pair_origin, facts.position.region_origin)
    return Table(columns, tuple(rows), "与主导产业关联最密的行业", notes, remark, label="related")


def _strengths_table(facts: AnnualFacts) -> Table:
    columns = (
        Column("行业", width=0.46),
        Column("企业", align="right"),
        Column("区位商", align="right"),
        Column("q 值", align="right"),
    )
    rows = tuple(
        (
            f"{one.code} {one.name}",
            f"{one.firms:,}",
            amount_zh(one.location_quotient, "number", "", 3),
            q_text(one.q_value),
        )
        for one in facts.position.strengths
    )
    place = facts.cluster.county_name
    return Table(
        columns, rows, f"{place}的其他优势行业（证据最强者在前）", facts.notes.of(facts.position.region_origin)
    )
