"""What the columns of a file are: recognised by the importer, or chosen by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias, cast

from gaoyuan.assess.facts.rows import HEADINGS
from gaoyuan.codes import Datum
from gaoyuan.registry import UserMapping
from gaoyuan.registry.columns import MONEY_TARGETS, FileKind, count_known, map_columns, target_names
from gaoyuan.registry.reading import ReadSettings

Choice: TypeAlias = "list[str]"
"""What a column is: its target ("": not used) and its unit ("": as the heading says)."""

__all__ = [
    "FIXED",
    "MONEY_TARGETS",
    "Choice",
    "check",
    "mapping_of",
    "names_of",
    "read_settings",
    "recognised",
    "score",
]


FIXED = frozenset({"facts", "io"})
"""Kinds whose columns are known by their headings alone."""
_IO = {
    "code": "部门代码 code",
    "zh": "部门名称 name",
    "en": "英文名称 English name",
    "origin": "来源 origin",
    "value": "流量、最终使用或产出 flows, final uses or output",
}


def score(cells: Sequence[str], kind: str) -> int:
    """Tell how many cells of a row are headings that the importer of a kind knows."""
    if kind == "facts":
        return len({name for cell in cells if (name := _fact_column(cell))})
    if kind == "io":
        from gaoyuan.registry.chain_files.io_labels import known_headings

        return known_headings(cells)
    return count_known(cells, cast(FileKind, kind))


def recognised(headings: Sequence[str], kind: str) -> list[Choice]:
    """Give what the importer takes each column for."""
    if kind == "facts":
        return [[_fact_column(heading), ""] for heading in headings]
    if kind == "io":
        return [[_io_column(heading), ""] for heading in headings]
    found = map_columns(headings, kind=cast(FileKind, kind), complete=False)
    target_of = {given.heading: given.target for given in found.assignments}
    return [[target_of.get(heading, ""), ""] for heading in headings]


def names_of(kind: str) -> dict[str, str]:
    """Give what a column can be, each with the name that people see; facts have fixed columns."""
    if kind == "facts":
        return {name: f"{known[0]} {known[1]}" for name, known in HEADINGS.items()}
    if kind == "io":
        return dict(_IO)
    return {target: f"{zh} {target}" for target, zh in target_names(cast(FileKind, kind)).items()}


def mapping_of(headings: Sequence[str], choices: Sequence[Choice], reading: dict[str, Any]) -> UserMapping:
    """Give the choices as the importer takes them. A column that is not used is not guessed at either."""
    chosen = {
        target: (heading, unit or None) for heading, (target, unit) in zip(headings, choices, strict=True) if target
    }
    unused = {heading for heading, (target, _) in zip(headings, choices, strict=True) if not target}
    return UserMapping(chosen, read_settings(reading), cast("Datum | None", reading.get("datum")), frozenset(unused))


def read_settings(reading: dict[str, Any]) -> ReadSettings:
    """Give the settings by which a file is opened."""
    return ReadSettings(
        encoding=reading.get("encoding"), sheet=reading.get("sheet"), header_row=reading.get("header_row")
    )


def check(headings: Sequence[str], choices: Sequence[Choice], kind: str) -> None:
    """Raise ColumnsMissing where what the rows need has no column."""
    if kind not in FIXED:
        map_columns(headings, mapping_of(headings, choices, {}), kind=cast(FileKind, kind))


def _fact_column(heading: str) -> str:
    words = set(heading.strip().lower().split())
    return next((name for name, known in HEADINGS.items() if words and words <= set(known)), "")


def _io_column(heading: str) -> str:
    # Loaded on demand: with it comes the engine of the workspace.
    from gaoyuan.registry.chain_files.io_labels import LABEL_KINDS, is_label

    return next((kind for kind in LABEL_KINDS if is_label(heading, kind)), "value" if heading.strip() else "")
