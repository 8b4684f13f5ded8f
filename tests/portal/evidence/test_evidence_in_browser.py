"""Two firms sign their trade, one makes a pack, and its bank checks it with the page that it has kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gaoyuan.trust import ed25519_cosigner

from ..walking import People

_PEOPLE = Path(__file__).with_name("people.py")


@pytest.fixture(scope="module")
def firms(people_with, served) -> People:
    """Both firms; the bank has no account."""
    return people_with(served.do(_PEOPLE, "make"))


def signed_with_a_security_key(firms: People, who: str) -> None:
    """Register a security key and sign with it; browsers have them for a name, not for a number."""
    page, named = firms.page(who), firms.address.replace("127.0.0.1", "localhost")
    page.context.add_cookies([{"name": "sessionid", "value": firms.keys[who], "url": named}])
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "automaticPresenceSimulation": True}
    made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**device, "isUserVerified": False}})
    page.goto(f"{named}/evidence/keys/")
    firms.press(page, "登记安全密钥")
    expect(page.locator("[data-told]")).to_contain_text("请重试")
    devices.send("WebAuthn.setUserVerified", {**made, "isUserVerified": True})
    firms.press(page, "登记安全密钥")
    expect(page.locator("body")).to_contain_text("安全密钥已登记，自此用它签署的均有效")
    expect(page.locator("main table")).to_contain_text("贵方的安全密钥")
    firms.look(page, "keys")
    page.goto(f"{named}/evidence/sign/")
    expect(page.locator("main table tbody tr").first).to_contain_text("已签")
    firms.look(page, "sign")
    for box in page.locator("input[name=record]").all():
        box.uncheck()
    firms.press(page, "用安全密钥签署")
    expect(page.locator("[data-told]")).to_contain_text("请选择要签署的交易")
    for left in (1, 0):
        page.locator("input[name=record]").first.check()
        for box in page.locator("input[name=record]").all()[1:]:
            box.uncheck()
        firms.press(page, "用安全密钥签署")
        expect(page.locator("body")).to_contain_text("已签署交易：1 笔")
        expect(page.locator("input[name=record]")).to_have_count(left)


def looked_at_by_those_who_keep_it(firms: People, seller: Page) -> None:
    """Ask for an erasure, decide it, and set a witness."""
    seller.get_by_role("link", name="条记录").click()
    firms.look(seller, "records")
    seller.locator("main table tbody tr", has_text="交易").first.get_by_role("link").click()
    seller.fill("[name=reason]", "所载人员要求删除")
    firms.press(seller, "申请删除")
    expect(seller.locator("body")).to_contain_text("由管理员决定")
    firms.look(seller, "record")
    keeper = firms.page("管理者")
    keeper.goto(f"{firms.address}/evidence/erasures/")
    firms.look(keeper, "erasures")
    keeper.fill("[name=reason]", "个人信息保护法第四十七条")
    firms.press(keeper, "删除内容")
    expect(keeper.locator("body")).to_contain_text("已决定")
    seller.reload()
    expect(seller.locator("main")).to_contain_text("此前已取走的证据包")
    firms.look(seller, "erased")
    keeper.goto(f"{firms.address}/log/witnesses/")
    keeper.fill("[name=key]", str(ed25519_cosigner("bank.example/w", b"b" * 32).key))
    keeper.fill("[name=address]", "https://w.example")
    firms.press(keeper, "添加")
    expect(keeper.locator("main table")).to_contain_text("bank.example/w")
    firms.look(keeper, "witnesses")
    firms.press(keeper, "不再询问 bank.example/w")
    expect(keeper.locator("main table")).to_contain_text("已停用")


def test_a_trade_that_both_have_signed_reaches_a_bank_that_checks_it_offline(firms: People, tmp_path) -> None:
    seller, bank = firms.page("印染一厂"), firms.page("银行")
    seller.goto(f"{firms.address}/evidence/keys/")
    expect(seller.locator("main")).to_contain_text("此处无法使用安全密钥")
    firms.press(seller, "由平台为我方代管一个密钥")
    expect(seller.locator("main")).to_contain_text("平台已为贵方代管一个密钥")
    seller.goto(f"{firms.address}/evidence/sign/")
    expect(seller.locator("main table tbody tr")).to_have_count(2)
    firms.press(seller, "用平台代管的密钥签署")
    expect(seller.locator("body")).to_contain_text("已签署交易：2 笔")
    signed_with_a_security_key(firms, "毛巾二厂")

    seller.goto(f"{firms.address}/evidence/")
    firms.look(seller, "empty")
    seller.get_by_role("link", name="生成证据包").click()
    seller.fill("[name=recipient]", "城关农商银行")
    seller.fill("[name=purpose]", "首贷审查")
    seller.get_by_label("毛巾二厂").check()
    firms.look(seller, "new")
    firms.press(seller, "同意授权，生成证据包")
    expect(seller.locator("h1")).to_contain_text("城关农商银行")
    firms.look(seller, "release")
    address = seller.locator("code.long").first.inner_text()

    bank.goto(address)
    expect(bank.locator("h1")).to_contain_text("印染一厂")
    firms.look(bank, "shared")
    with bank.expect_download() as downloading:
        firms.press(bank, "下载证据包")
    pack = tmp_path / "a.pack"
    downloading.value.save_as(pack)
    bank.goto(f"{firms.address}/log/")
    firms.look(bank, "log")
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
    firms.look(bank, "verified")
    bank.context.set_offline(False)

    seller.reload()
    expect(seller.locator("main")).to_contain_text("接收方")
    firms.press(seller, "撤回授权")
    expect(seller.locator("body")).to_contain_text("已撤回")
    bank.goto(address)
    expect(bank.locator("main")).to_contain_text("此授权已失效")
    expect(bank.get_by_role("button", name="下载证据包")).to_have_count(0)
    seller.goto(f"{firms.address}/evidence/")
    firms.look(seller, "list")
    looked_at_by_those_who_keep_it(firms, seller)
    # The browser would have RSA among the kinds of keys that are asked for.
    firms.forgive(["pubKeyCredParams"])
    assert firms.complaints == []
