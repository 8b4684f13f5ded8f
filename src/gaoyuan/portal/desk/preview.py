"""What a file looks like before it is imported: its sheets, its headings, its first rows."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from gaoyuan.errors import FileUnreadable
from gaoyuan.portal.desk.columns import read_settings, recognised, score
from gaoyuan.registry.reading import Source, open_source

ROWS = 20
MOST_COLUMNS = 400
_CELL_CHARACTERS = 200


def read_preview(path: Path, kind: str, reading: dict[str, Any]) -> dict[str, Any]:
    """Give headings, what the importer takes each column for, and the first rows as text, as plain data.

    Raises FileUnreadable or MappingInvalid where the file cannot be read so.
    """
    source = open_source(path, read_settings(reading), partial(score, kind=kind))
    headings = source.headings
    if len(headings) > MOST_COLUMNS:
        raise FileUnreadable(
            f"the file has {len(headings):,} columns; at most {MOST_COLUMNS} are read here",
            mend="Save the columns that matter as a file of their own.",
            zh=f"文件有 {len(headings):,} 列；这里最多读 {MOST_COLUMNS} 列",
            mend_zh="把需要的列另存为一个文件",
        )
    if any("\x00" in heading for heading in headings):
        raise FileUnreadable(
            "a heading holds a character that is no text",
            mend="Correct the row of headings.",
            zh="表头含有不是文字的字符",
            mend_zh="改正表头行",
        )
    numbers, rows = _first_rows(source)
    return {
        "headings": headings,
        "recognised": recognised(headings, kind),
        "numbers": numbers,
        "rows": rows,
        "sheets": _sheets(path),
    }


def _first_rows(source: Source) -> tuple[list[int], list[list[str]]]:
    numbers: list[int] = []
    rows: list[list[str]] = []
    for batch in source.batches():
        left = ROWS - len(rows)
        numbers += batch.rows[:left].tolist()
        rows += [[_shown(cell) for cell in row.values()] for row in batch.cells.slice(0, left).to_pylist()]
        if len(rows) >= ROWS:
            break
    return numbers, rows


def _shown(cell: object) -> str:
    text = "" if cell is None else str(cell).replace("\x00", "\ufffd")
    return text if len(text) <= _CELL_CHARACTERS else f"{text[:_CELL_CHARACTERS]}…"


def _sheets(path: Path) -> list[str]:
    """Give the names of a workbook's sheets, none for other files."""
    with path.open("rb") as file:
        if not file.read(4).startswith((b"PK", b"\xd0\xcf\x11\xe0")):
            return []
        from python_calamine import CalamineWorkbook

        file.seek(0)
        return [name for name in CalamineWorkbook.from_filelike(file).sheet_names if "\x00" not in name]
