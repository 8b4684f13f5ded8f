"""What the tests of assessments share: a draft of a cluster, and a reader of what a page's form would send."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.assessments.models import Assessment

Fields = dict[str, list[str]]


class _Form(HTMLParser):
    """Collects what a browser would send of the form with an id."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.inside, self.fields, self.select, self.option = form, False, {}, "", None
        self.first: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form
        if not self.inside:
            return
        if tag == "input" and given.get("type") not in ("file", "checkbox") and "name" in given:
            self.fields.setdefault(given["name"], []).append(given.get("value", ""))
        elif tag == "input" and given.get("type") == "checkbox" and "checked" in given:
            self.fields.setdefault(given["name"], []).append(given.get("value", "on"))
        elif tag == "select":
            self.select = given["name"]
        elif tag == "option" and self.select:
            if self.select not in self.first:
                self.first[self.select] = given.get("value", "")
            if "selected" in given:
                self.fields[self.select] = [given.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "select" and self.inside:
            self.fields.setdefault(self.select, [self.first.get(self.select, "")])
            self.select = ""


@pytest.fixture
def sent_by() -> Callable[[str, str], Fields]:
    """Read what the form of an id in a page would send."""

    def read(html: str, form: str = "facts") -> Fields:
        reader = _Form(form)
        reader.feed(html)
        return {name: values for name, values in reader.fields.items() if name != "csrfmiddlewaretoken"}

    return read


@pytest.fixture(autouse=True)
def files_folder(settings: Settings, tmp_path: Path) -> Path:
    """Keep uploaded files in the test's own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def cluster(published) -> dict:
    """A cluster of the snapshot, that of the cluster organisation of the tests."""
    from gaoyuan.portal.accounts.models import Organisation

    subject = Organisation.objects.get(kind=Role.CLUSTER).subject
    return {"id": subject}


@pytest.fixture
def begun(client_of, cluster) -> Callable[..., tuple[Client, Assessment]]:
    """Begin an assessment as a role."""

    def begin(role: Role = Role.COUNTY, **more: str) -> tuple[Client, Assessment]:
        client = client_of(role)
        given = {"cluster": cluster["id"], "edition": "cn-sme-cluster.2022", "application": "new"}
        answer = client.post("/assessments/new/", {**given, "as_of": "2026-06-01", **more})
        assert answer.status_code == 302, answer.content.decode()
        pk = re.search(r"/assessments/([0-9a-f-]{36})/", answer["Location"])
        assert pk is not None
        return client, Assessment.unscoped.get(pk=pk[1])

    return begin
