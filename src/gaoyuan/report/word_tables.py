"""Tables in a Word file: their style, their head again on every page, rows that are not torn apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gaoyuan.report.arranged import ArrangedKeyFigure, ArrangedTable, Parts
from gaoyuan.report.arrangement import NO_ROWS
from gaoyuan.report.word_xml import Lines, node, paragraph, run

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

__all__ = ["key_figures_table", "report_table"]

_SIDES = {"left": "left", "centre": "center", "right": "right"}
_FOUR = 4


def report_table(table: ArrangedTable, lines: Lines, width: int) -> BaseOxmlElement:
    """Give a table `width` twentieths of a point wide; its caption and remark are paragraphs of their own."""
    widths = [max(1, round(column.width * width)) for column in table.columns]
    sides = [_SIDES[column.align] for column in table.columns]
    made = _table("ReportTable", widths, node("w:tblLook", val="0420", firstRow="1", noHBand="0", noVBand="1"))
    heads = [column.head for column in table.columns]
    made.append(_row(heads, widths, sides, lines, node("w:cantSplit"), node("w:tblHeader")))
    for row in table.rows:
        if row.kind == "group":
            shade = (node("w:shd", val="clear", color="auto", fill="F5F5F5"),)
            line = paragraph("TableText", *_bold(row.cells[0], lines), properties=(node("w:keepNext"),))
            made.append(node("w:tr", node("w:trPr", node("w:cantSplit")), _cell(line, width, len(widths), *shade)))
        else:
            made.append(_row(row.cells, widths, sides, lines, node("w:cantSplit"), total=row.kind == "total"))
    if not table.rows:
        line = paragraph("TableText", run(NO_ROWS), properties=(node("w:jc", val="center"),))
        made.append(node("w:tr", _cell(line, width, len(widths))))
    return made


def key_figures_table(figures: Sequence[ArrangedKeyFigure], lines: Lines, width: int) -> BaseOxmlElement:
    """Give large numbers in rows of four, each with a line at its left."""
    columns = min(_FOUR, len(figures))
    each = width // columns
    made = _table("TableNormal", [each] * columns, node("w:tblLook", val="0000"))
    for begin in range(0, len(figures), columns):
        row = node("w:tr", node("w:trPr", node("w:cantSplit")))
        for at in range(begin, begin + columns):
            figure = figures[at] if at < len(figures) else None
            border = node("w:left", val="single", sz="10", space="0", color="9C3D22")
            marks = (node("w:tcBorders", border),) if figure else ()
            row.append(_cell_of(_key_figure(figure, lines), each, 1, *marks))
        made.append(row)
    return made


def _key_figure(figure: ArrangedKeyFigure | None, lines: Lines) -> list[BaseOxmlElement]:
    if figure is None:
        return [paragraph("KeyFigureLabel")]
    unit = [run(f" {figure.unit}", "", node("w:b", val="0"), node("w:sz", val="18"))] if figure.unit else []
    return [
        paragraph("KeyFigure", run(figure.value), *unit),
        paragraph("KeyFigureLabel", *lines.runs(figure.label), properties=(node("w:spacing", after="120"),)),
    ]


def _table(style: str, widths: Sequence[int], look: BaseOxmlElement) -> BaseOxmlElement:
    properties = node(
        "w:tblPr",
        node("w:tblStyle", val=style),
        node("w:tblW", w=str(sum(widths)), type="dxa"),
        node("w:tblLayout", type="fixed"),
        look,
    )
    return node("w:tbl", properties, node("w:tblGrid", *(node("w:gridCol", w=str(width)) for width in widths)))


def _row(
    cells: Sequence[Parts],
    widths: Sequence[int],
    sides: Sequence[str],
    lines: Lines,
    *properties: BaseOxmlElement,
    total: bool = False,
) -> BaseOxmlElement:
    row = node("w:tr", node("w:trPr", *properties))
    for parts, width, side in zip(cells, widths, sides, strict=True):
        runs = _bold(parts, lines) if total else list(lines.runs(parts))
        line = paragraph("TableText", *runs, properties=(node("w:jc", val=side),))
        rule = node("w:tcBorders", node("w:top", val="single", sz="5", space="0", color="000000"))
        row.append(_cell(line, width, 1, *((rule,) if total else ()), node("w:vAlign", val="center")))
    return row


def _bold(parts: Parts, lines: Lines) -> list[BaseOxmlElement]:
    runs = list(lines.runs(parts))
    for piece in runs:
        properties = piece.find("w:rPr", piece.nsmap)
        if properties is not None and properties.find("w:rStyle", piece.nsmap) is None:
            properties.append(node("w:b"))
    return runs


def _cell(line: BaseOxmlElement, width: int, columns: int, *marks: BaseOxmlElement) -> BaseOxmlElement:
    return _cell_of([line], width, columns, *marks)


def _cell_of(
    paragraphs: Sequence[BaseOxmlElement], width: int, columns: int, *marks: BaseOxmlElement
) -> BaseOxmlElement:
    properties = node("w:tcPr", node("w:tcW", w=str(width), type="dxa"))
    if columns > 1:
        properties.append(node("w:gridSpan", val=str(columns)))
    properties.extend(marks)
    return node("w:tc", properties, *paragraphs)
