"""Files that a move carries: drawings, certificates, reports. They are judged by their content and not by their name,
kept in the database, so that its backup holds them, and given back as downloads to the roles that they are for.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from io import BytesIO
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header  # pyright: ignore[reportAttributeAccessIssue]
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.assessments.evidence import TYPES, kind_of, plain_name
from gaoyuan.portal.cases.models import Attachment, Case, RecordLine
from gaoyuan.portal.cases.seeing import roles_of, seen_by
from gaoyuan.portal.cases.service import Panel
from gaoyuan.portal.encryption import cipher
from gaoyuan.trust.canonical import Json

__all__ = [
    "MEDIA",
    "MOST_BYTES",
    "MOST_FILES",
    "Attachment",
    "AttachmentsField",
    "CheckedFile",
    "attachment",
    "attachments_panel",
    "attachments_seen_by",
    "checked",
    "described",
    "save_attachments",
    "unseal_attachments",
]

MOST_BYTES = 20 << 20
"""Of a file."""
MOST_FILES = 10
"""Of a move."""
_DRAWINGS = {"dxf": "image/vnd.dxf", "dwg": "image/vnd.dwg", "step": "model/step"}
MEDIA = {**TYPES, **_DRAWINGS}
"""The kinds of files that are taken, and what they are sent as."""
_KINDS = ", ".join(kind.upper() for kind in MEDIA)
_ENDINGS = {"stp": "step", "p21": "step"}
_DXF = re.compile(rb"\A\xef?\xbb?\xbf?(?:\s*999\s*\r?\n[^\r\n]*\r?\n)*\s*0\s*\r?\n\s*SECTION\s*\r?\n")
_PURPOSE = "attachments"


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that is what its name says; `kind` is a key of MEDIA."""

    name: str
    kind: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Its digest."""
        return hashlib.sha256(self.content).hexdigest()


def checked(file: UploadedFile) -> CheckedFile:
    """Read a file that was sent. Raises ValidationError that says why it is not taken."""
    name = plain_name(str(file.name or ""))
    if not file.size:
        raise ValidationError(_("%(name)s is empty.") % {"name": name})
    if file.size > MOST_BYTES:
        raise ValidationError(_("%(name)s is greater than %(most)s MB.") % {"name": name, "most": MOST_BYTES >> 20})
    file.seek(0)
    content = file.read()
    drawing = _drawing(content)
    if drawing is None:
        if name.rpartition(".")[2].lower() in {*_DRAWINGS, *_ENDINGS}:
            raise ValidationError(_("%(name)s is no drawing by its content, or it is not whole.") % {"name": name})
        return CheckedFile(name, kind_of(BytesIO(content), name, _KINDS), content)
    ending = name.rpartition(".")[2].lower()
    if _ENDINGS.get(ending, ending) != drawing:
        said = _("%(name)s is %(kind)s by its content: give it that ending, if it is what you mean.")
        raise ValidationError(said % {"name": name, "kind": drawing.upper()})
    return CheckedFile(name, drawing, content)


def _drawing(content: bytes) -> str | None:
    """Tell which kind of drawing a file is by how it begins and, where it is text, how it ends."""
    if re.match(rb"AC10[0-9]{2}\x00", content) and len(content) > 64:
        return "dwg"
    if content.startswith(b"AutoCAD Binary DXF\r\n\x1a\x00"):
        return "dxf"
    end = content[-200:].rstrip()
    if _DXF.match(content) and end.endswith(b"EOF"):
        return "dxf"
    if content.lstrip().startswith(b"ISO-10303-21;") and end.endswith(b"END-ISO-10303-21;"):
        return "step"
    return None


class _Several(forms.FileInput):
    allow_multiple_selected = True


class AttachmentsField(forms.FileField):
    """Several files, each checked; its clean value is a list of CheckedFile, without one of the same content twice."""

    widget = _Several

    def __init__(self, **given: Any) -> None:  # noqa: ANN401  (Django's own signature)
        given.setdefault("required", False)
        given.setdefault(
            "help_text",
            gettext_lazy("PDF, PNG, JPEG, DXF, DWG, STEP, XLSX or DOCX; at most 10 files of 20 MB each."),
        )
        super().__init__(**given)
        self.widget.attrs["accept"] = ",".join(f".{one}" for one in (*MEDIA, "jpg", "stp"))

    def clean(self, data: Any, initial: Any = None) -> list[CheckedFile]:  # noqa: ANN401  (Django's own signature)
        """Check each file, and say of all that are not taken why."""
        sent = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if not sent:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        if len(sent) > MOST_FILES:
            raise ValidationError(_("These are more than %(most)s files.") % {"most": MOST_FILES})
        found: dict[str, CheckedFile] = {}
        faults: list[Any] = []
        for file in sent:
            try:
                one = checked(file)
            except ValidationError as fault:
                faults.append(fault)
            else:
                found.setdefault(one.sha256, one)
        if faults:
            raise ValidationError(faults)
        return list(found.values())


def described(files: Iterable[CheckedFile]) -> list[Json]:
    """Give what a record says of files: their names, sizes in bytes and digests.

    >>> described([CheckedFile("a.pdf", "pdf", b"")])[0]["bytes"]
    0
    """
    return [{"name": one.name, "bytes": len(one.content), "sha256": one.sha256} for one in files]


def save_attachments(
    case: Case,
    line: RecordLine,
    organisation: Organisation,
    files: Iterable[CheckedFile],
    roles: Sequence[str],
    *,
    sealed: bool = False,
) -> list[Attachment]:
    """Keep the files of a move for those who play one of the roles, and for the organisation itself. Sealed files are
    encrypted, their names too, and nobody else's until `unseal_attachments`.
    """
    return [
        Attachment.objects.create_for(
            organisation,
            case=case,
            line=line,
            name=_sealed(one.name.encode()).decode() if sealed else one.name,
            media=MEDIA[one.kind],
            sha256="" if sealed else one.sha256,
            content=_sealed(one.content) if sealed else one.content,
            size=len(one.content),
            roles=_listed(() if sealed else roles),
            sealed=sealed,
        )
        for one in files
    ]


def unseal_attachments(case: Case, roles: Sequence[str]) -> int:
    """Open the sealed files of a case for some roles, and give how many there were."""
    rows = list(Attachment.unscoped.filter(case=case, sealed=True))
    for one in rows:
        one.name, content = opened_name(one), opened_content(one)
        one.content, one.sha256 = content, hashlib.sha256(content).hexdigest()
        one.sealed, one.roles = False, _listed(roles)
        one.save()
    return len(rows)


def opened_name(held: Attachment) -> str:
    """Give the name of a file, of a sealed one too: for whoever may see it."""
    return cipher(_PURPOSE).decrypt(held.name.encode()).decode() if held.sealed else held.name


def opened_content(held: Attachment) -> bytes:
    """Give the content of a file, of a sealed one too: for whoever may see it."""
    content = bytes(held.content)
    return cipher(_PURPOSE).decrypt(content) if held.sealed else content


def attachments_seen_by(viewer: Viewer, case: Case) -> QuerySet[Attachment]:
    """Give the files of a case that a viewer may see, without their contents, those of the first moves first. The
    viewer may know of the case.
    """
    own = viewer.organisation
    if own is None:
        return Attachment.unscoped.none()
    roles = roles_of(viewer, case)
    seen = reduce(lambda one, role: one | Q(roles__contains=f" {role} ", sealed=False), roles, Q(organisation=own))
    return Attachment.unscoped.filter(seen, case=case).select_related("organisation").defer("content").order_by("pk")


def attachments_panel(viewer: Viewer, case: Case) -> list[Panel]:
    """Give the part of a case's page that lists the files that a viewer may see; none where there is none."""
    files = [
        {"name": opened_name(one), "size": one.size, "pk": one.number, "of": one.organisation.name}
        for one in attachments_seen_by(viewer, case)
    ]
    return [Panel("cases/attachments.html", {"files": files})] if files else []


def attachment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send a file of a case, as a download and never as a page."""
    viewer = viewer_of(request)
    # Whoever has sent a file has it back, also while nobody is to know that there is a case of his.
    own = Q(organisation=viewer.organisation) if viewer.organisation is not None else Q(pk__in=[])
    known = Attachment.unscoped.filter(Q(case__in=seen_by(viewer)) | own).select_related("case").defer("content")
    held = get_object_or_404(attachments_seen_by(viewer, get_object_or_404(known, number=pk).case), number=pk)
    answer = HttpResponse(opened_content(held), content_type=held.media)
    answer["Content-Disposition"] = content_disposition_header(True, opened_name(held)) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "sandbox"
    return answer


def _sealed(content: bytes) -> bytes:
    return cipher(_PURPOSE).encrypt(content)


def _listed(roles: Sequence[str]) -> str:
    return f" {' '.join(roles)} " if roles else ""
