"""The report on an assessment as a file: the verdict as it was saved, who signed it, and the evidence by its hash."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from django.utils import timezone

from gaoyuan.portal.assessments.models import Assessment, Evidence, Judgement
from gaoyuan.portal.assessments.verdict_data import diagnosis_of, verdict_of
from gaoyuan.report.document import Block, Callout, Column, Heading, Table
from gaoyuan.report.verdict_report import verdict_document
from gaoyuan.report.verdict_workbook import write_verdict_workbook
from gaoyuan.report.writing import write_document

ENDINGS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def report(assessment: Assessment, judgement: Judgement, ending: str) -> bytes:
    """Give the report in one of `ENDINGS`. A draft says that it is one."""
    verdict, diagnosis = verdict_of(judgement.data["verdict"]), diagnosis_of(judgement.data["diagnosis"])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"report.{ending}"
        if ending == "xlsx":
            write_verdict_workbook(verdict, file, diagnosis)
        else:
            document = verdict_document(verdict, diagnosis, assessment.name)
            blocks = (_standing(assessment), *document.blocks, *_evidence(assessment))
            write_document(replace(document, blocks=blocks), file)
        return file.read_bytes()


def _standing(assessment: Assessment) -> Block:
    if assessment.signed is None:
        return Callout("info", "草稿，尚未签核。 A draft that nobody has signed.", "草稿 draft")
    when = timezone.localtime(assessment.signed).strftime("%Y-%m-%d %H:%M %Z")
    text = f"{assessment.signed_name}，{when}\n事实与附件 SHA-256 of facts and evidence: {assessment.facts_sha256}"
    return Callout("info", text, "已签核 signed")


def _evidence(assessment: Assessment) -> list[Block]:
    rows = [
        (one.fact.rstrip(":"), one.name, f"{one.size:,}", one.sha256)
        for one in Evidence.unscoped.filter(assessment=assessment)
    ]
    if not rows:
        return []
    columns = (
        Column("指标", width=0.22),
        Column("文件", width=0.26),
        Column("字节", width=0.12),
        Column("SHA-256", width=0.4),
    )
    return [Heading(1, "证明材料"), Table(columns, tuple(rows), caption="证明材料及其 SHA-256", label="evidence")]
