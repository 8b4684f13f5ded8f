"""`gaoyuan serve`: the workbench, on this machine."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from gaoyuan.cli.options import Quiet, WorkspaceFolder

Host = Annotated[str, typer.Option("--host", metavar="NAME", help="监听地址 address to listen on")]
Port = Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help="端口 port")]
Workers = Annotated[int, typer.Option("--workers", metavar="N", min=1, help="进程数 processes of the server")]
Keep = Annotated[bool, typer.Option("--no-publish", help="不重新发布 serve what is published already")]
Sample = Annotated[
    bool, typer.Option("--sample", help="加入示例单位、人员和业务 with made-up people and cases at all services")
]
Public = Annotated[bool, typer.Option("--public", help="也向未登录者公开 shown to everybody, small figures hidden")]


def serve(
    workspace: WorkspaceFolder,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Workers = 1,
    no_publish: Keep = False,
    public: Public = False,
    sample: Sample = False,
    quiet: Quiet = False,
) -> None:
    """工作台 Publish the newest results and serve them as web pages, with all the work that can be done on them."""
    from gaoyuan import open as open_workspace
    from gaoyuan.cli.console import progress
    from gaoyuan.cli.faults import tell
    from gaoyuan.errors import WorkspaceError
    from gaoyuan.portal.serving.running import become
    from gaoyuan.portal.serving.starting import (
        allow_host,
        first_link,
        portal_folder,
        require_free,
        server_command,
        set_up,
        worker_command,
    )

    opened = open_workspace(workspace)
    require_free(host, port)
    allow_host(host)
    set_up(portal_folder(opened))
    from gaoyuan.portal.serving.publishing import publish_for

    if not no_publish:
        try:
            with progress(quiet) as show:
                publish_for(opened, "", public, show)
        except WorkspaceError as missing:
            # What is to be published can be made in the workbench itself; what was published before is shown.
            tell(missing)
            print("继续启动，显示此前发布的结果 starting all the same, with what was published before", file=sys.stderr)
    if sample:
        _play(quiet)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    link = first_link(address)
    if link is not None:
        print(
            "首次使用，请建立管理员账号（链接一天内有效，只能用一次） "
            f"make the administrator, once, within a day:\n  {link}"
        )
    print(f"用浏览器打开 open in a browser: {address}  (Ctrl-C 停止 ends)", flush=True)
    become(server_command(host, port, workers), worker_command())


def _play(quiet: bool) -> None:
    from gaoyuan.cli.console import waiting
    from gaoyuan.portal.demonstration import PASSWORD, play, read_story, require_no_organisations, shown

    require_no_organisations()
    with waiting("示例业务 sample cases", quiet):
        players = play(read_story())
    print(f"示例人员，密码均为 made-up people, all with the password: {PASSWORD}")
    for player in players.values():
        print(f"  {player.user}  {player.organisation.name}")
    print("各项服务 what the services have done for them:")
    for one in shown(players):
        print(f"  {one.zh} {one.en}\n    {one.user}  {one.page}")
