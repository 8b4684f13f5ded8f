"""A verdict as a workbook: conclusion, criteria, facts, findings, and the rule as it was."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from gaoyuan.assess import Verdict

_WIDEST = 60
_CELL_CHARACTERS = 32_767


def write_verdict_workbook(verdict: Verdict, file: Path) -> None:
    """Write a verdict into an .xlsx file of five sheets; text stays text, numbers are numbers."""
    with xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        _sheet(book, "结论 verdict", ("项目 item", "内容 content"), _conclusion(verdict))
        _sheet(book, "条目 criteria", _CRITERIA, _criteria(verdict))
        _sheet(book, "事实 facts", _FACTS, _facts(verdict))
        _sheet(book, "问题 findings", _FINDINGS, _findings(verdict))
        lines = json.dumps(verdict.snapshot, ensure_ascii=False, indent=1).splitlines()
        _sheet(book, "规则快照 rule", ("JSON",), ([line] for line in lines))


_CRITERIA = (
    "条目 id", "要求 criterion", "English", "结论 state", "值 value", "单位 unit", "比较 operator", "要求值 threshold",
    "余量 margin", "依据 reason", "硬性 hard", "条款 article", "文本状态 status", "来源 sources",
)  # fmt: skip
_FACTS = ("条目 criterion", "指标 metric", "名称 name", "年份 year", "值 value", "单位 unit", "来源 source", "运行 run")
_FINDINGS = ("类别 kind", "指标 metric", "问题 finding", "改法 mend", "English", "mend", "是否采用 used")


def _conclusion(verdict: Verdict) -> list[Sequence[object]]:
    return [
        ("对象 subject", verdict.subject),
        ("规则 rule", f"{verdict.title_zh} {verdict.rule}.{verdict.edition}"),
        ("文号 document", verdict.document_number),
        ("文本状态 status", verdict.status.zh),
        ("评估日 as of", verdict.as_of.isoformat()),
        ("申报类型 application", verdict.application),
        ("结论 verdict", f"{verdict.state.zh} {verdict.state.value}"),
        ("等级 level", verdict.level or ""),
        *((f"设置 setting {name}", value) for name, value in verdict.settings.items()),
        ("规则快照 SHA-256", verdict.snapshot_sha256),
        ("程序 program", verdict.program),
    ]


def _criteria(verdict: Verdict) -> Iterable[Sequence[object]]:
    for one in verdict.every():
        yield (
            one.id, one.zh, one.en, f"{one.state.zh} {one.state.value}", one.value, one.unit_zh, one.operator,
            one.threshold, one.margin, one.reason_zh, "是" if one.hard else "否", one.article, one.status.zh,
            "；".join(one.sources),
        )  # fmt: skip


def _facts(verdict: Verdict) -> Iterable[Sequence[object]]:
    for criterion in verdict.every():
        for one in criterion.evidence:
            value = "、".join(one.value) if isinstance(one.value, tuple) else one.value
            yield (criterion.id, one.metric, one.zh, one.year, value, one.unit_zh, one.source, one.run)


def _findings(verdict: Verdict) -> Iterable[Sequence[object]]:
    for one in verdict.findings:
        yield (one.kind, one.metric, one.zh, one.mend_zh, one.en, one.mend_en, "是" if one.used else "否")


def _sheet(book: xlsxwriter.Workbook, name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1})
    widths = [len(heading) * 1.6 for heading in headings]
    for at, heading in enumerate(headings):
        sheet.write_string(0, at, heading, bold)
    for number, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(number, at, value)
            elif value is not None:
                text = str(value)[:_CELL_CHARACTERS]
                sheet.write_string(number, at, text)
                widths[at] = max(widths[at], len(text) * 1.4)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, min(width, _WIDEST))
    sheet.freeze_panes(1, 0)
