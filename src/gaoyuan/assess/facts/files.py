"""Facts of one subject from a file: JSON, YAML, or the filled form (XLSX, CSV)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.parsing import Fact, Facts, Value, parse_facts
from gaoyuan.assess.facts.rows import FactRow, RowFault, read_fact_rows
from gaoyuan.assess.facts.yaml_reading import read_yaml
from gaoyuan.errors import FileUnreadable, InputError

_UNNAMED = "000000-unnamed"
"""The subject of rows that name none."""


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """The subject of a file of facts ("" where it names none), and its facts."""

    subject: str
    facts: Facts


def read_facts(path: Path, subject: str | None = None) -> SubjectFacts:
    """Read the facts of one subject from a file that ends in .json, .yaml, .yml, .xlsx, .xls, .csv or .parquet.

    JSON and YAML hold a mapping from metric to fact, beside which `subject` may stand, or
    `{"subject": …, "facts": {…}}`. A table may have several subjects: then `subject` has to say which. Rows that cannot
    be used become findings. Raises FileUnreadable for a file that cannot be read, InputError where the subject is not
    clear, or where the file is not about the one that is asked.
    """
    if path.suffix.lower() in (".json", ".yaml", ".yml"):
        return _from_mapping(path, subject)
    return _from_rows(path, subject)


def _from_mapping(path: Path, subject: str | None) -> SubjectFacts:
    data = _json(path) if path.suffix.lower() == ".json" else read_yaml(path, "the facts")
    named = str(data.get("subject") or "") if isinstance(data, Mapping) else ""
    facts = data.get("facts", {**data, "subject": None}) if isinstance(data, Mapping) else None
    if not isinstance(facts, Mapping):
        raise InputError(
            "the file holds no mapping from metrics to facts",
            where=str(path),
            mend='Write {"area_km2": 80, …}.',
            zh="文件内容不是由指标到事实的映射",
            mend_zh='写成 {"area_km2": 80, …}',
        )
    if subject and named and named != subject:
        raise _about_another(path, subject, [named])
    own = {name: fact for name, fact in facts.items() if name != "subject" or fact is not None}
    return SubjectFacts(subject or named, parse_facts(own))


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise FileUnreadable(
            "the facts cannot be read (no text in UTF-8)",
            where=str(path),
            mend="Save the file as UTF-8.",
            zh="事实文件无法读取（不是 UTF-8 文本）",
            mend_zh="另存为 UTF-8",
        ) from None
    # Numbers of a million digits are plain value errors; nesting without end overflows.
    except (OSError, ValueError, RecursionError) as fault:
        said = str(getattr(fault, "strerror", None) or fault)
        raise FileUnreadable(
            f"the facts cannot be read ({said})",
            where=str(path),
            mend="Mend the file.",
            zh="事实文件无法读取",
            mend_zh="核对文件",
        ) from None


def _from_rows(path: Path, subject: str | None) -> SubjectFacts:
    read = read_fact_rows(path, subject or _UNNAMED)
    rows = [row for row in read if isinstance(row, FactRow)]
    named = sorted({row.subject for row in rows} - {_UNNAMED})
    if subject is not None and named and subject not in named:
        raise _about_another(path, subject, named)
    if subject is None and len(named) > 1:
        raise InputError(
            f"the file holds facts of {len(named)} subjects",
            where=str(path),
            mend=f"Say which one: --subject {named[0]}; or import it: gaoyuan import WS facts {path.name}",
            zh=f"文件中有 {len(named)} 个对象的事实",
            mend_zh=f"指明一个：--subject {named[0]}；或导入：gaoyuan import 工作区 facts {path.name}",
        )
    wanted = subject or (named[0] if named else _UNNAMED)
    own = facts_of([row for row in rows if row.subject == wanted])
    faults = [row for row in read if isinstance(row, RowFault) and row.subject in (wanted, "", _UNNAMED)]
    nameless = [_nameless(row, wanted) for row in rows if wanted != _UNNAMED and row.subject == _UNNAMED]
    name = "" if wanted == _UNNAMED else wanted
    return SubjectFacts(name, Facts(own.by_metric, (*map(_finding, faults), *nameless)))


def _about_another(path: Path, subject: str, named: Sequence[str]) -> InputError:
    others = ", ".join(named[:3]) + (" …" if len(named) > 3 else "")
    return InputError(
        f"the file holds no facts of {subject}, but of {others}",
        where=str(path),
        mend="Name the subject that the file is about, or give the file of this one.",
        zh=f"文件中没有 {subject} 的事实，只有 {others} 的",
        mend_zh="写明文件所属的对象，或给该对象的文件",
    )


def facts_of(rows: Sequence[FactRow]) -> Facts:
    """Give rows of one subject as facts: the years of one source together."""
    series: dict[tuple[str, str, str], dict[int, float]] = {}
    found: dict[str, list[Fact]] = {}
    for row in rows:
        if row.year is not None and row.value is not None:
            series.setdefault((row.metric, row.source, row.run), {})[row.year] = row.value
        else:
            found.setdefault(row.metric, []).append(Fact(row.metric, _value(row), {}, row.source, row.run))
    for (metric, source, run), by_year in series.items():
        found.setdefault(metric, []).append(Fact(metric, None, dict(sorted(by_year.items())), source, run))
    return Facts({metric: tuple(claims) for metric, claims in sorted(found.items())})


def _value(row: FactRow) -> Value | None:
    if row.text is None:
        return row.value
    if metrics()[row.metric].kind == "several":
        return tuple(name for name in row.text.split("|") if name)
    return row.text


def _finding(fault: RowFault) -> Finding:
    at_zh, at_en = (
        f"第 {fault.row} 行“{fault.heading}”={fault.value}",
        f"row {fault.row}, {fault.heading} = {fault.value}",
    )
    zh, en = f"{at_zh}：{fault.zh}", f"{at_en}: {fault.en}"
    return Finding(fault.kind, fault.metric, zh, en, fault.mend_zh, fault.mend_en)


def _nameless(row: FactRow, wanted: str) -> Finding:
    metric = metrics()[row.metric]
    return Finding(
        "not_a_fact",
        row.metric,
        f"第 {row.row} 行（{metric.zh}）没有标识，而其他行属于 {wanted}",
        f"row {row.row} ({metric.en}) names no subject, while others are of {wanted}",
        "补上该行的标识，或用 --subject 指明",
        "Name its subject, or say --subject",
    )
