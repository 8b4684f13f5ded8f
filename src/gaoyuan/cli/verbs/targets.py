"""`gaoyuan targets`: a plan against today."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder

PlanName = Annotated[
    str,
    typer.Argument(metavar="PLAN", help="计划文件 .yaml .xlsx .csv，或规则标识 file, or rule with targets: sd-3830"),
]
AsOf = Annotated[str | None, typer.Option(metavar="DATE", help="评估日，默认今天 as-of date, else today")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="写入文件 .json .xlsx")]


def targets(
    workspace: WorkspaceFolder,
    plan: PlanName,
    as_of: AsOf = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """目标进度 Plan targets against today, with the trend's forecast and its interval."""
    import datetime as dt
    import sys
    from dataclasses import replace

    from gaoyuan.cli.console import print_json, print_table, waiting

    with waiting("targets", quiet or as_json):
        from gaoyuan import open as open_workspace
        from gaoyuan.assess.result_files import write_result
        from gaoyuan.assess.rules.rulebook import as_date
        from gaoyuan.assess.targets.forecasting import track_plan
        from gaoyuan.assess.targets.plan_reading import read_plan
        from gaoyuan.assess.targets.tables import SUMMARY_HEADINGS, as_data, notes, sheets, summary_rows
        from gaoyuan.assess.targets.workspace_values import workspace_values

        opened = open_workspace(workspace)
        day = as_date(as_of) if as_of is not None else dt.date.today()
        given = read_plan(plan)
        told, findings = workspace_values(opened, given, day)
        progress = track_plan(replace(given, findings=(*given.findings, *findings)), day, told)
        if out is not None:
            write_result(out, as_data(progress), sheets(progress))
    if as_json:
        print_json(as_data(progress))
        return
    if out is None:
        print_table(SUMMARY_HEADINGS, summary_rows(progress), None if quiet else f"{given.title_zh}，{day}")
    elif not quiet:
        print(out)
    if not quiet:
        for note in notes(progress):
            print(f"! {note}", file=sys.stderr)
