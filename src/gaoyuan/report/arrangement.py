"""A document made ready for its faces: numbered, cleaned of what no face can show, its columns measured.

Every face draws what stands here and decides nothing of its own, so a table or footnote has one number in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gaoyuan.report import document as doc
from gaoyuan.report.arranged import (
    ArrangedBlock,
    ArrangedCallout,
    ArrangedColumn,
    ArrangedContents,
    ArrangedDocument,
    ArrangedFigure,
    ArrangedHeading,
    ArrangedKeyFigure,
    ArrangedKeyFigures,
    ArrangedList,
    ArrangedNote,
    ArrangedPageBreak,
    ArrangedParagraph,
    ArrangedRow,
    ArrangedTable,
    ContentsEntry,
    Part,
    Parts,
    text_of,
)
from gaoyuan.report.drawings import drawing_size, plain_drawing
from gaoyuan.report.plain_text import printable, width_in_ems

__all__ = ["STATE_WORDS", "arrange"]

STATE_WORDS = {
    "met": "符合",
    "unmet": "不符合",
    "unknown": "未知",
    "manual_review": "人工评审",
    "not_applicable": "不适用",
    "info": "说明",
}
NO_ROWS = "无数据 no data"

_CHINESE_NUMERALS = "零一二三四五六七八九"
_UNKNOWN_WORDS = frozenset(("", "未知", "—", "–", "-", "不适用", "unknown"))
_NARROWEST, _WIDEST = 3.0, 24.0
"""What a column asks for, in ems, is kept between these: beyond, its text is folded."""


def arrange(document: doc.Document) -> ArrangedDocument:
    """Number a document's headings, tables, figures and footnotes and clean its texts.

    Footnotes are numbered through the document; equal ones are one in each chapter (heading of level 1). Raises
    ValueError where a reference names no label, two blocks have the same label, or a figure holds no SVG.

    >>> import datetime
    >>> from gaoyuan.report.document import Document, Heading, Note, Paragraph
    >>> said = Paragraph(("产值12亿元", Note("运行 7")))
    >>> made = arrange(Document("报告", datetime.date(2026, 1, 5), (Heading(1, "概况"), said, said)))
    >>> made.date_text, [(note.number, note.text, note.mentions) for note in made.notes]
    ('2026年1月5日', [(1, '运行 7', 2)])
    """
    blocks = _Arranger(document).blocks()
    return ArrangedDocument(
        title=printable(document.title),
        title_en=printable(document.title_en),
        subtitle=printable(document.subtitle),
        organisation=printable(document.organisation),
        header=printable(document.header or document.title),
        date=document.date.isoformat(),
        date_text=f"{document.date.year}年{document.date.month}月{document.date.day}日",
        cover=document.cover,
        blocks=blocks[0],
        notes=blocks[1],
    )


@dataclass(slots=True)
class _Arranger:
    document: doc.Document
    _notes: list[tuple[str, int]] = field(default_factory=list)
    _of_chapter: dict[str, int] = field(default_factory=dict)
    _counts: list[int] = field(default_factory=lambda: [0, 0, 0])
    _headings: int = 0
    _tables: int = 0
    _figures: int = 0
    _labels: dict[str, tuple[str, str]] = field(default_factory=dict)

    def blocks(self) -> tuple[tuple[ArrangedBlock, ...], tuple[ArrangedNote, ...]]:
        self._number_labels()
        made = [self._block(block) for block in self.document.blocks]
        entries = [
            ContentsEntry(block.level, block.number, block.text, block.anchor)
            for block in made
            if isinstance(block, ArrangedHeading)
        ]
        filled = tuple(
            ArrangedContents(block.depth, tuple(entry for entry in entries if entry.level <= block.depth))
            if isinstance(block, ArrangedContents)
            else block
            for block in made
        )
        return filled, tuple(ArrangedNote(at, text, times) for at, (text, times) in enumerate(self._notes, 1))

    def _number_labels(self) -> None:
        """References may come before what they name."""
        tables = figures = 0
        for block in self.document.blocks:
            if isinstance(block, doc.Table) and block.caption:
                tables += 1
                number, anchor = f"表{tables}", f"table-{tables}"
            elif isinstance(block, doc.Figure) and block.caption:
                figures += 1
                number, anchor = f"图{figures}", f"figure-{figures}"
            else:
                if isinstance(block, doc.Table | doc.Figure) and block.label:
                    raise ValueError(f"{block.label!r} cannot be referred to: it has no caption and so no number")
                continue
            if block.label in self._labels:
                raise ValueError(f"two tables or figures have the label {block.label!r}")
            if block.label:
                self._labels[block.label] = number, anchor

    def _block(self, block: doc.Block) -> ArrangedBlock:
        match block:
            case doc.Heading():
                return self._heading(block)
            case doc.Paragraph():
                return ArrangedParagraph(self._parts(block.content), block.language)
            case doc.Table():
                return self._table(block)
            case doc.Figure():
                return self._figure(block)
            case doc.Callout():
                title = printable(block.title) or STATE_WORDS[block.kind]
                return ArrangedCallout(str(block.kind), title, self._parts(block.content))
            case doc.ItemList():
                return ArrangedList(tuple(self._parts(item) for item in block.items), block.ordered, block.language)
            case doc.KeyFigures():
                return ArrangedKeyFigures(tuple(self._key_figure(figure) for figure in block.figures))
            case doc.Contents():
                return ArrangedContents(block.depth, ())
            case doc.PageBreak():
                return ArrangedPageBreak()

    def _heading(self, block: doc.Heading) -> ArrangedHeading:
        if block.level == 1:
            self._of_chapter = {}
        number = ""
        if block.numbered:
            self._counts[block.level - 1] += 1
            self._counts[block.level :] = [0] * (len(self._counts) - block.level)
            number = _heading_number(block.level, self._counts[block.level - 1])
        self._headings += 1
        return ArrangedHeading(block.level, number, printable(block.text), f"section-{self._headings}", block.language)

    def _table(self, block: doc.Table) -> ArrangedTable:
        number = anchor = ""
        if block.caption:
            self._tables += 1
            number, anchor = f"表{self._tables}", f"table-{self._tables}"
        caption = self._parts((block.caption, *block.notes))
        heads = [self._parts(column.head) for column in block.columns]
        rows = tuple(self._row(row, len(block.columns)) for row in block.rows)
        whole = [row for row in rows if row.kind != "group"]
        widths = _column_widths(block.columns, heads, whole)
        columns = tuple(
            ArrangedColumn(head, _alignment(column, [row.cells[at] for row in whole]), width)
            for at, (column, head, width) in enumerate(zip(block.columns, heads, widths, strict=True))
        )
        return ArrangedTable(number, caption, columns, rows, self._parts(block.remark), anchor)

    def _row(self, row: doc.Row | tuple[doc.Cell, ...], columns: int) -> ArrangedRow:
        cells, kind = (row.cells, row.kind) if isinstance(row, doc.Row) else (row, "plain")
        parts = tuple(self._parts(cell) for cell in cells)
        return ArrangedRow(parts + ((),) * (columns - len(parts)), kind)

    def _figure(self, block: doc.Figure) -> ArrangedFigure:
        number = anchor = ""
        if block.caption:
            self._figures += 1
            number, anchor = f"图{self._figures}", f"figure-{self._figures}"
        svg = plain_drawing(block.svg)
        width, height = drawing_size(svg)
        return ArrangedFigure(
            number,
            self._parts((block.caption, *block.notes)),
            svg,
            height / width,
            printable(block.alternative),
            block.width,
            self._parts(block.remark),
            anchor,
        )

    def _key_figure(self, figure: doc.KeyFigure) -> ArrangedKeyFigure:
        return ArrangedKeyFigure(
            printable(figure.value), printable(figure.unit), self._parts((figure.label, *figure.notes))
        )

    def _parts(self, content: doc.Content) -> Parts:
        inline = content if isinstance(content, tuple) else (content,)
        parts: list[Part] = []
        for one in inline:
            part = self._part(one)
            if part is None:
                continue
            if part.kind == "note" and parts and parts[-1].kind == "note":
                parts.append(Part("between", ","))
            parts.append(part)
        return tuple(parts)

    def _part(self, inline: doc.Inline) -> Part | None:
        match inline:
            case doc.Note():
                return self._note(printable(inline.text))
            case doc.Strong():
                return Part("strong", printable(inline.text))
            case doc.StateMark():
                words = printable(inline.text) or STATE_WORDS[inline.state]
                return Part("state", words, state=str(inline.state))
            case doc.Reference():
                if inline.label not in self._labels:
                    raise ValueError(f"no table or figure has the label {inline.label!r}")
                number, anchor = self._labels[inline.label]
                return Part("reference", number, target=anchor)
            case _:
                text = printable(inline)
                return Part("text", text) if text else None

    def _note(self, text: str) -> Part:
        number = self._of_chapter.get(text)
        if number is None:
            self._notes.append((text, 1))
            number = self._of_chapter[text] = len(self._notes)
            return Part("note", text, number, first=True, mention=1)
        mentions = self._notes[number - 1][1] + 1
        self._notes[number - 1] = text, mentions
        return Part("note", text, number, mention=mentions)


def _heading_number(level: int, count: int) -> str:
    if level == 1:
        return f"{_chinese_number(count)}、"
    return f"（{_chinese_number(count)}）" if level == 2 else f"{count}. "


def _chinese_number(number: int) -> str:
    """Write 1 to 99 as headings do: 一, 十, 十一, 二十一."""
    tens, ones = divmod(number, 10)
    if number >= 100:
        return str(number)
    if not tens:
        return _CHINESE_NUMERALS[ones]
    return ("" if tens == 1 else _CHINESE_NUMERALS[tens]) + "十" + (_CHINESE_NUMERALS[ones] if ones else "")


def _alignment(column: doc.Column, cells: list[Parts]) -> Literal["left", "centre", "right"]:
    if column.align != "auto":
        return column.align
    texts = [text_of(cell).strip() for cell in cells]
    numbers = [_is_number(text) for text in texts]
    known = all(number or text in _UNKNOWN_WORDS for number, text in zip(numbers, texts, strict=True))
    return "right" if any(numbers) and known else "left"


def _is_number(text: str) -> bool:
    """Say whether a cell is a number as reports write it: -1,234.5, 12.3%, +0.4, 3.1 ± 0.2.

    >>> [_is_number(text) for text in ("1,234", "-12.3%", "3.1 ± 0.2", "≥ 40", "370000", "第3", "")]
    [True, True, True, True, True, False, False]
    """
    return bool(text) and text[-1] in "0123456789%‰" and not set(text) - set("0123456789.,%‰+-−±–~～ <>≤≥≈()[]")


def _column_widths(columns: tuple[doc.Column, ...], heads: list[Parts], rows: list[ArrangedRow]) -> list[float]:
    """Share the width out: what is given first, the rest by the text in the cells."""
    wishes = []
    for at, head in enumerate(heads):
        lines = [line for cell in (head, *(row.cells[at] for row in rows)) for line in text_of(cell).split("\n")]
        wishes.append(min(max(max(map(width_in_ems, lines), default=0.0) + 1, _NARROWEST), _WIDEST))
    given = sum(column.width or 0 for column in columns)
    free = sum(wish for column, wish in zip(columns, wishes, strict=True) if column.width is None)
    rest = max(1 - given, 0.1) if free else 0.0
    shares = [
        column.width if column.width is not None else rest * wish / free
        for column, wish in zip(columns, wishes, strict=True)
    ]
    return [share / sum(shares) for share in shares]
