"""`gaoyuan source`: a bill of materials sourced, locally first where that pays."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder, finite

if TYPE_CHECKING:
    from gaoyuan.chain.sourcing import Goal as GoalName


class GoalOf(StrEnum):
    """What a plan is to reach."""

    lowest_price = "lowest-price"
    fewest_suppliers = "fewest-suppliers"
    most_local = "most-local"


Bill = Annotated[
    Path, typer.Argument(metavar="BOM.xlsx", help="物料清单、供应商、报价三个工作表 sheets: bill, suppliers, offers")
]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="写入方案 .xlsx .json")]
Place = Annotated[
    str | None,
    typer.Option("--place", metavar="CODE", help="本地范围：区划代码或集群 what is local: a division or a cluster"),
]
Premium = Annotated[
    float,
    typer.Option(
        "--premium",
        min=0.0,
        callback=finite,
        help="非本地报价加价率 0.1 即 10% premium on what is not local, a fraction",
    ),
]
Goal = Annotated[GoalOf, typer.Option("--goal", help="目标 what the plan is to reach")]
Gap = Annotated[
    float,
    typer.Option("--gap", min=0.0, callback=finite, help="与已证明下限的差距 gap to the proven bound at which it ends"),
]
Seconds = Annotated[
    float, typer.Option("--seconds", min=0.0, callback=finite, help="最多秒数 seconds at most, for each plan")
]
Curve = Annotated[bool, typer.Option("--curve", help="本地化代价曲线 also what locality costs, premium by premium")]


def source(
    workspace: WorkspaceFolder,
    bill: Bill,
    out: Out = None,
    place: Place = None,
    premium: Premium = 0.0,
    goal: Goal = GoalOf.lowest_price,
    gap: Gap = 0.001,
    seconds: Seconds = 10.0,
    curve: Curve = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """物料寻源 Choose a supplier for every line of a bill of materials; with proven bound and reasons."""
    from gaoyuan import steps
    from gaoyuan.cli.console import print_json, waiting

    with waiting("source", quiet or as_json):
        from gaoyuan import open as open_workspace
        from gaoyuan.report.sourcing_workbook import plan_data

        sourced = steps.source(
            open_workspace(workspace),
            bill,
            out,
            place,
            nonlocal_premium=premium,
            goal=_GOALS[goal],
            gap=gap,
            time_limit=seconds,
            curve=curve,
        )
    if as_json:
        print_json(plan_data(sourced))
    elif not quiet:
        print(sourced)
        if out is not None:
            print(f"已写入 written: {out}")


_GOALS: dict[GoalOf, GoalName] = {
    GoalOf.lowest_price: "lowest price",
    GoalOf.fewest_suppliers: "fewest suppliers",
    GoalOf.most_local: "most local",
}
