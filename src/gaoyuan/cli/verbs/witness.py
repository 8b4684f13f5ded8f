"""`gaoyuan witness`: cosigns checkpoints of logs that it knows, over HTTP or from files, and forgets none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="见证方的文件夹 folder of the witness")]
Name = Annotated[str, typer.Option("--name", metavar="NAME", help="首次：名称 at first: its name, bank.example/w")]
Logs = Annotated[list[str], typer.Option("--log", metavar="KEY", help="见证的日志 a log to witness, by its key")]
Host = Annotated[str, typer.Option("--host", help="监听地址 address that it listens on")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="端口 port; without it nothing is served")]
Source = Annotated[
    str, typer.Option("--from", metavar="PLACE", help="读取日志一次 look at a log once: a folder or https://…")
]


def witness(
    folder: Folder,
    name: Name = "",
    log: Logs = [],  # noqa: B006 - how the parser wants it
    host: Host = "127.0.0.1",
    port: Port = 0,
    source: Source = "",
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """见证 Run a witness: it cosigns what continues the log that it saw last, and nothing else."""
    from gaoyuan.cli.console import print_json
    from gaoyuan.trust.witnessing import WitnessFolder, look_once, serve

    held = WitnessFolder(folder)
    if name:
        held.create(name)
    for one in log:
        held.know(one)
    told: dict[str, object] = {"key": str(held.cosigner().key)}
    if not quiet and not as_json:
        print(f"见证密钥 key of the witness: {told['key']}")
    if source:
        cosigned = look_once(held, source)
        told |= {"size": cosigned.checkpoint.size, "file": str(held.cosigned_file(cosigned.checkpoint.origin))}
        if not as_json:
            print(f"已联署 cosigned: {told['size']:,}\n{told['file']}")
    if as_json:
        print_json(told)
    if port:
        serve(held, host, port)
