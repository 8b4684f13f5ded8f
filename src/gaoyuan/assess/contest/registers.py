"""The registers that the office fills in: entrants, and judges with their interests; XLSX or CSV."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from gaoyuan.assess.contest.grids import read_table
from gaoyuan.assess.grids import write_grid

__all__ = ["read_entries", "read_judges", "write_entries_form", "write_judges_form"]

_ENTRIES = {
    "entrant": ("参赛编号",),
    "name": ("参赛集群", "集群名称"),
    "group": ("小组",),
    "organisations": ("单位", "促进组织"),
    "counties": ("县区",),
}
_JUDGES = {
    "judge": ("评委编号",),
    "name": ("姓名",),
    "organisations": ("单位",),
    "counties": ("县区",),
    "groups": ("小组赛小组",),
    "finals": ("综合赛赛道",),
    "only": ("只评参赛编号",),
    "conflict_entrants": ("回避参赛编号",),
    "conflict_organisations": ("回避单位",),
    "conflict_counties": ("回避县区",),
}
_SEPARATORS = re.compile(r"[;；、|\n]")


def read_entries(path: Path) -> list[dict[str, str | tuple[str, ...]]]:
    """Read entrants: id, name, group; organisations and counties, several separated by `;` or 、.

    Raises SheetInvalid by row and column, FileUnreadable.
    """
    return [
        _row(row, ("organisations", "counties")) for row in read_table(path, _ENTRIES, ("entrant", "name", "group"))
    ]


def read_judges(path: Path) -> list[dict[str, str | tuple[str, ...]]]:
    """Read judges: id, name, then lists separated by `;` or 、; columns as `Judge` names them.

    Raises SheetInvalid by row and column, FileUnreadable.
    """
    lists = tuple(name for name in _JUDGES if name not in ("judge", "name"))
    return [_row(row, lists) for row in read_table(path, _JUDGES, ("judge", "name"))]


def write_entries_form(path: Path) -> None:
    """Write the empty register of entrants; a file that stands already is refused."""
    write_grid(path, [_headings(_ENTRIES)], [16, 32, 16, 32, 20])


def write_judges_form(path: Path) -> None:
    """Write the empty register of judges; a file that stands already is refused."""
    write_grid(path, [_headings(_JUDGES)], [14, 14, 28, 16, 16, 16, 20, 20, 28, 20])


def _headings(columns: Mapping[str, Sequence[str]]) -> list[str]:
    return [f"{zh[0]} {name}" for name, zh in columns.items()]


def _row(row: Mapping[str, str], lists: Sequence[str]) -> dict[str, str | tuple[str, ...]]:
    def parts(cell: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in _SEPARATORS.split(cell) if part.strip())

    return {name: parts(cell) if name in lists else cell for name, cell in row.items()}
