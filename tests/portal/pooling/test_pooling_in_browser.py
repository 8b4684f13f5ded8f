"""Pooled orders in Chromium: a company, a mill and three firms go from a draft to bills, trades, a checked record."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ..walking import People

_PEOPLE = Path(__file__).with_name("people.py")


@pytest.fixture(scope="module")
def firms(people_with, served) -> People:
    """The company, the mill and three firms."""
    return people_with(served.do(_PEOPLE, "make"))


def test_an_order_is_pooled_from_the_draft_to_bills_trades_and_a_checked_record(firms: People) -> None:
    case = propose(firms)
    join(firms, case)
    clear(firms, case)
    settle(firms, case)
    assert firms.complaints == []


def propose(firms: People) -> str:
    """The company drafts, mends what was refused, and the mill confirms; the members have credit lines."""
    page = firms.go("company", "/services/pools/credit/")
    for name in ("第一冲压厂", "第二冲压厂", "第三冲压厂"):
        page.fill("[name=member]", name)
        page.fill("[name=amount]", "100000")
        press(page, "form.stacked")
        expect(page.locator("main")).to_contain_text(name)
    firms.look(page, "credit")
    page = firms.go("company", "/services/pool/new/?title=冷轧钢板&product=冷轧板")
    page.fill("[name=specification]", "DC01，1.0 mm，卷")
    page.select_option("[name=unit]", "千克")
    firms.look(page, "draft")
    press(page, "form.stacked")
    expect(page.locator("form[action$='/propose/']")).to_be_attached()
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
    firms.look(page, "terms_form")
    press(page, "form[action$='/propose/']")
    expect(page.locator("main")).to_contain_text("等待供方确认阶梯价")
    page = firms.go("mill", f"/services/case/{case}/")
    expect(page.locator("main")).to_contain_text("4.80")
    press(page, "form[action$='/accept/']")
    expect(page.locator("main")).to_contain_text("认购中")
    return case


def join(firms: People, case: str) -> None:
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
            firms.look(page, "unit")
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
    firms.look(page, "open")


def clear(firms: People, case: str) -> None:
    """At the deadline the program clears: the third drops out, and everybody reads why."""
    firms.served.do(_PEOPLE, "close", case)
    page = firms.go("third", f"/services/case/{case}/")
    expect(page.locator("main")).to_contain_text("4.5313")
    firms.look(page, "result_third")
    page = firms.go("first", f"/services/case/{case}/")
    expect(page.locator("main")).to_contain_text("所有成员同价")
    assert "4.5313" not in page.locator("main").inner_text()
    firms.look(page, "result_first")
    with page.expect_download() as sent:
        page.get_by_role("link", name="出清记录").click()
    record = Path(sent.value.path()).read_text("utf-8")
    page = firms.go("first", "/services/pools/check/")
    page.fill("[name=text]", record)
    press(page, "form.stacked")
    expect(page.get_by_role("status")).to_contain_text("记录成立")
    firms.look(page, "check")
    page.fill("[name=text]", record.replace('"volume":', '"volume":1', 1))
    press(page, "form.stacked")
    expect(page.get_by_role("alert")).to_contain_text("记录不成立")


def settle(firms: People, case: str) -> None:
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
    firms.look(page, "shares")
    page = firms.go("first", "/services/trades/")
    expect(page.locator("table")).to_contain_text("冷轧钢板")
    page.get_by_role("button", name="同意").click()
    expect(page.locator("main")).to_contain_text("已同意")
    firms.look(page, "trades")
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
