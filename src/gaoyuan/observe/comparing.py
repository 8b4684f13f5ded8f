"""Comparing regions, where the data can carry it.

A register with holes has fewer firms in some provinces than there are: counts then say more about the register than
about the regions. Shares within a region do not depend on how many of its records are missing, as long as they are
missing alike in all industries.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias, cast, get_args

import ibis
import pandas as pd

from gaoyuan.codes import industries
from gaoyuan.errors import ComparisonRefused, InputError, NotFound
from gaoyuan.workspace import Workspace
from gaoyuan.workspace.tables import COMPARISON

Measure: TypeAlias = Literal["firms", "employees", "revenue_yuan", "share_of_region", "location_quotient"]

FEWEST_FIRMS = 30
LEAST_COVERAGE_RATIO = 0.9
"""The least coverage may be this share of the greatest for counts to be compared."""

_COUNTS = ("firms", "employees", "revenue_yuan")
_FIRMS_WITH = {"employees": "employees_firms", "revenue_yuan": "revenue_firms"}


def compare(
    workspace: Workspace, industry: str, regions: Sequence[str], measure: Measure = "location_quotient"
) -> pd.DataFrame:
    """Compare an industry between regions (the columns of `COMPARISON`), the greatest `value` first.

    `industry` is a code of GB/T 4754-2017 at any level, `regions` two or more division codes of one level, `measure`
    what is compared: counts (firms, employees, revenue_yuan) or what rests on shares within the region
    (share_of_region, location_quotient). A region without a firm of the industry has 0.

    Raises ComparisonRefused, with the reason, where the data cannot carry it: counts between provinces whose coverage
    differs by more than a tenth or is unknown, sums of sizes that the register has of none of the firms or of uneven
    parts of them, shares of a region with fewer than 30 coded firms. Raises NotFound for a code that is none,
    InputError for regions of different levels or fewer than two, ResultsOutdated where the register has changed since.
    """
    if measure not in get_args(Measure):
        raise InputError(
            f"{measure!r} is no measure",
            mend=f"Measures are: {', '.join(get_args(Measure))}.",
            zh=f"没有名为 {measure!r} 的测度",
            mend_zh=f"可用：{'、'.join(get_args(Measure))}",
        )
    if industry not in industries():
        raise NotFound(
            f"{industry!r} is no industry of GB/T 4754-2017",
            mend="Give a code such as C, 17, 176 or 1763.",
            zh=f"{industry!r} 不是 GB/T 4754-2017 的行业代码",
            mend_zh="写代码，如 C、17、176 或 1763",
        )
    workspace.require_current("region_measure", "region_industry")
    held = _regions(workspace, regions)
    if measure in _COUNTS:
        _refuse_uneven(held, measure)
    else:
        _refuse_few(held)
    table = workspace.table("region_industry")
    rows = workspace.to_arrow(
        table.filter(table.industry == industry, ibis._.region.isin(list(held.index)))
    ).to_pandas()
    rows = rows[rows["region_level"] == held["region_level"].iloc[0]].set_index("region")
    if measure in _FIRMS_WITH:
        _refuse_incomplete(held.join(rows[["firms", *_FIRMS_WITH.values()]]), measure)
    compared = held.join(rows[["firms", "expected", "q_value"]])
    compared["value"] = rows[measure].reindex(held.index).fillna(0.0)
    compared["firms"] = compared["firms"].fillna(0).astype("int64")
    ordered = compared.rename_axis("region").reset_index().sort_values(["value", "region"], ascending=[False, True])
    return ordered[COMPARISON.arrow.names].reset_index(drop=True)


def _regions(workspace: Workspace, regions: Sequence[str]) -> pd.DataFrame:
    if len(set(regions)) < 2:
        raise InputError(
            "a comparison needs two regions or more",
            mend="Name their codes, such as 370000 320000.",
            zh="比较需要两个以上地区",
            mend_zh="写区划代码，如 370000 320000",
        )
    table = workspace.table("region_measure")
    held = workspace.to_arrow(
        table.filter(ibis._.region.isin(list(regions))).select(
            "region", "region_level", "region_name", "firms", "coded", "coverage"
        )
    ).to_pandas()
    if missing := [region for region in regions if region not in set(held["region"])]:
        raise NotFound(
            f"the register has no firms in {', '.join(missing)}, or that is no division code",
            where=str(workspace.path),
            mend="Codes have six digits, such as 370000 (province), 370700 (prefecture), 370782 (county).",
            zh=f"登记数据中没有 {'、'.join(missing)} 的企业，或它不是区划代码",
            mend_zh="代码为六位，如 370000（省）、370700（市）、370782（县）",
        )
    levels = _common_level(held, regions)
    one = held[held["region_level"] == levels].drop(columns="firms").set_index("region")
    return cast("pd.DataFrame", one.loc[list(dict.fromkeys(regions))])


def _common_level(held: pd.DataFrame, regions: Sequence[str]) -> str:
    """Give the level on which all regions stand; a code can stand at two levels (a city that is its own county)."""
    for level in ("county", "prefecture", "province"):
        if set(regions) <= set(held.loc[held["region_level"] == level, "region"]):
            return level
    raise InputError(
        "the regions are of different levels",
        mend="Name only provinces, only prefectures or only counties.",
        zh="所选地区不在同一级",
        mend_zh="只写省、只写市或只写县",
    )


def _refuse_uneven(held: pd.DataFrame, measure: str) -> None:
    if len({code[:2] for code in held.index}) == 1:
        return  # what is missing is missing by province
    said = ", ".join(
        f"{name} {'unknown' if pd.isna(share) else f'{share:.0%}'}"
        for name, share in zip(held["region_name"], held["coverage"], strict=True)
    )
    low, high = held["coverage"].min(), held["coverage"].max()
    if held["coverage"].isna().any() or low < LEAST_COVERAGE_RATIO * high:
        raise ComparisonRefused(
            f"{measure} cannot be compared: the register holds uneven parts of the firms there are ({said})",
            mend="Compare share_of_region or location_quotient, which rest on shares within each region.",
        )


def _refuse_incomplete(rows: pd.DataFrame, measure: str) -> None:
    """Refuse sums over firms of which the register knows the size of some here and of more there."""
    rows = rows[rows["firms"] > 0]
    known = rows[_FIRMS_WITH[measure]] / rows["firms"]
    if len(rows) and not 0 < known.min() >= LEAST_COVERAGE_RATIO * known.max():
        said = ", ".join(f"{name} {share:.0%}" for name, share in zip(rows["region_name"], known, strict=True))
        raise ComparisonRefused(
            f"sums of {measure} cannot be compared: it is known of uneven parts of the firms, or of none ({said})",
            mend="Compare firms, share_of_region or location_quotient, or import a register that has it of all firms.",
        )


def _refuse_few(held: pd.DataFrame) -> None:
    few = held[held["coded"] < FEWEST_FIRMS]
    if len(few):
        said = ", ".join(f"{name} {coded:,}" for name, coded in zip(few["region_name"], few["coded"], strict=True))
        raise ComparisonRefused(
            f"shares of fewer than {FEWEST_FIRMS} firms say nothing ({said})",
            mend="Compare the prefectures or provinces that they lie in.",
        )
