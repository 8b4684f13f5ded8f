"""Numbers, footnotes, columns: the same for every face."""

from __future__ import annotations

import datetime

import pytest

from gaoyuan.report.arranged import ArrangedContents, ArrangedHeading, ArrangedParagraph, ArrangedTable
from gaoyuan.report.arrangement import arrange
from gaoyuan.report.document import (
    Block,
    Column,
    Contents,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Reference,
    Row,
    Table,
)

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"/>'


def _arranged(*blocks: Block):
    return arrange(Document("报告", datetime.date(2026, 1, 5), blocks))


def test_headings_are_numbered_as_chinese_reports_are():
    made = _arranged(
        Heading(1, "甲"),
        Heading(2, "乙"),
        Heading(3, "丙"),
        Heading(3, "丁"),
        Heading(2, "戊"),
        Heading(3, "己"),
        Heading(1, "Summary", numbered=False),
        Heading(1, "庚"),
        Heading(2, "辛"),
        *(Heading(1, "壬") for _ in range(19)),
    )
    numbers = [block.number for block in made.blocks if isinstance(block, ArrangedHeading)]
    assert numbers[:9] == ["一、", "（一）", "1. ", "2. ", "（二）", "1. ", "", "二、", "（一）"]
    assert (numbers[16], numbers[17], numbers[-1]) == ("十、", "十一、", "二十一、")


def test_the_contents_list_headings_before_and_after_them_down_to_their_depth():
    made = _arranged(Heading(1, "甲"), Contents(2), Heading(2, "乙"), Heading(3, "丙"))
    contents = made.blocks[1]
    assert isinstance(contents, ArrangedContents)
    assert [(entry.number, entry.text) for entry in contents.entries] == [("一、", "甲"), ("（一）", "乙")]


def test_equal_notes_are_one_in_a_chapter_and_given_again_in_the_next():
    said = Paragraph(("甲", Note("运行 1"), Note("运行 2"), "乙", Note("运行 1")))
    made = _arranged(said, Heading(1, "章"), said)
    first, second = (block for block in made.blocks if isinstance(block, ArrangedParagraph))
    assert [part.number for part in first.parts if part.kind == "note"] == [1, 2, 1]
    assert [part.first for part in first.parts if part.kind == "note"] == [True, True, False]
    # Two at one place are kept apart, or 1 and 2 would read as 12.
    assert [part.kind for part in first.parts] == ["text", "note", "between", "note", "text", "note"]
    assert [part.number for part in second.parts if part.kind == "note"] == [3, 4, 3]
    assert [note.mentions for note in made.notes] == [2, 1, 2, 1]


def test_tables_and_figures_with_captions_are_numbered_and_can_be_referred_to_before_they_come():
    made = _arranged(
        Paragraph((Reference("second"), Reference("drawing"))),
        Table((Column("甲"),), ()),
        Table((Column("甲"),), (), "一"),
        Figure(SVG, "画", "画"),
        Table((Column("甲"),), (), "二", label="second"),
        Figure(SVG, "又画", "画", label="drawing"),
    )
    line = made.blocks[0]
    assert isinstance(line, ArrangedParagraph)
    assert [(part.text, part.target) for part in line.parts] == [("表2", "table-2"), ("图2", "figure-2")]
    with pytest.raises(ValueError, match="no table or figure has the label 'third'"):
        _arranged(Paragraph(Reference("third")))
    with pytest.raises(ValueError, match="two tables or figures"):
        _arranged(Figure(SVG, "画", "", label="x"), Figure(SVG, "画", "", label="x"))
    with pytest.raises(ValueError, match="no caption"):
        _arranged(Figure(SVG, "", "", label="x"))


def test_columns_of_numbers_stand_to_the_right_also_where_some_are_unknown():
    table = Table(
        (Column("名"), Column("数"), Column("码", align="left"), Column("全未知"), Column("文", align="centre")),
        (
            ("甲", "1,234.5", "001", "未知", "1"),
            Row(("组",), "group"),
            ("乙2", "−3.1%", "002", "", "2"),
            ("丙", "未知", "003", "—", "3"),
        ),
    )
    made = _arranged(table).blocks[0]
    assert isinstance(made, ArrangedTable)
    assert [column.align for column in made.columns] == ["left", "right", "left", "left", "centre"]


def test_column_widths_make_one_and_follow_what_is_given_and_the_text():
    long, short = "很长的一段文字" * 3, "短"
    made = _arranged(Table((Column("甲", width=0.5), Column("乙"), Column("丙")), (("", long, short),))).blocks[0]
    assert isinstance(made, ArrangedTable)
    widths = [column.width for column in made.columns]
    assert sum(widths) == pytest.approx(1)
    assert widths[0] == pytest.approx(0.5)
    assert widths[1] > 3 * widths[2] > 0
    over = _arranged(Table((Column("甲", width=1), Column("乙")), ())).blocks[0]
    assert isinstance(over, ArrangedTable)
    assert all(column.width > 0.05 for column in over.columns)


def test_what_cannot_be_shown_leaves_a_mark():
    made = _arranged(Paragraph("a\x00b\ud800c\u202ed\r\ne\tf")).blocks[0]
    assert isinstance(made, ArrangedParagraph)
    assert made.parts[0].text == "a\ufffdb\ufffdc\ufffdd\ne f"


def test_a_figure_that_is_no_svg_is_refused():
    for wrong in ("", "text", "<html/>", '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG):
        with pytest.raises(ValueError, match="drawing"):
            _arranged(Figure(wrong, "", ""))
