"""Somebody is invited, makes an account, signs in with a second factor, and lets a program in, in Chromium."""

from __future__ import annotations

import base64
import hmac
import struct
import time

import pytest
from playwright.sync_api import Browser, Page, expect

_PASSWORD = "many small looms 83 turning"


def _code(secret: str, at: float) -> str:
    """Six digits of RFC 6238."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(at) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@pytest.fixture
def invited(browser: Browser, visit_of, language):
    """The first page of somebody who is new, who has opened the link of an invitation."""
    chinese = language == "zh-CN"
    host = visit_of("administrator", language)
    page = host.go("/people/")
    page.fill("[name=name]", f"海阳市工业和信息化局 {language}")
    page.select_option("[name=kind]", "county")
    page.fill("[name=division]", "37068")
    host.press("生成邀请链接" if chinese else "Make an invitation link")
    expect(page.locator(".errorlist").first).to_be_visible()
    page.fill("[name=division]", "370687")
    host.press("生成邀请链接" if chinese else "Make an invitation link")
    link = page.locator("#link").input_value()
    assert host.complaints == []
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale=language)
    fresh = context.new_page()
    fresh.goto(link)
    yield fresh
    context.close()


def _sign_in(page: Page, address: str, name: str, password: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    page.locator("main form button").first.click()


def test_from_an_invitation_to_a_second_factor(invited: Page, address, language) -> None:
    complaints: list[str] = []
    invited.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    name = f"somebody-{language.lower()}"
    invited.fill("[name=username]", name)
    invited.fill("[name=email]", f"{name}@example.org")
    for field, password in (("password1", "12345678"), ("password2", "12345678")):
        invited.fill(f"[name={field}]", password)
    invited.locator("main form button").click()
    expect(invited.locator(".errorlist").first).to_be_visible()
    for field in ("password1", "password2"):
        invited.fill(f"[name={field}]", _PASSWORD)
    invited.locator("main form button").click()
    expect(invited.locator("header .person")).to_contain_text(name)
    invited.goto(f"{address}/accounts/2fa/totp/activate/")
    if "reauthenticate" in invited.url:
        invited.fill("[name=password]", _PASSWORD)
        invited.locator("main form button").first.click()
    secret = invited.locator("#authenticator_secret").input_value()
    invited.fill("[name=code]", _code(secret, time.time()))
    invited.locator("main form button").first.click()
    recovery = invited.locator("textarea").input_value().split()
    assert len(recovery) == 10
    assert invited.evaluate("document.documentElement.scrollWidth") <= 390
    invited.locator("header .person form button").last.click()
    _sign_in(invited, address, name, "not the password 12")
    expect(invited.locator(".errorlist").first).to_be_visible()
    _sign_in(invited, address, name, _PASSWORD)
    # The six digits of this half minute have been used; a recovery code does without them, once.
    invited.fill("[name=code]", recovery[0])
    invited.locator("main form button").first.click()
    expect(invited.locator("header .person")).to_contain_text(name)
    assert complaints == []


def test_a_program_is_let_in_and_out(visit_of, language) -> None:
    chinese = language == "zh-CN"
    visit = visit_of("county", language)
    page = visit.go("/api/tokens/")
    page.fill("[name=name]", f"a program {language}")
    visit.press("生成访问令牌" if chinese else "Make an access token")
    head = {"Authorization": f"Bearer {page.locator('#key').input_value()}"}
    assert visit.faults() == []
    asked = page.context.browser
    assert asked is not None
    program = asked.new_context()
    assert program.request.get(f"{visit.address}/api/clusters", headers=head).json()["items"]
    page.goto(f"{visit.address}/api/tokens/")
    expect(page.locator("#key")).to_have_count(0)
    page.locator("main tbody tr", has_text=f"a program {language}").locator("button").click()
    expect(page.locator("main tbody tr", has_text=f"a program {language}")).to_have_count(0)
    assert program.request.get(f"{visit.address}/api/clusters", headers=head).status == 401
    program.close()
    assert visit.complaints == []
