"""The portal's own pages of accounts: the one-time link, people, acting for another organisation, the language."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gaoyuan.portal.accounts.models import Membership, Organisation, SetupLink, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.snapshots.models import Part

GOOD = "correct horse battery 91"


def _form(name: str = "wanglin", password: str = GOOD, **other: str) -> dict[str, str]:
    return {"username": name, "email": "", "password1": password, "password2": password, **other}


@pytest.fixture
def platform(published) -> Organisation:
    return Organisation.objects.get(kind=Role.ADMINISTRATOR)


def test_a_link_makes_an_account_that_is_signed_in_and_works_once(platform) -> None:
    address = f"/setup/{SetupLink.make(platform)}/"
    client = Client()
    assert client.get(address).status_code == 200
    answer = client.post(address, _form())
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    user = User.objects.get(username="wanglin")
    assert user.is_superuser
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.password.startswith("argon2")
    assert [Client().get(address).status_code, Client().post(address, _form("zhao")).status_code] == [404, 404]
    assert not User.objects.filter(username="zhao").exists()


def test_a_link_for_another_organisation_makes_no_administrator(published) -> None:
    county = Organisation.objects.get(kind=Role.COUNTY)
    Client().post(f"/setup/{SetupLink.make(county)}/", _form())
    user = User.objects.get(username="wanglin")
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert [one.organisation for one in Membership.objects.filter(user=user)] == [county]


def test_an_old_link_is_answered_like_an_invented_one(platform) -> None:
    secret = SetupLink.make(platform)
    SetupLink.objects.update(created=timezone.now() - SetupLink.VALID - timedelta(minutes=1))
    old, invented = Client().get(f"/setup/{secret}/"), Client().get("/setup/invented/")
    assert old.status_code == invented.status_code == 404
    shown = [re.sub(rf'{secret}|invented|(?<=token" value=")\w+', "", one.content.decode()) for one in (old, invented)]
    assert shown[0] == shown[1]


@pytest.mark.parametrize(
    ("password", "why"),
    [("short 1", "12"), ("password123456", "常见"), ("314159265358979", "数字"), ("wanglin-9x7q", "相似")],
)
def test_a_weak_password_is_refused_with_its_reason(platform, password, why) -> None:
    answer = Client().post(f"/setup/{SetupLink.make(platform)}/", _form(password=password))
    assert answer.status_code == 200
    assert why in answer.content.decode()
    assert not User.objects.filter(username="wanglin").exists()


def test_a_long_password_without_any_rule_of_composition_is_taken(platform) -> None:
    Client().post(f"/setup/{SetupLink.make(platform)}/", _form(password="山高水长 and very many words " * 5))
    assert User.objects.filter(username="wanglin").exists()


@pytest.mark.parametrize("other", [{"username": "County"}, {"email": "COUNTY@example.org"}])
def test_a_name_or_address_of_somebody_else_is_refused(platform, other) -> None:
    secret = SetupLink.make(platform)
    answer = Client().post(f"/setup/{secret}/", _form(**other))
    assert answer.status_code == 200
    assert SetupLink.valid(secret).exists(), "the link still works"


def test_a_cluster_organisation_is_invited_by_the_id_of_a_published_cluster(client_of, published) -> None:
    number = Part.objects.filter(snapshot=published, kind="cluster").values_list("key", flat=True)[0]
    client_of(Role.CITY).post("/people/", {"name": "集群公司", "kind": "cluster", "subject": number})
    assert Organisation.objects.get(name="集群公司").subject == number


def test_an_office_invites_for_a_new_organisation_below_it(client_of) -> None:
    client = client_of(Role.CITY)
    given = {"name": "城阳区发改局", "kind": "county", "division": "370214"}
    page = client.post("/people/", given).content.decode()
    made = Organisation.objects.get(name="城阳区发改局")
    assert made.parent == Organisation.objects.get(kind=Role.CITY)
    secret = page.split("/setup/")[1].split("/")[0]
    assert SetupLink.valid(secret).get().organisation == made


@pytest.mark.parametrize(
    "given",
    [
        {"name": "外省", "kind": "county", "division": "330102"},
        {"name": "无区划", "kind": "county", "division": ""},
        {"name": "更高", "kind": "province", "division": "370000"},
        {"name": "平台", "kind": "administrator", "division": ""},
        {"name": "", "kind": "county", "division": "370214"},
        {"name": "错号集群", "kind": "cluster", "division": "", "subject": "no-such-cluster"},
        {"name": "错号企业", "kind": "enterprise", "division": "", "subject": "no-such-firm"},
    ],
)
def test_an_office_makes_nothing_outside_its_division_or_above_itself(client_of, given) -> None:
    before = Organisation.objects.count()
    assert client_of(Role.CITY).post("/people/", given).status_code == 200
    assert (Organisation.objects.count(), SetupLink.objects.count()) == (before, 0)


def test_an_enterprise_invites_for_itself_alone(client_of) -> None:
    client, own = client_of(Role.ENTERPRISE), Organisation.objects.get(kind=Role.ENTERPRISE)
    assert client.post("/people/", {"name": "新厂", "kind": "enterprise"}).status_code == 404
    assert client.post("/people/", {"organisation": own.pk}).status_code == 200
    assert SetupLink.objects.get().organisation == own


def test_an_ended_membership_closes_the_account_and_its_sessions(client_of) -> None:
    theirs = client_of(Role.ENTERPRISE)
    assert theirs.get("/people/").status_code == 200
    ended = Membership.objects.get(user__username="enterprise")
    assert client_of(Role.COUNTY).post(f"/people/{ended.pk}/end/").status_code == 302
    assert not User.objects.get(username="enterprise").is_active
    assert theirs.get("/people/").headers["Location"].startswith("/accounts/login/")


def test_nobody_ends_his_own_membership(client_of) -> None:
    own = Membership.objects.get(user__username="administrator")
    client_of(Role.ADMINISTRATOR).post(f"/people/{own.pk}/end/")
    assert Membership.objects.filter(pk=own.pk).exists()
    assert User.objects.get(username="administrator").is_superuser


def test_somebody_in_two_organisations_acts_for_the_chosen_one(client_of) -> None:
    bank = Organisation.objects.get(kind=Role.BANK)
    Membership.objects.create(user=User.objects.get(username="county"), organisation=bank)
    client = client_of(Role.COUNTY)
    assert client.get("/").context["viewer"].role == Role.COUNTY
    client.post("/organisation/", {"organisation": bank.pk})
    assert client.get("/").context["viewer"].role == Role.BANK


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_language_is_switched_in_place_and_never_elsewhere(db, target) -> None:
    client = Client()
    assert '<html lang="zh-hans">' in client.get("/accounts/login/").content.decode()
    assert (
        client.post("/language/", {"language": "en", "next": "/accounts/login/"}).headers["Location"]
        == "/accounts/login/"
    )
    assert '<html lang="en">' in client.get("/accounts/login/").content.decode()
    assert client.post("/language/", {"language": "en", "next": target}).headers["Location"] == "/"


def test_a_form_without_its_token_is_refused(platform) -> None:
    strict = Client(enforce_csrf_checks=True)
    for address in (f"/setup/{SetupLink.make(platform)}/", "/accounts/login/", "/language/"):
        assert strict.post(address, _form()).status_code == 403
