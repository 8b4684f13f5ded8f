"""The schemas of all tables of a workspace.

Money is in yuan, area in km², shares are fractions, p and q are probabilities; a null is unknown and never zero. `run`
names the run that made the row.
"""

from __future__ import annotations

from gaoyuan.workspace.chain_tables import CHAIN_SCHEMAS
from gaoyuan.workspace.schema import DATE, FLAG, GEOMETRY, INTEGER, MOMENT, NUMBER, TEXT, Column, TableSchema

_RUN = Column("run", TEXT, "运行", "the run that made this row")
_ENTERPRISE_ID = Column(
    "enterprise_id", TEXT, "企业标识", "the credit code, or where there is none a hash of name and place"
)
_USCC = Column("uscc", TEXT, "统一社会信用代码", "unified social credit code, GB 32100")
_NAME = Column("name", TEXT, "企业名称", "registered name")
_EMPLOYEES = Column("employees", INTEGER, "从业人员", "persons employed, as registered")
_REVENUE = Column("revenue_yuan", NUMBER, "营业收入", "operating revenue of the latest year given", "yuan")
_CAPITAL = Column("capital_yuan", NUMBER, "注册资本", "registered capital where it is in yuan", "yuan")
_ESTABLISHED = Column("established", DATE, "成立日期", "date of establishment")
_LONGITUDE = Column("longitude", NUMBER, "经度", "longitude, WGS-84", "degrees")
_LATITUDE = Column("latitude", NUMBER, "纬度", "latitude, WGS-84", "degrees")
_COUNTY = Column("county", TEXT, "县区代码", "county, GB/T 2260 code of the 2023 edition")
_COUNTY_NAME = Column("county_name", TEXT, "县区", "county by name")
_INDUSTRY = Column("industry", TEXT, "行业代码", "industry, GB/T 4754-2017")
_INDUSTRY_NAME = Column("industry_name", TEXT, "行业", "industry by name")
_FIRMS = Column("firms", INTEGER, "企业数", "firms")
_EXPECTED = Column(
    "expected", NUMBER, "期望数", "firms expected from the place's size and the industry's share everywhere"
)
_LQ = Column("location_quotient", NUMBER, "区位商", "share of the industry in the place over its share everywhere")
_P = Column("p_value", NUMBER, "p值", "exact upper tail: probability of as many firms or more without any clustering")
_Q = Column(
    "q_value", NUMBER, "q值", "p value corrected for the number of places and industries tested (Benjamini–Hochberg)"
)
_FILE = Column("file", TEXT, "来源文件", "first 16 digits of the SHA-256 of the file")
_FILE_NAME = Column("file_name", TEXT, "文件名", "name of the file")
_KIND = Column("kind", TEXT, "内容", "what the file was imported as: enterprises or titles")
_RANK = Column("rank", INTEGER, "位次", "1 is the strongest; equal evidence shares a rank")

REGISTER = TableSchema(
    "register",
    "登记数据",
    "a firm as a file gave it, checked and in our units",
    (
        _ENTERPRISE_ID,
        _USCC,
        _NAME,
        Column("legal_form", TEXT, "企业类型", "legal form, as given"),
        Column("status", TEXT, "登记状态", "status of registration, as given"),
        _ESTABLISHED,
        Column("scope", TEXT, "经营范围", "business scope, as given"),
        Column("address", TEXT, "注册地址", "registered address, as given"),
        Column("province", TEXT, "省", "province, as given"),
        Column("city", TEXT, "市", "city, as given"),
        Column("district", TEXT, "区县", "county by name, as given"),
        Column("division", TEXT, "行政区划代码", "division code, as given"),
        Column("industry_given", TEXT, "原行业代码", "industry code, as given"),
        _EMPLOYEES,
        _REVENUE,
        Column("assets_yuan", NUMBER, "资产总计", "total assets", "yuan"),
        _CAPITAL,
        _LONGITUDE,
        _LATITUDE,
        _FILE,
        Column("row", INTEGER, "行号", "row of the file, the header being row 1 of a table without lines above it"),
        _RUN,
    ),
)

REJECTED = TableSchema(
    "rejected",
    "未导入的行",
    "one fault of a row that was set aside",
    (
        _FILE,
        _FILE_NAME,
        _KIND,
        Column("row", INTEGER, "行号", "row of the file"),
        Column("column", TEXT, "列", "the file's own heading of the column at fault"),
        Column("value", TEXT, "值", "what stands there"),
        Column("reason_zh", TEXT, "原因", "what is wrong, in Chinese"),
        Column("mend_zh", TEXT, "改法", "how to mend it, in Chinese"),
        Column("reason", TEXT, "原因（英文）", "what is wrong, in English"),
        Column("mend", TEXT, "改法（英文）", "how to mend it, in English"),
        Column("record", TEXT, "整行", "the whole row as JSON"),
        _RUN,
    ),
)

IMPORT = TableSchema(
    "import",
    "导入记录",
    "a file that was imported",
    (
        _FILE,
        _FILE_NAME,
        _KIND,
        Column("sha256", TEXT, "校验和", "SHA-256 of the file"),
        Column("mapping", TEXT, "列对应", "which column was read as what, as JSON"),
        Column("rows", INTEGER, "行数", "rows read"),
        Column("accepted", INTEGER, "导入", "rows taken over"),
        Column("rejected", INTEGER, "未导入", "rows set aside"),
        Column(
            "updated",
            INTEGER,
            "更新",
            "rows that took the place of an older row of the same firm, or of the same title of a firm",
        ),
        Column("datum", TEXT, "坐标系", "datum of the coordinates given"),
        Column("imported", MOMENT, "时间", "when"),
        _RUN,
    ),
)

ENTERPRISE = TableSchema(
    "enterprise",
    "企业",
    "a firm, coded and located",
    (
        _ENTERPRISE_ID,
        _USCC,
        _NAME,
        _COUNTY,
        Column("prefecture", TEXT, "地市代码", "prefecture, known also where the county is not"),
        Column("located_by", TEXT, "定位依据", "coordinates, address, division, credit_code, or null where unknown"),
        _LONGITUDE,
        _LATITUDE,
        _INDUSTRY,
        Column("industry_confidence", NUMBER, "行业把握", "probability that the class is right, 1 for a given code"),
        Column(
            "industry_alternatives",
            TEXT,
            "备选行业",
            "up to three further classes, the likeliest first, separated by a bar",
        ),
        Column("industry_by", TEXT, "行业依据", "given, given_2011 (carried to 2017), derived, or unknown"),
        Column("producer", FLAG, "生产型", "whether the firm says that it makes, grows or mines something"),
        _EMPLOYEES,
        _REVENUE,
        _CAPITAL,
        _ESTABLISHED,
        _RUN,
    ),
)

TITLE = TableSchema(
    "title",
    "企业称号",
    "a title that a firm was granted, as a list gave it",
    (
        Column(
            "enterprise_id", TEXT, "企业标识", "the firm of the register, null where it is not there or not certain"
        ),
        Column("matched_by", TEXT, "匹配依据", "credit_code or name, null where the firm was not found"),
        Column("uscc", TEXT, "统一社会信用代码", "credit code in the list"),
        Column("name", TEXT, "企业名称", "name in the list"),
        Column("title", TEXT, "称号代码", "title, as named in the vocabulary of titles"),
        Column("title_given", TEXT, "称号", "title as the list has it, null where it was said of the whole file"),
        Column("level", TEXT, "级别", "national, provincial or city"),
        Column("batch", TEXT, "批次", "batch, as given"),
        Column("granted", DATE, "认定日期", "day from which the title holds, the first one that can be"),
        Column("granted_precision", TEXT, "日期精度", "day, month or year: how much of that day is known"),
        Column("valid_to", DATE, "有效期至", "last day of the title, the last one that can be, null where unknown"),
        Column(
            "valid_by",
            TEXT,
            "有效期依据",
            "given (by the list), rule (reckoned by years from the grant: it may end earlier by as much as "
            "`granted_precision` leaves open), or null",
        ),
        Column("source", TEXT, "名单来源", "where the list was published, or the name of the file"),
        _FILE,
        Column("row", INTEGER, "行号", "row of the file"),
        _RUN,
    ),
)

FACT = TableSchema(
    "fact",
    "事实",
    "a value that somebody gave of a subject: of a cluster, an enterprise or a region",
    (
        Column("subject_kind", TEXT, "对象类别", "cluster, enterprise or region"),
        Column("subject", TEXT, "对象标识", "cluster id, credit code or division code"),
        Column("metric", TEXT, "指标", "metric, as named in the catalogue"),
        Column("year", INTEGER, "年份", "year that the value is of, null for one without a year"),
        Column("value", NUMBER, "数值", "value in the metric's unit, null for one in words"),
        Column("text", TEXT, "文字值", "value in words; several are separated by a bar"),
        Column("source", TEXT, "来源", "who says so, as given; else the name of the file"),
        Column("source_run", TEXT, "来源运行", "the run that computed a value which the form had filled in"),
        _FILE,
        Column("row", INTEGER, "行号", "row of the file"),
        _RUN,
    ),
)

REGION_INDUSTRY = TableSchema(
    "region_industry",
    "地区行业",
    "an industry in a region that has at least one firm of it, at each level of both",
    (
        Column("region_level", TEXT, "地区层级", "county, prefecture or province"),
        Column("region", TEXT, "地区代码", "division code of 2, 4 or 6 digits with zeros to six"),
        Column("region_name", TEXT, "地区", "division by name"),
        Column("industry_level", TEXT, "行业层级", "section, division, group or class"),
        _INDUSTRY,
        _INDUSTRY_NAME,
        _FIRMS,
        Column("employees", INTEGER, "从业人员", "persons employed, where the register has them"),
        Column("revenue_yuan", NUMBER, "营业收入", "operating revenue, where the register has it", "yuan"),
        Column("employees_firms", INTEGER, "有从业人员数的企业", "firms of which the persons employed are known"),
        Column("revenue_firms", INTEGER, "有营业收入的企业", "firms of which the operating revenue is known"),
        Column("share_of_region", NUMBER, "占地区比重", "the industry's share of the region's coded firms"),
        _EXPECTED,
        _LQ,
        _P,
        _Q,
        Column(
            "density",
            NUMBER,
            "关联密度",
            "relatedness density: how near the region's other strengths are to this industry (classes in counties)",
        ),
        _RUN,
    ),
)

INDUSTRY_MEASURE = TableSchema(
    "industry_measure",
    "行业测度",
    "an industry, measured over the regions of a level",
    (
        Column("region_level", TEXT, "地区层级", "the level of regions measured over"),
        Column("industry_level", TEXT, "行业层级", "section, division, group or class"),
        _INDUSTRY,
        _INDUSTRY_NAME,
        _FIRMS,
        Column("regions", INTEGER, "地区数", "regions with at least one firm"),
        Column("gini", NUMBER, "区位基尼系数", "locational Gini coefficient, 0 to 0.5"),
        Column("krugman", NUMBER, "克鲁格曼集中指数", "Krugman's index of concentration, 0 to 2"),
        Column("raw_concentration", NUMBER, "原始集中度", "Ellison–Glaeser raw concentration G"),
        Column("herfindahl", NUMBER, "企业规模集中度", "Herfindahl index of firm sizes"),
        Column("ellison_glaeser", NUMBER, "EG指数", "Ellison–Glaeser index of agglomeration"),
        Column("size", TEXT, "规模口径", "what counted as a firm's size: employees or firms"),
        Column("ubiquity", INTEGER, "普遍度", "regions with a location quotient of at least 1"),
        Column("complexity", NUMBER, "产品复杂度", "product complexity index (classes in counties)"),
        _RUN,
    ),
)

INDUSTRY_PAIR = TableSchema(
    "industry_pair",
    "行业关联",
    "two industries that are found together",
    (
        Column("industry_a", TEXT, "行业甲", "class, GB/T 4754-2017"),
        Column("industry_b", TEXT, "行业乙", "class, GB/T 4754-2017, after the first"),
        Column(
            "proximity",
            NUMBER,
            "邻近度",
            "probability that a county strong in one is strong in the other, the smaller of both ways",
        ),
        Column("coagglomeration", NUMBER, "共聚指数", "pairwise Ellison–Glaeser index"),
        _RUN,
    ),
)

REGION_MEASURE = TableSchema(
    "region_measure",
    "地区测度",
    "a region, measured over the industries of a level",
    (
        Column("region_level", TEXT, "地区层级", "county, prefecture or province"),
        Column("region", TEXT, "地区代码", "division code"),
        Column("region_name", TEXT, "地区", "division by name"),
        _FIRMS,
        Column("coded", INTEGER, "已编码企业", "firms with an industry"),
        Column(
            "coverage",
            NUMBER,
            "覆盖率",
            "share of the firms one would expect that the register has (by province and year of founding)",
        ),
        Column("diversity", INTEGER, "多样性", "classes with a location quotient of at least 1"),
        Column("krugman", NUMBER, "克鲁格曼专业化指数", "Krugman's index of specialisation, 0 to 2"),
        Column("entropy", NUMBER, "熵", "Shannon entropy of the shares of classes", "bits"),
        Column("herfindahl", NUMBER, "赫芬达尔指数", "Herfindahl index of the shares of classes"),
        Column("complexity", NUMBER, "经济复杂度", "economic complexity index (counties)"),
        _RUN,
    ),
)

COVERAGE = TableSchema(
    "coverage",
    "覆盖情况",
    "a province in a year of founding",
    (
        Column("province", TEXT, "省代码", "province code"),
        Column("province_name", TEXT, "省", "province by name"),
        Column("year", INTEGER, "成立年份", "year of founding"),
        _FIRMS,
        Column(
            "expected",
            NUMBER,
            "期望数",
            "firms expected from the province's other years and the year's other provinces",
        ),
        Column("ratio", NUMBER, "比值", "firms over expected"),
        Column("hole", FLAG, "缺口", "whether so few can only mean that records are missing"),
        _RUN,
    ),
)

CLUSTER = TableSchema(
    "cluster",
    "产业集群",
    "a cluster that was found, or a recognised one that the register does not show",
    (
        Column("cluster_id", TEXT, "集群标识", "place and industry; stays the same from run to run"),
        Column("name", TEXT, "集群名称", "name of the cluster: place and industry, or as recognised"),
        _COUNTY,
        _COUNTY_NAME,
        _INDUSTRY,
        _INDUSTRY_NAME,
        Column("theme", TEXT, "主题", "expression, where the cluster is one of a theme"),
        Column(
            "found_by",
            TEXT,
            "发现方法",
            "cells (firms with coordinates), counties, or null where it is only recognised",
        ),
        _FIRMS,
        _EXPECTED,
        _LQ,
        _P,
        _Q,
        Column(
            "minus_log10_p",
            NUMBER,
            "显著性",
            "minus the decimal logarithm of p, also where p is too small for a number",
        ),
        _RANK,
        Column("place_firms", INTEGER, "范围内企业", "firms of all industries on the cluster's ground"),
        Column("industry_firms", INTEGER, "行业企业", "firms of the industry in the whole test"),
        Column("tested_firms", INTEGER, "检验企业", "firms of all industries in the whole test"),
        Column("window_firms", INTEGER, "窗口行业企业", "firms of the industry in the strongest window, which p is of"),
        Column("window_place_firms", INTEGER, "窗口企业", "firms of all industries in the strongest window"),
        Column("tests", INTEGER, "检验次数", "places and industries tested, which q corrects for"),
        Column("employees", INTEGER, "从业人员", "persons employed by the members, where the register has them"),
        Column(
            "revenue_yuan", NUMBER, "营业收入", "operating revenue of the members, where the register has it", "yuan"
        ),
        Column("size_coverage", NUMBER, "规模数据覆盖", "share of the members for which revenue is known"),
        Column("area_km2", NUMBER, "面积", "area of the footprint", "km²"),
        Column("within_100_km2", FLAG, "百平方公里内", "whether the footprint is within the official limit of 100 km²"),
        Column(
            "stability",
            NUMBER,
            "稳定度",
            "mean overlap (Jaccard) of the members with those at window radii of 2 and 5 km",
        ),
        Column("counties", TEXT, "涉及县区", "all counties of the members, the largest first, separated by a bar"),
        Column("recognised", TEXT, "认定名单", "the recognised cluster of the shipped list that this one matches"),
        Column("recognised_source", TEXT, "认定来源", "where that recognition was read"),
        Column("footprint", GEOMETRY, "范围", "polygon of the members' cells"),
        _RUN,
    ),
)

CLUSTER_MEMBER = TableSchema(
    "cluster_member",
    "集群企业",
    "a firm in a cluster",
    (
        Column("cluster_id", TEXT, "集群标识", "the cluster"),
        _ENTERPRISE_ID,
        _USCC,
        _NAME,
        _COUNTY,
        _INDUSTRY,
        _LONGITUDE,
        _LATITUDE,
        _EMPLOYEES,
        _REVENUE,
        _RUN,
    ),
)

RECOGNISED_CLUSTER = TableSchema(
    "recognised_cluster",
    "已认定集群",
    "a cluster on an official list, as far as the lists could be read",
    (
        Column("recognised_id", TEXT, "标识", "list and number"),
        Column("list", TEXT, "名单", "which list"),
        Column("batch", TEXT, "批次", "batch"),
        Column("year", INTEGER, "年份", "year"),
        Column("province", TEXT, "省", "province by name"),
        Column("city", TEXT, "市", "city by name"),
        _COUNTY,
        Column("county_name", TEXT, "县区", "county by name"),
        Column("name", TEXT, "集群名称", "name on the list"),
        Column("industry_guess", TEXT, "行业（推测）", "industry in words, our guess"),
        Column("industries", TEXT, "行业代码（推测）", "division, group or class of GB/T 4754, our guess"),
        Column("source", TEXT, "来源", "address where it was read"),
        Column("note", TEXT, "备注", "note"),
        _RUN,
    ),
)

SAMPLE_TRUTH = TableSchema(
    "sample_truth",
    "样本真值",
    "a firm that was planted in a cluster of the sample province",
    (
        Column("planted", INTEGER, "植入集群", "number of the planted cluster"),
        _USCC,
        _COUNTY,
        _INDUSTRY,
        _LONGITUDE,
        _LATITUDE,
        _RUN,
    ),
)

TITLE_STANDING = TableSchema(
    "title_standing",
    "称号差距",
    "a firm that holds a title, qualifies for it, or is one criterion away from it",
    (
        _ENTERPRISE_ID,
        _NAME,
        _COUNTY,
        Column("title", TEXT, "称号代码", "title, as named in the vocabulary of titles"),
        Column("rule", TEXT, "规则", "edition of the rule that was asked"),
        Column("standing", TEXT, "状况", "holds, qualifies, for_review, one_away or one_unknown"),
        Column("criterion", TEXT, "所差条目", "the criterion that is unmet or unknown, where there is just one"),
        Column("met", INTEGER, "符合条数", "criteria that are met or do not apply"),
        Column("unmet", INTEGER, "不符合条数", "criteria that are not met"),
        Column("unknown", INTEGER, "未知条数", "criteria of which a fact is missing"),
        Column("manual_review", INTEGER, "待评审条数", "criteria that a person has to judge"),
        _RUN,
    ),
)

SAMPLE_VERDICT = TableSchema(
    "sample_verdict",
    "样本结论",
    "what a planted cluster of the sample province shows under the national standard",
    (
        Column("planted", INTEGER, "植入集群", "number of the planted cluster"),
        Column("cluster_id", TEXT, "集群标识", "the cluster that it is found as"),
        Column("expected", TEXT, "预期结论", "passes, fails_by_one or lacks_facts"),
        Column("criterion", TEXT, "条目", "the criterion that it fails or lacks, null for one that passes"),
        _RUN,
    ),
)

RUN = TableSchema(
    "run",
    "运行记录",
    "a run of a step",
    (
        _RUN,
        Column("step", TEXT, "步骤", "what ran"),
        Column("started", MOMENT, "开始", "when it began"),
        Column("seconds", NUMBER, "用时", "how long it took", "s"),
        Column("parameters", TEXT, "参数", "parameters, as JSON"),
        Column(
            "inputs",
            TEXT,
            "输入",
            "tables with their versions, null for one that was not there, and files with their hashes, as JSON",
        ),
        Column("outputs", TEXT, "输出", "tables with their versions and rows, as JSON"),
        Column("timings", TEXT, "各段用时", "seconds by part, as JSON"),
        Column("version", TEXT, "程序版本", "version of Gaoyuan"),
        Column("editions", TEXT, "数据版本", "editions of the vocabularies used, as JSON"),
    ),
)

THEME = TableSchema(
    "theme",
    "主题集群",
    "a county and a theme; a result, which no workspace keeps",
    (
        _COUNTY,
        _COUNTY_NAME,
        Column("firms", INTEGER, "企业数", "firms that speak of the theme in name or scope"),
        Column("expected", NUMBER, "期望数", "firms expected from the county's size"),
        Column("location_quotient", NUMBER, "区位商", "firms over those expected"),
        _P,
        Column("q_value", NUMBER, "q值", "p value corrected for the number of counties (Benjamini–Hochberg)"),
        _RANK,
        Column("in_name", INTEGER, "名称含主题", "firms that have the theme in their name"),
        Column("first_in_scope", INTEGER, "主营含主题", "firms whose scope begins with it"),
        Column("evidence", NUMBER, "证据强度", "minus the decimal logarithm of the chance of as much weight or more"),
    ),
)

COMPARISON = TableSchema(
    "comparison",
    "地区比较",
    "a region and an industry; a result, which no workspace keeps",
    (
        Column("region", TEXT, "地区代码", "division code"),
        Column("region_name", TEXT, "地区", "division by name"),
        Column("coverage", NUMBER, "覆盖率", "share of the firms one would expect that the register has"),
        Column("coded", INTEGER, "已编码企业", "firms with an industry"),
        Column("value", NUMBER, "比较值", "what is compared"),
        _FIRMS,
        _EXPECTED,
        _Q,
    ),
)

SCHEMAS: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        REGISTER,
        REJECTED,
        IMPORT,
        ENTERPRISE,
        TITLE,
        FACT,
        REGION_INDUSTRY,
        INDUSTRY_MEASURE,
        INDUSTRY_PAIR,
        REGION_MEASURE,
        COVERAGE,
        CLUSTER,
        CLUSTER_MEMBER,
        RECOGNISED_CLUSTER,
        TITLE_STANDING,
        SAMPLE_TRUTH,
        SAMPLE_VERDICT,
        *CHAIN_SCHEMAS,
        RUN,
    )
}
"""All tables that a workspace keeps, by name."""
