"""`gaoyuan tables`: what there is."""

from __future__ import annotations

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder


def tables(workspace: WorkspaceFolder, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """列出各表 The tables of a workspace: what a row is, how many there are."""
    from gaoyuan import open as open_workspace
    from gaoyuan.cli.console import print_json, print_table, waiting

    with waiting("tables", quiet or as_json):
        states = open_workspace(workspace).tables()
    if as_json:
        print_json(states)
    elif states:
        rows = [[state.name, state.zh, state.grain, state.rows, state.version, state.bytes / 1e6] for state in states]
        print_table(["表 table", "名称", "一行 a row is", "行数 rows", "版本 version", "MB"], rows)
    elif not quiet:
        print(f"还没有表 no tables yet. 下一步 next: gaoyuan import {workspace} enterprises FILE")
