"""Files that people send: checked by what they are, and kept under a name that says nothing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from gaoyuan.errors import FileUnreadable
from gaoyuan.portal.desk.archives import check_workbook, unpack
from gaoyuan.registry.import_records import sha256_of
from gaoyuan.registry.reading.encoding import wide_encoding

_ZIP, _OLE, _PARQUET, _GZIP = b"PK", b"\xd0\xcf\x11\xe0", b"PAR1", b"\x1f\x8b"
_MARKS = {_ZIP: "xlsx", _OLE: "xls", _PARQUET: "parquet", _GZIP: "gz"}
_HELD = {
    ".csv": {"text"},
    ".txt": {"text"},
    ".tsv": {"text"},
    ".xlsx": {"xlsx"},
    # Many sites call an XLSX file .xls.
    ".xls": {"xls", "xlsx"},
    ".parquet": {"parquet"},
}
"""What a file may be, by the ending of its name."""
ENDINGS = (*_HELD, ".csv.gz", ".txt.gz", ".tsv.gz")


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is kept: its place below MEDIA_ROOT, the name its sender gave it, its size in bytes, its SHA-256, and
    the bytes that it takes unpacked.
    """

    place: str
    name: str
    size: int
    sha256: str
    unpacked: int


class Limited(FileUploadHandler):
    """Passes over files of requests that are longer than any file may be, before they are written anywhere."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None) -> None:  # noqa: ANN001
        """Look at what the request says of its length; the server reads no further than that."""
        self._too_long = content_length > settings.MOST_UPLOAD_BYTES + _HEAD_BYTES

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Pass over the file of too long a request."""
        super().new_file(*args, **kwargs)  # pyright: ignore[reportArgumentType]
        if self._too_long:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Leave the bytes to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


_HEAD_BYTES = 1 << 20


def too_large() -> FileUnreadable:
    """Give the error for a file that is larger than files may be."""
    most = settings.MOST_UPLOAD_BYTES >> 20
    return FileUnreadable(
        f"the file is larger than {most} MB",
        mend="Send it in parts; or let the administrator import it on the server.",
        zh=f"文件大于 {most} MB",
        mend_zh="分成几份上传，或请管理员在服务器上导入",
    )


def receive(sent: UploadedFile, folder: str) -> Received:
    """Check a file and keep it in a folder below MEDIA_ROOT, whole and on the disk, or raise FileUnreadable and keep
    nothing.
    """
    name = Path(sent.name or "").name
    if (sent.size or 0) > settings.MOST_UPLOAD_BYTES:
        raise too_large()
    home = Path(settings.MEDIA_ROOT) / folder
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = home / secrets.token_hex(16)
    partial = place.with_suffix(".partial")
    try:
        _write(sent, partial)
        ending = Path(name).suffix.lower()
        if ending == ".gz":
            if _kind(partial) != "gz":
                raise _not_as_named(ending)
            unpacked = place.with_suffix(".unpacked")
            unpack(partial, unpacked)
            unpacked.replace(partial)
            name = Path(name).stem
            ending = Path(name).suffix.lower()
        size = _checked(partial, ending)
        partial.replace(place)
        _keep(home)
    finally:
        partial.unlink(missing_ok=True)
    return Received(f"{folder}/{place.name}", name, place.stat().st_size, sha256_of(place), size)


@contextmanager
def under_its_name(place: str, name: str) -> Iterator[Path]:
    """Give a kept file under the name that its sender gave it, as long as it is read: what is imported from it names
    its source by that.
    """
    kept = Path(settings.MEDIA_ROOT) / place
    folder = kept.parent / f"{kept.name}.{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    # A name that systems can hold: no part of a path, and not too long in bytes.
    ending = Path(name).suffix[:16]
    stem = "".join(one for one in Path(name).stem if one.isprintable() and one not in '/\\[]*?^|%"<>:')
    file = folder / ((stem.lstrip(".").encode()[:150].decode(errors="ignore") or "file") + ending)
    try:
        os.link(kept, file)
        yield file
    finally:
        file.unlink(missing_ok=True)
        folder.rmdir()


def remove(place: str) -> None:
    """Take a kept file away, and what has been made of it."""
    kept = Path(settings.MEDIA_ROOT) / place
    for file in kept.parent.glob(f"{kept.name}*"):
        if file.is_file():
            file.unlink(missing_ok=True)


def _write(sent: UploadedFile, file: Path) -> None:
    with file.open("wb") as target:
        for piece in sent.chunks():
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())


def _keep(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _checked(file: Path, ending: str) -> int:
    """Give the bytes that a file takes unpacked; raises FileUnreadable where it is not what its name says."""
    if file.stat().st_size == 0:
        raise FileUnreadable(
            "the file is empty", mend="Check that it was saved.", zh="文件为空", mend_zh="核对文件是否保存"
        )
    if ending not in _HELD:
        raise FileUnreadable(
            f"files that end in {ending or 'nothing'} are not read here",
            mend=f"Send one of {', '.join(ENDINGS)}.",
            zh=f"这里不读以 {ending or '空'} 结尾的文件",
            mend_zh=f"可用：{'、'.join(ENDINGS)}",
        )
    kind = _kind(file)
    if kind not in _HELD[ending]:
        raise _not_as_named(ending)
    return check_workbook(file) if kind == "xlsx" else file.stat().st_size


def _kind(file: Path) -> str:
    with file.open("rb") as opened:
        start = opened.read(4096)
    for mark, kind in _MARKS.items():
        if start.startswith(mark):
            return kind
    # Text has no control characters but those between its lines and cells.
    control = sum(one < 32 and one not in b"\t\r\n\x1b\x1a\x0c\x1f" for one in start)
    return "text" if wide_encoding(start) is not None or control <= len(start) // 50 else "other"


def _not_as_named(ending: str) -> FileUnreadable:
    return FileUnreadable(
        f"the content is not what the ending {ending} says",
        mend="Open it in the program it comes from and save it as XLSX or CSV.",
        zh=f"内容与扩展名 {ending} 不符",
        mend_zh="用生成它的软件打开，另存为 XLSX 或 CSV",
    )
