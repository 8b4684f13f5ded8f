"""The result as a workbook that people read: classes, both rounds, judges, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from gaoyuan.assess.contest.canonical import sha256, time_text
from gaoyuan.assess.contest.panel import exclusions
from gaoyuan.assess.contest.result import result_bytes
from gaoyuan.assess.contest.standings import Standing, advancing, classes, open_matters, standing
from gaoyuan.assess.contest.state import ROUNDS, ContestState
from gaoyuan.assess.contest.words import correction_title, round_title, stage_title
from gaoyuan.assess.sheets import Cell, Sheet, write_sheets
from gaoyuan.workspace.whole_files import whole_file

__all__ = ["class_rows", "place_rows", "write_result_workbook"]

Row: TypeAlias = Sequence[Cell]

CLASS_HEADINGS = ["赛道 track", "结果类别 class", "名次 place", "参赛编号 entrant", "参赛集群 cluster", "得分 score"]
PLACE_HEADINGS = [
    "轮次 round",
    "小组/赛道 unit",
    "名次 place",
    "参赛编号 entrant",
    "参赛集群 cluster",
    "得分 score",
    "标准误 standard_error",
    "原始均分 raw_mean",
    "评分数 scores",
    "并列 shared_with",
    "同分判定 broken_by",
    "晋级 advance",
]
JUDGE_HEADINGS = [
    "轮次 round",
    "小组/赛道 unit",
    "评委编号 judge",
    "姓名 name",
    "评分数 scores",
    "均分 mean",
    "严格度 severity",
    "标准误 standard_error",
]


def class_rows(state: ContestState) -> list[Row]:
    """Give who got which class of results, in order; those that wait for a decision are marked so."""
    rows: list[Row] = []
    if not state.opened("final"):
        return rows
    for track in state.definition.tracks:
        held = standing(state, "final", track.id)
        allotted = classes(state, track, held)
        titles = {name: str(part.title) for part in track.classes for name in allotted.given[part.id]}
        titles |= dict.fromkeys(allotted.waiting, "待定 undecided")
        rows += [
            [
                str(track.title),
                titles.get(place.score.entrant, "未入选 none"),
                place.place,
                place.score.entrant,
                state.entrants[place.score.entrant].name,
                place.score.score,
            ]
            for place in held.places
        ]
        rows += [
            [str(track.title), "不排名 unranked", None, name, state.entrants[name].name, None] for name in held.unranked
        ]
    return rows


def place_rows(state: ContestState) -> list[Row]:
    """Give the places of every round that has been opened."""
    rows: list[Row] = []
    for name in ROUNDS:
        for unit in state.units(name) if state.opened(name) else ():
            held = standing(state, name, unit)
            advance = _advance(state, unit, held) if name == "group" else {}
            rows += [
                [
                    round_title(name),
                    unit,
                    place.place,
                    place.score.entrant,
                    state.entrants[place.score.entrant].name,
                    place.score.score,
                    place.score.standard_error,
                    place.score.raw,
                    len(place.score.totals),
                    ", ".join(place.shared_with),
                    place.broken_by or "",
                    advance.get(place.score.entrant, ""),
                ]
                for place in held.places
            ]
            rows += [
                [
                    round_title(name),
                    unit,
                    None,
                    entrant,
                    state.entrants[entrant].name,
                    *[None] * 4,
                    "",
                    "评分不足 too few scores",
                    "",
                ]
                for entrant in held.unranked
            ]
    return rows


def judge_rows(state: ContestState) -> list[Row]:
    """Give what each panel shows of its judges."""
    return [
        [
            round_title(name),
            unit,
            reading.judge,
            state.judges[reading.judge].name,
            reading.scores,
            reading.mean,
            reading.severity,
            reading.standard_error,
        ]
        for name in ROUNDS
        for unit in (state.units(name) if state.opened(name) else ())
        for reading in standing(state, name, unit).scores.judges
    ]


def note_rows(state: ContestState) -> list[Row]:
    """Give what stands behind the results: record, corrections, findings, exclusions, decisions, appeals."""
    definition = state.definition
    rows: list[Row] = [
        ["竞赛 contest", state.id, str(state.title)],
        ["状态 state", state.stage, stage_title(state.stage)],
        ["记录 record", f"{state.events} 条 events", state.head],
        ["结果文件 SHA-256 of the result document", "", sha256(result_bytes(state))],
        ["校正 correction", definition.correction, correction_title(definition.correction)],
        ["去高低分 trim", definition.trim, ""],
        ["同分规则 ties", "", " → ".join([*map(str, definition.ties), "并列 shared place"])],
    ]
    for name in ROUNDS:
        if not state.opened(name):
            continue
        for unit in state.units(name):
            rows += [["提示 finding", f"{name} {unit}", note] for note in standing(state, name, unit).scores.notes]
        rows += [
            ["回避 exclusion", f"{name} {one.judge} × {one.entrant}", one.reason] for one in exclusions(state, name)
        ]
        rows += [["不计 set aside", f"{name} {judge}", why] for judge, why in sorted(state.set_aside[name].items())]
    rows += [["待决 open", matter.name, matter.what] for matter in open_matters(state)]
    rows += [["决定 decision", one.matter, f"{', '.join(one.chosen) or '—'}: {one.reason}"] for one in state.decisions]
    for appeal in state.appeals.values():
        outcome = {True: "成立 upheld", False: "驳回 rejected", None: "未裁定 undecided"}[appeal.upheld]
        rows.append(
            [
                "申诉 appeal",
                f"{appeal.id} {appeal.entrant} {time_text(appeal.at)}",
                f"{appeal.reason} → {outcome}: {appeal.decision}",
            ]
        )
    return rows


def write_result_workbook(state: ContestState, file: Path) -> None:
    """Write the results as XLSX: 结果 classes, 名次 places of both rounds, 评委 judges, 说明 notes; a
    rehearsal says on every sheet that it is one.

    The file appears whole or not at all; an older one is replaced. Raises InputError where it cannot be written.
    """
    mark = "演练 rehearsal " if state.rehearsal else ""
    sheets = (
        Sheet(f"{mark}结果 results", CLASS_HEADINGS, class_rows(state)),
        Sheet(f"{mark}名次 places", PLACE_HEADINGS, place_rows(state)),
        Sheet(f"{mark}评委 judges", JUDGE_HEADINGS, judge_rows(state)),
        Sheet(f"{mark}说明 notes", ["事项 item", "对象 of", "内容 content"], note_rows(state)),
    )
    with whole_file(file) as partial:
        write_sheets(partial, sheets)


def _advance(state: ContestState, unit: str, held: Standing) -> dict[str, str]:
    allotted = advancing(state, unit, held)
    words = dict.fromkeys(allotted.given["final"], "是 yes")
    if allotted.open is not None:
        words |= dict.fromkeys(allotted.open.between, "待定 undecided")
    return words
