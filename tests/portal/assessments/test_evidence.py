"""Evidence files: what is taken, what is refused, and that a refused file loses nothing else."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.assessments import evidence as rules
from gaoyuan.portal.assessments.evidence import kind_of, plain_name
from gaoyuan.portal.assessments.models import Evidence

PDF = b"%PDF-1.7\n...\n%%EOF\n"


def _archive(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return file.getvalue()


def _office(main: str, **more: bytes) -> bytes:
    return _archive({"[Content_Types].xml": b"<Types/>", main: b"<x/>", **more})


def _image(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, kind)
    return file.getvalue()


def _huge_png() -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("a.pdf", PDF, "pdf"),
        ("a.PNG", _image("PNG"), "png"),
        ("a.jpg", _image("JPEG"), "jpeg"),
        ("a.xlsx", _office("xl/workbook.xml"), "xlsx"),
        ("a.docx", _office("word/document.xml"), "docx"),
    ],
)
def test_the_kind_is_told_by_the_content(name, body, kind) -> None:
    assert kind_of(io.BytesIO(body), name) == kind


HOSTILE = {
    "a page as a PDF": ("a.pdf", b"<html><script>alert(1)</script></html>"),
    "a program as a picture": ("a.png", b"MZ" + b"\0" * 100),
    "a PDF as a picture": ("a.png", PDF),
    "a PDF without an end": ("a.pdf", b"%PDF-1.7\n"),
    "an SVG": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "a plain archive": ("a.xlsx", _archive({"readme.txt": b"x"})),
    "a broken archive": ("a.xlsx", b"PK\x03\x04" + b"\0" * 50),
    "a workbook with macros": ("a.xlsx", _office("xl/workbook.xml", **{"xl/vbaProject.bin": b"x"})),
    "a bomb": ("a.xlsx", _office("xl/workbook.xml", **{"xl/big.xml": b"0" * (30 << 20)})),
    "many parts": ("a.docx", _office("word/document.xml", **{f"p{n}": b"" for n in range(6000)})),
    "a damaged picture": ("a.png", _image("PNG")[:40]),
    "a picture of too many pixels": ("a.png", _huge_png()),
    "a workbook as a document": ("a.docx", _office("xl/workbook.xml")),
    "nothing": ("a.pdf", b""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_and_leave_nothing(begun, sent_by, files_folder, name) -> None:
    client, held = begun()
    fields = sent_by(client.get(f"/assessments/{held.pk}/").content.decode())
    fields["value-area_km2:"], fields["fact"] = ["77"], ["area_km2:"]
    file = SimpleUploadedFile(*HOSTILE[name])
    told = client.post(f"/assessments/{held.pk}/", {**fields, "files": [file], "action": "save"}, follow=True)
    html = told.content.decode()
    assert told.status_code == 200
    assert 'class="message error"' in html
    assert HOSTILE[name][0] in html
    assert Evidence.unscoped.count() == 0
    assert not [one for one in files_folder.rglob("*") if one.is_file()]
    # What was typed is saved all the same.
    held.refresh_from_db()
    assert [one["text"] for one in held.facts if one["metric"] == "area_km2"] == ["77"]


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    body = bytearray(_office("xl/workbook.xml", **{"xl/big.xml": b"0" * (30 << 20)}))
    at = body.rindex(b"PK\x01\x02")
    body[at + 24 : at + 28] = struct.pack("<I", 10)
    with pytest.raises(ValidationError):
        kind_of(io.BytesIO(bytes(body)), "a.xlsx")


def test_a_file_too_great_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(rules, "MOST_BYTES", 10)
    with pytest.raises(ValidationError, match="MB"):
        rules.store(SimpleUploadedFile("a.pdf", PDF))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ('a"b\r\nSet-Cookie: x.pdf', "abSet-Cookie x.pdf"),
        ("...", "file"),
    ],
)
def test_names_are_made_plain(given, kept) -> None:
    assert plain_name(given) == kept


def test_a_file_is_kept_under_a_random_name_and_taken_off_again(begun, sent_by, files_folder, client_of) -> None:
    client, held = begun()
    address = f"/assessments/{held.pk}/"
    fields = sent_by(client.get(address).content.decode())
    name = "很长的文件名" * 60 + ".pdf"
    given = {**fields, "fact": ["area_km2:"], "files": [SimpleUploadedFile(name, PDF)], "action": "save"}
    client.post(address, given)
    kept = Evidence.unscoped.get()
    assert len(kept.name) <= 120
    assert kept.name.endswith(".pdf")
    assert kept.organisation == held.organisation
    files = [one for one in files_folder.rglob("*") if one.is_file()]
    assert [one.name for one in files] == [kept.stored]
    assert re.fullmatch(r"[0-9a-f]{48}", kept.stored)
    assert files[0].stat().st_mode & 0o777 == 0o600
    assert client_of(Role.CLUSTER).get(f"{address}evidence/{kept.pk}/").status_code == 404
    assert client_of(Role.PUBLIC).get(f"{address}evidence/{kept.pk}/").status_code == 302
    client.post(f"{address}copy/")
    fields = sent_by(client.get(address).content.decode())
    client.post(address, {**fields, "remove": [str(kept.pk), "no-id"], "action": "save"})
    assert client.get(f"{address}evidence/{kept.pk}/").status_code == 404
    # The copy still has it.
    copied = Evidence.unscoped.get()
    assert client.get(f"/assessments/{copied.assessment_id}/evidence/{copied.pk}/").status_code == 200


def test_a_file_needs_its_fact(begun, sent_by) -> None:
    client, held = begun()
    fields = sent_by(client.get(f"/assessments/{held.pk}/").content.decode())
    for fact in ("", "no_such:"):
        file = SimpleUploadedFile("a.pdf", PDF)
        answer = client.post(f"/assessments/{held.pk}/", {**fields, "fact": [fact], "files": [file], "action": "save"})
        assert answer.status_code in (200, 302)
    assert Evidence.unscoped.count() == 0
