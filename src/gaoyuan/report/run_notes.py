"""Footnotes that trace a number: who says it, the table it stands in, the run that made it, and what that run read.

Every report writes them in the same words, so that equal origins are one footnote.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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
    from there, where it did not take it as it stands.
    """

    run: str = ""
    table: str = ""
    source: str = ""
    how: str = ""


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
        there = {name: value for name, value in self.inputs.items() if value is not None and value != _NO_TABLE}
        parts = [_input_zh(name, value) for name, value in there.items()]
        return "、".join(parts) if parts else "无"


@dataclass(frozen=True, slots=True)
class RunNotes:
    """Makes footnotes from origins; `runs` are those of the workspace, none where there is no workspace.

    >>> RunNotes().of(Origin(source="县统计局", run="7"))
    (Note(text='来源：县统计局；运行 7'),)
    """

    runs: Mapping[str, RunRecord] = field(default_factory=dict)

    def of(self, *origins: Origin) -> tuple[Note, ...]:
        """Give a footnote for each different origin, none for one that says nothing."""
        texts = dict.fromkeys(text for origin in origins for text in self._texts(origin))
        return tuple(Note(text) for text in texts)

    def of_numbers(self, numbers: Iterable[Number]) -> tuple[Note, ...]:
        """Give a footnote for each different origin of the numbers that are known."""
        return self.of(*(origin for number in numbers if number.value is not None for origin in number.origins))

    def _texts(self, origin: Origin) -> list[str]:
        """A figure that several runs made names each of them in a footnote of its own."""
        return [text for run in origin.run.split("|") if (text := self._text(origin, run))]

    def _text(self, origin: Origin, run: str) -> str:
        record = self.runs.get(run)
        table = origin.table or next((name for name in _TOLD if record is not None and name in record.outputs), "")
        parts = [
            origin.how,
            f"来源：{origin.source}" if origin.source else "",
            f"表 {table}（{SCHEMAS[table].zh}）" if table in SCHEMAS else "",
        ]
        if run and record is None:
            parts.append(f"运行 {run}")
        elif record is not None:
            step = STEPS_ZH.get(record.step, "")
            named = f"{record.step} {step}".strip()
            parts.append(f"运行 {record.id}（{named}），读取 {record.reads_zh()}，程序 {record.program}")
        return "；".join(part for part in parts if part)


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
        return f"{SCHEMAS[name].zh} {name} 第 {value} 版" if name in SCHEMAS else f"{name} 第 {value} 版"
    return f"文件 {name}（SHA-256 {short_hash(value)}）"
