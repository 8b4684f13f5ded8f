"""Reports as Word files, opened again."""

from __future__ import annotations

import datetime
import io
import zipfile
from xml.etree import ElementTree

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Cm

from gaoyuan.report.document import Document, ItemList, KeyFigure, KeyFigures, PageBreak, Paragraph
from gaoyuan.report.word import word_bytes

SVG_BLIP = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip"


@pytest.fixture(scope="module")
def file(report_document: Document, chinese_fonts: None) -> bytes:
    return word_bytes(report_document)


@pytest.fixture(scope="module")
def opened(file: bytes) -> WordDocument:
    return docx.Document(io.BytesIO(file))


@pytest.fixture(scope="module")
def parts(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _opened(*blocks) -> WordDocument:
    return docx.Document(io.BytesIO(word_bytes(Document("报告", datetime.date(2026, 1, 5), blocks))))


def _texts(root: ElementTree.Element) -> str:
    return "".join(text.text or "" for text in root.iter(qn("w:t")))


def test_headings_captions_and_tables_have_words_own_styles(opened: WordDocument):
    styled = {(paragraph.style.name, paragraph.text) for paragraph in opened.paragraphs if paragraph.style}
    assert ("Title", "高阳县毛巾产业集群年度发展报告") in styled
    assert ("Heading 1", "一、总体情况") in styled
    assert ("Heading 2", "（一）产值") in styled
    assert any(name == "Table Caption" and text.startswith("表1　逐项核对") for name, text in styled)
    assert any(name == "Caption" and text.startswith("图1　产值超过认定线") for name, text in styled)
    assert {table.style.name for table in opened.tables if table.style} == {"Report Table", "Normal Table"}


def test_every_style_that_is_used_is_there(opened: WordDocument, parts: dict[str, bytes]):
    known = {style.style_id for style in opened.styles}
    for name in ("word/document.xml", "word/footnotes.xml"):
        root = ElementTree.fromstring(parts[name])
        used = {
            element.get(qn("w:val")) for tag in ("w:pStyle", "w:rStyle", "w:tblStyle") for element in root.iter(qn(tag))
        }
        assert used <= known


def test_chinese_is_set_in_chinese_fonts(opened: WordDocument):
    for name in ("Heading 1", "Caption", "Title"):
        fonts = opened.styles[name].element.find(f".//{qn('w:rFonts')}")
        assert fonts.get(qn("w:eastAsia")) == "黑体"
    defaults = opened.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:rFonts')}")
    assert defaults.get(qn("w:eastAsia")) == "宋体"


def test_footnotes_are_words_own_each_mentioned_where_it_is_first(parts: dict[str, bytes]):
    notes = ElementTree.fromstring(parts["word/footnotes.xml"])
    texts = {note.get(qn("w:id")): _texts(note).strip() for note in notes}
    assert texts["1"] == "运行 observe-1（表 cluster 第 3 版）"
    assert texts["2"] == "企业登记册，2026年6月30日"
    body = ElementTree.fromstring(parts["word/document.xml"])
    mentioned = [mark.get(qn("w:id")) for mark in body.iter(qn("w:footnoteReference"))]
    assert mentioned == [str(number) for number in range(1, len(mentioned) + 1)]
    assert set(mentioned) == set(texts) - {"-1", "0"}
    again = [code.text for code in body.iter(qn("w:instrText")) if "NOTEREF" in (code.text or "")]
    assert " NOTEREF note_1 \\f \\h " in again
    assert b"footnotes+xml" in parts["[Content_Types].xml"]
    settings = ElementTree.fromstring(parts["word/settings.xml"])
    assert settings.find(qn("w:footnotePr")) is not None


def test_what_fields_refer_to_is_bookmarked_once(parts: dict[str, bytes]):
    body = ElementTree.fromstring(parts["word/document.xml"])
    marks = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert len(marks) == len(set(marks))
    codes = [(code.text or "").split() for code in body.iter(qn("w:instrText"))]
    assert {code[1] for code in codes if code[0] in ("REF", "NOTEREF")} <= set(marks)
    assert ["REF", "table_2", "\\h"] in codes
    links = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))}
    assert links
    assert links <= set(marks)
    begun = [mark.get(qn("w:fldCharType")) for mark in body.iter(qn("w:fldChar"))]
    assert begun.count("begin") == begun.count("end") == begun.count("separate") == len(codes)


def test_the_head_of_a_table_is_repeated_and_every_row_is_there(opened: WordDocument):
    table = next(table for table in opened.tables if len(table.rows) == 501)
    first, second = table.rows[0]._tr, table.rows[1]._tr
    assert first.find(f".//{qn('w:tblHeader')}") is not None
    assert second.find(f".//{qn('w:tblHeader')}") is None
    assert second.find(f".//{qn('w:cantSplit')}") is not None
    sides = [cell.find(f".//{qn('w:jc')}").get(qn("w:val")) for cell in second.findall(qn("w:tc"))]
    assert sides == ["right", "left", "right"]
    grid = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
    assert sum(grid) == pytest.approx(8844, abs=3)


def test_figures_are_svg_over_png_with_their_description(opened: WordDocument, parts: dict[str, bytes]):
    body = opened.element.body
    blips = list(body.iter(SVG_BLIP))
    assert len(blips) == 1
    relation = opened.part.rels[blips[0].get(qn("r:embed"))]
    drawing = relation.target_part.blob.decode("utf-8")
    assert drawing.startswith("<svg")
    assert "未知" in drawing
    picture = next(body.iter(qn("a:blip")))
    assert opened.part.rels[picture.get(qn("r:embed"))].target_part.blob.startswith(b"\x89PNG")
    described = next(body.iter(qn("wp:docPr")))
    assert described.get("descr") == "柱形图：三年产值"
    assert b"image/svg+xml" in parts["[Content_Types].xml"]


def test_hostile_text_is_shown_as_it_stands(opened: WordDocument, hostile_text: str):
    cleaned = hostile_text.replace("\ud800", "\ufffd")
    for character in "\x00\x07\x1b\u202e":
        cleaned = cleaned.replace(character, "\ufffd")
    assert any(paragraph.text.startswith(cleaned) for paragraph in opened.paragraphs)
    cells = [cell.text for table in opened.tables for cell in table.columns[0].cells if len(table.columns) == 1]
    assert cells.count(cleaned) == 2


def test_an_empty_table_says_so(opened: WordDocument):
    assert any(table.rows[-1].cells[0].text == "无数据 no data" for table in opened.tables)


def test_header_page_number_and_cover(opened: WordDocument):
    section = opened.sections[0]
    assert section.different_first_page_header_footer
    assert section.header.paragraphs[0].text == "高阳县毛巾产业集群年度发展报告\t高阳县工业和信息化局"
    codes = [code.text.strip() for code in section.footer._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]
    assert section.page_width == pytest.approx(Cm(21), rel=1e-3)


def test_the_same_document_gives_the_same_bytes_and_carries_its_own_date(
    file: bytes, report_document: Document, opened: WordDocument
):
    assert word_bytes(report_document) == file
    assert opened.core_properties.created == datetime.datetime(2026, 3, 31, 12, tzinfo=datetime.UTC)
    assert opened.core_properties.title == report_document.title


def test_each_numbered_list_begins_at_one():
    word = _opened(ItemList(("甲", "乙"), ordered=True), ItemList(("丙",), ordered=True))
    numbers = [
        paragraph._p.find(f".//{qn('w:numId')}").get(qn("w:val"))
        for paragraph in word.paragraphs
        if paragraph.style and paragraph.style.name == "List Number"
    ]
    assert numbers[0] == numbers[1] != numbers[2]
    numbering = word.part.numbering_part.element
    for number in set(numbers):
        started = numbering.find(f"{qn('w:num')}[@{qn('w:numId')}='{number}']//{qn('w:startOverride')}")
        assert started.get(qn("w:val")) == "1"


def test_what_follows_a_page_break_begins_a_page_also_a_table():
    figures = KeyFigures((KeyFigure("1", "家", "企业"),))
    word = _opened(Paragraph("甲"), PageBreak(), PageBreak(), figures, PageBreak(), Paragraph("乙"))
    marked = [child for child in word.element.body if child.find(f".//{qn('w:pageBreakBefore')}") is not None]
    assert len(marked) == 2
    assert marked[0].getnext().tag == qn("w:tbl")
    assert "".join(text.text for text in marked[1].iter(qn("w:t"))) == "乙"


def test_a_report_without_drawings_or_blocks_opens():
    assert [paragraph.text for paragraph in _opened().paragraphs] == ["报告", "2026年1月5日"]
