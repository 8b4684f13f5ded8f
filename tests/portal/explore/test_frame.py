"""What words find, and what regions are called."""

from __future__ import annotations

import pytest

from gaoyuan.portal.explore.frame import Frame, frame_of
from gaoyuan.portal.snapshots.models import Audience


@pytest.fixture
def frame(published) -> Frame:
    return frame_of(published, Audience.PUBLIC)


@pytest.mark.parametrize(
    ("words", "code"),
    [("17", "17"), ("纺织业", "17"), ("fzy", "17"), ("c", "C"), ("textile", "17"), (" 制造业 ", "C")],
)
def test_an_industry_is_found_by_code_chinese_initials_and_english(frame, words, code):
    assert frame.find(words, 5)[0].code == code


@pytest.mark.parametrize("words", ["", "  ", "没有这样的行业", "99999", "zqx", "<script>", "%", "\x00"])
def test_words_that_name_nothing_find_nothing(frame, words):
    assert frame.find(words, 5) == []


def test_the_beginning_of_a_code_finds_the_coarser_first(frame):
    codes = [one.code for one in frame.find("17", 500)]
    assert codes[0] == "17"
    assert all(code.startswith("17") for code in codes)
    assert [len(code) for code in codes] == sorted(len(code) for code in codes)


def test_an_industry_knows_the_letter_above_it(frame):
    assert frame.industries["17"].section == "C"


def test_a_region_is_named_with_those_above_it(frame):
    assert frame.full_name("370202", "county") == "山东省青岛市市南区"
    assert frame.full_name("370200", "prefecture") == "山东省青岛市"
    assert frame.full_name("370000", "province") == "山东省"
    assert frame.area_name("110000") is None
