"""Packed files are looked into before anything reads them: a small one can unpack to more than the machine holds."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import Path

from gaoyuan.errors import FileUnreadable

MOST_ENTRIES = 2_000
MOST_UNPACKED_BYTES = 1 << 30
HIGHEST_RATIO = 100
"""Registers pack to a tenth or a twentieth of their size, the least varied to a fiftieth."""
FREE_BYTES = 16 << 20
"""What unpacks to less than this may have any ratio: an empty sheet is all repetition."""
_PIECE = 1 << 20


def check_workbook(path: Path) -> int:
    """Give the bytes that a workbook unpacks to; raises FileUnreadable for a zip bomb and for a damaged archive.

    What the archive says of itself is tried first, then every part is unpacked and counted; a part that holds more
    than it says is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES:
                raise _bomb(f"has {len(entries):,} parts", f"有 {len(entries):,} 个部分")
            if not any(entry.filename.lower() == "xl/workbook.xml" for entry in entries):
                raise FileUnreadable(
                    "this is a ZIP archive or a document, not an XLSX workbook",
                    mend="Unpack it, or save the table as XLSX or CSV.",
                    zh="这是压缩包或文档，不是 XLSX 工作簿",
                    mend_zh="先解压，或把表格另存为 XLSX 或 CSV",
                )
            declared = sum(entry.file_size for entry in entries)
            # The same bytes may be named by many parts, so the packed size is that of the file.
            _refuse_bomb(declared, path.stat().st_size)
            for entry in entries:
                _refuse_bomb(entry.file_size, entry.compress_size)
            unpacked = 0
            for entry in entries:
                with archive.open(entry) as part:
                    own = 0
                    while piece := part.read(_PIECE):
                        own, unpacked = own + len(piece), unpacked + len(piece)
                        _refuse_bomb(own, entry.compress_size)
                        _refuse_bomb(unpacked, path.stat().st_size)
            return unpacked
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as fault:
        raise _damaged() from fault


def unpack(packed: Path, plain: Path) -> None:
    """Unpack a gzip file; raises FileUnreadable for a bomb and for a damaged one, and leaves nothing of those."""
    size, done = packed.stat().st_size, 0
    try:
        with gzip.open(packed) as source, plain.open("wb") as target:
            while piece := source.read(_PIECE):
                done += len(piece)
                _refuse_bomb(done, size)
                target.write(piece)
    except FileUnreadable:
        plain.unlink(missing_ok=True)
        raise
    except (OSError, EOFError, zlib.error) as fault:
        plain.unlink(missing_ok=True)
        raise _damaged() from fault


def _refuse_bomb(unpacked: int, packed: int) -> None:
    if unpacked > MOST_UNPACKED_BYTES:
        raise _bomb(
            f"unpacks to more than {MOST_UNPACKED_BYTES >> 20} MB", f"解压后超过 {MOST_UNPACKED_BYTES >> 20} MB"
        )
    if unpacked > FREE_BYTES and unpacked > HIGHEST_RATIO * packed:
        raise _bomb("unpacks to far more than any register does", "解压后远大于任何登记数据")


def _bomb(what: str, zh: str) -> FileUnreadable:
    return FileUnreadable(
        f"the file {what}",
        mend="Delete what stands far from the table, or save it as CSV.",
        zh=f"文件{zh}",
        mend_zh="删去远离表格的内容，或另存为 CSV",
    )


def _damaged() -> FileUnreadable:
    return FileUnreadable(
        "the file is damaged or protected by a password",
        mend="Open it in a spreadsheet program and save it again as XLSX or CSV.",
        zh="文件已损坏或有密码",
        mend_zh="用电子表格软件打开，另存为 XLSX 或 CSV",
    )
