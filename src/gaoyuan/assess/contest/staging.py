"""From one state to the next: what has to be done, and which deadline has to be past, before a contest goes on."""

from __future__ import annotations

from collections.abc import Callable

from gaoyuan.assess.contest.bodies import text
from gaoyuan.assess.contest.canonical import time_text
from gaoyuan.assess.contest.definition import Deadline, RoundName
from gaoyuan.assess.contest.faults import ActRefused
from gaoyuan.assess.contest.panel import assigned, panel_faults
from gaoyuan.assess.contest.record import Event
from gaoyuan.assess.contest.standings import advancing, open_matters
from gaoyuan.assess.contest.state import STAGES, ContestState, Stage
from gaoyuan.assess.contest.words import deadline_title, stage_title

__all__ = ["advance", "finalists", "next_stage"]


def next_stage(state: ContestState) -> Stage | None:
    """Give the state that follows, None after the last."""
    at = STAGES.index(state.stage) + 1
    return STAGES[at] if at < len(STAGES) else None


def finalists(state: ContestState) -> dict[str, tuple[str, ...]]:
    """Give who goes to the final of each track as the group round stands now, in the order of their ids."""
    return {
        track.id: tuple(sorted(name for group in track.groups for name in advancing(state, group.id).given["final"]))
        for track in state.definition.tracks
    }


def advance(state: ContestState, event: Event) -> None:
    """Go on to the state that the event names; raises ActRefused, naming what is missing."""
    to = text(event.body, "to")
    following = next_stage(state)
    if following is None or to != following:
        raise ActRefused(
            f"不能从“{stage_title(state.stage)}”转到 {to!r} is not the state that follows {state.stage!r}",
            mend=f"下一阶段 The next is {following}.",
        )
    _GATES[following](state, event)
    if following == "final_scoring":
        state.finalists = finalists(state)
    state.stage = following


def _not_after(state: ContestState, event: Event, name: Deadline) -> None:
    if event.at > state.deadlines[name]:
        raise ActRefused(
            f"{deadline_title(name, '已过', ' is past')}: {time_text(state.deadlines[name])}；现在 now"
            f" {time_text(event.at)}",
            mend="确需延期时 If it must be: gaoyuan contest extend, with a reason.",
        )


def _not_before(state: ContestState, event: Event, name: Deadline) -> None:
    if event.at <= state.deadlines[name]:
        raise ActRefused(
            f"{deadline_title(name, '未到', ' is not past yet')}: {time_text(state.deadlines[name])}；现在 now"
            f" {time_text(event.at)}",
            mend="截止后再办理 Do it after the deadline.",
        )


def _nothing_open(state: ContestState) -> None:
    waiting = open_matters(state)
    if waiting:
        raise ActRefused(
            "尚有待决事项 these wait for a decision:\n  " + "\n  ".join(f"{one.name}: {one.what}" for one in waiting),
            mend="逐项裁定 Decide each: gaoyuan contest decide FILE NAME --reason ...",
        )


def _panels_complete(state: ContestState, round_name: RoundName) -> None:
    lacking = panel_faults(state, round_name)
    if lacking:
        raise ActRefused(
            "评委组不足 the panels fall short:\n  " + "\n  ".join(lacking),
            mend="登记更多评委 Register more judges: gaoyuan contest panel.",
        )


def _all_revealed(state: ContestState, round_name: RoundName) -> None:
    missing = [judge.id for judge in assigned(state, round_name) if judge.id not in state.sheets[round_name]]
    if missing:
        raise ActRefused(
            f"以下评委的评分表未开封 the sheets of these judges are not opened: {', '.join(missing)}",
            mend="gaoyuan contest open；缺表的评委 for one without a sheet: gaoyuan contest set-aside, with a reason.",
        )


def _to_entries(state: ContestState, event: Event) -> None:
    _not_after(state, event, "entries")


def _to_entries_closed(state: ContestState, event: Event) -> None:
    _not_before(state, event, "entries")
    if not any(entrant.takes_part for entrant in state.entrants.values()):
        raise ActRefused("没有参赛单位 nobody has entered")


def _to_group_scoring(state: ContestState, event: Event) -> None:
    _not_after(state, event, "group_scoring")
    unknown = sorted(
        f"{judge.id}: {name}"
        for judge in state.judges.values()
        for name in (*judge.only, *judge.conflict_entrants)
        if name not in state.entrants
    )
    if unknown:
        raise ActRefused(
            f"评委名册中有未知参赛单位 the register of judges names entrants that do not exist: {', '.join(unknown)}",
            mend="更正后重新登记 Correct it: gaoyuan contest dismiss, with a reason, then register the judge again.",
        )
    _panels_complete(state, "group")


def _to_group_opened(state: ContestState, event: Event) -> None:
    _all_revealed(state, "group")


def _to_final_scoring(state: ContestState, event: Event) -> None:
    if "group_appeals" in state.deadlines:
        _not_before(state, event, "group_appeals")
    _not_after(state, event, "final_scoring")
    _nothing_open(state)
    before = state.finalists
    state.finalists = finalists(state)
    try:
        _panels_complete(state, "final")
    finally:
        state.finalists = before


def _to_final_opened(state: ContestState, event: Event) -> None:
    _all_revealed(state, "final")


def _to_provisional(state: ContestState, event: Event) -> None:
    _not_after(state, event, "appeals")


def _to_appeals(state: ContestState, event: Event) -> None:
    _not_after(state, event, "appeals")


def _to_final(state: ContestState, event: Event) -> None:
    _not_before(state, event, "appeals")
    _nothing_open(state)


_GATES: dict[Stage, Callable[[ContestState, Event], None]] = {
    "entries": _to_entries,
    "entries_closed": _to_entries_closed,
    "group_scoring": _to_group_scoring,
    "group_opened": _to_group_opened,
    "final_scoring": _to_final_scoring,
    "final_opened": _to_final_opened,
    "provisional": _to_provisional,
    "appeals": _to_appeals,
    "final": _to_final,
}
