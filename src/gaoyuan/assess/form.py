"""The form of facts: what is known is filled in with its source, the rest is left to fill, with units and checks.

It is an XLSX file of one row a metric and year, which `gaoyuan import WS facts` and `gaoyuan assess --facts` read back.
Where several sources speak, the row has the value of the first, and its column of other sources says the others'.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gaoyuan.assess.facts.agreement import agree
from gaoyuan.assess.facts.metric_catalogue import Metric, metrics
from gaoyuan.assess.facts.parsing import Facts, Value
from gaoyuan.assess.rules.model import Application, Criterion, Edition
from gaoyuan.assess.rules.walk import own_metrics, quantities_of, walk
from gaoyuan.assess.sheets import text_width
from gaoyuan.assess.verdicts.evaluating import Circumstances, window
from gaoyuan.assess.verdicts.judging import Settings, chosen_settings
from gaoyuan.errors import InputError
from gaoyuan.workspace.whole_files import whole_file

_HEADINGS = (
    "标识 subject",
    "指标 metric",
    "指标名称 name",
    "年份 year",
    "值 value",
    "单位 unit",
    "来源 source",
    "其他来源 others",
    "用于 criteria",
    "填写说明 how",
    "运行 run",
    "系统值 filled",
    "各来源 claims",
)
_HEADER_ROW = 3
_NAME, _VALUE, _UNIT, _OTHERS, _FILLED, _CLAIMS = 2, 4, 5, 7, 11, 12
_A4 = 9
"""The number of the paper in the format."""
_NARROWEST, _WIDEST = 8, 44
"""Columns are as wide as their longest text between these, in characters; beyond, the text is folded."""
_ROOM = {4: 14, 6: 28}
"""The width at least of the columns that people fill in: value and source."""
_LARGE_UNIT = {"cluster": ("亿元", 1e8), "region": ("亿元", 1e8), "project": ("万元", 1e4), "enterprise": ("万元", 1e4)}
"""In what unit people give money."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a source says of a metric, in a year where it says one; `run` made it, if one did."""

    year: int | None
    value: Value
    source: str
    run: str


@dataclass(frozen=True, slots=True)
class FormRow:
    """A value that is asked: of a metric, in a year where it is asked by year; with what each source says of it, the
    one that is filled in first.
    """

    metric: Metric
    year: int | None
    criteria: tuple[str, ...]
    claims: tuple[Claim, ...]


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
            f"a form is an .xlsx file, not {file.suffix or file.name!r}",
            mend="Name a file like facts.xlsx.",
            zh=f"填报表须为 .xlsx 文件，不能是 {file.suffix or file.name!r}",
            mend_zh="文件名写成 facts.xlsx",
        )
    how = Circumstances(as_of, application, chosen_settings(rule, settings))
    rows = list(form_rows(rule, facts, how))
    cells = [_cells(row, subject, rule.subject) for row in rows]
    # Text stays text: nothing that a fact holds may become a formula or a link in someone's Excel.
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with whole_file(file) as partial, xlsxwriter.Workbook(str(partial), options) as book:
        sheet = book.add_worksheet("填报 facts")
        _head(book, sheet, rule, subject, name, as_of, disputed=any(len(row.claims) > 1 for row in rows))
        _lay_out(sheet, cells)
        filled_in = book.add_format({"bg_color": "#EDEDED", "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        for at, (row, own) in enumerate(zip(rows, cells, strict=True), start=_HEADER_ROW + 1):
            _write_row(sheet, at, own, filled_in if row.claims else plain)
            _check(sheet, at, row.metric)
    filled = sum(bool(row.claims) for row in rows)
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
        claims = _known(facts, name, year, how.as_of)
        yield FormRow(metrics()[name], claims[0].year if claims else year, tuple(criteria), claims)


def _years(metric: str, criterion: Criterion, how: Circumstances) -> tuple[int | None, ...]:
    if not metrics()[metric].series:
        return (None,)
    own = [one for one in quantities_of(criterion) if metric in (*one.metrics, *one.over)]
    years = {year for one in own for year in window(one, how)}
    return tuple(sorted(years)) or (how.as_of.year - 1,)


def _known(facts: Facts, name: str, year: int | None, as_of: dt.date) -> tuple[Claim, ...]:
    """Give what each source says, with its year: as judging takes it, a value without a year stands for the last full
    one, and the latest of a stock that is told by year for today. The latest comes first.
    """
    last = as_of.year - 1
    found: list[Claim] = []
    for fact in facts.of(name):
        if year in (None, last) and fact.value is not None:
            found.append(Claim(year, fact.value, fact.source, fact.run))
            continue
        at = year or max((one for one in fact.series if one <= as_of.year), default=0)
        if at in fact.series:
            found.append(Claim(at, fact.series[at], fact.source, fact.run))
    return tuple(sorted(found, key=lambda claim: -(claim.year or last)))


def _head(
    book: xlsxwriter.Workbook,
    sheet: Worksheet,
    rule: Edition,
    subject: str,
    name: str,
    as_of: dt.date,
    *,
    disputed: bool,
) -> None:
    bold = book.add_format({"bold": True, "font_size": 14})
    header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#DCE6F0"})
    sheet.write_string(0, 0, f"{rule.title_zh} 填报表 form of facts", bold)
    known = "灰色为系统已知，可改 grey is known and may be changed"
    how = f"{known}；空白请填值和来源，不知道的留空 leave unknown values empty"
    sheet.write_string(1, 0, f"{name} {subject} · {rule.key} · 评估日 as of {as_of} · {how}".strip())
    if disputed:
        sheet.write_string(
            2,
            0,
            "“其他来源”有内容的行由多个来源说明：核对后改值、改来源或清空该格，即以本行的值为准 other sources speak of "
            "rows that name them: change the value or its source, or clear that cell, and the row's value counts",
        )
    for at, heading in enumerate(_HEADINGS):
        sheet.write_string(_HEADER_ROW, at, heading, header)
    sheet.freeze_panes(_HEADER_ROW + 1, _NAME + 1)


def _lay_out(sheet: Worksheet, cells: Sequence[Sequence[str | float | None]]) -> None:
    """Make columns as wide as their text, on the screen and on paper."""
    for at, heading in enumerate(_HEADINGS):
        texts = [str(row[at]) for row in cells if row[at] is not None]
        # A heading is folded between its languages.
        widest = max(map(text_width, [*heading.split(" "), *texts]))
        sheet.set_column(at, at, min(max(widest + 2, _ROOM.get(at, _NARROWEST)), _WIDEST))
    # What was filled in is kept out of sight, so that a value that somebody changes is not taken for the system's.
    sheet.set_column(_FILLED, _CLAIMS, None, None, {"hidden": True})
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER_ROW)


def _cells(row: FormRow, subject: str, kind: str) -> list[str | float | None]:
    """Give the cells of a row, one a heading; None is empty."""
    metric = row.metric
    unit, factor = _LARGE_UNIT[kind] if metric.kind == "money" else (metric.unit_zh, 1.0)
    first = row.claims[0] if row.claims else None
    shown = None if first is None else _shown(metric, first.value, factor)
    cells = [
        subject,
        metric.id,
        metric.zh,
        row.year,
        shown,
        unit,
        first.source if first else None,
        _others(metric, row.claims, unit, factor),
        " ".join(row.criteria),
        _how(metric),
        first.run if first else None,
        None if shown is None else _told(shown, unit),
        _hidden_claims(metric, row.claims, unit, factor),
    ]
    return [None if cell == "" else cell for cell in cells]


def _write_row(sheet: Worksheet, at: int, cells: Sequence[str | float | None], style: Format) -> None:
    for column, cell in enumerate(cells):
        if cell is None:
            sheet.write_blank(at, column, None, style)
        elif isinstance(cell, str):
            sheet.write_string(at, column, cell, style)
        else:
            sheet.write_number(at, column, cell, style)


def _others(metric: Metric, claims: Sequence[Claim], unit: str, factor: float) -> str | None:
    """Say what the other sources say, one a line."""
    if len(claims) < 2:
        return None
    numbers = [claim.value for claim in claims if isinstance(claim.value, float)]
    same = agree(numbers) if numbers else len({claim.value for claim in claims}) == 1
    lines = ["来源相符 sources agree" if same else "来源不一致 sources disagree"]
    for claim in claims[1:]:
        shown = _shown(metric, claim.value, factor)
        said = shown if isinstance(shown, str) else f"{shown:.15g} {unit}".strip()
        when = f"{claim.year} 年 " if claim.year != claims[0].year and claim.year else ""
        lines.append(f"{when}{said} — {claim.source or '未注明 not named'}")
    return "\n".join(lines)


def _hidden_claims(metric: Metric, claims: Sequence[Claim], unit: str, factor: float) -> str | None:
    """Give what a reader of the form needs to know the other sources again, as JSON."""
    if len(claims) < 2:
        return None
    others = [
        [_told(_shown(metric, claim.value, factor), unit), claim.year, claim.source, claim.run] for claim in claims[1:]
    ]
    return json.dumps({"source": claims[0].source, "others": others}, ensure_ascii=False)


def _told(shown: float | str, unit: str) -> str:
    return shown if isinstance(shown, str) else f"{shown!r}{unit}"


def _shown(metric: Metric, value: Value, factor: float) -> float | str:
    """Give a value as the form shows it: in the form's unit, or in words."""
    if metric.kind == "flag":
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(metric.options[name][0] for name in value)
    if isinstance(value, str):
        return metric.options.get(value, (value, value))[0]
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
