"""`gaoyuan demo`: the whole main job on the sample province."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet

Folder = Annotated[Path, typer.Argument(metavar="[WS]", help="工作区文件夹 folder of the workspace")]
Enterprises = Annotated[int, typer.Option("--enterprises", metavar="N", help="企业数 firms, to 50 million")]
Seed = Annotated[int, typer.Option("--seed", metavar="S", min=0, help="随机种子 the same seed gives the same firms")]


def demo(
    workspace: Folder = Path("demo-workspace"),
    enterprises: Enterprises = 100_000,
    seed: Seed = 1,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """演示 The whole job on the sample province: sample, import, observe, map; and how much of the truth was found."""
    from gaoyuan import create
    from gaoyuan.cli.console import print_json, progress
    from gaoyuan.cli.verbs.observe import print_strongest
    from gaoyuan.observe import observe
    from gaoyuan.registry import import_enterprises
    from gaoyuan.report import write_map
    from gaoyuan.sample import recovery, write_sample

    opened = create(workspace)
    with progress(quiet or as_json) as show:
        written = write_sample(opened, enterprises, seed, lambda done: show("sample", done))
        imported = import_enterprises(opened, [written.file], progress=show)
        observed = observe(opened, progress=show)
        show("map", 0)
        page = write_map(opened, workspace / "map.html")
        recovered = recovery(opened)
    if as_json:
        results = {"sample": written, "import": imported, "observe": observed, "map": page, "recovery": recovered}
        print_json({"workspace": workspace, **results})
        return
    if quiet:
        return
    for part in (written, *imported, observed):
        print(part)
    print_strongest(opened, 10)
    print(f"\n{recovered}\n{page}\n")
    print(f"用浏览器打开 open in a browser: {page.file}")
    print(f"数字从何而来 where numbers come from: gaoyuan explain {workspace} CLUSTER_ID")
