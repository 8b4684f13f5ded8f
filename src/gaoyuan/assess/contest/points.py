"""Whether a judge's points are within what the definition allows."""

from __future__ import annotations

import re
from decimal import Decimal

from gaoyuan.assess.contest.definition import Criterion, Definition, RoundName
from gaoyuan.assess.contest.faults import ActRefused
from gaoyuan.assess.contest.panel import duty
from gaoyuan.assess.contest.state import ContestState, Judge, Scores

__all__ = ["check_points", "check_row", "point_fault"]

_DECIMAL = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{0,7}[1-9])?")


def point_fault(definition: Definition, leaf: Criterion, points: str) -> str | None:
    """Say what is wrong with the points given on a criterion, a canonical decimal string, or None.

    They must be between 0 and the criterion's maximum, with no more decimals than the definition allows.
    """
    if not _DECIMAL.fullmatch(points):
        return f"不是规范的分数 {points!r} is no score"
    if Decimal(points) > (leaf.maximum or 0):
        return f"{points} 超过满分 is above the maximum {leaf.maximum}"
    if "." in points and len(points.partition(".")[2]) > definition.score_decimals:
        return f"{points} 小数位过多 has more than {definition.score_decimals} decimals"
    return None


def check_points(state: ContestState, round_name: RoundName, judge: Judge, scores: Scores) -> None:
    """Raise ActRefused unless a sheet has every entrant that the judge has to score, each criterion within its bounds.

    Entrants from whom the judge has been excluded since may stand in the sheet; they never count.
    """
    missing = [entrant.id for entrant in duty(state, round_name, judge) if entrant.id not in scores]
    if missing:
        raise ActRefused(f"{judge.id} 的评分表缺参赛单位 the sheet lacks entrants: {', '.join(missing)}")
    unknown = sorted(set(scores) - set(state.entrants))
    if unknown:
        raise ActRefused(f"{judge.id} 的评分表有未知参赛单位 the sheet names unknown entrants: {', '.join(unknown)}")
    for entrant, row in scores.items():
        check_row(state.definition, row, f"{judge.id}, {entrant}")


def check_row(definition: Definition, row: dict[str, str], where: str) -> None:
    """Raise ActRefused unless the points of one entrant have each criterion within its bounds."""
    if set(row) != {leaf.id for leaf in definition.leaves}:
        raise ActRefused(f"{where}: 指标不全或多余 the criteria are not those of the definition")
    for leaf in definition.leaves:
        fault = point_fault(definition, leaf, row[leaf.id])
        if fault:
            raise ActRefused(f"{where}, {leaf.id}: {fault}")
