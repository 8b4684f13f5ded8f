"""`gaoyuan titles`: every enterprise against the ladder of titles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder
from gaoyuan.cli.rule_options import AsOf

if TYPE_CHECKING:
    from gaoyuan.assess import Verdict
    from gaoyuan.assess.titles.ladder import OwnRung

EnterpriseId = Annotated[
    str | None,
    typer.Option("--enterprise", metavar="ID", help="一家企业 one enterprise, by credit code or enterprise_id"),
]


def titles(
    workspace: WorkspaceFolder,
    enterprise: EnterpriseId = None,
    as_of: AsOf = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """企业称号 Every enterprise against the ladder of titles: holds, qualifies, one criterion away."""
    from gaoyuan import open as open_workspace
    from gaoyuan.cli.console import print_json, waiting

    opened = open_workspace(workspace)
    with waiting("titles", quiet or as_json):
        from gaoyuan.assess.titles.ladder import climb, ladder_of

        result = climb(opened, as_of) if enterprise is None else ladder_of(opened, enterprise, as_of)
    if isinstance(result, tuple):
        _show_one(result, as_json)
        if not quiet and not as_json:
            rule = result[0].verdict.rule
            print(f"逐条 criterion by criterion: gaoyuan assess {workspace} --rules {rule} --subject {enterprise}")
    elif as_json:
        print_json(result)
    elif not quiet:
        print(result)
        print(f"名单 the firms: gaoyuan export {workspace} title_standing standing.xlsx")


def _show_one(rungs: Sequence[OwnRung], as_json: bool) -> None:
    from gaoyuan.assess.titles.ladder import STANDINGS
    from gaoyuan.cli.console import print_json, print_table

    if as_json:
        print_json(
            [
                {"title": one.title, "zh": one.zh, "standing": one.standing, "verdict": one.verdict.as_data()}
                for one in rungs
            ]
        )
        return
    rows = [
        [one.zh, f"{one.verdict.rule}.{one.verdict.edition}", " ".join(STANDINGS[one.standing]), *_open(one.verdict)]
        for one in rungs
    ]
    print_table(["称号 title", "规则 rule", "状况 standing", "不符合 unmet", "未知 unknown", "待评审 to-judge"], rows)


def _open(verdict: Verdict) -> list[str]:
    from gaoyuan.assess import State

    return [
        "、".join(one.id for one in verdict.with_state(state))
        for state in (State.UNMET, State.UNKNOWN, State.MANUAL_REVIEW)
    ]
