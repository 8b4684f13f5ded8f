"""A document as PDF: A4, set as Chinese reports are, footnotes at the foot of their page."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from gaoyuan.report.arranged import ArrangedCallout, ArrangedRow, ArrangedTable, Parts, text_of
from gaoyuan.report.arrangement import NO_ROWS, arrange
from gaoyuan.report.document import Document
from gaoyuan.report.packing import JsonValue
from gaoyuan.report.plain_text import breakable, width_in_ems
from gaoyuan.report.typesetting import typeset

__all__ = ["pdf_bytes"]

_TABLE_EMS, _GAP_EMS = 49.0, 1.2
"""How wide a table is and the room between two of its columns, in letters of its size."""
_MOST_LINES = 30
"""A row of a table stays on one page, but one that is higher than this: it might not fit into any."""
_WORDS = ("text", "title", "title_en", "subtitle", "organisation", "header", "value")


def pdf_bytes(document: Document) -> bytes:
    """Give a document as a tagged PDF; the same document gives the same bytes on the same machine.

    Needs the fonts of Debian's fonts-noto-cjk or others like them: raises ExtraMissing where there is no Chinese font.
    Raises ValueError as `arrange` does.

    >>> import datetime
    >>> from gaoyuan.report.document import Paragraph
    >>> pdf_bytes(Document("报告", datetime.date(2026, 1, 5), (Paragraph("正文"),)))[:5]  # doctest: +SKIP
    b'%PDF-'
    """
    arranged = arrange(document)
    data = cast("dict[str, JsonValue]", _breakable(asdict(arranged)))
    blocks = cast("list[dict[str, JsonValue]]", data["blocks"])
    for block, drawn in zip(arranged.blocks, blocks, strict=True):
        # What is long may be broken over pages.
        if isinstance(block, ArrangedTable):
            drawn["letters"] = sum(_letters(cell) for row in block.rows for cell in row.cells)
            rows = cast("list[dict[str, JsonValue]]", drawn["rows"])
            for row, shown in zip(block.rows, rows, strict=True):
                shown["tall"] = _lines(block, row) > _MOST_LINES
        elif isinstance(block, ArrangedCallout):
            drawn["letters"] = _letters(block.parts)
    return typeset(
        "report.typ",
        {**data, "plain_title": arranged.title, "plain_author": arranged.organisation, "no_rows": NO_ROWS},
        document.date,
    )


def _lines(table: ArrangedTable, row: ArrangedRow) -> float:
    """Estimate how many lines high a row is."""
    shares = [1.0] if row.kind == "group" else [column.width for column in table.columns]
    cells = zip(row.cells, shares, strict=False)
    return max(
        (
            sum(1 + width_in_ems(line) / max(share * _TABLE_EMS - _GAP_EMS, 1.0) for line in text_of(cell).split("\n"))
            for cell, share in cells
        ),
        default=0.0,
    )


def _letters(parts: Parts) -> int:
    """Count the characters of a line; each line feed counts as half a line."""
    text = text_of(parts)
    return len(text) + 20 * text.count("\n")


def _breakable(value: object, key: str = "") -> object:
    """Let the typesetter break long words, which it does not by itself; drawings and anchors stay as they are."""
    if isinstance(value, str):
        return breakable(value) if key in _WORDS else value
    if isinstance(value, dict):
        return {name: _breakable(part, str(name)) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_breakable(part, key) for part in value]
    return value
