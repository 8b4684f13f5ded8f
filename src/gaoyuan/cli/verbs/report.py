"""`gaoyuan report`: the annual development report of a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder
from gaoyuan.cli.rule_options import SettingsGiven, settings_of

ClusterId = Annotated[
    str, typer.Argument(metavar="CLUSTER_ID", help="集群标识，见表 cluster an id of the table cluster")
]
Year = Annotated[int, typer.Option("--year", metavar="Y", help="报告年度 the year that the report is of")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="写入文件 a .docx, .pdf or .html file")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="评估日，默认次年 6 月 30 日 the day of the verdict, else 30 June of the next year",
    ),
]
Rule = Annotated[
    str,
    typer.Option(
        "--rules", metavar="ID", help="对照的规则 the rule of the verdict, one edition of it, or your .yaml file"
    ),
]


def report(
    workspace: WorkspaceFolder,
    cluster_id: ClusterId,
    year: Year,
    out: Out,
    as_of: AsOf = None,
    rule: Rule = "cn-sme-cluster",
    settings: SettingsGiven = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """年度报告 The annual development report of a cluster, in Chinese with an English summary."""
    from gaoyuan.cli.console import print_json, waiting

    with waiting("report", quiet or as_json):
        from gaoyuan import open as open_workspace
        from gaoyuan.report.annual_report import write_annual_report
        from gaoyuan.report.writing import check_document_path

        check_document_path(out)
        opened = open_workspace(workspace)
        file = write_annual_report(opened, cluster_id, year, out, as_of, rule, settings_of(settings))
    if as_json:
        print_json({"file": str(file), "cluster_id": cluster_id, "year": year, "bytes": file.stat().st_size})
    elif not quiet:
        print(f"已写入 written: {file}")
