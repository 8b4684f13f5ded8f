"""`gaoyuan contest`: a contest of clusters from its definition to its final results."""

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
Sealed = Annotated[
    Path | None,
    typer.Option("--sealed", metavar="DIR", help="密封评分表的文件夹 folder of sealed sheets; sealed/NAME beside FILE"),
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


def _folder(file: Path, sealed: Path | None) -> Path:
    return sealed if sealed is not None else file.parent / "sealed" / file.stem


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


@contest.command("sheet")
def sheet(
    file: Record,
    judge: Annotated[str, typer.Argument(metavar="[JUDGE]", help="评委编号；不给则全部 all judges without it")] = "",
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="评分表 .xlsx .csv .json; 全部时为文件夹 a folder for all judges"),
    ] = Path(),
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的表 write over forms that stand already")] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """评分表 Write a judge's form for the round being scored, or everybody's into a folder."""
    from gaoyuan.assess.contest import read_record, replay, write_form
    from gaoyuan.assess.contest.panel import assigned
    from gaoyuan.cli.console import print_json
    from gaoyuan.errors import InputError

    state = replay(read_record(file), where=str(file))
    if judge:
        written = {judge: out}
    else:
        current = state.scoring_round
        out.mkdir(parents=True, exist_ok=True)
        written = {one.id: out / f"{current}-{one.id}.xlsx" for one in assigned(state, current)} if current else {}
    if standing := [str(path) for path in written.values() if not force and path.is_file()]:
        raise InputError(
            "评分表已存在，评委可能已填写 the form is there already, perhaps filled in",
            where="、".join(standing),
            mend="换 --out，或移走它；确要覆盖则加 --force Name another --out, move it away, or give --force.",
        )
    counts = {name: write_form(state, state.judge(name), path, replace=force) for name, path in written.items()}
    if as_json:
        print_json(
            [
                {"judge": name, "file": path, "entrants": counts[name], "rehearsal": state.rehearsal}
                for name, path in written.items()
            ]
        )
    elif not quiet:
        for name, path in written.items():
            print(f"{mark(state)}{name}: {counts[name]} 家 entrants: {path}")
        if not written:
            print(f"{mark(state)}现在不在评分阶段 no round is being scored now")


@contest.command("seal")
def seal(
    file: Record,
    judge: JudgeId,
    form: Annotated[Path, typer.Argument(metavar="FORM", help="填好的评分表 the form, filled in")],
    sealed: Sealed = None,
    actor: Actor = "",
    at: At = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """密封 Check a filled form and seal it: the record gets its commitment only, never the scores."""
    from gaoyuan.assess.contest import read_form, write_sealed
    from gaoyuan.assess.contest import seal as seal_scores

    folder = _folder(file, sealed)
    with _act(file, actor, at) as held:
        state = held.state
        scores = read_form(state, state.judge(judge), form)
        made = seal_scores(state.id, state.scoring_round or "group", judge, scores)
        held.seal(made)
        kept = write_sealed(folder, made)
    text = f"已密封 sealed: {judge}, {len(scores)} 家 entrants\n密封码 commitment: {made.commitment}\n文件 kept: {kept}"
    _say(held, text, quiet, as_json, judge=judge, commitment=made.commitment, file=kept)


@contest.command("set-aside")
def set_aside(
    file: Record,
    judge: JudgeId,
    reason: Reason,
    actor: Actor = "",
    at: At = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """不计 Go on without a judge's sheet in the round being scored."""
    with _act(file, actor, at) as held:
        held.set_aside(held.state.scoring_round or "group", judge, reason)
    _say(held, f"本轮不计 set aside: {judge}", quiet, as_json)


@contest.command("open")
def open_sheets(
    file: Record,
    with_few: Annotated[
        bool, typer.Option("--with-few", help="评分不足也开封，随后逐项裁定 open with too few scores")
    ] = False,
    sealed: Sealed = None,
    actor: Actor = "",
    at: At = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """开封 Open all sealed sheets of the round at once; each must be there and be the one that was sealed."""
    from gaoyuan.assess.contest import open_round
    from gaoyuan.cli.contest_shown import print_result

    with _act(file, actor, at) as held:
        judges = open_round(held, _folder(file, sealed), with_few=with_few)
    _say(held, f"已开封 opened: {', '.join(judges)}", quiet, as_json, opened=judges)
    if not (quiet or as_json):
        print_result(held.state)
