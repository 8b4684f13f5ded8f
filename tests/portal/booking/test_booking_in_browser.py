"""A laboratory is shared, booked by one firm and waited for by another, tests a sample and signs its report."""

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
import json, sys
from pathlib import Path
from gaoyuan.portal.serving.starting import set_up
set_up(Path(sys.argv[1]) / "portal")
from django.test import Client
from gaoyuan.portal.accounts.models import Membership, Organisation, User
office = Organisation.objects.create(name="booking office", kind="county", division="370203")
keys = {}
for name in ("食品检测中心", "糕点一厂", "糕点二厂"):
    own = Organisation.objects.create(name=name, kind="enterprise", parent=office)
    user = User.objects.create(username=name)
    Membership.objects.create(user=user, organisation=own)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    keys[name] = client.cookies["sessionid"].value
print(json.dumps(keys))
"""
_WIDE, _NARROW, _HIGH = 1440, 390, 900


@pytest.fixture(scope="module")
def page_of(browser: Browser, served) -> Iterator[dict[str, Page]]:
    """A page of each of three firms of one county."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-c", _PEOPLE, str(served.folder)]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    contexts: list[BrowserContext] = []
    pages: dict[str, Page] = {}
    for name, key in json.loads(told.stdout).items():
        context = browser.new_context(viewport={"width": _WIDE, "height": _HIGH}, locale="zh-CN", accept_downloads=True)
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


def test_a_laboratory_from_sharing_to_a_report_that_anybody_can_check(page_of, served, axe, tmp_path) -> None:
    owner, first, second = page_of["食品检测中心"], page_of["糕点一厂"], page_of["糕点二厂"]
    owner.goto(f"{served.address}/services/booking/resources/new/")
    owner.fill("[name=name]", "食品检测室")
    owner.fill("[name=capabilities]", "微生物 重金属")
    owner.fill("[name=place]", "市北区辽宁路 8 号")
    for day in range(7):
        owner.fill(f"[name=hours_{day}]", "00:00-24:00")
    owner.fill("[name=notice_hours]", "0")
    owner.fill("[name=price_member]", "80")
    owner.fill("[name=cancel_hours_0]", "24")
    owner.fill("[name=cancel_share_0]", "0")
    seen(owner, "share", axe)
    press(owner, "共享")
    owner.select_option("#usual", "24")
    press(owner, "添加")
    expect(owner.locator("main table tbody tr")).to_have_count(3)
    seen(owner, "edit", axe)

    # Two clicks: a slot of the week, and the button. The first that can be had begins within two hours.
    first.goto(f"{served.address}/services/booking/resources/?q=微生物")
    seen(first, "resources", axe)
    first.get_by_role("link", name="食品检测室").click()
    first.locator("p.weeks a", has_text="最近空闲").click()
    seen(first, "week", axe)
    lab = first.url.split("?")[0]
    at = min(str(one.get_attribute("href")) for one in first.locator("a.slot").all())
    first.locator(f"a.slot[href='{at}']").click()
    seen(first, "book", axe)
    press(first, "预约")
    expect(first.locator("main")).to_contain_text("已预约")
    case = first.url

    second.goto(served.address + at)
    expect(second.locator("main")).to_contain_text("名额已满")
    second.check("[name=wait]")
    press(second, "预约")
    expect(second.locator("main")).to_contain_text("第 1 位")
    seen(second, "waiting", axe)

    first.locator("summary", has_text="登记样品").click()
    first.fill("[name=register_samples-name]", "蛋黄酥")
    first.fill("[name=register_samples-quantity]", "0.5")
    first.select_option("[name=register_samples-category]", "24")
    first.select_option("[name=register_samples-unit]", "kg")
    first.select_option("[name=register_samples-items]", index=[0, 1])
    press(first, "登记样品")
    seen(first, "case", axe)
    first.locator("main table a", has_text="S20").click()
    expect(first.locator("svg rect").first).to_be_attached()
    seen(first, "label", axe)

    owner.goto(case)
    owner.locator("summary", has_text="到场登记").click()
    press(owner, "到场登记")
    owner.locator("summary", has_text="提交结果").click()
    owner.locator("[name=report-conclusion]").fill("所检项目符合标准。")
    for field in owner.locator("[name^=report-value_]").all():
        field.fill("未检出")
    press(owner, "提交结果")
    expect(owner.locator("main")).to_contain_text("签名有效")

    first.goto(case)
    press(first, "确认结果")
    expect(first.locator("main")).to_contain_text("80.00 元")
    first.locator("main section a", has_text="R20").click()
    seen(first, "report", axe)
    with first.expect_download() as waiting:
        first.get_by_role("link", name="签名文件（JSON）").click()
    signed = tmp_path / "report.json"
    waiting.value.save_as(signed)

    stranger = first.context.browser.new_context(locale="en")  # pyright: ignore[reportOptionalMemberAccess]
    page = stranger.new_page()
    for content, words in ((signed.read_bytes(), "Signed and unchanged."), (b"{}", "No laboratory has signed")):
        page.goto(f"{served.address}/services/booking/check/")
        page.set_input_files("[name=file]", {"name": "r.json", "mimeType": "application/json", "buffer": content})
        press(page, "Check")
        expect(page.locator("main")).to_contain_text(words)
    seen(page, "check", axe)
    stranger.close()

    owner.goto(f"{lab}use/")
    expect(owner.locator("main table tbody")).to_contain_text("1")
    seen(owner, "use", axe)
    owner.locator("header.site").get_by_role("button", name="English").click()
    owner.goto(lab)
    expect(owner.locator("main")).to_contain_text("Rules and prices")
    seen(owner, "resource-en", axe)
    owner.goto(f"{served.address}/services/booking/bills/")
    expect(owner.locator("main")).to_contain_text("You are paid, yuan")
    seen(owner, "bills-en", axe)
