"""The chapter of the annual report that compares the cluster with its peers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from gaoyuan.assess.facts.wording import amount_zh
from gaoyuan.report.annual_facts import AnnualFacts
from gaoyuan.report.annual_position import Peer, Place
from gaoyuan.report.annual_wording import UNKNOWN_ZH, listed_zh, noted
from gaoyuan.report.charts import RankInterval, ranks_with_intervals
from gaoyuan.report.document import Block, Cell, Column, Figure, Heading, Paragraph, Row, Table

INDICATORS_ZH = {"firms": "企业数", "density": "每平方公里企业数", "location_quotient": "区位商"}
REFUSED = "不比较"


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
