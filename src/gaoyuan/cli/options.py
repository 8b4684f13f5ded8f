"""Arguments and options that several verbs share."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

WorkspaceFolder = Annotated[Path, typer.Argument(metavar="WS", help="工作区文件夹 folder of the workspace")]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="不显示进度与说明 No progress, nothing but results and errors.")
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON Results as JSON, for programs.")]


def finite(given: float) -> float:
    """Refuse infinity as the value of an option."""
    if not math.isfinite(given):
        raise typer.BadParameter("Input should be a finite number")
    return given
