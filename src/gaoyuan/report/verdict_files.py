"""A verdict as a file whose ending says how: JSON, a workbook, a web page, a PDF or a Word file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from gaoyuan.assess import Verdict
from gaoyuan.errors import OutputUnknown
from gaoyuan.report.run_notes import RunNotes
from gaoyuan.report.writing import DOCUMENT_ENDINGS, write_document
from gaoyuan.workspace.whole_files import check_writable, whole_file

if TYPE_CHECKING:
    from gaoyuan.assess.diagnosis import Diagnosis

_NO_RUNS = RunNotes()
VERDICT_ENDINGS = (".json", ".xlsx", *DOCUMENT_ENDINGS)


def write_verdict(
    verdict: Verdict,
    path: str | os.PathLike[str],
    diagnosis: Diagnosis | None = None,
    name: str = "",
    notes: RunNotes = _NO_RUNS,
) -> Path:
    """Write a verdict as .json, .xlsx, .html, .pdf or .docx and give the file's path; `name` is that of the subject,
    `notes` (of `read_runs`) lets footnotes say what the runs read.

    The file appears whole or not at all. Raises OutputUnknown for another ending, InputError where it cannot be
    written.
    """
    target = check_verdict_path(path)
    ending = target.suffix.lower()
    if ending in DOCUMENT_ENDINGS:
        from gaoyuan.report.verdict_report import verdict_document

        return write_document(verdict_document(verdict, diagnosis, name, notes), target)
    if ending == ".xlsx":
        from gaoyuan.report.verdict_workbook import write_verdict_workbook

        with whole_file(target) as partial:
            write_verdict_workbook(verdict, partial, diagnosis)
        return target
    data = {**verdict.as_data(), "name": name}
    if diagnosis is not None:
        data["diagnosis"] = diagnosis.as_data()
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    with whole_file(target) as partial:
        partial.write_text(text, encoding="utf-8")
    return target


def check_verdict_path(path: str | os.PathLike[str]) -> Path:
    """Give the path if a verdict can be written there, before work is spent on it; raises as `write_verdict` does."""
    target = Path(path)
    if target.suffix.lower() not in VERDICT_ENDINGS:
        raise OutputUnknown(
            f"the ending {target.suffix!r} names no kind of report" if target.suffix else "the file has no ending",
            where=str(target),
            mend=f"Name a file that ends in one of {', '.join(VERDICT_ENDINGS)}.",
            zh=f"不识的文件类型 {target.suffix}" if target.suffix else "文件名没有扩展名",
            mend_zh=f"文件名须以其中之一结尾：{'、'.join(VERDICT_ENDINGS)}",
        )
    check_writable(target)
    return target
