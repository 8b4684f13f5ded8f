"""Two firms sign their trade, one makes a pack, and its bank checks it with the page that it has kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

_PEOPLE = """
import datetime as dt, json, sys
from decimal import Decimal
from pathlib import Path
from gaoyuan.portal.serving.starting import set_up
set_up(Path(sys.argv[1]) / "portal")
from django.test import Client
from django.utils import timezone
from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.moving import move_case, open_case
from gaoyuan.portal.evidence.entering import enter_new
from gaoyuan.portal.trades.recording import record_trade
office = Organisation.objects.create(name="evidence office", kind="county", division="370203")
keys, viewers = {}, []
for name in ("印染一厂", "毛巾二厂"):
    own = Organisation.objects.create(name=name, kind="enterprise", parent=office)
    user = User.objects.create(username=name)
    Membership.objects.create(user=user, organisation=own)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    keys[name] = client.cookies["sessionid"].value
    viewers.append(Viewer("enterprise", user, own))
seller, buyer = viewers
for amount in ("86000.00", "120500.50"):
    case = open_case(buyer, "supply-demand", role="buyer", title="活性染色毛巾布", given={"title": "活性染色毛巾布"})
    until = timezone.now() + dt.timedelta(days=5)
    move_case(buyer, case, "publish", role="buyer", given={"closes_at": until, "sealed": False})
    record_trade(case, seller=seller.organisation, buyer=buyer.organisation, what="活性染色毛巾布",
                 amount_yuan=Decimal(amount), on=timezone.localdate())
enter_new()
print(json.dumps(keys))
"""
_WIDE, _NARROW, _HIGH = 1440, 390, 900


@pytest.fixture(scope="module")
def page_of(browser: Browser, served) -> Iterator[dict[str, Page]]:
    """A page of each firm, and one of a bank that has no account."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-c", _PEOPLE, str(served.folder)]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    contexts: list[BrowserContext] = []
    pages: dict[str, Page] = {}
    for name, key in {**json.loads(told.stdout), "银行": ""}.items():
        context = browser.new_context(viewport={"width": _WIDE, "height": _HIGH}, locale="zh-CN", accept_downloads=True)
        if key:
            context.add_cookies([{"name": "sessionid", "value": key, "url": served.address}])
        contexts.append(context)
        pages[name] = context.new_page()
        pages[name].set_default_timeout(60_000)
    yield pages
    for context in contexts:
        context.close()


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=20_000)


def seen(page: Page, name: str, axe: str) -> None:
    """Look at a page as people do, at both widths; `GAOYUAN_PICTURES` names a folder for what is seen."""
    page.evaluate(axe)
    found = page.evaluate("axe.run()")["violations"]
    grave = [f"{one['id']} {one['nodes'][0]['html']}" for one in found if one["impact"] in {"serious", "critical"}]
    assert grave == [], (name, grave)
    page.set_viewport_size({"width": _NARROW, "height": _HIGH})
    assert page.evaluate("document.documentElement.scrollWidth") <= _NARROW, name
    if folder := os.environ.get("GAOYUAN_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-390.png", full_page=True)
    page.set_viewport_size({"width": _WIDE, "height": _HIGH})
    if folder:
        page.screenshot(path=Path(folder) / f"{name}-1440.png", full_page=True)


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


def test_a_trade_that_both_have_signed_reaches_a_bank_that_checks_it_offline(page_of, served, axe, tmp_path) -> None:
    seller, buyer, bank = page_of["印染一厂"], page_of["毛巾二厂"], page_of["银行"]
    for page in (seller, buyer):
        page.goto(f"{served.address}/evidence/keys/")
        press(page, "由平台为我方代管一个密钥")
        expect(page.locator("main")).to_contain_text("平台已为贵方代管一个密钥")
        page.goto(f"{served.address}/evidence/sign/")
        expect(page.locator("main table tbody tr")).to_have_count(2)
        if page is buyer:
            seen(page, "sign", axe)
            expect(page.locator("main table tbody tr").first).to_contain_text("已签")
        press(page, "用平台代管的密钥签署")
        expect(page.locator("body")).to_contain_text("已签署交易：2 笔")
    seller.goto(f"{served.address}/evidence/keys/")
    seen(seller, "keys", axe)

    seller.goto(f"{served.address}/evidence/")
    seen(seller, "empty", axe)
    seller.get_by_role("link", name="生成证据包").click()
    seller.fill("[name=recipient]", "城关农商银行")
    seller.fill("[name=purpose]", "首贷审查")
    seller.get_by_label("毛巾二厂").check()
    seen(seller, "new", axe)
    press(seller, "同意授权，生成证据包")
    expect(seller.locator("h1")).to_contain_text("城关农商银行")
    seen(seller, "release", axe)
    address = seller.locator("code.long").first.inner_text()

    bank.goto(address)
    expect(bank.locator("h1")).to_contain_text("印染一厂")
    seen(bank, "shared", axe)
    with bank.expect_download() as downloading:
        press(bank, "下载证据包")
    pack = tmp_path / "a.pack"
    downloading.value.save_as(pack)
    bank.goto(f"{served.address}/log/")
    seen(bank, "log", axe)
    key = bank.locator("dl code").first.inner_text()
    with bank.expect_download() as downloading:
        bank.locator("main").get_by_role("link", name="核验证据包的页面").first.click()
    verifier = tmp_path / "verify.html"
    downloading.value.save_as(verifier)

    bank.context.set_offline(True)
    bank.goto(verifier.as_uri())
    bank.locator("input[type=text]").fill(key)
    bank.locator("input[type=file]").set_input_files(pack)
    expect(bank.locator(".verdict")).to_contain_text("全部成立")
    expect(bank.locator("section")).to_contain_text("206500.50")
    expect(bank.locator("section tr", has_text="双方签名的交易占比（按笔）")).to_contain_text("100.00 %")
    assert "毛巾二厂".encode() not in pack.read_bytes()
    seen(bank, "verified", axe)
    bank.context.set_offline(False)

    seller.reload()
    expect(seller.locator("main")).to_contain_text("接收方")
    press(seller, "撤回授权")
    expect(seller.locator("body")).to_contain_text("已撤回")
    bank.goto(address)
    expect(bank.locator("main")).to_contain_text("此授权已失效")
    expect(bank.get_by_role("button", name="下载证据包")).to_have_count(0)
    seller.goto(f"{served.address}/evidence/")
    seen(seller, "list", axe)
