"""A data product in Chromium among a registry and three firms: applied for, objected to, registered, changed, handed
over, cancelled, with its certificate checked.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from gaoyuan.trust import read_vkey
from gaoyuan.trust.pack.verifying import Verdict
from gaoyuan.trust.policy import Policy
from gaoyuan.trust.registry.certificates import verify_certificate

from ..walking import People
from .conftest import SAMPLE

_PEOPLE = Path(__file__).with_name("people.py")
REGISTRY, FIRM, RECEIVER, OBJECTOR = "青岛市数据局", "海蓝纺织", "数联科技", "明码软件"


@pytest.fixture(scope="module")
def people(people_with, served) -> People:
    return people_with(served.do(_PEOPLE, "make"))


def in_days(days: int) -> str:
    return (dt.datetime.now() + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def move(people: People, who: str, case: str, name: str, **given: str) -> Page:
    """Make a move on the page of a case."""
    page = people.go(who, case)
    form = page.locator(f'form[action$="/{name}/"]')
    if form.locator("xpath=ancestor::details").count():
        form.locator("xpath=ancestor::details").evaluate("one => { one.open = true; }")
    for field, value in given.items():
        form.locator(f'[name="{name}-{field}"]').fill(value)
    form.locator("button.main").click()
    expect(page.locator("p.message.success")).to_be_visible()
    return page


def test_a_product_is_measured_applied_for_and_registered_against_an_objection(people: People, served) -> None:
    page = people.go(FIRM, "/data-products/quality/")
    file: FilePayload = {"name": "用电.csv", "mimeType": "text/csv", "buffer": SAMPLE}
    page.locator('input[name="file"]').set_input_files(file)
    people.press(page, "测算")
    expect(page.locator("h1")).to_contain_text("用电.csv")
    people.look(page, "report")
    page = people.go(FIRM, "/data-products/quality/")
    people.look(page, "quality")
    page = people.go(FIRM, "/services/data-product/new/")
    fill(page)
    page.locator('[name="sample"]').set_input_files(
        {"name": "样例.csv", "mimeType": "text/csv", "buffer": "姓名\n王\n".encode()}
    )
    page.locator("main form button.main").click()
    expect(page.locator("ul.errorlist")).to_contain_text("个人信息")
    page.locator('[name="sample"]').set_input_files({**file, "name": "样例.csv"})
    people.look(page, "form")
    page.locator("main form button.main").click()
    expect(page.locator("h1")).to_have_text("纺织设备用电量")
    case = page.url
    people.look(page, "case")
    move(people, REGISTRY, case, "accept")
    people.look(people.page(REGISTRY), "registry-case")
    register = people.go(OBJECTOR, "/data-products/?q=纺织设备用电量")
    register.get_by_role("link", name="纺织设备用电量").click()
    register.locator("details summary", has_text="提出异议").click()
    register.locator('[name="object-why"]').fill("数据中含我厂设备")
    people.press(register, "提出异议")
    expect(register.locator("p.message.success").first).to_contain_text("异议已记录")
    people.look(register, "notice")
    served.do(_PEOPLE, "pass_days", "15")
    move(people, REGISTRY, case, "dismiss", why="设备清单不含该厂设备")
    move(people, REGISTRY, case, "register", valid_until=in_days(900))
    for language in ("zh-CN", "en"):
        shown = people.go("visitor", "/data-products/?q=纺织设备用电量", language)
        people.look(shown, f"register-{language}")
        shown.get_by_role("link", name="纺织设备用电量").click()
        expect(shown.locator("table tbody tr")).to_have_count(1)
        people.look(shown, f"product-{language}")
        shown.locator("tbody a").click()
        people.look(shown, f"certificate-{language}")


def test_its_certificate_is_checked_without_the_platform(people: People, served) -> None:
    page = to_product(people, "visitor")
    page.locator("tbody a").first.click()
    with page.expect_download() as fetched:
        page.locator("a.button.main").click()
    content = Path(fetched.value.path()).read_bytes()
    trusted = Policy((read_vkey(served.do(_PEOPLE, "key")),))
    assert verify_certificate(content, dt.datetime.now(dt.UTC), trusted).verdict == Verdict.HOLDS
    assert json.loads(content)["description"]["title"] == "纺织设备用电量"


def test_it_is_changed_handed_over_and_cancelled_with_its_history(people: People, served) -> None:
    page = to_product(people, FIRM)
    page.get_by_role("link", name="申请变更").click()
    expect(page.locator('[name="source"]')).to_have_value("自有电表采集")
    page.locator('[name="title"]').fill("纺织设备用电量（2026 版）")
    for name in ("not_personal", "lawful"):
        page.locator(f'[name="{name}"]').check()
    page.locator("main form button.main").click()
    change = page.url
    move(people, REGISTRY, change, "enter")
    people.look(people.page(REGISTRY), "change")
    page = to_product(people, FIRM)
    expect(page.locator("h1")).to_have_text("纺织设备用电量（2026 版）")
    page.get_by_role("link", name="申请转移").click()
    page.locator('[name="receiver"]').fill(RECEIVER)
    people.look(page, "transfer-form")
    page.locator("main form button.main").click()
    transfer = page.url
    move(people, RECEIVER, transfer, "confirm")
    move(people, REGISTRY, transfer, "accept")
    served.do(_PEOPLE, "pass_days", "15")
    move(people, REGISTRY, transfer, "enter")
    page = to_product(people, RECEIVER)
    expect(page.locator("main > p").first).to_contain_text(RECEIVER)
    page.get_by_role("link", name="查看办理情况").click()
    case = page.url
    move(people, RECEIVER, case, "ask_cancellation", why="停止经营")
    move(people, REGISTRY, case, "cancel")
    page = to_product(people, "visitor")
    expect(page.locator("table tbody tr")).to_have_count(4)
    expect(page.locator("main > p .badge")).to_have_text("已注销")
    people.look(page, "history")


def test_no_page_complained(people: People) -> None:
    assert people.complaints == []


def to_product(people: People, who: str) -> Page:
    page = people.go(who, "/data-products/?q=纺织设备用电量")
    page.get_by_role("link", name=re.compile("纺织设备用电量")).click()
    expect(page.locator("h1")).to_contain_text("纺织设备用电量")
    return page


def fill(page: Page) -> None:
    """Fill in the application."""
    texts = {
        "title": "纺织设备用电量",
        "description": "园区纺织设备每日用电量，按设备汇总，含停机时段",
        "keywords": "用电，纺织，设备",
        "source": "自有电表采集",
        "spatial": "青岛市",
        "begins": "2025-01-01",
        "ends": "2026-06-30",
        "rows": "120000",
        "licence_text": "仅限签约方内部使用，不得转让",
        "price_yuan": "12000",
        "contact": "data@example.org",
    }
    for name, text in texts.items():
        page.locator(f'[name="{name}"]').fill(text)
    page.locator('[name="theme"]').select_option("energy")
    page.locator('[name="frequency"]').select_option("DAILY")
    page.locator('[name="price"]').select_option("fixed")
    page.locator('[name="quality"]').select_option(index=1)
    for name, value in (("permitted", "use"), ("permitted", "derive"), ("forbidden", "distribute")):
        page.locator(f'[name="{name}"][value="{value}"]').check()
    for name in ("not_personal", "lawful"):
        page.locator(f'[name="{name}"]').check()
