"""`gaoyuan init`: make a workspace."""

from __future__ import annotations

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder


def init(workspace: WorkspaceFolder, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """新建工作区 Make a workspace: a folder for the tables."""
    from gaoyuan import create
    from gaoyuan.cli.console import print_json

    made = create(workspace)
    if as_json:
        print_json({"workspace": made.path, "tables": made.tables()})
    elif not quiet:
        print(f"工作区 workspace: {made.path}")
        print(f"下一步 next: gaoyuan import {made.path} enterprises FILE")
