"""How big a grid the sheets of a workbook unfold to, told from their XML before anything is unfolded."""

from __future__ import annotations

import re

_ROW = re.compile(rb"<(?:[\w.-]+:)?row(?=[\s/>])")
_ROW_WITHOUT_PLACE = re.compile(rb"<(?:[\w.-]+:)?row(?=[\s/>])(?![^<>]*\sr\s*=)")
_CELL_WITHOUT_PLACE = re.compile(rb"<(?:[\w.-]+:)?c(?=[\s/>])(?![^<>]*\sr\s*=)")
_ROW_OF_PLACE = re.compile(rb"""\sr\s*=\s*["'][A-Z]{0,3}([0-9]{1,7})["']""")
_COLUMN_OF_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})[0-9]""")
_OPEN_TAG = re.compile(rb"<(?:[\w.-]+:)?(?:row|c)\s")
LONGEST_TAG = 1 << 16


class GridSize:
    """Counts the rows and columns of a sheet from the pieces of its XML: those that its cells name, and those of cells
    and rows that name no place and follow the one before. The counts are never too low; they are too high only for
    sheets in which some cells name their places and others do not.

    >>> size = GridSize()
    >>> size.add(b'<row r="7"><c r="B7"/></row><ro')
    >>> size.add(b'w><c/><c/><c/></row>')
    >>> size.rows, size.columns
    (8, 5)
    """

    def __init__(self) -> None:
        self._last_row = self._last_column = 0
        self._rows_after = self._most_cells_after = self._cells_after = 0
        self._open_tag = b""

    @property
    def rows(self) -> int:
        """The number of the last row, or more."""
        return self._last_row + self._rows_after

    @property
    def columns(self) -> int:
        """The number of the last column, or more."""
        return self._last_column + self._most_cells_after

    @property
    def cells(self) -> int:
        """Cells of the grid from the first row and column to the last."""
        return self.rows * self.columns

    def add(self, piece: bytes) -> None:
        """Count the next piece. Raises ValueError where the tag of a row or cell is longer than any that a program
        writes.
        """
        text = self._open_tag + piece
        begin = text.rfind(b"<")
        is_open = begin >= 0 and text.find(b">", begin) < 0
        self._open_tag = text[begin:] if is_open else b""
        if len(self._open_tag) > LONGEST_TAG:
            if _OPEN_TAG.match(self._open_tag) is not None:
                raise ValueError("a tag without end")
            # A byte of a picture, say.
            self._open_tag = b""
        if is_open:
            text = text[:begin]
        self._last_row = max(self._last_row, *map(int, set(_ROW_OF_PLACE.findall(text))), 0)
        self._last_column = max(self._last_column, *map(_column_number, set(_COLUMN_OF_PLACE.findall(text))), 0)
        if not _all_have_places(text, b"row"):
            self._rows_after += len(_ROW_WITHOUT_PLACE.findall(text))
        if _all_have_places(text, b"c") or _CELL_WITHOUT_PLACE.search(text) is None:
            if self._cells_after and _ROW.search(text) is not None:
                self._cells_after = 0
            return
        for place, row in enumerate(_ROW.split(text)):
            found = len(_CELL_WITHOUT_PLACE.findall(row))
            self._cells_after = found if place else self._cells_after + found
            self._most_cells_after = max(self._most_cells_after, self._cells_after)


def _all_have_places(text: bytes, tag: bytes) -> bool:
    # As most programs write them. Where this is not so, there are other tags that begin alike, or such tags without a
    # place: the regular expressions tell, more slowly.
    return text.count(b"<" + tag + b" r=") == text.count(b"<" + tag) + text.count(b":" + tag)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
