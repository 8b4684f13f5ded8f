"""What the faces of a document draw: its blocks with their numbers, cleaned texts and measured columns.

Made by `gaoyuan.report.arrangement.arrange`. Plain data: each block names its `kind`, for faces that are templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gaoyuan.report.document import Language


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a line. `number` is a footnote's, `first` says that its text is given here; `state` and `target` are a
    mark's state and what a reference leads to. `between` stands between two footnotes at one place.
    """

    kind: Literal["text", "strong", "note", "between", "state", "reference"]
    text: str
    number: int = 0
    first: bool = False
    mention: int = 0
    state: str = ""
    target: str = ""


Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ArrangedNote:
    """A footnote's text and how often it is mentioned."""

    number: int
    text: str
    mentions: int


@dataclass(frozen=True, slots=True)
class ArrangedHeading:
    """A heading: its number as printed, and the anchor that the contents lead to."""

    level: int
    number: str
    text: str
    anchor: str
    language: Language
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class ArrangedParagraph:
    """A paragraph."""

    parts: Parts
    language: Language
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class ArrangedColumn:
    """`align` is decided; `width` is the column's part of the table's width, and all of them make 1."""

    head: Parts
    align: Literal["left", "centre", "right"]
    width: float


@dataclass(frozen=True, slots=True)
class ArrangedRow:
    """A row with a cell for each column."""

    cells: tuple[Parts, ...]
    kind: Literal["plain", "group", "total"] = "plain"


@dataclass(frozen=True, slots=True)
class ArrangedTable:
    """A table; `number` (表3) and `anchor` are empty where it has no caption."""

    number: str
    caption: Parts
    columns: tuple[ArrangedColumn, ...]
    rows: tuple[ArrangedRow, ...]
    remark: Parts
    anchor: str
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class ArrangedFigure:
    """`aspect` is the drawing's height by its width."""

    number: str
    caption: Parts
    svg: str
    aspect: float
    alternative: str
    width: float
    remark: Parts
    anchor: str
    kind: Literal["figure"] = "figure"


@dataclass(frozen=True, slots=True)
class ArrangedCallout:
    """A boxed statement: its state or `info`, its title, its words."""

    state: str
    title: str
    parts: Parts
    kind: Literal["callout"] = "callout"


@dataclass(frozen=True, slots=True)
class ArrangedList:
    """Points in a list."""

    items: tuple[Parts, ...]
    ordered: bool
    language: Language
    kind: Literal["list"] = "list"


@dataclass(frozen=True, slots=True)
class ArrangedKeyFigure:
    """One large number."""

    value: str
    unit: str
    label: Parts


@dataclass(frozen=True, slots=True)
class ArrangedKeyFigures:
    """The numbers that matter most."""

    figures: tuple[ArrangedKeyFigure, ...]
    kind: Literal["key_figures"] = "key_figures"


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A line of the table of contents."""

    level: int
    number: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class ArrangedContents:
    """The table of contents."""

    depth: int
    entries: tuple[ContentsEntry, ...]
    kind: Literal["contents"] = "contents"


@dataclass(frozen=True, slots=True)
class ArrangedPageBreak:
    """What follows begins on a new page."""

    kind: Literal["page_break"] = "page_break"


ArrangedBlock = (
    ArrangedHeading
    | ArrangedParagraph
    | ArrangedTable
    | ArrangedFigure
    | ArrangedCallout
    | ArrangedList
    | ArrangedKeyFigures
    | ArrangedContents
    | ArrangedPageBreak
)


@dataclass(frozen=True, slots=True)
class ArrangedDocument:
    """A document as its faces draw it; `date_text` is its date in Chinese."""

    title: str
    title_en: str
    subtitle: str
    organisation: str
    header: str
    date: str
    date_text: str
    cover: bool
    blocks: tuple[ArrangedBlock, ...]
    notes: tuple[ArrangedNote, ...]


def text_of(parts: Parts) -> str:
    """Give the words of a line, without footnotes."""
    return "".join(part.text for part in parts if part.kind not in ("note", "between"))
