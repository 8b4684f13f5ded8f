"""Pooled orders in Chromium: a company, a mill and three firms go from a draft to bills, trades, a checked record."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

_PEOPLE = Path(__file__).with_name("people.py")
_PATIENCE = 60_000
_NARROW, _WIDE, _HIGH = 390, 1440, 900
Look = Callable[[Page, str], None]


class Firms:
    """The pages of the firms, and what they complain of."""

    def __init__(self, browser: Browser, address: str, portal: Path, axe: str) -> None:
        self.browser, self.address, self._portal, self._axe = browser, address, portal, axe
        self.keys: dict[str, str] = json.loads(self.run())
        self.complaints: list[str] = []
        self.pages: dict[str, Page] = {}

    def run(self, *more: str) -> str:
        """Do something in the served portal, in a process of its own."""
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        command = [sys.executable, str(_PEOPLE), str(self._portal), *more]
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stderr
        return told.stdout

    def go(self, who: str, path: str) -> Page:
        if who not in self.pages:
            context = self.browser.new_context(
                viewport={"width": _WIDE, "height": _HIGH}, locale="zh-CN", accept_downloads=True
            )
            context.add_cookies([{"name": "sessionid", "value": self.keys[who], "url": self.address}])
            page = context.new_page()
            page.set_default_timeout(_PATIENCE)
            page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: self.complaints.append(str(error)))
            self.pages[who] = page
        page = self.pages[who]
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


def test_an_order_is_pooled_from_the_draft_to_bills_trades_and_a_checked_record(firms: Firms) -> None:
    walk(firms)


def walk(firms: Firms, look: Look = lambda page, name: None) -> None:
    case = propose(firms, look)
    join(firms, case, look)
    clear(firms, case, look)
    settle(firms, case, look)
    assert firms.complaints == []


def propose(firms: Firms, look: Look) -> str:
    """The company drafts, mends what was refused, and the mill confirms; the members have credit lines."""
    page = firms.go("company", "/services/pools/credit/")
    for name in ("第一冲压厂", "第二冲压厂", "第三冲压厂"):
        page.fill("[name=member]", name)
        page.fill("[name=amount]", "100000")
        press(page, "form.stacked")
        expect(page.locator("main")).to_contain_text(name)
    assert firms.faults(page) == []
    look(page, "credit")
    page = firms.go("company", "/services/pool/new/?title=冷轧钢板&product=冷轧板")
    page.fill("[name=specification]", "DC01，1.0 mm，卷")
    page.select_option("[name=unit]", "千克")
    look(page, "draft")
    assert firms.faults(page) == []
    press(page, "form.stacked")
    case = page.url.rstrip("/").rpartition("/")[2]
    reveal(page, "propose")
    page.fill("[name=propose-supplier]", "联合钢厂")
    page.fill("[name=propose-closes_at]", soon(5))
    for at, (volume, price) in enumerate((("1", "5.2"), ("5000", "5.6"), ("10000", "4.5")), 1):
        page.fill(f"[name=propose-tier_{at}_volume]", volume)
        page.fill(f"[name=propose-tier_{at}_price]", price)
    page.fill("[name=propose-minimum]", "3000")
    page.fill("[name=propose-fixed_cost]", "600")
    page.check("[name=propose-on_credit]")
    press(page, "form[action$='/propose/']")
    expect(page.locator("form[action$='/propose/'] .errorlist").first).to_contain_text("阶梯价不能随数量上升")
    page.fill("[name=propose-tier_2_price]", "4.8")
    look(page, "terms_form")
    assert firms.faults(page) == []
    press(page, "form[action$='/propose/']")
    expect(page.locator("main")).to_contain_text("等待供方确认阶梯价")
    page = firms.go("mill", f"/services/case/{case}/")
    expect(page.locator("main")).to_contain_text("4.80")
    press(page, "form[action$='/accept/']")
    expect(page.locator("main")).to_contain_text("认购中")
    return case


def join(firms: Firms, case: str, look: Look) -> None:
    """Three firms commit; kilograms for tons are asked about, one changes, and nobody sees another's."""
    for who, quantity, limit in (
        ("first", "6000", "4.9731"),
        ("second", "3000", "4.9127"),
        ("third", "2000", "4.5313"),
    ):
        page = firms.go(who, f"/services/case/{case}/")
        reveal(page, "commit")
        page.fill("[name=commit-quantity]", quantity)
        page.fill("[name=commit-limit]", limit if who != "second" else "4912.7")
        if who == "second":
            press(page, "form[action$='/commit/']")
            expect(page.locator(".errorlist").first).to_contain_text("限价是每千克的价格")
            look(page, "unit")
            page.fill("[name=commit-limit]", limit)
        press(page, "form[action$='/commit/']")
        expect(page.locator("main")).to_contain_text("已密封")
        assert limit not in page.locator("main").inner_text()
    expect(page.locator("main")).to_contain_text("最优档")
    page = firms.go("second", f"/services/case/{case}/")
    assert "第一冲压厂" not in page.locator("main").inner_text()
    reveal(page, "change")
    page.fill("[name=change-quantity]", "3500")
    press(page, "form[action$='/change/']")
    expect(page.locator("main")).to_contain_text("11500")
    look(page, "open")
    assert firms.faults(page) == []


def clear(firms: Firms, case: str, look: Look) -> None:
    """At the deadline the program clears: the third drops out, and everybody reads why."""
    firms.run(case)
    page = firms.go("third", f"/services/case/{case}/")
    expect(page.locator("main")).to_contain_text("4.5313")
    look(page, "result_third")
    page = firms.go("first", f"/services/case/{case}/")
    expect(page.locator("main")).to_contain_text("所有成员同价")
    assert "4.5313" not in page.locator("main").inner_text()
    look(page, "result_first")
    assert firms.faults(page) == []
    with page.expect_download() as sent:
        page.get_by_role("link", name="出清记录").click()
    record = Path(sent.value.path()).read_text("utf-8")
    page = firms.go("first", "/services/pools/check/")
    page.fill("[name=text]", record)
    press(page, "form.stacked")
    expect(page.get_by_role("status")).to_contain_text("记录成立")
    look(page, "check")
    assert firms.faults(page) == []
    page.fill("[name=text]", record.replace('"volume":', '"volume":1', 1))
    press(page, "form.stacked")
    expect(page.get_by_role("alert")).to_contain_text("记录不成立")


def settle(firms: Firms, case: str, look: Look) -> None:
    """Order, delivery, bills on the credit lines, trades on everyone's page."""
    page = firms.go("company", f"/services/case/{case}/")
    reveal(page, "order")
    page.fill("[name=order-delivery_due]", soon(20))
    press(page, "form[action$='/order/']")
    volume = int(
        page.locator("dt:text-is('退出后的订货量') + dd, dt:text-is('成交量') + dd").first.inner_text().split()[0]
    )
    page = firms.go("mill", f"/services/case/{case}/")
    reveal(page, "deliver")
    page.fill("[name=deliver-delivered]", str(volume + 1))
    press(page, "form[action$='/deliver/']")
    expect(page.get_by_role("alert")).to_contain_text("订货量")
    page.fill("[name=deliver-delivered]", str(volume))
    press(page, "form[action$='/deliver/']")
    page = firms.go("company", f"/services/case/{case}/")
    press(page, "form[action$='/settle/']")
    expect(page.locator("main")).to_contain_text("已结算")
    page.get_by_role("link", name="分货清单").click()
    expect(page.locator("main")).to_contain_text("第一冲压厂")
    look(page, "shares")
    assert firms.faults(page) == []
    page = firms.go("first", "/services/trades/")
    expect(page.locator("table")).to_contain_text("冷轧钢板")
    page.get_by_role("button", name="同意").click()
    expect(page.locator("main")).to_contain_text("已同意")
    look(page, "trades")
    assert firms.faults(page) == []
    expect(firms.go("first", "/services/pools/credit/").locator("main")).to_contain_text("钢件集群公司")


def press(page: Page, form: str) -> None:
    page.locator(f"{form} button").last.click()
    page.wait_for_load_state()


def reveal(page: Page, move: str) -> None:
    held = page.locator(f"details:has(form[action$='/{move}/'])")
    if held.count() and held.get_attribute("open") is None:
        held.locator("summary").first.click()


def soon(days: int) -> str:
    return (dt.datetime.now(dt.timezone(dt.timedelta(hours=8))) + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")
