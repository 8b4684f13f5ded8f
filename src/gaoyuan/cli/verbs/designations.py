"""`gaoyuan designations`: a province's map of leading and featured industries."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet


class Act(StrEnum):
    """What is done with the map."""

    check = "check"
    add = "add"
    remove = "remove"
    change_role = "change-role"
    history = "history"


MapFile = Annotated[Path, typer.Argument(metavar="MAP.yaml", help="产业地图文件 file of the map")]
ActOption = Annotated[Act, typer.Argument(metavar="[ACT]", help="check add remove change-role history")]
Unit = Annotated[str, typer.Option(metavar="UNIT", help="布局单元 district, county or zone")]
Industry = Annotated[str, typer.Option(metavar="INDUSTRY", help="产业 industry")]
Role = Annotated[str | None, typer.Option(metavar="ROLE", help="leading 主导, featured 特色")]
Who = Annotated[str, typer.Option(metavar="NAME", help="谁提出 who asks for the move")]
Why = Annotated[str, typer.Option(metavar="TEXT", help="理由 why")]
On = Annotated[str | None, typer.Option(metavar="DATE", help="何日起 day from which it holds, else today")]


def designations(
    file: MapFile,
    act: ActOption = Act.check,
    unit: Unit = "",
    industry: Industry = "",
    role: Role = None,
    who: Who = "",
    why: Why = "",
    on: On = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """产业布局 A map of leading and featured industries against its limits; moves that break them are refused."""
    import datetime as dt

    from gaoyuan.assess.designations.files import make_move, move_of, read_map
    from gaoyuan.assess.rules.rulebook import as_date
    from gaoyuan.cli.console import print_json, print_table

    held = read_map(file)
    if act in (Act.add, Act.remove, Act.change_role):
        day = as_date(on) if on is not None else dt.date.today()
        operation = act.value.replace("-", "_")
        move = move_of(operation, unit, industry, role, on=day, who=who, why=why)
        held = make_move(held, move, dt.datetime.now().astimezone())
    if as_json:
        print_json(
            {
                "rule": held.rule.key,
                "designations": held.designations,
                "breaches": held.breaches,
                "open_points": held.rule.open_points(),
                "agrees_with_history": held.agrees_with_history,
                "broken_off": held.broken_off,
                "history": [{"at": one.at.isoformat(), "who": one.actor, **one.body} for one in held.history],
            }
        )
        return
    if act is Act.history:
        rows = [
            [
                one.at.isoformat(),
                one.actor,
                *(one.body[name] for name in ("operation", "unit", "role", "industry", "why")),
            ]
            for one in held.history
        ]
        print_table(["时间 at", "提出 who", "变更 move", "单元 unit", "角色 role", "产业 industry", "理由 why"], rows)
        return
    rows = [[one.unit, one.role, one.industry, one.since and one.since.isoformat()] for one in held.designations]
    print_table(
        ["单元 unit", "角色 role", "产业 industry", "起始 since"], rows, None if quiet else f"《{held.rule.title_zh}》"
    )
    for breach in held.breaches:
        print(f"✗ {breach}")
    if not quiet:
        for point in held.rule.open_points():
            print(f"? {point}")
        if held.broken_off:
            print("! 上次变更未写完，下次变更会先补完 the last move was broken off; the next one first finishes it")
        elif not held.agrees_with_history:
            print("! 地图与变更记录不一致 the map was changed by hand since its last recorded move")
        if not held.breaches:
            print("✓ 符合规则 the map keeps the rule")
