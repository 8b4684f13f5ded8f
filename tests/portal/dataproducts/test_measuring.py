"""Reports of quality: of tables of the own workspace, as a job, and of files, which are not kept."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.dataproducts.measuring import KIND, tables_of
from gaoyuan.portal.dataproducts.models import Product, QualityReport
from gaoyuan.portal.jobs.models import Job, State
from gaoyuan.portal.jobs.queue import queue
from gaoyuan.portal.jobs.running import start
from gaoyuan.trust.canonical import canonical_json
from gaoyuan.workspace import Workspace

from .conftest import DESCRIBED, Person, sample_file

PAGE = "/data-products/quality/"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "immediate", True)


@pytest.fixture
def working(people: dict[str, Person], demonstrated: Workspace) -> Person:
    """An office with a workspace of its own."""
    office = people["县局"]
    office.organisation.workspace = str(demonstrated.path)
    office.organisation.save()
    return office


@pytest.mark.django_db(transaction=False)
def test_a_table_of_the_own_workspace_is_measured_by_a_job(
    working: Person, at_once: None, demonstrated: Workspace, django_capture_on_commit_callbacks
) -> None:
    assert "enterprise" in {one.name for one in tables_of(working.organisation)}
    with django_capture_on_commit_callbacks(execute=True):
        assert working.client.post(PAGE, {"table": "enterprise"}).status_code == 302
    job = Job.unscoped.get(kind=KIND)
    assert job.state == State.DONE, job.fault
    report = QualityReport.objects.of(working.organisation).get()
    table = demonstrated.read("enterprise")
    assert report.content["rows"] == table.num_rows
    found = {one["name"]: one for one in report.content["columns"]}
    code = table["uscc"]
    share = (len(code) - code.null_count) / len(code)
    assert float(found["uscc"]["completeness"]) == pytest.approx(share, abs=1e-6)
    assert report.version == demonstrated.version("enterprise")
    assert report.run in set(demonstrated.runs()["run"].to_pylist())
    assert hashlib.sha256(canonical_json(report.content)).hexdigest() == report.sha256
    page = working.reads(f"{PAGE}{report.pk}/")
    assert "完整性" in page
    assert "uscc" in page
    assert "completeness" in working.reads(f"{PAGE}{report.pk}/?as=json")


def test_a_firm_below_an_office_does_not_measure_the_tables_of_the_office(
    people: dict[str, Person], working: Person, at_once: None, django_capture_on_commit_callbacks
) -> None:
    firm = people["甲纺织"]
    assert firm.client.post(PAGE, {"table": "enterprise"}).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        start(KIND, firm.viewer, {"table": "enterprise"})
    assert Job.unscoped.get(kind=KIND).state == State.FAILED
    assert not QualityReport.unscoped.exists()


def test_a_file_is_measured_at_once_and_its_report_belongs_to_the_product(people: dict[str, Person]) -> None:
    firm = people["甲纺织"]
    content = "日期,设备\n2026-01-01,一号\n2026-01-01,一号\n,二号\n".encode("gb18030")
    answer = firm.client.post(PAGE, {"file": SimpleUploadedFile("用电.csv", content)})
    assert answer.status_code == 302
    report = QualityReport.objects.of(firm.organisation).get()
    assert report.source == "用电.csv"
    assert report.content["rows"] == 3
    assert report.content["uniqueness"] == "0.666667"
    assert report.content["completeness"] == "0.833333"
    assert people["乙科技"].client.get(f"{PAGE}{report.pk}/").status_code == 404
    given = {**DESCRIBED, "quality": str(report.pk), "sample": sample_file()}
    assert people["甲纺织"].opens("data-product", **given) == ""
    product = Product.unscoped.select_related("entry").get()
    assert product.entry is not None
    assert product.entry.said.quality_sha256 == report.sha256
    assert people["市数据局"].client.get(f"/data-products/reports/{product.entry.pk}/").status_code == 200
    assert people["乙科技"].client.get(f"/data-products/reports/{product.entry.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空"),
        (b"a,b\n", "没有数据行"),
        (b"a,a\n1,2\n", "重复"),
        (b"a,b\n1\n", "CSV"),
        (b"\xff\xff\xff", "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_measured_is_answered(people: dict[str, Person], content: bytes, said: str) -> None:
    answer = people["甲纺织"].client.post(PAGE, {"file": SimpleUploadedFile("a.csv", content)})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not QualityReport.unscoped.exists()


def test_the_report_of_another_is_no_choice(people: dict[str, Person]) -> None:
    other = Organisation.objects.create(name="丁", kind=Role.ENTERPRISE)
    report = QualityReport.objects.create_for(other, source="t", content={}, sha256="0" * 64)
    page = people["甲纺织"].opens("data-product", **DESCRIBED, quality=str(report.pk), sample=sample_file())
    assert page != ""
    assert not Product.unscoped.exists()
