"""`gaoyuan contest` while a round is scored: forms for the judges, sealed sheets, and their opening."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet
from gaoyuan.cli.verbs.contest import Actor, At, JudgeId, Reason, Record, _act, _say, contest, mark

Sealed = Annotated[
    Path | None,
    typer.Option("--sealed", metavar="DIR", help="密封评分表的文件夹 folder of sealed sheets; sealed/NAME beside FILE"),
]


def _folder(file: Path, sealed: Path | None) -> Path:
    return sealed if sealed is not None else file.parent / "sealed" / file.stem


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
