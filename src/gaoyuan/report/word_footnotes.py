"""Real footnotes in a Word file, which python-docx does not make: a part of their own, known to the settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from gaoyuan.report.arranged import ArrangedNote
from gaoyuan.report.word_xml import node, paragraph, run

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

__all__ = ["add_footnotes"]

_LINES = (("separator", "-1"), ("continuationSeparator", "0"))
# What the schema of the settings has after the properties of footnotes.
_LATER = ("w:endnotePr", "w:compat", "w:docVars", "w:rsids", "m:mathPr", "w:themeFontLang", "w:clrSchemeMapping")


def add_footnotes(document: WordDocument, notes: Sequence[ArrangedNote]) -> None:
    """Add the footnotes that the runs of a document refer to by their numbers."""
    root = node("w:footnotes")
    for kind, number in _LINES:
        line = node("w:p", node("w:pPr", node("w:spacing", after="0", line="240", lineRule="auto")))
        line.append(node("w:r", node(f"w:{kind}")))
        root.append(node("w:footnote", line, type=kind, id=number))
    for note in notes:
        mark = node("w:r", node("w:rPr", node("w:rStyle", val="FootnoteReference")), node("w:footnoteRef"))
        root.append(node("w:footnote", paragraph("FootnoteText", mark, run(f" {note.text}")), id=str(note.number)))
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, serialize_part_xml(root))
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    properties = node("w:footnotePr", *(node("w:footnote", id=number) for _, number in _LINES))
    settings = document.settings.element
    follower = next((found for tag in _LATER if (found := settings.find(tag, settings.nsmap)) is not None), None)
    if follower is None:
        settings.append(properties)
    else:
        follower.addprevious(properties)
