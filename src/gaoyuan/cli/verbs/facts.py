"""`gaoyuan facts`: the form of facts of a cluster, with what is known filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder
from gaoyuan.cli.rule_options import Application, ApplicationKind, AsOf

SubjectId = Annotated[
    str, typer.Argument(metavar="CLUSTER_ID", help="集群标识（或企业、地区） a cluster, an enterprise or a region")
]
Out = Annotated[Path, typer.Option("--out", metavar="FILE.xlsx", help="填报表 the form to write")]
Rule = Annotated[str, typer.Option("--rules", metavar="ID", help="按哪个规则 for which rule")]


def facts(
    workspace: WorkspaceFolder,
    subject: SubjectId,
    out: Out,
    rule: Rule = "cn-sme-cluster",
    as_of: AsOf = None,
    application: Application = ApplicationKind.new,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """填报表 The form of facts: what is known is filled in with its source, the rest is left to fill."""
    from gaoyuan import open as open_workspace
    from gaoyuan.assess.subjects import facts_form
    from gaoyuan.cli.console import print_json, waiting

    with waiting("facts", quiet or as_json):
        form = facts_form(open_workspace(workspace), subject, out, rule, as_of, application.value)
    if as_json:
        print_json(form)
    elif not quiet:
        print(form)
        print(f"填好后导回 when filled in: gaoyuan import {workspace} facts {out}")
