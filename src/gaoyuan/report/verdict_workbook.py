"""A verdict as a workbook: conclusion, criteria, facts, findings, and the rule as it was."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from gaoyuan.assess import Verdict
from gaoyuan.assess.diagnosis import Diagnosis
from gaoyuan.assess.sheets import Cell, Sheet, write_sheets


def write_verdict_workbook(verdict: Verdict, file: Path, diagnosis: Diagnosis | None = None) -> None:
    """Write a verdict into an .xlsx file, with its plan where there is one; text stays text, numbers are numbers."""
    lines = json.dumps(verdict.snapshot, ensure_ascii=False, indent=1).splitlines()
    sheets = [
        Sheet("结论 verdict", ("项目 item", "内容 content"), _conclusion(verdict)),
        Sheet("条目 criteria", _CRITERIA, list(_criteria(verdict))),
        Sheet("事实 facts", _FACTS, list(_facts(verdict))),
        Sheet("问题 findings", _FINDINGS, list(_findings(verdict))),
        Sheet("规则快照 rule", ("JSON",), [[line] for line in lines]),
    ]
    if diagnosis is not None:
        sheets.insert(2, Sheet("差距与计划 plan", _PLAN, list(_plan(diagnosis))))
    write_sheets(file, sheets)


_CRITERIA = (
    "条目 id", "要求 criterion", "English", "结论 state", "值 value", "单位 unit", "比较 operator", "要求值 threshold",
    "余量 margin", "依据 reason", "硬性 hard", "条款 article", "文本状态 status", "来源 sources",
)  # fmt: skip
_PLAN = ("条目或指标 about", "名称 name", "状态 state", "差距与办法 gap and remedy", "English")
_FACTS = ("条目 criterion", "指标 metric", "名称 name", "年份 year", "值 value", "单位 unit", "来源 source", "运行 run")
_FINDINGS = ("类别 kind", "指标 metric", "问题 finding", "改法 mend", "English", "mend", "是否采用 used")


def _conclusion(verdict: Verdict) -> list[Sequence[Cell]]:
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


def _criteria(verdict: Verdict) -> Iterable[Sequence[Cell]]:
    for one in verdict.every():
        yield (
            one.id, one.zh, one.en, f"{one.state.zh} {one.state.value}", one.value, one.unit_zh, one.operator,
            one.threshold, one.margin, one.reason_zh, "是" if one.hard else "否", one.article, one.status.zh,
            "；".join(one.sources),
        )  # fmt: skip


def _plan(diagnosis: Diagnosis) -> Iterable[Sequence[Cell]]:
    """Give a row for each sentence of the plan, then the facts worth collecting, the most useful first."""
    for one in diagnosis.criteria:
        for zh, en in zip(one.text_zh, one.text_en, strict=False):
            yield (one.id, one.zh, f"{one.state.zh} {one.state.value}", zh, en)
    for fact in diagnosis.facts:
        if fact.worth_collecting:
            yield (fact.metric, fact.zh, "先收集 collect", fact.text_zh, fact.text_en)


def _facts(verdict: Verdict) -> Iterable[Sequence[Cell]]:
    for criterion in verdict.every():
        for one in criterion.evidence:
            value = "、".join(one.value) if isinstance(one.value, tuple) else one.value
            yield (criterion.id, one.metric, one.zh, one.year, value, one.unit_zh, one.source, one.run)


def _findings(verdict: Verdict) -> Iterable[Sequence[Cell]]:
    for one in verdict.findings:
        yield (one.kind, one.metric, one.zh, one.mend_zh, one.en, one.mend_en, "是" if one.used else "否")
