"""What the tests of the data desk share: an office with a workspace of its own, and work done at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.desk.models import Upload
from gaoyuan.portal.desk.spaces import make_workspace
from gaoyuan.portal.jobs.queue import queue

Send = Callable[..., HttpResponse]

_REGISTER = """企业名称,统一社会信用代码,经营范围,住所,成立时间,年营业额,员工数,备注
青岛甲毛巾有限公司,,毛巾生产,山东省青岛市市南区香港中路1号,2015-03-01,100,20,=1+1
青岛乙毛巾有限公司,,毛巾生产,山东省青岛市市南区香港中路2号,2016-03-01,200,很多,
,,毛巾生产,山东省青岛市市南区香港中路3号,2017-03-01,300,40,
青岛丁毛巾有限公司,,毛巾生产,山东省青岛市市南区香港中路4号,2018-13-01,400,50,
"""


@pytest.fixture
def office(client_of, published) -> Client:
    """Somebody of a county office that has a workspace of its own."""
    make_workspace(Organisation.objects.get(kind=Role.COUNTY))
    return client_of(Role.COUNTY)


@pytest.fixture(autouse=True)
def _at_once() -> Iterator[None]:
    """Do the work of jobs where they are started."""
    queue.immediate = True
    yield
    queue.immediate = False


@pytest.fixture
def send(django_capture_on_commit_callbacks) -> Send:
    """Give what sends a form and does the work that it starts."""

    def sent(client: Client, address: str, **form: object) -> HttpResponse:
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, form)

    return sent


@pytest.fixture
def upload(send: Send) -> Callable[..., Upload]:
    """Give what uploads a file that is taken."""

    def uploaded(client: Client, content: bytes | str, name: str = "register.csv", kind: str = "enterprises") -> Upload:
        body = content.encode() if isinstance(content, str) else content
        answer = send(client, "/desk/", kind=kind, file=SimpleUploadedFile(name, body))
        assert answer.status_code == 302, answer.content.decode()
        return Upload.unscoped.get(pk=answer.headers["Location"].split("/")[2])

    return uploaded


@pytest.fixture
def mapping() -> Callable[..., dict[str, str]]:
    """Give the form of columns as the page shows it, with other targets or units for some headings."""

    def form(upload: Upload, units: dict[str, str] | None = None, **targets: str) -> dict[str, str]:
        assert upload.preview is not None
        sent: dict[str, str] = {}
        for number, (heading, (target, unit)) in enumerate(
            zip(upload.preview["headings"], upload.columns, strict=True)
        ):
            sent[f"column-{number}"] = str(targets.get(heading, target))
            sent[f"unit-{number}"] = str((units or {}).get(heading, unit))
        return sent

    return form


@pytest.fixture
def register() -> str:
    """A register of which the first row is good: the others have no number of employees, no name, and no such date."""
    return _REGISTER
