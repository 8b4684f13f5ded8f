"""Writing documents into files."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path

import pytest

from gaoyuan.errors import InputError, OutputUnknown
from gaoyuan.report import write_document
from gaoyuan.report.document import Document, Paragraph, Reference

DOCUMENT = Document("报告", datetime.date(2026, 1, 5), (Paragraph("正文"),))


@pytest.mark.parametrize(("ending", "begins"), [(".pdf", b"%PDF"), (".docx", b"PK"), (".HTML", b"<!doctype html>")])
def test_the_ending_says_how_and_an_older_file_is_replaced(
    tmp_path: Path, chinese_fonts: None, ending: str, begins: bytes
):
    file = tmp_path / f"报告{ending}"
    file.write_text("old")
    assert write_document(DOCUMENT, file) == file
    assert file.read_bytes().startswith(begins)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", ["report.doc", "report", "report.pdf.txt"])
def test_another_ending_is_refused_with_those_that_are_known(tmp_path: Path, name: str):
    with pytest.raises(OutputUnknown, match=r"\.pdf, \.docx, \.html"):
        write_document(DOCUMENT, tmp_path / name)


def test_a_missing_folder_and_a_folder_itself_are_refused(tmp_path: Path):
    with pytest.raises(InputError, match="no such folder"):
        write_document(DOCUMENT, tmp_path / "none" / "report.pdf")
    (tmp_path / "folder.pdf").mkdir()
    with pytest.raises(InputError, match="this is a folder"):
        write_document(DOCUMENT, tmp_path / "folder.pdf")


def test_a_document_that_cannot_be_made_leaves_the_older_file(tmp_path: Path):
    file = tmp_path / "report.html"
    file.write_text("old")
    wrong = Document("报告", datetime.date(2026, 1, 5), (Paragraph(Reference("none")),))
    with pytest.raises(ValueError, match="label 'none'"):
        write_document(wrong, file)
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_importing_the_room_and_its_documents_loads_nothing_heavy():
    program = (
        "import sys, gaoyuan.report, gaoyuan.report.document, gaoyuan.report.writing\n"
        "print(sorted({'matplotlib', 'typst', 'docx', 'jinja2', 'pandas', 'shapely', 'numpy'} & set(sys.modules)))"
    )
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "[]"


def test_a_name_that_no_file_can_have_is_said(tmp_path: Path):
    with pytest.raises(InputError, match="cannot be written"):
        write_document(DOCUMENT, tmp_path / ("名" * 100 + ".html"))
    assert list(tmp_path.iterdir()) == []
