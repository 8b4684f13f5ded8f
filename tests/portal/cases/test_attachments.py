"""Files of a case: taken for what they are, given to whom they are for, sealed while they must be."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from django.utils.datastructures import MultiValueDict

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.attachments import (
    AttachmentsField,
    CheckedFile,
    attachments_seen_by,
    checked,
    opened_name,
    save_attachments,
    unseal_attachments,
)
from gaoyuan.portal.cases.models import Attachment, Case, RecordLine
from gaoyuan.portal.cases.moving import move_case, open_case

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n...\n%%EOF\n"
DXF = b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n  0\r\nENDSEC\r\n  0\r\nEOF\r\n"
STEP = b"ISO-10303-21;\nHEADER;\nENDSEC;\nDATA;\nENDSEC;\nEND-ISO-10303-21;\n"
DWG = b"AC1032\x00\x00\x00\x00\x00\x00" + bytes(100)


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def firm(name: str) -> Viewer:
    office = Organisation.objects.get_or_create(name="某县局", kind=Role.COUNTY, division="370202")[0]
    own = Organisation.objects.create(name=name, kind=Role.ENTERPRISE, parent=office)
    return Viewer(Role.ENTERPRISE, None, own)


def opened(buyer: Viewer) -> tuple[Case, RecordLine]:
    case = open_case(buyer, "supply-demand", role="buyer", title="布", given={"title": "布"})
    assert isinstance(case, Case), case
    given = {"closes_at": timezone.now() + dt.timedelta(days=5), "sealed": True}
    done = move_case(buyer, case, "publish", role="buyer", given=given)
    assert isinstance(done, Case), done
    return done, RecordLine.unscoped.filter(case=case).latest("number")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PDF, "pdf"),
        ("a.dxf", DXF, "dxf"),
        ("a.DXF", b"999\r\nmade by hand\r\n" + DXF, "dxf"),
        ("a.step", STEP, "step"),
        ("a.stp", STEP, "step"),
        ("a.dwg", DWG, "dwg"),
    ],
)
def test_a_file_is_taken_for_what_it_is(name: str, content: bytes, kind: str) -> None:
    found = checked(sent(f"../../etc/{name}", content))
    assert (found.name, found.kind, found.content) == (name, kind, content)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"MZ\x90", "none of PDF"),
        ("a.pdf", DXF, "is DXF by its content"),
        ("a.dxf", PDF, "no drawing"),
        ("a.step", STEP[:-30], "no drawing"),
        ("a.svg", b"<svg onload='alert(1)'/>", "none of PDF"),
        ("a.pdf", b"", "is empty"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_with_the_reason(name: str, content: bytes, said: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError, match=said):
        checked(sent(name, content))


def test_macros_and_files_that_are_too_large_or_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"):
            archive.writestr(name, b"<x/>")
    with pytest.raises(ValidationError):
        checked(sent("a.xlsx", file.getvalue()))
    monkeypatch.setattr("gaoyuan.portal.cases.attachments.MOST_BYTES", 10)
    with pytest.raises(ValidationError):
        checked(sent("a.pdf", PDF))
    with pytest.raises(ValidationError):
        AttachmentsField().clean([sent(f"{at}.pdf", PDF) for at in range(11)])


def test_a_field_takes_a_content_once_and_names_every_file_that_it_does_not_take() -> None:
    assert AttachmentsField().clean([]) == []
    assert [one.name for one in AttachmentsField().clean([sent("a.pdf", PDF), sent("b.pdf", PDF)])] == ["a.pdf"]
    with pytest.raises(ValidationError) as fault:
        AttachmentsField().clean([sent("a.pdf", b"x"), sent("b.pdf", PDF), sent("c.dxf", PDF)])
    assert [message.split(" ")[0] for message in fault.value.messages] == ["a.pdf", "c.dxf"]


def test_a_field_takes_what_is_sent_whatever_stands_beside_it() -> None:
    class Files(forms.Form):
        papers = AttachmentsField()

    form = Files({"papers-clear": "on"}, MultiValueDict({"papers": [sent("a.pdf", PDF), sent("b.pdf", PDF + b"%2")]}))
    assert form.is_valid(), form.errors
    assert [one.name for one in form.cleaned_data["papers"]] == ["a.pdf", "b.pdf"]


def test_a_file_is_seen_by_its_sender_and_the_roles_that_it_is_for() -> None:
    buyer, bidder = firm("甲厂"), firm("乙厂")
    case, line = opened(buyer)
    assert buyer.organisation is not None
    assert bidder.organisation is not None
    for_bidders, own = CheckedFile("a.pdf", "pdf", PDF), CheckedFile("b.pdf", "pdf", PDF)
    save_attachments(case, line, buyer.organisation, [for_bidders], ["buyer", "bidder"])
    save_attachments(case, line, buyer.organisation, [own], ["supplier"])
    save_attachments(case, line, bidder.organisation, [CheckedFile("c.pdf", "pdf", PDF)], ["buyer"])
    assert [one.name for one in attachments_seen_by(buyer, case)] == ["a.pdf", "b.pdf", "c.pdf"]
    assert [one.name for one in attachments_seen_by(bidder, case)] == ["a.pdf", "c.pdf"]
    assert [one.name for one in attachments_seen_by(firm("丙厂"), case)] == ["a.pdf"]
    assert buyer.organisation.parent is not None
    office = Viewer(Role.COUNTY, None, buyer.organisation.parent)
    assert list(attachments_seen_by(office, case)) == []


def test_a_sealed_file_is_unreadable_in_the_database_until_it_is_opened() -> None:
    buyer, bidder = firm("甲厂"), firm("乙厂")
    case, line = opened(buyer)
    assert bidder.organisation is not None
    (held,) = save_attachments(
        case, line, bidder.organisation, [CheckedFile("价格.pdf", "pdf", PDF)], ["buyer"], sealed=True
    )
    row = Attachment.unscoped.values().get(pk=held.pk)
    assert "价格" not in row["name"]
    assert b"PDF" not in bytes(row["content"])
    assert row["sha256"] == ""
    assert list(attachments_seen_by(buyer, case)) == []
    assert [opened_name(one) for one in attachments_seen_by(bidder, case)] == ["价格.pdf"]
    assert unseal_attachments(case, ["buyer"]) == 1
    assert [one.name for one in attachments_seen_by(buyer, case)] == ["价格.pdf"]
    assert bytes(Attachment.unscoped.get(pk=held.pk).content) == PDF


def test_a_file_is_sent_as_a_download_that_no_browser_takes_for_a_page() -> None:
    buyer = firm("甲厂")
    case, line = opened(buyer)
    assert buyer.organisation is not None
    (held,) = save_attachments(case, line, buyer.organisation, [CheckedFile("图.pdf", "pdf", PDF)], [])
    user = User.objects.create(username="甲")
    Membership.objects.create(user=user, organisation=buyer.organisation)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"/services/attachment/{held.number}/")
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
