"""What the engine says is shown in one language, and without words that only a command line understands."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from gaoyuan.errors import FileUnreadable, GaoyuanError, StepMissing
from gaoyuan.portal.faults import fault_words, in_own_language


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("报名截止 entries closed", "报名截止", "entries closed"),
        ("E1 缺参赛单位 the sheet lacks some: E2, E3", "E1 缺参赛单位：E2, E3", "E1 the sheet lacks some: E2, E3"),
        ("J1 本轮评分已不计 is set aside: 利益冲突", "J1 本轮评分已不计：利益冲突", "J1 is set aside: 利益冲突"),
        ("没有此小组 there is no group '甲'", "没有此小组：甲", "there is no group '甲'"),
        ("竞赛已结束 it is over: its results are final", "竞赛已结束", "it is over: its results are final"),
        ("a.csv: 没有此文件 · no such file", "a.csv: 没有此文件", "a.csv: no such file"),
        ("单位按万元 taken to be in 万元; 其他用 else name it with --unit", "单位按万元", "taken to be in 万元"),
        ("only English", "only English", "only English"),
        ("只有中文", "只有中文", "只有中文"),
    ],
)  # fmt: skip
def test_of_both_languages_the_one_of_the_page_is_shown(text: str, zh: str, en: str) -> None:
    with override("zh-hans"):
        assert in_own_language(text) == zh
    with override("en"):
        assert in_own_language(text) == en


def test_what_only_a_command_line_can_follow_is_left_out() -> None:
    fault = StepMissing(
        "nothing is observed", mend="First: gaoyuan observe WS", zh="尚未测度", mend_zh="先运行 gaoyuan observe WS"
    )
    with override("zh-hans"):
        assert fault_words(fault) == "尚未测度"
    with override("en"):
        assert fault_words(fault) == "nothing is observed"


def test_the_moment_of_a_rehearsal_is_asked_for_in_words_of_the_page() -> None:
    fault = GaoyuanError(
        "时间早于上一事件 earlier than the last event",
        where="--at",
        mend="校准时钟；演练则给更晚的 --at Set the clock right; in a rehearsal give a later --at.",
    )
    with override("zh-hans"):
        assert fault_words(fault) == "时间早于上一事件\n校准时钟；演练则给更晚的时间"
    with override("en"):
        assert (
            fault_words(fault) == "earlier than the last event\nSet the clock right; in a rehearsal give a later time."
        )


def test_where_it_is_wrong_is_said_once_and_in_the_language_too() -> None:
    fault = FileUnreadable("编号已用 the id is taken: x1", where="第 3 条 entry 3")
    with override("en"):
        assert fault_words(fault) == "entry 3: the id is taken: x1"
        assert fault_words(fault, where=False) == "the id is taken: x1"
