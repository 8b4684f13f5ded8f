"""What the offices of the sample province know of its planted clusters: facts, titles, and the verdicts they lead to.

The clusters take turns: some pass every criterion of the national standard that has a number, some fail by exactly one,
some lack facts. Which is which is the truth that verdicts are tested against.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gaoyuan.sample.planting import PlantedCluster

Expected = Literal["passes", "fails_by_one", "lacks_facts"]

FIRST_YEAR, LAST_YEAR = 2021, 2025
OUTPUT_PER_FIRM_YUAN = 1.1e8
"""About what the planted firms of the register turn over, on average."""
_JUDGED = (
    "only_of_its_niche", "pillar_industry", "national_front_rank", "sharing_equipment", "sharing_logistics",
    "sharing_warehousing", "sharing_labour", "sharing_design", "green_level", "opening", "operating_body",
    "three_year_plan", "public_service_body",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfficeCase:
    """What a planted cluster shows under the national standard, and by which criterion ("" for one that passes)."""

    expected: Expected
    criterion: str


CASES = (
    OfficeCase("passes", ""),
    OfficeCase("fails_by_one", "1.7"),
    OfficeCase("lacks_facts", "1.4"),
    OfficeCase("fails_by_one", "1.6"),
    OfficeCase("lacks_facts", "1.5"),
    OfficeCase("passes", ""),
    OfficeCase("fails_by_one", "2"),
    OfficeCase("fails_by_one", "precondition"),
)
"""The cases in the order in which the planted clusters, by number, take them; then again from the first."""

TITLES: tuple[tuple[str, str, int], ...] = (
    ("制造业单项冠军企业", "国家级", 1),
    ("专精特新“小巨人”企业", "国家级", 3),
    ("专精特新中小企业", "省级", 6),
    ("创新型中小企业", "省级", 10),
    ("高新技术企业", "国家级", 8),
)
"""Titles as lists have them, their level, and how many firms of a well-provided cluster hold each."""
_FEW_TITLES = (0, 0, 2, 3, 4)
"""How many hold each in a cluster that fails by its titles: fewer than ten in all, and no great one."""


SRDI = 2
"""The position of the SRDI SMEs in `TITLES`: the firms after its holders are next to that title."""

FirmCase = Literal["qualifies", "one_away", "lacks_a_fact"]
FIRM_CASES: tuple[FirmCase, ...] = ("qualifies", "one_away", "lacks_a_fact")
"""What the firms next to the title of SRDI SME show under its rule of 2026, in this order."""


def case_of(cluster: PlantedCluster) -> OfficeCase:
    """Give the case of a planted cluster."""
    return CASES[(cluster.number - 1) % len(CASES)]


def title_counts(cluster: PlantedCluster) -> tuple[int, ...]:
    """Give how many firms of a cluster hold each of `TITLES`."""
    return _FEW_TITLES if case_of(cluster).criterion == "2" else tuple(count for _, _, count in TITLES)


def office_facts(cluster: PlantedCluster, seed: int) -> Iterator[tuple[str, int | None, str, str, str]]:
    """Give the facts of a cluster: metric, year, value, unit and source, as an office would write them."""
    case, random = case_of(cluster), np.random.default_rng([seed, 6, cluster.number])
    growth = 0.08 if case.criterion == "1.7" else float(random.uniform(0.12, 0.16))
    last = max(cluster.firms * OUTPUT_PER_FIRM_YUAN / 1e8, 64.0)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        # The year before the last is the one that a cluster without it lacks.
        if case.criterion != "1.4" or year != LAST_YEAR - 1:
            yield "output_yuan", year, f"{last / (1 + growth) ** (LAST_YEAR - year):.2f}", "亿元", "县统计局"
    leading = 0.66 if case.criterion == "1.6" else random.uniform(0.76, 0.92)
    yield "leading_output_share", None, f"{leading * 100:.1f}%", "", "县统计局"
    if case.criterion != "1.5":
        yield "sme_output_share", None, f"{random.uniform(0.75, 0.95) * 100:.1f}%", "", "县统计局"
    yield "sme_rd_growth", None, f"{random.uniform(0.12, 0.2) * 100:.1f}%", "", "县科技局"
    yield "platform_adoption", None, f"{random.uniform(0.25, 0.5) * 100:.1f}%", "", "县工信局"
    yield "negative_events", None, "1" if case.criterion == "precondition" else "0", "", "县应急管理局"
    for metric in _JUDGED:
        yield metric, None, "是", "", "县工信局评审记录"


def firm_facts(revenue_yuan: float, case: FirmCase) -> Iterator[tuple[str, int | None, str, str, str]]:
    """Give the facts of a firm that is next to the title of SRDI SME, as its own form would have them."""
    revenue = max(revenue_yuan, 6.0e7)
    source, rd_share = "企业申报表", 0.026 if case == "one_away" else 0.045
    for year, size in ((LAST_YEAR - 1, revenue / 1.1), (LAST_YEAR, revenue)):
        yield "revenue_yuan", year, f"{size / 1e4:.1f}", "万元", source
        yield "rd_expense_yuan", year, f"{size * rd_share / 1e4:.1f}", "万元", source
    yield "main_revenue_yuan", LAST_YEAR, f"{0.9 * revenue / 1e4:.1f}", "万元", source
    yield "assets_yuan", LAST_YEAR, f"{1.2 * revenue / 1e4:.1f}", "万元", source
    yield "liabilities_yuan", LAST_YEAR, f"{0.6 * revenue / 1e4:.1f}", "万元", source
    yield "employees", LAST_YEAR, "120", "人", source
    yield "niche_years", None, "6", "年", source
    yield "class1_ip_own_used", None, "2", "项", source
    yield "market_share_leading", None, "是", "", source
    if case != "lacks_a_fact":
        yield "srdi_development_score", None, "58", "分", "平台"
    yield "listed_abnormal_or_dishonest", None, "否", "", "国家企业信用信息公示系统"
    yield "negative_events", None, "0", "", "县应急管理局"
