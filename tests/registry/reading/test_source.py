from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.registry.columns import count_known
from gaoyuan.registry.reading.source import distinct, header_position


@given(st.lists(st.sampled_from(["名称", "名称 (2)", "名称 (2) (2)", "", " ", "(column 2)", "甲"]), max_size=12))
def test_every_heading_gets_a_name_of_its_own_and_a_single_one_keeps_its_name(headings: list[str]):
    names = distinct(headings)
    assert len(set(names)) == len(names) == len(headings)
    for heading, name in zip(headings, names, strict=True):
        if heading.strip() and "column" not in heading and headings.count(heading) == 1:
            assert name == heading


def test_the_header_is_the_row_with_the_most_known_headings():
    rows = [["企业名录", "", ""], ["2019年", "", ""], ["企业名称", "经营范围", "住所"], ["甲厂", "毛巾", "高阳县"]]
    assert header_position(rows, count_known) == 2


def test_merged_headings_above_the_header_count_less_than_the_header():
    rows = [["企业名称", "基本信息", ""], ["企业名称", "成立日期", "注册资本"]]
    assert header_position(rows, count_known) == 1


def test_where_no_heading_is_known_the_first_row_with_two_cells_is_the_header():
    assert header_position([["title", ""], ["a", "b"], ["1", "2"]], count_known) == 1
    assert header_position([], count_known) == 0
