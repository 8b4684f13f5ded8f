"""Reports as PDF, read back."""

from __future__ import annotations

import dataclasses
import datetime

import pypdfium2
import pytest
import typst

from gaoyuan.errors import ExtraMissing
from gaoyuan.report.document import Block, Callout, Column, Document, Figure, Note, Paragraph, Table
from gaoyuan.report.pdf import pdf_bytes
from gaoyuan.report.typesetting import choose_fonts

pytestmark = pytest.mark.usefixtures("chinese_fonts")


def _texts(file: bytes) -> list[str]:
    """Give the text of each page, its lines joined, without the spaces that the typesetter adds between scripts."""
    with pypdfium2.PdfDocument(file) as pdf:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pdf]


def _plain(text: str) -> str:
    return "".join(text.split()).replace("\u200b", "").replace("\u2060", "")


def _made(*blocks: Block) -> bytes:
    return pdf_bytes(Document("报告", datetime.date(2026, 1, 5), blocks))


@pytest.fixture(scope="module")
def pages(report_document: Document) -> list[str]:
    return _texts(pdf_bytes(report_document))


def test_cover_contents_and_headings_stand_on_their_pages(pages: list[str]):
    assert "高阳县毛巾产业集群年度发展报告" in _plain(pages[0])
    assert "2026年3月31日" in _plain(pages[0])
    contents = _plain(pages[1])
    assert "目录" in contents
    assert "一、总体情况" in contents
    assert "（一）产值" in contents
    assert "一、总体情况" in _plain(pages[2])


def test_pages_are_numbered_after_the_cover_and_carry_the_header(pages: list[str]):
    for number, text in enumerate(pages[1:], 2):
        assert f"{number}/{len(pages)}" in _plain(text)
        assert "高阳县毛巾产业集群年度发展报告高阳县工业和信息化局" in _plain(text)
    assert f"1/{len(pages)}" not in _plain(pages[0])


def test_footnotes_stand_at_the_foot_of_the_page_that_mentions_them_first(pages: list[str]):
    page = _plain(pages[2])
    assert page.index("详见表2和图1") < page.index("1运行observe-1（表cluster第3版）") < page.index("2企业登记册")
    assert sum("企业登记册，2026年6月30日" in _plain(text) for text in pages) == 2


def test_the_head_of_a_long_table_is_repeated_on_every_page_and_no_row_is_lost(pages: list[str]):
    with_rows = [text for text in pages if "毛巾厂" in _plain(text)]
    assert len(with_rows) > 8
    assert all("序号企业收入" in _plain(text) for text in with_rows)
    whole = _plain("".join(pages))
    assert all(f"第{at}毛巾厂" in whole for at in range(1, 501))
    assert sum(text.count("毛巾厂") for text in pages) == 500


def test_hostile_text_is_shown_as_it_stands(pages: list[str], hostile_text: str):
    whole = _plain("".join(pages))
    shown = _plain(hostile_text.split("\x00")[0])
    assert whole.count(shown) >= 3
    assert _plain("<script>alert(1)</script>") in whole
    assert "{{7*7}}" in whole
    assert "49" not in "".join(pages[-1:])


def test_figures_are_vectors_with_chinese_text(pages: list[str]):
    with_figure = next(text for text in pages if "产值超过认定线" in _plain(text) and "2022" in text)
    assert "未知" in with_figure
    assert "认定线" in with_figure
    assert "图1" in _plain(with_figure)


def test_an_empty_table_says_so(pages: list[str]):
    assert any("无数据nodata" in _plain(text) for text in pages)


def test_the_same_document_gives_the_same_bytes_and_carries_its_own_date(report_document: Document):
    first, second = pdf_bytes(report_document), pdf_bytes(report_document)
    assert first == second
    with pypdfium2.PdfDocument(first) as pdf:
        facts = pdf.get_metadata_dict()
    assert facts["CreationDate"].startswith("D:20260331")
    assert facts["Title"] == report_document.title
    assert facts["Author"] == report_document.organisation
    later = dataclasses.replace(report_document, date=datetime.date(2026, 4, 1))
    assert pdf_bytes(later) != first


def test_long_words_stay_on_the_page():
    word = "https://example.org/" + "a" * 300
    file = _made(
        Paragraph(word),
        Table((Column("甲", width=0.1), Column(word)), ((word, word), ("1", "2"))),
        Callout("info", word, word),
    )
    with pypdfium2.PdfDocument(file) as pdf:
        page = pdf[0]
        width = page.get_width()
        text = page.get_textpage()
        edges = [text.get_charbox(at)[2] for at in range(text.count_chars())]
    assert max(edges) < width - 60


def test_cells_longer_than_a_page_go_on_over_pages():
    long = "很长的说明。" * 1500
    texts = _texts(_made(Table((Column("甲"), Column("乙")), ((long, "1"),)), Callout("unknown", long)))
    assert len(texts) >= 4
    assert _plain("".join(texts)).count("很长的说明") >= 2900


def test_a_drawing_too_high_for_the_page_is_made_smaller():
    tall = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 400"><text x="1" y="399" font-size="9">末</text></svg>'
    )
    texts = _texts(_made(Figure(tall, "很高的图", "很高的图", (Note("运行 1"),))))
    assert len(texts) == 1
    assert "末" in texts[0]
    assert "图1" in _plain(texts[0])


def test_a_machine_without_chinese_fonts_is_told_what_to_install():
    only_western = typst.Fonts(include_system_fonts=False).families()
    assert only_western
    with pytest.raises(ExtraMissing, match="apt-get install fonts-noto-cjk"):
        choose_fonts(only_western)


def test_no_blocks_make_a_page_with_the_title():
    texts = _texts(_made())
    assert len(texts) == 1
    assert "报告" in texts[0]


@pytest.mark.parametrize("before", range(0, 18, 3))
def test_a_row_of_a_table_stands_on_one_page(before: int):
    rows = tuple((f"{at}", f"开头{at}始" + "折成几行的文字，不应分在两页。" * 6 + f"结尾{at}终") for at in range(16))
    table = Table((Column("序号", width=0.3), Column("说明")), rows, "表")
    pages = list(map(_plain, _texts(_made(*[Paragraph("一段文字。")] * before, table))))
    assert len(pages) > 1
    for at in range(len(rows)):
        assert [f"开头{at}始" in page for page in pages] == [f"结尾{at}终" in page for page in pages]


def test_a_row_higher_than_a_page_is_broken_and_nothing_of_it_is_lost():
    words = "".join(f"第{at}句。" for at in range(900))
    pages = _texts(_made(Table((Column("名"), Column("说明")), (("甲", words),), "表")))
    assert len(pages) > 1
    whole = _plain("".join(pages))
    assert all(f"第{at}句。" in whole for at in range(900))


@pytest.mark.parametrize("before", range(36, 42))
def test_the_last_line_of_a_report_does_not_stand_alone_on_a_page(before: int):
    pages = _texts(_made(*[Paragraph("一段文字。")] * before, Paragraph("最后一行。")))
    lines = [line for line in pages[-1].splitlines() if line.strip() and "/" not in line and line != "报告"]
    assert len(lines) > 1


def test_a_mark_of_a_footnote_does_not_begin_a_line():
    for letters in range(38, 50):
        first = _texts(_made(Paragraph(("字" * letters, Note("出处")))))[0]
        lines = [line.replace("\u2060", "").strip() for line in first.splitlines()]
        assert "1" not in lines
