"""`gaoyuan import`: bring files into the workspace."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder


class Kind(StrEnum):
    """What a file can hold."""

    enterprises = "enterprises"


Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="CSV, XLSX, Parquet 文件 files")]
Columns = Annotated[Path | None, typer.Option("--columns", metavar="MAP.toml", help="列对应表 which column is what")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只检查 check only, write nothing")]
KindOf = Annotated[Kind, typer.Argument(metavar="enterprises", help="文件内容 what the files hold", show_choices=True)]


def import_files(
    workspace: WorkspaceFolder,
    kind: KindOf,
    files: Files,
    columns: Columns = None,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """导入登记数据 Import registers: columns are recognised by their headers, bad rows set aside with reasons."""
    from gaoyuan import open as open_workspace
    from gaoyuan.cli.console import print_json, progress
    from gaoyuan.registry import import_enterprises, load_mapping

    opened = open_workspace(workspace)
    mapping = load_mapping(columns) if columns is not None else None
    with progress(quiet or as_json) as show:
        imported = import_enterprises(opened, files, mapping, dry_run=dry_run, progress=show)
    if as_json:
        print_json({"dry_run": dry_run, "files": imported})
        return
    if quiet:
        return
    for file in imported:
        print(file)
    if dry_run:
        print("仅检查，未写入 checked only, nothing was written")
    elif any(file.rejected for file in imported):
        print(f"查看未导入的行 see the rows set aside: gaoyuan export {workspace} rejected rejected.xlsx")
    if not dry_run:
        print(f"下一步 next: gaoyuan observe {workspace}")
