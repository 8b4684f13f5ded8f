"""The values of an atlas as people read them: states, levels, sizes, places and industries in Chinese."""

from __future__ import annotations

from functools import lru_cache

from gaoyuan.assess.sheets import Cell
from gaoyuan.chain.atlas import STATES_ZH
from gaoyuan.chain.atlas.profiles import Column, Kind
from gaoyuan.codes import division_name, full_name, industries
from gaoyuan.errors import GaoyuanError

STATUS_WORDS = {
    "official": ("官方文本", "official text"),
    "reported": ("公开报道", "reported"),
    "unverified": ("未核实", "unverified"),
    "own": ("自定", "own"),
}
_WORDS: dict[str, dict[str, str]] = {
    "state": STATES_ZH,
    "place": {"local": "本地", "outside": "外地", "unknown": "未知"},
    "side": {"outside": "外地", "inside": "本地"},
    "size": {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"},
    "scope": {"all": "全部", "chain": "产业链", "product": "产品"},
    "measure": {"trades": "交易金额", "estimated_trades": "估计交易金额", "products": "产品可得性"},
    "network": {"trades": "交易", "estimated_trades": "估计交易"},
}
NUMBERS: frozenset[Kind] = frozenset(("count", "number", "yuan", "share", "score"))


def cell(value: object, kind: Kind) -> Cell:
    """Give a value as a cell: words in Chinese, numbers as they are, unknown empty.

    >>> cell("single_source", "state"), cell(-2, "level"), cell("370211", "division"), cell(None, "share")
    ('单一来源', '上游 2', '山东省青岛市黄岛区', None)
    """
    if value is None:
        return None
    if kind == "level" and isinstance(value, int):
        return "本产品" if value == 0 else f"{'上游' if value < 0 else '下游'} {abs(value)}"
    if kind == "division":
        return place_name(str(value))
    if kind == "industry":
        return industry_words(str(value))
    if kind in _WORDS:
        return _WORDS[kind].get(str(value), str(value))
    return value if isinstance(value, str | int | float | bool) else str(value)


def heading(column: Column) -> str:
    """Give the heading of a column, Chinese with English beside it."""
    return f"{column.zh} {column.en}".strip()


@lru_cache(maxsize=4096)
def place_name(code: str) -> str:
    """Give the full name of a division by its code; what is no code stays as it is."""
    try:
        return full_name(code)
    except KeyError:
        pass
    try:
        own = division_name(code)
        whole = code.endswith("0000") or len(code) != 6
        return own if whole else f"{division_name(code[:2] + '0000')}{own}"
    except GaoyuanError:
        return code


def industry_words(code: str) -> str:
    """Give an industry as its code and name."""
    known = industries().get(code)
    return code if known is None else f"{code} {known.name}"
