"""An enterprise shows a bank its records; the bank grants a loan under a fund, and claims when it is lost."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ..walking import People

_PEOPLE = Path(__file__).with_name("people.py")
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(scope="module")
def town(people_with, served) -> People:
    return people_with(served.do(_PEOPLE, "make"))


def test_from_a_pack_to_a_loan_and_a_claim_on_the_fund(town: People) -> None:
    firm, bank, office = (town.page(name) for name in ("新丰毛巾厂", "城关农商银行", "滨城区财政金融办"))
    today = dt.date.today()

    town.go("新丰毛巾厂", "/credit/")
    town.look(firm, "own-empty")
    firm.get_by_role("link", name="向银行出示我的记录").click()
    firm.get_by_label("银行").select_option(label="城关农商银行")
    firm.fill("[name=first]", f"{today - dt.timedelta(days=150):%Y-%m}")
    town.look(firm, "ask")
    town.press(firm, "我同意，向银行出示")
    expect(firm.locator("body")).to_contain_text("银行现在可以打开贵方的记录")

    town.go("城关农商银行", "/credit/")
    town.look(bank, "dossiers")
    bank.get_by_role("link", name="新丰毛巾厂").click()
    main = bank.locator("main")
    expect(main).to_contain_text("全部成立")
    expect(main).to_contain_text("有利理由")
    expect(main).to_contain_text("平台陈述")
    expect(bank.locator("svg.months rect").first).to_be_visible()
    town.look(bank, "dossier")
    english = town.go("城关农商银行", bank.url, "en")
    expect(english.locator("main")).to_contain_text("What speaks against, or has to be asked")
    town.look(english, "english-dossier")
    if folder := os.environ.get("GAOYUAN_PICTURES"):
        bank.emulate_media(media="print")
        bank.pdf(path=Path(folder) / "finance-dossier.pdf", format="A4")
        bank.emulate_media(media="screen")
    bank.get_by_label("事项").select_option(label="同意")
    bank.fill("[name=text]", "信用贷款，按月付息")
    bank.fill("[name=amount_yuan]", "500000")
    bank.fill("[name=months]", "10")
    town.press(bank, "记录")
    expect(main).to_contain_text("已记录：同意")

    town.go("滨城区财政金融办", "/credit/funds/new/")
    for name, value in (
        ("title", "滨城区风险补偿资金池"),
        ("basis", "滨财金〔2026〕7号"),
        ("per_loan_yuan", "300000"),
    ):
        office.fill(f"[name={name}]", value)
    office.get_by_label("城关农商银行").check()
    town.look(office, "fund-new")
    town.press(office, "设立")
    office.locator("summary", has_text="登记收支").click()
    office.fill("[name=amount_yuan]", "1000000")
    office.fill("[name=reference]", "区财政 拨付12号")
    town.press(office, "记账")
    expect(office.locator("main")).to_contain_text("1,000,000.00")

    town.go("城关农商银行", "/credit/funds/")
    bank.get_by_role("link", name="滨城区风险补偿资金池").click()
    bank.locator("summary", has_text="登记贷款").click()
    due = today + dt.timedelta(days=290)
    for name, value in (
        ("borrower", "新丰毛巾厂"),
        ("contract", "城关借2026-88"),
        ("principal_yuan", "500000"),
        ("lent", today.isoformat()),
        ("due", due.isoformat()),
    ):
        bank.fill(f"[name={name}]", value)
    bank.locator("[name=dossier]").select_option(label="新丰毛巾厂")
    town.press(bank, "登记贷款")
    expect(main).to_contain_text("资金池为该贷款担保 200,000.00 元")
    town.look(bank, "fund-bank")
    bank.get_by_role("link", name="申请补偿", exact=True).click()
    bank.fill("[name=loss_yuan]", "400000")
    bank.fill("[name=why]", "借款人停产，逾期九十日，已起诉")
    bank.locator("[name=files]").set_input_files({"name": "判决书.pdf", "mimeType": "application/pdf", "buffer": _PDF})
    town.look(bank, "claim")
    town.press(bank, "申请补偿")
    expect(main).to_contain_text("待资金池审定")

    town.go("滨城区财政金融办", "/services/fund-claim/")
    office.get_by_role("link", name="新丰毛巾厂 城关借2026-88").click()
    expect(office.locator("[name=accept-accepted_yuan]")).to_have_value("160000.00")
    town.look(office, "claim-office")
    office.locator("summary", has_text="同意补偿").click()
    office.fill("[name=accept-why]", "材料齐全，核实无误")
    town.press(office, "同意补偿")
    town.press(office, "拨付")
    expect(office.locator("main")).to_contain_text("已补偿，追偿中")

    town.go("城关农商银行", bank.url)
    bank.locator("summary", has_text="登记追回款").click()
    bank.fill("[name=recover-recovered_yuan]", "50000")
    town.press(bank, "登记追回款")
    office.get_by_role("link", name="滨城区风险补偿资金池").click()
    expect(office.locator("main")).to_contain_text("860,000.00")
    town.look(office, "fund-office")

    town.go("新丰毛巾厂", "/credit/")
    expect(firm.locator("main")).to_contain_text("500,000.00")
    town.look(firm, "own")
    firm.get_by_role("link", name="城关农商银行").click()
    town.press(firm, "撤回授权")
    dossier = town.go("城关农商银行", "/credit/")
    dossier.get_by_role("link", name="新丰毛巾厂").click()
    expect(main).to_contain_text("企业已撤回授权")
    town.look(bank, "closed")
    assert town.complaints == []


def test_the_pages_are_readable_in_english(town: People) -> None:
    for who, path, said in (
        ("新丰毛巾厂", "/credit/mutual/", "Mutual guarantees"),
        ("新丰毛巾厂", "/credit/", "Show my records to a bank"),
        ("城关农商银行", "/credit/", "Open a file that you were sent"),
        ("滨城区财政金融办", "/credit/funds/", "Open a fund"),
    ):
        page = town.go(who, path, "en")
        expect(page.locator("main")).to_contain_text(said)
        town.look(page, f"english{path.replace('/', '-')}")
