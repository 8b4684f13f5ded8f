"""`gaoyuan log`: the portal's log as files that any web server can publish."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="写入的文件夹 folder that is written")]


def log(workspace: WorkspaceFolder, folder: Folder, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """导出日志 Write the portal's log as tiles into a folder, and check it."""
    from gaoyuan import open as open_workspace
    from gaoyuan.cli.console import print_json
    from gaoyuan.portal.serving.starting import portal_folder, set_up

    set_up(portal_folder(open_workspace(workspace)))
    from gaoyuan.portal.evidence.publishing import export_log

    folder.mkdir(parents=True, exist_ok=True)
    done = export_log(folder)
    if as_json:
        print_json({"size": done.size, "files": done.files, "key": done.key})
    elif not quiet:
        print(f"已导出并核对 exported and checked: {done.size:,} 条 records, {done.files:,} 文件 files\n{done.key}")
