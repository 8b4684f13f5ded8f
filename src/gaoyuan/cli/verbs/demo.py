"""`gaoyuan demo`: the whole main job on the sample province."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet

Folder = Annotated[Path, typer.Argument(metavar="WS", help="工作区文件夹 folder of the workspace")]
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
    from gaoyuan import open as open_workspace
    from gaoyuan import steps
    from gaoyuan.assess.planted_verdicts import AS_OF, RULE
    from gaoyuan.cli.console import print_json, progress
    from gaoyuan.cli.verbs.observe import print_strongest

    with progress(quiet or as_json) as show:
        done = steps.demo(workspace, enterprises, seed, show)
    if as_json:
        print_json(done)
        return
    if quiet:
        return
    print(done)
    print_strongest(open_workspace(workspace), 10)
    print(f"用浏览器打开 open in a browser: {done.page.file}")
    print(f"打开工作台 open the workbench: gaoyuan serve {workspace}")
    print(f"对照规则 against a rule: gaoyuan assess {workspace} --rules {RULE} --subject CLUSTER_ID --as-of {AS_OF}")
    print(f"数字从何而来 where numbers come from: gaoyuan explain {workspace} CLUSTER_ID")
