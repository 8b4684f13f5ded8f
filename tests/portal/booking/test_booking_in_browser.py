"""A laboratory is shared, booked by one firm and waited for by another, tests a sample and signs its report."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from ..walking import People

_PEOPLE = Path(__file__).with_name("people.py")


@pytest.fixture(scope="module")
def firms(people_with, served) -> People:
    """Three firms of one county."""
    return people_with(served.do(_PEOPLE, "make"))


def test_a_laboratory_from_sharing_to_a_report_that_anybody_can_check(firms: People, tmp_path) -> None:
    owner, first, second = (firms.page(name) for name in ("食品检测中心", "糕点一厂", "糕点二厂"))
    owner.goto(f"{firms.address}/services/booking/resources/new/")
    owner.fill("[name=name]", "食品检测室")
    owner.fill("[name=capabilities]", "微生物 重金属")
    owner.fill("[name=place]", "市北区辽宁路 8 号")
    for day in range(7):
        owner.fill(f"[name=hours_{day}]", "00:00-24:00")
    owner.fill("[name=notice_hours]", "0")
    owner.fill("[name=price_member]", "80")
    owner.fill("[name=cancel_hours_0]", "24")
    owner.fill("[name=cancel_share_0]", "0")
    firms.look(owner, "share")
    firms.press(owner, "共享")
    owner.select_option("#usual", "24")
    firms.press(owner, "添加")
    expect(owner.locator("main table tbody tr")).to_have_count(3)
    firms.look(owner, "edit")

    # Two clicks: a slot of the week, and the button. The first that can be had begins within two hours.
    first.goto(f"{firms.address}/services/booking/resources/?q=微生物")
    firms.look(first, "resources")
    first.get_by_role("link", name="食品检测室").click()
    first.locator("p.weeks a", has_text="最近空闲").click()
    firms.look(first, "week")
    lab = first.url.split("?")[0]
    at = min(str(one.get_attribute("href")) for one in first.locator("a.slot").all())
    first.locator(f"a.slot[href='{at}']").click()
    firms.look(first, "book")
    firms.press(first, "预约")
    expect(first.locator("main")).to_contain_text("已预约")
    case = first.url

    second.goto(firms.address + at)
    expect(second.locator("main")).to_contain_text("名额已满")
    second.check("[name=wait]")
    firms.press(second, "预约")
    expect(second.locator("main")).to_contain_text("第 1 位")
    firms.look(second, "waiting")

    first.locator("summary", has_text="登记样品").click()
    first.fill("[name=register_samples-name]", "蛋黄酥")
    first.fill("[name=register_samples-quantity]", "0.5")
    first.select_option("[name=register_samples-category]", "24")
    first.select_option("[name=register_samples-unit]", "kg")
    first.select_option("[name=register_samples-items]", index=[0, 1])
    firms.press(first, "登记样品")
    firms.look(first, "case")
    first.locator("main table a", has_text="S20").click()
    expect(first.locator("svg rect").first).to_be_attached()
    firms.look(first, "label")

    owner.goto(case)
    owner.locator("summary", has_text="到场登记").click()
    firms.press(owner, "到场登记")
    owner.locator("summary", has_text="提交结果").click()
    owner.locator("[name=report-conclusion]").fill("所检项目符合标准。")
    for field in owner.locator("[name^=report-value_]").all():
        field.fill("未检出")
    firms.press(owner, "提交结果")
    expect(owner.locator("main")).to_contain_text("签名有效")

    first.goto(case)
    firms.press(first, "确认结果")
    expect(first.locator("main")).to_contain_text("80.00 元")
    first.locator("main section a", has_text="R20").click()
    firms.look(first, "report")
    with first.expect_download() as waiting:
        first.get_by_role("link", name="签名文件（JSON）").click()
    signed = tmp_path / "report.json"
    waiting.value.save_as(signed)

    page = firms.page("anybody", "en")
    for content, words in ((signed.read_bytes(), "Signed and unchanged."), (b"{}", "No laboratory has signed")):
        page.goto(f"{firms.address}/services/booking/check/")
        page.set_input_files("[name=file]", {"name": "r.json", "mimeType": "application/json", "buffer": content})
        firms.press(page, "Check")
        expect(page.locator("main")).to_contain_text(words)
    firms.look(page, "check")

    owner.goto(f"{lab}use/")
    expect(owner.locator("main table tbody")).to_contain_text("1")
    firms.look(owner, "use")
    owner.locator("header.site").get_by_role("button", name="English").click()
    owner.goto(lab)
    expect(owner.locator("main")).to_contain_text("Rules and prices")
    firms.look(owner, "resource-en")
    owner.goto(f"{firms.address}/services/booking/bills/")
    expect(owner.locator("main")).to_contain_text("You are paid, yuan")
    firms.look(owner, "bills-en")
    assert firms.complaints == []
