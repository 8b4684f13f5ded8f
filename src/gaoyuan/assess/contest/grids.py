"""Registers that people fill in: tables with known columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from gaoyuan.assess.contest.faults import SheetFault, SheetInvalid
from gaoyuan.assess.grids import column_letters, read_grid

__all__ = ["read_table"]


def read_table(path: Path, columns: Mapping[str, Sequence[str]], needed: Sequence[str]) -> list[dict[str, str]]:
    """Read a table whose first row has headings; `columns` gives the headings by which each column is known.

    Empty rows are left out; cells are text, empty where a column is missing. Raises SheetInvalid for an unknown
    heading, a column of `needed` that is missing, or an empty cell in one.
    """
    grid = read_grid(path)
    known = {heading.casefold(): name for name, headings in columns.items() for heading in (name, *headings)}
    head, places, faults = grid[0] if grid else [], dict[str, int](), list[SheetFault]()
    for at, heading in enumerate(head):
        name = known.get(heading.casefold()) or known.get(heading.split()[-1].casefold() if heading.split() else "")
        if name is not None and name not in places:
            places[name] = at
        elif heading:
            faults.append(SheetFault("1", column_letters(at), f"列名不识或重复 unknown or second heading {heading!r}"))
    faults += [
        SheetFault("1", "", f"缺列 the column is missing: {columns[name][0]} {name}")
        for name in needed
        if name not in places
    ]
    rows: list[dict[str, str]] = []
    for number, cells in enumerate(grid[1:], 2):
        if not any(cells):
            continue
        row = {name: cells[places[name]] if places.get(name, len(cells)) < len(cells) else "" for name in columns}
        rows.append(row)
        faults += [
            SheetFault(str(number), column_letters(places[name]), f"{columns[name][0]} 不能为空 must not be empty")
            for name in needed
            if name in places and not row[name]
        ]
    if faults:
        raise SheetInvalid(faults, where=str(path))
    return rows
