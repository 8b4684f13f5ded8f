"""Tables of the user's own that stand in an atlas as they are."""

from __future__ import annotations

from pathlib import Path

from gaoyuan.chain.atlas.profiles.columns import Column
from gaoyuan.errors import FileUnreadable
from gaoyuan.registry.reading import ReadSettings, open_source

_MOST_ROWS = 20_000


def read_own_table(file: Path) -> tuple[tuple[Column, ...], tuple[tuple[object, ...], ...]]:
    """Read a .csv or .xlsx file (of a workbook the first sheet): its columns, and its rows with all cells as text, None
    where empty. The first row that is filled all through is the heading.

    Raises FileUnreadable where it cannot be read or has more than 20,000 rows.
    """
    # Any heading means something here, so that the first full row is taken.
    source = open_source(file, ReadSettings(), lambda cells: sum(bool(cell.strip()) for cell in cells))
    columns = tuple(Column(name, name, "", "text") for name in source.headings)
    rows: list[tuple[object, ...]] = []
    for batch in source.batches():
        by_column = [column.to_pylist() for column in batch.cells.columns]
        for cells in zip(*by_column, strict=True):
            texts = tuple(str(cell).strip() or None if cell is not None else None for cell in cells)
            if any(text is not None for text in texts):
                rows.append(texts)
        if len(rows) > _MOST_ROWS:
            raise FileUnreadable(
                f"more than {_MOST_ROWS:,} rows",
                where=str(file),
                mend="Name a shorter table.",
                zh=f"多于 {_MOST_ROWS:,} 行",
                mend_zh="换一个较短的表",
            )
    return columns, tuple(rows)
