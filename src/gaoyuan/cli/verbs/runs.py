"""`gaoyuan runs`: what ran on what."""

from __future__ import annotations

import json

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder

_PARTS = ("parameters", "inputs", "outputs", "timings", "editions")


def runs(workspace: WorkspaceFolder, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """运行记录 What ran, on what, and what it wrote; the newest first."""
    from gaoyuan import open as open_workspace
    from gaoyuan.cli.console import print_json, print_table, waiting

    with waiting("runs", quiet or as_json):
        held = open_workspace(workspace).runs().to_pylist()
    rows = [row | {part: json.loads(row[part]) for part in _PARTS} for row in held]
    if as_json:
        print_json(rows)
    elif rows:
        shown = [
            [
                row["run"],
                row["step"],
                f"{row['started']:%Y-%m-%d %H:%M:%S}",
                row["seconds"],
                " ".join(f"{name}:{version}" for name, version in row["inputs"].items() if version is not None),
                " ".join(f"{name}:{written['version']}" for name, written in row["outputs"].items()),
            ]
            for row in rows
        ]
        print_table(["运行 run", "步骤 step", "开始 started (UTC)", "秒 s", "输入 read", "输出 wrote"], shown)
    elif not quiet:
        print("还没有运行 nothing has run yet")
