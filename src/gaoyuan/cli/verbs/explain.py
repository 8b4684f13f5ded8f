"""`gaoyuan explain`: every number of a cluster."""

from __future__ import annotations

from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder

ClusterId = Annotated[str, typer.Argument(metavar="CLUSTER_ID", help="集群标识 as in the table cluster: 370827-1523")]


def explain(workspace: WorkspaceFolder, cluster_id: ClusterId, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """解释集群 Every number of a cluster with its formula, inputs and run, computed again."""
    from gaoyuan.cli.console import print_json, waiting

    with waiting("explain", quiet or as_json):
        from gaoyuan import open as open_workspace
        from gaoyuan.observe import explain as explain_cluster

        explanation = explain_cluster(open_workspace(workspace), cluster_id)
    if as_json:
        print_json(explanation)
    else:
        print(explanation if not quiet else explanation.figures_text())
