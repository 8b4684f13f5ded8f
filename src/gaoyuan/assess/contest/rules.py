"""The rules of a contest: what each kind of act asks for, and what it changes. Checks come before changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from gaoyuan.assess.contest.bodies import Body, flag, identifier, mappings, sheet_scores, text, texts
from gaoyuan.assess.contest.canonical import parse_time, time_text
from gaoyuan.assess.contest.correcting import checked_corrections, correct
from gaoyuan.assess.contest.defining import definition_from
from gaoyuan.assess.contest.definition import DEADLINES, Deadline, RoundName
from gaoyuan.assess.contest.faults import ActRefused
from gaoyuan.assess.contest.panel import assigned, duty
from gaoyuan.assess.contest.points import check_points
from gaoyuan.assess.contest.record import Event
from gaoyuan.assess.contest.sealing import seal
from gaoyuan.assess.contest.staging import advance
from gaoyuan.assess.contest.standings import open_matters
from gaoyuan.assess.contest.state import ROUNDS, STAGES, Appeal, ContestState, Decision, Entrant, Judge, Stage
from gaoyuan.assess.contest.words import deadline_title, stage_title

__all__ = ["KINDS", "apply", "begin"]

_BEFORE_OPENING: tuple[Stage, ...] = STAGES[: STAGES.index("final_opened")]
_SCORING: tuple[Stage, ...] = ("group_scoring", "final_scoring")


def begin(event: Event) -> ContestState:
    """Give the state after a record's first event, which defines the contest."""
    if event.kind != "defined":
        raise ActRefused(f"首个事件应为竞赛定义 the first event must define the contest, not {event.kind!r}")
    definition = definition_from(event.body.get("definition"))
    rehearsal = "rehearsal" in event.body and flag(event.body, "rehearsal")
    return ContestState(definition, event.hash, event.number, event.at, dict(definition.deadlines), rehearsal)


def apply(state: ContestState, event: Event) -> None:
    """Do what an event says; raises ActRefused, and changes nothing, where the rules do not allow it."""
    if event.kind not in _ACTS:
        raise ActRefused(f"没有此类事件 there is no act of the kind {event.kind!r}")
    stages, do = _ACTS[event.kind]
    if state.stage not in stages:
        allowed = "、".join(stage_title(stage) for stage in stages)
        raise ActRefused(
            f"当前为“{stage_title(state.stage)}”，不能办理 {event.kind}: not in this state",
            mend=f"只可在以下阶段办理 It belongs to: {allowed}.",
        )
    if event.at < state.at:
        raise ActRefused(
            f"时间 {time_text(event.at)} 早于上一事件 is before the last event ({time_text(state.at)})",
            mend="校准时钟；演练则给更晚的 --at Set the clock right; in a rehearsal give a later --at.",
        )
    do(state, event)
    state.scored.clear()
    state.head, state.events, state.at = event.hash, event.number, event.at


def _by(state: ContestState, event: Event, name: Deadline) -> None:
    deadline = state.deadlines[name]
    if event.at > deadline:
        raise ActRefused(
            f"{deadline_title(name, '已过', ' is past')}: {time_text(deadline)}；现在 now {time_text(event.at)}",
            mend="确需延期时 If it must be: gaoyuan contest extend, with a reason.",
        )


def _round(body: Body) -> RoundName:
    name = text(body, "round")
    if name not in ROUNDS:
        raise ActRefused(f"没有此轮次 there is no round {name!r}", mend="group 小组赛, final 综合赛.")
    return cast("RoundName", name)


def _scoring_round(state: ContestState, body: Body) -> RoundName:
    name = _round(body)
    if name != state.scoring_round:
        raise ActRefused(f"{name} 轮不在评分中 the round {name!r} is not being scored: {stage_title(state.stage)}")
    return name


def _entered(state: ContestState, event: Event) -> None:
    body = event.body
    _by(state, event, "entries")
    name, group = identifier(body, "entrant"), text(body, "group")
    if name in state.entrants:
        raise ActRefused(f"编号已用 the id is taken: {name}", mend="换一个编号 Choose another id.")
    if group not in state.definition.track_of_group:
        groups = ", ".join(state.definition.track_of_group)
        raise ActRefused(f"没有此小组 there is no group {group!r}", mend=f"小组 groups: {groups}.")
    entrant = Entrant(name, text(body, "name"), group, texts(body, "organisations"), texts(body, "counties"))
    state.entrants[name] = entrant


def _withdrawn(state: ContestState, event: Event) -> None:
    _by(state, event, "entries")
    entrant = state.entrant(text(event.body, "entrant"))
    if entrant.withdrawn:
        raise ActRefused(f"{entrant.id} 已退出 has been withdrawn already")
    text(event.body, "reason")
    entrant.withdrawn = True


def _judge_registered(state: ContestState, event: Event) -> None:
    body = event.body
    name = identifier(body, "judge")
    if name in state.judges:
        raise ActRefused(
            f"评委已登记 the judge is registered already: {name}",
            mend="补充利害关系用 To add an interest: gaoyuan contest conflict.",
        )
    judge = Judge(
        name,
        text(body, "name"),
        *(
            texts(body, part)
            for part in (
                "organisations",
                "counties",
                "groups",
                "finals",
                "only",
                "conflict_entrants",
                "conflict_organisations",
                "conflict_counties",
            )
        ),
    )
    for part, known, what in (
        (judge.groups, set(state.units("group")), "小组 group"),
        (judge.finals, set(state.units("final")), "赛道 track"),
    ):
        unknown = sorted(set(part) - known)
        if unknown:
            raise ActRefused(
                f"没有此{what} there is none of these: {', '.join(unknown)}", mend=f"{', '.join(sorted(known))}."
            )
    if not (judge.groups or judge.finals):
        raise ActRefused(f"未指定小组或赛道 {name} has neither a group nor a final to score")
    if judge.groups and (STAGES.index(state.stage) > STAGES.index("group_scoring") or state.sheets["group"]):
        raise ActRefused(f"小组赛已开封，{name} 只能参加综合赛 the group round is opened: finals only")
    if state.sheets["final"]:
        raise ActRefused("综合赛已开始开封 the final is being opened: no judge can join")
    state.judges[name] = judge


def _judge_dismissed(state: ContestState, event: Event) -> None:
    judge = state.judge(text(event.body, "judge"))
    text(event.body, "reason")
    del state.judges[judge.id]


def _conflict_declared(state: ContestState, event: Event) -> None:
    judge, entrant = state.judge(text(event.body, "judge")), state.entrant(text(event.body, "entrant"))
    reason = text(event.body, "reason")
    current = state.scoring_round
    if current is not None and state.sheets[current]:
        raise ActRefused(
            "已开始开封，只能通过申诉处理 scores are being opened: a conflict found now is a matter for an appeal"
        )
    state.declared[judge.id, entrant.id] = reason


def _sealed(state: ContestState, event: Event) -> None:
    body = event.body
    name = _scoring_round(state, body)
    _by(state, event, "group_scoring" if name == "group" else "final_scoring")
    judge, commitment = state.judge(text(body, "judge")), text(body, "commitment")
    if len(commitment) != 64 or set(commitment) - set("0123456789abcdef"):
        raise ActRefused("密封码应为 64 位十六进制 the commitment must be 64 hexadecimal digits")
    if judge.id in state.set_aside[name]:
        raise ActRefused(f"{judge.id} 本轮评分已不计 is set aside in this round: {state.set_aside[name][judge.id]}")
    if state.sheets[name]:
        raise ActRefused("已开始开封，不再收评分表 scores are being opened: no more sheets are taken")
    if next(duty(state, name, judge), None) is None:
        raise ActRefused(f"{judge.id} 本轮无须评分 has nobody to score in this round")
    state.commitments[name][judge.id] = commitment


def _revealed(state: ContestState, event: Event) -> None:
    body = event.body
    name = _scoring_round(state, body)
    judge = state.judge(text(body, "judge"))
    deadline = state.deadlines["group_scoring" if name == "group" else "final_scoring"]
    missing = [other.id for other in assigned(state, name) if other.id not in state.commitments[name]]
    if missing and event.at <= deadline:
        raise ActRefused(
            f"评分未截止且有评委未交表 before the deadline ({time_text(deadline)}) nothing is opened while sheets are"
            f" missing: {', '.join(missing)}"
        )
    if judge.id in state.set_aside[name]:
        raise ActRefused(f"{judge.id} 本轮评分已不计 is set aside in this round: {state.set_aside[name][judge.id]}")
    if judge.id in state.sheets[name]:
        raise ActRefused(f"{judge.id} 的评分表已开封 the sheet has been opened already")
    commitment = state.commitments[name].get(judge.id)
    if commitment is None:
        raise ActRefused(f"{judge.id} 未交评分表 has sealed no sheet")
    scores = sheet_scores(body)
    sheet = seal(state.id, name, judge.id, scores, text(body, "nonce"))
    if sheet.commitment != commitment:
        raise ActRefused(
            f"{judge.id} 的评分表与密封码不符 the sheet is not the one that was sealed: {sheet.commitment[:12]}…,"
            f" sealed {commitment[:12]}…",
            mend="找回原表，或 Find the sealed sheet, or: gaoyuan contest set-aside, with a reason.",
        )
    check_points(state, name, judge, scores)
    state.sheets[name][judge.id] = scores


def _set_aside(state: ContestState, event: Event) -> None:
    name = _scoring_round(state, event.body)
    judge, reason = state.judge(text(event.body, "judge")), text(event.body, "reason")
    if judge.id in state.set_aside[name] or judge.id in state.sheets[name]:
        raise ActRefused(f"{judge.id} 本轮已不计或已开封 is set aside or opened in this round already")
    state.set_aside[name][judge.id] = reason


def _extended(state: ContestState, event: Event) -> None:
    body = event.body
    name = text(body, "deadline")
    if name not in state.deadlines:
        raise ActRefused(f"没有此截止时间 there is no deadline {name!r}", mend=f"{', '.join(state.deadlines)}.")
    key = cast("Deadline", name)
    text(body, "reason")
    try:
        moment = parse_time(text(body, "to"))
    except ValueError as fault:
        raise ActRefused(f"时间有误 this is no moment: {fault}", mend="2026-05-31T18:00+08:00") from None
    if STAGES.index(state.stage) > STAGES.index(_LAST_STAGE_OF[key]):
        raise ActRefused(f"{deadline_title(key, '已了结', ' is over')}: {stage_title(state.stage)}")
    if state.scoring_round is not None and state.sheets[state.scoring_round] and key.endswith("_scoring"):
        raise ActRefused("已开始开封，不能延期 scores are being opened: no extension")
    if moment <= state.deadlines[key] or moment <= event.at:
        raise ActRefused(
            f"只能延后 a deadline is only put off: {time_text(moment)} is not after {time_text(state.deadlines[key])}"
            " and now"
        )
    later: list[Deadline] = [other for other in DEADLINES[DEADLINES.index(key) + 1 :] if other in state.deadlines]
    if later and moment >= state.deadlines[later[0]]:
        raise ActRefused(
            f"不早于下一截止时间 {time_text(moment)} is not before the next deadline: {deadline_title(later[0])},"
            f" {time_text(state.deadlines[later[0]])}",
            mend=f"先延后它 Put off {later[0]} first.",
        )
    state.deadlines[key] = moment


def _decided(state: ContestState, event: Event) -> None:
    body = event.body
    name, chosen, reason = text(body, "matter"), texts(body, "chosen"), text(body, "reason")
    waiting = {matter.name: matter for matter in open_matters(state) if matter.name not in state.appeals}
    if name not in waiting:
        names = ", ".join(waiting) or "无 none"
        raise ActRefused(f"没有此待决事项 nothing of this name waits: {name!r}", mend=f"待决 waiting: {names}.")
    matter = waiting[name]
    unknown = sorted(set(chosen) - set(matter.between))
    if unknown or len(set(chosen)) < len(chosen):
        raise ActRefused(
            f"只能在并列者中选 choose among those concerned, each once: {', '.join(unknown or chosen)}",
            mend=f"{', '.join(matter.between)}.",
        )
    if matter.places is not None and len(chosen) not in (matter.places, len(matter.between)):
        raise ActRefused(
            f"应选 {matter.places} 家，或全部 {len(matter.between)} 家 choose {matter.places}, or all"
            f" {len(matter.between)}: {len(chosen)} chosen"
        )
    state.decisions.append(Decision(name, matter.between, tuple(sorted(chosen)), reason, event.number))


def _appealed(state: ContestState, event: Event) -> None:
    body = event.body
    round_name: RoundName = "group" if state.stage == "group_opened" else _round(body)
    if state.stage == "group_opened" and _round(body) != "group":
        raise ActRefused("综合赛尚未开封 the final has not been opened yet")
    key: Deadline = "group_appeals" if state.stage == "group_opened" else "appeals"
    if key not in state.deadlines:
        raise ActRefused(
            "本竞赛不设小组赛申诉期，请在拟定结果公示后申诉 this contest takes no appeals after the group round:"
            " file it after the provisional results"
        )
    _by(state, event, key)
    name = identifier(body, "appeal")
    if name in state.appeals:
        raise ActRefused(f"申诉编号已用 the appeal's id is taken: {name}")
    entrant = state.entrant(text(body, "entrant"))
    state.appeals[name] = Appeal(name, entrant.id, round_name, text(body, "reason"), event.at)


def _appeal_decided(state: ContestState, event: Event) -> None:
    body = event.body
    name = text(body, "appeal")
    if name not in state.appeals:
        raise ActRefused(f"没有此申诉 there is no appeal {name!r}", mend=f"{', '.join(state.appeals) or '无 none'}.")
    appeal = state.appeals[name]
    if appeal.upheld is not None:
        raise ActRefused(f"申诉 {name} 已裁定 the appeal has been decided already")
    upheld, reason = flag(body, "upheld"), text(body, "reason")
    corrections = mappings(body, "corrections")
    if corrections and not upheld:
        raise ActRefused("驳回的申诉不能更正评分 an appeal that is rejected corrects nothing")
    checked_corrections(state, corrections)
    appeal.upheld, appeal.decision, appeal.corrections = upheld, reason, corrections
    for correction in corrections:
        correct(state, correction, name)


_LAST_STAGE_OF: dict[Deadline, Stage] = {
    "entries": "entries",
    "group_scoring": "group_scoring",
    "group_appeals": "group_opened",
    "final_scoring": "final_scoring",
    "appeals": "appeals",
}

_ACTS: dict[str, tuple[tuple[Stage, ...], Callable[[ContestState, Event], None]]] = {
    "entered": (("entries",), _entered),
    "withdrawn": (("entries",), _withdrawn),
    "judge_registered": (_BEFORE_OPENING, _judge_registered),
    "judge_dismissed": (("draft", "entries", "entries_closed"), _judge_dismissed),
    "conflict_declared": (_BEFORE_OPENING, _conflict_declared),
    "advanced": (STAGES[:-1], advance),
    "sealed": (_SCORING, _sealed),
    "revealed": (_SCORING, _revealed),
    "set_aside": (_SCORING, _set_aside),
    "extended": (STAGES[:-1], _extended),
    "decided": (("group_opened", "final_opened", "provisional", "appeals"), _decided),
    "appealed": (("group_opened", "appeals"), _appealed),
    "appeal_decided": (("group_opened", "appeals"), _appeal_decided),
}

KINDS: tuple[str, ...] = ("defined", *_ACTS)
"""Every kind of event that a record may hold."""
