"""Footnotes that trace a number: who says it, the table it stands in, the run that made it, and what that run read.

Every report writes them in the same words, so that equal origins are one footnote.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from gaoyuan.assess.facts.source_words import source_en, source_zh
from gaoyuan.report.document import Note
from gaoyuan.workspace import SCHEMAS

if TYPE_CHECKING:
    from gaoyuan.workspace import Workspace

__all__ = ["NOWHERE", "UNKNOWN", "Number", "Origin", "RunNotes", "RunRecord", "read_runs", "short_hash"]

STEPS_ZH: Mapping[str, str] = {
    "import": "导入",
    "observe": "编码、定位、测度与发现",
    "sample": "生成示例数据",
    "match": "称号与企业匹配",
    "titles": "企业称号核对",
}
_HASH_DIGITS = 12
_NO_TABLE = -1
"""How some workspaces have the version of a table that was not there when a run began; others have null."""
_TOLD = ("fact", "title", "cluster")
"""The tables that facts of a subject are read from: a run that wrote one of them is named with it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a number is from: the run that made it, the table it was read from, who says it, and how the report got it
    from there, where it did not take it as it stands (`how_en` in English).
    """

    run: str = ""
    table: str = ""
    source: str = ""
    how: str = ""
    how_en: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its origins; None is unknown. `whole` is false for a sum of which parts are unknown, a lower bound.

    `claims` are the different values that sources give; where they disagree the value is unknown.
    """

    value: float | None = None
    origins: tuple[Origin, ...] = ()
    whole: bool = True
    claims: tuple[float, ...] = ()


NOWHERE = Origin()
"""The origin of what is not known."""
UNKNOWN = Number()
"""A number that nobody has said."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as the workspace keeps it: inputs are tables with versions, None for one that was not there, and files with
    their SHA-256.
    """

    id: str
    step: str
    started: str
    inputs: Mapping[str, int | str | None]
    outputs: tuple[str, ...]
    program: str

    def reads_zh(self) -> str:
        """Say what the run read."""
        parts = [_input_zh(name, value) for name, value in self._there()]
        return "、".join(parts) if parts else "无"

    def reads_en(self) -> str:
        """Say what the run read, in English."""
        parts = [_input_en(name, value) for name, value in self._there()]
        return ", ".join(parts) if parts else "nothing"

    def _there(self) -> list[tuple[str, int | str]]:
        return [(name, value) for name, value in self.inputs.items() if value is not None and value != _NO_TABLE]


@dataclass(frozen=True, slots=True)
class RunNotes:
    """Makes footnotes from origins; `runs` are those of the workspace, none where there is no workspace.

    >>> RunNotes().of(Origin(source="县统计局", run="7"))
    (Note(text='来源：县统计局；运行 7'),)
    """

    runs: Mapping[str, RunRecord] = field(default_factory=dict)

    def of(self, *origins: Origin, language: Literal["zh", "en"] = "zh") -> tuple[Note, ...]:
        """Give a footnote for each different origin, none for one that says nothing."""
        said = self._text_zh if language == "zh" else self._text_en
        # A figure that several runs made names each of them in a footnote of its own.
        texts = dict.fromkeys(said(origin, run) for origin in origins for run in origin.run.split("|"))
        return tuple(Note(text) for text in texts if text)

    def of_numbers(self, numbers: Iterable[Number], language: Literal["zh", "en"] = "zh") -> tuple[Note, ...]:
        """Give a footnote for each different origin of the numbers that are known."""
        known = (origin for number in numbers if number.value is not None for origin in number.origins)
        return self.of(*known, language=language)

    def _text_zh(self, origin: Origin, run: str) -> str:
        record, table = self.runs.get(run), self._table(origin, run)
        parts = [
            origin.how,
            f"来源：{source_zh(origin.source)}" if origin.source else "",
            f"{SCHEMAS[table].zh}表 {table}" if table in SCHEMAS else "",
        ]
        if run and record is None:
            parts.append(f"运行 {run}")
        elif record is not None:
            named = f"{STEPS_ZH.get(record.step, '')} {record.step}".strip()
            parts.append(f"运行 {record.id}（{named}），读取{record.reads_zh()}，程序 {record.program}")
        return "；".join(part for part in parts if part)

    def _text_en(self, origin: Origin, run: str) -> str:
        record, table = self.runs.get(run), self._table(origin, run)
        parts = [
            origin.how_en,
            f"source: {source_en(origin.source)}" if origin.source else "",
            f"table {table}" if table in SCHEMAS else "",
        ]
        if run and record is None:
            parts.append(f"run {run}")
        elif record is not None:
            parts.append(f"run {record.id} ({record.step}), which read {record.reads_en()}; program {record.program}")
        said = "; ".join(part for part in parts if part)
        return said[:1].upper() + said[1:]

    def _table(self, origin: Origin, run: str) -> str:
        record = self.runs.get(run)
        return origin.table or next((name for name in _TOLD if record is not None and name in record.outputs), "")


def read_runs(workspace: Workspace) -> RunNotes:
    """Read the runs of a workspace."""
    columns = ["run", "step", "started", "inputs", "outputs", "version"]
    rows = workspace.runs().select(columns).to_pylist()
    return RunNotes(
        {
            row["run"]: RunRecord(
                row["run"],
                row["step"],
                f"{row['started']:%Y-%m-%d %H:%M}",
                json.loads(row["inputs"]),
                tuple(json.loads(row["outputs"])),
                row["version"],
            )
            for row in rows
        }
    )


def short_hash(digest: str) -> str:
    """Give the first digits of a hash, enough to tell files apart in a footnote."""
    return digest[:_HASH_DIGITS]


def _input_zh(name: str, value: int | str) -> str:
    if isinstance(value, int):
        return f"{SCHEMAS[name].zh}表 {name} 第 {value} 版" if name in SCHEMAS else f" {name} 第 {value} 版"
    return f"文件 {name}（SHA-256 {short_hash(value)}）"


def _input_en(name: str, value: int | str) -> str:
    if isinstance(value, int):
        return f"version {value} of the table {name}"
    return f"the file {name} (SHA-256 {short_hash(value)})"
