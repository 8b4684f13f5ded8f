"""`gaoyuan map`: one offline page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder

Page = Annotated[Path, typer.Argument(metavar="FILE.html", help="网页文件 the page to write")]


def map_page(workspace: WorkspaceFolder, file: Page, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """地图 One self-contained offline page: map of counties and clusters, industry picker, ranked table."""
    from gaoyuan import open as open_workspace
    from gaoyuan.cli.console import print_json, progress
    from gaoyuan.report import write_map

    opened = open_workspace(workspace)
    with progress(quiet or as_json) as show:
        show("map", 0)
        summary = write_map(opened, file)
    if as_json:
        print_json(summary)
    elif not quiet:
        print(summary)
