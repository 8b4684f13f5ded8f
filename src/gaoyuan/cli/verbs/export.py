"""`gaoyuan export`: a table as a file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder


class HeadingsOf(StrEnum):
    """How the columns are headed."""

    names = "names"
    chinese = "chinese"


TableName = Annotated[str, typer.Argument(metavar="TABLE", help="表名 name of the table, as `gaoyuan tables` lists it")]
File = Annotated[Path, typer.Argument(metavar="FILE", help=".csv .xlsx .parquet .geojson .geoparquet")]
Headings = Annotated[
    HeadingsOf | None,
    typer.Option(
        "--headings", help="列名 names, or Chinese beside them. Default: chinese for XLSX, names for the rest"
    ),
]


def export(
    workspace: WorkspaceFolder,
    table: TableName,
    file: File,
    headings: Headings = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """导出 Write a table into a file; the file's ending says how."""
    from gaoyuan import open as open_workspace
    from gaoyuan.cli.console import print_json, progress
    from gaoyuan.workspace.exporting import export as write_table

    opened = open_workspace(workspace)
    with progress(quiet or as_json) as show:
        done = 0

        def count(rows: int) -> None:
            nonlocal done
            done += rows
            show(f"export {table}", done)

        exported = write_table(opened, table, file, headings.value if headings else None, count)
    if as_json:
        print_json(exported)
    elif not quiet:
        print(exported)
