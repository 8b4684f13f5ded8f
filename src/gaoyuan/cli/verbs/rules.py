"""`gaoyuan rules`: the editions of official rules, and one of them criterion by criterion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet
from gaoyuan.cli.rule_options import Application, ApplicationKind, AsOf

if TYPE_CHECKING:
    from gaoyuan.assess import Edition
    from gaoyuan.assess.rules.model import Setting

RuleId = Annotated[
    str | None,
    typer.Argument(metavar="[ID]", help="规则标识，或自己的文件 a rule, one edition of it, or your .yaml file"),
]
Own = Annotated[
    Path | None,
    typer.Option("--workspace", metavar="WS", help="也列出工作区 rules 文件夹中的规则 also the rules in WS/rules"),
]
Metrics = Annotated[bool, typer.Option("--metrics", help="列出指标 the metrics that facts can be given of")]


def rules(
    rule: RuleId = None,
    as_of: AsOf = None,
    application: Application = ApplicationKind.new,
    workspace: Own = None,
    metrics: Metrics = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """列出规则 The editions of rules, also a workspace's own; one, criterion by criterion, with its source."""
    if metrics:
        _show_metrics(as_json)
        return
    from gaoyuan.assess.rules.choice import own_editions, rule_for
    from gaoyuan.assess.rules.rulebook import as_date

    opened = None
    if workspace is not None:
        from gaoyuan import open as open_workspace

        opened = open_workspace(workspace)
    if rule is None:
        _show_all(own_editions(opened), as_json)
    else:
        day = as_date(as_of) if as_of else dt.date.today()
        _show_one(rule_for(opened, rule, day, application.value), quiet, as_json)


def _show_all(own: Sequence[Edition], as_json: bool) -> None:
    """List the workspace's own editions, then those that ship; an own one of the same name comes before it in use."""
    from gaoyuan.assess import editions
    from gaoyuan.cli.console import print_json, print_table

    if as_json:
        print_json([one.data for one in (*own, *editions())])
        return
    headings = [
        "规则 rule",
        "名称 title",
        "文号 document",
        "地区 region",
        "对象 subject",
        "文本 status",
        "施行 in-force",
    ]
    if own:
        print_table(headings, _rows(own), "工作区自有规则 rules of the workspace", unbroken=1)
    print_table(headings, _rows(editions()), "随程序提供的规则 rules that ship" if own else None, unbroken=1)


def _rows(listed: Sequence[Edition]) -> list[list[object]]:
    return [
        [one.key, one.title_zh, one.document_number, one.region_zh, one.subject, one.status.zh, _span(one)]
        for one in listed
    ]


def _show_one(one: Edition, quiet: bool, as_json: bool) -> None:
    from gaoyuan.assess.rules.walk import walk
    from gaoyuan.assess.verdicts.describing import asked_en, asked_zh
    from gaoyuan.cli.console import print_fields, print_json, print_table

    if as_json:
        print_json(one.data)
        return
    if not quiet:
        print_fields(
            [
                ("名称 title", f"{one.title_zh} · {one.title_en}"),
                ("文号 document", f"{one.document_number or '无 none'} · {one.issuer_zh} {one.issuer_en}"),
                ("来源 source", one.url or "未见原文 text not seen"),
                ("文本状态 status", f"{one.status.zh} {one.status.value}（核对于 last checked {one.last_checked}）"),
                ("施行 in force", _span(one)),
                ("接续 supersedes", one.supersedes or "—"),
                *((f"设置 setting {name}", _setting(setting)) for name, setting in one.settings.items()),
                *(("说明 note", f"{zh} {en}") for zh, en in zip(one.notes_zh, one.notes_en, strict=True)),
            ]
        )
    rows = [
        [c.id, c.zh, f"{asked_zh(c)} {asked_en(c)}", "是 yes" if c.hard else "否 no", c.article, c.status.zh]
        for c in walk(one.criteria)
    ]
    print_table(
        ["条目 id", "要求 criterion", "判断 asked", "硬性 hard", "条款 article", "文本 status"], rows, unbroken=1
    )
    if not quiet:
        for duty in one.duties:
            print(f"· {duty.zh} {duty.en} [{duty.status.zh}]")


def _show_metrics(as_json: bool) -> None:
    from gaoyuan.assess import metrics
    from gaoyuan.cli.console import print_json, print_table

    if as_json:
        print_json(list(metrics().values()))
        return
    rows = [
        [m.id, m.zh, m.en, m.kind, m.unit_zh or "—", "是 yes" if m.series else "", "、".join(m.options)]
        for m in metrics().values()
    ]
    print_table(
        ["指标 metric", "名称 name", "English", "类别 kind", "单位 unit", "逐年 yearly", "选项 options"],
        rows,
        unbroken=1,
    )


def _setting(setting: Setting) -> str:
    default = "未知 unknown" if setting.default is None else setting.default
    return f"{default} · {setting.zh} {setting.en}"


def _span(one: Edition) -> str:
    spans = {f"{begin or '…'} – {end or '…'}" for begin, end in one.effective.values()}
    if len(spans) == 1:
        return next(iter(spans))
    return "; ".join(f"{name} {begin or '…'} – {end or '…'}" for name, (begin, end) in one.effective.items())
