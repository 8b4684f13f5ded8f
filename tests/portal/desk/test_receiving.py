from __future__ import annotations

import gzip
import io
import os
import random
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gaoyuan.errors import FileUnreadable
from gaoyuan.portal.desk import archives
from gaoyuan.portal.desk.receiving import receive, remove, under_its_name

CSV = "企业名称,住所\n甲厂,山东省青岛市市南区\n".encode()


def kept(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def workbook(rows: int = 3) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["企业名称", "住所"])
        for row in range(1, rows):
            sheet.write_row(row, 0, [f"甲{row}厂", "山东省"])
    return file.getvalue()


def archive(*parts: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts:
            packed.writestr(name, content)
    return file.getvalue()


def bomb(size: int) -> bytes:
    return archive(("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", b" " * size))


def lying(size: int) -> bytes:
    """A workbook whose part says that it is smaller than it is."""
    content = bytearray(bomb(size))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        begin = content.rfind(mark)
        content[begin + at : begin + at + 4] = (100).to_bytes(4, "little")
    return bytes(content)


def called(value: str | bytes) -> str:
    """Name a case without its bytes, which hold the time of their packing."""
    return value if isinstance(value, str) else "content"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", CSV),
        ("a.txt", CSV.replace(b",", b"\t")),
        ("A.CSV", "企业名称,住所\n甲厂,山东\n".encode("gb18030")),
        ("a.csv", "企业名称,住所\n甲厂,山东\n".encode("utf-16")),
        ("a.xlsx", workbook()),
        ("a.xls", workbook()),
        ("a.csv.gz", gzip.compress(CSV)),
    ],
    ids=called,
)
def test_files_that_the_importer_reads_are_kept_whole_under_a_name_that_says_nothing(settings, tmp_path, name, content):
    settings.MEDIA_ROOT = tmp_path
    got = receive(SimpleUploadedFile(name, content), "7")
    assert [file.relative_to(tmp_path).as_posix() for file in kept(tmp_path)] == [got.place]
    assert got.place.startswith("7/")
    assert Path(got.place).stem != "a"
    assert (tmp_path / got.place).read_bytes() == (gzip.decompress(content) if name.endswith(".gz") else content)
    remove(got.place)
    assert kept(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "为空"),
        ("a.csv.gz", gzip.compress(b""), "为空"),
        ("a.csv", random.Random(1).randbytes(5000), "不符"),
        ("a.csv", workbook(), "不符"),
        ("a.xlsx", CSV, "不符"),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(500), "不符"),
        ("a.parquet", CSV, "不符"),
        ("a.csv.gz", CSV, "不符"),
        ("a.exe", CSV, "不读"),
        ("a", CSV, "不读"),
        ("a.gz", gzip.compress(CSV), "不读"),
        ("a.csv.gz", gzip.compress(CSV)[:-12], "已损坏"),
        ("a.xlsx", workbook()[:2000], "已损坏"),
        ("a.xlsx", archive(("word/document.xml", b"<a/>")), "不是 XLSX"),
        ("a.xlsx", bomb(64 << 20), "远大于"),
        ("a.xlsx", lying(64 << 20), "已损坏"),
        ("a.csv.gz", gzip.compress(b"," * (64 << 20)), "远大于"),
    ],
    ids=called,
)
def test_a_file_that_is_not_what_it_says_or_unpacks_to_too_much_is_refused_and_not_kept(
    settings, tmp_path, name, content, said
):
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(FileUnreadable) as fault:
        receive(SimpleUploadedFile(name, content), "7")
    assert said in fault.value.zh
    assert fault.value.mend_zh
    assert kept(tmp_path) == []


def test_a_workbook_of_very_many_parts_is_refused(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(archives, "MOST_ENTRIES", 50)
    parts = [("xl/workbook.xml", b"<a/>"), *((f"xl/{number}.xml", b"<a/>") for number in range(50))]
    with pytest.raises(FileUnreadable, match="51 parts"):
        receive(SimpleUploadedFile("a.xlsx", archive(*parts)), "7")


def test_a_file_above_the_limit_is_refused(settings, tmp_path):
    settings.MEDIA_ROOT, settings.MOST_UPLOAD_BYTES = tmp_path, 20
    with pytest.raises(FileUnreadable, match="larger"):
        receive(SimpleUploadedFile("a.csv", CSV), "7")
    assert kept(tmp_path) == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), ending=st.sampled_from([".csv", ".xlsx", ".xls", ".parquet", ".csv.gz"]))
def test_whatever_bytes_come_they_are_kept_whole_or_refused(tmp_path, content, ending):
    from django.test import override_settings

    with override_settings(MEDIA_ROOT=tmp_path):
        try:
            got = receive(SimpleUploadedFile(f"a{ending}", content), "7")
        except FileUnreadable:
            assert kept(tmp_path) == []
        else:
            remove(got.place)


@pytest.mark.parametrize("name", ["../../etc/passwd.csv", "甲" * 200 + ".csv", ".csv", "a[b]*.csv", "a\x00b.csv"])
def test_a_file_is_read_under_its_own_name_in_a_folder_that_is_gone_afterwards(settings, tmp_path, name):
    settings.MEDIA_ROOT = tmp_path
    got = receive(SimpleUploadedFile("a.csv", CSV), "7")
    with under_its_name(got.place, name) as path:
        assert path.read_bytes() == CSV
        assert path.parent.parent == tmp_path / "7"
        assert len(os.fsencode(path.name)) < 200
    assert kept(tmp_path) == [tmp_path / got.place]
