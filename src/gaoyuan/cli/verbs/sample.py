"""`gaoyuan sample`: the sample province."""

from __future__ import annotations

from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder

Enterprises = Annotated[int, typer.Option("--enterprises", metavar="N", help="企业数 firms, to 50 million")]
Seed = Annotated[int, typer.Option("--seed", metavar="S", min=0, help="随机种子 the same seed gives the same firms")]


def sample(
    workspace: WorkspaceFolder,
    enterprises: Enterprises = 100_000,
    seed: Seed = 1,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """示例省 Write the sample province: fictional firms on real codes, planted clusters with their truth."""
    from gaoyuan import steps
    from gaoyuan.cli.console import print_json, progress

    with progress(quiet or as_json) as show:
        summary = steps.sample(steps.init(workspace), enterprises, seed, show)
    if as_json:
        print_json(summary)
    elif not quiet:
        print(summary)
        print(f"下一步 next: gaoyuan import {workspace} enterprises {summary.file}")
