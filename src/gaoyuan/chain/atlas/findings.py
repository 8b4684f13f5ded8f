"""What an atlas finds, in numbers and in a sentence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pyarrow as pa

from gaoyuan.chain.atlas.link_state import STATES, STATES_ZH
from gaoyuan.chain.atlas.profiles.model import Words
from gaoyuan.chain.atlas.querying import Atlas

STATES_EN = {
    "strong": "strong",
    "weak": "weak",
    "single_source": "single source",
    "missing": "missing",
    "imported": "imported",
    "unknown": "unknown",
}
_URGENT = ("missing", "imported", "single_source")
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Side:
    """A side of an atlas: how many levels and products it has, and how many products by state."""

    levels: int
    products: int
    states: dict[str, int]


@dataclass(frozen=True, slots=True)
class Findings:
    """Upstream and downstream in numbers, and what they say: `headline` the counts, `urgent` which links to look at
    first ("" where there are none).
    """

    upstream: Side
    downstream: Side
    headline: Words
    urgent: Words


def findings(atlas: Atlas) -> Findings:
    """Give what an atlas finds. The nearest links come first, those of one level in the order of the atlas."""
    up, down = _side(atlas.nodes, -1), _side(atlas.nodes, 1)
    zh = [_zh("上游", up), _zh("下游", down)]
    en = [_en("Upstream", up), _en("Downstream", down)]
    return Findings(up, down, Words("；".join(zh) + "。", ". ".join(en) + "."), _urgent(atlas.nodes))


def _side(nodes: pa.Table, sign: int) -> Side:
    kept = [
        (level, state)
        for level, state in zip(nodes["level"].to_pylist(), nodes["state"].to_pylist(), strict=True)
        if level * sign > 0
    ]
    counted = Counter(state for _, state in kept)
    return Side(max((abs(level) for level, _ in kept), default=0), len(kept), {one: counted[one] for one in STATES})


def _zh(name: str, side: Side) -> str:
    if not side.products:
        return f"{name}没有已知产品"
    states = "、".join(f"{STATES_ZH[state]} {many:,}" for state, many in side.states.items() if many)
    return f"{name} {side.levels} 层 {side.products:,} 种产品：{states}"


def _en(name: str, side: Side) -> str:
    if not side.products:
        return f"{name}: no product is known"
    states = ", ".join(f"{many:,} {STATES_EN[state]}" for state, many in side.states.items() if many)
    levels, products = ("level" if side.levels == 1 else "levels"), ("product" if side.products == 1 else "products")
    return f"{name}: {side.levels} {levels}, {side.products:,} {products}: {states}"


def _urgent(nodes: pa.Table) -> Words:
    zh: list[str] = []
    en: list[str] = []
    rows = sorted(nodes.select(["product_name", "level", "state"]).to_pylist(), key=lambda row: abs(row["level"]))
    for state in _URGENT:
        names = [str(row["product_name"]) for row in rows if row["state"] == state and row["level"] != 0]
        if names:
            shown, more = "、".join(names[:_MOST_NAMED]), len(names) - _MOST_NAMED
            zh.append(f"{STATES_ZH[state]}：{shown}" + (f" 等 {len(names):,} 种" if more > 0 else ""))
            en.append(
                f"{STATES_EN[state]}: {', '.join(names[:_MOST_NAMED])}" + (f" and {more:,} more" if more > 0 else "")
            )
    return Words("；".join(zh), "; ".join(en))
