"""What the firms of the sample province are called, and what they say that they do."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.codes import classes, industries

_BRAND = "鑫隆瑞丰恒泰华盛昌达兴源宏远正大金鼎博雅嘉禾康乐顺通利民永安信诚德润天成海川云峰明珠东方新亚美佳旺福荣裕凯旋"
_FORMS = (
    ("有限公司", 0.62),
    ("厂", 0.14),
    ("有限责任公司", 0.08),
    ("经营部", 0.08),
    ("股份有限公司", 0.02),
    ("工作室", 0.06),
)
_TAILS = (
    "",
    "；货物进出口",
    "；货物进出口；技术进出口",
    "；普通货物道路运输",
    "；自有房屋租赁",
    "；技术咨询服务",
    "；五金交电销售",
)
_ACTION = re.compile(r"(制造业?|加工|生产|批发|零售|采选|开采|修理|服务|业)$")
_IN_BRACKETS = re.compile(r"（.*?）")
_VERBS = {"C": ("生产、销售", "制造、加工、销售", "加工", "研发、生产、销售"), "F": ("销售", "批发、零售", "购销")}


@dataclass(frozen=True, slots=True)
class Trades:
    """For each class (in the order of `classes()`) the word in a firm's name and the ways to write its scope."""

    word: pa.Array
    scopes: tuple[pa.Array, ...]


def trades() -> Trades:
    """Give the words of all classes, taken from the standard's own names."""
    words: list[str] = []
    scopes: list[list[str]] = []
    for code in classes():
        industry = industries()[code]
        products = products_of(industry.name)
        words.append(products[0])
        verbs = _VERBS.get(industry.section)
        if verbs is None:
            plain = industry.name.removeprefix("其他").removeprefix("未列明")
            scopes.append([plain, plain, f"{plain}、咨询服务", plain])
        else:
            listed = "、".join(products)
            ways = [*verbs, *verbs][:4]
            scopes.append([f"{listed}{verb}" if i % 2 == 0 else f"{products[0]}{verb}" for i, verb in enumerate(ways)])
    return Trades(pa.array(words), tuple(pa.array(column) for column in zip(*scopes, strict=True)))


def products_of(name: str) -> list[str]:
    """Give what a class deals in, from its name.

    >>> products_of("糖果、巧克力制造"), products_of("其他针织或钩针编织服装制造")
    (['糖果', '巧克力'], ['针织', '钩针编织服装'])
    """
    plain = _ACTION.sub("", _IN_BRACKETS.sub("", name).removeprefix("其他").removeprefix("未列明"))
    found = [part for part in re.split(r"[、，]|或|及其他|及|和", plain) if len(part) >= 2]
    return found or [name]


def names(place: pa.Array, word: pa.Array, random: np.random.Generator) -> pa.Array:
    """Make names (n): place, a brand of two characters, the word of the trade, the legal form."""
    count = len(place)
    letters = pa.array(list(_BRAND))
    brand = [letters.take(pa.array(random.integers(0, len(letters), count))) for _ in range(2)]
    texts, shares = zip(*_FORMS, strict=True)
    form = pa.array(texts).take(pa.array(random.choice(len(texts), count, p=shares)))
    return pc.binary_join_element_wise(place, *brand, word, form, "")


def brands(count: int, random: np.random.Generator) -> list[str]:
    """Make brands of two characters (count)."""
    letters = random.integers(0, len(_BRAND), (count, 2))
    return [_BRAND[first] + _BRAND[second] for first, second in letters.tolist()]


def scopes(industry: np.ndarray, words: Trades, random: np.random.Generator) -> pa.Array:
    """Make scopes (n) for firms of the classes `industry` (positions): each in one of four ways, often with a tail."""
    ways = random.integers(0, len(words.scopes), industry.size)
    position = pa.array(ways * len(words.word) + industry)
    said = pa.chunked_array(words.scopes).combine_chunks().take(position)
    tail = pa.array(_TAILS).take(pa.array(random.integers(0, len(_TAILS), industry.size)))
    return pc.binary_join_element_wise(said, tail, "")


def addresses(county: pa.Array, town: pa.Array, random: np.random.Generator) -> pa.Array:
    """Make addresses (n) in a county and a town of it."""
    numbers = pa.array(random.integers(1, 400, len(county))).cast(pa.string())
    return pc.binary_join_element_wise(county, town, numbers, pa.scalar("号"), "")
