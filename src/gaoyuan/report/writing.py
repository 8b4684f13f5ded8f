"""Writing a document into a file whose ending says how."""

from __future__ import annotations

import os
from pathlib import Path

from gaoyuan.errors import OutputUnknown
from gaoyuan.report.document import Document

__all__ = ["DOCUMENT_ENDINGS", "check_document_path", "write_document"]

DOCUMENT_ENDINGS = (".pdf", ".docx", ".html")


def write_document(document: Document, path: str | os.PathLike[str]) -> Path:
    """Write a document as .pdf, .docx or .html and give the file's path.

    The file appears whole or not at all; one of that name is replaced. The same document gives the same bytes, with
    the same fonts and libraries. Raises OutputUnknown for another ending, InputError where the folder does not exist or
    the path is a folder or cannot be written, ExtraMissing where a Chinese font is needed and there is none, ValueError
    as `gaoyuan.report.arrangement.arrange` does.
    """
    target = check_document_path(path)
    made = _bytes(document, target.suffix.lower())
    from gaoyuan.workspace.whole_files import whole_file

    with whole_file(target) as partial:
        partial.write_bytes(made)
    return target


def check_document_path(path: str | os.PathLike[str]) -> Path:
    """Give the path if a document can be written there, before work is spent on it; raises as `write_document` does."""
    target = Path(path)
    if target.suffix.lower() not in DOCUMENT_ENDINGS:
        raise OutputUnknown(
            f"the ending {target.suffix!r} names no kind of report" if target.suffix else "the file has no ending",
            where=str(target),
            mend=f"Name a file that ends in one of {', '.join(DOCUMENT_ENDINGS)}.",
            zh=f"不识的文件类型 {target.suffix}" if target.suffix else "文件名没有扩展名",
            mend_zh=f"文件名须以其中之一结尾：{'、'.join(DOCUMENT_ENDINGS)}",
        )
    # The library behind it takes a while too, and a document can be made without it.
    from gaoyuan.workspace.whole_files import check_writable

    check_writable(target)
    return target


def _bytes(document: Document, ending: str) -> bytes:
    # Each face is loaded when it is used: its libraries take a while.
    if ending == ".pdf":
        from gaoyuan.report.pdf import pdf_bytes

        return pdf_bytes(document)
    if ending == ".docx":
        from gaoyuan.report.word import word_bytes

        return word_bytes(document)
    from gaoyuan.report.web_page import web_page

    return web_page(document).encode("utf-8")
