from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from gaoyuan.errors import FileUnreadable
from gaoyuan.registry.columns import count_known
from gaoyuan.registry.reading import ReadSettings, open_source


def opened(path: Path, **options):
    return open_source(path, ReadSettings(**options), count_known)


@pytest.mark.parametrize("name", ["f.csv", "f.xlsx", "f.xls", "f.parquet", "f.txt", "f"])
def test_a_file_is_opened_by_what_it_is_and_not_by_its_name(tmp_path: Path, name: str):
    path = tmp_path / name
    path.write_text("企业名称,住所\n甲,x\n", encoding="utf-8")
    assert opened(path).headings == ["企业名称", "住所"]
    pq.write_table(pa.table({"企业名称": ["甲"]}), path)
    assert opened(path).headings == ["企业名称"]
    with xlsxwriter.Workbook(str(tmp_path / "made.xlsx")) as workbook:
        workbook.add_worksheet().write_row(0, 0, ["单位名称", "住所"])
    (tmp_path / "made.xlsx").rename(path)
    assert opened(path).headings == ["单位名称", "住所"]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "the file is empty"),
        (b" \n\r\n\t", "the file is empty"),
        (b"\0" * 5000, "the file is empty"),
        (b"%PDF-1.7 ...", "a PDF file"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"Rar!\x1a\x07", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"\x1f\x8b\x08\0\0", "a gzip archive"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"<html><table><tr><td>a</td></tr></table>", "a web page or XML"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "a web page or XML"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 200 + b"\xf3" * 50, "neither text nor a known table format"),
    ],
)
def test_what_holds_no_rows_is_refused_by_what_it_is(tmp_path: Path, data: bytes, what: str):
    path = tmp_path / "f.csv"
    path.write_bytes(data)
    with pytest.raises(FileUnreadable, match=what) as caught:
        opened(path)
    assert caught.value.where == str(path)


@pytest.mark.parametrize("name", ["f.xlsx", "f.XLS", "f.xlsm", "f.ods"])
def test_bytes_that_are_no_text_are_no_workbook(tmp_path: Path, name: str):
    path = tmp_path / name
    path.write_bytes(bytes((7 * at * at + 13 * at + 252) % 256 for at in range(300)))
    with pytest.raises(FileUnreadable, match="no workbook") as caught:
        opened(path)
    assert "工作簿" in caught.value.zh
    assert caught.value.mend
    assert caught.value.mend_zh


def test_text_of_wide_characters_may_be_called_a_workbook(tmp_path: Path):
    path = tmp_path / "f.xls"
    path.write_bytes("企业名称\t住所\n甲厂\t高阳县\n".encode("utf-16"))
    assert opened(path).headings == ["企业名称", "住所"]


def test_an_empty_file_is_told_with_a_mend(tmp_path: Path):
    path = tmp_path / "f.csv"
    path.write_bytes(b"")
    with pytest.raises(FileUnreadable) as caught:
        opened(path)
    assert caught.value.mend
    assert caught.value.mend_zh


def test_what_is_no_file_is_refused_by_what_it_is(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    for path, what in (
        (tmp_path / "nothing", "no such file"),
        (tmp_path, "a folder, not a file"),
        (tmp_path / "pipe", "a device or pipe"),
    ):
        with pytest.raises(FileUnreadable, match=what):
            opened(path)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_text_of_wide_characters_is_text(tmp_path: Path, encoding: str):
    path = tmp_path / "f.csv"
    path.write_bytes(("企业名称,住所\n甲厂,高阳县1号\n" * 3).encode(encoding))
    assert opened(path).headings == ["企业名称", "住所"]
    assert opened(path, encoding=encoding).headings == ["企业名称", "住所"]
