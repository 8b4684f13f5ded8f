"""`gaoyuan contest`, its options and its verbs that set a contest up and take it on: entries, judges, stages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gaoyuan.cli.options import AsJson, Quiet

if TYPE_CHECKING:
    from gaoyuan.assess.contest import Contest, ContestState

contest = typer.Typer(
    name="contest",
    rich_markup_mode=None,
    no_args_is_help=True,
    help="""竞赛 A contest (赛马) of clusters: groups, then a final; sealed scores, replayable results.

    \b
    new → panel → advance → enter → advance → advance → sheet → seal → open → advance →
    sheet → seal → open → advance → result → advance → appeal → decide → advance → result → verify
    每个动词都有 every verb knows: --quiet --json --help
    """,
)


class RoundOf(StrEnum):
    """The rounds of a contest."""

    group = "group"
    final = "final"


class FormOf(StrEnum):
    """The registers that the office fills in."""

    entries = "entries"
    judges = "judges"


Record = Annotated[Path, typer.Argument(metavar="FILE", help="竞赛记录 the contest's record, such as contest.jsonl")]
EntrantId = Annotated[str, typer.Argument(metavar="ENTRANT", help="参赛编号 id of the entrant")]
JudgeId = Annotated[str, typer.Argument(metavar="JUDGE", help="评委编号 id of the judge")]
Reason = Annotated[str, typer.Option("--reason", help="理由，记入记录 the reason; it goes into the record")]
Actor = Annotated[
    str,
    typer.Option(
        "--actor", metavar="NAME", help="经办人 who acts; the account's name unless given", show_default=False
    ),
]
At = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="TIME", help="演练中的办理时间 the moment of the act, in a rehearsal only: 2027-03-01T10:00"
    ),
]


@contextmanager
def _act(file: Path, actor: str, at: str | None) -> Iterator[Contest]:
    from gaoyuan.assess.contest import editing
    from gaoyuan.cli import clock

    with editing(file, actor=actor or _account(), clock=clock.now, at=at) as held:
        yield held


def _account() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "office"


def mark(state: ContestState) -> str:
    """Give what is said before everything of a rehearsal, nothing of a contest."""
    return "【演练 rehearsal】" if state.rehearsal else ""


def _say(held: Contest, text: str, quiet: bool, as_json: bool, **more: object) -> None:
    from gaoyuan.cli.console import print_json

    state = held.state
    if as_json:
        where = {"rehearsal": state.rehearsal, "stage": state.stage, "events": state.events, "head": state.head}
        print_json({**where, **more})
    elif not quiet:
        print(f"{mark(state)}{text}")
        print(f"记录 record: {state.events} 条事件 events, 记录头 head {state.head}")


@contest.command("new")
def new(
    file: Record,
    definition: Annotated[Path, typer.Option("--definition", metavar="YAML", help="竞赛定义 the definition")],
    rehearsal: Annotated[
        bool,
        typer.Option("--rehearsal", help="演练：每步用 --at 给时间，结果不作数 a trial whose acts name their moments"),
    ] = False,
    actor: Actor = "",
    at: At = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """新建 Begin a contest, or a rehearsal: check the definition and write it into a new record."""
    from gaoyuan.assess.contest import Contest, clock_of, read_definition
    from gaoyuan.cli import clock

    checked = read_definition(definition)
    moment = clock_of(checked, clock.now, at, rehearsal=rehearsal)
    made = Contest.new(checked, actor=actor or _account(), clock=moment, rehearsal=rehearsal)
    made.save(file)
    _say(made, f"已新建 begun: {checked.title}, {file}", quiet, as_json)


@contest.command("template")
def template(
    form: Annotated[FormOf, typer.Argument(help="entries 报名表, judges 评委名册")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=".xlsx .csv")],
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """空表 Write the empty register of entrants or of judges, to be filled in."""
    from gaoyuan.assess.contest import write_entries_form, write_judges_form
    from gaoyuan.cli.console import print_json

    (write_entries_form if form is FormOf.entries else write_judges_form)(out)
    if as_json:
        print_json({"form": form.value, "file": out})
    elif not quiet:
        print(f"已写出 written: {out}")


@contest.command("enter")
def enter(
    file: Record,
    register: Annotated[Path | None, typer.Option("--from", metavar="FILE", help="报名表 .xlsx .csv")] = None,
    entrant: Annotated[str, typer.Option("--entrant", metavar="ID", help="参赛编号")] = "",
    name: Annotated[str, typer.Option("--name", help="集群名称 name of the cluster")] = "",
    group: Annotated[str, typer.Option("--group", metavar="ID", help="小组 group")] = "",
    organisation: Annotated[
        list[str] | None, typer.Option("--organisation", help="单位 organisation behind it")
    ] = None,
    county: Annotated[list[str] | None, typer.Option("--county", help="县区 county it lies in")] = None,
    actor: Actor = "",
    at: At = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """报名 Enter one cluster, or all of a register; a register is taken whole or not at all."""
    from gaoyuan.assess.contest import read_entries

    one = {"entrant": entrant, "name": name, "group": group, "organisations": organisation, "counties": county}
    rows: list[dict[str, Any]] = [one] if register is None else [dict(row) for row in read_entries(register)]
    with _act(file, actor, at) as held:
        for number, row in enumerate(rows, 1):
            with _at_row(register, number):
                held.enter(
                    row["entrant"],
                    row["name"],
                    group=row["group"],
                    organisations=row["organisations"] or (),
                    counties=row["counties"] or (),
                )
    _say(held, f"已报名 entered: {len(rows)}", quiet, as_json, entered=[row["entrant"] for row in rows])


@contextmanager
def _at_row(register: Path | None, number: int) -> Iterator[None]:
    from gaoyuan.assess.contest import ActRefused

    try:
        yield
    except ActRefused as fault:
        if register is None:
            raise
        where = f"{register}: 第 {number} 条 entry {number}"
        raise ActRefused(fault.what, where=where, mend=fault.mend) from None


@contest.command("withdraw")
def withdraw(
    file: Record,
    entrant: EntrantId,
    reason: Reason,
    actor: Actor = "",
    at: At = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """退出 Take an entry back, while entries are open."""
    with _act(file, actor, at) as held:
        held.withdraw(entrant, reason)
    _say(held, f"已退出 withdrawn: {entrant}", quiet, as_json)


@contest.command("panel")
def panel(
    file: Record,
    register: Annotated[Path, typer.Argument(metavar="JUDGES", help="评委名册 register of judges: .xlsx .csv")],
    actor: Actor = "",
    at: At = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """评委 Register judges with their groups and interests from a file; it is taken whole or not at all."""
    from gaoyuan.assess.contest import read_judges

    rows: list[dict[str, Any]] = [dict(row) for row in read_judges(register)]
    with _act(file, actor, at) as held:
        for number, row in enumerate(rows, 1):
            with _at_row(register, number):
                held.register_judge(row.pop("judge"), row.pop("name"), **row)
    _say(held, f"已登记评委 judges registered: {len(rows)}", quiet, as_json, registered=len(rows))


@contest.command("dismiss")
def dismiss(
    file: Record,
    judge: JudgeId,
    reason: Reason,
    actor: Actor = "",
    at: At = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """撤下评委 Take a judge off the register, before scoring begins."""
    with _act(file, actor, at) as held:
        held.dismiss_judge(judge, reason)
    _say(held, f"已撤下 dismissed: {judge}", quiet, as_json)


@contest.command("conflict")
def conflict(
    file: Record,
    judge: JudgeId,
    entrant: EntrantId,
    reason: Reason,
    actor: Actor = "",
    at: At = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """申报回避 Declare that a judge must not score an entrant; possible until the opening."""
    with _act(file, actor, at) as held:
        held.declare_conflict(judge, entrant, reason)
    _say(held, f"已回避 excluded: {judge} × {entrant}", quiet, as_json)


@contest.command("advance")
def advance(file: Record, actor: Actor = "", at: At = None, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """下一阶段 Go on to the next state, if everything for it is done."""
    from gaoyuan.assess.contest.words import stage_title

    with _act(file, actor, at) as held:
        if held.state.scoring_round is not None:
            from gaoyuan.assess.contest import ActRefused

            raise ActRefused(
                "评分须经开封 scores have to be opened first",
                mend="用 Use: gaoyuan contest open; it goes on by itself.",
            )
        held.advance()
    _say(held, f"进入 now: {stage_title(held.state.stage)}", quiet, as_json)


@contest.command("extend")
def extend(
    file: Record,
    deadline: Annotated[str, typer.Argument(metavar="DEADLINE", help="entries group_scoring group_appeals ...")],
    to: Annotated[str, typer.Argument(metavar="TIME", help="2027-05-31T18:00+08:00")],
    reason: Reason,
    actor: Actor = "",
    at: At = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """延期 Put a deadline off."""
    with _act(file, actor, at) as held:
        held.act("extended", {"deadline": deadline, "to": to, "reason": reason})
    _say(held, f"已延期 put off: {deadline} → {to}", quiet, as_json)
