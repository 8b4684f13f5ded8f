from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.registry.reading.grid_size import LONGEST_TAG, GridSize


def size_of(text: bytes, *cuts: int) -> tuple[int, int]:
    size = GridSize()
    for begin, end in zip((0, *cuts), (*cuts, len(text)), strict=True):
        size.add(text[begin:end])
    assert size.cells == size.rows * size.columns
    return size.rows, size.columns


@pytest.mark.parametrize(
    ("text", "rows", "columns"),
    [
        (b"", 0, 0),
        (b'<cols><col min="1" max="9"/></cols>', 0, 0),
        (b'<row r="3"><c r="B3"/><c r="AB3"><v>1</v></c></row>', 3, 28),
        (b"<row r='3'><c s='1' r='B3'/></row>", 3, 2),
        (b'<x:row r = "3"><x:c r\n=\n"B3"/></x:row>', 3, 2),
        (b"<row><c/><c><v>1</v></c></row><row><c/></row>", 2, 2),
        (b'<row r="5"/><row><c/></row>', 6, 1),
        (b'<row spans="1:9" r="5"><c r="A5" t="s"/></row>', 5, 1),
        # Half of the places are named: no less than is there.
        (b'<row r="5"><c r="B5"/><c/><c/></row>', 5, 4),
    ],
)
def test_the_last_row_and_column_are_told(text: bytes, rows: int, columns: int):
    assert size_of(text) == (rows, columns)


@given(st.lists(st.lists(st.sampled_from([b"<c/>", b'<c t="s"><v>1</v></c>', b'<c r="D1"/>']), max_size=5), max_size=5))
def test_it_makes_no_difference_where_the_pieces_are_cut(rows: list[list[bytes]]):
    text = b"".join(b"<row>" + b"".join(row) + b"</row>" for row in rows)
    chance = random.Random(len(text))
    cuts = sorted(chance.randrange(len(text) + 1) for _ in range(6))
    assert size_of(text, *cuts) == size_of(text)


def test_a_tag_without_end_is_an_error_and_bytes_that_are_no_tag_are_none():
    with pytest.raises(ValueError, match="tag without end"):
        size_of(b"<c " + b" " * LONGEST_TAG)
    assert size_of(b"\x89PNG<\0" + b"\xff" * 2 * LONGEST_TAG) == (0, 0)


def test_a_million_tags_that_never_end_are_counted_too():
    # Regular expressions that look for the end of each would not come back from this.
    assert size_of(b"<c " * 1_000_000) == (0, 999_999)
