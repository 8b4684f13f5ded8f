"""Opening a file by what it is, not by what its name says."""

from __future__ import annotations

from pathlib import Path

from gaoyuan.errors import FileUnreadable
from gaoyuan.registry.reading.columnar import ParquetFile
from gaoyuan.registry.reading.delimited import DelimitedFile
from gaoyuan.registry.reading.encoding import wide_encoding
from gaoyuan.registry.reading.settings import ReadSettings
from gaoyuan.registry.reading.source import HeaderScore, Source
from gaoyuan.registry.reading.spreadsheet import SpreadsheetFile

__all__ = ["Source", "open_source"]

_PARQUET = b"PAR1"
_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0"
_WORKBOOKS = {".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ods"}
_PRINTED = bytes({*range(32, 256), *b"\t\n\r\f\x1a"})
_WEB = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head")
_OTHERS = {
    b"%PDF": "a PDF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x1f\x8b": "a gzip archive",
    b"SQLite format 3": "an SQLite database",
}


def open_source(path: Path, settings: ReadSettings, score: HeaderScore) -> Source:
    """Open a file of rows; `score` tells of a row of cells how many are known headings.

    Raises FileUnreadable, with the reason, where the file is missing, empty, damaged or of a kind that holds no rows.
    """
    if not path.exists():
        raise FileUnreadable(
            "there is no such file", where=str(path), mend="Check the path.", zh="没有此文件", mend_zh="核对路径"
        )
    if path.is_dir():
        raise FileUnreadable(
            "this is a folder, not a file",
            where=str(path),
            mend="Name the files in it.",
            zh="这是文件夹，不是文件",
            mend_zh="写明其中的文件",
        )
    if not path.is_file():
        raise FileUnreadable(
            "this is a device or pipe, not a file",
            where=str(path),
            mend="Save it as a file first.",
            zh="这是设备或管道，不是文件",
            mend_zh="先另存为文件",
        )
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as fault:
        raise FileUnreadable(
            f"the file cannot be opened ({fault.strerror})", where=str(path), zh="文件无法打开"
        ) from None
    if not start.strip(b" \t\r\n\x00"):
        raise FileUnreadable(
            "the file is empty",
            where=str(path),
            mend="Save or download it again.",
            zh="文件为空",
            mend_zh="重新保存或下载",
        )
    if start.startswith(_PARQUET):
        return ParquetFile(path)
    if start.startswith((_ZIP, _OLE)):
        return SpreadsheetFile(path, settings, score)
    for mark, kind in _OTHERS.items():
        if start.startswith(mark):
            raise FileUnreadable(
                f"this is {kind}, not a table",
                where=str(path),
                mend="Give CSV, XLSX or Parquet.",
                zh="这不是表格",
                mend_zh="请给 CSV、XLSX 或 Parquet",
            )
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB):
        raise FileUnreadable(
            "this is a web page or XML, not a table",
            where=str(path),
            mend="Open it in a spreadsheet program and save it as XLSX or CSV.",
            zh="这是网页或 XML，不是表格",
            mend_zh="用电子表格软件打开，另存为 XLSX 或 CSV",
        )
    wide = settings.encoding is not None or wide_encoding(start) is not None
    # Many sites call a text file .xls; what holds more than a few control characters is no text either.
    if not wide and path.suffix.lower() in _WORKBOOKS and len(start.translate(None, _PRINTED)) > len(start) // 100:
        raise FileUnreadable(
            "the file is no workbook, though its name says so",
            where=str(path),
            mend="It may be damaged or encrypted: save or download it again as XLSX or CSV.",
            zh="文件名是工作簿，内容却不是",
            mend_zh="可能已损坏或加密：重新保存或下载为 XLSX 或 CSV",
        )
    if not wide and start.count(b"\x00") > len(start) // 20:
        raise FileUnreadable(
            "the file is neither text nor a known table format",
            where=str(path),
            mend="Give CSV, XLSX or Parquet.",
            zh="既不是文本，也不是已知的表格格式",
            mend_zh="请给 CSV、XLSX 或 Parquet",
        )
    return DelimitedFile(path, settings, score)
