"""The chapters of the annual report on the cluster's surroundings: its place in the chain, and its peers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from gaoyuan.assess.facts.wording import amount_zh
from gaoyuan.report.annual_facts import AnnualFacts
from gaoyuan.report.annual_position import STRONG_Q, Peer, Place
from gaoyuan.report.annual_wording import UNKNOWN_ZH, listed_zh, noted, q_text
from gaoyuan.report.charts import RankInterval, ranks_with_intervals
from gaoyuan.report.document import Block, Cell, Column, Figure, Heading, Paragraph, Reference, Row, StateMark, Table

INDICATORS_ZH = {"firms": "企业数", "density": "每平方公里企业数", "location_quotient": "区位商"}
REFUSED = "不比较"


def chain(facts: AnnualFacts) -> list[Block]:
    """Give the related industries of the cluster and what its county has of them."""
    position, cluster = facts.position, facts.cluster
    blocks: list[Block] = [Heading(1, "产业链位置")]
    if not cluster.industry or not cluster.county:
        missing = "行业代码" if not cluster.industry else "所在县区"
        return [*blocks, Paragraph(f"本集群的{missing}未知，不能给出关联行业和所在县区的其他优势行业。{_ATLAS}")]
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
    return [*blocks, Paragraph(_ATLAS)]


_ATLAS = (
    "说明：行业关联只反映地理上的共现，不等于上下游交易。"
    "工作区中没有产业链图谱和交易数据的表，上游供给、下游去向和本地配套率未知。"
)


def peers(facts: AnnualFacts) -> list[Block]:
    """Give the comparison with clusters of the same industry and of a like size, as far as the data carry it."""
    found = facts.peers
    blocks: list[Block] = [Heading(1, "同类比较")]
    others = [peer for peer in found.peers if not peer.own]
    if not others:
        return [*blocks, Paragraph(f"{found.unranked or '工作区内没有其他已发现的集群可比较'}。")]
    same = sum(peer.same_industry for peer in others)
    if found.same_industry == 0:
        said = "工作区内没有同一行业的其他集群"
    elif same == found.same_industry:
        said = f"工作区内同一行业的其他集群有 {found.same_industry} 个，全部列出"
    else:
        said = f"工作区内同一行业的其他集群有 {found.same_industry} 个，列出区位商最高的 {same} 个"
    similar = len(others) - same
    said += f"；另列企业数最接近的 {similar} 个其他行业集群（本省优先）。" if similar else "。"
    refused = [text for text in (found.firms_refused, found.quotient_refused) if text]
    said += "".join(f"{text}，表中以“{REFUSED}”标出。" for text in dict.fromkeys(refused))
    blocks.append(Paragraph(noted(said, facts.notes.of(found.origin))))
    blocks.append(_peer_table(facts))
    return [*blocks, *_ranking(facts)]


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


def _peer_table(facts: AnnualFacts) -> Table:
    found = facts.peers
    columns = (
        Column("集群", width=0.34),
        Column("企业数", align="right"),
        Column("区位商", align="right"),
        Column("面积（平方公里）", align="right"),
        Column("企业数/平方公里", align="right"),
        Column("稳定度", align="right"),
    )
    own = [peer for peer in found.peers if peer.own]
    same = [peer for peer in found.peers if peer.same_industry and not peer.own]
    similar = [peer for peer in found.peers if not peer.same_industry]
    rows: list[Row | tuple[Cell, ...]] = []
    for name, group in (("本集群", own), ("同一行业", same), ("规模相近", similar)):
        if group:
            rows += [Row((name,), "group"), *(_peer_row(peer, facts) for peer in group)]
    how = replace(found.origin, how="每平方公里企业数由本报告计算：企业数 ÷ 面积")
    remark = "企业数为登记册中的成员企业。各行业的企业总数不同，不同行业之间的区位商只作参考。"
    return Table(
        columns, tuple(rows), "与同行业、相近规模集群的比较", facts.notes.of(found.origin, how), remark, "peers"
    )


def _peer_row(peer: Peer, facts: AnnualFacts) -> tuple[Cell, ...]:
    found = facts.peers
    compared_firms = peer.counted
    compared_quotient = peer.own or not found.quotient_refused
    return (
        _names(found.peers)[peer.id],
        f"{peer.firms:,}" if compared_firms else REFUSED,
        amount_zh(peer.location_quotient, "number") if compared_quotient else REFUSED,
        UNKNOWN_ZH if peer.area_km2 is None else amount_zh(peer.area_km2, "number"),
        REFUSED if not compared_firms else UNKNOWN_ZH if peer.density is None else amount_zh(peer.density, "number"),
        UNKNOWN_ZH if peer.stability is None else f"{peer.stability:.2f}",
    )


def _names(peers: Sequence[Peer]) -> dict[str, str]:
    """Give the name of each cluster by id, with the id where several have the same name."""
    times = Counter(peer.name for peer in peers)
    return {peer.id: peer.name if times[peer.name] == 1 else f"{peer.name}（{peer.id}）" for peer in peers}


def _ranking(facts: AnnualFacts) -> list[Block]:
    found = facts.peers
    if not found.places:
        return [Paragraph(f"{found.unranked}。")]
    names = _names(found.peers)
    own = next(place for place in found.places if place.id == facts.cluster.id)
    items = [
        RankInterval(names[place.id], place.rank, place.low, place.high, place.id == facts.cluster.id)
        for place in found.places
    ]
    of = len(found.places)
    used = "、".join(INDICATORS_ZH[name] for name in found.indicators)
    sure = "不随权重而变" if own.low == own.high else f"权重变动时有 95% 的可能在第 {own.low} 至第 {own.high} 名之间"
    among = f"可比的 {of} 个集群" if found.firms_refused else f" {of} 个集群"
    caption = f"按{used}等权综合，本集群在{among}中列第 {own.rank:.3g} 名，{sure}"
    close = [names[place.id] for place in found.places if place.id != own.id and _overlap(place.low, place.high, own)]
    remark = "没有官方权重：等权是本产品的默认设置，名次区间由随机抽取权重得出（SMAA）。"
    if close:
        remark += f"与本集群名次区间重叠、先后不能确定的有：{listed_zh(close)}。"
    how = f"由本报告计算：{used}的等权加权和（产品默认权重），名次区间为抽样权重下的 95% 区间"
    return [
        Figure(
            ranks_with_intervals(items, of, "95% 名次区间"),
            caption,
            f"名次图：{of} 个集群的综合名次及其区间",
            facts.notes.of(replace(found.origin, how=how)),
            remark=remark,
            label="ranks",
        )
    ]


def _overlap(low: int, high: int, own: Place) -> bool:
    return low <= own.high and high >= own.low
