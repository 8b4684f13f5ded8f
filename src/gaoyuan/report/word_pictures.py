"""Drawings in a Word file: SVG, which Word 2016 and later draw, over a PNG for all others."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from docx.shared import Emu

from gaoyuan.report.arranged import ArrangedFigure
from gaoyuan.report.typesetting import drawing_as_png
from gaoyuan.report.word_xml import node

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement

__all__ = ["picture"]

_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def picture(document: WordDocument, figure: ArrangedFigure, width: int, number: int) -> BaseOxmlElement:
    """Give the run that shows a figure's drawing, `width` EMU wide; `number` tells the drawings of a file apart."""
    png = io.BytesIO(drawing_as_png(figure.svg))
    inline = document.part.new_pic_inline(png, Emu(width), Emu(round(width * figure.aspect)))
    inline.docPr.set("name", figure.number or f"drawing {number}")
    inline.docPr.set("descr", figure.alternative)

    name = PackURI(f"/word/media/drawing{number}.svg")
    part = Part(name, "image/svg+xml", figure.svg.encode("utf-8"), document.part.package)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    extension = parse_xml(
        f'<a:extLst xmlns:a="{_MAIN}"><a:ext uri="{_SVG_EXTENSION}"><asvg:svgBlip xmlns:asvg="{_SVG}" '
        f'xmlns:r="{_RELATIONSHIPS}" r:embed="{relation}"/></a:ext></a:extLst>'
    )
    blip = next(inline.iter(f"{{{_MAIN}}}blip"))
    blip.append(extension)

    return node("w:r", node("w:drawing", inline))
