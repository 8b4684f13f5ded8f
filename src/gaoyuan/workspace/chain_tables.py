"""The schemas of the tables of an industrial chain: products, what they need, who makes and trades them, input-output
tables, and what is computed from them.

Money is in yuan, shares are fractions; a null is unknown and never zero. A product is named by its own code where the
files give one, else by its name.
"""

from __future__ import annotations

from gaoyuan.workspace.schema import DATE, FLAG, INTEGER, NUMBER, TEXT, Column, TableSchema

_RUN = Column("run", TEXT, "运行", "the run that made this row")
_FILE = Column("file", TEXT, "来源文件", "first 16 digits of the SHA-256 of the file")
_ROW = Column("row", INTEGER, "行号", "row of the file")
_SOURCE = Column("source", TEXT, "来源", "where the values come from: the file, unless another source was named")
_PRODUCT = Column("product", TEXT, "产品标识", "the product: its code, or where it has none its name")
_PRODUCT_NAME = Column("product_name", TEXT, "产品", "the product by name")
_REFERRED = Column(
    "product",
    TEXT,
    "产品标识",
    "the product: its code, or where it has none its name; null where several have the name given",
)
_PRODUCT_CODE = Column(
    "product_code", TEXT, "产品代码", "the product's code, as given; null where the list names it only"
)
_CHAIN = Column("chain", TEXT, "产业链", "the industrial chain that the product belongs to")
_ENTERPRISE_ID = Column("enterprise_id", TEXT, "企业标识", "the firm in the register, null where it is not found there")
_FIRM_NAME = Column("name", TEXT, "企业名称", "the firm, as given")
_STATE = Column("state", TEXT, "环节状态", "state of the link: strong, weak, single_source, missing, imported, unknown")
_DRAW = Column("draw", INTEGER, "抽样序号", "number of the draw, from 0")
_RANK = Column("rank", INTEGER, "位次", "1 is the first; equal scores share a rank")
_REASONS_ZH = Column("reasons_zh", TEXT, "理由", "why, in Chinese")
_REASONS = Column("reasons", TEXT, "理由（英文）", "why, in English")
_LOCALITY = Column(
    "locality", TEXT, "本地范围", "what counts as local: a division code, a cluster, or register for all of it"
)

PRODUCT = TableSchema(
    "product",
    "产品",
    "a product or a service of a chain",
    (
        _PRODUCT,
        _PRODUCT_NAME,
        Column("aliases", TEXT, "别名", "other names, separated by a bar"),
        _CHAIN,
        Column("unit", TEXT, "计量单位", "what quantities count"),
        Column("industry", TEXT, "行业代码", "the industry that makes it, GB/T 4754-2017"),
        Column("imported_share", NUMBER, "进口占比", "share of the national use that is imported"),
        _SOURCE,
        _FILE,
        _ROW,
        _RUN,
    ),
)

USES = TableSchema(
    "uses",
    "产品投入",
    "a product that needs another one",
    (
        _REFERRED,
        _PRODUCT_CODE,
        _PRODUCT_NAME,
        Column("input", TEXT, "投入品标识", "the product that is needed; null where several have the name given"),
        Column("input_code", TEXT, "投入品代码", "its code, as given; null where the list names it only"),
        Column("input_name", TEXT, "投入品", "the product that is needed, by name"),
        Column("share", NUMBER, "成本占比", "share of the product's purchases that goes to this input"),
        Column("quantity", NUMBER, "单位用量", "units of the input in one unit of the product"),
        Column("essential", FLAG, "是否关键", "whether the product cannot be made without it"),
        _SOURCE,
        _FILE,
        _ROW,
        _RUN,
    ),
)

MAKES = TableSchema(
    "makes",
    "企业产品",
    "a product that a firm makes",
    (
        _ENTERPRISE_ID,
        Column("uscc", TEXT, "统一社会信用代码", "credit code of the firm, as given"),
        _FIRM_NAME,
        Column("matched_by", TEXT, "匹配依据", "how the firm was found: credit_code or name"),
        Column("place", TEXT, "所在地", "where the firm is, as given"),
        Column("division", TEXT, "行政区划代码", "where the firm is, GB/T 2260 code, of the place given"),
        _REFERRED,
        _PRODUCT_CODE,
        _PRODUCT_NAME,
        Column("capacity", NUMBER, "年产能", "units of the product in a year"),
        Column("output_yuan", NUMBER, "产品产值", "value of the product made in a year", "yuan"),
        Column("national_share", NUMBER, "全国占比", "the firm's share of the product in the country"),
        _SOURCE,
        _FILE,
        _ROW,
        _RUN,
    ),
)

TRADE = TableSchema(
    "trade",
    "交易",
    "a sale of one firm to another",
    (
        Column("seller_id", TEXT, "卖方标识", "the seller in the register, null where it is not found there"),
        Column("seller_uscc", TEXT, "卖方信用代码", "credit code of the seller, as given"),
        Column("seller", TEXT, "卖方", "the seller, as given"),
        Column("seller_matched_by", TEXT, "卖方匹配依据", "how the seller was found: credit_code or name"),
        Column("buyer_id", TEXT, "买方标识", "the buyer in the register, null where it is not found there"),
        Column("buyer_uscc", TEXT, "买方信用代码", "credit code of the buyer, as given"),
        Column("buyer", TEXT, "买方", "the buyer, as given"),
        Column("buyer_matched_by", TEXT, "买方匹配依据", "how the buyer was found: credit_code or name"),
        _REFERRED,
        _PRODUCT_CODE,
        _PRODUCT_NAME,
        Column("amount_yuan", NUMBER, "金额", "amount of the sale; a return or a correction is negative", "yuan"),
        Column("quantity", NUMBER, "数量", "units of the product"),
        Column("date", DATE, "日期", "day of the sale; the first day where the month or the year is known only"),
        Column("number", TEXT, "单据号", "number of the invoice or contract"),
        _SOURCE,
        _FILE,
        _ROW,
        _RUN,
    ),
)

IO_TABLE = TableSchema(
    "io_table",
    "投入产出表",
    "a cell of an input-output table",
    (
        Column("table", TEXT, "表", "which table, such as cn-2020-153"),
        Column(
            "part",
            TEXT,
            "部分",
            "intermediate, final_use, export, value_added, import, or output; imported are flows of imported goods, "
            "where the table keeps them apart and intermediate ones are home-made",
        ),
        Column("from_code", TEXT, "投入部门代码", "code of the row: the sector that sells, or a kind of value added"),
        Column("from_name", TEXT, "投入部门", "the row by name"),
        Column("to_code", TEXT, "使用部门代码", "code of the column: the sector that buys, or a kind of final use"),
        Column("to_name", TEXT, "使用部门", "the column by name"),
        Column("value_yuan", NUMBER, "金额", "the flow in a year", "yuan"),
        _SOURCE,
        _FILE,
        _RUN,
    ),
)

ESTIMATED_TRADE = TableSchema(
    "estimated_trade",
    "估计交易",
    "an estimate, not a record: a sale of one firm to another in a seeded draw from register and input-output table",
    (
        _DRAW,
        Column("seller_id", TEXT, "卖方标识", "the seller in the register; null for all that is bought elsewhere"),
        Column(
            "buyer_id",
            TEXT,
            "买方标识",
            "the buyer in the register; null for all that is sold elsewhere or to final users",
        ),
        Column("seller_sector", TEXT, "卖方部门", "sector of the seller in the input-output table"),
        Column("buyer_sector", TEXT, "买方部门", "sector of the buyer in the input-output table"),
        Column("amount_yuan", NUMBER, "估计金额", "estimated sales of a year", "yuan"),
        _RUN,
    ),
)

SUPPLY_RATE = TableSchema(
    "supply_rate",
    "本地配套率",
    "a product, a chain, or all of it, and how much of what it needs is bought or to be had locally",
    (
        _LOCALITY,
        Column(
            "scope", TEXT, "口径", "all, chain, product (what its makers need), or input (what local firms buy of it)"
        ),
        _PRODUCT,
        Column("scope_name", TEXT, "对象", "the product or the chain by name"),
        Column("measured_by", TEXT, "测度依据", "trades (value), estimated_trades (value), or products (availability)"),
        Column("rate", NUMBER, "本地配套率", "share that is local"),
        Column("low", NUMBER, "下限", "the rate if all that is unknown were not local"),
        Column("high", NUMBER, "上限", "the rate if all that is unknown were local"),
        Column("local", NUMBER, "本地部分", "yuan of local purchases, or number of inputs to be had locally"),
        Column("known", NUMBER, "已知部分", "yuan of purchases or number of inputs of which it is known"),
        Column("total", NUMBER, "全部", "yuan of purchases, or number of inputs"),
        Column("coverage", NUMBER, "覆盖率", "known over total"),
        _RUN,
    ),
)

CHAIN_GAP = TableSchema(
    "chain_gap",
    "链条缺口",
    "a missing or weak link of a chain, with what it carries",
    (
        _LOCALITY,
        _RANK,
        _PRODUCT,
        _PRODUCT_NAME,
        _CHAIN,
        _STATE,
        Column("local_firms", INTEGER, "本地企业数", "local firms that make it"),
        Column("needed_by", INTEGER, "受影响产品数", "local products that need it, at any level"),
        Column("carried_share", NUMBER, "承载份额", "share of the value of the chain's products that flows through it"),
        Column("dominates", INTEGER, "必经投入数", "inputs that reach the chain's products only through it"),
        Column("feasibility", NUMBER, "可行度", "relatedness density of its industry in the region, 0 to 1"),
        Column("outside_firms", INTEGER, "外地企业数", "known firms outside that make it"),
        Column("outside_share", NUMBER, "外地全国占比", "share of the country that they have, as far as known"),
        Column("score", NUMBER, "优先度", "the weighted mean of what is known, 0 to 1"),
        Column("score_low", NUMBER, "优先度下限", "the score if all that is unknown were 0"),
        Column("score_high", NUMBER, "优先度上限", "the score if all that is unknown were 1"),
        Column(
            "top_ten", NUMBER, "前十稳定度", "share of weights, all equally likely, by which it is among the first ten"
        ),
        _REASONS_ZH,
        _REASONS,
        _RUN,
    ),
)

GAP_CANDIDATE = TableSchema(
    "gap_candidate",
    "补链候选企业",
    "a firm that could fill a gap: one outside to invite, or one inside that makes what is related",
    (
        _LOCALITY,
        _PRODUCT,
        _PRODUCT_NAME,
        Column("side", TEXT, "内外", "outside or inside the region"),
        _RANK,
        _ENTERPRISE_ID,
        _FIRM_NAME,
        Column("place", TEXT, "所在地", "where the firm is"),
        Column("fit", NUMBER, "匹配度", "0 to 1"),
        _REASONS_ZH,
        _REASONS,
        _RUN,
    ),
)

FIRM_RISK = TableSchema(
    "firm_risk",
    "企业系统性风险",
    "a firm, and what share of the network's output is lost when it fails",
    (
        _RANK,
        _ENTERPRISE_ID,
        _FIRM_NAME,
        Column("network", TEXT, "网络", "trades, or estimated_trades"),
        Column("esri", NUMBER, "系统性风险", "economic systemic risk index; over the draws, their mean"),
        Column("esri_down", NUMBER, "下游损失", "the part through missing supplies"),
        Column("esri_up", NUMBER, "上游损失", "the part through missing demand"),
        Column("error_bound", NUMBER, "误差界", "how far the index can be from the exact one"),
        Column("low", NUMBER, "抽样下限", "lowest of the draws; the index itself where trades are known"),
        Column("high", NUMBER, "抽样上限", "highest of the draws; the index itself where trades are known"),
        _RUN,
    ),
)

SAMPLE_CHAIN = TableSchema(
    "sample_chain",
    "样本链条真值",
    "what was planted in the chain of the sample province",
    (
        Column(
            "planted",
            TEXT,
            "植入",
            "missing_link, or single_point for what one firm makes; in the bill of materials no_offer, late_offers, or "
            "outside_offers",
        ),
        _PRODUCT,
        _PRODUCT_NAME,
        Column("line", TEXT, "物料", "the line of the bill of materials, where one was planted"),
        _RUN,
    ),
)

CHAIN_SCHEMAS = (
    PRODUCT,
    USES,
    MAKES,
    TRADE,
    IO_TABLE,
    ESTIMATED_TRADE,
    SUPPLY_RATE,
    CHAIN_GAP,
    GAP_CANDIDATE,
    FIRM_RISK,
    SAMPLE_CHAIN,
)
"""The tables of the room chain, in the order in which they come about."""
