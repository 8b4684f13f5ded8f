"""The names that people see, Chinese with English beside them."""

from __future__ import annotations

from gaoyuan.assess.contest.definition import Correction, Deadline, RoundName
from gaoyuan.assess.contest.state import Stage

__all__ = ["correction_title", "deadline_title", "round_title", "stage_title"]

_STAGES: dict[Stage, str] = {
    "draft": "筹备 draft",
    "entries": "报名 open for entries",
    "entries_closed": "报名截止 entries closed",
    "group_scoring": "小组赛评分 group scoring",
    "group_opened": "小组赛开封 group scores opened",
    "final_scoring": "综合赛评分 final scoring",
    "final_opened": "综合赛开封 final scores opened",
    "provisional": "拟定结果公示 provisional results",
    "appeals": "异议申诉 appeals",
    "final": "最终结果 final results",
}
_DEADLINES: dict[Deadline, tuple[str, str]] = {
    "entries": ("报名截止时间", "the deadline for entries"),
    "group_scoring": ("小组赛评分截止时间", "the deadline for group scoring"),
    "group_appeals": ("小组赛申诉截止时间", "the deadline for appeals after the group round"),
    "final_scoring": ("综合赛评分截止时间", "the deadline for final scoring"),
    "appeals": ("申诉截止时间", "the deadline for appeals"),
}
_ROUNDS: dict[RoundName, str] = {"group": "小组赛 group", "final": "综合赛 final"}
_CORRECTIONS: dict[Correction, str] = {
    "none": "不校正 none",
    "additive": "加法模型校正评委宽严 additive model of severity",
    "standardised": "按评委标准化 standardised per judge",
}


def stage_title(stage: Stage) -> str:
    """Give a state's name.

    >>> stage_title("provisional")
    '拟定结果公示 provisional results'
    """
    return _STAGES[stage]


def deadline_title(deadline: Deadline, zh: str = "", en: str = "") -> str:
    """Give a deadline's name, with what is said of it in both languages.

    >>> deadline_title("appeals"), deadline_title("entries", "已过", " is past")
    ('申诉截止时间 the deadline for appeals', '报名截止时间已过 the deadline for entries is past')
    """
    chinese, english = _DEADLINES[deadline]
    return f"{chinese}{zh} {english}{en}"


def round_title(round_name: RoundName) -> str:
    """Give a round's name.

    >>> round_title("group")
    '小组赛 group'
    """
    return _ROUNDS[round_name]


def correction_title(correction: Correction) -> str:
    """Give the name of a way to correct for severity.

    >>> correction_title("none")
    '不校正 none'
    """
    return _CORRECTIONS[correction]
