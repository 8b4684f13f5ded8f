"""Evidence files: what may be taken, judged by its content and never by its name, and where it is kept.

Files come from people who are invited, but a file may be anything: it is kept under a random name outside of what the
server shows, never opened by the portal again, and given back as a download only.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image

from gaoyuan.portal.assessments.models import Evidence

TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""The kinds of files that are taken, and what they are sent as."""
MOST_BYTES = 20 << 20
MOST_FILES = 60
"""Of an assessment."""
_MOST_UNPACKED, _MOST_PARTS, _HIGHEST_RATIO, _SMALL = 200 << 20, 5_000, 100, 1 << 20
_MOST_PIXELS = 100_000_000
_MOST_NAME = 120
_PIECE = 1 << 20
_ENDING = {"jpg": "jpeg"}
_MAIN_PARTS = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


class Stored(NamedTuple):
    """A file that was checked and is on the disk."""

    name: str
    kind: str
    stored: str
    size: int
    sha256: str


def store(file: UploadedFile) -> Stored:
    """Check a file and put it on the disk under a random name. Raises ValidationError that says why it is not taken."""
    name = plain_name(str(file.name or ""))
    size = file.size or 0
    if size == 0:
        raise ValidationError(_("%(name)s is empty.") % {"name": name})
    if size > MOST_BYTES:
        most = MOST_BYTES >> 20
        raise ValidationError(_("%(name)s is greater than %(most)s MB.") % {"name": name, "most": most})
    assert file.file is not None, "an uploaded file has contents"
    kind = kind_of(file.file, name)
    stored = secrets.token_hex(24)
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial, digest = folder / f".{stored}.partial", hashlib.sha256()
    file.seek(0)
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            for piece in file.chunks():
                digest.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(folder / stored)
    finally:
        partial.unlink(missing_ok=True)
    return Stored(name, kind, stored, size, digest.hexdigest())


def path_of(evidence: Evidence) -> Path:
    """Give where a file lies."""
    return _folder() / evidence.stored


def drop(stored: str) -> None:
    """Take a file off the disk, once no row names it any more."""
    if not Evidence.unscoped.filter(stored=stored).exists():
        (_folder() / stored).unlink(missing_ok=True)


def plain_name(given: str) -> str:
    """Give a file's name as it may be shown and sent: no folders, no control marks, not too long, its ending kept.

    >>> plain_name("../../etc/a.pdf"), plain_name(""), len(plain_name("x" * 900 + ".pdf"))
    ('a.pdf', 'file', 120)
    """
    name = unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2])
    name = _CONTROLS.sub("", name).strip(". ") or "file"
    if len(name) <= _MOST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    return stem[: _MOST_NAME - len(ending) - 1] + dot + ending if dot and len(ending) <= 5 else name[:_MOST_NAME]


def kind_of(file: IO[bytes], name: str, kinds: str = "PDF, PNG, JPEG, XLSX, DOCX") -> str:
    """Give the kind of a file by its content; `kinds` is what a refusal names. Raises ValidationError where it is none
    that is taken, is damaged, does not fit the ending of its name, or unpacks to more than anybody's evidence does.
    """
    file.seek(0)
    head = file.read(1024)
    kind = _by_content(file, head, name)
    if kind is None:
        raise ValidationError(_("%(name)s is none of %(kinds)s by its content.") % {"name": name, "kinds": kinds})
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if _ENDING.get(ending, ending) != kind:
        raise ValidationError(
            _("%(name)s is %(kind)s by its content: give it that ending, if it is what you mean.")
            % {"name": name, "kind": kind.upper()}
        )
    return kind


def _by_content(file: IO[bytes], head: bytes, name: str) -> str | None:
    if b"%PDF-" in head[:16]:
        _check_pdf(file, name)
        return "pdf"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        _check_image(file, "PNG", name)
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        _check_image(file, "JPEG", name)
        return "jpeg"
    return _check_archive(file, name) if head.startswith(b"PK\x03\x04") else None


def _damaged(name: str) -> ValidationError:
    return ValidationError(_("%(name)s is damaged: open it, save it anew and send it again.") % {"name": name})


def _check_pdf(file: IO[bytes], name: str) -> None:
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - 2048))
    if b"%%EOF" not in file.read():
        raise _damaged(name)


def _check_image(file: IO[bytes], form: str, name: str) -> None:
    """Read a picture's head, and of PNG the check sums; its pixels are never unpacked."""
    file.seek(0)
    try:
        with Image.open(file, formats=[form]) as image:
            width, height = image.size
            if width * height <= _MOST_PIXELS:
                image.verify()
                return
    except Image.DecompressionBombError:
        pass
    except Exception:
        # The library raises errors of many kinds for broken pictures.
        raise _damaged(name) from None
    raise ValidationError(_("%(name)s has more pixels than any scan.") % {"name": name})


def _check_archive(file: IO[bytes], name: str) -> str | None:
    """Tell which kind of office file an archive is, after unpacking it piece by piece into nothing."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            names = {part.filename.lower() for part in parts}
            kind = next((kind for kind, main in _MAIN_PARTS.items() if main in names), None)
            if kind is None or "[content_types].xml" not in names:
                return None
            if any(part.endswith("vbaproject.bin") for part in names):
                raise ValidationError(_("%(name)s holds macros: save it without them.") % {"name": name})
            if len(parts) > _MOST_PARTS or not _unpacks_small(archive, parts):
                raise ValidationError(
                    _("%(name)s unpacks to far more than it looks: such files are not taken.") % {"name": name}
                )
            return kind
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError):
        raise _damaged(name) from None


def _unpacks_small(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> bool:
    """Sizes are counted by unpacking, not by what the file says of itself."""
    whole = 0
    for part in parts:
        size = 0
        with archive.open(part) as member:
            while piece := member.read(_PIECE):
                size, whole = size + len(piece), whole + len(piece)
                if whole > _MOST_UNPACKED or (size > _SMALL and size > _HIGHEST_RATIO * part.compress_size):
                    return False
    return True


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "evidence"
