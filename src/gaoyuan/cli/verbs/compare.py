"""`gaoyuan compare`: an industry between regions."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder


class MeasureOf(StrEnum):
    """What is compared."""

    location_quotient = "location_quotient"
    share_of_region = "share_of_region"
    firms = "firms"
    employees = "employees"
    revenue_yuan = "revenue_yuan"


Industry = Annotated[str, typer.Argument(metavar="INDUSTRY", help="行业代码 GB/T 4754-2017: C, 17, 176, 1763")]
Regions = Annotated[list[str], typer.Argument(metavar="REGION", help="地区代码 codes: 370000 330000")]
MeasureOption = Annotated[MeasureOf, typer.Option("--by", help="比较什么 what is compared")]


def compare(
    workspace: WorkspaceFolder,
    industry: Industry,
    regions: Regions,
    by: MeasureOption = MeasureOf.location_quotient,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """比较地区 Compare an industry between regions; refused, with the reason, where the data cannot carry it."""
    from gaoyuan.cli.console import print_json, print_table, waiting

    with waiting("compare", quiet or as_json):
        from gaoyuan import open as open_workspace
        from gaoyuan.observe import compare as compare_regions

        rows = compare_regions(open_workspace(workspace), industry, regions, by.value)
    if as_json:
        print_json(rows.to_dict("records"))
    else:
        from gaoyuan.workspace import COMPARISON

        title = None if quiet else f"{by.value}, {industry}"
        print_table(list(COMPARISON.headings().values()), rows.to_numpy(dtype=object).tolist(), title)
