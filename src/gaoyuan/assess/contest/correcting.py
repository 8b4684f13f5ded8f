"""What an upheld appeal may correct: a sheet or single scores void, scores replaced, an entrant disqualified."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from gaoyuan.assess.contest.bodies import Body, sheet_scores, text
from gaoyuan.assess.contest.definition import RoundName
from gaoyuan.assess.contest.faults import ActRefused
from gaoyuan.assess.contest.points import check_row
from gaoyuan.assess.contest.state import ROUNDS, ContestState

__all__ = ["CORRECTIONS", "checked_corrections", "correct"]

CORRECTIONS = ("void_sheet", "void_scores", "replace_scores", "disqualify")
"""A judge's sheet of a round does not count; nor scores of one entrant; they are others; an entrant is out."""


def checked_corrections(state: ContestState, corrections: Sequence[Body]) -> None:
    """Raise ActRefused unless every correction is one that can be made."""
    for correction in corrections:
        what = text(correction, "do")
        if what not in CORRECTIONS:
            raise ActRefused(f"没有此种更正 there is no correction {what!r}", mend=f"{', '.join(CORRECTIONS)}.")
        if what == "disqualify":
            if state.entrant(text(correction, "entrant")).disqualified is not None:
                raise ActRefused(f"{correction['entrant']} 已取消资格 is disqualified already")
            continue
        name, judge = text(correction, "round"), state.judge(text(correction, "judge")).id
        if name not in ROUNDS or not state.opened(cast("RoundName", name)):
            raise ActRefused(f"{name} 轮尚未开封 the round {name!r} has not been opened")
        sheet = state.sheets[cast("RoundName", name)].get(judge)
        if sheet is None or judge in state.set_aside[cast("RoundName", name)]:
            raise ActRefused(f"{judge} 在 {name} 轮没有有效评分表 the judge has no sheet of that round that counts")
        if what == "void_sheet":
            continue
        entrant = state.entrant(text(correction, "entrant")).id
        if entrant not in sheet:
            raise ActRefused(f"{judge} 未给 {entrant} 评分 the judge has not scored that entrant")
        if what == "replace_scores":
            scores = sheet_scores({"scores": {entrant: correction.get("scores")}})
            check_row(state.definition, scores[entrant], f"{judge}, {entrant}")


def correct(state: ContestState, correction: Body, appeal: str) -> None:
    """Make a correction that has been checked."""
    what = correction["do"]
    if what == "disqualify":
        state.entrants[text(correction, "entrant")].disqualified = f"申诉 appeal {appeal}"
        return
    name, judge = cast("RoundName", text(correction, "round")), text(correction, "judge")
    if what == "void_sheet":
        state.set_aside[name][judge] = f"申诉 appeal {appeal}"
        return
    entrant = text(correction, "entrant")
    if what == "void_scores":
        state.void[name, judge, entrant] = appeal
    else:
        state.replaced[name, judge, entrant] = sheet_scores({"scores": {entrant: correction.get("scores")}})[entrant]
