"""The opening (开封): every sealed sheet of the round is checked before the first is shown."""

from __future__ import annotations

from pathlib import Path

from gaoyuan.assess.contest.contest import Contest
from gaoyuan.assess.contest.faults import ActRefused
from gaoyuan.assess.contest.panel import assigned, panel_faults
from gaoyuan.assess.contest.points import check_points
from gaoyuan.assess.contest.sealing import SealedSheet, read_sealed, sealed_file

__all__ = ["open_round"]


def open_round(contest: Contest, folder: Path, *, with_few: bool = False) -> tuple[str, ...]:
    """Open the sealed sheets of the round being scored and go on to the next state; gives the judges opened.

    Nothing is shown unless every sheet is there and is the one that was sealed. Raises ActRefused that names each judge
    whose sheet was not sealed, is missing, damaged or another one, and each entrant left with fewer scores than needed,
    unless `with_few`: then these wait for a decision.
    """
    state = contest.state
    name = state.scoring_round
    if name is None:
        raise ActRefused("现在不在评分阶段，没有可开封的评分 no round is being scored: there is nothing to open")
    sheets: list[SealedSheet] = []
    faults: list[str] = []
    for judge in assigned(state, name):
        if judge.id in state.sheets[name]:
            continue
        commitment = state.commitments[name].get(judge.id)
        if commitment is None:
            faults.append(f"{judge.id} {judge.name}: 未交评分表 has sealed no sheet")
            continue
        try:
            sheet = read_sealed(sealed_file(folder, name, judge.id), name, judge.id)
            if sheet.commitment != commitment:
                raise ActRefused("评分表与密封码不符 the sheet is not the one that was sealed")
            check_points(state, name, judge, sheet.scores)
        except ActRefused as fault:
            faults.append(f"{judge.id} {judge.name}: {fault.what}")
        else:
            sheets.append(sheet)
    if not with_few:
        # The scorers of those set aside are gone from the panels: what is too few is said before anything is shown.
        faults += panel_faults(state, name, size=False)
    if faults:
        raise ActRefused(
            "不能开封 nothing was opened:\n  " + "\n  ".join(faults),
            mend=(
                "补交或找回评分表；确实缺表时用 set-aside 并说明理由；评分不足时延期并增补评委。"
                "Give or find the sheets; where one stays missing: set-aside, with a reason; where scores are too few:"
                " extend the deadline and register further judges, or open with --with-few and decide."
            ),
        )
    for sheet in sheets:
        contest.reveal(sheet)
    contest.advance()
    return tuple(sheet.judge for sheet in sheets)
