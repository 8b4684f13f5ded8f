"""`gaoyuan theme`: a cluster that no industry code names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder

Expression = Annotated[
    str, typer.Argument(metavar="EXPRESSION", help="主题词，用 | 分隔 words separated by |: 毛巾|纺织")
]
Top = Annotated[int, typer.Option("--top", metavar="N", min=0, help="列出前 N 个县区，0 为全部 counties, 0 for all")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="写入文件 .csv .xlsx .parquet .geojson .geoparquet")
]


def theme(
    workspace: WorkspaceFolder,
    expression: Expression,
    top: Top = 20,
    out: Out = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """主题集群 The counties whose firms speak of a theme in name or business scope, strongest first."""
    import pyarrow as pa

    from gaoyuan import open as open_workspace
    from gaoyuan.cli.console import print_json, print_table, progress
    from gaoyuan.observe import theme as find_theme
    from gaoyuan.workspace import THEME
    from gaoyuan.workspace.exporting import write_rows

    opened = open_workspace(workspace)
    with progress(quiet or as_json) as show:
        show("theme", 0)
        rows = find_theme(opened, expression, top=top)
    if not rows["firms"].any() and not (quiet or as_json):
        print("没有企业的名称或经营范围含此主题 no firm has the theme in its name or scope", file=sys.stderr)
    if out is not None:
        written = write_rows(THEME, pa.Table.from_pandas(rows, THEME.arrow, preserve_index=False).to_batches(), out)
        if not (quiet or as_json):
            print(written)
    if as_json:
        print_json(rows.to_dict("records"))
    elif out is None:
        print_table(list(THEME.headings().values()), rows.to_numpy(dtype=object).tolist())
