"""Supply and demand in Chromium: three firms and the office go from an offer to the delivery."""

from __future__ import annotations

import datetime as dt
import re
import threading
import urllib.parse
import urllib.request
from http.client import HTTPResponse
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ..walking import People

_PEOPLE = Path(__file__).with_name("people.py")
DXF = b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n  0\r\nENDSEC\r\n  0\r\nEOF\r\n"


@pytest.fixture(scope="module")
def firms(people_with, served) -> People:
    """Three firms and the office."""
    return people_with(served.do(_PEOPLE, "make"))


def test_a_demand_is_matched_quoted_compared_awarded_and_delivered(firms: People) -> None:
    offer(firms)
    case = demand(firms)
    quote_at_once(firms, case)
    compare_and_award(firms, case)
    deliver(firms, case)
    assert firms.complaints == []


def offer(firms: People) -> None:
    page = firms.go("near", "/services/")
    page.get_by_role("link", name="发布供给").first.click()
    page.fill("[name=text]", "不锈钢法兰 DN50–600 PN16，304 材质")
    page.fill("[name=unit]", "件")
    page.fill("[name=price_yuan]", "$12")
    page.fill("[name=certificates]", "ISO 9001")
    firms.press(page, "发布")
    expect(page.locator(".errorlist")).to_contain_text("人民币")
    page.fill("[name=price_yuan]", "12 元")
    page.fill("[name=capacity]", "5000")
    firms.press(page, "发布")
    expect(page.locator("h1")).to_contain_text("不锈钢法兰")
    firms.look(page, "offer")


def demand(firms: People) -> str:
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
    firms.look(page, "demand")
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


def quote_at_once(firms: People, case: str) -> None:
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
    firms.look(page, "replaced")
    assert "12.5" not in page.locator("main").inner_text()


def compare_and_award(firms: People, case: str) -> None:
    firms.served.do(_PEOPLE, "close", case)
    page = firms.go("buyer", f"/services/case/{case}/")
    rows = page.locator("table:has-text('价格分档') tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("高密法兰厂")
    expect(rows.nth(0)).to_contain_text("6250.00")
    expect(rows.nth(1)).to_contain_text("缺 ISO9001")
    with page.expect_download() as sent:
        page.get_by_role("link", name="XLSX").first.click()
    assert sent.value.suggested_filename.endswith(".xlsx")
    firms.look(page, "compared")
    reveal(page, "award")
    page.select_option("[name=award-supplier]", index=1)
    page.locator("form[action$='/award/'] button").click()
    expect(page.locator("main")).to_contain_text("待确认订单")
    lost = firms.go("far", f"/services/case/{case}/").locator("main").inner_text()
    assert "6250" not in lost
    assert "6250" in firms.go("near", f"/services/case/{case}/").locator("main").inner_text()


def deliver(firms: People, case: str) -> None:
    for who, move in (("near", "confirm"), ("near", "deliver"), ("buyer", "accept")):
        page = firms.go(who, f"/services/case/{case}/")
        page.locator(f"form[action$='/{move}/'] button").click()
        expect(page.locator(".message")).to_be_visible()
    expect(firms.go("office", f"/services/case/{case}/").locator(".badge").first).to_have_text("已完成")


def reveal(page: Page, move: str) -> None:
    """Open the form of a move where it is folded."""
    form = page.locator(f"form[action$='/{move}/']")
    if not form.locator("button").is_visible():
        page.locator(f"details:has(form[action$='/{move}/']) summary").click()


def post(firms: People, who: str, path: str, move: str, given: dict[str, str]) -> int:
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
