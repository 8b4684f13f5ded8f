"""A document as a Word file, with real styles, captions, footnotes and references, so that people can go on in it."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING

import docx
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.shared import Cm

from gaoyuan.report.arranged import (
    ArrangedBlock,
    ArrangedCallout,
    ArrangedContents,
    ArrangedDocument,
    ArrangedFigure,
    ArrangedHeading,
    ArrangedKeyFigures,
    ArrangedList,
    ArrangedPageBreak,
    ArrangedParagraph,
    ArrangedTable,
    Parts,
)
from gaoyuan.report.arrangement import arrange
from gaoyuan.report.document import Document
from gaoyuan.report.word_footnotes import add_footnotes
from gaoyuan.report.word_pictures import picture
from gaoyuan.report.word_tables import key_figures_table, report_table
from gaoyuan.report.word_xml import Lines, bookmark_name, field, node, paragraph, run

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement

__all__ = ["word_bytes"]

_TEXT_WIDTH = Cm(15.6)
_HIGHEST_DRAWING = Cm(19)
_TWENTIETHS_PER_EMU = 1 / 635
_CALLOUTS = {
    "met": ("1E6B45", "EEF5F0"),
    "unmet": ("A32A1C", "FAF0EE"),
    "unknown": ("5A5A5A", "F4F4F4"),
    "manual_review": ("8A5A00", "FAF5E9"),
    "not_applicable": ("6E6E6E", "F7F7F7"),
    "info": ("1D3F5E", "EFF4F8"),
}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def word_bytes(document: Document) -> bytes:
    """Give a document as .docx; the same document gives the same bytes.

    Footnotes are Word's own, tables and figures are numbered by fields, and the contents are a field that Word fills
    with page numbers when it opens the file. Drawings are SVG over PNG: raises ExtraMissing where there are drawings
    but no Chinese font to draw the PNG with. Raises ValueError as `arrange` does.

    >>> import datetime
    >>> from gaoyuan.report.document import Paragraph
    >>> word_bytes(Document("报告", datetime.date(2026, 1, 5), (Paragraph("正文"),)))[:2]
    b'PK'
    """
    arranged = arrange(document)
    word = docx.Document()
    _replace(word.styles.element, "word_styles.xml")
    _replace(word.part.numbering_part.element, "word_numbering.xml")
    _page(word, arranged)
    _properties(word, arranged, document.date)
    writer = _Writer(word)
    body = word.element.body
    end = body.sectPr
    for made in writer.body(arranged):
        end.addprevious(made)
    add_footnotes(word, arranged.notes)
    made = io.BytesIO()
    word.save(made)
    return _timeless(made.getvalue())


class _Writer:
    """Turns blocks into the paragraphs and tables of one file."""

    def __init__(self, word: WordDocument) -> None:
        self._word = word
        self._lines = Lines()
        self._drawings = 0
        self._width = round(_TEXT_WIDTH * _TWENTIETHS_PER_EMU)

    def body(self, document: ArrangedDocument) -> Iterator[BaseOxmlElement]:
        """Give all that the document holds; what follows a page break begins a page itself."""
        yield from self._title(document)
        breaking = document.cover
        for block in document.blocks:
            if isinstance(block, ArrangedPageBreak):
                breaking = True
                continue
            made = self._block(block)
            if breaking and made:
                breaking = False
                if made[0].tag != qn("w:p"):
                    made.insert(0, paragraph("Remark"))
                # The first property is the paragraph's style; of the others none that comes here stands before this.
                made[0][0][0].addnext(node("w:pageBreakBefore"))
            yield from made

    def _title(self, document: ArrangedDocument) -> list[BaseOxmlElement]:
        by_line = "　　".join(words for words in (document.organisation, document.date_text) if words)
        room = (node("w:spacing", before="3600", after="240"),) if document.cover else ()
        made = [paragraph("Title", run(document.title), properties=room)]
        made += [paragraph("Subtitle", run(text)) for text in (document.title_en, document.subtitle) if text]
        return [*made, paragraph("ByLine", run(by_line))]

    def _block(self, block: ArrangedBlock) -> list[BaseOxmlElement]:
        lines = self._lines
        match block:
            case ArrangedHeading():
                heading = lines.marked(block.anchor, run(block.number + block.text))
                return [paragraph(f"Heading{block.level}", *heading)]
            case ArrangedParagraph():
                style = "BodyText" if block.language == "zh" else "BodyTextEnglish"
                return [paragraph(style, *lines.runs(block.parts))]
            case ArrangedTable():
                caption = self._caption("TableCaption", "表", block.number, block.anchor, block.caption)
                table = report_table(block, lines, self._width)
                # Word joins tables that follow each other; the remark, or an empty line, keeps them apart.
                return [*caption, table, paragraph("Remark", *lines.runs(block.remark))]
            case ArrangedFigure():
                return self._figure(block)
            case ArrangedCallout():
                return self._callout(block)
            case ArrangedList():
                return self._list(block)
            case ArrangedKeyFigures():
                if not block.figures:
                    return []
                return [key_figures_table(block.figures, lines, self._width), paragraph("Remark")]
            case ArrangedContents():
                return _contents(block)
            case ArrangedPageBreak():
                return []

    def _caption(self, style: str, word: str, number: str, anchor: str, caption: Parts) -> list[BaseOxmlElement]:
        if not number:
            return [paragraph(style, *self._lines.runs(caption))] if caption else []
        counted = field(f"SEQ {word} \\* ARABIC", number.removeprefix(word))
        label = self._lines.marked(anchor, run(word), *counted)
        return [paragraph(style, *label, run("　"), *self._lines.runs(caption))]

    def _figure(self, block: ArrangedFigure) -> list[BaseOxmlElement]:
        self._drawings += 1
        width = min(round(_TEXT_WIDTH * block.width), round(_HIGHEST_DRAWING / block.aspect))
        made = [paragraph("Figure", picture(self._word, block, width, self._drawings))]
        if block.remark:
            made.append(paragraph("Remark", *self._lines.runs(block.remark), properties=(node("w:keepNext"),)))
        return [*made, *self._caption("Caption", "图", block.number, block.anchor, block.caption)]

    def _callout(self, block: ArrangedCallout) -> list[BaseOxmlElement]:
        colour, ground = _CALLOUTS[block.state]

        def look(before: str, after: str) -> tuple[BaseOxmlElement, ...]:
            border = node("w:left", val="single", sz="24", space="8", color=colour)
            shade = node("w:shd", val="clear", color="auto", fill=ground)
            return node("w:pBdr", border), shade, node("w:spacing", before=before, after=after)

        title = run(block.title, "", node("w:color", val=colour))
        return [
            paragraph("CalloutTitle", title, properties=look("160", "0")),
            paragraph("Callout", *self._lines.runs(block.parts), properties=look("0", "200")),
        ]

    def _list(self, block: ArrangedList) -> list[BaseOxmlElement]:
        properties: tuple[BaseOxmlElement, ...] = ()
        style = "ListNumber" if block.ordered else "ListBullet"
        made = []
        number = self._new_numbering() if block.ordered else ""
        for item in block.items:
            if number:
                level, which = node("w:ilvl", val="0"), node("w:numId", val=number)
                properties = (node("w:numPr", level, which),)
            made.append(paragraph(style, *self._lines.runs(item), properties=properties))
        return made

    def _new_numbering(self) -> str:
        """Let a numbered list begin at 1."""
        numbering = self._word.part.numbering_part.element
        number = str(len(numbering.findall(qn("w:num"))) + 1)
        override = node("w:lvlOverride", node("w:startOverride", val="1"), ilvl="0")
        numbering.append(node("w:num", node("w:abstractNumId", val="2"), override, numId=number))
        return number


def _contents(block: ArrangedContents) -> list[BaseOxmlElement]:
    """Give the field of the contents; the headings stand in it until Word adds the pages."""
    made = [paragraph("TOCHeading", run("目　录"))]
    lines = [
        paragraph(f"TOC{entry.level}", _link(entry.anchor, run(entry.number + entry.text))) for entry in block.entries
    ] or [paragraph("TOC1")]
    begin, code, separate, _, end = field(f'TOC \\o "1-{block.depth}" \\h \\z \\u', "", dirty=True)
    first = lines[0][0]
    for piece in (separate, code, begin):
        first.addnext(piece)
    lines[-1].append(end)
    return made + lines


def _link(anchor: str, shown: BaseOxmlElement) -> BaseOxmlElement:
    return node("w:hyperlink", shown, anchor=bookmark_name(anchor), history="1")


def _replace(element: BaseOxmlElement, template: str) -> None:
    """Replace all that a part of the empty file holds by a template of ours."""
    ours = parse_xml((files("gaoyuan.report") / "templates" / template).read_bytes())
    for child in list(element):
        element.remove(child)
    element.extend(list(ours))


def _page(word: WordDocument, document: ArrangedDocument) -> None:
    """Set the page to A4, with a header line and page n / m."""
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(2.9), Cm(2.6)
    section.left_margin = section.right_margin = Cm(2.7)
    section.header_distance, section.footer_distance = Cm(1.6), Cm(1.4)
    section.different_first_page_header_footer = document.cover
    header = section.header.paragraphs[0]
    header.style = "Header"
    header._p.append(run(document.header))
    if document.organisation:
        header._p.append(node("w:r", node("w:tab")))
        header._p.append(run(document.organisation))
    footer = section.footer.paragraphs[0]
    footer.style = "Footer"
    footer._p.extend([*field("PAGE", "1"), run(" / "), *field("NUMPAGES", "1")])


def _properties(word: WordDocument, document: ArrangedDocument, date: datetime.date) -> None:
    noon = datetime.datetime.combine(date, datetime.time(12))
    properties = word.core_properties
    properties.title, properties.author = document.title[:255], document.organisation[:255]
    properties.created = properties.modified = noon
    properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.language, properties.revision = "zh-CN", 1


def _timeless(file: bytes) -> bytes:
    """Give a ZIP file without the times at which its parts were written."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, _EPOCH), old.read(entry), zipfile.ZIP_DEFLATED)
    return made.getvalue()
