"""The form of facts: what is known is filled in with its source, the rest is left to fill, with units and checks.

It is an XLSX file of one row a value, which `gaoyuan import WS facts` and `gaoyuan assess --facts` read back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gaoyuan.assess.facts.metric_catalogue import Metric, metrics
from gaoyuan.assess.facts.parsing import Facts, Value
from gaoyuan.assess.rules.model import Application, Criterion, Edition
from gaoyuan.assess.rules.walk import own_metrics, quantities_of, walk
from gaoyuan.assess.verdicts.evaluating import Circumstances, window
from gaoyuan.assess.verdicts.judging import Settings, chosen_settings
from gaoyuan.errors import InputError
from gaoyuan.workspace.whole_files import whole_file

_COLUMNS = (
    ("标识 subject", 16),
    ("指标 metric", 24),
    ("指标名称 name", 40),
    ("年份 year", 8),
    ("值 value", 16),
    ("单位 unit", 10),
    ("来源 source", 28),
    ("运行 run", 20),
    ("用于 criteria", 12),
    ("填写说明 how", 60),
    ("系统值 filled", 16),
)
_HEADER_ROW = 3
_VALUE, _UNIT, _FILLED = 4, 5, 10
_LARGE_UNIT = {"cluster": ("亿元", 1e8), "region": ("亿元", 1e8), "project": ("万元", 1e4), "enterprise": ("万元", 1e4)}
"""In what unit people give money."""


@dataclass(frozen=True, slots=True)
class FormRow:
    """A value that is asked: of a metric, in a year where it is asked by year; with the fact that is known."""

    metric: Metric
    year: int | None
    criteria: tuple[str, ...]
    value: Value | None
    source: str
    run: str


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """The form that was written: its file, the values that are filled in and those left to fill."""

    file: Path
    filled: int
    empty: int

    def __str__(self) -> str:
        return f"{self.file}: 已填 filled in {self.filled}, 待填 left to fill {self.empty}"


def write_form(
    file: Path,
    rule: Edition,
    subject: str,
    facts: Facts,
    as_of: dt.date,
    application: Application = "new",
    *,
    settings: Settings | None = None,
    name: str = "",
) -> WrittenForm:
    """Write the form of a rule for a subject, with the facts that are known filled in.

    Raises InputError for a file that is no .xlsx or cannot be written.
    """
    if file.suffix.lower() != ".xlsx":
        raise InputError(
            f"a form is an .xlsx file, not {file.suffix or file.name!r}", mend="Name a file like facts.xlsx."
        )
    how = Circumstances(as_of, application, chosen_settings(rule, settings))
    rows = list(form_rows(rule, facts, how))
    # Text stays text: nothing that a fact holds may become a formula or a link in someone's Excel.
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with whole_file(file) as partial, xlsxwriter.Workbook(str(partial), options) as book:
        sheet = book.add_worksheet("填报 facts")
        _head(book, sheet, rule, subject, name, as_of)
        filled_in = book.add_format({"bg_color": "#EDEDED", "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        for at, row in enumerate(rows, start=_HEADER_ROW + 1):
            _write_row(sheet, at, row, subject, rule.subject, filled_in if row.value is not None else plain)
    filled = sum(row.value is not None for row in rows)
    return WrittenForm(file, filled, len(rows) - filled)


def form_rows(rule: Edition, facts: Facts, how: Circumstances) -> Iterator[FormRow]:
    """Give the values that a rule asks, in the order of its criteria, each with what is known of it."""
    asked: dict[tuple[str, int | None], list[str]] = {}
    for top in rule.criteria:
        for criterion in walk([top]):
            for metric in sorted(own_metrics(criterion)):
                for year in _years(metric, criterion, how):
                    asked.setdefault((metric, year), [])
                    if top.id not in asked[metric, year]:
                        asked[metric, year].append(top.id)
    for (name, year), criteria in asked.items():
        for at, value, source, run in _known(facts, name, year, how.as_of) or [(year, None, "", "")]:
            yield FormRow(metrics()[name], at, tuple(criteria), value, source, run)


def _years(metric: str, criterion: Criterion, how: Circumstances) -> tuple[int | None, ...]:
    if not metrics()[metric].series:
        return (None,)
    own = [one for one in quantities_of(criterion) if metric in (*one.metrics, *one.over)]
    years = {year for one in own for year in window(one, how)}
    return tuple(sorted(years)) or (how.as_of.year - 1,)


def _known(
    facts: Facts, name: str, year: int | None, as_of: dt.date
) -> list[tuple[int | None, Value | None, str, str]]:
    """Give what each source says, with its year: as judging takes it, a value without a year stands for the last full
    one, and the latest of a stock that is told by year for today.
    """
    last = as_of.year - 1
    found: list[tuple[int | None, Value | None, str, str]] = []
    for fact in facts.of(name):
        if year in (None, last) and fact.value is not None:
            found.append((year, fact.value, fact.source, fact.run))
            continue
        at = year or max((one for one in fact.series if one <= as_of.year), default=0)
        if at in fact.series:
            found.append((at, fact.series[at], fact.source, fact.run))
    return found


def _head(book: xlsxwriter.Workbook, sheet: Worksheet, rule: Edition, subject: str, name: str, as_of: dt.date) -> None:
    bold = book.add_format({"bold": True, "font_size": 14})
    header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, f"{rule.title_zh} 填报表 form of facts", bold)
    sheet.write_string(
        1,
        0,
        f"{name} {subject} · {rule.key} · 评估日 as of {as_of} · 灰色为系统已知，可改；空白请填值和来源，不知道的留空 "
        "grey is known and may be changed; leave unknown values empty".strip(),
    )
    for at, (heading, width) in enumerate(_COLUMNS):
        sheet.set_column(at, at, width)
        sheet.write_string(_HEADER_ROW, at, heading, header)
    # What was filled in is kept out of sight, so that a value that somebody changes is not taken for the system's.
    sheet.set_column(_FILLED, _FILLED, None, None, {"hidden": True})
    sheet.freeze_panes(_HEADER_ROW + 1, 3)


def _write_row(sheet: Worksheet, at: int, row: FormRow, subject: str, kind: str, style: Format) -> None:
    metric = row.metric
    unit, factor = _LARGE_UNIT[kind] if metric.kind == "money" else (metric.unit_zh, 1.0)
    for column, text in enumerate((subject, metric.id, metric.zh)):
        sheet.write_string(at, column, text, style)
    if row.year is not None:
        sheet.write_number(at, 3, row.year, style)
    else:
        sheet.write_blank(at, 3, None, style)
    shown = _shown(row, factor)
    if shown is None:
        sheet.write_blank(at, _VALUE, None, style)
    elif isinstance(shown, str):
        sheet.write_string(at, _VALUE, shown, style)
        sheet.write_string(at, _FILLED, shown, style)
    else:
        sheet.write_number(at, _VALUE, shown, style)
        sheet.write_string(at, _FILLED, f"{shown!r}{unit}", style)
    for column, text in enumerate((unit, row.source, row.run, " ".join(row.criteria), _how(metric)), start=_UNIT):
        if text:
            sheet.write_string(at, column, text, style)
        else:
            sheet.write_blank(at, column, None, style)
    _check(sheet, at, metric)


def _shown(row: FormRow, factor: float) -> float | str | None:
    """Give a value as the form shows it: in the form's unit, or in words."""
    value = row.value
    if value is None:
        return None
    if row.metric.kind == "flag":
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(row.metric.options[name][0] for name in value)
    if isinstance(value, str):
        return row.metric.options.get(value, (value, value))[0]
    return value / factor


def _how(metric: Metric) -> str:
    said = {
        "share": "0 到 1 的小数，或写百分号，如 72% a fraction from 0 to 1, or with a per-cent sign",
        "rate": "小数，或写百分号，如 12% a fraction, or with a per-cent sign",
        "count": "整数 a whole number",
        "flag": "是 或 否；请注明依据 yes or no; name the evidence",
        "money": "可改单位：元、万元、亿元 the unit may be changed",
    }.get(metric.kind, "")
    if metric.options:
        options = "、".join(zh for zh, _ in metric.options.values())
        several = "可多选，用顿号隔开 any number of" if metric.kind == "several" else "选一项 one of"
        said = f"{several}: {options}"
    return said


def _check(sheet: Worksheet, at: int, metric: Metric) -> None:
    """Let the sheet itself warn of what cannot be; text with a unit stays possible."""
    warn = {"error_type": "warning", "ignore_blank": True}
    if metric.kind == "flag":
        sheet.data_validation(at, _VALUE, at, _VALUE, {"validate": "list", "source": ["是", "否"], **warn})
    elif metric.kind == "choice" and metric.options:
        options = [zh for zh, _ in metric.options.values()]
        if len(",".join(options)) < 250:
            sheet.data_validation(at, _VALUE, at, _VALUE, {"validate": "list", "source": options, **warn})
    elif metric.kind == "share":
        span = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
        message = {"error_title": "比重 share", "error_message": "请填 0 到 1 的小数或带百分号 0 to 1, or with %"}
        sheet.data_validation(at, _VALUE, at, _VALUE, {**span, **message, **warn})
    elif metric.kind == "count":
        span = {"validate": "integer", "criteria": ">=", "value": 0}
        sheet.data_validation(
            at, _VALUE, at, _VALUE, {**span, "error_message": "请填不小于 0 的整数 0 or more", **warn}
        )
