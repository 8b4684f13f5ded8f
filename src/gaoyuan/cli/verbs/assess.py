"""`gaoyuan assess`: the verdict on a subject under a rule."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder
from gaoyuan.cli.rule_options import Application, ApplicationKind, AsOf, SettingsGiven, settings_of

Rule = Annotated[
    str,
    typer.Option("--rules", metavar="ID", help="规则标识或自己的文件 a rule, one edition of it, or your .yaml file"),
]
SubjectId = Annotated[
    str | None, typer.Option("--subject", metavar="CLUSTER_ID", help="工作区中的集群 a cluster of the workspace")
]
FactsFile = Annotated[
    Path | None, typer.Option("--facts", metavar="FILE", help="事实文件 facts as JSON, YAML, XLSX or CSV")
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="写入文件 a .json, .html, .pdf, .docx or .xlsx file")
]


def assess(
    workspace: WorkspaceFolder,
    rule: Rule,
    subject: SubjectId = None,
    facts: FactsFile = None,
    as_of: AsOf = None,
    application: Application = ApplicationKind.new,
    settings: SettingsGiven = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """对照规则 The verdict under a rule, criterion by criterion, with evidence, gaps and plan."""
    from gaoyuan.cli.console import print_json, waiting

    with waiting("assess", quiet or as_json):
        from gaoyuan import open as open_workspace
        from gaoyuan.assess.subjects import assess as assess_subject

        if out is not None:
            from gaoyuan.report.verdict_files import check_verdict_path

            check_verdict_path(out)
        opened = open_workspace(workspace)
        assessed = assess_subject(
            opened,
            rule,
            subject,
            facts,
            as_of,
            application.value,
            settings=settings_of(settings),
        )
        if out is not None:
            from gaoyuan.report.run_notes import read_runs
            from gaoyuan.report.verdict_files import write_verdict

            write_verdict(assessed.verdict, out, assessed.diagnosis, assessed.name, read_runs(opened))
    if as_json:
        print_json({**assessed.verdict.as_data(), "name": assessed.name, "diagnosis": assessed.diagnosis.as_data()})
    elif out is None or not quiet:
        print(assessed if not quiet else assessed.verdict)
        if out is not None:
            print(f"已写入 written: {out}")
