"""Files of facts as rows: one row says a value of a metric of a subject, in a year or without one.

The form that `gaoyuan facts` writes is such a file; so is any CSV, XLSX or Parquet file with the columns 标识 subject,
指标 metric, 年份 year, 值 value, and where there are such 单位 unit, 来源 source, 运行 run.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.values import Read, Refused, read_value
from gaoyuan.codes import check_character
from gaoyuan.codes.credit_code import ALPHABET, LENGTH
from gaoyuan.errors import ColumnsMissing, FileUnreadable
from gaoyuan.registry.fault_words import in_chinese
from gaoyuan.registry.reading import ReadSettings, Source, open_source

SubjectKind = Literal["cluster", "enterprise", "region"]

REGISTER, TITLE_LISTS = "登记数据 register", "称号名单 titles"
"""The sources of what the workspace's own tables show; the second is followed by the names of the lists."""

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "subject": (
        "标识",
        "subject",
        "集群标识",
        "cluster_id",
        "统一社会信用代码",
        "uscc",
        "地区代码",
        "region",
        "对象标识",
    ),
    "metric": ("指标", "metric", "指标代码", "指标标识"),
    "year": ("年份", "year", "年度"),
    "value": ("值", "value", "数值", "填报值"),
    "unit": ("单位", "unit"),
    "source": ("来源", "source", "数据来源"),
    "run": ("运行", "run", "来源运行"),
    "others": ("其他来源", "others"),
    "filled": ("系统值", "filled"),
    "claims": ("各来源", "claims"),
}
"""The headings that each column is known by; `filled` is what the form itself had filled in, `claims` what it keeps of
the other sources that its column `others` tells people of."""
_NEEDED = ("metric", "value")
_CLUSTER = re.compile(r"[0-9]{6}-\S+|[a-z][a-z_]*-[0-9]{3,}")
"""Place and industry; of a cluster that is only recognised, its list and number."""
_REGION = re.compile(r"[0-9]{6}")
_HASH = re.compile(r"x[0-9a-f]{16}")
"""The identity of a firm without a credit code."""
_KIND = "not_a_fact"
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact as a row of a file gave it, checked and in our units; `text` is a value in words."""

    row: int
    kind: SubjectKind
    subject: str
    metric: str
    year: int | None
    value: float | None
    text: str | None
    source: str
    run: str

    @property
    def key(self) -> tuple[str, str, int | None, str]:
        """What a source can say one value of: subject, metric, year; and the source."""
        return self.subject, self.metric, self.year, self.source


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row of a file is no fact, in both languages; `kind` is that of findings, `cells` the row as it stands."""

    row: int
    kind: str
    subject: str
    metric: str
    heading: str
    value: str
    zh: str
    en: str
    mend_zh: str
    mend_en: str
    cells: Mapping[str, str]


def subject_kind(subject: str) -> SubjectKind | None:
    """Tell by its form what a subject is: a cluster id, a credit code or a division code.

    >>> subject_kind("370827-1523"), subject_kind("370827"), subject_kind("shandong_specialty-104")
    ('cluster', 'region', 'cluster')
    """
    if _CLUSTER.fullmatch(subject):
        return "cluster"
    if _REGION.fullmatch(subject):
        return "region"
    return "enterprise" if _is_credit_code(subject) or _HASH.fullmatch(subject) else None


def is_own_source(source: str) -> bool:
    """Whether a source is a table of the workspace itself, so that the table of today says it better."""
    return source == REGISTER or source.startswith(TITLE_LISTS)


def _is_credit_code(text: str) -> bool:
    whole = len(text) == LENGTH and all(character in ALPHABET for character in text)
    return whole and check_character(text[:-1]) == text[-1]


def read_fact_rows(path: Path, subject: str | None = None) -> list[FactRow | RowFault]:
    """Read a file of facts, in the order of its rows; `subject` is that of rows which name none.

    Empty values are unknown and give nothing. Of rows by which one source gives a value of the same subject, metric and
    year again, the last counts and the others are faults. A source that is not named is the file. What the form had
    filled in and somebody changed is no longer what the tables show: it counts as said by the file. The other sources
    of a row of the form are facts of their own, unless somebody settled it: changed its value or source, or cleared the
    cell that names them.

    Raises FileUnreadable for a file that is no table, ColumnsMissing for one without the columns of metric and value,
    or without that of the subject where none was named.
    """
    if path.suffix.lower() in (".json", ".yaml", ".yml"):
        raise FileUnreadable(
            "JSON and YAML hold the facts of one subject, this needs a table of rows",
            where=str(path),
            mend=f"Use it as it is: gaoyuan assess WS --facts {path.name}; or give CSV, XLSX or Parquet.",
            zh="JSON 和 YAML 只装一个对象的事实，这里需要逐行的表",
            mend_zh=f"直接使用：gaoyuan assess 工作区 --facts {path.name}；或给 CSV、XLSX、Parquet",
        )
    source = open_source(path, ReadSettings(), lambda cells: len(_columns(cells)))
    columns = _columns(source.headings)
    needed = (*_NEEDED, *(() if subject else ("subject",)))
    if lacking := [name for name in needed if name not in columns]:
        raise ColumnsMissing(
            f"no column for {', '.join(lacking)}",
            where=str(path),
            mend=f"Name a column: {'; '.join(' or '.join(HEADINGS[name][:2]) for name in lacking)}.",
            zh=f"缺少列：{'、'.join(HEADINGS[name][0] for name in lacking)}",
            mend_zh=f"加上列：{'、'.join(HEADINGS[name][0] for name in lacking)}",
        )
    return _without_repeated(list(_rows(source, columns, subject or "")), source, columns)


def _rows(source: Source, columns: Mapping[str, str], named: str) -> Iterator[FactRow | RowFault]:
    for batch in source.batches():
        for number, cells in zip(batch.rows.tolist(), batch.cells.to_pylist(), strict=True):
            given = {name: _text(cells[heading]) for name, heading in columns.items()}
            if given["value"]:
                row = _row(number, given, columns, cells, named, source.path.name)
                yield row
                if isinstance(row, FactRow) and given.get("claims"):
                    yield from _others(row, given, columns, cells)
        for ragged in batch.ragged:
            zh, mend_zh = in_chinese(ragged.reason) or "该行有误", in_chinese(ragged.mend) or "核对该行"
            yield RowFault(ragged.row, _KIND, "", "", "", ragged.text, zh, ragged.reason, mend_zh, ragged.mend, {})


def _without_repeated(
    rows: list[FactRow | RowFault], source: Source, columns: Mapping[str, str]
) -> list[FactRow | RowFault]:
    """Make faults of rows whose value a row below gives again."""
    last = {row.key: row for row in rows if isinstance(row, FactRow)}
    repeated = {row.row: row for row in rows if isinstance(row, FactRow) and last[row.key] is not row}
    if not repeated:
        return rows
    faults: dict[int, RowFault] = {}
    for batch in source.batches():
        for number, cells in zip(batch.rows.tolist(), batch.cells.to_pylist(), strict=True):
            if (row := repeated.get(number)) is not None:
                faults[number] = _repeated(row, last[row.key], columns["value"], _plain(cells))
    # A row of the form may hold several facts, of which one is repeated.
    return [faults.get(row.row, row) if isinstance(row, FactRow) and last[row.key] is not row else row for row in rows]


def _repeated(row: FactRow, last: FactRow, heading: str, cells: Mapping[str, str]) -> RowFault:
    same = (row.value, row.text) == (last.value, last.text)
    return RowFault(
        row.row,
        _KIND,
        row.subject,
        row.metric,
        heading,
        cells[heading],
        f"第 {last.row} 行同一来源又给出{'相同的' if same else '另一个'}值，以后者为准",
        f"row {last.row} gives {'the same' if same else 'another'} value of the same source, which counts",
        "只保留一行；若来源不同，请分别写明",
        "Keep one row; name the sources if they are two",
        cells,
    )


def _row(
    number: int,
    given: Mapping[str, str],
    columns: Mapping[str, str],
    cells: Mapping[str, object],
    named: str,
    file: str,
) -> FactRow | RowFault:
    subject = _subject(given.get("subject") or named)

    def fault(column: str, kind: str, zh: str, en: str, mend_zh: str, mend_en: str) -> RowFault:
        known = given["metric"] if given["metric"] in metrics() else ""
        where = columns.get(column, ""), given.get(column, "")
        return RowFault(number, kind, subject, known, *where, zh, en, mend_zh, mend_en, _plain(cells))

    metric = metrics().get(given["metric"])
    if metric is None:
        return fault(
            "metric",
            "unknown_metric",
            "没有这个指标",
            "there is no such metric",
            "见 gaoyuan rules --metrics",
            "See gaoyuan rules --metrics",
        )
    kind = subject_kind(subject)
    if kind is None:
        return fault(
            "subject",
            _KIND,
            "不是集群标识、信用代码或区划代码",
            "neither a cluster id nor a credit code nor a division code",
            "集群标识见表 cluster",
            "Cluster ids are in the table cluster",
        )
    year = _year(given.get("year", ""))
    if year == 0:
        return fault("year", "bad_year", "不是年份", "no year", "写成四位数字", "Write four digits")
    read = read_value(metric, given["value"], given.get("unit", ""))
    if isinstance(read, Refused):
        return fault("value", read.kind, read.zh, read.en, read.mend_zh, read.mend_en)
    source, run = given.get("source", ""), given.get("run", "")
    if (filled := given.get("filled")) and not _same(read, read_value(metric, filled)):
        source, run = "" if is_own_source(source) else source, ""
    value = read if isinstance(read, float) else None
    text = "|".join(read) if isinstance(read, tuple) else read if isinstance(read, str) else None
    return FactRow(number, kind, subject, metric.id, year, value, text, source or file, run)


def _others(
    row: FactRow, given: Mapping[str, str], columns: Mapping[str, str], cells: Mapping[str, object]
) -> Iterator[FactRow | RowFault]:
    """Give what the other sources of a row of the form say, nothing where somebody settled which one holds."""
    metric = metrics()[row.metric]
    filled = read_value(metric, given.get("filled", ""))
    own = row.value if row.text is None else row.text
    untouched = _same(own, "|".join(filled) if isinstance(filled, tuple) else filled) and given.get("others")
    kept = _kept(given["claims"])

    def fault(kind: str, zh: str, en: str, mend_zh: str, mend_en: str) -> RowFault:
        where = columns["claims"], given["claims"]
        return RowFault(row.row, kind, row.subject, row.metric, *where, zh, en, mend_zh, mend_en, _plain(cells))

    if kept is None:
        zh, en = "表中隐藏的其他来源已损坏", "what the form keeps of other sources is damaged"
        yield fault(_KIND, zh, en, "重新生成填报表，或另写各来源的行", "Write the form anew, or give each source a row")
        return
    source, others = kept
    if not untouched or given.get("source", "") != source:
        return
    for text, year, said_by, run in others:
        read = read_value(metric, text)
        if isinstance(read, Refused):
            yield fault(read.kind, read.zh, read.en, read.mend_zh, read.mend_en)
        elif read is not None:
            value = read if isinstance(read, float) else None
            words = "|".join(read) if isinstance(read, tuple) else read if isinstance(read, str) else None
            yield replace(row, year=year, value=value, text=words, source=said_by or row.source, run=run)


def _kept(claims: str) -> tuple[str, list[tuple[str, int | None, str, str]]] | None:
    """Read the form's column of claims: the source of the row's value, and the others; None for what is not its."""
    try:
        kept = json.loads(claims)
        others = [(str(text), _year(str(at or "")), str(by), str(run)) for text, at, by, run in kept["others"]]
        return None if any(year == 0 for _, year, _, _ in others) else (str(kept["source"]), others)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _same(read: Read, filled: Read) -> bool:
    if isinstance(read, float) and isinstance(filled, float):
        return math.isclose(read, filled, rel_tol=_SAME)
    return read == filled


def _subject(text: str) -> str:
    """Give a subject as it is known by: credit codes are in capitals."""
    return text.upper() if subject_kind(text) is None and _is_credit_code(text.upper()) else text


def _columns(headings: Sequence[str]) -> dict[str, str]:
    """Give the heading of each column that is known; a heading may have both languages, and nothing else."""
    found: dict[str, str] = {}
    for name, known in HEADINGS.items():
        for heading in headings:
            words = set(heading.strip().lower().split())
            if words and words <= set(known):
                found.setdefault(name, heading)
    return found


def _plain(cells: Mapping[str, object]) -> dict[str, str]:
    return {heading: _text(cell) for heading, cell in cells.items()}


def _text(cell: object) -> str:
    """Give a cell as text, "" for one that is empty."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell).strip()


def _year(text: str) -> int | None:
    """Give the year, None where there is none, 0 where it is no year."""
    plain = text.removesuffix("度").removesuffix("年").removesuffix(".0")
    if not plain:
        return None
    return int(plain) if plain.isdecimal() and 1900 <= int(plain) <= 2200 else 0
