"""What a document may hold."""

from __future__ import annotations

import pytest

from gaoyuan.assess.logic.states import State
from gaoyuan.report.arrangement import STATE_WORDS
from gaoyuan.report.document import Callout, Column, Figure, Heading, Row, StateMark, Table


def test_a_row_needs_a_cell_for_each_column_and_a_group_one():
    columns = (Column("甲"), Column("乙"))
    assert len(Table(columns, (("1", "2"), Row(("组",), "group"))).rows) == 2
    with pytest.raises(ValueError, match="row 2 of the table '名单' has 1 cells for 2 columns"):
        Table(columns, (("1", "2"), ("1",)), "名单")
    with pytest.raises(ValueError, match="no columns"):
        Table((), ())


def test_states_are_those_of_assess_with_the_same_words():
    for state in State:
        assert StateMark(state).state == state.value
        assert Callout(state, "").kind == state.value
        assert STATE_WORDS[state] == state.zh
    assert set(STATE_WORDS) == {state.value for state in State} | {"info"}
    with pytest.raises(ValueError, match="'passed' is no state"):
        StateMark("passed")
    with pytest.raises(ValueError, match="'warning' is no kind of callout"):
        Callout("warning", "")


@pytest.mark.parametrize("width", [0, -0.1, 1.01])
def test_widths_are_parts_of_the_whole(width: float):
    with pytest.raises(ValueError, match="width of a figure"):
        Figure("<svg/>", "", "", width=width)
    with pytest.raises(ValueError, match="width of a column"):
        Column("甲", width=width)


def test_headings_have_three_levels():
    assert [Heading(level, "甲").level for level in (1, 2, 3)] == [1, 2, 3]
    with pytest.raises(ValueError, match="level 1, 2 or 3, not 0"):
        Heading(0, "甲")
