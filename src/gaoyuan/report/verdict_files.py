"""A verdict as a file whose ending says how: JSON, a workbook, a web page, a PDF or a Word file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from xlsxwriter.exceptions import FileCreateError

from gaoyuan.assess import Verdict
from gaoyuan.errors import InputError, OutputUnknown
from gaoyuan.report.run_notes import RunNotes
from gaoyuan.report.writing import DOCUMENT_ENDINGS, write_document

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

        return _whole(target, lambda file: write_verdict_workbook(verdict, file))
    data = {**verdict.as_data(), "name": name}
    if diagnosis is not None:
        data["diagnosis"] = diagnosis.as_data()
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return _whole(target, lambda file: file.write_text(text, encoding="utf-8"))


def check_verdict_path(path: str | os.PathLike[str]) -> Path:
    """Give the path if a verdict can be written there, before work is spent on it; raises as `write_verdict` does."""
    target = Path(path)
    if target.suffix.lower() not in VERDICT_ENDINGS:
        raise OutputUnknown(
            f"the ending {target.suffix!r} names no kind of report" if target.suffix else "the file has no ending",
            where=str(target),
            mend=f"Name a file that ends in one of {', '.join(VERDICT_ENDINGS)}.",
        )
    if not target.absolute().parent.is_dir():
        raise InputError(
            "there is no such folder", where=str(target.absolute().parent), mend="Make it, or name another."
        )
    try:
        folder = target.is_dir()
    except OSError as fault:
        raise _unwritable(target, fault) from None
    if folder:
        raise InputError("this is a folder", where=str(target), mend="Name a file in it, or another one.")
    return target


def _whole(target: Path, write: Callable[[Path], object]) -> Path:
    partial = target.with_name(f".gaoyuan-{os.getpid()}.partial{target.suffix}")
    try:
        write(partial)
        partial.replace(target)
    # The library of workbooks has an error of its own for a file that it cannot make.
    except (OSError, FileCreateError) as fault:
        raise _unwritable(target, fault) from fault
    finally:
        partial.unlink(missing_ok=True)
    return target


def _unwritable(target: Path, fault: Exception) -> InputError:
    said = getattr(fault, "strerror", None) or fault
    return InputError(f"the file cannot be written ({said})", where=str(target), mend="Close it, or name another.")
