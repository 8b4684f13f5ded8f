"""Small pieces of WordprocessingML: nodes, runs of text, fields, bookmarks and lines of a document."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from gaoyuan.report.arranged import Part, Parts

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

__all__ = ["Lines", "bookmark_name", "field", "node", "paragraph", "run"]

_FIRST_CHINESE = "\u2e80"
_QUOTES = frozenset("‘’“”…—·")


def node(tag: str, *children: BaseOxmlElement, **attributes: str) -> BaseOxmlElement:
    """Give an element with children; an attribute `val` is `w:val`.

    >>> node("w:jc", val="right").xml.strip().split(" ")[-1]
    'w:val="right"/>'
    """
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    made.extend(children)
    return made


def run(text: str, style: str = "", *marks: BaseOxmlElement) -> BaseOxmlElement:
    """Give a run of text in a character style, with further `marks` of its own; a line feed breaks the line."""
    properties = node("w:rPr")
    if style:
        properties.append(node("w:rStyle", val=style))
    if any(character >= _FIRST_CHINESE or character in _QUOTES for character in text):
        # Quotation marks and dashes are in both scripts: these are Chinese.
        properties.append(node("w:rFonts", hint="eastAsia"))
    properties.extend(marks)
    made = node("w:r", properties)
    for position, line in enumerate(text.split("\n")):
        if position:
            made.append(node("w:br"))
        words = node("w:t")
        words.text = line
        words.set(qn("xml:space"), "preserve")
        made.append(words)
    return made


def field(instruction: str, shown: str, style: str = "", *, dirty: bool = False) -> Iterator[BaseOxmlElement]:
    """Give the runs of a field that Word fills in, with what is shown until it does."""
    begin = node("w:fldChar", fldCharType="begin")
    if dirty:
        begin.set(qn("w:dirty"), "true")
    code = node("w:instrText")
    code.text = f" {instruction} "
    code.set(qn("xml:space"), "preserve")
    yield node("w:r", begin)
    yield node("w:r", code)
    yield node("w:r", node("w:fldChar", fldCharType="separate"))
    yield run(shown, style)
    yield node("w:r", node("w:fldChar", fldCharType="end"))


def paragraph(style: str, *content: BaseOxmlElement, properties: tuple[BaseOxmlElement, ...] = ()) -> BaseOxmlElement:
    """Give a paragraph in a style; `properties` are its own, in the order that the schema has."""
    return node("w:p", node("w:pPr", node("w:pStyle", val=style), *properties), *content)


def bookmark_name(anchor: str) -> str:
    """Give the name of the bookmark at an anchor: Word allows letters, digits and low lines."""
    return anchor.replace("-", "_")


class Lines:
    """Turns the parts of lines into runs; numbers the bookmarks of one document."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def marked(self, anchor: str, *content: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
        """Put content between the ends of a bookmark."""
        number = str(next(self._numbers))
        yield node("w:bookmarkStart", id=number, name=bookmark_name(anchor))
        yield from content
        yield node("w:bookmarkEnd", id=number)

    def runs(self, parts: Parts) -> Iterator[BaseOxmlElement]:
        """Give the runs of a line."""
        for part in parts:
            yield from self._part(part)

    def _part(self, part: Part) -> Iterator[BaseOxmlElement]:
        match part.kind:
            case "text":
                yield run(part.text)
            case "strong":
                yield run(part.text, "Strong")
            case "state":
                yield run(part.text, "State" + part.state.replace("_", ""))
            case "between":
                yield run(part.text, "FootnoteReference")
            case "reference":
                yield from field(f"REF {bookmark_name(part.target)} \\h", part.text)
            case "note" if part.first:
                mark = node("w:r", node("w:rPr", node("w:rStyle", val="FootnoteReference")))
                mark.append(node("w:footnoteReference", id=str(part.number)))
                yield from self.marked(f"note-{part.number}", mark)
            case "note":
                yield from field(f"NOTEREF note_{part.number} \\f \\h", str(part.number), "FootnoteReference")
