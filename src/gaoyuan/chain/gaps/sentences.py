"""The reasons of gaps and candidates in words, Chinese and English, built from facts alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gaoyuan.chain.atlas.link_state import IMPORTED, MISSING, SINGLE_SOURCE
from gaoyuan.codes import Level, counties, division_name, full_name, industries, titles
from gaoyuan.errors import NotFound

Words: TypeAlias = tuple[str, str]
"""A sentence in Chinese and the same in English."""

_SIZES: dict[str, Words] = {
    "large": ("大型企业", "large firm"),
    "medium": ("中型企业", "medium firm"),
    "small": ("小型企业", "small firm"),
    "micro": ("微型企业", "micro firm"),
}


@dataclass(frozen=True, slots=True)
class GapFacts:
    """What is told of a gap; None where it is not known. Shares and densities are 0 to 1.

    `ends` are the final products that values refer to. `low_local_share` is the share of local purchases that is local,
    at most, where it is so low that the link is weak for it; `unknown` are the parts of the score that are not known.
    """

    state: int
    only_maker: str | None
    local_firms: int
    unplaced_firms: int
    possible_firms: int | None
    imported_share: float | None
    low_local_share: float | None
    needed_by: int
    carried_share: float | None
    ends: str
    ends_en: str
    dominates: int
    feasibility: float | None
    percentile: float | None
    outside_firms: int
    outside_share: float | None
    leader: str | None
    leader_share: float | None
    unknown: tuple[Words, ...]


def joined(sentences: Sequence[Words]) -> Words:
    """Put sentences together to one line in each language."""
    return "；".join(zh for zh, _ in sentences), "; ".join(en for _, en in sentences)


def gap_reasons(facts: GapFacts) -> Words:
    """Say why a link is a gap and what speaks for closing it."""
    said = [_state(facts)]
    if facts.unplaced_firms:
        said.append(
            (
                f"另有 {facts.unplaced_firms} 家企业所在地未知",
                f"makers of which it is not known where they are: {facts.unplaced_firms}",
            )
        )
    if facts.possible_firms:
        said.append(
            (
                f"本地同行业企业 {facts.possible_firms} 家的产品未知",
                f"local firms of its industry of which no product is known: {facts.possible_firms}",
            )
        )
    if facts.needed_by:
        said.append(
            (
                f"本地 {facts.needed_by} 种产品（含各级）需要它",
                f"local products that need it, at any level: {facts.needed_by}",
            )
        )
    if facts.carried_share is not None:
        said.append(
            (
                f"承载{facts.ends}价值的 {facts.carried_share:.2%}",
                f"carries {facts.carried_share:.2%} of the value of {facts.ends_en}",
            )
        )
    if facts.dominates:
        said.append(
            (
                f"{facts.dominates} 种投入只能经它进入{facts.ends}",
                f"inputs that reach {facts.ends_en} only through it: {facts.dominates}",
            )
        )
    if facts.feasibility is not None and facts.percentile is not None:
        said.append(
            (
                f"其行业在本地的关联密度 {facts.feasibility:.2f}，高于 {facts.percentile:.0%} 的行业",
                f"relatedness density of its industry here {facts.feasibility:.2f}, above that of "
                f"{facts.percentile:.0%} of industries",
            )
        )
    said.append(_outside(facts))
    if facts.unknown:
        zh, en = "、".join(zh for zh, _ in facts.unknown), ", ".join(en for _, en in facts.unknown)
        said.append((f"未知而未计入优先度：{zh}", f"unknown, so left out of the score: {en}"))
    return joined(said)


def _state(facts: GapFacts) -> Words:
    if facts.state == IMPORTED:
        share = facts.imported_share or 0.0
        return (
            f"依赖进口：全国用量的 {share:.0%} 来自进口，本地没有已知企业",
            f"imported: {share:.0%} of national use, no local maker known",
        )
    if facts.state == MISSING:
        return "缺失：本地没有已知企业", "missing: no local maker known"
    if facts.state == SINGLE_SOURCE:
        return (
            f"单一来源：本地仅 {facts.only_maker} 一家",
            f"single source: {facts.only_maker} is the only local maker known",
        )
    share = facts.low_local_share
    if share is not None:
        return (
            f"弱：本地 {facts.local_firms} 家，本地采购占比至多 {share:.0%}",
            f"weak: local makers known: {facts.local_firms}, at most {share:.0%} of local purchases are local",
        )
    return f"弱：本地仅 {facts.local_firms} 家", f"weak: local makers known: {facts.local_firms}"


def _outside(facts: GapFacts) -> Words:
    if not facts.outside_firms:
        return "没有已知的外地企业", "no maker outside is known"
    zh, en = f"已知外地企业 {facts.outside_firms} 家", f"makers known outside: {facts.outside_firms}"
    if facts.outside_share is None:
        return zh, en
    zh, en = f"{zh}，合计全国占比 {facts.outside_share:.1%}", f"{en}, with {facts.outside_share:.1%} of the country"
    if facts.leader is not None and facts.leader_share is not None:
        zh += f"，最大为 {facts.leader}（{facts.leader_share:.1%}）"
        en += f", the largest {facts.leader} ({facts.leader_share:.1%})"
    return zh, en


def makes_it(share: float | None, output_yuan: float | None) -> Words:
    """Say that a firm makes the product."""
    zh, en = "生产该产品", "makes the product"
    if share is not None:
        zh, en = f"{zh}，全国占比 {share:.1%}", f"{en}, {share:.1%} of the country"
    if output_yuan is not None:
        zh, en = f"{zh}，产值 {_yuan_zh(output_yuan)}", f"{en}, output {output_yuan / 1e6:,.1f} million yuan"
    return zh, en


def makes(product: str) -> Words:
    """Say what else a firm makes."""
    return f"生产{product}", f"makes {product}"


def same_industry(code: str) -> Words:
    """Say that a firm is of the product's industry, and that its product is not confirmed."""
    return (
        f"行业相同：{_industry(code)}，产品未确认",
        f"same industry {_industry(code)}, product not confirmed",
    )


def revenue(yuan: float) -> Words:
    """Say what a firm's revenue is."""
    return f"营业收入 {_yuan_zh(yuan)}", f"revenue {yuan / 1e6:,.1f} million yuan"


def related_product(product: str, inputs: Sequence[str], users: Sequence[str], either: int) -> Words:
    """Say which related product a firm makes and what the two share; `either` is what both are linked to in all."""
    shared = len(inputs) + len(users)
    zh, en = [], []
    if inputs:
        zh.append(f"投入 {_few(inputs, '、')}")
        en.append(f"inputs {_few(inputs, ', ')}")
    if users:
        zh.append(f"用户 {_few(users, '、')}")
        en.append(f"users {_few(users, ', ')}")
    return (
        f"生产{product}，与之共有{'、'.join(zh)}（{shared}/{either}，杰卡德指数 {shared / either:.2f}）",
        f"makes {product}, which shares with it {' and '.join(en)} ({shared} of {either}, "
        f"Jaccard index {shared / either:.2f})",
    )


def near_industry(own: str, wanted: str, proximity: float) -> Words:
    """Say how near a firm's industry is to the product's."""
    if own == wanted:
        return f"行业相同：{_industry(own)}", f"same industry {_industry(own)}"
    return (
        f"行业相近：{_industry(own)}，邻近度 {proximity:.2f}",
        f"near industry {_industry(own)}, proximity {proximity:.2f}",
    )


def size_of(size: str) -> Words:
    """Say how large a firm is."""
    return _SIZES[size]


def titles_of(held: str) -> Words:
    """Say which titles a firm holds, from their ids separated by a bar."""
    known = titles()
    ids = held.split("|")
    zh = "、".join(known[one].zh if one in known else one for one in ids)
    return f"称号：{zh}", f"titles: {', '.join(known[one].en if one in known else one for one in ids)}"


def distance(kilometres: float) -> Words:
    """Say how far a firm is from the middle of the local firms."""
    return f"距本地约 {kilometres:,.0f} 公里", f"about {kilometres:,.0f} km away"


def place_of(given: str | None, division: str | None) -> str | None:
    """Give the place of a firm as given, else its division by name, else by code; None where neither is known."""
    if given is not None or division is None:
        return given
    if division in counties():
        return full_name(division)
    try:
        name = division_name(division)
        return name if division.endswith("0000") else division_name(f"{division[:2]}0000", Level.PROVINCE) + name
    except NotFound:
        return division


def _industry(code: str) -> str:
    known = industries().get(code)
    return f"{code} {known.name}" if known else code


def _few(names: Sequence[str], between: str, most: int = 3) -> str:
    return between.join(names[:most]) + ("…" if len(names) > most else "")


def _yuan_zh(yuan: float) -> str:
    return f"{yuan / 1e8:,.2f} 亿元" if abs(yuan) >= 1e8 else f"{yuan / 1e4:,.0f} 万元"
