"""The columns that lists of an atlas can have, by what their rows are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal[
    "text", "count", "number", "yuan", "share", "score", "state", "level", "side", "place", "size", "titles",
    "division", "industry", "scope", "measure", "network", "flag",
]  # fmt: skip
"""What a value is, which says how it is shown."""


class Column(NamedTuple):
    """A column of a list: the field of its rows, its heading, and what its values are."""

    key: str
    zh: str
    en: str
    kind: Kind


def _columns(*columns: Column) -> Mapping[str, Column]:
    return {column.key: column for column in columns}


_PRODUCT = Column("product_name", "产品", "product", "text")
_ID = Column("product", "产品标识", "product id", "text")
_CHAIN = Column("chain", "产业链", "chain", "text")
_INDUSTRY = Column("industry", "行业", "industry", "industry")
_LEVEL = Column("level", "层级", "level", "level")
_STATE = Column("state", "环节状态", "state", "state")
_NAME = Column("name", "企业名称", "firm", "text")
_PLACE = Column("place_kind", "内外", "local or outside", "place")
_WHERE = Column("division", "所在地", "place", "division")
_SIZE = Column("size", "规模", "size", "size")
_TITLES = Column("titles", "称号", "titles", "titles")
_EMPLOYEES = Column("employees", "从业人员", "employees", "count")
_REVENUE = Column("revenue_yuan", "营业收入（元）", "revenue, yuan", "yuan")
_OUTPUT = Column("output_yuan", "产品产值（元）", "output of the product, yuan", "yuan")
_NATIONAL = Column("national_share", "全国占比", "share of the country", "share")
_FIRM_ID = Column("enterprise_id", "企业标识", "firm id", "text")
_RANK = Column("rank", "位次", "rank", "count")
_REASONS_ZH = Column("reasons_zh", "理由", "reasons", "text")
_REASONS = Column("reasons", "理由（英文）", "reasons in English", "text")
_LOCAL = Column("local_firms", "本地企业数", "local firms", "count")
_OUTSIDE = Column("outside_firms", "外地企业数", "firms outside", "count")

COLUMNS: Mapping[str, Mapping[str, Column]] = {
    "products": _columns(
        _PRODUCT,
        _ID,
        _CHAIN,
        _INDUSTRY,
        _LEVEL,
        _STATE,
        _LOCAL,
        _OUTSIDE,
        Column("unknown_firms", "所在地未知企业数", "firms of unknown place", "count"),
        Column("possible_firms", "同行业未询企业数", "firms of the industry not asked", "count"),
        Column("local_output_yuan", "本地产值（元）", "local output, yuan", "yuan"),
        _NATIONAL,
        Column("local_supply_low", "本地配套率下限", "local supply, at least", "share"),
        Column("local_supply_high", "本地配套率上限", "local supply, at most", "share"),
        Column("imported_share", "进口占比", "imported share", "share"),
        Column("needed_by", "用于", "needed by", "text"),
        Column("essential_for", "关键于", "essential for", "text"),
        Column("possible_makers", "外地已知企业", "known makers outside", "text"),
    ),
    "firms": _columns(
        _NAME,
        _FIRM_ID,
        _PLACE,
        _WHERE,
        _INDUSTRY,
        Column("products", "产品", "products", "text"),
        Column("product_count", "产品数", "number of products", "count"),
        _SIZE,
        _TITLES,
        _EMPLOYEES,
        _REVENUE,
        Column("output_yuan", "链上产品产值（元）", "output of these products, yuan", "yuan"),
        Column("national_share", "最高全国占比", "highest share of the country", "share"),
    ),
    "makers": _columns(
        _PRODUCT,
        _ID,
        _LEVEL,
        _STATE,
        _NAME,
        _FIRM_ID,
        _PLACE,
        _WHERE,
        _INDUSTRY,
        _SIZE,
        _TITLES,
        _EMPLOYEES,
        _REVENUE,
        Column("capacity", "年产能", "capacity a year", "number"),
        _OUTPUT,
        _NATIONAL,
    ),
    "regions": _columns(
        _WHERE,
        Column("firms", "企业数", "firms", "count"),
        _LOCAL,
        Column("products", "产品数", "products made there", "count"),
    ),
    "clusters": _columns(
        Column("name", "集群", "cluster", "text"),
        Column("county_name", "县区", "county", "text"),
        Column("industry_name", "行业", "industry", "text"),
        Column("firms", "集群企业数", "firms of the cluster", "count"),
        Column("chain_firms", "链上企业数", "firms of this chain", "count"),
        Column("products", "产品", "products", "text"),
    ),
    "gaps": _columns(
        _RANK,
        _PRODUCT,
        _ID,
        _CHAIN,
        _STATE,
        _LOCAL,
        _OUTSIDE,
        Column("needed_by", "受影响产品数", "products that need it", "count"),
        Column("carried_share", "承载份额", "share of value carried", "share"),
        Column("dominates", "必经投入数", "inputs that pass only here", "count"),
        Column("feasibility", "可行度", "feasibility", "score"),
        Column("score", "优先度", "priority", "score"),
        _REASONS_ZH,
        _REASONS,
    ),
    "candidates": _columns(
        _PRODUCT,
        _ID,
        Column("side", "内外", "outside or inside", "side"),
        _RANK,
        _NAME,
        _FIRM_ID,
        Column("place", "所在地", "place", "text"),
        Column("fit", "匹配度", "fit", "score"),
        _REASONS_ZH,
        _REASONS,
    ),
    "supply": _columns(
        Column("scope", "口径", "scope", "scope"),
        Column("scope_name", "对象", "of", "text"),
        Column("measured_by", "依据", "measured by", "measure"),
        Column("rate", "本地配套率", "local supply rate", "share"),
        Column("low", "下限", "at least", "share"),
        Column("high", "上限", "at most", "share"),
        Column("coverage", "覆盖率", "coverage", "share"),
    ),
    "risks": _columns(
        _RANK,
        _NAME,
        _FIRM_ID,
        Column("network", "网络", "network", "network"),
        Column("esri", "系统性风险", "systemic risk", "share"),
        Column("low", "下限", "at least", "share"),
        Column("high", "上限", "at most", "share"),
    ),
}
"""By kind of rows: products of the atlas, firms (each once), makers (each firm by product), regions, clusters with
firms of the chain, gaps, candidates for them, local supply rates, and the systemic risk of firms."""
