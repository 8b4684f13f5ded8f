"""Lists of clusters that a user names in a file, row by row, so that no row is lost."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from gaoyuan.assess.facts.findings import Finding
from gaoyuan.errors import InputError

Reason: TypeAlias = "Literal['no_id', 'repeated', 'not_selected', 'not_found']"

_MOST_NAMED = 5
_WORDS: dict[Reason, tuple[str, str, str, str]] = {
    "no_id": (
        "没有集群标识，未计入",
        "without a cluster id, not counted",
        "补上集群标识（见表 cluster）",
        "Add the ids, which the table cluster has",
    ),
    "repeated": (
        "重复，只计一次",
        "that repeat a row, counted once",
        "只保留一行",
        "Keep one row",
    ),
    "not_selected": (
        "不在所选地区、批次或主题内，未计入",
        "outside of the chosen region, batch or theme, not counted",
        "只用名单，或放宽其他条件",
        "Give the list alone, or widen the rest of the selection",
    ),
    "not_found": (
        "的集群在工作区中没有数据，各项为未知",
        "with clusters of which the workspace knows nothing",
        "核对标识，或导入这些集群的事实",
        "Check the ids, or import facts of these clusters",
    ),
}


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a list: its line in the file, what it says, and the cluster id in it, "" where it has none."""

    line: int
    text: str
    id: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row of a list that adds no known cluster to the selection, and why."""

    row: ListRow
    reason: Reason


def read_cluster_list(file: Path) -> tuple[ListRow, ...]:
    """Read the rows of a text or CSV file that are not empty.

    Ids stand in the column `cluster_id` (集群标识), else in the first one. Raises InputError for a file that cannot be
    read, is empty, or names no cluster at all.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError(
            f"the list cannot be read ({fault})",
            where=str(file),
            mend="Give a text file in UTF-8, one id a line.",
            zh="名单无法读取",
            mend_zh="给出 UTF-8 文本文件，每行一个标识",
        ) from None
    reader = csv.reader(text.splitlines())
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as fault:
        raise InputError(
            f"the list is no CSV ({fault})",
            where=f"{file}, line {reader.line_num}",
            mend="Write one cluster id a line.",
            zh="名单不是 CSV 文件",
            mend_zh="每行写一个集群标识",
        ) from None
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        raise InputError(
            "the list is empty",
            where=str(file),
            mend="Write one cluster id a line.",
            zh="名单为空",
            mend_zh="每行写一个集群标识",
        )
    head = [cell.lower() for cell in rows[0][1]]
    at = next((i for i, cell in enumerate(head) if "cluster_id" in cell or "集群标识" in cell), None)
    body = rows if at is None else rows[1:]
    column = at or 0
    found = [
        ListRow(line, ",".join(row).strip(","), row[column] if len(row) > column else "") for line, row in body
    ]  # fmt: skip
    # Without this a list that names nobody would select everybody.
    if not any(row.id for row in found):
        raise InputError(
            "the list names no cluster",
            where=str(file),
            mend="Write cluster ids in the column cluster_id (集群标识).",
            zh="名单中没有集群标识",
            mend_zh="在“集群标识”一列填写标识",
        )
    return tuple(found)


def left_out_findings(left_out: tuple[LeftOut, ...]) -> list[Finding]:
    """Say which rows of a list add no known cluster: one finding for each reason, with count, lines and contents."""
    findings = []
    for reason, (zh, en, mend_zh, mend_en) in _WORDS.items():
        rows = [one.row for one in left_out if one.reason == reason]
        if not rows:
            continue
        named = [f"第 {row.line} 行 {row.text}" for row in rows[:_MOST_NAMED]]
        lines = ", ".join(str(row.line) for row in rows)
        more = " …" if len(rows) > _MOST_NAMED else ""
        said_zh = f"名单中 {len(rows)} 行{zh}（{'、'.join(named)}{more}）"
        said_en = f"rows of the list {en}: {len(rows)} (line {lines})"
        findings.append(Finding("not_found", "cluster", said_zh, said_en, mend_zh, mend_en, used=reason == "repeated"))
    return findings


LEFT_OUT_HEADINGS = ("行 line", "内容 row", "集群标识 cluster", "原因 reason")


def left_out_rows(left_out: tuple[LeftOut, ...]) -> list[list[str | int]]:
    """Give every row of a list that adds no known cluster, as `LEFT_OUT_HEADINGS` says."""
    return [
        [one.row.line, one.row.text, one.row.id, f"{_WORDS[one.reason][0].strip('，')} {one.reason}"]
        for one in left_out
    ]
