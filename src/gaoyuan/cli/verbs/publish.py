"""`gaoyuan publish`: the newest results become what the portal shows."""

from __future__ import annotations

from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder

Public = Annotated[bool, typer.Option("--public", help="也向未登录者公开 shown to everybody, small figures hidden")]
Name = Annotated[str, typer.Option("--organisation", metavar="NAME", help="所属机构 the organisation it belongs to")]


def publish(
    workspace: WorkspaceFolder,
    organisation: Name = "",
    public: Public = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """发布 Publish the newest results into the portal's database, as one snapshot."""
    from gaoyuan import open as open_workspace
    from gaoyuan.cli.console import print_json, progress
    from gaoyuan.portal.serving.starting import portal_folder, set_up

    opened = open_workspace(workspace)
    set_up(portal_folder(opened))
    from gaoyuan.portal.serving.publishing import publish_for

    with progress(quiet or as_json) as show:
        made = publish_for(opened, organisation, public, show)
    if as_json:
        shown = {"snapshot": str(made.pk), "title": made.title, "organisation": made.organisation.name}
        print_json({**shown, "public": made.public, **made.counts})
    elif not quiet:
        parts, firms = made.counts["parts"], made.counts["firms"]
        print(f"已发布 published: {made.title}, {parts:,} 部分 parts, {firms:,} 家企业 firms")
