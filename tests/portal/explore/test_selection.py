"""Addresses and views."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from gaoyuan.portal.explore.frame import Frame, frame_of
from gaoyuan.portal.explore.selection import read_selection
from gaoyuan.portal.snapshots.models import Audience


@pytest.fixture
def frame(published) -> Frame:
    return frame_of(published, Audience.PUBLIC)


@pytest.mark.parametrize(
    "query",
    [
        "industry=17",
        "industry=17&region=370200&level=prefecture&measure=q_value&chart=scatter&sort=-firms&at=370200&map=120.1%2C36.2%2C7.5",
    ],
)
def test_a_view_is_read_from_its_own_address(frame, query):
    view = read_selection(dict(parse_qsl(query)), frame, "").view
    assert view is not None
    assert view.query() == query


@pytest.mark.parametrize(
    "given",
    [
        {"industry": "没有这样的行业"},
        {"region": "999999"},
        {"region": "' OR 1=1 --"},
        {"level": "village"},
        {"measure": "__class__"},
        {"chart": "pie"},
    ],
)
def test_what_is_not_understood_is_said_and_taken_as_usual(frame, given):
    asked = read_selection(given, frame, "17")
    assert asked.view is not None
    assert asked.view.query() == "industry=17"
    assert len(asked.mistakes) == 1


@pytest.mark.parametrize("given", ["1,2", "a,b,c", "500,0,3", "nan,nan,nan", "1,2,3,4", "1,2,99"])
def test_a_position_that_is_none_is_left_out(frame, given):
    view = read_selection({"map": given}, frame, "17").view
    assert view is not None
    assert view.position == ""


def test_words_that_may_mean_several_industries_name_the_others(frame):
    asked = read_selection({"industry": "纺织"}, frame, "")
    assert asked.view is not None
    assert asked.others
    assert asked.view.industry not in asked.others


def test_a_prefecture_is_looked_at_by_provinces_as_its_province(frame):
    view = read_selection({"industry": "17", "region": "370200", "level": "province"}, frame, "").view
    assert view is not None
    assert view.region == "370000"
