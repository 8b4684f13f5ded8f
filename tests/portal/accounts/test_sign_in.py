"""Signing in: sessions, lockout, the second factor, reset of passwords, and that nobody registers by himself."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from gaoyuan.portal.accounts.models import User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.second_factor import check_roles

PASSWORD = "a long enough phrase 47"
NEW = "correct horse battery 91"


@pytest.fixture(autouse=True)
def _no_failures_before(published) -> None:
    cache.clear()


def _sign_in(client: Client, name: str = "county", password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": name, "password": password})


def _signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def with_second_factor() -> str:
    """Give the secret of the county's second factor."""
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(User.objects.get(username="county"), secret)
    return secret


@pytest.mark.parametrize("name", ["county", "county@example.org", "COUNTY@EXAMPLE.ORG"])
def test_people_sign_in_by_name_or_address(name) -> None:
    client = Client()
    assert _sign_in(client, name).headers["Location"] == "/"
    assert _signed_in(client)


def test_the_session_gets_a_new_number_at_sign_in() -> None:
    client = Client()
    session = client.session
    session["planted"] = "by somebody"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    _sign_in(client)
    assert client.session.session_key != before
    stale = Client()
    stale.cookies["sessionid"] = before
    assert not _signed_in(stale)


def test_a_wrong_password_says_no_more_than_an_unknown_name() -> None:
    shown = []
    for name, password in (("county", "wrong"), ("nobody-here", "wrong")):
        page = _sign_in(Client(), name, password).content.decode().replace(name, "")
        shown.append(re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", page))
    assert shown[0] == shown[1]


def test_after_five_wrong_passwords_the_right_one_is_refused_too_from_any_session() -> None:
    for _ in range(5):
        _sign_in(Client(), password="wrong")
    client = Client()
    _sign_in(client)
    assert not _signed_in(client)
    other = Client()
    _sign_in(other, "city")
    assert _signed_in(other), "others are not locked out"


def test_an_address_that_a_browser_invents_does_not_undo_the_lockout(settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/5m/ip,50/5m/key"}
    for number in range(3):
        Client(headers={"X-Forwarded-For": f"10.0.0.{number}"}).post(
            "/accounts/login/", {"login": f"guessed {number}", "password": "wrong"}
        )
    client = Client(headers={"X-Forwarded-For": "10.9.9.9"})
    _sign_in(client)
    assert not _signed_in(client), "failures from one address lock it"


def test_registration_is_closed() -> None:
    for address in ("/accounts/signup/", "/accounts/3rdparty/signup/"):
        for client in (Client(), Client(headers={"Accept": "application/json"})):
            form = {"username": "intruder", "email": "i@example.org", "password1": NEW, "password2": NEW}
            client.post(address, form)
            assert "intruder" not in client.get(address, follow=True).content.decode()
    assert not User.objects.filter(username="intruder").exists()


def test_a_second_factor_is_asked_for_once_it_is_there(with_second_factor) -> None:
    client = Client()
    assert _sign_in(client).headers["Location"] == reverse("mfa_authenticate")
    assert not _signed_in(client)
    assert client.get("/people/").headers["Location"].startswith("/accounts/login/")
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert not _signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": _code(with_second_factor)})
    assert _signed_in(client)


def test_a_recovery_code_opens_once(with_second_factor) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    code = RecoveryCodes.activate(User.objects.get(username="county")).get_unused_codes()[0]
    for opens in (True, False):
        client = Client()
        _sign_in(client)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert _signed_in(client) == opens


def test_a_second_factor_is_set_up_with_a_picture_from_the_portal_itself() -> None:
    client = Client()
    _sign_in(client)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate")), "the password is asked for again"
    client.post(asked.headers["Location"], {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert 'src="data:image/svg+xml' in page
    assert "<script" not in page.split("<main")[1]
    secret = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert kept.user.username == "county"
    assert get_adapter().decrypt(kept.data["secret"]) == secret


def test_the_secret_of_a_second_factor_does_not_lie_open_in_the_database(with_second_factor) -> None:
    assert with_second_factor not in str(Authenticator.objects.get().data)


def test_a_forgotten_password_is_set_anew_by_mail_and_ends_other_sessions() -> None:
    old = Client()
    _sign_in(old)
    Client().post("/accounts/password/reset/", {"email": "county@example.org"})
    [sent] = mail.outbox
    link = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", sent.body)
    assert link is not None
    client = Client()
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": NEW, "password2": NEW})
    fresh = Client()
    _sign_in(fresh, password=NEW)
    assert _signed_in(fresh)
    assert old.get("/people/").status_code == 302
    assert Client().get(link[1], follow=True).status_code == 200
    again = Client()
    again.post(again.get(link[1], follow=True).request["PATH_INFO"], {"password1": "x" * 20, "password2": "x" * 20})
    late = Client()
    _sign_in(late, password="x" * 20)
    assert not _signed_in(late), "the link works once"


def test_asking_to_reset_an_unknown_address_tells_nothing() -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": one}) for one in ("county@example.org", "no@example.org")
    ]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_people_see_and_end_their_other_sessions(client_of) -> None:
    here, there = Client(), Client()
    _sign_in(here)
    _sign_in(there)
    assert here.get(reverse("usersessions_list")).status_code == 200
    here.post(reverse("usersessions_list"))
    assert here.get("/people/").status_code == 200
    assert there.get("/people/").status_code == 302


@pytest.fixture
def compulsory_for_counties(settings) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({"county"})


@pytest.mark.usefixtures("compulsory_for_counties")
def test_where_a_second_factor_is_compulsory_nothing_is_open_before_it_is_set_up() -> None:
    client = Client()
    _sign_in(client)
    for address in ("/", "/people/", "/api/tokens/", "/admin/", "/clusters/"):
        answer = client.get(address)
        assert answer.status_code in {302, 404}, address
        assert "/accounts/" in answer.headers.get("Location", "/accounts/"), address
    assert client.get("/", follow=True).redirect_chain[0][0] == reverse("mfa_activate_totp")
    assert client.post("/api/tokens/", {"name": "a program"}).status_code == 302
    assert client.get("/api/clusters").status_code == 403
    client.post(client.get(reverse("mfa_activate_totp")).headers["Location"], {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    client.post(reverse("mfa_activate_totp"), {"code": _code(client.session["mfa.totp.secret"])})
    assert client.get("/people/").status_code == 200
    assert client.get("/api/clusters").status_code == 200


@pytest.mark.usefixtures("compulsory_for_counties")
def test_a_compulsory_second_factor_is_asked_of_its_roles_alone(client_of) -> None:
    for role in (Role.CITY, Role.PUBLIC):
        assert client_of(role).get("/clusters/").status_code == 200
    assert Client().get("/accounts/login/").status_code == 200


def test_a_key_of_somebody_without_the_compulsory_second_factor_opens_nothing(client_of, settings) -> None:
    key = client_of(Role.COUNTY).post("/api/tokens/", {"name": "a program"}).context["secret"]
    program = Client(headers={"Authorization": f"Bearer {key}"})
    assert program.get("/api/jobs").status_code == 200
    settings.SECOND_FACTOR_ROLES = frozenset({"county"})
    assert program.get("/api/jobs").status_code == 403


def test_a_role_that_does_not_exist_is_no_setting(settings) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({"county", "kounty"})
    with pytest.raises(ImproperlyConfigured, match="kounty"):
        check_roles()


def test_a_password_takes_no_more_memory_than_many_sign_ins_at_once_leave(published) -> None:
    kept = User.objects.get(username="county").password
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=3,p=1$")
    old = Argon2PasswordHasher().encode(PASSWORD, "saltsaltsalt")
    User.objects.filter(username="county").update(password=old)
    client = Client()
    _sign_in(client)
    assert _signed_in(client)
    assert User.objects.get(username="county").password.startswith("argon2$argon2id$v=19$m=19456,t=3,p=1$")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "name", ["account_change_password", "mfa_index", "usersessions_list", "socialaccount_connections", "account_logout"]
)
def test_the_pages_of_the_library_stand_in_our_layout_and_language(client_of, name, language) -> None:
    client = client_of(Role.COUNTY)
    client.post("/language/", {"language": language})
    client.session.save()
    _sign_in(client)
    page = client.get(reverse(name), follow=True).content.decode()
    assert '<a class="skip"' in page
    assert "<title>" in page
    main = page.split("<main")[1].split("</main>")[0]
    chinese = re.findall(r"[一-鿿]", main)
    assert bool(chinese) == (language == "zh-hans")
