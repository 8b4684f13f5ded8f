"""Supply and demand in Chromium: three firms and the office go from an offer to the delivery."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

_PEOPLE = Path(__file__).with_name("people.py")
_PATIENCE = 60_000
_NARROW, _WIDE, _HIGH = 390, 1440, 900
DXF = b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n  0\r\nENDSEC\r\n  0\r\nEOF\r\n"


class Firms:
    """The pages of the three firms and of the office in one language, and what they complain of."""

    def __init__(self, browser: Browser, address: str, portal: Path, axe: str) -> None:
        self.browser, self.address, self.portal, self._axe = browser, address, portal, axe
        self.keys: dict[str, str] = json.loads(self.run())
        self.complaints: list[str] = []
        self.pages: dict[str, Page] = {}

    def run(self, *more: str) -> str:
        """Do something in the served portal, in a process of its own."""
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        command = [sys.executable, str(_PEOPLE), str(self.portal), *more]
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stderr
        return told.stdout

    def of(self, who: str, language: str = "zh-CN") -> Page:
        if who not in self.pages:
            context = self.browser.new_context(
                viewport={"width": _WIDE, "height": _HIGH}, locale=language, accept_downloads=True
            )
            context.add_cookies([{"name": "sessionid", "value": self.keys[who], "url": self.address}])
            page = context.new_page()
            page.set_default_timeout(_PATIENCE)
            page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: self.complaints.append(str(error)))
            self.pages[who] = page
        return self.pages[who]

    def go(self, who: str, path: str) -> Page:
        page = self.of(who)
        answer = page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, (who, path, answer.status)
        return page

    def faults(self, page: Page) -> list[str]:
        """Give what keeps people out, by axe-core, and whether a phone has to scroll sideways."""
        told = []
        if self._axe:
            page.evaluate(self._axe)
            found = page.evaluate("axe.run()")["violations"]
            told = [
                f"{page.url}: {one['id']} {one['nodes'][0]['html']}"
                for one in found
                if one["impact"] in {"serious", "critical"}
            ]
        page.set_viewport_size({"width": _NARROW, "height": _HIGH})
        width = page.evaluate("document.documentElement.scrollWidth")
        page.set_viewport_size({"width": _WIDE, "height": _HIGH})
        return told + ([f"{page.url}: {width} px wide"] if width > _NARROW else [])


@pytest.fixture(scope="module")
def firms(browser: Browser, served, axe: str) -> Iterator[Firms]:
    made = Firms(browser, served.address, served.folder / "portal", axe)
    yield made
    for page in made.pages.values():
        page.context.close()


def test_a_demand_is_matched_quoted_compared_awarded_and_delivered(firms: Firms) -> None:
    walk(firms)


def walk(firms: Firms) -> None:
    offer(firms)
    case = demand(firms)
    quote_at_once(firms, case)
    compare_and_award(firms, case)
    deliver(firms, case)
    assert firms.complaints == []


def offer(firms: Firms) -> None:
    page = firms.go("near", "/services/")
    page.get_by_role("link", name="发布供给").first.click()
    page.fill("[name=text]", "不锈钢法兰 DN50–600 PN16，304 材质")
    page.fill("[name=unit]", "件")
    page.fill("[name=price_yuan]", "$12")
    page.fill("[name=certificates]", "ISO 9001")
    press(page, "发布")
    expect(page.locator(".errorlist")).to_contain_text("人民币")
    page.fill("[name=price_yuan]", "12 元")
    page.fill("[name=capacity]", "5000")
    press(page, "发布")
    expect(page.locator("h1")).to_contain_text("不锈钢法兰")
    assert firms.faults(page) == []


def demand(firms: Firms) -> str:
    page = firms.go("buyer", "/services/supply-demand/new/")
    page.fill("[name=title]", "DN100 法兰 500 件")
    page.fill("[name=text]", "求购DN100不锈钢法兰，按图加工")
    page.fill("[name=quantity]", "500")
    page.fill("[name=unit]", "件")
    page.fill("[name=max_price_yuan]", "30")
    page.fill("[name=certificates]", "ISO9001")
    page.set_input_files("[name=attached]", {"name": "a.dxf", "mimeType": "image/png", "buffer": b"MZ\x90"})
    page.locator("form.stacked button").click()
    expect(page.locator(".errorlist")).to_contain_text("不是图纸")
    page.set_input_files("[name=attached]", {"name": "法兰.dxf", "mimeType": "image/png", "buffer": DXF})
    page.locator("form.stacked button").click()
    expect(page.locator("h1")).to_have_text("DN100 法兰 500 件")
    expect(page.locator("main")).to_contain_text("规格符合：DN50–600")
    assert firms.faults(page) == []
    case = page.url.rstrip("/").rpartition("/")[2]
    closing = (dt.datetime.now(dt.timezone(dt.timedelta(hours=8))) + dt.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    reveal(page, "publish")
    page.fill("[name=publish-closes_at]", closing)
    page.locator("form[action$='/publish/'] button").click()
    expect(page.locator("main")).to_contain_text("征集报价")
    page = firms.go("near", "/services/notices/")
    page.get_by_role("link", name="DN100 法兰 500 件").first.click()
    with page.expect_download() as sent:
        page.get_by_role("link", name="法兰.dxf").click()
    assert sent.value.suggested_filename == "法兰.dxf"
    assert "30" not in page.locator("section:has(dl)").first.inner_text()
    return case


def quote_at_once(firms: Firms, case: str) -> None:
    """A firm sends its quotation twice at once, another a dearer one: two stand; then one is replaced."""
    until = (dt.date.today() + dt.timedelta(days=60)).isoformat()
    given = {"lead_days": "10", "valid_until": until, "certificates": "ISO 9001"}
    sends = [("near", given | {"breaks": "100: 12.5\n600: 10"})] * 2 + [
        ("far", given | {"breaks": "11", "lead_days": "20"})
    ]
    answers: list[tuple[str, int]] = []
    gate = threading.Barrier(len(sends))

    def send(who: str, terms: dict[str, str]) -> None:
        gate.wait(60)
        answers.append((who, post(firms, who, f"/services/case/{case}/quote/", "quote", terms)))

    senders = [threading.Thread(target=send, args=one) for one in sends]
    for one in senders:
        one.start()
    for one in senders:
        one.join(120)
    assert sorted(answers)[0] == ("far", 302)
    # The second of the same firm is refused with its reason, or finds that there is nothing to quote any more.
    assert sorted(status for who, status in answers if who == "near") in ([200, 302], [302, 404])
    for who in ("buyer", "office"):
        page = firms.go(who, f"/services/case/{case}/")
        expect(page.locator("main")).to_contain_text("2 份密封报价")
        assert not re.search(
            r"12\.5|高密法兰厂.*报价|沂水管件厂", page.locator("section:has(h2:text('记录'))").inner_text()
        )
    page = firms.go("far", f"/services/case/{case}/")
    reveal(page, "replace")
    page.fill("[name=replace-breaks]", "9")
    page.fill("[name=replace-certificates]", "")
    page.locator("form[action$='/replace/'] button").click()
    expect(page.locator("table").first).to_contain_text("4500")
    assert firms.faults(page) == []
    assert "12.5" not in page.locator("main").inner_text()


def compare_and_award(firms: Firms, case: str) -> None:
    firms.run(case)
    page = firms.go("buyer", f"/services/case/{case}/")
    rows = page.locator("table:has-text('价格分档') tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("高密法兰厂")
    expect(rows.nth(0)).to_contain_text("6250.00")
    expect(rows.nth(1)).to_contain_text("缺 ISO9001")
    with page.expect_download() as sent:
        page.get_by_role("link", name="XLSX").click()
    assert sent.value.suggested_filename.endswith(".xlsx")
    assert firms.faults(page) == []
    reveal(page, "award")
    page.select_option("[name=award-supplier]", index=1)
    page.locator("form[action$='/award/'] button").click()
    expect(page.locator("main")).to_contain_text("待确认订单")
    lost = firms.go("far", f"/services/case/{case}/").locator("main").inner_text()
    assert "6250" not in lost
    assert "6250" in firms.go("near", f"/services/case/{case}/").locator("main").inner_text()


def deliver(firms: Firms, case: str) -> None:
    for who, move in (("near", "confirm"), ("near", "deliver"), ("buyer", "accept")):
        page = firms.go(who, f"/services/case/{case}/")
        page.locator(f"form[action$='/{move}/'] button").click()
        expect(page.locator(".message")).to_be_visible()
    expect(firms.go("office", f"/services/case/{case}/").locator(".badge").first).to_have_text("已完成")


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


def reveal(page: Page, move: str) -> None:
    """Open the form of a move where it is folded."""
    form = page.locator(f"form[action$='/{move}/']")
    if not form.locator("button").is_visible():
        page.locator(f"details:has(form[action$='/{move}/']) summary").click()


def post(firms: Firms, who: str, path: str, move: str, given: dict[str, str]) -> int:
    """Send a form as a browser does, without one."""
    token = "a" * 32
    body = urllib.parse.urlencode(
        {f"{move}-{name}": value for name, value in given.items()} | {"csrfmiddlewaretoken": token}
    )
    headers = {"Cookie": f"sessionid={firms.keys[who]}; csrftoken={token}", "Referer": firms.address}
    asked = urllib.request.Request(firms.address + path, body.encode(), headers)
    with urllib.request.build_opener(_Stay).open(asked, timeout=60) as answer:
        return answer.status


class _Stay(urllib.request.HTTPErrorProcessor):
    """Follows nowhere, and takes every answer for one."""

    def http_response(self, request: urllib.request.Request, response: HTTPResponse) -> HTTPResponse:
        """Give the answer as it is."""
        return response
