from __future__ import annotations

import csv
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.codes import (
    Level,
    counties,
    current_counties,
    current_prefecture,
    division_name,
    divisions,
    full_name,
    region_prefix,
)
from gaoyuan.codes.administrative_divisions import county_prefecture, former_divisions, is_reused
from gaoyuan.errors import InputError, NotFound


def test_the_current_edition_has_the_bureaus_numbers_of_divisions():
    assert Counter(level for level, _ in divisions()) == {
        Level.PROVINCE: 31,
        Level.PREFECTURE: 342,
        Level.COUNTY: 2978,
    }


def test_the_divisions_are_those_of_the_collected_list(shared_data):
    with (shared_data / "admin" / "cn_divisions_2023.csv").open(encoding="utf-8", newline="") as file:
        listed = {(Level(int(row["level"])), row["code"]): row["name"] for row in csv.DictReader(file)}
    assert {key: division.name for key, division in divisions().items()} == listed


def test_every_division_below_a_province_lies_in_one_of_the_level_above():
    for (level, _), division in divisions().items():
        if level != Level.PROVINCE:
            assert (Level(level - 1), division.parent) in divisions()


def test_the_three_prefectures_without_counties_stand_at_two_levels_under_one_code():
    twice = {code for level, code in divisions() if level == Level.COUNTY and (Level.PREFECTURE, code) in divisions()}
    assert twice == {"441900", "442000", "460400"}
    for code in twice:
        assert current_counties(code) == (code,)
        assert current_prefecture(code) == code
        assert division_name(code, Level.COUNTY) == division_name(code, Level.PREFECTURE)


def test_development_zones_that_the_bureau_lists_beside_gbt_2260_are_marked():
    zones = [division for division in counties().values() if division.is_zone]
    assert counties()["130171"].name == "石家庄高新技术产业开发区"
    assert counties()["130171"].is_zone
    assert not counties()["130628"].is_zone
    assert len(zones) == 124
    assert all(zone.code[4] == "7" for zone in zones)


def test_successors_are_divisions_of_the_current_edition_at_the_same_level():
    for former in former_divisions():
        assert all((former.level, code) in divisions() for code in former.successors)
        assert 2002 <= former.last_edition < 2023


@pytest.mark.parametrize(
    ("code", "name", "now"),
    [
        ("110103", "崇文区", ("110101",)),
        ("310108", "闸北区", ("310106",)),
        ("371202", "莱城区", ("370116",)),
        ("330104", "江干区", ("330102", "330114")),
        ("130628", "高阳县", ("130628",)),
    ],
)
def test_a_code_of_any_edition_finds_its_counties_of_today(code: str, name: str, now: tuple[str, ...]):
    assert current_counties(code) == now
    assert any(division.name == name for division in (*former_divisions(), *counties().values()))


@pytest.mark.parametrize("code", ["130600", "130000", "110000", "999999", "", "13062", "高阳县"])
def test_a_code_that_is_no_county_stands_for_none(code: str):
    assert current_counties(code) == ()


@given(st.text(max_size=8))
def test_any_text_can_be_asked_for_without_an_error(code: str):
    assert all(county in counties() for county in current_counties(code))
    prefecture = current_prefecture(code)
    assert prefecture is None or (Level.PREFECTURE, prefecture) in divisions()
    assert is_reused(code) in (True, False)


def test_a_prefecture_that_was_merged_away_is_found_through_its_counties():
    assert current_prefecture("371200") == "370100"
    assert current_prefecture("371202") == "370100"


def test_a_code_that_meant_two_counties_is_marked_and_today_s_code_of_one_county_is_not():
    # 410307 was a district of Luoyang until 2002 and is another one since 2021.
    assert is_reused("410307")
    assert sum(is_reused(code) for code in counties()) == 7
    assert not is_reused("130628")


def test_names_are_found_at_the_level_asked_for_and_at_the_lowest_otherwise():
    assert division_name("13") == "河北省"
    assert division_name("1306") == "保定市"
    assert division_name("130628", Level.COUNTY) == "高阳县"
    with pytest.raises(NotFound, match="no division '130699'"):
        division_name("130699")
    with pytest.raises(NotFound):
        division_name("130628", Level.PROVINCE)


def test_full_names_leave_out_what_only_repeats():
    assert full_name("130628") == "河北省保定市高阳县"
    assert full_name("110101") == "北京市东城区"
    assert full_name("441900") == "广东省东莞市"
    assert full_name("429004") == "湖北省仙桃市"


def test_the_prefecture_of_no_county_is_an_error_that_names_the_code():
    assert county_prefecture("130628") == "130600"
    with pytest.raises(NotFound, match="130600"):
        county_prefecture("130600")


def test_a_region_is_given_by_a_code_of_six_digits():
    for code in ("37", "3700000", "山东", "000000", ""):
        with pytest.raises(InputError, match="is no division code"):
            region_prefix(code)
