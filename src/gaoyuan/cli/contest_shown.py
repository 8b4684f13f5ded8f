"""How `gaoyuan contest` shows where a contest stands and what its results are."""

from __future__ import annotations

from gaoyuan.assess.contest import ContestState, open_matters
from gaoyuan.assess.contest.canonical import time_text
from gaoyuan.assess.contest.panel import assigned, exclusions, judges_of, panel_faults, parts_of
from gaoyuan.assess.contest.standings import standing
from gaoyuan.assess.contest.state import ROUNDS
from gaoyuan.assess.contest.words import deadline_title, round_title, stage_title
from gaoyuan.assess.contest.workbook import (
    CLASS_HEADINGS,
    JUDGE_HEADINGS,
    PLACE_HEADINGS,
    class_rows,
    judge_rows,
    place_rows,
)
from gaoyuan.cli.console import print_table

_NEXT = {
    "draft": "panel 登记评委 register judges; advance 开始报名 open for entries",
    "entries": "enter 报名 enter clusters; 截止后 advance after the deadline",
    "entries_closed": "panel; advance 开始小组赛评分 begin group scoring",
    "group_scoring": "sheet 发评分表 write forms; seal 密封 seal them filled; open 开封 open them",
    "group_opened": "appeal, decide; advance 开始综合赛评分 begin final scoring",
    "final_scoring": "sheet, seal, open",
    "final_opened": "decide; advance 公示拟定结果 publish provisional results",
    "provisional": "result 写出拟定结果 write them; advance 开放申诉 open for appeals",
    "appeals": "appeal, decide; 截止后 advance after the deadline",
    "final": "result 写出最终结果 write the final results; verify",
}


def overview(state: ContestState) -> dict[str, object]:
    """Give where a contest stands, for programs."""
    current = state.scoring_round
    return {
        "contest": state.id,
        "rehearsal": state.rehearsal,
        "title": {"zh": state.title.zh, "en": state.title.en},
        "stage": state.stage,
        "events": state.events,
        "head": state.head,
        "at": time_text(state.at),
        "deadlines": {name: time_text(moment) for name, moment in state.deadlines.items()},
        "entrants": {
            unit: [entrant.id for entrant in state.entrants.values() if entrant.group == unit and entrant.takes_part]
            for unit in state.units("group")
        },
        "judges": {
            name: {unit: [judge.id for judge in judges_of(state, name, unit)] for unit in state.units(name)}
            for name in ROUNDS
        },
        "finalists": state.finalists,
        "exclusions": {name: list(exclusions(state, name)) for name in ROUNDS},
        "lacking": panel_faults(state, current) if current else [],
        "unconnected": [unit for name in ROUNDS for unit in state.units(name) if len(parts_of(state, name, unit)) > 1],
        "sealed": sorted(state.commitments[current]) if current else [],
        "not_sealed": [judge.id for judge in assigned(state, current) if judge.id not in state.commitments[current]]
        if current
        else [],
        "open": list(open_matters(state)),
        "appeals": list(state.appeals.values()),
    }


def print_overview(state: ContestState) -> None:
    """Print where a contest stands, and what comes next."""
    print(f"{state.title} ({state.id})")
    print(f"状态 state: {stage_title(state.stage)}; {state.events} 条事件 events; 记录头 head {state.head}")
    print(f"下一步 next: {_NEXT[state.stage]}")
    for name, moment in state.deadlines.items():
        print(f"  {deadline_title(name)}: {time_text(moment)}")
    rows: list[list[object]] = []
    for track in state.definition.tracks:
        for group in track.groups:
            entrants = [one for one in state.entrants.values() if one.group == group.id]
            inside = sum(entrant.takes_part for entrant in entrants)
            judges = len(judges_of(state, "group", group.id))
            rows.append([str(track.title), f"{group.id} {group.title}", inside, len(entrants) - inside, judges])
    print_table(["赛道 track", "小组 group", "参赛 entrants", "退出 out", "评委 judges"], rows)
    for name in ROUNDS:
        for one in exclusions(state, name):
            print(f"回避 excluded, {round_title(name)}: {one.judge} × {one.entrant}: {one.reason}")
        for unit in state.units(name):
            if len(parts := parts_of(state, name, unit)) > 1:
                print(
                    f"注意 mind: {round_title(name)} {unit}: 评委组分成互不相连的 {len(parts)} 部分，宽严不能跨部分校正"
                    f" the panel falls into {len(parts)} unconnected parts: no correction between them"
                )
    current = state.scoring_round
    if current is not None:
        waiting = [judge.id for judge in assigned(state, current) if judge.id not in state.commitments[current]]
        print(f"已密封 sealed: {', '.join(sorted(state.commitments[current])) or '—'}")
        print(f"未交 missing: {', '.join(waiting) or '—'}")
        for fault in panel_faults(state, current):
            print(f"注意 mind: {fault}")
    for appeal in state.appeals.values():
        outcome = {True: "成立 upheld", False: "驳回 rejected", None: "未裁定 undecided"}[appeal.upheld]
        print(f"申诉 appeal {appeal.id}: {appeal.entrant}, {round_title(appeal.round)}: {appeal.reason} → {outcome}")
    for matter in open_matters(state):
        print(f"待决 to decide {matter.name}: {matter.what}")


def print_result(state: ContestState) -> None:
    """Print the results as far as they are known."""
    print(f"{state.title}: {stage_title(state.stage)}; 记录头 head {state.head}")
    if not state.opened("group"):
        print("尚无开封的评分 no scores have been opened yet")
        return
    if state.opened("final"):
        print_table(CLASS_HEADINGS, [list(row) for row in class_rows(state)], "结果 results")
    print_table(PLACE_HEADINGS, [list(row) for row in place_rows(state)], "名次 places")
    print_table(JUDGE_HEADINGS, [list(row) for row in judge_rows(state)], "评委 judges")
    for name in ROUNDS:
        for unit in state.units(name) if state.opened(name) else ():
            for note in standing(state, name, unit).scores.notes:
                print(f"注意 mind, {unit}: {note}")
    for matter in open_matters(state):
        print(f"待决 to decide {matter.name}: {matter.what}")
