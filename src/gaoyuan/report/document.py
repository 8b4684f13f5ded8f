"""What a report says, without how it looks: one document that becomes a PDF, a Word file or a web page.

All text is plain text: every face shows `#`, `<b>` or `$` as they stand. Numbers of headings, tables, figures and
footnotes are not written but given (`gaoyuan.report.arrangement`), the same in every face.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "Alignment",
    "Block",
    "Callout",
    "Cell",
    "Column",
    "Content",
    "Contents",
    "Document",
    "Figure",
    "Heading",
    "Inline",
    "ItemList",
    "KeyFigure",
    "KeyFigures",
    "Language",
    "Note",
    "PageBreak",
    "Paragraph",
    "Reference",
    "Row",
    "StateMark",
    "Strong",
    "Table",
]

Language = Literal["zh", "en"]
Alignment = Literal["auto", "left", "centre", "right"]

_STATES = ("met", "unmet", "unknown", "manual_review", "not_applicable")
_LEVELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote at this place, most often the run that a figure comes from.

    Equal notes are one footnote in each chapter: the next mention repeats its number.
    """

    text: str


@dataclass(frozen=True, slots=True)
class StateMark:
    """One of the five states of a verdict (`gaoyuan.assess.State` or its value), in words and in its colour;
    `text` replaces the words.
    """

    state: str
    text: str = ""

    def __post_init__(self) -> None:
        if self.state not in _STATES:
            raise ValueError(f"{self.state!r} is no state; the states are {', '.join(_STATES)}")


@dataclass(frozen=True, slots=True)
class Reference:
    """The number of the table or figure with this label, as in 见表3; it links there."""

    label: str


Inline = str | Strong | Note | StateMark | Reference
Content = Inline | tuple[Inline, ...]
"""Text in a line: one part or several. A line feed in a text breaks the line."""

Cell = Content


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (一、), 2 （一） or 3 (1.), numbered unless told otherwise.

    >>> Heading(4, "产值")
    Traceback (most recent call last):
    ...
    ValueError: a heading has level 1, 2 or 3, not 4
    """

    level: int
    text: str
    numbered: bool = True
    language: Language = "zh"

    def __post_init__(self) -> None:
        if self.level not in _LEVELS:
            raise ValueError(f"a heading has level 1, 2 or 3, not {self.level}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a Chinese one begins with the customary two empty characters."""

    content: Content
    language: Language = "zh"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `auto` puts numbers to the right; `width` is its part of the table's width, 0 to 1, and is
    found from the cells where it is None.
    """

    head: Content
    align: Alignment = "auto"
    width: float | None = None

    def __post_init__(self) -> None:
        if self.width is not None and not 0 < self.width <= 1:
            raise ValueError(f"the width of a column is a part of the table's, more than 0 up to 1, not {self.width}")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; a `group` names the rows that follow in its first cell, a `total` sums them up."""

    cells: tuple[Cell, ...]
    kind: Literal["plain", "group", "total"] = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its caption above, its head again on every page, `notes` as footnotes of the caption, `remark` below.

    A plain tuple of cells is a plain row. Raises ValueError where there is no column, or a row has not one cell for
    each; a group may have its first cell only. A table without rows says so.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row | tuple[Cell, ...], ...]
    caption: str = ""
    notes: tuple[Note, ...] = ()
    remark: Content = ""
    label: str = ""

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError(f"the table {self.caption!r} has no columns")
        for position, row in enumerate(self.rows, 1):
            cells, kind = (row.cells, row.kind) if isinstance(row, Row) else (row, "plain")
            if len(cells) != len(self.columns) and not (kind == "group" and len(cells) == 1):
                have, wanted = len(cells), len(self.columns)
                raise ValueError(f"row {position} of the table {self.caption!r} has {have} cells for {wanted} columns")


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing, as SVG text. The caption says what is found, `alternative` what is drawn, for who cannot see it.

    `width` is a part of the text's width, more than 0 up to 1; a drawing too high for the page is made smaller.
    """

    svg: str
    caption: str
    alternative: str
    notes: tuple[Note, ...] = ()
    width: float = 1.0
    remark: Content = ""
    label: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.width <= 1:
            raise ValueError(f"the width of a figure is a part of the text's, more than 0 up to 1, not {self.width}")


@dataclass(frozen=True, slots=True)
class Callout:
    """A boxed statement: a state of a verdict, or `info`. The title is the state's words where it is empty."""

    kind: str
    content: Content
    title: str = ""

    def __post_init__(self) -> None:
        if self.kind not in (*_STATES, "info"):
            raise ValueError(f"{self.kind!r} is no kind of callout; the kinds are {', '.join(_STATES)}, info")


@dataclass(frozen=True, slots=True)
class ItemList:
    """Points in a list, numbered where their order matters."""

    items: tuple[Content, ...]
    ordered: bool = False
    language: Language = "zh"


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large number: `value` as it is to be read (未知 where it is unknown), its unit, what it is, where from."""

    value: str
    unit: str
    label: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The numbers that matter most, in rows of four."""

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents, headings down to `depth`."""

    depth: int = 2


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Table | Figure | Callout | ItemList | KeyFigures | Contents | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A report. The body is Chinese; English parts say so.

    `date` is the document's own and the only one it carries: the same document gives the same file. `header` runs over
    every page and is the title where it is empty; `cover` gives the title a page of its own.
    """

    title: str
    date: datetime.date
    blocks: tuple[Block, ...]
    title_en: str = ""
    subtitle: str = ""
    organisation: str = ""
    header: str = ""
    cover: bool = False
