"""Signing in by an OpenID provider: a real one runs beside the tests, and the portal finds it by its environment."""

from __future__ import annotations

import json
import runpy
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client
from oidc_provider_mock import User as Subject
from oidc_provider_mock import run_server_in_thread

import gaoyuan.portal.settings
from gaoyuan.portal.accounts.models import Membership, User
from gaoyuan.portal.accounts.roles import Role

LOGIN, CALLBACK = "/accounts/oidc/oidc/login/", "http://testserver/accounts/oidc/oidc/login/callback/"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl) -> None:
        return None


_BROWSER = urllib.request.build_opener(_Stay)


@dataclass(frozen=True)
class Provider:
    """A running provider, and what it has given the portal to know it by."""

    address: str
    client: str
    secret: str

    def lets_in(self, address: str, subject: str) -> str:
        """Let somebody pass at the provider's own page; gives the address to which it sends his browser."""
        form = urllib.parse.urlencode({"sub": subject}).encode()
        with pytest.raises(urllib.error.HTTPError, match=r"30[23]") as answer:
            _BROWSER.open(urllib.request.Request(address, form), timeout=10)
        return answer.value.headers["Location"]


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    known = [Subject(sub="zhang", claims={"email": "county@example.org", "email_verified": True, "name": "张"})]
    with run_server_in_thread(require_client_registration=True, user_claims=known) as server:
        address = f"http://localhost:{server.server_port}"
        wanted = {"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "client_secret_post"}
        head = {"Content-Type": "application/json"}
        asked = urllib.request.Request(f"{address}/oauth2/clients", json.dumps(wanted).encode(), head)
        with urllib.request.urlopen(asked, timeout=10) as answer:
            given = json.load(answer)
        yield Provider(address, given["client_id"], given["client_secret"])


@pytest.fixture
def connected(provider, published, settings, monkeypatch) -> Provider:
    """The portal with the environment that the guide names."""
    cache.clear()
    environment = {"URL": provider.address, "CLIENT": provider.client, "SECRET": provider.secret, "NAME": "省统一认证"}
    _configure(settings, monkeypatch, environment)
    return provider


def _configure(settings, monkeypatch, environment: dict[str, str]) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(f"GAOYUAN_OIDC_{name}", value)
    read = runpy.run_path(str(Path(gaoyuan.portal.settings.__file__)))
    settings.SOCIALACCOUNT_PROVIDERS = read["SOCIALACCOUNT_PROVIDERS"]


def _sign_in(client: Client, provider: Provider, subject: str = "zhang", process: str = "login"):
    """Go from the portal to the provider and back; gives the page on which one ends."""
    sent = client.post(f"{LOGIN}?process={process}")
    assert sent.status_code == 302
    there = sent.headers["Location"]
    assert there.startswith(f"{provider.address}/oauth2/authorize?"), "found by discovery"
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(there).query))
    assert asked["code_challenge_method"] == "S256"
    back = provider.lets_in(there, subject)
    assert back.startswith(CALLBACK)
    return client.get(back.removeprefix("http://testserver"), follow=True)


def _signed_in(client: Client) -> str | None:
    number = client.session.get("_auth_user_id")
    return None if number is None else User.objects.get(pk=number).username


def _connect(client: Client, provider: Provider, subject: str = "zhang") -> None:
    _sign_in(client, provider, subject, "connect")
    assert SocialAccount.objects.get(uid=subject).user.username == _signed_in(client)


def test_the_page_of_signing_in_offers_the_provider_by_its_name(connected) -> None:
    assert "省统一认证" in Client().get("/accounts/login/").content.decode()
    assert Client().get(LOGIN).status_code == 200, "a page that asks, not a link that leads away at once"


def test_somebody_whose_account_is_connected_signs_in_and_acts_for_his_organisation(connected, client_of) -> None:
    _connect(client_of(Role.COUNTY), connected)
    client = Client()
    page = _sign_in(client, connected)
    assert page.status_code == 200
    assert _signed_in(client) == "county"
    assert client.get("/people/").status_code == 200


def test_nobody_gets_an_account_by_the_provider_alone_not_even_by_a_known_address(connected) -> None:
    before = User.objects.count()
    for subject in ("zhang", "somebody-else@example.org"):
        client = Client()
        page = _sign_in(client, connected, subject)
        assert page.status_code == 200
        assert _signed_in(client) is None
        assert client.get("/people/").status_code == 302
        assert client.get("/clusters/").status_code == 200, "what everybody sees"
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_somebody_without_an_organisation_sees_what_everybody_sees(connected, client_of) -> None:
    _connect(client_of(Role.COUNTY), connected)
    Membership.objects.filter(user__username="county").delete()
    client = Client()
    _sign_in(client, connected)
    assert _signed_in(client) == "county"
    assert client.get("/clusters/").status_code == 200
    assert client.get("/account/").status_code == 200
    assert client.get("/people/").status_code == 404


def test_a_closed_account_is_not_opened_by_the_provider(connected, client_of) -> None:
    _connect(client_of(Role.COUNTY), connected)
    User.objects.filter(username="county").update(is_active=False)
    client = Client()
    page = _sign_in(client, connected)
    assert page.status_code == 200
    assert _signed_in(client) is None
    assert client.get("/people/").status_code == 302


def test_an_answer_that_was_not_asked_for_signs_nobody_in(connected, client_of) -> None:
    _connect(client_of(Role.COUNTY), connected)
    victim, attacker = Client(), Client()
    there = attacker.post(LOGIN).headers["Location"]
    back = connected.lets_in(there, "zhang").removeprefix("http://testserver")
    assert victim.get(back, follow=True).status_code < 500
    assert _signed_in(victim) is None
    assert victim.get("/accounts/oidc/oidc/login/callback/?code=invented&state=invented").status_code < 500
    assert attacker.get(back, follow=True).status_code == 200
    assert attacker.get(back, follow=True).status_code < 500, "the code is used up"


@pytest.mark.parametrize("wrong", [{"SECRET": "wrong"}, {"URL": "http://localhost:9"}], ids=["secret", "address"])
def test_a_provider_that_refuses_or_is_away_is_said_on_a_page(connected, settings, monkeypatch, wrong) -> None:
    _configure(settings, monkeypatch, wrong)
    client = Client()
    sent = client.post(LOGIN)
    if sent.status_code == 302 and sent.headers["Location"].startswith("http"):
        back = connected.lets_in(sent.headers["Location"], "zhang")
        sent = client.get(back.removeprefix("http://testserver"))
    assert sent.status_code < 500
    assert "Traceback" not in sent.content.decode()
    assert _signed_in(client) is None
