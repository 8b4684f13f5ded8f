"""`gaoyuan contest` from the opening on: appeals, decisions, results and their verification."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet
from gaoyuan.cli.verbs.contest import Actor, At, EntrantId, Reason, Record, RoundOf, _act, _say, mark
from gaoyuan.cli.verbs.contest_scoring import contest

if TYPE_CHECKING:
    from gaoyuan.assess.contest import ContestState
    from gaoyuan.assess.contest.canonical import Json


@contest.command("appeal")
def appeal(
    file: Record,
    entrant: EntrantId,
    reason: Reason,
    round_of: Annotated[RoundOf, typer.Option("--round", help="针对哪一轮 against which round")] = RoundOf.final,
    actor: Actor = "",
    at: At = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """申诉 File an appeal of an entrant, before its deadline."""
    with _act(file, actor, at) as held:
        name = held.appeal(entrant, round_of.value, reason)
    _say(held, f"已受理 filed: {name}", quiet, as_json, appeal=name)


@contest.command("decide")
def decide(
    file: Record,
    matter: Annotated[str, typer.Argument(metavar="MATTER", help="待决事项，见 show; as `show` names it")],
    reason: Reason,
    choose: Annotated[
        list[str] | None, typer.Option("--choose", metavar="ENTRANT", help="入选者 who gets the place")
    ] = None,
    uphold: Annotated[bool | None, typer.Option("--uphold/--reject", help="申诉成立或驳回 of an appeal")] = None,
    void_sheet: Annotated[
        list[str] | None,
        typer.Option("--void-sheet", metavar="ROUND:JUDGE", help="评分表作废 the sheet does not count"),
    ] = None,
    void_scores: Annotated[
        list[str] | None,
        typer.Option("--void-scores", metavar="ROUND:JUDGE:ENTRANT", help="该项评分作废 these scores do not count"),
    ] = None,
    disqualify: Annotated[list[str] | None, typer.Option("--disqualify", metavar="ENTRANT", help="取消资格")] = None,
    corrections: Annotated[
        Path | None,
        typer.Option("--corrections", metavar="JSON", help="更正文件 a list of corrections, as the record holds"),
    ] = None,
    actor: Actor = "",
    at: At = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """裁定 Decide a tie at a boundary, too few scores, or an appeal with what it corrects."""
    from gaoyuan.assess.contest import ActRefused

    made: list[dict[str, Json]] = []
    for text in void_sheet or ():
        name, judge = _parts(text, "ROUND:JUDGE")
        made.append({"do": "void_sheet", "round": name, "judge": judge})
    for text in void_scores or ():
        name, judge, entrant = _parts(text, "ROUND:JUDGE:ENTRANT")
        made.append({"do": "void_scores", "round": name, "judge": judge, "entrant": entrant})
    made.extend({"do": "disqualify", "entrant": entrant} for entrant in disqualify or ())
    if corrections is not None:
        made.extend(_read_corrections(corrections))
    with _act(file, actor, at) as held:
        if matter in held.state.appeals:
            if uphold is None:
                raise ActRefused("请注明成立或驳回 an appeal is upheld or rejected", mend="--uphold 或 or --reject")
            if choose:
                raise ActRefused("--choose 不用于申诉 --choose is of ties, not of appeals")
            held.decide_appeal(matter, upheld=uphold, reason=reason, corrections=made)
        else:
            if made or uphold is not None:
                raise ActRefused(f"{matter} 不是申诉 is no appeal: it corrects nothing", mend="用 Use --choose.")
            held.decide(matter, choose or (), reason)
    _say(held, f"已裁定 decided: {matter}", quiet, as_json, matter=matter)


@contest.command("show")
def show(file: Record, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """查看 Where the contest stands, what comes next, what waits for a decision."""
    from gaoyuan.cli.console import print_json
    from gaoyuan.cli.contest_shown import overview, print_overview

    state = _state(file)
    if as_json:
        print_json(overview(state))
    else:
        print_overview(state)


@contest.command("result")
def result(
    file: Record,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help=".json 结果文件，可逐字节重算 replayable; .xlsx 供阅读 to read"),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """结果 Print the results so far, or write them as a file."""
    from gaoyuan.assess.contest import result as result_of
    from gaoyuan.assess.contest import result_bytes, write_result_workbook
    from gaoyuan.assess.contest.canonical import sha256
    from gaoyuan.cli.console import print_json
    from gaoyuan.cli.contest_shown import print_result
    from gaoyuan.errors import OutputUnknown
    from gaoyuan.workspace.whole_files import whole_file

    state = _state(file)
    if out is not None:
        if out.suffix.lower() not in (".json", ".xlsx"):
            raise OutputUnknown(
                f"不识的文件类型 the ending {out.suffix!r} names no format",
                where=str(out),
                mend="用 Use .json or .xlsx.",
            )
        if out.suffix.lower() == ".xlsx":
            write_result_workbook(state, out)
        else:
            with whole_file(out) as partial:
                partial.write_bytes(result_bytes(state))
    if as_json:
        print_json(result_of(state))
    elif out is None:
        print_result(state)
    elif not quiet:
        print(f"{mark(state)}已写出 written: {out}\nSHA-256: {sha256(out.read_bytes())}")


@contest.command("verify")
def verify(
    file: Record,
    document: Annotated[
        Path | None,
        typer.Option("--result", metavar="JSON", help="核对结果文件 a result document to check against the record"),
    ] = None,
    head: Annotated[str, typer.Option("--head", metavar="HASH", help="已公布的记录头 a head that was published")] = "",
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """核验 Check the record line by line, replay it under the rules, and compare what was published."""
    from gaoyuan.assess.contest import RecordBroken, read_record, replay, verify_result
    from gaoyuan.cli.console import print_json

    events = read_record(file)
    state = replay(events, where=str(file))
    if head and head not in {event.hash for event in events}:
        raise RecordBroken(
            f"记录中没有已公布的记录头 the record has no event of the published head {head}",
            where=str(file),
            mend="记录被替换或末尾缺行 It is another record, or lacks lines at its end: find the true one.",
        )
    if document is not None:
        verify_result(file.read_bytes(), document.read_bytes())
    if as_json:
        print_json(
            {
                "sound": True,
                "rehearsal": state.rehearsal,
                "events": state.events,
                "head": state.head,
                "result": document,
            }
        )
    elif not quiet:
        print(f"{mark(state)}记录完好 the record is sound: {state.events} 条事件 events, 记录头 head {state.head}")
        if document is not None:
            print(f"结果相符，逐字节一致 the result is what the record gives, byte for byte: {document}")


def _state(file: Path) -> ContestState:
    from gaoyuan.assess.contest import read_record, replay

    return replay(read_record(file), where=str(file))


def _parts(text: str, form: str) -> list[str]:
    from gaoyuan.assess.contest import ActRefused

    parts = text.split(":")
    if len(parts) != form.count(":") + 1:
        raise ActRefused(f"应写成 should be {form}: {text!r}")
    return parts


def _read_corrections(path: Path) -> list[dict[str, Json]]:
    from gaoyuan.assess.contest.canonical import parse
    from gaoyuan.errors import FileUnreadable

    try:
        given = parse(path.read_bytes())
    except ValueError as fault:
        raise FileUnreadable(f"不是 JSON this is no JSON ({fault})", where=str(path)) from None
    if not isinstance(given, list) or not all(isinstance(part, dict) for part in given):
        raise FileUnreadable("应为更正的列表 this should be a list of corrections", where=str(path))
    return [dict(part) for part in given if isinstance(part, dict)]
