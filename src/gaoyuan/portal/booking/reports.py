"""Test reports: what a laboratory says of samples, written one way, byte for byte, and signed with its Ed25519 key.

What is signed is a note (`gaoyuan.trust.notes`) of the report's number, its SHA-256 and those of the files that came
with it: whoever holds one of them can have it checked here, or by any program that knows the laboratory's key.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from django.db.models import Max
from django.utils import timezone

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.booking.models import Booking, Report, ReportFile, Sample, SigningKey
from gaoyuan.portal.encryption import cipher
from gaoyuan.trust.canonical import Json, canonical_json
from gaoyuan.trust.failure import KeyInvalid, NoteInvalid
from gaoyuan.trust.keys import Signer, ed25519_signer, read_vkey
from gaoyuan.trust.notes import open_note, sign_note

__all__ = ["FORMAT", "Found", "Result", "content_of", "find_report", "holds", "issue"]

FORMAT = "gaoyuan/test-report/v1"
_PURPOSE = "laboratory signing key"


@dataclass(frozen=True, slots=True)
class Result:
    """What was found of an item in a sample; `verdict` is pass, fail, or empty for none."""

    sample: str
    item: str
    method: str
    unit: str
    value: str
    verdict: str

    def plain(self) -> dict[str, Json]:
        """Give it as the report holds it."""
        return {
            "sample": self.sample,
            "item": self.item,
            "method": self.method,
            "unit": self.unit,
            "value": self.value,
            "verdict": self.verdict,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """A report that something belongs to: the report itself (`whole`) or a file that came with it."""

    report: Report
    whole: bool


def issue(booking: Booking, results: Sequence[Result], conclusion: str, files: Sequence[Mapping[str, Json]]) -> Report:
    """Write the report of a booking and sign it."""
    laboratory, now = booking.resource.organisation, timezone.now()
    signer = _signer_of(laboratory)
    issued = Report.unscoped.filter(organisation=laboratory).count()
    number = f"R{timezone.localtime(now):%Y}-{issued + 1:05d}"
    document = canonical_json(
        {
            "format": FORMAT,
            "number": number,
            "issued": _moment(now),
            "laboratory": {"name": laboratory.name, "key": str(signer.key)},
            "client": {"name": booking.organisation.name},
            "resource": booking.resource.name,
            "begins": _moment(booking.begins),
            "ends": _moment(booking.ends),
            "samples": [_sample(one) for one in Sample.unscoped.filter(booking=booking)],
            "results": [one.plain() for one in results],
            "conclusion": conclusion,
            "files": list(files),
        }
    )
    digest = hashlib.sha256(document).hexdigest()
    attached = [str(one["sha256"]) for one in files]
    note = sign_note(_note_text(number, digest, attached), signer)
    report = Report.objects.create_for(
        laboratory,
        booking=booking,
        number=number,
        document=document.decode(),
        sha256=digest,
        note=bytes(note).decode(),
        public=str(signer.key),
        issued=now,
    )
    ReportFile.objects.bulk_create(ReportFile(report=report, sha256=one) for one in sorted(set(attached)))
    return report


def content_of(report: Report) -> dict[str, Any]:
    """Give what a report says."""
    return json.loads(report.document)


def holds(report: Report) -> bool:
    """Tell whether a report is as it was signed: its digest, and the signature by a key of its laboratory."""
    if hashlib.sha256(report.document.encode()).hexdigest() != report.sha256:
        return False
    if not SigningKey.unscoped.filter(organisation=report.organisation, public=report.public).exists():
        return False
    files = [str(one["sha256"]) for one in content_of(report)["files"]]
    try:
        opened = open_note(report.note.encode(), [read_vkey(report.public)])
    except (KeyInvalid, NoteInvalid):
        return False
    return opened.note.text == _note_text(report.number, report.sha256, files)


def find_report(sha256: str) -> Found | None:
    """Give the report that a SHA-256 is of, or of one of whose files; whoever knows it holds the file."""
    reports = Report.unscoped.select_related("organisation", "booking")
    if found := reports.filter(sha256=sha256).first():
        return Found(found, whole=True)
    of = ReportFile.objects.filter(sha256=sha256).order_by("-pk").values("report")[:1]
    found = reports.filter(pk__in=list(of.values_list("report", flat=True))).first()
    return Found(found, whole=False) if found else None


def next_sample_number(laboratory: Organisation) -> int:
    """Give the number of a laboratory's next sample; the transaction of a move holds others off."""
    return (Sample.unscoped.filter(laboratory=laboratory).aggregate(last=Max("number"))["last"] or 0) + 1


def _signer_of(laboratory: Organisation) -> Signer:
    name = f"gaoyuan/laboratory/{laboratory.pk}"
    kept = SigningKey.unscoped.filter(organisation=laboratory).last()
    if kept is not None:
        # Where the portal's secret was replaced, it signs with another key from now on.
        with suppress(InvalidToken):
            return ed25519_signer(name, cipher(_PURPOSE).decrypt(bytes(kept.sealed)))
    seed = secrets.token_bytes(32)
    signer = ed25519_signer(name, seed)
    SigningKey.objects.create_for(laboratory, sealed=cipher(_PURPOSE).encrypt(seed), public=str(signer.key))
    return signer


def _note_text(number: str, digest: str, files: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in (FORMAT, number, f"report {digest}", *(f"file {one}" for one in files)))


def _sample(sample: Sample) -> dict[str, Json]:
    return {
        "number": sample.label,
        "name": sample.name,
        "batch": sample.batch,
        "category": sample.category,
        "quantity": f"{sample.quantity.normalize():f} {sample.unit}",
    }


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")
