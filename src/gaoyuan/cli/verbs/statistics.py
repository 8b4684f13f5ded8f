"""`gaoyuan statistics`: the figures of many clusters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder

Region = Annotated[
    str | None,
    typer.Option("--province", "--region", metavar="CODE", help="地区代码 province, prefecture or county: 370000"),
]
Batch = Annotated[
    str | None,
    typer.Option(metavar="LIST", help="认定名单或批次 list of recognised clusters, or batch of one: 'LIST 3'"),
]
Theme = Annotated[str | None, typer.Option(metavar="THEME", help="主题 as in the column theme of the table cluster")]
ListFile = Annotated[
    Path | None, typer.Option("--list", metavar="FILE", help="集群名单，每行一个标识 ids of clusters, one a line")
]
Year = Annotated[
    int | None, typer.Option(metavar="Y", help="年度指标的年份，默认上一完整年度 year of yearly figures", min=1950)
]
AsOf = Annotated[str | None, typer.Option(metavar="DATE", help="截止日期 day on which titles have to hold, else today")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="写入文件 .json .xlsx")]


def statistics(
    workspace: WorkspaceFolder,
    region: Region = None,
    batch: Batch = None,
    theme: Theme = None,
    list_file: ListFile = None,
    year: Year = None,
    as_of: AsOf = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """集群统计 The figures of many clusters, with their coverage and what each cluster contributed."""
    import sys

    from gaoyuan.cli.console import print_json, print_table, waiting

    with waiting("statistics", quiet or as_json):
        from gaoyuan import open as open_workspace
        from gaoyuan.assess.result_files import write_result
        from gaoyuan.assess.statistics.cluster_lists import read_cluster_list
        from gaoyuan.assess.statistics.cluster_records import Selection
        from gaoyuan.assess.statistics.summing import in_words
        from gaoyuan.assess.statistics.summing import statistics as statistics_of_clusters

        listed = read_cluster_list(list_file) if list_file is not None else ()
        selection = Selection.of(region, batch, theme, listed)
        found = statistics_of_clusters(open_workspace(workspace), selection, as_of=as_of, year=year)
        if out is not None:
            write_result(out, found.as_data(), found.sheets())
    if as_json:
        print_json(found.as_data())
        return
    if out is None:
        rows = [
            [one.zh, in_words(one), f"{one.known}/{one.of}", one.year and str(one.year), one.en]
            for one in found.figures.values()
        ]
        title = None if quiet else f"{selection.words()}，截至 as of {found.as_of}"
        print_table(["指标", "数值 value", "已知/集群 known", "年份 year", "figure"], rows, title)
    elif not quiet:
        print(out)
    if not quiet:
        for finding in found.findings:
            print(f"! {finding}", file=sys.stderr)
