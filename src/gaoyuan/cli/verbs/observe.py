"""`gaoyuan observe`: code, locate, measure and detect."""

from __future__ import annotations

from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder

Top = Annotated[int, typer.Option("--top", metavar="N", min=0, help="列出最强的集群 strongest clusters to list")]


def observe(workspace: WorkspaceFolder, top: Top = 15, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """发现集群 Find the clusters: industries derived, firms located, everything measured and tested."""
    from gaoyuan import open as open_workspace
    from gaoyuan.cli.console import print_json, progress
    from gaoyuan.observe import observe as run_observe

    opened = open_workspace(workspace)
    with progress(quiet or as_json) as show:
        observed = run_observe(opened, progress=show)
    if as_json:
        print_json(observed)
        return
    if quiet:
        return
    print(observed)
    if top:
        print_strongest(opened, top)
    print(f"\n看地图 see the map: gaoyuan map {workspace} map.html")


def print_strongest(workspace, top: int) -> None:  # noqa: ANN001
    """Print the strongest clusters that were found."""
    from gaoyuan.cli.console import print_table
    from gaoyuan.workspace import SCHEMAS

    names = ["cluster_id", "name", "firms", "expected", "location_quotient", "q_value", "area_km2", "recognised"]
    table = workspace.table("cluster")
    found = workspace.to_arrow(
        table.filter(table.found_by.notnull()).order_by(table.minus_log10_p.desc()).limit(top).select(*names)
    ).to_pylist()
    headings = SCHEMAS["cluster"].headings()
    if found:
        print()
        print_table([headings[name] for name in names], [[row[name] for name in names] for row in found])
