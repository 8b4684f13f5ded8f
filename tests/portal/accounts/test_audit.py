"""The audit log: nothing is left out, it says who and from where, and it cannot be changed."""

from __future__ import annotations

import csv
import io

import pytest
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.apps import apps
from django.test import Client

from gaoyuan.portal.accounts.audit import UNLOGGED, update_logged
from gaoyuan.portal.accounts.models import Membership, Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.jobs.models import Job


def test_every_model_of_the_portal_is_logged_or_left_out_for_a_reason() -> None:
    ours = {one._meta.label for one in apps.get_models() if one.__module__.startswith("gaoyuan.portal.")}
    logged = {one._meta.label for one in apps.get_models() if auditlog.contains(one)}
    assert ours - logged == set(UNLOGGED)


def test_a_change_is_logged_with_person_address_and_values(client_of) -> None:
    ended = Membership.objects.get(user__username="enterprise")
    client_of(Role.COUNTY).post(f"/people/{ended.pk}/end/", headers={"X-Forwarded-For": "6.6.6.6"})
    entry = LogEntry.objects.get(content_type__model="membership", action=LogEntry.Action.DELETE)
    assert (str(entry.actor), entry.remote_addr) == ("county", "127.0.0.1")
    closed = LogEntry.objects.get(content_type__model="user", object_repr="enterprise", action=LogEntry.Action.UPDATE)
    assert (closed.changes or {})["is_active"] == ["True", "False"]


def test_an_invented_address_breaks_nothing(client_of) -> None:
    given = {"name": "新局", "kind": "county", "division": "370214"}
    answer = client_of(Role.CITY).post("/people/", given, headers={"X-Forwarded-For": "'; drop table"})
    assert answer.status_code == 200
    assert LogEntry.objects.filter(content_type__model="organisation", object_repr="新局").exists()


def test_a_change_in_one_statement_is_logged_like_any_other(client_of) -> None:
    job = Job.objects.create_for(Organisation.objects.get(kind=Role.COUNTY), kind="none")
    client_of(Role.COUNTY).post(f"/jobs/{job.pk}/cancel/")
    entry = LogEntry.objects.get(content_type__model="job", action=LogEntry.Action.UPDATE)
    assert (str(entry.actor), (entry.changes or {})["state"]) == ("county", ["queued", "cancelled"])
    link = client_of(Role.COUNTY).post("/people/", {"organisation": job.organisation_id}).context["link"]
    new = "correct horse battery 91"
    Client().post(link, {"username": "wanglin", "email": "", "password1": new, "password2": new})
    used = LogEntry.objects.get(content_type__model="setuplink", action=LogEntry.Action.UPDATE)
    assert set(used.changes or {}) == {"used"}


def test_what_changes_nothing_is_not_logged(published) -> None:
    job = Job.objects.create_for(Organisation.objects.get(kind=Role.COUNTY), kind="none")
    before = LogEntry.objects.count()
    assert update_logged(Job.unscoped.filter(pk=job.pk), stop=False) == 1
    assert update_logged(Job.unscoped.filter(pk=job.pk, state="done"), stop=True) == 0
    assert LogEntry.objects.count() == before


def test_no_secret_is_in_the_log(client_of) -> None:
    client = client_of(Role.COUNTY)
    secret = client.post("/api/tokens/", {"name": "a program"}).context["secret"]
    link = client.post("/people/", {"organisation": Organisation.objects.get(kind=Role.COUNTY).pk}).context["link"]
    new = "correct horse battery 91"
    Client().post(link, {"username": "wanglin", "email": "", "password1": new, "password2": new})
    said = str(list(LogEntry.objects.values_list("changes", "object_repr", "additional_data")))
    assert "wanglin" in said
    for one in (secret, link.rstrip("/").rsplit("/", 1)[1], new, "argon2", "digest"):
        assert one not in said


def test_signing_in_is_logged(published) -> None:
    Client().post("/accounts/login/", {"login": "county", "password": "a long enough phrase 47"})
    entry = LogEntry.objects.get(action=LogEntry.Action.ACCESS)
    assert (entry.object_repr, str(entry.actor)) == ("county", "county")


def test_a_failed_sign_in_is_in_the_servers_log(published, caplog) -> None:
    Client().post("/accounts/login/", {"login": "county", "password": "wrong"})
    assert "sign-in failed for 'county' from 127.0.0.1" in caplog.text


def test_the_page_shows_narrows_and_exports_the_log(client_of) -> None:
    client_of(Role.CITY).post("/people/", {"name": "=1+1 新局", "kind": "county", "division": "370214"})
    client = client_of(Role.ADMINISTRATOR)
    assert "=1+1 新局" in client.get("/audit/").content.decode()
    assert client.get("/audit/?q=none-such").context["rows"] == []
    assert client.get("/audit/?since=2999-01-01").context["rows"] == []
    assert client.get("/audit/?since=nonsense&until=&page=x").status_code == 200
    file = client.get("/audit/?format=csv&q=city").content.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(file)) if "city" in row]
    assert rows
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert client.get("/audit/?format=xlsx").content[:2] == b"PK"


@pytest.mark.parametrize("what", ["change", "delete"])
def test_not_even_an_administrator_changes_the_log(client_of, what) -> None:
    client_of(Role.CITY).post("/people/", {"name": "新局", "kind": "county", "division": "370214"})
    client = client_of(Role.ADMINISTRATOR)
    entry = LogEntry.objects.order_by("-pk")[0]
    before = LogEntry.objects.count()
    address = f"/admin/auditlog/logentry/{entry.pk}/{what}/"
    assert client.post(address, {"post": "yes", "action": "0"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": entry.pk, "post": "yes"}
    client.post("/admin/auditlog/logentry/", chosen)
    assert LogEntry.objects.count() == before
